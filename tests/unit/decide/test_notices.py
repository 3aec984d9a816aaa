"""Texts that must arrive, and the welcome, without which nothing may stay charged."""

from collections.abc import Callable

import pytest
from msgspec import structs

from tests.unit.decide.example import (
    ACCEPTED,
    HOUR_MS,
    NOW_AT,
    POLICY,
    Number,
    ends_of,
    money_of,
    orders_of,
)
from tests.unit.decide.test_sweeping import PARTNER, stopped, swept
from twofold.decide import Decision
from twofold.domain.catalogue import Stop, StopKind
from twofold.domain.events import MessageReceived
from twofold.domain.numbers import NumberChange
from twofold.domain.orders import (
    Order,
    OrderKind,
    OrderState,
    Outcome,
    Rejected,
    RetryAt,
    Unknown,
)
from twofold.domain.reason import Reason
from twofold.domain.terms import DAY_MS, MINUTE_MS

LATER = RetryAt(NOW_AT + 5_000, "ESME_RTHROTTLED")
REFUSED = Rejected("ESME_RINVDSTADR")
LOST = Unknown("no answer")


def welcomed() -> tuple[Number, Order]:
    """A service that is on, its welcome on the way."""
    number = Number()
    number.joins()
    order = number.order
    number.subscriber = structs.replace(number.subscriber, unsettled=(order.id,))
    return number, order


def test_a_welcome_says_what_started_and_how_to_stop_it() -> None:
    _, order = welcomed()
    assert (order.kind, order.key, order.source) == (OrderKind.SEND_NOTICE, "activated", "9166")
    assert order.until_at == NOW_AT + POLICY.welcome_until_ms
    for fact in ("thanh cong", "2.000d/ngay", "HUY THETHAO"):
        assert fact in order.text


AGAIN = [(LATER, NOW_AT + 5_000), (REFUSED, NOW_AT + MINUTE_MS), (LOST, NOW_AT)]


@pytest.mark.parametrize(("outcome", "due_at"), AGAIN)
def test_a_notice_is_tried_until_it_is_accepted(outcome: Outcome, due_at: int) -> None:
    number, order = welcomed()
    number.hears(order, outcome)
    assert (number.retried.state, number.retried.due_at) == (OrderState.WAITING, due_at)
    assert number.retried.attempts == 1
    number.claims(number.retried)
    assert number.retried.state is OrderState.CLAIMED
    decision = number.hears(number.retried)
    assert decision.accepted is not None
    assert decision.order_change is not None
    assert decision.order_change.order is None


def test_a_notice_whose_answers_are_lost_is_repeated_ever_more_seldom() -> None:
    number, order = welcomed()
    gaps = []
    for _ in range(9):
        number.hears(order, LOST)
        order = number.retried
        gaps.append((order.due_at - number.now_at) // MINUTE_MS)
        number.claims(order)
        order = number.retried
    assert gaps == [0, 1, 2, 4, 8, 16, 32, 60, 60]


def test_a_notice_cut_off_by_a_broken_line_goes_out_again_at_once() -> None:
    number, order = welcomed()
    for _ in range(4):
        number.hears(order, Unknown("the connection was lost", was_cut=True))
        order = number.retried
        assert order.due_at == number.now_at
        number.claims(order)
        order = number.retried


def test_an_answer_that_may_have_arrived_is_repeated_once() -> None:
    number, order = answer()
    number.hears(order, LOST)
    number.claims(number.retried)
    decision = number.hears(number.retried, LOST)
    assert decision.order_change is not None
    assert decision.order_change.order is None


def answer() -> tuple[Number, Order]:
    """A plain answer on its way."""
    number = Number()
    number.says("TK")
    return number, number.order


@pytest.mark.parametrize("outcome", [LATER, LOST])
def test_an_answer_is_tried_while_it_is_fresh(outcome: Outcome) -> None:
    number, order = answer()
    number.hears(order, outcome)
    waiting = number.retried
    number.passes(HOUR_MS)
    decision = number.claims(waiting)
    assert decision.order_change is not None
    assert decision.order_change.order is None


def test_an_answer_that_is_refused_is_dropped_and_one_that_is_accepted_is_not_followed() -> None:
    number, order = answer()
    refused = number.hears(order, REFUSED)
    assert refused.order_change is not None
    assert refused.order_change.order is None
    assert number.hears(order, ACCEPTED).accepted is None


@pytest.mark.scenario("S024")
def test_a_welcome_not_accepted_in_time_gives_the_money_back_and_holds_the_service() -> None:
    number, order = welcomed()
    number.passes(POLICY.welcome_by_ms)
    decision = number.is_overdue(order)
    assert decision.reason is Reason.WELCOME_NOT_ACCEPTED
    assert number.states == ["THETHAO suspended"]
    assert (money_of(decision), orders_of(decision)) == ([-2_000], ["refund"])
    assert number.subscriber.balance_minor == 50_000
    again = number.is_overdue(order)
    assert (again.reason, money_of(again)) == (Reason.SETTLED_BEFORE, [])


@pytest.mark.scenario("S024")
def test_a_welcome_that_arrives_late_resumes_the_service_free_for_that_period() -> None:
    number, order = welcomed()
    number.passes(POLICY.welcome_by_ms)
    number.is_overdue(order)
    number.passes(HOUR_MS)
    decision = number.hears(order)
    assert (number.states, money_of(decision)) == (["THETHAO active"], [])
    assert number.subscription.renews_at == number.now_at + DAY_MS
    assert number.subscription.reason is None


def test_a_welcome_that_arrives_late_resumes_nothing_that_was_stopped_meanwhile() -> None:
    number, order = welcomed()
    number.passes(POLICY.welcome_by_ms)
    number.is_overdue(order)
    stops = (Stop(StopKind.PARTNER, "abc", NOW_AT, "an", "complaints"),)
    sold = structs.replace(number.rules.catalogue, stops=stops)
    number.rules = structs.replace(number.rules, catalogue=sold)
    number.hears(order)
    assert number.states == ["THETHAO suspended"]
    assert number.subscription.reason is Reason.PARTNER_SUSPENDED


def test_a_welcome_that_was_accepted_in_the_same_breath_is_not_overdue() -> None:
    number, order = welcomed()
    number.hears(order)
    decision = number.is_overdue(order)
    assert (decision.reason, money_of(decision)) == (Reason.SETTLED_BEFORE, [])
    assert number.states == ["THETHAO active"]


@pytest.mark.scenario("S024")
@pytest.mark.parametrize("by", ["claim", "outcome"])
def test_a_welcome_that_never_arrives_ends_the_held_service(by: str) -> None:
    number, order = welcomed()
    number.passes(POLICY.welcome_by_ms)
    number.is_overdue(order)
    number.passes(POLICY.welcome_until_ms)
    decision = (
        number.claims(order)
        if by == "claim"
        else number.hears(order, RetryAt(number.now_at + 5_000, "busy"))
    )
    assert (ends_of(decision), number.states) == (["THETHAO ended"], [])
    assert decision.ended[0].subscription.reason is Reason.WELCOME_NOT_ACCEPTED
    assert money_of(decision) == []


@pytest.mark.scenario("S024")
def test_a_welcome_given_up_before_anyone_noticed_gives_the_money_back_too() -> None:
    number, order = welcomed()
    number.passes(POLICY.welcome_until_ms)
    decision = number.claims(order)
    assert (ends_of(decision), money_of(decision)) == (["THETHAO ended"], [-2_000])
    assert orders_of(decision) == ["refund"]


@pytest.mark.scenario("S024")
def test_a_welcome_to_a_service_that_was_stopped_meanwhile_is_dropped_and_paid_back() -> None:
    """The service never was: its notice did not come before its end."""
    number, order = welcomed()
    number.hears(order, LATER)
    waiting = number.retried
    number.passes(MINUTE_MS)
    assert money_of(number.says("HUY THETHAO")) == []
    decision = number.claims(waiting)
    assert decision.order_change is not None
    assert decision.order_change.order is None
    assert (orders_of(decision), money_of(decision)) == (["refund"], [-2_000])
    assert money_of(number.claims(waiting)) == []


def test_a_welcome_whose_answer_is_lost_after_a_stop_is_not_repeated() -> None:
    number, order = welcomed()
    number.passes(MINUTE_MS)
    number.says("HUY THETHAO")
    decision = number.hears(order, LOST)
    assert decision.order_change is not None
    assert decision.order_change.order is None
    assert money_of(decision) == [-2_000]


def test_a_welcome_that_arrives_after_a_stop_gives_nothing_back() -> None:
    number, order = welcomed()
    number.passes(MINUTE_MS)
    number.says("HUY ALL")
    assert money_of(number.hears(order)) == []
    assert number.subscriber.memory.owed == ()


def test_a_stop_of_a_held_service_gives_nothing_back_a_second_time() -> None:
    number, order = welcomed()
    number.passes(POLICY.welcome_by_ms)
    number.is_overdue(order)
    decision = number.says("HUY THETHAO")
    assert (ends_of(decision), money_of(decision)) == (["THETHAO ended"], [])
    number.passes(POLICY.welcome_until_ms)
    assert money_of(number.claims(order)) == []


def returned() -> tuple[Number, Order]:
    """A service whose charge was given back, since its welcome did not arrive by its time."""
    number, order = welcomed()
    number.passes(POLICY.welcome_by_ms)
    assert money_of(number.is_overdue(order)) == [-2_000]
    return number, order


def to_the_former_holder(number: Number) -> Decision:
    return number.changes(NumberChange.RECYCLED, happened_at=NOW_AT - MINUTE_MS)


def by_a_stop_that_was_sent_before_the_yes(number: Number) -> Decision:
    event = number.says("?").event
    assert isinstance(event, MessageReceived)
    stop = structs.replace(
        event, id=event.id + 64, text="HUY", key=b"8 octets", effective_at=NOW_AT
    )
    return number.meets(stop)


def after_a_complaint(number: Number) -> Decision:
    number.says("KN THETHAO")
    number.says("HUY THETHAO")
    assert number.subscriber.memory.owed == ()
    return number.decision


@pytest.mark.scenario("S024")
@pytest.mark.parametrize(
    "ends",
    [to_the_former_holder, by_a_stop_that_was_sent_before_the_yes, after_a_complaint],
)
def test_what_goes_on_free_after_a_late_welcome_is_not_given_back_again(
    ends: Callable[[Number], Decision],
) -> None:
    number, order = returned()
    number.hears(order)
    assert number.states == ["THETHAO active"]
    decision = ends(number)
    assert (number.states, money_of(decision)) == ([], [])


@pytest.mark.scenario("S024", "S052")
def test_what_was_given_back_during_a_stop_is_not_given_back_again_when_it_goes_on() -> None:
    number, order = welcomed()
    stopped(number, PARTNER)
    swept(number, PARTNER)
    number.passes(POLICY.welcome_by_ms)
    assert money_of(number.is_overdue(order)) == [-2_000]
    stopped(number)
    swept(number, PARTNER, POLICY.welcome_by_ms)
    assert number.states == ["THETHAO active"]
    # An engine that starts finds the welcome unsettled, and asks about it once more.
    again = number.is_overdue(order)
    assert (again.reason, money_of(again)) == (Reason.SETTLED_BEFORE, [])
    number.passes(POLICY.welcome_until_ms)
    assert money_of(number.claims(order)) == []


@pytest.mark.scenario("S024", "S095")
def test_what_was_given_back_during_a_stop_is_not_given_back_again_for_a_complaint() -> None:
    number, order = welcomed()
    number.hears(order, LATER)
    waiting = number.retried
    stopped(number, PARTNER)
    swept(number, PARTNER)
    number.passes(POLICY.welcome_by_ms)
    assert money_of(number.is_overdue(order)) == [-2_000]
    number.says("KN THETHAO")
    decision = number.claims(waiting)
    assert (ends_of(decision), money_of(decision)) == (["THETHAO ended"], [])
