"""Delivery receipts: they are evidence and confirm nothing; a failed prompt is repeated once."""

from typing import Final

from msgspec import structs

from twofold.decide.blocking import flag
from twofold.decide.decision import Draft
from twofold.decide.prompting import KEY, cannot_arrive, is_too_late, order_prompt
from twofold.domain.events import ReceiptArrived
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState
from twofold.domain.subscriber import Awaited, Copies, Flag, Request
from twofold.domain.terms import DAY_MS, MINUTE_MS

FAILED: Final = frozenset({"UNDELIVERABLE", "REJECTED", "DELETED"})

RAN_OUT_MS: Final = MINUTE_MS
"""A prompt that expires so near to its deadline has had all its time."""


def on_receipt(draft: Draft, event: ReceiptArrived) -> None:
    """What became of a text at the handset."""
    awaited = awaited_for(draft, event)
    if awaited is None:
        return draft.refuse(Reason.UNKNOWN_RECEIPT)
    draft.request_id, draft.tenure = awaited.request_id, awaited.tenure
    if not event.is_final:
        return None
    draft.reported = awaited
    if event.state == "DELIVERED":
        flag(draft, Flag.NO_SMS, is_set=False)
    # The same receipt twice in a batch has the text awaited twice; both are over now.
    remaining = tuple([held for held in draft.subscriber.awaited if held != awaited])
    draft.subscriber = structs.replace(draft.subscriber, awaited=remaining)
    request = draft.subscriber.request(awaited.request_id)
    if request is None or awaited.key != KEY or request.state is not RequestState.PENDING:
        return None
    if event.state == "DELIVERED":
        return on_delivered(draft, request, awaited.order_id)
    return (
        on_not_delivered(draft, request, awaited.order_id) if has_failed(request, event) else None
    )


def awaited_for(draft: Draft, event: ReceiptArrived) -> Awaited | None:
    """The text that the receipt is for."""
    for held in draft.subscriber.awaited:
        if held.message_id == event.message_id and held.smsc == event.smsc:
            return held
    return None


def has_failed(request: Request, event: ReceiptArrived) -> bool:
    """Say whether a prompt died before its time.

    Its validity ends with the printed deadline: one that expires then leaves the end to silence.
    """
    if event.state == "EXPIRED":
        printed_until_at = request.printed_until_at
        return printed_until_at is not None and event.at < printed_until_at - RAN_OUT_MS
    return event.state in FAILED


def is_second(request: Request, order_id: int) -> bool:
    """Say which of two copies an accepted text is."""
    known = request.copies_known
    return known is not None and known.second_id == order_id


def on_delivered(draft: Draft, request: Request, order_id: int) -> None:
    """A part of a copy has arrived; all parts of one copy make the prompt delivered."""
    known = request.copies_known
    if known is not None and is_second(request, order_id):
        left, failed = max(known.second_left - 1, 0), known.has_second_failed
        request = structs.replace(request, copies_known=structs.replace(known, second_left=left))
    else:
        left, failed = max(request.parts_left - 1, 0), known is not None and known.has_first_failed
        request = structs.replace(request, parts_left=left)
    if left == 0 and not failed and request.delivered_at is None:
        request = structs.replace(request, delivered_at=draft.event.at)
    draft.put_request(request)


def on_not_delivered(draft: Draft, request: Request, order_id: int) -> None:
    """A copy did not reach the handset: one more, unless another has arrived or still may."""
    policy = draft.rules.policies[request.policy]
    known = request.copies_known or Copies()
    if is_second(request, order_id):
        known = structs.replace(known, has_second_failed=True)
    else:
        known = structs.replace(known, has_first_failed=True)
    request = structs.replace(request, copies_known=known)
    draft.put_request(request)
    if request.order_id or request.delivered_at is not None or not cannot_arrive(request):
        return None
    event = draft.event
    if isinstance(event, ReceiptArrived) and event.has_no_sms:
        reason = Reason.NO_SMS_CAPABILITY
    elif request.copies < policy.prompt_max_copies and not is_too_late(request, event.at):
        return order_prompt(draft, request)
    else:
        reason = Reason.PROMPT_NOT_DELIVERED
    if reason is Reason.NO_SMS_CAPABILITY or has_failed_before(draft):
        reason = Reason.NO_SMS_CAPABILITY
        flag(draft, Flag.NO_SMS, is_set=True)
    draft.refuse(reason)
    return draft.settle(request, RequestState.UNDELIVERABLE, reason)


def has_failed_before(draft: Draft) -> bool:
    """Say whether another request of the last day ended like this: no text seems to arrive."""
    return any(
        line.state is RequestState.UNDELIVERABLE
        and line.asked_at
        and draft.event.at - line.at < DAY_MS
        for line in draft.subscriber.memory.settled
    )
