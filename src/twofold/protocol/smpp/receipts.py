"""Delivery receipts: what an SMSC says became of a message, in TLVs or in a line of text.

The text form is no part of SMPP 3.4 proper but of its appendix B, and every SMSC writes its own:
any case, any order, any field missing. What TLVs say goes before what the text says.
A subscriber can write such a line too: a text counts only where esm_class or a TLV, which no
handset can set, says that the SMSC wrote it.
"""

import re
from typing import Final

from msgspec import Struct

from twofold.protocol.smpp.constants import (
    ESM_CLASS_TYPE_MASK,
    DataCoding,
    EsmClass,
    MessageState,
    Tag,
)
from twofold.protocol.smpp.pdus import DeliverSm


class Receipt(Struct, frozen=True, gc=False):
    """What became of the message with this id."""

    message_id: str
    """As the SMSC wrote it here; it may have written it otherwise in its submit_sm_resp."""
    state: MessageState
    error: str
    """The network's own code, "" when not given."""
    final: bool
    """Whether nothing more will become of the message."""
    has_no_sms: bool = False
    """Whether the network says that this number cannot get SMS at all, or may not."""
    is_id_as_answered: bool = False
    """Whether the id is from a TLV that repeats the submit_sm_resp, and the text says another."""


_RECEIPT: Final = int(EsmClass.DELIVERY_RECEIPT)
_INTERMEDIATE: Final = int(EsmClass.INTERMEDIATE_NOTIFICATION)

FINAL_STATES: Final = frozenset(
    {
        MessageState.DELIVERED,
        MessageState.EXPIRED,
        MessageState.DELETED,
        MessageState.UNDELIVERABLE,
        MessageState.REJECTED,
    }
)
"""States that say for certain whether the handset has the message; ACCEPTED and UNKNOWN do not."""

STAT: Final = {
    MessageState.ENROUTE: "ENROUTE",
    MessageState.DELIVERED: "DELIVRD",
    MessageState.EXPIRED: "EXPIRED",
    MessageState.DELETED: "DELETED",
    MessageState.UNDELIVERABLE: "UNDELIV",
    MessageState.ACCEPTED: "ACCEPTD",
    MessageState.UNKNOWN: "UNKNOWN",
    MessageState.REJECTED: "REJECTD",
}
"""The state's name in the text form, always seven letters (appendix B)."""

_STATE_LETTERS: Final = 5
_STATES: Final = {stat[:_STATE_LETTERS]: state for state, stat in STAT.items()}
"""By five letters, which the short and the long forms have in common: DELIVRD, DELIVERED."""

_NO_SMS: Final = frozenset(bytes((3, 0, code)) for code in (11, 13, 21))
"""GSM's own errors (SMPP 3.4, 5.3.2.31; 3GPP TS 29.002, 17.6.6): teleservice not provisioned, call
barred, facility not supported."""

_STATE_OCTETS: Final = {bytes((state,)): state for state in MessageState}

_USUAL: Final = re.compile(
    rb"id:(\S+) sub:\S* dlvrd:\S* submit date:\S* done date:\S* stat:(\S+) err:(\S*)(?:\s|$)"
)
"""Appendix B to the letter, as most SMSCs write it: a tenth of the cost of the tolerant reading."""

_FIELD: Final = re.compile(
    r"(?:^|\s)(id|sub|dlvrd|submit[ _]?date|done[ _]?date|stat|err)\s*:\s*(\S*)", re.IGNORECASE
)
_TEXT: Final = re.compile(r"(?:^|\s)text\s*:", re.IGNORECASE)


def is_receipt(pdu: DeliverSm) -> bool:
    """Say whether the SMSC itself wrote this message to tell of another, readable or not."""
    kind = pdu.esm_class & ESM_CLASS_TYPE_MASK
    return kind in {_RECEIPT, _INTERMEDIATE} or (
        bool(pdu.tlvs) and pdu.tlv(Tag.RECEIPTED_MESSAGE_ID) is not None
    )


def parse_receipt(pdu: DeliverSm) -> Receipt | None:
    """Read a receipt; None when this is none, or names no message."""
    if not is_receipt(pdu):
        return None
    written_id, stat, error = _read_text(pdu)
    named = pdu.tlv(Tag.RECEIPTED_MESSAGE_ID) or b""
    message_id = named.rstrip(b"\0").decode("latin-1") or written_id
    if not message_id:
        return None
    state = _state(pdu, stat)
    intermediate = pdu.esm_class & ESM_CLASS_TYPE_MASK == _INTERMEDIATE
    error = error or _network_error(pdu)
    final = state in FINAL_STATES and not intermediate
    no_sms = pdu.tlv(Tag.NETWORK_ERROR_CODE) in _NO_SMS
    return Receipt(message_id, state, error, final, no_sms, message_id != written_id)


def receipt_text(
    message_id: str, state: MessageState, submitted: str, done: str, error: str = "000"
) -> bytes:
    """Write the text form (appendix B); the dates are "YYMMDDhhmm", in the SMSC's own zone."""
    delivered = 1 if state is MessageState.DELIVERED else 0
    return (
        f"id:{message_id} sub:001 dlvrd:{delivered:03} submit date:{submitted} done date:{done}"
        f" stat:{STAT[state]} err:{error} text:"
    ).encode("latin-1")


def _read_text(pdu: DeliverSm) -> tuple[str, str, str]:
    """Read id, stat and err of the text form, each "" where it is missing."""
    usual = _USUAL.match(pdu.short_message)
    if usual is not None:
        message_id, stat, error = usual.groups()
        return message_id.decode("latin-1"), stat.decode("latin-1"), error.decode("latin-1")
    fields = _read_fields(pdu)
    return fields.get("id", ""), fields.get("stat", ""), fields.get("err", "")


def _read_fields(pdu: DeliverSm) -> dict[str, str]:
    """Read the fields in any order; the first of a name counts, those before `text:` first."""
    coding = "utf-16-be" if pdu.data_coding == DataCoding.UCS2 else "latin-1"
    line = pdu.payload.decode(coding, "replace")
    quoted = _TEXT.search(line)
    fields: dict[str, str] = {}
    for name, value in _FIELD.findall(line[: quoted.start()] if quoted else line):
        fields.setdefault(name.lower(), value)
    if quoted and not ("id" in fields and "stat" in fields):
        for name, value in _FIELD.findall(line[quoted.start() :]):
            fields.setdefault(name.lower(), value)
    return fields


def _state(pdu: DeliverSm, stat: str) -> MessageState:
    """Take the state from its TLV, else from the text; whatever is not listed is UNKNOWN."""
    value = pdu.tlv(Tag.MESSAGE_STATE)
    if value is not None and value in _STATE_OCTETS:
        return _STATE_OCTETS[value]
    return _STATES.get(stat[:_STATE_LETTERS].upper(), MessageState.UNKNOWN)


def _network_error(pdu: DeliverSm) -> str:
    """Read the code of network_error_code: an octet for the network's type, two for the code."""
    value = pdu.tlv(Tag.NETWORK_ERROR_CODE)
    if value is None or len(value) != 3:  # noqa: PLR2004 - as the docstring says
        return ""
    return str(int.from_bytes(value[1:], "big"))
