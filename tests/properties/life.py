"""A number's life in random order: all that may come in, and a ledger of what was seen outside.

The ledger knows what left and how it went, since this file plays SMSC and charging system.
It holds the decisions against that: what nobody was asked, or agreed to in time, must not be.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from hashlib import blake2b

from msgspec import Struct, field

from tests.unit.decide.example import WINDOW_MS
from twofold.decide import Decision
from twofold.domain.catalogue import Service
from twofold.domain.events import (
    AccountAsked,
    CancelRequested,
    Claim,
    Event,
    MessageReceived,
    NumberChanged,
    OutcomeArrived,
    ReceiptArrived,
    ReplyClaimed,
    Requested,
    ServiceClaimed,
)
from twofold.domain.ids import IdSource
from twofold.domain.numbers import NumberChange
from twofold.domain.orders import (
    Delivered,
    Order,
    OrderKind,
    OrderState,
    Outcome,
    Rejected,
    RetryAt,
    Unknown,
)
from twofold.domain.states import OPEN_REQUEST, RequestState, SubscriptionState, allowed
from twofold.domain.subscriber import Channel, Subscriber
from twofold.domain.terms import MINUTE_MS, SKEW_MS

TEXTS = (
    *("DK THETHAO", "DK NHAC", "DK GAME", "DK TRUYEN", "DK BOITOAN", "DK KHONGCO"),
    *("Y", "Y THETHAO", "Y NHAC", "Y GAME", "Y KHONGCO", "co", "Y?", "N", "N NHAC", "TC"),
    *("HUY", "HUY THETHAO", "HUY GAME", "HUY ALL", "stop di", "TK", "HD", "gi vay"),
    *("CHAN", "MO", "KN", "KN THETHAO", "KN GAME", "KN KHONGCO"),
)
SHORT_CODES = ("9166", "1579", "123")
PAUSES_MS = (1, 999, 9_999, 10_000, MINUTE_MS, 10 * MINUTE_MS, 60 * MINUTE_MS, 2 * 60 * MINUTE_MS)
LONG_PAUSES_MS = (WINDOW_MS - 1, WINDOW_MS, 24 * 60 * MINUTE_MS)

KINDS = ("prompt", "prompt", "money", "money", "notice", "reply")
OUTCOMES = ("delivered", "delivered", "later", "refused", "unknown", "unknown")
REPORTS = ("DELIVERED", "UNDELIVERABLE", "UNDELIVERABLE", "EXPIRED", "ACCEPTED")
OPENING_MINOR = 13_000
"""What an account begins with: enough for a few periods, and soon too little."""

YES = ("y", "co")

OPEN = frozenset(OPEN_REQUEST)


class Asked(Struct):
    """What left for one request, and how that went."""

    born_at: int
    service: str
    price_minor: int
    copies: int = 0
    """Prompts that may have reached the handset."""
    handed_over_at: int | None = None
    open_from: int | None = None
    """When the window opened, as far as the SMSC's answers tell."""
    ended: int = 0
    confirmed_at: int | None = None


class Ledger(Struct):
    """What was seen outside."""

    asked: dict[int, Asked] = field(default_factory=dict)
    yes_at: list[int] = field(default_factory=list)
    charged: Counter[tuple[int, int]] = field(default_factory=Counter)
    returned: Counter[tuple[int, int]] = field(default_factory=Counter)
    stopped: set[int] = field(default_factory=set)
    welcomed: set[int] = field(default_factory=set)
    disputed: set[int] = field(default_factory=set)
    tenure: int = 0
    balance_minor: int = OPENING_MINOR
    order_ids: set[int] = field(default_factory=set)


class Life:
    """One number as the outside knows it: orders that are out, texts that await receipts."""

    def __init__(self, msisdn: int, now_at: int, ids: IdSource | None = None) -> None:
        self.msisdn = msisdn
        self.now_at = now_at
        self.ids = ids or IdSource()
        self.out: dict[int, Order] = {}
        self.waiting: dict[int, Order] = {}
        self.texts: list[str] = []
        self.last: MessageReceived | None = None
        self.ledger = Ledger()

    # -- what may come in --------------------------------------------------------------------------

    def message(
        self, text: str | None, to: str, id_: str = "", early_ms: int = 0
    ) -> MessageReceived:
        """An MO; by the SMSC's trusted time it was sent `early_ms` before it came."""
        raw = b"\xff" if text is None else text.encode()
        key = blake2b(f"{self.msisdn} {to} {text} {id_}".encode(), digest_size=8).digest()
        self.last = MessageReceived(
            *(self._id(), self.now_at, self.msisdn, to, "main", 0, raw, text, key, id_ != ""),
            self.now_at - early_ms,
        )
        return self.last

    def asked(self, channel: Channel, service: str) -> Requested:
        """A wish for a service over another channel than an SMS."""
        where = (self._id(), self.now_at, self.msisdn, channel, "", service)
        return Requested(*where, language=None, proof=None)

    def cancelled(self, channel: Channel, target_id: int) -> CancelRequested:
        """An end over another channel than an SMS."""
        return CancelRequested(self._id(), self.now_at, self.msisdn, channel, "", target_id)

    def claimed(self, claim: Claim, service: str) -> ServiceClaimed:
        """A partner says that it delivers, or asks for money."""
        where = (self._id(), self.now_at, self.msisdn, Channel.PARTNER, "abc")
        return ServiceClaimed(*where, claim, service, "ref")

    def changed(self, kind: NumberChange, happened_at: int) -> NumberChanged:
        """The operator's systems report something of the number itself; ids grow."""
        id_, *more_ids = (self._id() for _ in range(4))
        where = (id_, self.now_at, self.msisdn)
        return NumberChanged(*where, kind, happened_at, tuple(more_ids))

    def spoken_for(self, raw: bytes) -> ReplyClaimed:
        """A call that claims to be the subscriber's reply."""
        return ReplyClaimed(self._id(), self.now_at, self.msisdn, Channel.PARTNER, "abc", raw)

    def again(self) -> MessageReceived | None:
        """The last MO, delivered once more."""
        last = self.last
        if last is None:
            return None
        return MessageReceived(
            *(self._id(), self.now_at, self.msisdn, last.short_code, last.smsc, last.data_coding),
            *(last.raw, last.text, last.key, last.key_is_sure, self.now_at),
        )

    def outcome(self, kind: str, how: str) -> OutcomeArrived | None:
        """How the oldest order of a kind that is out went: `prompt`, `notice`, `reply`, `money`."""
        order = next((held for held in self.out.values() if kind_of(held) == kind), None)
        if order is None:
            return None
        del self.out[order.id]
        outcome: Outcome
        match how:
            case "delivered":
                message_ids = () if kind == "money" else (f"m{self.ids.next(self.now_at)}",)
                outcome = Delivered("main", message_ids)
            case "later":
                outcome = RetryAt(self.now_at + 5_000, "busy")
            case "refused":
                outcome = Rejected("no")
            case _:
                outcome = Unknown("no answer")
        return OutcomeArrived(self._id(), self.now_at, self.msisdn, order, outcome)

    def receipt(self, back: int, state: str) -> ReceiptArrived | None:
        """A receipt for one of the latest texts that were accepted, or for one that never was."""
        message_id = self.texts[-back] if 0 < back <= len(self.texts) else "nobody's"
        return ReceiptArrived(
            *(self._id(), self.now_at, self.msisdn, "main", message_id, state),
            is_final=state != "ACCEPTED",
            raw=b"receipt",
        )

    def _id(self) -> int:
        return self.ids.next(self.now_at)

    # -- what came of it ---------------------------------------------------------------------------

    def note(self, before: Subscriber, decision: Decision) -> None:
        """Hold a decision against the ledger, and keep what it let out."""
        self._note_holder(decision.after)
        self._note_outcome(decision.event)
        event = decision.event
        if isinstance(event, MessageReceived) and (event.text or "").lower().startswith(YES):
            self.ledger.yes_at.append(event.effective_at)
        self._note_orders(decision)
        self._note_changes(decision)
        self._note_money(decision)
        hold_snapshot(decision.after)
        assert decision.after.msisdn == before.msisdn

    def _note_holder(self, after: Subscriber) -> None:
        """Nothing of one holder reaches the next: neither a yes nor money."""
        assert after.tenure >= self.ledger.tenure
        if after.tenure > self.ledger.tenure:
            self.ledger.tenure = after.tenure
            self.ledger.yes_at.clear()
            self.ledger.balance_minor = OPENING_MINOR

    def _note_outcome(self, event: Event) -> None:
        if not isinstance(event, OutcomeArrived):
            return
        order, outcome = event.order, event.outcome
        if isinstance(outcome, Delivered):
            self.texts += outcome.message_ids
        if order.kind in {OrderKind.CHARGE, OrderKind.REFUND} and isinstance(outcome, Delivered):
            self._move_money(order)
        if order.key == "activated" and isinstance(outcome, Delivered):
            self.ledger.welcomed.add(order.request_id)
        if order.kind is not OrderKind.SEND_PROMPT:
            return
        asked = self.ledger.asked[order.request_id]
        if isinstance(outcome, RetryAt | Rejected):
            asked.copies -= 1
            if not asked.copies:
                asked.handed_over_at = None
        elif asked.open_from is None:
            delivered = isinstance(outcome, Delivered)
            asked.open_from = event.at if delivered else asked.handed_over_at

    def _move_money(self, order: Order) -> None:
        """The charging system outside took or gave."""
        place, ledger = (order.request_id, order.period_at), self.ledger
        moved = ledger.charged if order.kind is OrderKind.CHARGE else ledger.returned
        moved[place] += 1
        assert ledger.returned[place] <= ledger.charged[place] <= 1
        assert order.amount_minor == ledger.asked[order.request_id].price_minor

    def _note_orders(self, decision: Decision) -> None:
        change = decision.order_change
        if change is not None:
            self.waiting.pop(change.order_id, None)
            if change.order is not None and change.order.state is not OrderState.UNRESOLVED:
                self._let_out(change.order, decision)
        for order in decision.orders:
            assert order.id not in self.ledger.order_ids
            assert order.id - order.id % 64 == decision.event.id
            self.ledger.order_ids.add(order.id)
            assert order.kind is not OrderKind.REFUND or self._may_go_back(
                order.request_id, decision.event
            )
            self._let_out(order, decision)

    def _let_out(self, order: Order, decision: Decision) -> None:
        if order.state is OrderState.WAITING:
            self.waiting[order.id] = order
            return
        self.out[order.id] = order
        assert order.kind is OrderKind.REFUND or order.tenure == self.ledger.tenure
        is_money = order.kind in {OrderKind.CHARGE, OrderKind.REFUND}
        assert is_money or (order.text.isascii() and order.text)
        assert order.until_at > decision.event.at
        if order.kind is OrderKind.CHARGE:
            assert order.request_id not in self.ledger.stopped | self.ledger.disputed
        if order.kind is OrderKind.SEND_PROMPT:
            self._hand_over(order, decision)

    def _hand_over(self, order: Order, decision: Decision) -> None:
        request = decision.after.request(order.request_id)
        assert request is not None
        asked = self.ledger.asked.setdefault(
            request.id,
            Asked(decision.event.at, request.service, request.terms.price_minor),
        )
        asked.copies += 1
        assert asked.copies <= 2
        if asked.handed_over_at is None:
            asked.handed_over_at = decision.event.at
        assert request.printed_until_at == order.until_at
        assert order.until_at <= asked.handed_over_at + WINDOW_MS

    def _note_changes(self, decision: Decision) -> None:
        for change in decision.changes:
            assert allowed(change.before, change.after)
            if change.after is RequestState.CONFIRMED:
                self._hold_confirmation(change.id, decision.event)
                self.ledger.asked[change.id].confirmed_at = decision.event.at
            if change.after is SubscriptionState.ENDED:
                self.ledger.stopped.add(change.id)
            if isinstance(change.after, RequestState) and change.after not in OPEN:
                asked = self.ledger.asked.get(change.id)
                if asked is not None:
                    asked.ended += 1
                    assert asked.ended == 1

        if decision.complaint is not None:
            self.ledger.disputed.add(decision.complaint.about_id)
        for held in decision.after.subscriptions:
            is_held = held.state is SubscriptionState.SUSPENDED
            assert is_held or held.id not in self.ledger.disputed

    def _hold_confirmation(self, request_id: int, event: Event) -> None:
        """The subscriber was asked for this, and said yes from the hand-over on and in time."""
        asked = self.ledger.asked[request_id]
        assert asked.copies > 0
        assert asked.handed_over_at is not None
        assert asked.open_from is not None
        ends_at = asked.open_from + WINDOW_MS
        since_at = asked.handed_over_at - SKEW_MS
        in_time = [at for at in self.ledger.yes_at if since_at <= at < ends_at]
        assert in_time, (event, asked)

    def _may_go_back(self, request_id: int, event: Event) -> bool:
        """What was welcomed is paid for, unless its stop was sent before the yes came."""
        if request_id not in self.ledger.welcomed:
            return True
        confirmed_at = self.ledger.asked[request_id].confirmed_at
        assert confirmed_at is not None
        return isinstance(event, MessageReceived) and event.effective_at <= confirmed_at

    def _note_money(self, decision: Decision) -> None:
        ledger = self.ledger
        for debit in decision.debits:
            place = (debit.subscription_id, debit.period_at)
            if debit.tenure == ledger.tenure:
                ledger.balance_minor -= debit.amount_minor
            if debit.kind is OrderKind.REFUND:
                ledger.returned[place] += 1
                assert ledger.returned[place] == ledger.charged[place] == 1
                asked_for = isinstance(decision.event, AccountAsked)
                assert asked_for or self._may_go_back(debit.subscription_id, decision.event)
                continue
            ledger.charged[place] += 1
            assert ledger.charged[place] == 1
            assert debit.tenure == ledger.tenure
            assert debit.subscription_id not in ledger.stopped | ledger.disputed
            asked = ledger.asked[debit.subscription_id]
            assert debit.amount_minor == asked.price_minor
        assert ledger.balance_minor >= 0
        if any(debit.tenure == ledger.tenure for debit in decision.debits):
            assert decision.after.balance_minor == ledger.balance_minor


def hold_sales(
    ledger: Ledger, decision: Decision, sold: Mapping[str, Service], off: Collection[str]
) -> None:
    """What is asked, confirmed or charged is sold at this moment, on those terms; `off` is not."""
    for change in decision.changes:
        if change.after is RequestState.CONFIRMED:
            assert change.service not in off
            terms = sold[change.service].terms
            assert terms.price_minor == ledger.asked[change.id].price_minor
    moved = decision.order_change
    claimed = [moved.order] if moved is not None and moved.order is not None else []
    for order in (*decision.orders, *claimed):
        is_out = order.state is OrderState.CLAIMED
        if is_out and order.kind in {OrderKind.SEND_PROMPT, OrderKind.CHARGE}:
            code = ledger.asked[order.request_id].service
            assert code in sold
            assert code not in off
    for debit in decision.debits:
        if debit.kind is OrderKind.CHARGE:
            assert ledger.asked[debit.subscription_id].service not in off


def kind_of(order: Order) -> str:
    """Who carries an order, and how much it matters."""
    match order.kind:
        case OrderKind.SEND_PROMPT:
            return "prompt"
        case OrderKind.SEND_NOTICE:
            return "notice"
        case OrderKind.SEND_REPLY:
            return "reply"
        case _:
            return "money"


def hold_snapshot(subscriber: Subscriber) -> None:
    """What is true of every number at every moment."""
    services = [held.service for held in subscriber.requests]
    services += [held.service for held in subscriber.subscriptions]
    assert len(services) == len(set(services))
    for request in subscriber.requests:
        assert request.state in OPEN
        assert (request.handed_over_at is None) == (request.copies == 0)
        assert request.copies <= 2
        if request.opened_at is not None and request.printed_until_at is not None:
            assert request.printed_until_at <= request.due_at
    for subscription in subscriber.subscriptions:
        assert subscription.state is not SubscriptionState.ENDED
    memory = subscriber.memory
    assert max(len(memory.settled), len(memory.hints), len(memory.seen)) <= 8
