"""What a USSD session may do: it asks, refuses and looks up; it never confirms, and lifts nothing.

Held against every decision about what was dialled, whatever the number's life was like before.
"""

from typing import Final

from twofold.decide import Decision
from twofold.domain.events import UssdReceived
from twofold.domain.orders import OrderKind
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState, SubscriptionState
from twofold.domain.subscriber import Flag, Subscriber
from twofold.protocol.gsm import septets
from twofold.protocol.smpp.ussd import SCREEN_SEPTETS

DIALLED: Final = (
    *("THETHAO", "NHAC", "GAME", "DK THETHAO", "DK NHAC", "DK GAME", "TRUYEN", "KHONGCO"),
    *("Y", "Y THETHAO", "Y NHAC", "co", "4821", "1234", "MO", "CHAN", "N", "N NHAC"),
    *("HUY", "HUY THETHAO", "HUY ALL", "TK", "HD", "KN", "KN THETHAO", "1", ""),
)
"""The words of what is dialled; `*9166*THETHAO#` and the like are read before."""

BY_SMS_ALONE: Final = frozenset({"Y", "Y THETHAO", "Y NHAC", "CO", "MO"})
SCREEN_MS: Final = 20_000
BEGINS: Final = frozenset(
    {RequestState.CONFIRMED, SubscriptionState.ACTIVATING, SubscriptionState.ACTIVE}
)
LAPSES: Final = frozenset({RequestState.EXPIRED})
"""What may happen to a request whatever was dialled: its time is over."""

ANSWERS: Final = frozenset({OrderKind.SEND_REPLY, OrderKind.SEND_NOTICE})


def hold_session(before: Subscriber, decision: Decision) -> None:
    """It is answered on one screen that fits, and neither starts nor charges anything."""
    event = decision.event
    if not isinstance(event, UssdReceived):
        return
    (screen,) = [order for order in decision.orders if order.kind is OrderKind.ANSWER_USSD]
    assert (screen.source, screen.until_at) == (event.short_code, event.at + SCREEN_MS)
    assert 0 < septets(screen.text) <= SCREEN_SEPTETS
    texts = [order for order in decision.orders if order.kind in ANSWERS]
    shown = {order.text for order in texts if order.kind is OrderKind.SEND_REPLY}
    assert screen.text not in shown, "what is worth little later is shown or sent, not both"
    assert texts or screen.key != "ussd_by_sms", "what is announced must follow"
    after = {change.after for change in decision.changes}
    assert not after & BEGINS, "the second yes is an SMS"
    assert all(debit.kind is OrderKind.REFUND for debit in decision.debits)
    kept = {request.id: request.held for request in before.requests}
    for request in decision.after.requests:
        assert request.held == kept.get(request.id), "a dialled yes waits for no prompt either"
    assert before.flags & Flag.BLOCKED <= decision.after.flags & Flag.BLOCKED
    if (event.text or "").upper() in BY_SMS_ALONE:
        assert decision.reason is Reason.SMS_ALONE
        assert after <= LAPSES
        assert decision.orders == (screen,)
