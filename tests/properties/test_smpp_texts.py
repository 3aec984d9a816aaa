"""Texts, receipts and times: what is written is read back, and nothing from outside breaks it."""

from hypothesis import given
from hypothesis import strategies as st

from twofold.protocol.gsm import (
    UndecodableText,
    UnencodableCharacter,
    decode,
    decode_short_message,
    encode,
    is_gsm,
    segment,
    septets,
    split_udh,
    with_udh,
)
from twofold.protocol.gsm_tables import DEFAULT, ESCAPE, EXTENSION
from twofold.protocol.smpp.constants import ESM_CLASS_TYPE_MASK
from twofold.protocol.smpp.parts import read_part
from twofold.protocol.smpp.pdus import DeliverSm
from twofold.protocol.smpp.receipts import parse_receipt
from twofold.protocol.smpp.times import (
    absolute_validity,
    parse_absolute,
    parse_relative,
    relative_validity,
)

alphabet = [char for char in DEFAULT if ord(char) != ESCAPE] + list(EXTENSION.values())
gsm_texts = st.text(st.sampled_from(alphabet), max_size=600)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
octets = st.binary(max_size=80)


@given(gsm_texts)
def test_a_gsm_text_is_read_back(text: str) -> None:
    written = encode(text)
    assert decode(written) == text
    assert septets(text) == sum(2 if char in EXTENSION.values() else 1 for char in text)


@given(texts)
def test_a_text_is_gsm_or_its_first_stranger_is_named(text: str) -> None:
    strangers = [at for at, char in enumerate(text) if char not in alphabet]
    assert is_gsm(text) is not bool(strangers)
    try:
        encode(text)
    except UnencodableCharacter as error:
        named = error
    else:
        return
    assert named.position == strangers[0]
    assert named.character == text[strangers[0]]


@given(octets)
def test_seven_bits_are_always_a_text_and_eight_never(data: bytes) -> None:
    try:
        decode(data)
    except UndecodableText:
        readable = False
    else:
        readable = True
    assert readable is data.isascii()


@given(octets, st.integers(0, 255))
def test_no_octets_under_any_coding_break_the_reading(data: bytes, data_coding: int) -> None:
    assert isinstance(decode_short_message(data, data_coding), str | None)


@given(st.one_of(texts, gsm_texts), st.integers(0, 255))
def test_segments_joined_are_the_text_and_each_stands_alone(text: str, reference: int) -> None:
    segments = segment(text)
    coding = segments.data_coding
    assert decode_short_message(b"".join(segments.parts), coding) == text
    alone = [decode_short_message(part, coding) for part in segments.parts]
    assert "".join(part for part in alone if part is not None) == text  # no character is cut
    sent = with_udh(segments.parts, reference)
    room = 140 if coding else 160
    assert all(len(part) <= room for part in sent)
    if len(sent) > 1:
        found = [split_udh(part) for part in sent]
        assert [part for _, part in filter(None, found)] == list(segments.parts)
        places = [place for place, _ in filter(None, found) if place is not None]
        assert [place.number for place in places] == list(range(1, len(sent) + 1))
        assert {(place.reference, place.total) for place in places} == {(reference, len(sent))}


@given(octets)
def test_no_octets_break_the_reading_of_a_header(data: bytes) -> None:
    split = split_udh(data)
    assert split is None or data.endswith(split[1])


pieces = st.sampled_from(["id:", "stat:", "DELIVRD", "err:", "text:", " ", "submit date:", "7"])
lines = st.one_of(
    octets,
    st.lists(st.one_of(pieces, st.text(max_size=4)), max_size=9).map(lambda p: "".join(p).encode()),
)
tlvs = st.lists(
    st.tuples(
        st.sampled_from([0x1E, 0x427, 0x423, 0x424, 0x20C, 0x20E, 0x20F]), st.binary(max_size=4)
    ),
    max_size=4,
).map(tuple)


@given(lines, tlvs, st.integers(0, 255), st.sampled_from([0, 3, 8]))
def test_no_message_breaks_the_reading_of_a_receipt_or_a_part(
    line: bytes, found: tuple[tuple[int, bytes], ...], esm_class: int, coding: int
) -> None:
    pdu = DeliverSm(esm_class=esm_class, data_coding=coding, short_message=line, tlvs=found)
    receipt = parse_receipt(pdu)
    if receipt is not None:
        assert receipt.message_id
        assert esm_class & ESM_CLASS_TYPE_MASK in {0x04, 0x20} or 0x1E in dict(found)
    part = read_part(pdu)
    assert part is None or pdu.payload.endswith(part.octets)


@given(st.integers(1_000, 31 * 86_400_000))
def test_a_relative_validity_is_never_longer_and_less_than_a_second_shorter(left_ms: int) -> None:
    text = relative_validity(left_ms)
    assert text is not None
    read = parse_relative(text)
    assert read is not None
    assert 0 <= left_ms - read < 1_000


@given(st.integers(946_684_800_000, 4_102_444_799_999))
def test_an_absolute_validity_is_never_later_and_less_than_a_tenth_earlier(at: int) -> None:
    read = parse_absolute(absolute_validity(at))
    assert read is not None
    assert 0 <= at - read < 100


@given(st.text(max_size=20))
def test_no_text_breaks_the_reading_of_a_time(text: str) -> None:
    assert isinstance(parse_relative(text), int | None)
    assert isinstance(parse_absolute(text), int | None)
