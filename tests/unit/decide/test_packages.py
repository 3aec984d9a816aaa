"""At most one package of a group: what a change says, ends, charges and withdraws."""

import pytest
from msgspec import structs

from tests.unit.decide.example import (
    GAME,
    HOUR_MS,
    MUSIC,
    OUTSIDE,
    POLICY,
    SPORT,
    Number,
    catalogue_of,
    ends_of,
    money_of,
    orders_of,
    rules_of,
)
from twofold.decide import Rules
from twofold.domain.orders import Rejected, RetryAt
from twofold.domain.reason import Reason
from twofold.domain.terms import MINUTE_MS

DAILY = structs.replace(SPORT, code="A1", name="Amusic ngay", group="amusic")
WEEKLY = structs.replace(MUSIC, code="A7", name="Amusic tuan", group="amusic")
MONTHLY = structs.replace(MUSIC, code="A30", name="Amusic thang", group="amusic")
RULES = rules_of(catalogue_of(DAILY, WEEKLY, MONTHLY, GAME))


def with_daily(rules: Rules = RULES) -> Number:
    """A number that has the daily package."""
    number = Number(rules)
    number.joins("A1")
    number.passes(MINUTE_MS)
    return number


def joins(number: Number, code: str) -> None:
    """Agree to a package whose prompt named the code."""
    number.is_asked(code)
    number.says(f"Y {code}")


@pytest.mark.scenario("S071")
def test_the_prompt_of_another_package_names_the_one_that_it_takes_the_place_of() -> None:
    number = with_daily()
    number.says("DK A7")
    assert number.states == ["A7 waiting_prompt", "A1 active"]
    assert number.request.replaces == "A1"
    assert "tu gia han, thay cho Amusic ngay. " in number.order.text


@pytest.mark.scenario("S071")
def test_the_old_package_ends_when_the_new_one_is_on_and_is_never_charged_again() -> None:
    number = with_daily()
    joins(number, "A7")
    decision = number.decision
    assert number.states == ["A7 active"]
    assert ends_of(decision) == ["A1 ended"]
    assert [over.subscription.reason for over in decision.ended] == [Reason.PACKAGE_CHANGED]
    assert orders_of(decision) == ["activated", "replaced"]
    assert money_of(decision) == [10_000]
    assert "Amusic ngay ngung luc" in decision.orders[1].text


@pytest.mark.scenario("S024", "S071")
def test_an_old_package_that_ends_before_its_welcome_left_is_paid_back() -> None:
    number = Number(RULES)
    number.joins("A1")
    welcome = number.order
    number.hears(welcome, RetryAt(number.now_at + MINUTE_MS, "ESME_RTHROTTLED"))
    waiting = number.retried
    joins(number, "A7")
    assert money_of(number.decision) == [10_000]
    decision = number.claims(waiting)
    assert (money_of(decision), number.states) == ([-2_000], ["A7 active"])


@pytest.mark.scenario("S071")
@pytest.mark.parametrize("later_ms", [0, MINUTE_MS])
def test_a_reply_that_was_in_time_for_a_package_starts_nothing_once_another_was_chosen(
    later_ms: int,
) -> None:
    """The old request waits for nothing but replies in time, and did not say what it would end."""
    number = Number(structs.replace(RULES, timed_codes=frozenset({"9166"})))
    deadline_at = number.is_asked("A7").deadline_at
    number.passes(HOUR_MS)
    number.is_asked("A1")
    number.passes(deadline_at - number.now_at + 1_000)
    decision = number.says("Y A1")
    assert (ends_of(decision), number.states) == (["A7 expired"], ["A1 active"])
    number.passes(later_ms)
    late = number.says("Y A7", sent_at=deadline_at - 1_000)
    assert (money_of(late), number.states) == ([], ["A1 active"])
    assert orders_of(late) == ["late_confirm"]


@pytest.mark.scenario("S071")
@pytest.mark.parametrize("reply", ["N", "HUY A7"])
def test_a_change_that_is_refused_changes_nothing(reply: str) -> None:
    number = with_daily()
    number.is_asked("A7")
    number.says(reply)
    assert number.states == ["A1 active"]


@pytest.mark.scenario("S071")
def test_a_change_that_cannot_be_paid_changes_nothing() -> None:
    number = with_daily()
    number.subscriber = structs.replace(number.subscriber, balance_minor=9_999)
    joins(number, "A7")
    assert orders_of(number.decision) == ["low_balance"]
    assert number.states == ["A1 active"]


@pytest.mark.scenario("S071")
def test_while_the_new_package_is_being_charged_the_old_one_goes_on() -> None:
    outside = structs.replace(
        RULES, accounts_inside=False, charge_horizon_ms=OUTSIDE.charge_horizon_ms
    )
    number = Number(outside)
    number.joins("A1")
    number.hears(number.order)
    joins(number, "A7")
    charge = number.order
    assert number.states == ["A1 active", "A7 activating"]
    number.hears(charge, Rejected("no"))
    assert number.states == ["A1 active"]
    number.passes(MINUTE_MS)
    joins(number, "A7")
    number.hears(number.order)
    assert number.states == ["A7 active"]


@pytest.mark.scenario("S071")
@pytest.mark.parametrize("later_is_paid_first", [True, False])
def test_of_two_packages_that_are_being_charged_the_one_that_was_chosen_later_stays(
    *, later_is_paid_first: bool
) -> None:
    outside = structs.replace(
        RULES, accounts_inside=False, charge_horizon_ms=OUTSIDE.charge_horizon_ms
    )
    number = Number(outside)
    number.joins("A1")
    charges = [number.order]
    number.passes(1)
    joins(number, "A7")
    charges.append(number.order)
    first, second = reversed(charges) if later_is_paid_first else charges
    number.hears(first)
    assert number.states == (
        ["A7 active"] if later_is_paid_first else ["A1 active", "A7 activating"]
    )
    number.hears(second)
    assert number.states == ["A7 active"]
    assert orders_of(number.decision) == (
        ["refund 2000"] if later_is_paid_first else ["activated", "replaced"]
    )


def test_a_package_that_is_stopped_meanwhile_is_not_stopped_twice() -> None:
    number = with_daily()
    number.is_asked("A7")
    number.says("HUY A1")
    decision = number.says("Y A7")
    assert orders_of(decision) == ["activated"]
    assert number.states == ["A7 active"]


@pytest.mark.scenario("S071")
def test_of_two_that_are_asked_about_only_the_first_that_is_chosen_starts() -> None:
    number = Number(RULES)
    number.is_asked("A1")
    number.is_asked("A7")
    decision = number.says("Y A1")
    assert ends_of(decision) == ["A7 withdrawn"]
    assert orders_of(decision) == ["other_package", "activated"]
    number.says("Y A7")
    assert number.states == ["A1 active"]


def test_a_third_package_that_would_replace_the_old_one_is_withdrawn_with_the_change() -> None:
    number = with_daily()
    number.is_asked("A7")
    number.is_asked("A30")
    decision = number.says("Y A7")
    assert sorted(ends_of(decision)) == ["A1 ended", "A30 withdrawn"]
    assert number.states == ["A7 active"]


def test_a_service_of_no_group_replaces_nothing() -> None:
    number = with_daily()
    number.is_asked("GAME", "1579")
    assert number.request.replaces == ""
    number.says("Y", "1579")
    assert number.states == ["A1 active", "GAME active"]


def test_both_copies_of_a_change_say_the_same() -> None:
    number = with_daily()
    number.says("DK A7")
    first = number.order
    number.hears(first)
    number.says("HUY A1")
    number.passes(11 * MINUTE_MS)
    number.says("DK A7")
    assert number.order.text == first.text


# -- an age ----------------------------------------------------------------------------------------


@pytest.mark.scenario("S076")
def test_a_service_with_an_age_has_the_subscriber_declare_it() -> None:
    adult = structs.replace(SPORT, age=18)
    number = Number(rules_of(catalogue_of(adult)))
    number.says("DK THETHAO")
    assert "tu gia han, QK du 18 tuoi. " in number.order.text


# -- a prompt that is not fit to be sent -----------------------------------------------------------


def stricter(rules: Rules) -> Rules:
    """The same market under a policy that demands what no prompt says."""
    fields = (*POLICY.prompt_fields, "age_statement")
    policy = structs.replace(POLICY, prompt_fields=fields)
    return rules_of(rules.catalogue, policy)


@pytest.mark.scenario("S082")
def test_a_service_whose_prompt_lacks_something_is_not_sold() -> None:
    number = Number(stricter(RULES))
    decision = number.says("DK A1")
    assert decision.reason is Reason.PROMPT_UNFIT
    assert orders_of(decision) == ["not_on_air"]
    assert ends_of(decision) == ["A1 refused"]


@pytest.mark.scenario("S082")
def test_a_prompt_that_waited_and_is_unfit_by_now_does_not_leave() -> None:
    number = Number(RULES, leaving=False)
    number.says("DK A1")
    order = number.order
    number.rules = stricter(RULES)
    decision = number.claims(order)
    assert decision.reason is Reason.PROMPT_UNFIT
    assert ends_of(decision) == ["A1 withdrawn"]


@pytest.mark.scenario("S082")
def test_a_prompt_that_was_sent_in_order_is_confirmed_under_stricter_rules() -> None:
    number = Number(RULES)
    number.is_asked("A1")
    number.rules = stricter(RULES)
    number.says("Y")
    assert number.states == ["A1 active"]
