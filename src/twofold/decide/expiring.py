"""Silence ends a request at its deadline; a prompt that the SMSC would not take ends it earlier."""

from typing import Final

from msgspec import structs

from twofold.decide.answered import give_up
from twofold.decide.answers import reply
from twofold.decide.checking import check_request
from twofold.decide.decision import Draft
from twofold.decide.keywords import Word
from twofold.decide.prompting import ask
from twofold.domain.events import CancelRequested, DeadlinePassed, MessageReceived
from twofold.domain.policy import Policy
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState
from twofold.domain.subscriber import Request

REFUSALS: Final = frozenset({Word.NO, Word.STOP, Word.STOP_ALL, Word.BLOCK})


def on_deadline_passed(draft: Draft, event: DeadlinePassed) -> None:
    """A request's timer fell due; it may have been settled or moved since."""
    draft.request_id = event.request_id
    request = draft.subscriber.request(event.request_id)
    if request is None or event.at < request.due_at:
        return draft.refuse(Reason.SETTLED_BEFORE)
    if request.state is RequestState.PENDING:
        return expire(draft, request)
    if request.state is RequestState.CHECKING:
        return on_waited(draft, request)
    if (until_at := answer_awaited_until(draft, request)) > event.at:
        return draft.put_request(structs.replace(request, due_at=until_at))
    draft.refuse(Reason.PROMPT_NOT_ACCEPTED)
    return draft.settle(request, RequestState.UNDELIVERABLE, Reason.PROMPT_NOT_ACCEPTED)


def on_waited(draft: Draft, request: Request) -> None:
    """The wait after a change of SIM is over; or a question has had no answer in its time."""
    if request.order_id:
        return give_up(draft, request, Reason.CHECK_UNANSWERED)
    if draft.rules.asks_number:
        return check_request(draft, request)
    return ask(draft, request)


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
    if is_asked_anew(draft, request) or service is None:
        return
    if draft.rules.policies[request.policy].expiry_notice:
        text = draft.rules.texts.about("expired", request.language, service)
        due_at = morning(draft, draft.rules.policies[request.policy])
        reply(draft, "expired", text, request.short_code, due_at=due_at)


def morning(draft: Draft, policy: Policy) -> int | None:
    """When a text that is not urgent may go out, if not now: the end of the quiet hours."""
    times, now_at = draft.rules.texts.times, draft.event.at
    is_night = times.is_within(now_at, policy.quiet_from_minute, policy.quiet_until_minute)
    if policy.expiry_notice_urgent or not is_night:
        return None
    return times.next_at(now_at, policy.quiet_until_minute)


def is_asked_anew(draft: Draft, request: Request) -> bool:
    """Say whether a fresh request took over while this one waited for timely replies only."""
    return any(held.service == request.service for held in draft.subscriber.requests)


def lapse(draft: Draft, effective_at: int) -> int:
    """Before a message is judged, expire what was over when it was sent; the id of the first.

    The entry of the message is kept under what it asks for, not under what lapsed on the way.
    Who writes is answered for what they wrote: the notice is for silence.
    What still waits for replies that were sent in time is set aside: this message does not see it,
    unless it refuses, for then there is nothing to wait for.
    """
    for request in draft.subscriber.requests:
        if not request.is_over(effective_at):
            continue
        if effective_at < request.due_at and not is_refusal(draft):
            draft.set_aside(request)
        else:
            draft.settle(request, RequestState.EXPIRED, Reason.NO_CONFIRMATION)
    lapsed_id, draft.request_id = draft.request_id, 0
    return lapsed_id


def is_refusal(draft: Draft) -> bool:
    """Say whether the event takes back what was asked for, whatever else it does."""
    event = draft.event
    if isinstance(event, MessageReceived):
        return (
            event.text is not None and draft.rules.keywords.understand(event.text).word in REFUSALS
        )
    return isinstance(event, CancelRequested)
