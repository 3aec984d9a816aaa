"""The same MO again: known by the SMSC's id where the bind gives one, else by its bytes and time.

Without an id, an equal message is a resend within ten seconds, or while our answer to the first one
may not have arrived; but only while nothing of the number has begun or ended since:
`DK`, `N`, `DK` in three seconds are three wishes.
"""

from typing import Final

from msgspec import structs

from twofold.decide.decision import Draft
from twofold.domain.events import MessageReceived
from twofold.domain.subscriber import Seen, Subscriber

RESEND_MS: Final = 10_000


def is_resent(subscriber: Subscriber, event: MessageReceived) -> bool:
    """Say whether the MO has had its effect already."""
    for seen in subscriber.seen:
        if seen.key != event.key:
            continue
        if event.key_is_sure:
            return True
        may_be_resent = event.at - seen.at < RESEND_MS or seen.at >= event.answered_before_at
        if may_be_resent and seen.digest == subscriber.digest:
            return True
    return False


def remember(draft: Draft, event: MessageReceived) -> None:
    """Keep the MO's key with what the number has become."""
    seen = Seen(event.key, event.at, draft.subscriber.digest)
    draft.seen = seen
    draft.subscriber = structs.replace(draft.subscriber, seen=(*draft.subscriber.seen, seen))
