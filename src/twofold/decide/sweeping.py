"""A sweep brings one number in line with the catalogue: what an operator stopped, or let go on.

The stop binds from its own commit: no guard waits for a sweep, which only ends what stands and
tells the subscriber, once.
It says nothing new the second time, so that it can be repeated after a crash.
"""

from msgspec import structs

from twofold.decide.answers import as_sold, notify
from twofold.decide.decision import Draft
from twofold.decide.validity import stopped
from twofold.domain.catalogue import StopKind
from twofold.domain.events import CatalogueSwept
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState, SubscriptionState
from twofold.domain.subscriber import Request, Subscription

ON = frozenset({SubscriptionState.ACTIVE, SubscriptionState.GRACE})
"""What is paused; a start that is under way ends by its own guards."""

PAUSED = frozenset({Reason.PARTNER_SUSPENDED, Reason.SERVICE_SUSPENDED})
"""What a subscription is suspended for while a stop lasts."""


def on_swept(draft: Draft, event: CatalogueSwept) -> None:
    """Close, pause or resume what the newest catalogue says, whatever the sweep was begun for."""
    for request in draft.subscriber.requests:
        if reason := stopped(request, draft.rules):
            close(draft, request, reason)
    for subscription in draft.subscriber.subscriptions:
        reason = stopped(subscription, draft.rules)
        if reason is not None and subscription.state in ON:
            pause(draft, subscription, reason)
        elif reason is None and is_resumed(subscription, event):
            resume(draft, subscription, event.paused_ms)
    if not draft.changes:
        draft.refuse(Reason.SETTLED_BEFORE)


def close(draft: Draft, request: Request, reason: Reason) -> None:
    """A request that nobody may confirm any more ends, and its subscriber is told."""
    draft.refuse(reason)
    draft.settle(request, RequestState.WITHDRAWN, reason)
    text = draft.rules.texts.plain("not_on_air", request.language, code=request.service)
    notify(draft, "not_on_air", text, request.short_code, request.id)


def pause(draft: Draft, subscription: Subscription, reason: Reason) -> None:
    """What is on is held: no renewal, no charge, until the stop is over."""
    draft.refuse(reason)
    stops = draft.rules.catalogue.stops
    partner, code = subscription.partner, subscription.service
    since_at = min(stop.since_at for stop in stops if stop.hits(partner, code))
    held = structs.replace(
        subscription, state=SubscriptionState.SUSPENDED, reason=reason, paused_at=since_at
    )
    draft.put_subscription(held)
    texts, service = draft.rules.texts, as_sold(draft, subscription)
    text = texts.about("stopped_by_operator", draft.subscriber.language, service, by_at=since_at)
    notify(draft, "stopped_by_operator", text, subscription.short_code, subscription.id)


def is_resumed(subscription: Subscription, event: CatalogueSwept) -> bool:
    """Say whether it waits for the end of the very stop that is over."""
    name = subscription.partner if event.kind is StopKind.PARTNER else subscription.service
    return bool(event.paused_ms) and name == event.name and subscription.reason in PAUSED


def resume(draft: Draft, subscription: Subscription, paused_ms: int) -> None:
    """What was held goes on: the period that was paid ends as much later as it was held.

    It was held until now, by whichever stops; `paused_ms` is how long the last one of them lasted.
    """
    now_at, paused_at = draft.event.at, subscription.paused_at
    held_ms = paused_ms if paused_at is None else now_at - paused_at
    ends_at = subscription.renews_at
    renews_at = (
        now_at + subscription.terms.period.duration_ms if ends_at is None else ends_at + held_ms
    )
    draft.put_subscription(
        structs.replace(
            subscription,
            state=SubscriptionState.ACTIVE,
            reason=None,
            renews_at=renews_at,
            paused_at=None,
        )
    )
    texts, service = draft.rules.texts, as_sold(draft, subscription)
    text = texts.about("resumed_by_operator", draft.subscriber.language, service, when_at=renews_at)
    notify(draft, "resumed_by_operator", text, subscription.short_code, subscription.id)
