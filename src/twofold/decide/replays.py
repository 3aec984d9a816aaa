"""The same MO again: known by the SMSC's id where the bind gives one, else by its bytes and time.

Without an id, an equal message is a resend within ten seconds, or while our answer to the first one
may not have arrived; but only while nothing of the number has begun or ended since:
`DK`, `N`, `DK` in three seconds are three wishes.

An MO is remembered where it had its effect: on the request that it opened or the subscription that
it confirmed, else in the number's memory.
Ids are kept for hours in a table of their own.
"""

from collections.abc import Iterator
from typing import Final

from msgspec import structs

from twofold.decide.decision import Draft
from twofold.decide.memory import MAX_MEMORY
from twofold.domain.events import MessageReceived
from twofold.domain.states import RequestState, SubscriptionState
from twofold.domain.subscriber import Seen, Subscriber

RESEND_MS: Final = 10_000

FORGET_MS: Final = 2 * 3_600_000
"""Without an id, no SMSC resends later than this."""


def is_resent(subscriber: Subscriber, event: MessageReceived) -> bool:
    """Say whether the MO has had its effect already."""
    if event.key_is_sure:
        return any(seen.key == event.key for seen in subscriber.seen)
    for seen in remembered(subscriber):
        if seen.key != event.key or event.at - seen.at >= FORGET_MS:
            continue
        may_be_resent = event.at - seen.at < RESEND_MS or seen.at >= event.answered_before_at
        if may_be_resent and seen.digest == subscriber.digest:
            return True
    return False


def remembered(subscriber: Subscriber) -> Iterator[Seen]:
    """Every MO that the number's rows remember."""
    for request in subscriber.requests:
        if request.seen is not None:
            yield request.seen
    for subscription in subscriber.subscriptions:
        if subscription.seen is not None:
            yield subscription.seen
    yield from subscriber.memory.seen


def remember(draft: Draft, event: MessageReceived) -> None:
    """Keep the MO's key with what the number has become."""
    subscriber = draft.subscriber
    seen = Seen(event.key, event.at, subscriber.digest)
    if event.key_is_sure:
        draft.seen = seen
        draft.subscriber = structs.replace(subscriber, seen=(*subscriber.seen, seen))
        return
    for change in draft.changes:
        if change.before is None and on_its_row(draft, change.id, change.after, seen):
            return
    in_memory(draft, seen)


def note_resend(draft: Draft, event: MessageReceived) -> None:
    """The answer to a resend may be lost as well: what comes once more is held against this one."""
    if not event.key_is_sure:
        in_memory(draft, Seen(event.key, event.at, draft.subscriber.digest))


def in_memory(draft: Draft, seen: Seen) -> None:
    """Keep an MO in the number's memory, the latest time of each that is the same."""
    memory = draft.subscriber.memory
    recent = tuple(
        held
        for held in memory.seen
        if seen.at - held.at < FORGET_MS and (held.key, held.digest) != (seen.key, seen.digest)
    )
    kept = structs.replace(memory, seen=(*recent[-MAX_MEMORY + 1 :], seen))
    draft.subscriber = structs.replace(draft.subscriber, memory=kept)


def on_its_row(draft: Draft, id_: int, state: RequestState | SubscriptionState, seen: Seen) -> bool:
    """Note the MO on what it began, if that is still there."""
    subscriber = draft.subscriber
    if state is SubscriptionState.ACTIVATING:
        subscriptions = tuple(
            structs.replace(held, seen=seen) if held.id == id_ else held
            for held in subscriber.subscriptions
        )
        draft.subscriber = structs.replace(subscriber, subscriptions=subscriptions)
        return subscriber.subscription(id_) is not None
    requests = tuple(
        structs.replace(held, seen=seen) if held.id == id_ else held for held in subscriber.requests
    )
    draft.subscriber = structs.replace(subscriber, requests=requests)
    return subscriber.request(id_) is not None
