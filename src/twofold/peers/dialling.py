"""People who dial on the SMSC stand-in: a USSD session opens, shows one screen, and is released.

It behaves as a gateway does that follows SMPP 3.4, 5.3.2.43 and 5.3.2.44: a session is told by
both numbers and by its own, and whatever does not fit an open session is refused.
"""

import asyncio
from itertools import count
from typing import Final

from msgspec import Struct

from twofold.peers.smsc import Smsc
from twofold.protocol.gsm import decode_short_message
from twofold.protocol.smpp import pdus as p
from twofold.protocol.smpp.constants import CommandStatus, Npi, Tag, Ton, UssdOperation
from twofold.protocol.smpp.ussd import SCREEN_SEPTETS

SERVICE_TYPE: Final = "USSD"
_SESSIONS: Final = 256
_LAST: Final = 1
_RESPONSES: Final = frozenset({UssdOperation.PSSD_RESPONSE, UssdOperation.PSSR_RESPONSE})


class Screen(Struct, frozen=True):
    """What a session showed."""

    text: str | None
    operation: int
    is_last: bool
    """Whether it released the session."""


class Dialling:
    """All USSD sessions of one SMSC: a number has one at a time."""

    def __init__(self, smsc: Smsc) -> None:
        self._smsc = smsc
        self._numbers = count()
        self._open: dict[str, tuple[p.DeliverSm, asyncio.Future[Screen]]] = {}
        self.refused = 0
        """Screens that fitted no open session."""
        smsc.screened = self._screened

    async def dial(
        self,
        msisdn: str,
        short_code: str,
        text: str,
        operation: int = UssdOperation.PSSR_INDICATION,
        *,
        has_info: bool = True,
    ) -> Screen:
        """Type something into a new session; give the screen that answers it.

        `has_info` says whether the gateway numbers its sessions. KeyError: no ESME serves that
        short code.
        """
        screen: asyncio.Future[Screen] = asyncio.get_running_loop().create_future()
        pdu = self._pdu(msisdn, short_code, text.encode(), operation, has_info=has_info)
        self._open[msisdn] = pdu, screen
        self._smsc.originate(pdu)
        try:
            return await screen
        finally:
            self._open.pop(msisdn, None)

    def _pdu(
        self, msisdn: str, short_code: str, octets: bytes, operation: int, *, has_info: bool
    ) -> p.DeliverSm:
        tlvs: p.Tlvs = ((int(Tag.USSD_SERVICE_OP), bytes((operation,))),)
        if has_info:
            info = bytes((next(self._numbers) % _SESSIONS, 0))
            tlvs = (*tlvs, (int(Tag.ITS_SESSION_INFO), info))
        return p.DeliverSm(
            service_type=SERVICE_TYPE,
            source_addr_ton=Ton.INTERNATIONAL,
            source_addr_npi=Npi.ISDN,
            source_addr=msisdn,
            dest_addr_ton=Ton.UNKNOWN,
            dest_addr_npi=Npi.ISDN,
            destination_addr=short_code,
            short_message=octets,
            tlvs=tlvs,
        )

    def _screened(self, pdu: p.SubmitSm) -> int:
        """Take a screen into its session; the status of the answer."""
        asked, shown = self._open.get(pdu.destination_addr, (None, None))
        operation = (pdu.tlv(Tag.USSD_SERVICE_OP) or b"\xff")[0]
        if asked is None or shown is None or shown.done() or not _fits(pdu, asked, operation):
            self.refused += 1
            return CommandStatus.ESME_RINVDSTADR
        info = pdu.tlv(Tag.ITS_SESSION_INFO)
        is_last = operation in _RESPONSES and (info is None or bool(info[1] & _LAST))
        shown.set_result(
            Screen(decode_short_message(pdu.payload, pdu.data_coding), operation, is_last)
        )
        return 0


def _fits(pdu: p.SubmitSm, asked: p.DeliverSm, operation: int) -> bool:
    """Say whether a screen belongs to the session that a message opened, and can be shown."""
    info, session = pdu.tlv(Tag.ITS_SESSION_INFO), asked.tlv(Tag.ITS_SESSION_INFO)
    is_of_session = info is session is None or (info and session and info[0] == session[0])
    is_for_it = (pdu.source_addr, pdu.service_type) == (asked.destination_addr, SERVICE_TYPE)
    can_show = len(pdu.payload) <= SCREEN_SEPTETS and operation in _RESPONSES
    return bool(is_of_session) and is_for_it and can_show
