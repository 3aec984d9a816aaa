"""Texts that answer or tell: some must arrive, others are dropped when they are worth nothing.

The welcome is part of the start: until the SMSC has accepted it, the law sees no service.
"""

from typing import Final

from msgspec import structs

from twofold.decide.charging import refund_owed, refund_period
from twofold.decide.decision import Draft, OrderChange
from twofold.decide.memory import without_owed
from twofold.decide.owing import is_paid, is_unreturned
from twofold.decide.validity import stopped
from twofold.domain.events import OrderFellDue, OrderOverdue, OutcomeArrived
from twofold.domain.orders import (
    Delivered,
    Order,
    OrderKind,
    OrderState,
    Rejected,
    RetryAt,
    Unknown,
)
from twofold.domain.reason import Reason
from twofold.domain.states import SubscriptionState
from twofold.domain.subscriber import Owed, Subscription

WELCOME: Final = "activated"
AGAIN_MS: Final = 60_000
"""A notice that was refused for good is tried again after this: a network may change its mind."""

SELDOM_MS: Final = 3_600_000
"""The longest time between two copies of a notice whose answers are lost."""


def on_text_outcome(draft: Draft, event: OutcomeArrived) -> None:
    """What the SMSC said of a text that is no prompt."""
    order, outcome = event.order, event.outcome
    draft.request_id = order.request_id
    match outcome:
        case Delivered():
            draft.order_change = OrderChange(order.id, None)
            if order.kind is OrderKind.SEND_NOTICE:
                draft.accept(order, outcome)
            if order.key == WELCOME:
                take_owed(draft, order)
                resume(draft, order)
        case RetryAt():
            try_again(draft, order, outcome.at)
        case Rejected():
            on_rejected(draft, order)
        case Unknown():
            on_lost_answer(draft, order, outcome)


def on_lost_answer(draft: Draft, order: Order, outcome: Unknown) -> None:
    """It may be on the handset already: once more at once, then ever more seldom, or not at all.

    Whoever gets no answer asks again; an SMSC that takes texts and is silent must not make each of
    them arrive every ten seconds.
    A line that broke says nothing of the SMSC: after it the text goes out again at once.
    """
    if order.kind is OrderKind.ANSWER_USSD:
        draft.order_change = OrderChange(order.id, None)
        return None
    if not order.attempts or outcome.was_cut:
        return try_again(draft, order, draft.event.at)
    if order.kind is OrderKind.SEND_NOTICE:
        wait_ms = min(AGAIN_MS << min(order.attempts - 1, 10), SELDOM_MS)
        return try_again(draft, order, draft.event.at + wait_ms)
    draft.order_change = OrderChange(order.id, None)
    return None


def on_rejected(draft: Draft, order: Order) -> None:
    """A refused answer is dropped; a refused notice is tried again while it is valid."""
    if order.kind is OrderKind.SEND_NOTICE:
        return try_again(draft, order, draft.event.at + AGAIN_MS)
    draft.order_change = OrderChange(order.id, None)
    return None


def try_again(draft: Draft, order: Order, at: int) -> None:
    """Let it wait for another attempt, or give it up when its time is over."""
    if at >= order.until_at or not is_wanted(draft, order):
        draft.order_change = OrderChange(order.id, None)
        return give_up(draft, order)
    waiting = structs.replace(
        order, due_at=at, attempts=order.attempts + 1, state=OrderState.WAITING
    )
    draft.order_change = OrderChange(order.id, waiting)
    return None


def on_text_fell_due(draft: Draft, event: OrderFellDue) -> None:
    """A waiting text or refund may go out now, unless its time is over or nobody wants it."""
    order = event.order
    draft.request_id = order.request_id
    if event.at >= order.until_at or not is_wanted(draft, order):
        draft.order_change = OrderChange(order.id, None)
        return give_up(draft, order)
    return draft.claim(order)


def is_wanted(draft: Draft, order: Order) -> bool:
    """A welcome to what was stopped or complained about meanwhile would only confuse.

    What a former holder was to read is nobody's business now; what they are owed is paid back.
    """
    if order.tenure != draft.subscriber.tenure and order.kind is not OrderKind.REFUND:
        return False
    if order.key != WELCOME:
        return True
    subscription = welcomed(draft, order)
    if subscription is None or stopped(subscription, draft.rules):
        return False
    return subscription.reason is not Reason.SUBSCRIBER_DISPUTED


def welcomed(draft: Draft, order: Order) -> Subscription | None:
    """The subscription whose welcome this is."""
    return draft.subscriber.subscription(order.request_id) if order.key == WELCOME else None


def on_order_overdue(draft: Draft, event: OrderOverdue) -> None:
    """The welcome was not accepted in time: the charge is given back and the service is held."""
    order = event.order
    draft.request_id = order.request_id
    subscription = welcomed(draft, order)
    if order.id not in draft.subscriber.unsettled:
        return draft.refuse(Reason.SETTLED_BEFORE)
    if subscription is None or not is_paid(subscription):
        return draft.refuse(Reason.SETTLED_BEFORE)
    draft.refuse(Reason.WELCOME_NOT_ACCEPTED)
    draft.put_subscription(
        structs.replace(
            subscription,
            state=SubscriptionState.SUSPENDED,
            reason=subscription.reason or Reason.WELCOME_NOT_ACCEPTED,
            renews_at=None,
            is_returned=True,
        )
    )
    return refund_period(draft, subscription)


def resume(draft: Draft, order: Order) -> None:
    """A held subscription whose welcome arrived goes on; the period given back stays free."""
    subscription = welcomed(draft, order)
    if subscription is None or subscription.reason is not Reason.WELCOME_NOT_ACCEPTED:
        return
    if refusal := stopped(subscription, draft.rules):
        draft.put_subscription(structs.replace(subscription, reason=refusal))
        return
    renews_at = draft.event.at + subscription.terms.period.duration_ms
    draft.put_subscription(
        structs.replace(
            subscription, state=SubscriptionState.ACTIVE, reason=None, renews_at=renews_at
        )
    )


def give_up(draft: Draft, order: Order) -> None:
    """A welcome that can no longer arrive ends its subscription; nothing stays charged."""
    subscription = welcomed(draft, order)
    if subscription is None:
        return repay(draft, order)
    if is_unreturned(subscription):
        refund_period(draft, subscription)
    return draft.end(
        subscription, stopped(subscription, draft.rules) or Reason.WELCOME_NOT_ACCEPTED
    )


def repay(draft: Draft, order: Order) -> None:
    """It ended before the welcome left, by a stop or with the number: nothing was had for it."""
    owed = take_owed(draft, order) if order.key == WELCOME else None
    return None if owed is None else refund_owed(draft, owed)


def take_owed(draft: Draft, welcome: Order) -> Owed | None:
    """What hangs on a welcome, which is settled now."""
    memory = draft.subscriber.memory
    for owed in memory.owed:
        if owed.subscription_id == welcome.request_id:
            kept = without_owed(memory, owed)
            draft.subscriber = structs.replace(draft.subscriber, memory=kept)
            return owed
    return None
