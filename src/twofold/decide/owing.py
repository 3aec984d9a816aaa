"""What is given back where a service ended before its welcome: no notice, no service, no charge.

Whether the SMSC takes a welcome may come out after the service has ended or the number has changed
hands, so what was paid is remembered until then.
"""

from collections.abc import Iterable

from msgspec import structs

from twofold.decide.decision import Draft
from twofold.decide.memory import with_owed
from twofold.domain.reason import Reason
from twofold.domain.subscriber import Owed, Subscription


def is_paid(subscription: Subscription) -> bool:
    """Say whether its first period is paid, and was not given back."""
    return subscription.renews_at is not None and not subscription.is_returned


def is_unreturned(subscription: Subscription) -> bool:
    """Say whether we have its money, though a complaint may hold it."""
    is_held = subscription.reason is Reason.SUBSCRIBER_DISPUTED and not subscription.is_returned
    return is_paid(subscription) or is_held


def owed_for(subscription: Subscription, tenure: int) -> Owed:
    """What is to be given back if its welcome does not arrive."""
    return Owed(
        subscription.id,
        subscription.service,
        tenure,
        subscription.confirmed_at,
        subscription.terms.price_minor,
        subscription.started_at or subscription.confirmed_at,
    )


def remember_owed(draft: Draft, ended: Iterable[Subscription]) -> None:
    """Keep what was paid so lately that its welcome may not be there yet, before it ends."""
    tenure, policy = draft.subscriber.tenure, draft.rules.policy
    paid = [owed_for(held, tenure) for held in ended if is_unreturned(held)]
    since_at = draft.event.at - policy.welcome_until_ms
    memory = with_owed(draft.subscriber.memory, paid, since_at)
    draft.subscriber = structs.replace(draft.subscriber, memory=memory)
