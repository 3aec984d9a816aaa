"""Texts back to the subscriber: plain answers, look-up, and help that never floods."""

from typing import Final, TypeVar

from msgspec import structs

from twofold.decide.decision import Draft
from twofold.decide.memory import MAX_MEMORY
from twofold.decide.validity import stopped
from twofold.domain.catalogue import Service, Stage
from twofold.domain.events import MessageReceived
from twofold.domain.ids import reference
from twofold.domain.orders import OrderKind
from twofold.domain.reason import Reason
from twofold.domain.states import SubscriptionState
from twofold.domain.subscriber import Hint, Request, Subscription
from twofold.domain.terms import DAY_MS
from twofold.texts import ListLine

M = TypeVar("M", bound=MessageReceived)

REPLY_MS: Final = 3_600_000
"""An answer is worth nothing later than this."""

MAX_LISTED: Final = 16
"""Services of a list that can be stopped by their number; the list has the code of each."""

NOTICE_MS: Final = DAY_MS
"""A text that must arrive is tried for this long."""


def answerable(draft: Draft, event: M) -> M:
    """The same with a code from which texts can leave: what it came to may be none.

    Whatever an SMSC hands us is obeyed, and answered, by whichever code it came.
    """
    source = carried(draft, event.short_code)
    return event if source == event.short_code else structs.replace(event, short_code=source)


def carried(draft: Draft, to: str) -> str:
    """The code from which something that came to `to` is answered."""
    return to if to in draft.rules.short_codes else draft.rules.operator.lookup_code


def reply(draft: Draft, key: str, text: str, source: str, *, due_at: int | None = None) -> None:
    """Answer with a text that is worth little later; with `due_at`, not before then."""
    draft.order(
        OrderKind.SEND_REPLY,
        until_at=(due_at or draft.event.at) + REPLY_MS,
        due_at=due_at,
        key=key,
        source=source,
        text=text,
    )


def notify(draft: Draft, key: str, text: str, source: str, request_id: int) -> None:
    """Send a text that must arrive."""
    draft.order(
        OrderKind.SEND_NOTICE,
        until_at=draft.event.at + NOTICE_MS,
        request_id=request_id,
        key=key,
        source=source,
        text=text,
    )


def about(draft: Draft, key: str, service: Service) -> str:
    """Render a text on one service that needs nothing but the service."""
    return draft.rules.texts.about(key, draft.subscriber.language, service)


def plain(draft: Draft, key: str) -> str:
    """Render a text that needs nothing."""
    return draft.rules.texts.plain(key, draft.subscriber.language)


def hint(draft: Draft, key: str, text: str, source: str) -> None:
    """Send a text that only explains, unless the number has had enough of that kind."""
    policy, now_at, memory = draft.rules.policy, draft.event.at, draft.subscriber.memory
    recent = tuple(line for line in memory.hints if now_at - line.at < DAY_MS)
    alike = [line for line in recent if line.key == key]
    if len(alike) >= policy.hints_a_day or any(
        now_at - line.at < policy.hint_gap_ms for line in alike
    ):
        return
    lines = (*recent[-MAX_MEMORY + 1 :], Hint(key, now_at))
    draft.subscriber = structs.replace(
        draft.subscriber, memory=structs.replace(memory, hints=lines)
    )
    reply(draft, key, text, source)


def hinted_since(draft: Draft, key: str, at: int) -> bool:
    """Say whether a text of that kind was sent at `at` or later."""
    return any(line.key == key and line.at >= at for line in draft.subscriber.memory.hints)


def on_help(draft: Draft, event: MessageReceived) -> None:
    """The subscriber asks how this works."""
    hint(draft, "help", plain(draft, "help"), event.short_code)


def on_not_understood(draft: Draft, event: MessageReceived, reason: Reason) -> None:
    """A text that is no keyword is no consent: offer help."""
    draft.refuse(reason)
    on_help(draft, event)


def on_list(draft: Draft, event: MessageReceived) -> None:
    """Tell all that is on or waits, what it costs and how to stop it; free, on any short code."""
    texts, subscriber = draft.rules.texts, draft.subscriber
    spent_minor = subscriber.spent_minor or 0
    lines = list_lines(draft)
    remember_list(draft, lines)
    if lines:
        reply(
            draft,
            "tk_list",
            texts.listing(subscriber.language, lines, spent_minor),
            event.short_code,
        )
    else:
        reply(
            draft,
            "tk_empty",
            texts.empty_listing(subscriber.language, spent_minor),
            event.short_code,
        )


def remember_list(draft: Draft, lines: list[ListLine]) -> None:
    """Keep the order of several: `HUY 2` means the second of the list that was last sent."""
    memory = draft.subscriber.memory
    listed = tuple(line.code for line in lines[:MAX_LISTED]) if len(lines) > 1 else ()
    if listed != memory.listed:
        kept = structs.replace(memory, listed=listed)
        draft.subscriber = structs.replace(draft.subscriber, memory=kept)


def list_lines(draft: Draft) -> list[ListLine]:
    """One line for each live subscription and each open request."""
    active = [
        ListLine(
            name_of(draft, held.service),
            held.service,
            held.short_code,
            held.terms,
            held.renews_at,
            pending=False,
            paused=held.state is SubscriptionState.SUSPENDED or bool(stopped(held, draft.rules)),
        )
        for held in draft.subscriber.subscriptions
    ]
    pending = [
        ListLine(
            name_of(draft, held.service),
            held.service,
            held.short_code,
            held.terms,
            None,
            pending=True,
        )
        for held in draft.subscriber.requests
    ]
    return active + pending


def as_sold(draft: Draft, held: Request | Subscription) -> Service:
    """Its service, or what its holder has of one that is sold no more: no end is left untold."""
    service = draft.rules.catalogue.services.get(held.service)
    if service is not None:
        return service
    named = (held.service, held.partner, held.service, held.short_code)
    return Service(*named, held.terms, Stage.OFF)


def name_of(draft: Draft, code: str) -> str:
    """A service's name, or its code where the catalogue no longer has it."""
    service = draft.rules.catalogue.services.get(code)
    return code if service is None else service.name


def proof(request_id: int) -> str:
    """The reference that the subscriber is given for a request or subscription."""
    return reference(request_id)
