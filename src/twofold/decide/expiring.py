"""Silence ends a request at its deadline; a prompt that the SMSC would not take ends it earlier."""

from msgspec import structs

from twofold.decide.answers import reply
from twofold.decide.decision import Draft
from twofold.decide.prompting import ask
from twofold.domain.events import DeadlinePassed
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState
from twofold.domain.subscriber import Request


def on_deadline_passed(draft: Draft, event: DeadlinePassed) -> None:
    """A request's timer fell due; it may have been settled or moved since."""
    draft.request_id = event.request_id
    request = draft.subscriber.request(event.request_id)
    if request is None or event.at < request.due_at:
        return draft.refuse(Reason.SETTLED_BEFORE)
    if request.state is RequestState.PENDING:
        return expire(draft, request)
    if request.state is RequestState.CHECKING:
        return ask(draft, request)
    if (until_at := answer_awaited_until(draft, request)) > event.at:
        return draft.put_request(structs.replace(request, due_at=until_at))
    draft.refuse(Reason.PROMPT_NOT_ACCEPTED)
    return draft.settle(request, RequestState.UNDELIVERABLE, Reason.PROMPT_NOT_ACCEPTED)


def answer_awaited_until(draft: Draft, request: Request) -> int:
    """While the SMSC's answer to a prompt is out, nobody knows whether the subscriber was asked.

    The window may have opened with the hand-over; it is over a window after that.
    """
    if request.handed_over_at is None:
        return 0
    return request.handed_over_at + draft.rules.policies[request.policy].window_ms


def expire(draft: Draft, request: Request) -> None:
    """End a request that nobody confirmed; where the policy wants it, say so."""
    draft.settle(request, RequestState.EXPIRED, Reason.NO_CONFIRMATION)
    service = draft.rules.catalogue.services.get(request.service)
    if draft.rules.policies[request.policy].expiry_notice and service is not None:
        text = draft.rules.texts.about("expired", request.language, service)
        reply(draft, "expired", text, request.short_code)


def lapse(draft: Draft, effective_at: int) -> int:
    """Before a message is judged, expire what was over when it was sent; the id of the first.

    The entry of the message is kept under what it asks for, not under what lapsed on the way.
    Who writes is answered for what they wrote: the notice is for silence.
    """
    for request in draft.subscriber.requests:
        if request.state is RequestState.PENDING and effective_at >= request.due_at:
            draft.settle(request, RequestState.EXPIRED, Reason.NO_CONFIRMATION)
    lapsed_id, draft.request_id = draft.request_id, 0
    return lapsed_id
