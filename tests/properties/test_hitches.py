"""Every single thing that may come between, at every step of the way: none is left to chance."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from tests.properties.offers import NEXT, POLICIES
from tests.properties.test_core_and_catalogue import HITCHES, Hindered
from tests.properties.test_decide_committed import NUMBERS

STEPS: Final = 4
MARKETS: Final = {
    "a word, accounts of ours": (POLICIES[1], NEXT[3], False, True, False),
    "a code, another charging system": (POLICIES[4], NEXT[0], True, True, False),
    "a word, numbers asked about": (POLICIES[0], NEXT[4], True, False, True),
}
"""Policy, the next one, whether accounts and numbers are asked about, and whether it has groups."""


@contextmanager
def opened(market: str) -> Iterator[Hindered]:
    """A market on a file of its own."""
    policy, following, asking, is_grouped, asks_number = MARKETS[market]
    made = Hindered()
    try:
        made.opens_its_market(
            asking=asking,
            room=100,
            policies=(policy, following),
            is_grouped=is_grouped,
            asks_number=asks_number,
        )
        yield made
    finally:
        made.teardown()


def is_sound(made: Hindered) -> None:
    """Hold all that is always true."""
    made.nothing_is_as_it_should_not_be()
    made.the_orders_are_those_that_are_out_and_those_that_wait()
    made.what_is_read_back_is_what_was_decided()
    made.what_is_swept_is_as_the_catalogue_says()
    made.nothing_is_owed()


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("hitch", HITCHES)
def test_one_hitch_at_any_step_breaks_nothing(market: str, hitch: str) -> None:
    with opened(market) as made:
        for step in range(STEPS):
            made.meets_one_hitch(NUMBERS[0], "THETHAO", hitch, step)
            is_sound(made)
        made.has_it_and_meets_two(NUMBERS[0], hitch, "")
        is_sound(made)


@pytest.mark.parametrize("money", ["later", "unknown"])
@pytest.mark.parametrize("hitch", HITCHES)
def test_one_hitch_around_a_charge_breaks_nothing(hitch: str, money: str) -> None:
    with opened("a code, another charging system") as made:
        for met in (("", "", hitch, ""), ("", "", "", hitch)):
            made.goes_its_way(NUMBERS[0], "THETHAO", met, money, is_mended=True)
            is_sound(made)


@pytest.mark.soak
@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("hitch", HITCHES)
def test_any_two_hitches_around_a_yes_break_nothing(market: str, hitch: str) -> None:
    for other in HITCHES:
        with opened(market) as made:
            for met in (("", hitch, other, ""), ("", "", hitch, other)):
                made.goes_its_way(NUMBERS[0], "THETHAO", met, "delivered", is_mended=True)
                is_sound(made)
