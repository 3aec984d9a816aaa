"""What the question about a number came to: the prompt or the charge follows, or nothing starts."""

from typing import Final

from msgspec import structs

from twofold.decide.answers import about, reply
from twofold.decide.charging import charge_first_period, fail, refusal_to_start
from twofold.decide.checking import STARTING, again
from twofold.decide.decision import Draft, OrderChange
from twofold.decide.numbers import end_tenure
from twofold.decide.prompting import ask
from twofold.domain.events import OrderFellDue, OutcomeArrived
from twofold.domain.numbers import Standing
from twofold.domain.orders import Delivered, Order, Rejected, RetryAt, Unknown
from twofold.domain.reason import EXPLANATIONS, Reason
from twofold.domain.states import RequestState
from twofold.domain.subscriber import Channel, Request, Subscription
from twofold.domain.terms import DAY_MS

ASK_AGAIN_MS: Final = 1_000


def on_answer(draft: Draft, event: OutcomeArrived) -> None:
    """The other system answered, or did not."""
    order, outcome = event.order, event.outcome
    draft.order_change = OrderChange(order.id, None)
    draft.request_id = order.request_id
    waiting = waiting_for(draft, order)
    if waiting is None:
        return draft.refuse(Reason.SETTLED_BEFORE)
    match outcome:
        case Delivered():
            return go_on(draft, waiting)
        case Rejected():
            return refused(draft, order, waiting, outcome.reason or Reason.CHECK_UNANSWERED)
        case RetryAt() | Unknown():
            at = outcome.at if isinstance(outcome, RetryAt) else event.at + ASK_AGAIN_MS
            if at >= order.until_at:
                return give_up(draft, waiting, Reason.CHECK_UNANSWERED)
            draft.order_change = OrderChange(order.id, again(order, at))
            return None


def on_question_fell_due(draft: Draft, event: OrderFellDue) -> None:
    """A question that waits is asked while its answer still matters, and in time."""
    order = event.order
    draft.order_change = OrderChange(order.id, None)
    draft.request_id = order.request_id
    waiting = waiting_for(draft, order)
    if waiting is None:
        return draft.refuse(Reason.SETTLED_BEFORE)
    if event.at >= order.until_at:
        return give_up(draft, waiting, Reason.CHECK_UNANSWERED)
    return draft.claim(order)


def waiting_for(draft: Draft, order: Order) -> Request | Subscription | None:
    """What still waits for this very question."""
    subscriber = draft.subscriber
    waiting = (
        subscriber.subscription(order.request_id)
        if order.key == STARTING
        else subscriber.request(order.request_id)
    )
    return waiting if waiting is not None and waiting.order_id == order.id else None


def go_on(draft: Draft, waiting: Request | Subscription) -> None:
    """Nothing speaks against it: ask the subscriber, or charge, by the rules of this moment."""
    if isinstance(waiting, Request):
        return ask(draft, structs.replace(waiting, order_id=0))
    if refusal := refusal_to_start(draft, waiting):
        return fail(draft, waiting, refusal)
    service = draft.rules.catalogue.services[waiting.service]
    return charge_first_period(draft, structs.replace(waiting, order_id=0), service)


def refused(draft: Draft, order: Order, waiting: Request | Subscription, reason: Reason) -> None:
    """The other system says no; a number that was given to somebody else ends its tenure."""
    if reason is not Reason.NUMBER_RECYCLED:
        return give_up(draft, waiting, reason)
    if is_known(draft, order):
        return go_on(draft, waiting)
    end_tenure(draft, draft.event.at, reason, Standing.IN_SERVICE)
    return tell(draft, waiting, Reason.CHECK_UNANSWERED)


def is_known(draft: Draft, order: Order) -> bool:
    """Say whether what is reported may be the change that began this tenure.

    Such systems tell by the day, and say the same again to whoever asks on that day.
    """
    held_at = draft.subscriber.line.held_at
    return held_at > 0 and held_at >= order.period_at // DAY_MS * DAY_MS


def give_up(draft: Draft, waiting: Request | Subscription, reason: Reason) -> None:
    """Nothing starts and nothing is charged; whoever wrote is told."""
    if isinstance(waiting, Subscription):
        return fail(draft, waiting, reason)
    draft.refuse(reason)
    draft.settle(structs.replace(waiting, order_id=0), RequestState.REFUSED, reason)
    return tell(draft, waiting, reason)


def tell(draft: Draft, waiting: Request | Subscription, reason: Reason) -> None:
    """Answer whoever asked by SMS; another channel shows the reason itself."""
    key = EXPLANATIONS[reason].text
    service = draft.rules.catalogue.services.get(waiting.service)
    by_sms = isinstance(waiting, Subscription) or waiting.channel is Channel.SMS
    if key is not None and service is not None and by_sms:
        reply(draft, key, about(draft, key, service), waiting.short_code)
