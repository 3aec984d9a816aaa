"""A price that was lowered between the prompt and its yes, where the policy takes such a yes."""

# ruff: noqa: E501 - a row of a story is one line

import pytest

from tests.scenarios.conftest import differ
from tests.scenarios.story import Play
from twofold.domain.policy import LowerPrice


@pytest.fixture
def takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Play under a policy that differs from the Vietnamese one in this: a lower price is taken."""
    differ(monkeypatch, lower_price=LowerPrice.TAKE)


@pytest.mark.scenario("S051")
@pytest.mark.usefixtures("takes")
def test_a_yes_after_midnight_starts_at_the_price_that_is_lower_since_then(play: Play) -> None:
    """One prompt, one yes: the welcome states the lower price, and that is what is charged.

    Midnight, at which the price falls without an import, is <14:59:25>.
    """
    story = play("""
        clock    | happens            | state   | reason         | paid | hears
        before   | NHAC costs 9000 from midnight | |              |      |
        14:50:00 | DK NHAC -> 9166    | pending |                |      | confirm_request "10.000d/30 ngay"
        15:10:00 | Y -> 9166          | active  |                | 9000 | activated "9.000d/30 ngay"
        15:20:00 | DK NHAC -> 9166    |         | ALREADY_ACTIVE |      | already "9.000d/30 ngay"
        15:30:00 | TK -> 123          |         |                |      | tk_list "9.000d/30 ngay"
    """)
    (request,) = story.requests("NHAC")
    (charged,) = [debit for entry in story.entries for debit in entry.debits]
    assert (charged.amount_minor, charged.request) == (9_000, request)
    assert story.subscriptions[0].terms.price_minor == 9_000
    assert story.balances[-1] == story.balances[0] - 9_000


@pytest.mark.scenario("S051")
@pytest.mark.usefixtures("takes")
def test_a_price_that_rises_is_asked_about_even_where_a_lower_one_is_taken(play_once: Play) -> None:
    play_once("""
        clock    | happens            | state   | reason        | paid  | hears
        before   | NHAC costs 11000 from midnight | |            |       |
        14:50:00 | DK NHAC -> 9166    | pending |               |       | confirm_request "10.000d"
        15:10:00 | Y -> 9166          | pending | PRICE_CHANGED |       | confirm_request "11.000d"
        15:20:00 | Y -> 9166          | active  |               | 11000 | activated "11.000d"
    """)


@pytest.mark.scenario("S051")
def test_a_lower_price_is_asked_about_where_the_policy_does_not_take_it(play_once: Play) -> None:
    play_once("""
        clock    | happens            | state   | reason        | paid | hears
        before   | NHAC costs 9000 from midnight | |             |      |
        14:50:00 | DK NHAC -> 9166    | pending |               |      | confirm_request "10.000d"
        15:10:00 | Y -> 9166          | pending | PRICE_CHANGED |      | confirm_request "9.000d"
        15:20:00 | Y -> 9166          | active  |               | 9000 | activated "9.000d"
    """)
