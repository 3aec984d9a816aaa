"""What others claim: a partner that it may charge or deliver, anyone that the subscriber replied.

Without an active subscription nothing may be provided or charged; with one, each period is
charged here, and a delivery is kept as what the partner said.
A reply comes by SMS over our own bind, so a call that claims to be one changes nothing at all.
"""

from typing import Final

from twofold.decide.decision import Draft
from twofold.domain.events import Claim, ReplyClaimed, ServiceClaimed
from twofold.domain.reason import Reason
from twofold.domain.states import SubscriptionState
from twofold.domain.subscriber import Subscription

PROVIDED: Final = frozenset({SubscriptionState.ACTIVE, SubscriptionState.GRACE})
"""States in which content may reach the subscriber."""


def on_service_claimed(draft: Draft, event: ServiceClaimed) -> None:
    """A partner says that it delivers, or wants money."""
    service = draft.rules.catalogue.find(event.service.upper())
    if service is None:
        return draft.refuse(Reason.UNKNOWN_SERVICE)
    held = consented(draft, event, service.code)
    if held is None:
        draft.request_id = asked_for(draft, event, service.code)
        return draft.refuse(Reason.CONSENT_REQUIRED)
    draft.request_id = held.id
    return draft.refuse(Reason.PERIODS_CHARGED_HERE) if event.claim is Claim.CHARGE else None


def consented(draft: Draft, event: ServiceClaimed, code: str) -> Subscription | None:
    """The partner's own active subscription of that service, and the very one that it names."""
    for held in draft.subscriber.subscriptions:
        if (
            held.service == code
            and held.partner == event.partner
            and held.state in PROVIDED
            and event.subscription_id in {0, held.id}
        ):
            return held
    return None


def asked_for(draft: Draft, event: ServiceClaimed, code: str) -> int:
    """The partner's own request that is still open, under which the claim is kept; else 0."""
    for request in draft.subscriber.requests:
        if request.service == code and request.partner == event.partner:
            return request.id
    return 0


def on_reply_claimed(draft: Draft, event: ReplyClaimed) -> None:  # noqa: ARG001 - whatever it says
    """Nothing that comes over HTTP is the subscriber's word."""
    draft.refuse(Reason.UNTRUSTED_SOURCE)
