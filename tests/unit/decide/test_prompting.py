"""The prompt on its way: accepted, refused, lost, late; and the replies that overtake it."""

import pytest
from msgspec import structs

from tests.unit.decide.example import (
    ACCEPTED,
    HOUR_MS,
    NOW_AT,
    SERVICES,
    SPORT,
    STORY,
    WINDOW_MS,
    Number,
    catalogue_of,
    ends_of,
    money_of,
    orders_of,
    rules_of,
)
from twofold.domain.catalogue import Stage
from twofold.domain.orders import OrderState, Outcome, Rejected, RetryAt, Unknown
from twofold.domain.reason import Reason
from twofold.domain.terms import MINUTE_MS

LATER = RetryAt(NOW_AT + 5_000, "ESME_RTHROTTLED")
REFUSED = Rejected("ESME_RINVDSTADR")
LOST = Unknown("no answer")


@pytest.mark.scenario("S015")
def test_the_window_opens_when_the_prompt_is_accepted() -> None:
    number = Number()
    number.says("DK THETHAO")
    number.passes(40 * MINUTE_MS)
    decision = number.hears(number.order)
    assert number.states == ["THETHAO pending"]
    assert number.request.opened_at == NOW_AT + 40 * MINUTE_MS
    assert number.request.due_at == NOW_AT + 40 * MINUTE_MS + WINDOW_MS
    assert decision.accepted is not None
    assert [held.message_id for held in number.subscriber.awaited] == ["m1"]


@pytest.mark.scenario("S015", "S016")
@pytest.mark.parametrize("accepted_after_ms", [0, 1, 59_999, 40 * MINUTE_MS])
@pytest.mark.parametrize("asked_at", [NOW_AT, NOW_AT // MINUTE_MS * MINUTE_MS])
def test_the_deadline_printed_is_never_later_than_the_one_enforced(
    accepted_after_ms: int, asked_at: int
) -> None:
    number = Number()
    number.now_at = asked_at
    order = number.says("DK THETHAO").orders[0]
    number.passes(accepted_after_ms)
    number.hears(order)
    printed_at, request = number.request.printed_until_at, number.request
    assert printed_at is not None
    assert printed_at % MINUTE_MS == 0
    assert asked_at + WINDOW_MS - MINUTE_MS < printed_at <= asked_at + WINDOW_MS <= request.due_at
    assert order.until_at == printed_at


@pytest.mark.scenario("S020")
def test_a_prompt_that_was_certainly_not_sent_does_not_count() -> None:
    number = Number()
    number.says("DK THETHAO")
    number.hears(number.order, LATER)
    assert number.states == ["THETHAO waiting_prompt"]
    assert (number.request.copies, number.request.handed_over_at) == (0, None)
    assert number.request.printed_until_at is None
    assert (number.retried.state, number.retried.due_at) == (OrderState.WAITING, LATER.at)
    assert (number.retried.text, number.retried.attempts) == ("", 1)


@pytest.mark.scenario("S015")
def test_a_prompt_that_is_tried_again_prints_its_deadline_anew() -> None:
    number = Number()
    number.says("DK THETHAO")
    first = number.request.printed_until_at
    number.hears(number.order, LATER)
    number.passes(HOUR_MS)
    number.claims(number.retried)
    assert first is not None
    assert number.request.printed_until_at == first + HOUR_MS
    assert number.retried.state is OrderState.CLAIMED
    assert number.request.handed_over_at == NOW_AT + HOUR_MS


def test_a_prompt_refused_for_good_ends_the_request() -> None:
    number = Number()
    number.says("DK THETHAO")
    decision = number.hears(number.order, REFUSED)
    assert decision.reason is Reason.PROMPT_REFUSED
    assert ends_of(decision) == ["THETHAO undeliverable"]
    assert orders_of(decision) == []
    assert number.states == []


@pytest.mark.scenario("S020")
def test_a_lost_answer_opens_the_window_at_the_hand_over_and_allows_one_more_copy() -> None:
    number = Number()
    order = number.says("DK THETHAO").orders[0]
    number.passes(10_000)
    number.hears(order, LOST)
    assert number.states == ["THETHAO pending"]
    assert (number.request.opened_at, number.request.due_at) == (NOW_AT, NOW_AT + WINDOW_MS)
    number.claims(number.retried)
    assert (number.request.copies, number.request.handed_over_at) == (2, NOW_AT)
    assert (number.retried.text, number.retried.until_at) == (order.text, order.until_at)
    number.hears(number.retried, LOST)
    assert number.decision.order_change is not None
    assert number.decision.order_change.order is None
    assert (number.request.copies, number.request.order_id) == (2, 0)


def test_a_second_copy_that_was_refused_leaves_the_first_one_out() -> None:
    number = Number()
    number.says("DK THETHAO")
    number.hears(number.order, LOST)
    number.claims(number.retried)
    decision = number.hears(number.retried, REFUSED)
    assert decision.reason is Reason.PROMPT_REFUSED
    assert number.states == ["THETHAO pending"]
    assert (number.request.copies, number.request.opened_at) == (1, NOW_AT)


@pytest.mark.scenario("S018")
def test_a_yes_before_the_hand_over_is_a_guess() -> None:
    number = Number(leaving=False)
    number.says("DK THETHAO")
    decision = number.says("Y")
    assert decision.reason is Reason.NOTHING_PENDING
    assert orders_of(decision) == ["nothing_pending"]
    assert number.states == ["THETHAO waiting_prompt"]
    assert number.request.held is None


HELD = [
    (ACCEPTED, ["THETHAO active"], None, ["activated"], [2_000]),
    (LOST, ["THETHAO active"], None, ["activated"], [2_000]),
    (LATER, ["THETHAO waiting_prompt"], Reason.NOTHING_PENDING, ["nothing_pending"], []),
    (REFUSED, [], Reason.PROMPT_REFUSED, ["nothing_pending"], []),
]


@pytest.mark.scenario("S018")
@pytest.mark.parametrize(("outcome", "states", "reason", "orders", "money"), HELD)
def test_a_yes_while_the_answer_is_out_is_decided_with_it(
    outcome: Outcome,
    states: list[str],
    reason: Reason | None,
    orders: list[str],
    money: list[int],
) -> None:
    number = Number()
    order = number.says("DK THETHAO").orders[0]
    number.passes(2_000)
    kept = number.says("Y")
    assert (kept.reason, orders_of(kept)) == (Reason.PROMPT_UNANSWERED, [])
    assert number.states == ["THETHAO waiting_prompt"]
    number.passes(1_000)
    decision = number.hears(order, outcome)
    assert (number.states, decision.reason) == (states, reason)
    assert (orders_of(decision), money_of(decision)) == (orders, money)
    assert all(held.held is None for held in number.subscriber.requests)


@pytest.mark.scenario("S009")
@pytest.mark.parametrize(
    ("after_ms", "key"), [(WINDOW_MS - 1, "activated"), (WINDOW_MS, "late_confirm")]
)
def test_a_kept_yes_is_judged_by_the_window_that_opens_behind_it(after_ms: int, key: str) -> None:
    number = Number()
    order = number.says("DK THETHAO").orders[0]
    number.passes(after_ms)
    number.says("Y")
    assert orders_of(number.hears(order, LOST)) == [key]


def test_the_first_of_several_kept_replies_counts() -> None:
    number = Number()
    number.says("DK THETHAO")
    number.says("Y")
    first = number.request.held
    number.passes(1_000)
    number.says("co")
    assert number.request.held == first


def test_a_kept_yes_is_forgotten_when_a_no_follows() -> None:
    number = Number()
    order = number.says("DK THETHAO").orders[0]
    number.says("Y")
    assert ends_of(number.says("N")) == ["THETHAO declined"]
    assert number.hears(order).reason is Reason.SETTLED_BEFORE
    assert number.states == []


def test_a_prompt_for_a_request_that_is_over_is_dropped_when_it_falls_due() -> None:
    number = Number(leaving=False)
    order = number.says("DK THETHAO").orders[0]
    number.says("HUY THETHAO")
    decision = number.claims(order)
    assert decision.reason is Reason.SETTLED_BEFORE
    assert decision.order_change is not None
    assert decision.order_change.order is None


@pytest.mark.scenario("S052", "S054")
def test_a_prompt_is_not_sent_for_a_service_that_was_stopped_meanwhile() -> None:
    number = Number(leaving=False)
    order = number.says("DK THETHAO").orders[0]
    number.rules = rules_of(catalogue_of(structs.replace(SPORT, stage=Stage.OFF), revision=2))
    decision = number.claims(order)
    assert decision.reason is Reason.NOT_ROLLED_OUT
    assert ends_of(decision) == ["THETHAO withdrawn"]
    assert orders_of(decision) == ["withdrawn"]
    assert decision.order_change is not None
    assert decision.order_change.order is None


def test_a_second_copy_is_not_sent_at_other_terms() -> None:
    number = Number()
    number.is_asked()
    number.passes(HOUR_MS)
    dearer = structs.replace(SPORT, terms=structs.replace(SPORT.terms, price_minor=3_000))
    number.rules = rules_of(catalogue_of(dearer, STORY, revision=2))
    decision = number.says("DK THETHAO")
    assert decision.reason is Reason.PRICE_CHANGED
    assert ends_of(decision) == ["THETHAO withdrawn"]


def test_a_waiting_prompt_whose_time_is_over_is_dropped() -> None:
    number = Number(leaving=False)
    order = number.says("DK THETHAO").orders[0]
    number.passes(2 * HOUR_MS)
    decision = number.claims(order)
    assert decision.order_change is not None
    assert decision.order_change.order is None
    assert number.states == ["THETHAO waiting_prompt"]
    assert ends_of(number.times_out()) == ["THETHAO undeliverable"]


@pytest.mark.parametrize("leaving", [True, False])
def test_no_prompt_is_handed_over_past_the_deadline_that_it_would_print(
    leaving: bool,  # noqa: FBT001 - a column
) -> None:
    number = Number()
    printed_until_at = number.is_asked().printed_until_at
    assert printed_until_at is not None
    number.leaving = leaving
    number.now_at = printed_until_at if leaving else printed_until_at - 1
    orders = number.says("DK THETHAO").orders
    number.now_at = printed_until_at
    for order in orders:
        number.claims(order)
    assert (len(orders), number.request.copies) == (0 if leaving else 1, 1)
    assert (number.request.order_id, number.states) == (0, ["THETHAO pending"])


def test_a_prompt_in_flight_is_waited_for_past_its_timer() -> None:
    number = Number()
    order = number.says("DK THETHAO").orders[0]
    number.says("Y")
    number.passes(2 * HOUR_MS)
    decision = number.times_out()
    assert (decision.reason, number.states) == (None, ["THETHAO waiting_prompt"])
    assert number.request.due_at == NOW_AT + WINDOW_MS
    assert orders_of(decision) == []
    number.hears(order, LATER)
    assert number.states == ["THETHAO waiting_prompt"]


def test_a_prompt_that_is_refused_past_its_timer_is_not_tried_for_ever() -> None:
    number = Number()
    order = number.says("DK THETHAO").orders[0]
    number.passes(2 * HOUR_MS)
    number.times_out()
    number.hears(order, RetryAt(number.now_at, "ESME_RTHROTTLED"))
    number.times_out()
    assert number.states == []


def test_a_prompt_in_flight_for_a_whole_window_starts_nothing() -> None:
    number = Number()
    order = number.says("DK THETHAO").orders[0]
    number.says("Y")
    number.passes(WINDOW_MS)
    decision = number.times_out()
    assert decision.reason is Reason.PROMPT_NOT_ACCEPTED
    assert ends_of(decision) == ["THETHAO undeliverable"]
    assert money_of(decision) == []
    assert number.hears(order).reason is Reason.SETTLED_BEFORE


def test_an_outcome_for_a_number_that_knows_nothing_of_it_settles_the_order() -> None:
    number = Number()
    order = number.says("DK THETHAO").orders[0]
    stranger = Number(rules_of(catalogue_of(*SERVICES)))
    decision = stranger.hears(order)
    assert decision.reason is Reason.SETTLED_BEFORE
    assert decision.order_change is not None
    assert (decision.order_change.order_id, decision.order_change.order) == (order.id, None)
    assert decision.request_id == order.request_id
