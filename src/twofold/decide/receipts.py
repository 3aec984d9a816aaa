"""Delivery receipts: they are evidence and confirm nothing; a failed prompt is repeated once."""

from typing import Final

from msgspec import structs

from twofold.decide.decision import Draft
from twofold.decide.prompting import KEY, order_prompt
from twofold.domain.events import ReceiptArrived
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState
from twofold.domain.subscriber import Awaited, Request

FAILED: Final = frozenset({"UNDELIVERABLE", "REJECTED", "DELETED"})
"""EXPIRED is none: a prompt's validity ends with the deadline, and then silence has decided."""


def on_receipt(draft: Draft, event: ReceiptArrived) -> None:
    """What became of a text at the handset."""
    awaited = awaited_for(draft, event)
    if awaited is None:
        return draft.refuse(Reason.UNKNOWN_RECEIPT)
    draft.request_id = awaited.request_id
    if not event.is_final:
        return None
    draft.reported = awaited
    # The same receipt twice in a batch has the text awaited twice; both are over now.
    remaining = tuple(held for held in draft.subscriber.awaited if held != awaited)
    draft.subscriber = structs.replace(draft.subscriber, awaited=remaining)
    request = draft.subscriber.request(awaited.request_id)
    if request is None or awaited.key != KEY or request.state is not RequestState.PENDING:
        return None
    if event.state == "DELIVERED":
        return on_delivered(draft, request)
    return on_not_delivered(draft, request) if event.state in FAILED else None


def awaited_for(draft: Draft, event: ReceiptArrived) -> Awaited | None:
    """The text that the receipt is for."""
    for held in draft.subscriber.awaited:
        if held.message_id == event.message_id and held.smsc == event.smsc:
            return held
    return None


def on_delivered(draft: Draft, request: Request) -> None:
    """A part of the prompt has arrived; all of them make it delivered."""
    parts_left = max(request.parts_left - 1, 0)
    delivered_at = request.delivered_at
    if parts_left == 0 and delivered_at is None:
        delivered_at = draft.event.at
    draft.put_request(structs.replace(request, parts_left=parts_left, delivered_at=delivered_at))


def on_not_delivered(draft: Draft, request: Request) -> None:
    """No copy of the prompt reached the handset: one more, then nobody can be asked."""
    policy = draft.rules.policies[request.policy]
    if request.order_id or request.delivered_at is not None:
        return None
    if request.copies < policy.prompt_max_copies:
        return order_prompt(draft, request)
    draft.refuse(Reason.PROMPT_NOT_DELIVERED)
    return draft.settle(request, RequestState.UNDELIVERABLE, Reason.PROMPT_NOT_DELIVERED)
