"""Silence ends a request at its deadline; a prompt that the SMSC would not take ends it earlier."""

from twofold.decide.decision import Draft
from twofold.decide.prompting import open_window
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
    if request.handed_over_at is not None:
        return open_window(draft, request, request.handed_over_at)
    draft.refuse(Reason.PROMPT_NOT_ACCEPTED)
    return draft.settle(request, RequestState.UNDELIVERABLE, Reason.PROMPT_NOT_ACCEPTED)


def expire(draft: Draft, request: Request) -> None:
    """End a request that nobody confirmed; where the policy wants it, say so."""
    draft.settle(request, RequestState.EXPIRED, Reason.NO_CONFIRMATION)


def lapse(draft: Draft, effective_at: int) -> None:
    """Before a message is judged, expire what was over when it was sent."""
    for request in draft.subscriber.requests:
        if request.state is RequestState.PENDING and effective_at >= request.due_at:
            expire(draft, request)
