"""What happens to the number itself: reports in any order have one effect, and nothing crosses."""

import pytest
from msgspec import structs

from tests.unit.decide.example import (
    HOUR_MS,
    NOW_AT,
    OUTSIDE,
    RULES,
    SERVICES,
    SPORT,
    Number,
    catalogue_of,
    ends_of,
    money_of,
    orders_of,
    rules_of,
)
from twofold.decide import Decision
from twofold.domain.events import NumberChanged
from twofold.domain.ids import PARTS
from twofold.domain.numbers import NumberChange
from twofold.domain.orders import Delivered, OrderKind, Outcome, Rejected, RetryAt, Unknown
from twofold.domain.reason import Reason

K = NumberChange


def happens(number: Number, kind: NumberChange, ago_ms: int = 0) -> Decision:
    """Report that something happened, now or some time ago."""
    id_ = number._id()  # noqa: SLF001 - an event like those that the example makes itself
    more = (id_ + PARTS, id_ + 2 * PARTS)
    number._id(), number._id()  # noqa: SLF001 - those of the requests that follow
    at = number.now_at
    msisdn = number.subscriber.msisdn
    return number.meets(NumberChanged(id_, at, msisdn, kind, at - ago_ms, more))


@pytest.mark.scenario("S045")
def test_a_charge_in_flight_goes_back_to_the_holder_who_paid_it() -> None:
    number = Number(OUTSIDE)
    number.joins()
    charge = number.order
    happens(number, K.RECYCLED)
    decision = number.hears(charge, Delivered())
    assert decision.tenure == 0
    (refund,) = decision.orders
    assert (refund.kind, refund.tenure, refund.amount_minor) == (OrderKind.REFUND, 0, 2_000)
    told = number.hears(refund, Delivered())
    assert orders_of(told) == [], "the new holder hears nothing of it"


@pytest.mark.scenario("S047")
def test_money_given_back_to_a_former_holder_never_reaches_the_next_account() -> None:
    number = Number(OUTSIDE)
    number.joins()
    charge = number.order
    happens(number, K.RECYCLED)
    refund = number.hears(charge, Delivered()).orders[0]
    number.subscriber = structs.replace(number.subscriber, unsettled=(refund.id,))
    decision = number.asks_account(refund)
    ((amount_minor, tenure),) = [(debit.amount_minor, debit.tenure) for debit in decision.debits]
    assert (amount_minor, tenure) == (-2_000, 0)
    assert number.subscriber.balance_minor is Number().subscriber.balance_minor


@pytest.mark.scenario("S047")
@pytest.mark.parametrize("outcome", [RetryAt(0, "busy"), Unknown("lost")])
def test_a_text_to_a_former_holder_is_not_tried_again(outcome: RetryAt | Unknown) -> None:
    number = Number()
    number.joins()
    welcome = number.order
    happens(number, K.TRANSFERRED)
    decision = number.hears(welcome, outcome)
    assert decision.order_change is not None
    assert decision.order_change.order is None
    assert (decision.tenure, decision.orders) == (0, ())


ORDERS = [
    ((K.RECYCLED, 10), (K.RECYCLED, 10), False),
    ((K.RECYCLED, 10), (K.TERMINATED, 20), False),
    ((K.RECYCLED, 10), (K.BARRED, 20), False),
    ((K.RECYCLED, 10), (K.SIM_CHANGED, 20), False),
    ((K.TERMINATED, 10), (K.RECYCLED, 10), True),
    ((K.TERMINATED, 10), (K.TERMINATED, 10), False),
    ((K.TERMINATED, 10), (K.BARRED, 5), False),
    ((K.PORTED_OUT, 10), (K.PORTED_IN, 5), True),
    ((K.BARRED, 10), (K.UNBARRED, 5), True),
    ((K.UNBARRED, 5), (K.BARRED, 10), False),
    ((K.BARRED, 10), (K.RECYCLED, 5), True),
    ((K.SIM_CHANGED, 10), (K.SIM_CHANGED, 10), False),
    ((K.SIM_CHANGED, 10), (K.SIM_CHANGED, 5), True),
]


@pytest.mark.parametrize(("first", "second", "counts"), ORDERS)
def test_a_report_counts_only_if_nothing_later_is_known(
    first: tuple[NumberChange, int],
    second: tuple[NumberChange, int],
    counts: bool,  # noqa: FBT001 - a column
) -> None:
    number = Number()
    happens(number, *first)
    before = number.subscriber
    decision = happens(number, *second)
    assert (decision.reason is not Reason.SETTLED_BEFORE) is counts
    assert (number.subscriber.line == before.line) is not counts


@pytest.mark.scenario("S044")
def test_a_request_made_after_the_change_of_sim_is_not_touched_by_it() -> None:
    number = Number()
    number.is_asked()
    number.passes(HOUR_MS)
    happens(number, K.SIM_CHANGED, ago_ms=2 * HOUR_MS)
    assert number.states == ["THETHAO pending"]


@pytest.mark.scenario("S044")
def test_every_open_request_is_asked_about_anew_on_the_terms_of_that_day() -> None:
    number = Number()
    number.is_asked()
    number.is_asked("GAME", "1579")
    number.is_asked("NHAC")
    number.passes(HOUR_MS)
    dearer = structs.replace(SPORT, terms=structs.replace(SPORT.terms, price_minor=3_000))
    number.rules = rules_of(catalogue_of(dearer, *SERVICES[1:], revision=2))
    happens(number, K.SIM_CHANGED)
    found = {held.service: held for held in number.subscriber.requests}
    assert sorted(number.states) == ["GAME checking", "NHAC checking", "THETHAO checking"]
    assert (found["THETHAO"].terms.price_minor, found["THETHAO"].revision) == (3_000, 2)
    assert len({held.id for held in found.values()}) == 3
    assert {held.id % PARTS for held in found.values()} == {0}, "each can be named by a reference"


def test_what_is_no_longer_sold_is_not_asked_about_anew() -> None:
    number = Number()
    number.is_asked()
    number.passes(HOUR_MS)
    number.rules = rules_of(catalogue_of(*SERVICES[1:], revision=2))
    happens(number, K.SIM_CHANGED)
    assert number.states == []


ASKING = structs.replace(RULES, asks_number=True)


def test_a_question_is_asked_again_until_its_time_is_over_and_then_nothing_starts() -> None:
    number = Number(ASKING)
    number.says("DK THETHAO")
    order = number.order
    assert (order.kind, number.states) == (OrderKind.ASK_NUMBER, ["THETHAO checking"])
    number.hears(order, Unknown("no answer"))
    again = number.retried
    assert (again.id, again.attempts) == (order.id, 1)
    number.passes(ASKING.policy.check_max_wait_ms)
    decision = number.claims(again)
    assert (decision.reason, orders_of(decision)) == (Reason.CHECK_UNANSWERED, ["not_checked"])
    assert number.states == []


NO_ANSWER = [
    (Unknown("no answer"), Reason.CHECK_UNANSWERED),
    (RetryAt(NOW_AT + HOUR_MS, "busy"), Reason.CHECK_UNANSWERED),
    (Rejected("no", Reason.SIM_CHANGED), Reason.SIM_CHANGED),
    (Rejected("no"), Reason.CHECK_UNANSWERED),
]


@pytest.mark.parametrize(("outcome", "reason"), NO_ANSWER)
def test_an_answer_that_is_none_or_comes_too_late_or_is_a_no_starts_nothing(
    outcome: Outcome, reason: Reason
) -> None:
    number = Number(ASKING)
    number.says("DK THETHAO")
    order = number.order
    number.passes(ASKING.policy.check_max_wait_ms)
    decision = number.hears(order, outcome)
    assert (decision.reason, number.states) == (reason, [])
    assert ends_of(decision) == ["THETHAO refused"]


@pytest.mark.parametrize(("outcome", "reason"), NO_ANSWER)
def test_after_a_yes_no_good_answer_charges_nothing(outcome: Outcome, reason: Reason) -> None:
    number = Number(ASKING)
    number.says("DK THETHAO")
    number.hears(number.order, Delivered())
    number.hears(number.order)
    number.says("Y")
    order = number.order
    number.passes(ASKING.policy.check_max_wait_ms)
    decision = number.hears(order, outcome)
    assert (decision.reason, number.states, money_of(decision)) == (reason, [], [])


@pytest.mark.parametrize(
    ("kind", "reason"),
    [(K.BARRED, Reason.NUMBER_BARRED), (K.PORTED_OUT, Reason.SETTLED_BEFORE)],
)
def test_a_good_answer_is_too_late_for_a_number_that_may_start_nothing_by_now(
    kind: NumberChange, reason: Reason
) -> None:
    number = Number(ASKING)
    number.says("DK THETHAO")
    number.hears(number.order, Delivered())
    number.hears(number.order)
    number.says("Y")
    order = number.order
    happens(number, kind)
    decision = number.hears(order, Delivered())
    assert (decision.reason, number.states, money_of(decision)) == (reason, [], [])


@pytest.mark.scenario("S050")
def test_a_yes_of_a_number_that_was_barred_meanwhile_starts_nothing() -> None:
    number = Number()
    number.is_asked()
    happens(number, K.BARRED)
    decision = number.says("Y")
    assert (decision.reason, number.states) == (Reason.NUMBER_BARRED, [])
    assert (ends_of(decision), orders_of(decision)) == (
        ["THETHAO withdrawn"],
        ["number_not_served"],
    )


@pytest.mark.scenario("S047")
def test_the_next_holder_begins_with_an_account_of_their_own_and_nothing_of_the_former() -> None:
    number = Number()
    number.joins()
    assert number.subscriber.balance_minor == 48_000
    number.is_asked("GAME", "1579")
    decision = happens(number, K.RECYCLED)
    assert sorted(ends_of(decision)) == ["GAME withdrawn", "THETHAO ended"]
    assert number.subscriber.balance_minor is Number().subscriber.balance_minor
    number.joins()
    assert number.subscriber.balance_minor == 48_000


@pytest.mark.scenario("S047")
def test_who_gets_a_number_on_the_thirty_first_day_meets_nothing_of_who_had_it() -> None:
    number = Number()
    number.joins()
    number.is_asked("GAME", "1579")
    happens(number, K.TERMINATED)
    number.passes(31 * 24 * HOUR_MS)
    assert happens(number, K.RECYCLED).reason is Reason.NUMBER_RECYCLED
    assert orders_of(number.says("TK", "123")) == ["tk_empty"]
    assert number.says("Y", "1579").reason is Reason.NOTHING_PENDING
    assert number.says("HUY THETHAO").reason is Reason.NOTHING_TO_STOP
    assert (number.subscriber.tenure, number.subscriber.subscriptions) == (2, ())
