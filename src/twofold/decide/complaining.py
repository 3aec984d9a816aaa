"""A complaint stops the charges first, and is judged later: by SMS it is `KN`, on any short code.

`KN` and a service's code, or the proof's id that its welcome gave, opens one.
`KN` and a complaint's id says how it stands.
What is on is held without service or charge until the complaint is answered; what was not on yet
ends at once.
Complaining of the same thing again opens nothing new.
"""

from typing import Final

from msgspec import Struct, structs

from twofold.decide.answers import as_sold, hint, notify, plain, proof, reply
from twofold.decide.decision import Draft
from twofold.decide.validity import STOPS
from twofold.domain.events import MessageReceived
from twofold.domain.ids import parse_reference
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState, SubscriptionState
from twofold.domain.subscriber import (
    Channel,
    Complaint,
    ComplaintState,
    Grievances,
    Past,
    Request,
    Subscriber,
    Subscription,
)

HELD: Final = frozenset({SubscriptionState.ACTIVE, SubscriptionState.GRACE})
"""What is kept while it is disputed; everything else has nothing to keep, and ends."""


class Matter(Struct, frozen=True):
    """What a complaint is about."""

    id: int
    service: str
    short_code: str


def on_complaint(draft: Draft, event: MessageReceived, about: str) -> None:
    """The subscriber complains of a service, asks after a complaint, or says neither."""
    known = grievances(draft)
    if asked_after := complaint_of(known, about):
        return tell_standing(draft, asked_after, event.short_code)
    matter = matter_of(draft, about)
    if matter is None:
        return ask_what_is_wrong(draft, event)
    for earlier in known.complaints:
        if earlier.about_id == matter.id and earlier.state is ComplaintState.OPEN:
            return tell_standing(draft, earlier, event.short_code)
    return open_complaint(draft, matter, Channel.SMS, event.short_code)


def grievances(draft: Draft) -> Grievances:
    """What was loaded for an event about complaints."""
    known = draft.subscriber.grievances
    assert known is not None, "loaded for every event about complaints"
    return known


def complaint_of(known: Grievances, about: str) -> Complaint | None:
    """The number's complaint with that id."""
    id_ = parse_reference(about)
    return next((held for held in known.complaints if held.id == id_), None)


def matter_of(draft: Draft, about: str) -> Matter | None:
    """What is meant: by the service's code or a proof's id; bare, the only service that is on."""
    subscriber = draft.subscriber
    if not about:
        on = subscriber.subscriptions
        return matter(on[0]) if len(on) == 1 else None
    service, id_ = draft.rules.catalogue.find(about), parse_reference(about)
    code = about if service is None else service.code
    meant = [held for held in everything(subscriber) if held.service == code or held.id == id_]
    return matter(meant[0]) if meant else None


def everything(subscriber: Subscriber) -> tuple[Subscription | Request | Past, ...]:
    """All that may be complained about: what is on, what waits, and what is over, latest first."""
    known = subscriber.grievances or Grievances()
    return (*subscriber.subscriptions, *subscriber.requests, *reversed(known.past))


def matter(held: Subscription | Request | Past) -> Matter:
    """What a complaint must know of it."""
    return Matter(held.id, held.service, held.short_code)


def open_complaint(draft: Draft, about: Matter, channel: Channel, source: str) -> None:
    """Stop the charges, keep the complaint, and promise an answer."""
    event, subscriber = draft.event, draft.subscriber
    waited = subscriber.request(about.id)
    dispute(draft, about.id)
    draft.refuse(Reason.SUBSCRIBER_DISPUTED)
    draft.request_id = about.id
    complaint = Complaint(
        event.id,
        event.msisdn,
        subscriber.tenure,
        about.id,
        about.service,
        channel,
        ComplaintState.OPEN,
        event.at,
        event.at + draft.rules.policy.complaint_answer_ms,
    )
    draft.put_complaint(complaint)
    notify(draft, "complaint_open", written(draft, "complaint_open", complaint), source, about.id)
    if waited is not None:
        text = draft.rules.texts.about("declined", subscriber.language, as_sold(draft, waited))
        reply(draft, "declined", text, source)


def dispute(draft: Draft, id_: int) -> None:
    """Hold what is on, so that nothing charges or resumes it; end what is not on yet."""
    subscription, request = draft.subscriber.subscription(id_), draft.subscriber.request(id_)
    if subscription is not None and is_kept(subscription):
        return draft.put_subscription(
            structs.replace(
                subscription,
                state=SubscriptionState.SUSPENDED,
                reason=Reason.SUBSCRIBER_DISPUTED,
                renews_at=None,
                order_id=0,
            )
        )
    if subscription is not None:
        return draft.end(subscription, Reason.SUBSCRIBER_DISPUTED)
    if request is not None:
        return draft.settle(request, RequestState.DECLINED, Reason.SUBSCRIBER_DISPUTED)
    return None


def is_kept(subscription: Subscription) -> bool:
    """Say whether it is on, or was until the operator stopped its partner or service."""
    return subscription.state in HELD or subscription.reason in STOPS.values()


def tell_standing(draft: Draft, complaint: Complaint, source: str) -> None:
    """Say where a complaint stands."""
    draft.request_id = complaint.about_id
    reply(draft, "complaint_status", written(draft, "complaint_status", complaint), source)


def written(draft: Draft, key: str, complaint: Complaint) -> str:
    """Render a text on a complaint; a service that is no longer sold goes by its code."""
    service = draft.rules.catalogue.services.get(complaint.service)
    return draft.rules.texts.complaint(
        key,
        draft.subscriber.language,
        complaint.service if service is None else service.name,
        proof(complaint.id),
        by_at=complaint.answer_by_at,
    )


def ask_what_is_wrong(draft: Draft, event: MessageReceived) -> None:
    """Nothing was opened: say why, and what could be complained about."""
    draft.refuse(Reason.COMPLAINT_UNCLEAR)
    codes = tuple(dict.fromkeys(held.service for held in everything(draft.subscriber)))
    if not codes:
        text = plain(draft, "nothing_to_complain")
        return hint(draft, "nothing_to_complain", text, event.short_code)
    text = draft.rules.texts.plain("complain_which", draft.subscriber.language, codes=codes)
    return hint(draft, "complain_which", text, event.short_code)
