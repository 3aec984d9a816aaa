"""What happens to the number itself: nothing of one holder reaches the next.

Reports come twice and out of order, so each is held against the latest of its kind: one that is not
later has had its effect, or speaks of a time that is over.
A number that changed hands is told nothing: whoever reads it now is somebody else.
"""

from collections.abc import Mapping
from typing import Final

from msgspec import UNSET, structs

from twofold.decide.answers import as_sold, notify
from twofold.decide.charging import refund_owed
from twofold.decide.decision import Draft
from twofold.decide.owing import is_unreturned, owed_for, remember_owed
from twofold.decide.sims import on_sim_changed
from twofold.domain.events import NumberChanged
from twofold.domain.numbers import Line, NumberChange, Standing
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState
from twofold.domain.subscriber import Grievances, Memory, Subscriber, Subscription

ENDS_TENURE: Final[Mapping[NumberChange, tuple[Reason, Standing]]] = {
    NumberChange.PORTED_OUT: (Reason.NUMBER_PORTED_OUT, Standing.PORTED_OUT),
    NumberChange.TERMINATED: (Reason.NUMBER_TERMINATED, Standing.TERMINATED),
    NumberChange.PORTED_IN: (Reason.NUMBER_PORTED_IN, Standing.IN_SERVICE),
    NumberChange.RECYCLED: (Reason.NUMBER_RECYCLED, Standing.IN_SERVICE),
    NumberChange.TRANSFERRED: (Reason.NUMBER_TRANSFERRED, Standing.IN_SERVICE),
}
"""What ends a tenure: why everything of it ends, and how the number stands afterwards."""

LEFT: Final = frozenset({Standing.PORTED_OUT, Standing.TERMINATED})
"""Nobody has the number here."""


def on_number_changed(draft: Draft, event: NumberChanged) -> None:
    """Bring what the number has in line with what happened to it."""
    if not is_news(draft.subscriber.line, event):
        return draft.refuse(Reason.SETTLED_BEFORE)
    if event.kind in ENDS_TENURE:
        reason, standing = ENDS_TENURE[event.kind]
        return end_tenure(draft, event.happened_at, reason, standing)
    if event.kind is NumberChange.SIM_CHANGED:
        return on_sim_changed(draft, event)
    standing = Standing.BARRED if event.kind is NumberChange.BARRED else Standing.IN_SERVICE
    line = structs.replace(draft.subscriber.line, standing=standing, standing_at=event.happened_at)
    draft.subscriber = structs.replace(draft.subscriber, line=line)
    return None


def is_news(line: Line, event: NumberChanged) -> bool:
    """Say whether nothing later is known already.

    Somebody may take a number in the very instant in which it was left, by whole days for one.
    """
    at, has_left = event.happened_at, line.standing in LEFT
    if event.kind in ENDS_TENURE:
        comes = ENDS_TENURE[event.kind][1] is Standing.IN_SERVICE
        return at > line.held_at or (at == line.held_at and has_left and comes)
    if event.kind is NumberChange.SIM_CHANGED:
        return at > max(line.sim_at, line.held_at) and not has_left
    return at > max(line.standing_at, line.held_at) and not has_left


def end_tenure(draft: Draft, happened_at: int, reason: Reason, standing: Standing) -> None:
    """Everything of a holder ends without a word to the number, and nothing of it is remembered.

    Money in flight is given back to whom it was taken from when its outcome comes, and what was
    paid for a welcome that is still on its way, if that never arrives.
    A report that comes late ends as well what the next holder has begun since; they paid for it,
    so they are told and get it back, and what is said of them since stays said.
    """
    draft.refuse(reason)
    since_at = happened_at if standing is Standing.IN_SERVICE else draft.event.at + 1
    theirs = begun_since(draft.subscriber, since_at)
    remember_owed(draft, [held for held in draft.subscriber.subscriptions if held not in theirs])
    for request in draft.subscriber.requests:
        draft.settle(request, RequestState.WITHDRAWN, reason)
    for subscription in draft.subscriber.subscriptions:
        draft.end(subscription, reason)
    before = draft.subscriber
    said = tuple(held for held in before.line.flagged if held[1] >= since_at)
    draft.subscriber = structs.replace(
        Subscriber(before.msisdn, before.tenure + 1),
        flags=before.flags & sum(flag for flag, _ in said),
        line=Line(standing, standing_at=happened_at, held_at=happened_at, flagged=said),
        spent_minor=None if before.spent_minor is None else 0,
        balance_minor=UNSET,
        seen=before.seen,
        awaited=before.awaited,
        unsettled=before.unsettled,
        memory=Memory(owed=before.memory.owed),
        grievances=None if before.grievances is None else Grievances(),
    )
    for subscription in theirs:
        give_back(draft, subscription, before.tenure)


def begun_since(subscriber: Subscriber, at: int) -> list[Subscription]:
    """What was asked for from then on and is paid: whoever came then has paid for it."""
    return [
        held for held in subscriber.subscriptions if held.requested_at >= at and is_unreturned(held)
    ]


def give_back(draft: Draft, subscription: Subscription, tenure: int) -> None:
    """Give back what the present holder paid under the tenure before theirs, and tell them."""
    refund_owed(draft, owed_for(subscription, tenure))
    amount_minor, service = subscription.terms.price_minor, as_sold(draft, subscription)
    texts, language = draft.rules.texts, subscription.language
    text = texts.about("refund", language, service, amount_minor=amount_minor)
    notify(draft, "refund", text, subscription.short_code, subscription.id)
