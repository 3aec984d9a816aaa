"""Money: the first period once, before the service is on, never below zero, never after a stop."""

import pytest
from msgspec import structs

from tests.unit.decide.example import (
    ACCEPTED,
    NOW_AT,
    OUTSIDE,
    SPORT,
    STORY,
    Number,
    catalogue_of,
    ends_of,
    money_of,
    orders_of,
)
from twofold.decide import Rules
from twofold.domain.catalogue import Stage, Stop, StopKind
from twofold.domain.events import AccountSet
from twofold.domain.numbers import NumberChange
from twofold.domain.orders import (
    Delivered,
    Order,
    OrderKind,
    OrderState,
    Outcome,
    Rejected,
    RetryAt,
    Unknown,
)
from twofold.domain.reason import Reason
from twofold.domain.terms import MINUTE_MS

TAKEN = Delivered()
LOST = Unknown("no answer")


def charged(rules: Rules = OUTSIDE) -> tuple[Number, Order]:
    """A confirmed number whose charge is with the charging system."""
    number = Number(rules)
    number.joins()
    return number, number.order


def balance(number: Number, balance_minor: int) -> Number:
    """Set what the embedded account holds."""
    number.meets(AccountSet(1, number.now_at, number.subscriber.msisdn, balance_minor))
    return number


# -- the embedded accounts -------------------------------------------------------------------------


@pytest.mark.scenario("S058")
@pytest.mark.parametrize(
    ("balance_minor", "left_minor", "states", "orders", "money"),
    [
        (2_000, 0, ["THETHAO active"], ["activated"], [2_000]),
        (1_999, 1_999, [], ["low_balance"], []),
        (0, 0, [], ["low_balance"], []),
    ],
)
def test_an_account_never_falls_below_zero(
    balance_minor: int, left_minor: int, states: list[str], orders: list[str], money: list[int]
) -> None:
    number = balance(Number(), balance_minor)
    number.is_asked()
    decision = number.says("Y")
    assert (number.states, orders_of(decision), money_of(decision)) == (states, orders, money)
    assert number.subscriber.balance_minor == left_minor
    assert decision.reason is (Reason.LOW_BALANCE if not states else None)


@pytest.mark.scenario("S058")
def test_money_that_comes_later_charges_nothing() -> None:
    number = balance(Number(), 0)
    number.is_asked()
    number.says("Y")
    topped_up = balance(number, 50_000).decision
    assert (orders_of(topped_up), money_of(topped_up), number.states) == ([], [], [])


def test_a_number_without_an_account_starts_with_the_opening_balance() -> None:
    number = Number()
    number.joins()
    assert number.subscriber.balance_minor == 48_000


# -- a charging system outside ---------------------------------------------------------------------


def test_a_charging_system_outside_is_asked_for_the_price_before_anything_starts() -> None:
    number, order = charged()
    assert number.states == ["THETHAO activating"]
    assert (order.kind, order.amount_minor, order.key) == (OrderKind.CHARGE, 2_000, "THETHAO")
    assert order.until_at == NOW_AT + 10 * MINUTE_MS
    assert number.subscription.order_id == order.id
    assert money_of(number.decision) == []


CHARGES = [
    (TAKEN, ["THETHAO active"], None, ["activated"]),
    (Rejected("no money", Reason.LOW_BALANCE), [], Reason.LOW_BALANCE, ["low_balance"]),
    (Rejected("barred"), [], Reason.CHARGE_REFUSED, ["charge_failed"]),
    (RetryAt(NOW_AT + 5_000, "busy"), ["THETHAO activating"], None, ["charge 2000"]),
    (
        RetryAt(NOW_AT + 10 * MINUTE_MS, "busy"),
        [],
        Reason.CHARGE_REFUSED,
        ["charge_failed"],
    ),
    (LOST, ["THETHAO activating"], None, []),
]


@pytest.mark.scenario("S060")
@pytest.mark.parametrize(("outcome", "states", "reason", "orders"), CHARGES)
def test_what_the_charging_system_says_decides_the_start(
    outcome: Outcome, states: list[str], reason: Reason | None, orders: list[str]
) -> None:
    number, order = charged()
    decision = number.hears(order, outcome)
    assert (number.states, decision.reason, orders_of(decision)) == (states, reason, orders)


def test_after_a_definite_refusal_the_next_attempt_has_a_new_id() -> None:
    number, order = charged()
    number.hears(order, RetryAt(NOW_AT + 5_000, "busy"))
    anew = number.order
    assert anew.id != order.id
    assert (anew.due_at, anew.attempts, anew.state) == (NOW_AT + 5_000, 0, OrderState.WAITING)
    assert number.subscription.order_id == anew.id
    assert number.hears(order, TAKEN).reason is Reason.SETTLED_BEFORE


def lost_once() -> tuple[Number, Order]:
    """A charge of which one try has no answer, and the next one is with the charging system."""
    number, order = charged()
    number.hears(order, LOST)
    number.passes(5_000)
    number.claims(number.retried)
    return number, number.retried


@pytest.mark.scenario("S060")
def test_a_charge_that_an_earlier_try_may_have_taken_keeps_its_id_however_it_is_put_off() -> None:
    number, order = lost_once()
    decision = number.hears(order, RetryAt(number.now_at + 5_000, "busy"))
    assert decision.orders == (), "a new id would be a second charge"
    assert (number.retried.id, number.retried.state) == (order.id, OrderState.WAITING)
    assert number.retried.due_at == number.now_at + 5_000
    number.claims(number.retried)
    number.hears(number.retried, TAKEN)
    assert number.states == ["THETHAO active"]


@pytest.mark.scenario("S060")
@pytest.mark.parametrize("wait_ms", [5_000, 10 * MINUTE_MS])
@pytest.mark.parametrize("ends", ["by a stop", "by itself"])
def test_a_charge_that_an_earlier_try_may_have_taken_is_kept_in_sight(
    wait_ms: int, ends: str
) -> None:
    number, order = lost_once()
    if ends == "by a stop":
        number.says("HUY THETHAO")
    elif wait_ms < MINUTE_MS:
        sold = structs.replace(number.rules.catalogue, stops=(STOP,))
        number.rules = structs.replace(number.rules, catalogue=sold)
    number.hears(order, RetryAt(number.now_at + wait_ms, "busy"))
    assert (number.retried.id, number.retried.state) == (order.id, OrderState.UNRESOLVED)
    assert number.states == []


@pytest.mark.scenario("S050")
@pytest.mark.parametrize("outcome", [TAKEN, RetryAt(NOW_AT + 5_000, "busy")])
def test_a_number_that_was_barred_while_its_charge_was_out_starts_nothing(outcome: Outcome) -> None:
    number, order = charged()
    number.changes(NumberChange.BARRED)
    decision = number.hears(order, outcome)
    assert (decision.reason, number.states) == (Reason.NUMBER_BARRED, [])
    refunds = ["refund 2000"] if outcome is TAKEN else []
    assert orders_of(decision) == [*refunds, "number_not_served"]


@pytest.mark.scenario("S050")
def test_the_accounts_take_nothing_from_a_number_that_was_barred() -> None:
    number, order = asked_inside()
    number.changes(NumberChange.BARRED)
    decision = number.asks_account(order)
    assert (decision.reason, money_of(decision)) == (Reason.NUMBER_BARRED, [])


@pytest.mark.scenario("S060")
def test_a_charge_of_unknown_outcome_is_repeated_under_its_id_and_then_never() -> None:
    number, order = charged()
    number.hears(order, LOST)
    again = number.retried
    assert (again.id, again.state, again.due_at) == (order.id, OrderState.WAITING, NOW_AT + 5_000)
    number.passes(10 * MINUTE_MS)
    decision = number.hears(again, LOST)
    assert (decision.reason, orders_of(decision)) == (Reason.CHARGE_UNKNOWN, ["charge_failed"])
    assert (number.retried.id, number.retried.state) == (order.id, OrderState.UNRESOLVED)
    assert number.states == []


@pytest.mark.scenario("S060")
def test_a_charge_that_proves_taken_after_the_end_is_given_back_once() -> None:
    number, order = charged()
    number.hears(order, Rejected("barred"))
    decision = number.hears(order, TAKEN)
    assert orders_of(decision) == ["refund 2000"]
    refund = number.order
    told = number.hears(refund, TAKEN)
    assert orders_of(told) == ["refund"]
    assert "2.000d" in number.order.text


STOPPED = [
    (TAKEN, ["refund 2000"], None),
    (Rejected("barred"), [], None),
    (RetryAt(NOW_AT + 1, "busy"), [], None),
    (LOST, [], OrderState.UNRESOLVED),
]


@pytest.mark.scenario("S073")
@pytest.mark.parametrize(("outcome", "orders", "kept"), STOPPED)
def test_a_stop_during_the_charge_wins_and_what_was_taken_is_given_back(
    outcome: Outcome, orders: list[str], kept: OrderState | None
) -> None:
    number, order = charged()
    assert ends_of(number.says("HUY THETHAO")) == ["THETHAO ended"]
    decision = number.hears(order, outcome)
    assert (decision.reason, orders_of(decision)) == (Reason.SETTLED_BEFORE, orders)
    assert decision.order_change is not None
    after = decision.order_change.order
    assert (None if after is None else after.state) is kept
    assert number.states == []


def waiting_charge(outcome: Outcome) -> tuple[Number, Order]:
    """A charge that waits for its next attempt."""
    number, order = charged()
    decision = number.hears(order, outcome)
    return number, decision.orders[0] if decision.orders else number.retried


BUSY = RetryAt(NOW_AT + 5_000, "busy")
STOP = Stop(StopKind.PARTNER, "abc", NOW_AT, "an", "complaints")


@pytest.mark.parametrize("outcome", [BUSY, LOST])
def test_a_waiting_charge_is_claimed_while_it_is_wanted(outcome: Outcome) -> None:
    number, order = waiting_charge(outcome)
    number.claims(order)
    assert (number.retried.id, number.retried.state) == (order.id, OrderState.CLAIMED)


@pytest.mark.parametrize(("outcome", "kept"), [(BUSY, None), (LOST, OrderState.UNRESOLVED)])
def test_a_waiting_charge_is_never_claimed_after_a_stop(
    outcome: Outcome, kept: OrderState | None
) -> None:
    number, order = waiting_charge(outcome)
    number.says("HUY THETHAO")
    decision = number.claims(order)
    assert decision.reason is Reason.SETTLED_BEFORE
    assert decision.order_change is not None
    after = decision.order_change.order
    assert (None if after is None else after.state) is kept


DROPPED = [
    (BUSY, Reason.CHARGE_REFUSED, None),
    (LOST, Reason.CHARGE_UNKNOWN, OrderState.UNRESOLVED),
]


@pytest.mark.parametrize(("outcome", "reason", "kept"), DROPPED)
def test_a_waiting_charge_whose_time_is_over_ends_the_start(
    outcome: Outcome, reason: Reason, kept: OrderState | None
) -> None:
    number, order = waiting_charge(outcome)
    number.passes(10 * MINUTE_MS)
    decision = number.claims(order)
    assert (decision.reason, orders_of(decision)) == (reason, ["charge_failed"])
    assert number.states == []
    assert decision.order_change is not None
    after = decision.order_change.order
    assert (None if after is None else after.state) is kept


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"stops": (STOP,)}, Reason.PARTNER_SUSPENDED),
        ({"certificates": {}}, Reason.CERTIFICATE_INVALID),
    ],
    ids=["its partner is stopped", "its partner has no certificate"],
)
def test_a_charge_that_was_put_off_is_not_asked_for_anew_once_it_may_not_be(
    change: dict[str, object], reason: Reason
) -> None:
    number = Number(OUTSIDE)
    number.joins()
    charge = number.order
    sold = structs.replace(number.rules.catalogue, **change)
    number.rules = structs.replace(number.rules, catalogue=sold)
    decision = number.hears(charge, BUSY)
    assert decision.reason is reason
    assert (number.states, orders_of(decision)) == ([], ["charge_failed"])


def test_a_charge_that_was_taken_while_its_partner_was_stopped_starts_nothing_and_goes_back() -> (
    None
):
    number = Number(OUTSIDE)
    number.joins()
    charge = number.order
    sold = structs.replace(number.rules.catalogue, stops=(STOP,))
    number.rules = structs.replace(number.rules, catalogue=sold)
    decision = number.hears(charge, TAKEN)
    assert (decision.reason, number.states) == (Reason.PARTNER_SUSPENDED, [])
    assert orders_of(decision) == ["refund 2000", "charge_failed"]


def test_a_waiting_charge_is_not_claimed_for_a_service_that_was_stopped() -> None:
    number, order = waiting_charge(BUSY)
    stopped = catalogue_of(structs.replace(SPORT, stage=Stage.OFF), revision=2)
    number.rules = structs.replace(number.rules, catalogue=stopped)
    decision = number.claims(order)
    assert (decision.reason, number.states) == (Reason.NOT_ROLLED_OUT, [])
    assert decision.order_change is not None
    assert decision.order_change.order is None


def due_refund() -> tuple[Number, Order]:
    """A refund that is with the charging system."""
    number, order = charged()
    number.says("HUY THETHAO")
    number.hears(order, TAKEN)
    return number, number.order


@pytest.mark.parametrize("outcome", [LOST, RetryAt(NOW_AT + 5_000, "busy")])
def test_a_refund_is_repeated_under_its_id_until_it_is_answered(outcome: Outcome) -> None:
    number, order = due_refund()
    decision = number.hears(order, outcome)
    assert (number.retried.id, number.retried.due_at) == (order.id, NOW_AT + 5_000)
    assert orders_of(decision) == []
    number.claims(number.retried)
    assert number.retried.state is OrderState.CLAIMED


def test_a_refund_that_is_refused_is_kept_in_sight() -> None:
    number, order = due_refund()
    assert orders_of(number.hears(order, Rejected("closed"))) == []
    assert number.retried.state is OrderState.UNRESOLVED


def test_what_was_taken_for_a_service_that_left_the_catalogue_goes_back_and_is_told() -> None:
    number, order = charged()
    number.rules = structs.replace(number.rules, catalogue=catalogue_of(STORY, revision=2))
    decision = number.hears(order, TAKEN)
    assert (decision.reason, number.states) == (Reason.UNKNOWN_SERVICE, [])
    assert orders_of(decision) == ["refund 2000", "not_on_air"]


# -- the embedded accounts, asked by an order ------------------------------------------------------


def asked_inside() -> tuple[Number, Order]:
    """A charge that reached the embedded accounts as an order."""
    number, order = charged()
    number.subscriber = structs.replace(number.subscriber, unsettled=(order.id,))
    return number, order


@pytest.mark.scenario("S060")
def test_the_accounts_carry_out_a_charge_once_however_often_they_are_asked() -> None:
    number, order = asked_inside()
    first = number.asks_account(order)
    assert (money_of(first), number.states) == ([2_000], ["THETHAO active"])
    assert first.debits[0].order_id == order.id
    again = number.asks_account(order)
    assert (again.reason, money_of(again)) == (Reason.SETTLED_BEFORE, [])
    assert number.subscriber.balance_minor == 48_000


def test_the_accounts_take_nothing_for_a_subscription_that_was_stopped() -> None:
    number, order = asked_inside()
    number.says("HUY THETHAO")
    decision = number.asks_account(order)
    assert (decision.reason, money_of(decision)) == (Reason.SETTLED_BEFORE, [])
    assert decision.order_change is not None


def test_the_accounts_take_nothing_for_a_service_that_left_the_catalogue() -> None:
    number, order = asked_inside()
    number.rules = structs.replace(number.rules, catalogue=catalogue_of(STORY, revision=2))
    decision = number.asks_account(order)
    assert (decision.reason, money_of(decision)) == (Reason.UNKNOWN_SERVICE, [])
    assert (orders_of(decision), number.states) == (["not_on_air"], [])


def test_the_accounts_take_nothing_for_a_service_that_is_off_the_air() -> None:
    number, order = asked_inside()
    off = structs.replace(SPORT, stage=Stage.OFF)
    number.rules = structs.replace(number.rules, catalogue=catalogue_of(off, revision=2))
    decision = number.asks_account(order)
    assert (decision.reason, money_of(decision)) == (Reason.NOT_ROLLED_OUT, [])
    assert (orders_of(decision), number.states) == (["charge_failed"], [])


def test_the_accounts_carry_out_a_refund_once() -> None:
    number, order = due_refund()
    number.subscriber = structs.replace(number.subscriber, unsettled=(order.id,))
    first = number.asks_account(order)
    assert (money_of(first), orders_of(first)) == ([-2_000], ["refund"])
    again = number.asks_account(order)
    assert (again.reason, money_of(again)) == (Reason.SETTLED_BEFORE, [])


def test_an_accepted_text_is_no_charge() -> None:
    number, order = charged()
    assert number.hears(order, ACCEPTED).accepted is None
