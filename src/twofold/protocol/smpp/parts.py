"""Which part of a longer message a PDU carries, however it says so, and the octets of its text."""

from msgspec import Struct

from twofold.protocol.gsm import NO_SHIFT, Concatenation, Shift, shift_of, split_udh
from twofold.protocol.smpp.constants import EsmClass, Tag
from twofold.protocol.smpp.pdus import DeliverSm, SubmitSm

_UDH: int = int(EsmClass.UDH_INDICATOR)


class Part(Struct, frozen=True):
    """The text's octets, without any header, and their place in a longer message, if it has one."""

    octets: bytes
    concatenation: Concatenation | None = None
    shift: Shift = NO_SHIFT


def read_part(pdu: DeliverSm | SubmitSm) -> Part | None:
    """Take a message apart: its user data header, else its SAR TLVs, say which part it is.

    None when the header runs past the text's end. Parts are joined before they are decoded: a
    careless sender may cut a character in two.
    """
    if pdu.esm_class & _UDH:
        split = split_udh(pdu.payload)
        return None if split is None else Part(split[1], split[0], shift_of(pdu.payload))
    if not pdu.tlvs:
        return Part(pdu.short_message)
    return Part(pdu.payload, _from_sar(pdu))


def _from_sar(pdu: DeliverSm | SubmitSm) -> Concatenation | None:
    """Read sar_msg_ref_num, sar_total_segments and sar_segment_seqnum (5.3.2.22 to .24)."""
    reference = pdu.tlv(Tag.SAR_MSG_REF_NUM)
    total = pdu.tlv(Tag.SAR_TOTAL_SEGMENTS)
    number = pdu.tlv(Tag.SAR_SEGMENT_SEQNUM)
    if reference is None or total is None or number is None:
        return None
    found = Concatenation(*(int.from_bytes(value, "big") for value in (reference, total, number)))
    return found if 1 <= found.number <= found.total else None
