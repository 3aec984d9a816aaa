"""The same MO again has its effect already; an equal wish after a change is a new one."""

import pytest

from tests.unit.decide.example import HOUR_MS, Number, ends_of, money_of, orders_of
from twofold.decide.replays import RESEND_MS
from twofold.domain.reason import Reason


@pytest.mark.scenario("S064")
@pytest.mark.parametrize(
    ("after_ms", "resent"), [(0, True), (9_999, True), (10_000, False), (HOUR_MS, False)]
)
def test_an_equal_message_is_a_resend_for_ten_seconds(
    after_ms: int,
    resent: bool,  # noqa: FBT001 - a column
) -> None:
    number = Number()
    number.says("TK")
    number.passes(after_ms)
    decision = number.says("TK")
    assert (decision.reason is Reason.RESENT) is resent
    assert (orders_of(decision) == []) is resent


@pytest.mark.scenario("S064")
@pytest.mark.parametrize("after_ms", [1_000, 2 * HOUR_MS])
def test_a_message_that_has_its_id_is_known_however_late(after_ms: int) -> None:
    number = Number()
    number.is_asked()
    number.says("Y", id_="7")
    number.passes(after_ms)
    decision = number.says("Y", id_="7")
    assert (decision.reason, orders_of(decision)) == (Reason.RESENT, [])
    assert money_of(decision) == []


def test_a_message_with_another_id_is_another_message() -> None:
    number = Number()
    number.says("TK", id_="7")
    assert orders_of(number.says("TK", id_="8")) == ["tk_empty"]


def test_an_equal_wish_after_something_began_or_ended_is_a_new_one() -> None:
    number = Number()
    number.says("DK THETHAO")
    assert ends_of(number.says("N")) == ["THETHAO declined"]
    assert orders_of(number.says("DK THETHAO")) == ["confirm_request"]
    assert ends_of(number.says("N")) == ["THETHAO declined"]


def test_a_wish_after_the_confirmation_is_answered_for_what_is_on() -> None:
    number = Number()
    number.joins()
    assert number.says("DK THETHAO").reason is Reason.ALREADY_ACTIVE


def test_a_look_up_after_the_confirmation_is_answered_anew() -> None:
    number = Number()
    number.is_asked()
    number.says("TK")
    number.says("Y")
    assert orders_of(number.says("TK")) == ["tk_list"]


def test_the_same_words_to_another_short_code_are_another_message() -> None:
    number = Number()
    number.says("TK", "123")
    assert orders_of(number.says("TK", "9166")) == ["tk_empty"]


@pytest.mark.scenario("S065")
def test_a_doubled_yes_starts_one_service_and_charges_once() -> None:
    number = Number()
    number.joins()
    decision = number.says("Y")
    assert (decision.reason, orders_of(decision), money_of(decision)) == (Reason.RESENT, [], [])


def test_a_resend_is_not_remembered_anew() -> None:
    number = Number()
    number.says("TK")
    assert number.says("TK").seen is None


@pytest.mark.scenario("S064")
def test_an_equal_message_is_a_resend_until_our_answer_is_known_to_have_arrived() -> None:
    number = Number()
    number.says("TK")
    first_at = number.now_at
    number.passes(HOUR_MS)
    again = number.says("TK", answered_before_at=first_at)
    assert (again.reason, orders_of(again)) == (Reason.RESENT, [])
    resent_at = number.now_at
    number.passes(RESEND_MS)
    decision = number.says("TK", answered_before_at=resent_at + 1)
    assert orders_of(decision) == ["tk_empty"]


@pytest.mark.scenario("S064")
def test_what_is_resent_again_is_held_against_the_last_resend() -> None:
    number = Number()
    number.says("TK")
    first_at = number.now_at
    number.passes(HOUR_MS)
    assert number.says("TK", answered_before_at=first_at).reason is Reason.RESENT
    number.passes(RESEND_MS - 1)
    assert number.says("TK", answered_before_at=first_at + 1).reason is Reason.RESENT
    number.passes(RESEND_MS)
    assert number.says("TK", answered_before_at=number.now_at).reason is None


def joins_and_stops() -> tuple[Number, int]:
    """A number that said `Y`, stopped what it got, and was asked anew; and when it said it."""
    number = Number()
    said_at = number.joins().confirmed_at
    number.passes(60_000)
    number.says("HUY THETHAO")
    number.is_asked()
    number.passes(60_000)
    return number, said_at


@pytest.mark.scenario("S064")
def test_a_yes_that_may_be_an_earlier_one_once_more_confirms_nothing_new_and_is_asked_about() -> (
    None
):
    number, said_at = joins_and_stops()
    decision = number.says("Y", answered_before_at=said_at)
    assert (decision.reason, orders_of(decision)) == (Reason.MAYBE_RESENT, ["confirm_which"])
    assert "Y THETHAO gui 9166" in number.order.text
    assert (number.states, money_of(decision)) == (["THETHAO pending"], [])
    number.says("Y THETHAO", answered_before_at=said_at)
    assert number.states == ["THETHAO active"]


def test_a_yes_after_our_answer_to_the_earlier_one_is_known_to_have_arrived_is_new() -> None:
    number, said_at = joins_and_stops()
    number.says("Y", answered_before_at=said_at + 1)
    assert number.states == ["THETHAO active"]


def test_a_yes_with_its_own_id_is_new() -> None:
    number, _ = joins_and_stops()
    number.says("Y", id_="8", answered_before_at=0)
    assert number.states == ["THETHAO active"]


def test_a_yes_with_the_code_that_may_be_resent_is_offered_other_words() -> None:
    number = Number()
    number.is_asked()
    number.says("Y THETHAO")
    number.passes(60_000)
    number.says("HUY THETHAO")
    number.is_asked()
    decision = number.says("Y THETHAO", answered_before_at=0)
    assert decision.reason is Reason.MAYBE_RESENT
    assert "CO THETHAO gui 9166" in number.order.text
    number.says("CO THETHAO", answered_before_at=0)
    assert number.states == ["THETHAO active"]


def test_a_yes_is_not_passed_over_as_a_resend_of_one_from_before_the_prompt() -> None:
    number = Number(leaving=False)
    number.says("DK THETHAO")
    order = number.order
    assert number.says("Y").reason is Reason.NOTHING_PENDING
    number.passes(1_000)
    number.claims(order)
    number.hears(order)
    number.passes(1_000)
    decision = number.says("Y")
    assert (decision.reason, orders_of(decision)) == (Reason.MAYBE_RESENT, ["confirm_which"])
    number.says("Y THETHAO")
    assert number.states == ["THETHAO active"]
