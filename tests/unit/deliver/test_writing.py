"""How an SMSC wants texts: long ones in three manners, and everything else that it may choose."""

import pytest
from msgspec import structs

from tests.unit.deliver.test_parts import AT, ORDER
from twofold.deliver.writing import parts_of, pdus_in, pdus_of, validity_of
from twofold.protocol.gsm import decode_short_message
from twofold.protocol.smpp.codec import decode, encode
from twofold.protocol.smpp.constants import EsmClass
from twofold.protocol.smpp.manners import DefaultCoding, LongMessages, Manners, Validity
from twofold.protocol.smpp.parts import read_part
from twofold.protocol.smpp.pdus import SubmitSm
from twofold.protocol.smpp.times import parse_absolute

LONG = "€" + "x" * 400


def written(text: str, manners: Manners) -> list[SubmitSm]:
    """What goes over the wire, read back."""
    parts = parts_of(text, manners.default_coding)
    pdus = list(pdus_of(structs.replace(ORDER, text=text), parts, "", manners))
    assert len(pdus) == pdus_in(parts, manners)
    found = [decode(encode(structs.replace(pdu, sequence_number=1))) for pdu in pdus]
    assert all(isinstance(pdu, SubmitSm) for pdu in found)
    return [pdu for pdu in found if isinstance(pdu, SubmitSm)]


@pytest.mark.parametrize("manner", LongMessages)
@pytest.mark.parametrize("text", ["short", LONG, "đồng ý " * 30])
def test_a_text_is_whole_again_whatever_way_it_took(manner: LongMessages, text: str) -> None:
    pdus = written(text, Manners(long_messages=manner))
    parts = [read_part(pdu) for pdu in pdus]
    octets = b"".join(part.octets for part in parts if part is not None)
    assert decode_short_message(octets, pdus[0].data_coding) == text
    places = [part.concatenation for part in parts if part is not None]
    if len(pdus) > 1:
        assert [place.number for place in places if place] == list(range(1, len(pdus) + 1))
        assert len({place.reference for place in places if place}) == 1


def test_only_the_header_in_the_text_is_announced_as_one() -> None:
    announced = {
        manner: written(LONG, Manners(long_messages=manner))[0].esm_class & EsmClass.UDH_INDICATOR
        for manner in LongMessages
    }
    assert announced == {LongMessages.UDH: 0x40, LongMessages.SAR: 0, LongMessages.PAYLOAD: 0}


def test_a_text_in_the_payload_is_one_message() -> None:
    (only,) = written(LONG, Manners(long_messages=LongMessages.PAYLOAD))
    assert (only.short_message, len(only.payload)) == (b"", 402)


@pytest.mark.parametrize(
    ("default", "octets"),
    [
        (DefaultCoding.GSM, b"a\x00_\x05"[:2] + b"\x11\x05"),
        (DefaultCoding.LATIN1, "a@_é".encode("latin-1")),
    ],
)
def test_the_default_alphabet_is_the_one_that_the_smsc_means(
    default: DefaultCoding, octets: bytes
) -> None:
    (only,) = written("a@_é", Manners(default_coding=default))
    assert (only.data_coding, only.short_message) == (0, octets)


def test_what_the_default_alphabet_lacks_goes_as_ucs2() -> None:
    (only,) = written("5€", Manners(default_coding=DefaultCoding.ASCII))
    assert (only.data_coding, only.short_message) == (8, "5€".encode("utf-16-be"))


def test_a_validity_is_a_length_or_a_time_and_never_later_than_it_may_be() -> None:
    until_at = AT + 3_600_999
    assert validity_of(until_at, AT, Manners()) == "000000010000000R"
    absolute = validity_of(until_at, AT, Manners(validity=Validity.ABSOLUTE))
    assert absolute is not None
    assert parse_absolute(absolute) == until_at - until_at % 100
    assert validity_of(AT + 999, AT, Manners(validity=Validity.ABSOLUTE)) is None
