"""How a text goes out: what its parts have in common, and no other text's parts have."""

import pytest

from twofold.deliver.writing import part_reference
from twofold.domain.ids import IdSource

AT = 1_773_453_600_000


def test_texts_ordered_one_after_another_have_references_of_their_own() -> None:
    ids = IdSource()
    events = [ids.next(AT + ms) for ms in range(0, 80, 2)]
    orders = [event + part for event in events for part in (1, 2)]
    references = [part_reference(order) for order in orders]
    assert len(set(references)) > 0.8 * len(references)
    assert all(0 <= reference <= 0xFF for reference in references)


def test_two_texts_of_one_event_have_different_references() -> None:
    event = IdSource().next(AT)
    assert part_reference(event + 1) != part_reference(event + 2)


@pytest.mark.parametrize("apart_ms", [128, 256, 1_024, 65_536, 3_600_000])
def test_texts_that_are_a_round_time_apart_have_references_of_their_own(apart_ms: int) -> None:
    ids = IdSource()
    references = {part_reference(ids.next(AT + n * apart_ms) + 1) for n in range(20)}
    assert len(references) > 15
