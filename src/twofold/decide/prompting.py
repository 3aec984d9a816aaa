"""The prompt: handed over, accepted, refused or lost; and the window that its acceptance opens.

At most two copies of one request's prompt may have reached the handset.
Definite refusals do not count; a copy whose answer was lost does, and the window then opens at
its first hand-over.
"""

from msgspec import structs

from twofold.decide.codes import count_wrong
from twofold.decide.confirming import confirm, nothing_pending, withdraw
from twofold.decide.decision import Draft, OrderChange
from twofold.decide.rules import Rules
from twofold.decide.validity import refusal_now, refused_standing, unfit_prompt
from twofold.domain.events import OrderFellDue, OutcomeArrived
from twofold.domain.ids import born_at
from twofold.domain.orders import (
    Delivered,
    Order,
    OrderKind,
    OrderState,
    Rejected,
    RetryAt,
    Unknown,
)
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState
from twofold.domain.subscriber import Copies, Request
from twofold.domain.terms import LATE_MS, MINUTE_MS

KEY = "confirm_request"


def ask(draft: Draft, request: Request) -> None:
    """What had to be waited for is over: the subscriber is asked now."""
    if refusal := refused_standing(draft.subscriber):
        return withdraw(draft, request, refusal)
    wait_ms = draft.rules.policies[request.policy].prompt_max_wait_ms
    waiting = structs.replace(
        request, state=RequestState.WAITING_PROMPT, due_at=draft.event.at + wait_ms
    )
    draft.put_request(waiting)
    return order_prompt(draft, waiting)


def order_prompt(draft: Draft, request: Request) -> None:
    """Order a copy of the prompt: it leaves with this commit, or another decision claims it."""
    if refusal := why_unsent(request, draft.rules, draft.event.at):
        withdraw(draft, request, refusal)
        return
    if is_too_late(request, draft.event.at):
        return
    order = draft.order(
        OrderKind.SEND_PROMPT,
        until_at=request.deadline_at,
        request_id=request.id,
        key=KEY,
        source=request.short_code,
        party=request.partner,
    )
    asked = structs.replace(request, order_id=order.id)
    if order.state is OrderState.CLAIMED:
        asked, draft.orders[-1] = hand_over(draft, asked, order)
    draft.put_request(asked)


def why_unsent(request: Request, rules: Rules, now_at: int) -> Reason | None:
    """Why a prompt may not leave now; None when it may."""
    return refusal_now(request, rules, now_at) or unfit_prompt(request, rules)


def is_too_late(request: Request, now_at: int) -> bool:
    """Say whether nobody would still answer: the timer is due, or the printed deadline is past."""
    printed_until_at = request.printed_until_at
    return now_at >= request.deadline_at or (
        printed_until_at is not None and now_at >= printed_until_at
    )


def hand_over(draft: Draft, request: Request, order: Order) -> tuple[Request, Order]:
    """Count a copy and fix its text: later copies repeat the first one's deadline to the letter."""
    policy = draft.rules.policies[request.policy]
    printed_until_at = request.printed_until_at
    if printed_until_at is None:
        printed_until_at = (draft.event.at + policy.window_ms) // MINUTE_MS * MINUTE_MS
    text = draft.rules.texts.prompt(
        draft.rules.catalogue.services[request.service],
        request.language,
        request.names_service,
        printed_until_at,
        "" if request.code is None else request.code.digits,
        request.replaces,
    )
    handed = structs.replace(
        request,
        copies=request.copies + 1,
        handed_over_at=request.handed_over_at or draft.event.at,
        printed_until_at=printed_until_at,
    )
    return handed, structs.replace(
        order, text=text, until_at=printed_until_at, state=OrderState.CLAIMED
    )


def on_prompt_fell_due(draft: Draft, event: OrderFellDue) -> None:
    """A waiting prompt may go out: it is dropped if the request no longer wants it."""
    order = event.order
    request = asked_by(draft, order)
    if request is None:
        return
    draft.order_change = OrderChange(order.id, None)
    if refusal := why_unsent(request, draft.rules, event.at):
        withdraw(draft, request, refusal)
        return
    if is_too_late(request, event.at):
        give_up_copy(draft, structs.replace(request, order_id=0))
        return
    handed, claimed = hand_over(draft, request, order)
    draft.put_request(handed)
    draft.order_change = OrderChange(order.id, claimed)


def give_up_copy(draft: Draft, request: Request) -> None:
    """A copy will not leave any more: unless another may arrive, nobody was asked."""
    if not cannot_arrive(request):
        draft.put_request(request)
        return
    draft.refuse(Reason.PROMPT_NOT_DELIVERED)
    draft.settle(request, RequestState.UNDELIVERABLE, Reason.PROMPT_NOT_DELIVERED)


def asked_by(draft: Draft, order: Order) -> Request | None:
    """The request that still wants this order; else the order is settled."""
    request = draft.subscriber.request(order.request_id)
    if request is not None and request.order_id == order.id:
        return request
    draft.order_change = OrderChange(order.id, None)
    draft.refuse(Reason.SETTLED_BEFORE)
    draft.request_id = order.request_id
    return None


def on_prompt_outcome(draft: Draft, event: OutcomeArrived) -> None:
    """What the SMSC said of a prompt, or that it said nothing."""
    order, outcome = event.order, event.outcome
    request = asked_by(draft, order)
    if request is None:
        return
    match outcome:
        case Delivered():
            draft.order_change = OrderChange(order.id, None)
            draft.accept(order, outcome)
            request = structs.replace(request, order_id=0)
            open_window(draft, accepted(request, order, len(outcome.message_ids)), event.at)
        case RetryAt():
            retry(draft, request, order, outcome)
        case Rejected():
            give_up(draft, request, order)
        case Unknown():
            on_lost_answer(draft, request, order)


def accepted(request: Request, order: Order, parts: int) -> Request:
    """Note how many receipts are awaited for which copy."""
    if request.copies == 1:
        return structs.replace(request, parts_left=parts)
    known = structs.replace(request.copies_known or Copies(), second_id=order.id, second_left=parts)
    return structs.replace(request, copies_known=known)


def cannot_arrive(request: Request) -> bool:
    """Say whether every copy that went out is known to have failed."""
    known = request.copies_known
    if known is None or not known.has_first_failed:
        return False
    return request.copies == 1 or known.has_second_failed


def open_window(draft: Draft, request: Request, opened_at: int) -> None:
    """Begin the confirmation window, once; then decide a reply that had to wait for it."""
    if request.state is RequestState.WAITING_PROMPT:
        window_ms = draft.rules.policies[request.policy].window_ms
        late_ms = LATE_MS if request.short_code in draft.rules.timed_codes else 0
        request = structs.replace(
            request,
            state=RequestState.PENDING,
            opened_at=opened_at,
            due_at=opened_at + window_ms + late_ms,
            late_ms=late_ms,
        )
    held = request.held
    request = structs.replace(request, held=None) if held else request
    draft.put_request(request)
    if held is not None:
        confirm(draft, request, held.effective_at)


def retry(draft: Draft, request: Request, order: Order, outcome: RetryAt) -> None:
    """It certainly did not go out: this copy does not count, and another try waits."""
    uncounted = without_copy(request)
    if not uncounted.copies:
        wait_ms = draft.rules.policies[request.policy].prompt_max_wait_ms
        waits_from_at = max(request.requested_at, born_at(order.id))
        due_at = min(request.due_at, waits_from_at + wait_ms)
        uncounted = structs.replace(uncounted, due_at=due_at)
    uncounted = structs.replace(uncounted, held=None)
    draft.put_request(uncounted)
    draft.order_change = OrderChange(
        order.id,
        structs.replace(
            order, text="", due_at=outcome.at, attempts=order.attempts + 1, state=OrderState.WAITING
        ),
    )
    if request.held is not None:
        on_guess(draft, uncounted)


def on_guess(draft: Draft, request: Request) -> None:
    """The reply that was kept came before anybody was asked: it was a guess."""
    if request.code is not None and draft.subscriber.request(request.id) is not None:
        return count_wrong(draft, [request])
    return nothing_pending(draft, request.short_code, request.service)


def without_copy(request: Request) -> Request:
    """Take back a copy that certainly did not reach the handset."""
    if request.copies > 1:
        return structs.replace(request, copies=request.copies - 1)
    return structs.replace(request, copies=0, handed_over_at=None, printed_until_at=None)


def give_up(draft: Draft, request: Request, order: Order) -> None:
    """The SMSC refuses it for good: without any copy out, nobody can be asked."""
    draft.order_change = OrderChange(order.id, None)
    uncounted = structs.replace(without_copy(request), order_id=0, held=None)
    if uncounted.copies and not cannot_arrive(uncounted):
        draft.put_request(uncounted)
    else:
        draft.settle(uncounted, RequestState.UNDELIVERABLE, Reason.PROMPT_REFUSED)
    if request.held is not None:
        on_guess(draft, uncounted)
    draft.refuse(Reason.PROMPT_REFUSED)


def on_lost_answer(draft: Draft, request: Request, order: Order) -> None:
    """It may have gone out: the window opened at the hand-over, and one more copy may follow."""
    assert request.handed_over_at is not None
    again = request.copies < draft.rules.policies[request.policy].prompt_max_copies
    kept = order.id if again else 0
    waiting = structs.replace(
        order, due_at=draft.event.at, attempts=order.attempts + 1, state=OrderState.WAITING
    )
    draft.order_change = OrderChange(order.id, waiting if again else None)
    open_window(draft, structs.replace(request, order_id=kept), request.handed_over_at)
