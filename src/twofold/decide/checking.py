"""Guards that must ask another system: whether the number, or its SIM, is still who it was.

A question is an order, and its outcome the next event.
Before a prompt the request is `checking`; after a confirmation the subscription is `activating`,
and the confirmation was committed, and held against its window, before anything was asked.
No answer ends what waits for it, uncharged and with a text, for joining fails closed.
Stopping never asks.
"""

from typing import Final

from msgspec import structs

from twofold.decide.decision import Draft
from twofold.domain.orders import Order, OrderKind, OrderState
from twofold.domain.states import RequestState
from twofold.domain.subscriber import Channel, Request, Subscriber, Subscription

JOINING: Final = "joining"
STARTING: Final = "starting"


def check_request(draft: Draft, request: Request) -> None:
    """Ask about the number before the subscriber is asked."""
    policy = draft.rules.policies[request.policy]
    until_at = draft.event.at + policy.check_max_wait_ms
    order = ask_about_number(draft, request.id, JOINING, request.channel, until_at)
    checking = structs.replace(
        request, state=RequestState.CHECKING, order_id=order.id, due_at=until_at
    )
    if draft.subscriber.request(request.id) is None:
        draft.add_request(checking)
    else:
        draft.put_request(checking)


def check_subscription(draft: Draft, subscription: Subscription) -> None:
    """Ask about the number after the yes and before the charge; the yes came from our own SIM."""
    policy = draft.rules.policies[subscription.policy]
    until_at = draft.event.at + policy.check_max_wait_ms
    order = ask_about_number(draft, subscription.id, STARTING, Channel.SMS, until_at)
    draft.put_subscription(structs.replace(subscription, order_id=order.id))


def ask_about_number(
    draft: Draft, request_id: int, key: str, channel: Channel, until_at: int
) -> Order:
    """Order the question; `source` says what brought the wish, since an own MO proves whose it is.

    What the number has now was agreed to by its holder then, so `period_at` reaches back to that.
    """
    order = draft.order(
        OrderKind.ASK_NUMBER,
        until_at=until_at,
        request_id=request_id,
        key=key,
        source=channel.value,
        period_at=relied_on_since(draft.subscriber, draft.event.at),
    )
    assert draft.orders[-1] is order
    return order


def relied_on_since(subscriber: Subscriber, now_at: int) -> int:
    """The oldest agreement or wish that counts on the number still having the same holder."""
    begun = [held.requested_at for held in subscriber.requests]
    begun += [held.requested_at for held in subscriber.subscriptions]
    return max(min(begun, default=now_at), subscriber.line.held_at)


def again(order: Order, at: int) -> Order:
    """The same question, to be asked once more."""
    return structs.replace(order, due_at=at, attempts=order.attempts + 1, state=OrderState.WAITING)
