"""USSD over SMPP: which session a message belongs to, and the one screen that answers and ends it.

SMPP 3.4 says with ussd_service_op (5.3.2.44) what a message is to its session, and with
its_session_info (5.3.2.43) which session that is, where a gateway has several for one number.
A gateway finds the session of an answer by both numbers, so they are repeated as they came.
"""

from typing import Final

from msgspec import Struct

from twofold.protocol.smpp.constants import Tag, UssdOperation
from twofold.protocol.smpp.pdus import DeliverSm, SubmitSm, Tlvs

SCREEN_SEPTETS: Final = 182
"""What one screen holds: 160 octets of packed septets (3GPP TS 23.038, 5; TS 24.080)."""

TYPED: Final = frozenset(
    {
        UssdOperation.PSSD_INDICATION,
        UssdOperation.PSSR_INDICATION,
        UssdOperation.USSR_REQUEST,
        UssdOperation.USSR_CONFIRM,
    }
)
"""What brings something that the subscriber typed. A confirmation of a notification does not, and
the vendors' operations (32 and up) end a session that is not ours to end."""

_INFO_OCTETS: Final = 2
_INFO_MOST: Final = 64
"""What is longer is no session's number, and is not repeated: an answer must stay a PDU."""

_LAST: Final = 1
"""The bit of its_session_info by which its sender says that this was the last."""


class UssdSession(Struct, frozen=True):
    """A session that waits for an answer, with all that the answer repeats."""

    smsc: str
    operation: int
    info: bytes | None
    service_type: str
    subscriber: tuple[int, int, str]
    """Type of number, plan, digits: as the gateway writes them."""
    code: tuple[int, int, str]
    """What was dialled, likewise."""


def is_ussd(pdu: DeliverSm) -> bool:
    """Whether it belongs to a USSD session, whatever the session's operation is."""
    return bool(pdu.tlvs) and pdu.tlv(Tag.USSD_SERVICE_OP) is not None


def session_of(pdu: DeliverSm, smsc: str) -> UssdSession:
    """The session of a message that has one; an operation that is no octet reads as the usual."""
    named = pdu.tlv(Tag.USSD_SERVICE_OP) or b""
    info = pdu.tlv(Tag.ITS_SESSION_INFO)
    return UssdSession(
        smsc,
        named[0] if len(named) == 1 else UssdOperation.PSSR_INDICATION,
        info if info is None or len(info) <= _INFO_MOST else None,
        pdu.service_type,
        (pdu.source_addr_ton, pdu.source_addr_npi, pdu.source_addr),
        (pdu.dest_addr_ton, pdu.dest_addr_npi, pdu.destination_addr),
    )


def last_screen(session: UssdSession, data_coding: int, octets: bytes) -> SubmitSm:
    """The message that shows a screen and releases the session."""
    return SubmitSm(
        0,
        session.service_type,
        *session.code,
        *session.subscriber,
        data_coding=data_coding,
        short_message=octets,
        tlvs=_tlvs(session),
    )


def _tlvs(session: UssdSession) -> Tlvs:
    """A request is answered by its response, whatever stands between; the session ends with it."""
    is_first_phase = session.operation == UssdOperation.PSSD_INDICATION
    answer = UssdOperation.PSSD_RESPONSE if is_first_phase else UssdOperation.PSSR_RESPONSE
    tlvs: Tlvs = ((int(Tag.USSD_SERVICE_OP), bytes((answer,))),)
    info = session.info
    if info is None:
        return tlvs
    if len(info) == _INFO_OCTETS:
        info = bytes((info[0], info[1] | _LAST))
    return (*tlvs, (int(Tag.ITS_SESSION_INFO), info))
