"""The same MO again: known by the SMSC's id where the bind gives one, else by its bytes and time.

Without an id, an equal message is a resend within ten seconds, or while our answer to the first one
may not have arrived; but only while nothing of the number has begun or ended since:
`DK`, `N`, `DK` in three seconds are three wishes.
A yes is held to more: one that may be either, a resend or something new, confirms nothing new and
is asked about (`may_be_resent`).

An MO is remembered where it had its effect: on the request that it opened or the subscription that
it confirmed, else in the number's memory.
Ids are kept for hours in a table of their own.
"""

from typing import Final

from msgspec import structs

from twofold.decide.decision import Draft
from twofold.decide.keywords import Word
from twofold.decide.memory import FORGET_MS, with_seen
from twofold.domain.events import MessageReceived
from twofold.domain.states import RequestState, SubscriptionState
from twofold.domain.subscriber import Seen, Subscriber

RESEND_MS: Final = 10_000


def is_resent(draft: Draft, event: MessageReceived) -> bool:
    """Say whether the MO has had its effect already.

    A yes is not passed over if a prompt went out since the equal one: it may be the answer.
    """
    subscriber = draft.subscriber
    if event.key_is_sure:
        return any(seen.key == event.key for seen in subscriber.seen)
    for seen in alike(subscriber, event):
        if seen.digest == subscriber.digest:
            return not (is_asked_since(subscriber, seen.at) and is_yes(draft, event))
    return False


def may_be_resent(subscriber: Subscriber, event: MessageReceived) -> bool:
    """Say whether nothing tells the MO from an equal one before the number's state changed."""
    return not event.key_is_sure and bool(alike(subscriber, event))


def alike(subscriber: Subscriber, event: MessageReceived) -> list[Seen]:
    """The equal MOs before, as long as this one may be one of them once more."""
    return [
        seen
        for seen in remembered(subscriber)
        if seen.key == event.key
        and event.at - seen.at < FORGET_MS
        and (event.at - seen.at < RESEND_MS or seen.at >= event.answered_before_at)
    ]


def is_asked_since(subscriber: Subscriber, at: int) -> bool:
    """Say whether a prompt was first handed over after a moment."""
    return any(
        held.handed_over_at is not None and held.handed_over_at > at for held in subscriber.requests
    )


def is_yes(draft: Draft, event: MessageReceived) -> bool:
    """Say whether it is a word of consent; a code tells its request by itself."""
    if event.text is None:
        return False
    wish = draft.rules.keywords.understand(event.text)
    return wish.word is Word.YES and not wish.code.isdecimal()


def remembered(subscriber: Subscriber) -> list[Seen]:
    """Every MO that the number's rows remember."""
    return [
        *[held.seen for held in subscriber.requests if held.seen is not None],
        *[held.seen for held in subscriber.subscriptions if held.seen is not None],
        *subscriber.memory.seen,
    ]


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
    memory = with_seen(draft.subscriber.memory, seen, seen.at)
    draft.subscriber = structs.replace(draft.subscriber, memory=memory)


def on_its_row(draft: Draft, id_: int, state: RequestState | SubscriptionState, seen: Seen) -> bool:
    """Note the MO on what it began, if that is still there."""
    subscriber = draft.subscriber
    if state is SubscriptionState.ACTIVATING:
        subscriptions = tuple(
            [
                structs.replace(held, seen=seen) if held.id == id_ else held
                for held in subscriber.subscriptions
            ]
        )
        draft.subscriber = structs.replace(subscriber, subscriptions=subscriptions)
        return subscriber.subscription(id_) is not None
    requests = tuple(
        [
            structs.replace(held, seen=seen) if held.id == id_ else held
            for held in subscriber.requests
        ]
    )
    draft.subscriber = structs.replace(subscriber, requests=requests)
    return subscriber.request(id_) is not None
