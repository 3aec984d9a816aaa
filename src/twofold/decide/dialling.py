"""USSD: a session asks, refuses, looks up and is answered on one screen; it never confirms.

The second yes is an SMS from the SIM, so what is typed here opens a request at most, and the
prompt goes out by SMS.
What would be answered by a text that is worth little later is shown in the session instead.
What must arrive goes by SMS and is shown as well.
"""

from typing import Final

from twofold.decide.answers import about, plain
from twofold.decide.decision import Draft
from twofold.decide.joining import Asking, join, not_on_air
from twofold.decide.keywords import Wish, Word
from twofold.decide.sims import mark_of
from twofold.domain.catalogue import Service
from twofold.domain.events import UssdReceived
from twofold.domain.orders import Order, OrderKind
from twofold.domain.reason import Reason
from twofold.domain.subscriber import Channel
from twofold.protocol.gsm import septets
from twofold.protocol.smpp.ussd import SCREEN_SEPTETS

SESSION_MS: Final = 20_000
"""A screen that has not left by then meets no session any more."""

TEXTS: Final = frozenset({OrderKind.SEND_REPLY, OrderKind.SEND_NOTICE})

BY_SMS_ALONE: Final = frozenset({Word.YES, Word.UNBLOCK})
"""What only an SMS from the SIM may do: it lets something begin."""


def wants_more(draft: Draft, event: UssdReceived) -> bool:
    """Ask about a service that is named, and refuse what only an SMS may do; False: neither."""
    wish = Wish(Word.OTHER) if event.text is None else draft.rules.keywords.understand(event.text)
    service = draft.rules.catalogue.find(wish.code) if wish.code else None
    if wish.word in BY_SMS_ALONE:
        draft.refuse(Reason.SMS_ALONE)
        return True
    is_named = wish.word is Word.OTHER and service is not None
    if wish.word is Word.JOIN or is_named:
        ask_about(draft, event, wish.code, service)
        return True
    return False


def ask_about(draft: Draft, event: UssdReceived, code: str, service: Service | None) -> None:
    """The first yes; only the SIM itself dials, so that it is the subscriber's own act."""
    asking = Asking(
        Channel.USSD,
        event.at,
        draft.subscriber.language,
        answered_from=event.short_code,
        sim=mark_of(draft.subscriber, event),
    )
    if service is None:
        draft.refuse(Reason.UNKNOWN_SERVICE)
        return not_on_air(draft, asking, code)
    return join(draft, asking, service)


def show(draft: Draft, event: UssdReceived) -> None:
    """Answer the session: with what would have been its text, else with what became of it."""
    texts = [order for order in draft.orders if order.kind in TEXTS]
    if not texts:
        key, text = outcome(draft)
    elif len(texts) == 1 and septets(texts[0].text) <= SCREEN_SEPTETS:
        key, text = texts[0].key, texts[0].text
        if texts[0].kind is OrderKind.SEND_REPLY:
            draft.orders.remove(texts[0])
    else:
        key, text = "ussd_by_sms", plain(draft, "ussd_by_sms")
    screen(draft, event, key, text)


def outcome(draft: Draft) -> tuple[str, str]:
    """What is shown where no text says it."""
    request = draft.subscriber.request(draft.request_id)
    asked = None if request is None else draft.rules.catalogue.services.get(request.service)
    if asked is not None and draft.reason in {None, Reason.REQUEST_OPEN}:
        return "ussd_asked", about(draft, "ussd_asked", asked)
    key = "ussd_sms_alone" if draft.reason is Reason.SMS_ALONE else "ussd_unchanged"
    return key, plain(draft, key)


def screen(draft: Draft, event: UssdReceived, key: str, text: str) -> Order:
    """Order the one screen of a session."""
    return draft.order(
        OrderKind.ANSWER_USSD,
        until_at=event.at + SESSION_MS,
        request_id=draft.request_id,
        key=key,
        source=event.short_code,
        text=text,
    )
