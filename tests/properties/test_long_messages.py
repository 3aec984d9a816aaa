"""Parts in any order and however often are one message, and it is what was written."""

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.decide.example import Number
from tests.unit.decide.test_parts import part
from twofold.decide import Decision
from twofold.domain.events import MessageReceived, PartReceived
from twofold.domain.subscriber import Group
from twofold.protocol.gsm import (
    Shift,
    decode_short_message,
    encode,
    segment,
    shift_of,
    split_udh,
    with_udh,
)
from twofold.protocol.gsm_tables import ESCAPE, GAP, LOCKING, SINGLE

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=161, max_size=900)


def is_whole(decision: Decision) -> bool:
    """Say whether it judged a message."""
    event = decision.event
    return isinstance(event, MessageReceived) and not isinstance(event, PartReceived)


@given(text=TEXTS, data=st.data())
def test_a_long_message_is_judged_once_and_whole(text: str, data: st.DataObject) -> None:
    segments = segment(text)
    total = len(segments.parts)
    if not 2 <= total <= 10:
        return
    places = data.draw(st.permutations(range(1, total + 1)))
    again = data.draw(st.lists(st.sampled_from(places), max_size=4))
    number = Number()
    judged = [
        decision.event
        for place in [*places, *again]
        if is_whole(
            decision := part(
                number,
                segments.parts[place - 1],
                place,
                group=Group("9166", 3, total),
                coding=segments.data_coding,
            )
        )
    ]
    (whole,) = judged
    assert isinstance(whole, MessageReceived)
    assert whole.text == text
    assert [held.number for held in number.subscriber.fragments] == [0]


@given(text=TEXTS, reference=st.integers(0, 255))
def test_the_header_of_a_part_is_taken_off_as_it_was_put_on(text: str, reference: int) -> None:
    segments = segment(text)
    if len(segments.parts) == 1:
        return
    octets = b""
    for number, payload in enumerate(with_udh(segments.parts, reference), start=1):
        split = split_udh(payload)
        assert split is not None
        place, part_octets = split
        assert place is not None
        assert (place.reference, place.number) == (reference, number)
        octets += part_octets
    assert decode_short_message(octets, segments.data_coding) == text


@given(st.binary(max_size=160), st.integers(0, 255), st.integers(0, 255))
def test_no_octets_in_any_alphabet_are_worse_than_no_text(
    octets: bytes, locking: int, single: int
) -> None:
    for coding in range(256):
        found = decode_short_message(octets, coding, Shift(locking, single))
        assert found is None or isinstance(found, str)
    shift_of(octets)


@given(st.sampled_from(sorted(LOCKING)), st.sampled_from(sorted(SINGLE)), st.data())
def test_every_character_of_a_national_table_is_read_back(
    locking: int, single: int, data: st.DataObject
) -> None:
    alphabet, extension = LOCKING[locking], SINGLE[single]
    known = [code for code in range(128) if code != ESCAPE and alphabet[code] != GAP]
    codes = data.draw(st.lists(st.sampled_from(known)))
    named = [code for code, character in sorted(extension.items()) if character != GAP]
    escaped = data.draw(st.lists(st.sampled_from(named)))
    octets = bytes(codes) + b"".join(bytes((ESCAPE, code)) for code in escaped)
    expected = "".join(alphabet[code] for code in codes)
    expected += "".join(extension[code] for code in escaped)
    shift = Shift(locking, single)
    assert decode_short_message(octets, 0, shift) == expected


@given(st.text(st.sampled_from(sorted(set(LOCKING[0]) - {"\x1b"} | set(SINGLE[0].values())))))
def test_a_gsm_text_is_read_back_as_it_was_written(text: str) -> None:
    assert decode_short_message(encode(text), 0) == text
