"""How a text is written for an SMSC: cut, coded, timed, and put into one submit_sm a part."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from twofold.domain.orders import Order, OrderKind
from twofold.protocol.gsm import GSM_DATA_CODING, Segments, segment, segment_ucs2, with_udh
from twofold.protocol.gsm import decode as decode_gsm
from twofold.protocol.gsm import encode as encode_gsm
from twofold.protocol.smpp.constants import DataCoding, EsmClass, Npi, RegisteredDelivery, Tag, Ton
from twofold.protocol.smpp.manners import DefaultCoding, LongMessages, Manners, Validity
from twofold.protocol.smpp.pdus import SubmitSm, Tlvs
from twofold.protocol.smpp.times import absolute_validity, relative_validity
from twofold.texts import cut

_CODECS: Final = {DefaultCoding.LATIN1: "latin-1", DefaultCoding.ASCII: "ascii"}

Written = tuple[int, bytes, Tlvs]
"""esm_class, short_message and TLVs of one part."""


def pdus_of(order: Order, parts: Segments, validity: str, manners: Manners) -> Iterator[SubmitSm]:
    """One submit_sm a part, as the SMSC wants long texts."""
    reported = (
        RegisteredDelivery.FINAL
        if order.kind is not OrderKind.SEND_REPLY
        else RegisteredDelivery.NONE
    )
    for esm_class, short_message, tlvs in _written(order.id, parts, manners.long_messages):
        yield SubmitSm(
            source_addr=order.source,
            source_addr_ton=Ton.UNKNOWN,
            source_addr_npi=Npi.UNKNOWN,
            dest_addr_ton=Ton.INTERNATIONAL,
            dest_addr_npi=Npi.ISDN,
            destination_addr=str(order.msisdn),
            esm_class=esm_class,
            validity_period=validity,
            registered_delivery=reported,
            data_coding=parts.data_coding,
            short_message=short_message,
            tlvs=tlvs,
        )


def _written(order_id: int, parts: Segments, manner: LongMessages) -> Iterator[Written]:
    """Say of each part that it is one, in the way that the SMSC understands."""
    total = len(parts.parts)
    if total == 1:
        yield 0, parts.parts[0], ()
    elif manner is LongMessages.PAYLOAD:
        yield 0, b"", ((int(Tag.MESSAGE_PAYLOAD), b"".join(parts.parts)),)
    elif manner is LongMessages.SAR:
        for number, part in enumerate(parts.parts, start=1):
            yield 0, part, _sar(part_reference(order_id), total, number)
    else:
        for part in with_udh(parts.parts, part_reference(order_id)):
            yield EsmClass.UDH_INDICATOR, part, ()


def _sar(reference: int, total: int, number: int) -> Tlvs:
    return (
        (int(Tag.SAR_MSG_REF_NUM), reference.to_bytes(2, "big")),
        (int(Tag.SAR_TOTAL_SEGMENTS), bytes((total,))),
        (int(Tag.SAR_SEGMENT_SEQNUM), bytes((number,))),
    )


def screen_of(text: str, default: DefaultCoding) -> tuple[int, bytes]:
    """A text as one USSD screen, whole: its data coding and octets."""
    if segment(text).data_coding != GSM_DATA_CODING:
        return int(DataCoding.UCS2), text.encode("utf-16-be")
    codec = _CODECS.get(default)
    try:
        return GSM_DATA_CODING, encode_gsm(text) if codec is None else text.encode(codec)
    except UnicodeEncodeError:
        return int(DataCoding.UCS2), text.encode("utf-16-be")


def pdus_in(parts: Segments, manners: Manners) -> int:
    """How many submit_sm a text takes."""
    return 1 if manners.long_messages is LongMessages.PAYLOAD else len(parts.parts)


def validity_of(until_at: int, now_at: int, manners: Manners) -> str | None:
    """Write until when a text may arrive; None when not a second is left."""
    relative = relative_validity(until_at - now_at)
    if relative is None or manners.validity is Validity.RELATIVE:
        return relative
    return absolute_validity(until_at)


def part_reference(order_id: int) -> int:
    """The octet by which a handset joins parts: other for texts of near times, and of one event.

    It takes in each octet of the time, or texts that are a round time apart would share it.
    """
    at_ms = order_id >> 20
    times = at_ms + (at_ms >> 8) * 157 + (at_ms >> 16) * 89 + (at_ms >> 24) * 29
    return (times + (order_id >> 6 & 0x3FFF) * 37 + (order_id & 63) * 101) & 0xFF


@lru_cache(maxsize=1024)
def parts_of(text: str, default: DefaultCoding) -> Segments:
    """A text cut into what one message holds; many numbers get the same text in the same minute.

    An SMSC whose default alphabet is another one turns it into GSM itself, so the cut is the same.
    """
    parts = cut(text)
    codec = _CODECS.get(default)
    if codec is None or parts.data_coding != GSM_DATA_CODING:
        return parts
    try:
        octets = tuple(decode_gsm(part).encode(codec) for part in parts.parts)
    except UnicodeEncodeError:
        return segment_ucs2(text)
    return Segments(GSM_DATA_CODING, octets)
