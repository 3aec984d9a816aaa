"""Ids grow whatever the clock does, and people can read them aloud."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twofold.domain.ids import EPOCH_AT, PARTS, IdSource, parse_reference, reference

NOW_AT = EPOCH_AT + 15_000_000_000


@given(st.lists(st.integers(EPOCH_AT, EPOCH_AT + 3_000_000_000_000), min_size=2, max_size=50))
def test_ids_grow_whatever_the_clock_does(times: list[int]) -> None:
    source = IdSource()
    ids = [source.next(at) for at in times]
    assert ids == sorted(set(ids))
    assert all(id_ % PARTS == 0 for id_ in ids)


def test_a_new_source_continues_after_the_greatest_id_and_its_parts() -> None:
    first = IdSource().next(NOW_AT)
    assert IdSource(first + 63).next(NOW_AT - 1_000) == first + PARTS


def test_many_ids_of_one_millisecond_are_different() -> None:
    source = IdSource()
    assert len({source.next(NOW_AT) for _ in range(20_000)}) == 20_000


def test_ids_fit_a_column_until_the_year_2090() -> None:
    assert 0 < IdSource().next(EPOCH_AT + 64 * 366 * 86_400_000) < 1 << 63


@given(st.integers(0, (1 << 61) - 1).map(lambda number: number - number % PARTS))
def test_a_reference_is_read_back_as_its_id(id_: int) -> None:
    written = reference(id_)
    assert len(written) == 11
    assert parse_reference(written) == id_
    assert parse_reference(written.lower()) == id_


def test_a_reference_names_the_event_and_not_a_part_of_it() -> None:
    id_ = IdSource().next(NOW_AT)
    assert reference(id_ + 5) == reference(id_)


@pytest.mark.parametrize(("heard", "meant"), [("O", "0"), ("I", "1"), ("L", "1"), ("o", "0")])
def test_letters_that_are_taken_for_digits_are_understood(heard: str, meant: str) -> None:
    assert parse_reference(f" 000000000A{heard} ") == parse_reference(f"000000000A{meant}")


@pytest.mark.parametrize("text", ["", "0", "0" * 10, "0" * 12, "U" * 11, "0000000000é", "0-" * 6])
def test_what_is_no_reference_is_none(text: str) -> None:
    assert parse_reference(text) is None
