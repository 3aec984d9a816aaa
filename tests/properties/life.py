"""A number's life in random order: all that may come in, and a ledger of what was seen outside.

The ledger knows what left and how it went, since this file plays SMSC and charging system.
It holds the decisions against that: what nobody was asked, or agreed to in time, must not be.
"""

import re
from collections import Counter
from hashlib import blake2b
from typing import Final

from msgspec import Struct, field

from tests.properties.dialled import hold_session
from tests.properties.sims import SIMS, Sims
from tests.properties.snapshot import hold_snapshot
from tests.unit.decide.example import POLICY, WINDOW_MS
from twofold.decide import Decision
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
    UssdReceived,
)
from twofold.domain.ids import IdSource
from twofold.domain.numbers import NumberChange, Standing
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
from twofold.domain.reason import Reason
from twofold.domain.states import OPEN_REQUEST, RequestState, SubscriptionState, allowed
from twofold.domain.subscriber import Channel, Subscriber
from twofold.domain.terms import MINUTE_MS, SKEW_MS, Terms

TEXTS = (
    *("DK THETHAO", "DK NHAC", "DK GAME", "DK TRUYEN", "DK BOITOAN", "DK KHONGCO"),
    *("Y", "Y THETHAO", "Y NHAC", "Y GAME", "Y KHONGCO", "co", "Y?", "N", "N NHAC", "TC"),
    *("HUY", "HUY THETHAO", "HUY GAME", "HUY ALL", "stop di", "TK", "HD", "gi vay"),
    *("CHAN", "MO", "KN", "KN THETHAO", "KN GAME", "KN KHONGCO"),
)
SHORT_CODES = ("9166", "1579", "123")
PAUSES_MS = (1, 999, 9_999, 10_000, MINUTE_MS, 10 * MINUTE_MS, 60 * MINUTE_MS, 2 * 60 * MINUTE_MS)
LONG_PAUSES_MS = (WINDOW_MS - 1, WINDOW_MS, 24 * 60 * MINUTE_MS)

KINDS = ("prompt", "prompt", "money", "money", "notice", "reply", "question", "screen")
OUTCOMES = ("delivered", "delivered", "later", "refused", "unknown", "unknown")
REPORTS = ("DELIVERED", "UNDELIVERABLE", "UNDELIVERABLE", "EXPIRED", "ACCEPTED")
OPENING_MINOR = 13_000
"""What an account begins with: enough for a few periods, and soon too little."""

YES: Final = re.compile(r"(?:(?:Y|CO) ?(\w*)|(\d{4}))")
"""What may be a yes, and what it says after the word."""

PRINTED: Final = re.compile(r"soan Y ?(\w*) gui (\d+) ")
"""How a prompt says what to reply, and where to."""

OPEN = frozenset(OPEN_REQUEST)


class Asked(Struct):
    """What left for one request, and how that went."""

    born_at: int
    service: str
    partner: str
    short_code: str
    terms: Terms
    policy: str
    window_ms: int
    text: str = ""
    """The prompt, which every copy repeats to the letter."""
    printed: str = ""
    """What it wants to be told after the yes: nothing, the service's code, or digits."""
    copies: int = 0
    """Prompts that may have reached the handset."""
    handed_over_at: int | None = None
    open_from: int | None = None
    """When the window opened, as far as the SMSC's answers tell."""
    ended: int = 0
    confirmed_at: int | None = None
    agreed_minor: int | None = None
    """What the service cost when the yes came."""

    def is_meant(self, said: str) -> bool:
        """Whether a yes that says this can be the answer."""
        if self.printed.isdecimal():
            return said == self.printed
        return said in {self.service, self.printed}


class Ledger(Struct):
    """What was seen outside."""

    asked: dict[int, Asked] = field(default_factory=dict)
    yes: list[tuple[int, str, str, str]] = field(default_factory=list)
    """When it was sent, what it says after the word, where to, and from which SIM."""
    sims: Sims = field(default_factory=Sims)
    charged: Counter[tuple[int, int]] = field(default_factory=Counter)
    returned: Counter[tuple[int, int]] = field(default_factory=Counter)
    started: set[int] = field(default_factory=set)
    unwelcomed: set[int] = field(default_factory=set)
    """What was held or ended because its welcome was not accepted."""
    kept_for_people: set[tuple[int, int]] = field(default_factory=set)
    """Periods whose refund the charging system refused for good."""
    stopped: set[int] = field(default_factory=set)
    welcomed: set[int] = field(default_factory=set)
    disputed: set[int] = field(default_factory=set)
    cleared: set[tuple[int, str]] = field(default_factory=set)
    """What the other system had nothing against, before the prompt and after the yes."""
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
        self.imsi = SIMS[0]
        """The SIM in the phone, as far as the bind tells."""
        self.standing: Subscriber | None = None
        """What became of the number last."""
        self.ledger = Ledger()
        self.windows = {POLICY.id: WINDOW_MS}
        self.is_asked_about = False
        """Whether another system must be asked before anything is sent or charged."""

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
            imsi=self.imsi,
        )
        return self.last

    def dialled(self, text: str | None, to: str) -> UssdReceived:
        """Words that were dialled, or typed into a session."""
        raw = b"\xff" if text is None else text.encode()
        return UssdReceived(
            *(self._id(), self.now_at, self.msisdn, to, "main", 0, raw, text),
            *(b"a session", False, self.now_at),
            imsi=self.imsi,
        )

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
            imsi=last.imsi,
        )

    def outcome(self, kind: str, how: str) -> OutcomeArrived | None:
        """How the oldest order of a kind that is out went (see `KINDS`)."""
        order = next((held for held in self.out.values() if kind_of(held) == kind), None)
        if order is None:
            return None
        del self.out[order.id]
        outcome: Outcome
        match how:
            case "delivered":
                is_text = kind not in {"money", "question"}
                message_ids = (f"m{self.ids.next(self.now_at)}",) if is_text else ()
                outcome = Delivered("main", message_ids)
            case "later":
                outcome = RetryAt(self.now_at + 5_000, "busy")
            case "refused":
                outcome = Rejected("no", Reason.SIM_CHANGED if kind == "question" else None)
            case "recycled":
                outcome = Rejected("no", Reason.NUMBER_RECYCLED)
            case _:
                outcome = Unknown("no answer")
        return OutcomeArrived(self._id(), self.now_at, self.msisdn, order, outcome)

    def reply_to(self, service: str) -> str:
        """What the latest prompt for a service wants to be told."""
        asked = [held for held in self.ledger.asked.values() if held.service == service]
        return f"Y {asked[-1].printed if asked else service}".strip()

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

    def note(self, decision: Decision) -> None:
        """Hold a decision against the ledger, and keep what it let out."""
        before, self.standing = self.standing or Subscriber(self.msisdn), decision.after
        hold_session(before, decision)
        self.ledger.sims.note(before, decision)
        self._note_holder(decision.after)
        self._note_outcome(decision.event)
        event = decision.event
        if isinstance(event, MessageReceived) and not isinstance(event, UssdReceived):
            self._note_yes(event)
        self._note_orders(decision)
        self._note_changes(decision)
        self._note_money(decision)
        hold_snapshot(decision.after)
        assert decision.after.msisdn == self.msisdn

    def _note_yes(self, event: MessageReceived) -> None:
        match = YES.fullmatch((event.text or "").upper())
        if match is not None:
            said = match[1] or match[2] or ""
            self.ledger.yes.append((event.effective_at, said, event.short_code, event.imsi))

    def _note_holder(self, after: Subscriber) -> None:
        """Nothing of one holder reaches the next: neither a yes nor money."""
        assert after.tenure >= self.ledger.tenure
        if after.tenure > self.ledger.tenure:
            self.ledger.tenure = after.tenure
            self.ledger.yes.clear()
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
        if order.kind is OrderKind.ASK_NUMBER and is_good(outcome):
            self.ledger.cleared.add((order.request_id, order.key))
        if order.kind is OrderKind.SEND_PROMPT:
            self._note_prompt(event, order, outcome)

    def _note_prompt(self, event: OutcomeArrived, order: Order, outcome: Outcome) -> None:
        """What the SMSC's answer says of the window."""
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
        asked = ledger.asked[order.request_id]
        assert order.amount_minor <= asked.terms.price_minor
        assert asked.agreed_minor in {None, order.amount_minor}

    def _note_orders(self, decision: Decision) -> None:
        change = decision.order_change
        if change is not None:
            self.waiting.pop(change.order_id, None)
            if change.order is not None:
                self._go_on_with(change.order, decision)
        for order in decision.orders:
            assert order.id not in self.ledger.order_ids
            assert order.id - order.id % 64 == decision.event.id
            self.ledger.order_ids.add(order.id)
            assert order.kind is not OrderKind.REFUND or self._may_go_back(
                order.request_id, decision.event
            )
            self._let_out(order, decision)

    def _go_on_with(self, order: Order, decision: Decision) -> None:
        if order.state is not OrderState.UNRESOLVED:
            self._let_out(order, decision)
        elif order.kind is OrderKind.REFUND:
            self.ledger.kept_for_people.add((order.request_id, order.period_at))

    def _let_out(self, order: Order, decision: Decision) -> None:
        if order.state is OrderState.WAITING:
            self.waiting[order.id] = order
            return
        self.out[order.id] = order
        assert order.kind is OrderKind.REFUND or order.tenure == self.ledger.tenure
        is_text = order.kind not in {OrderKind.CHARGE, OrderKind.REFUND, OrderKind.ASK_NUMBER}
        assert not is_text or (order.text.isascii() and order.text)
        assert order.until_at > decision.event.at
        if order.kind is OrderKind.CHARGE:
            assert order.request_id not in self.ledger.stopped | self.ledger.disputed
            assert self._is_cleared(order.request_id, "starting")
        if order.kind is OrderKind.SEND_PROMPT:
            assert self._is_cleared(order.request_id, "joining")
            self._hand_over(order, decision)

    def _is_cleared(self, id_: int, step: str) -> bool:
        """Whether nothing had to be asked, or the answer was good."""
        return not self.is_asked_about or (id_, step) in self.ledger.cleared

    def _hand_over(self, order: Order, decision: Decision) -> None:
        request = decision.after.request(order.request_id)
        assert request is not None
        assert decision.event.at >= self.ledger.sims.not_before.get(request.id, 0)
        asked = self.ledger.asked.get(request.id)
        if asked is None:
            asked = self.ledger.asked[request.id] = Asked(
                *(decision.event.at, request.service, request.partner, request.short_code),
                *(request.terms, request.policy, self.windows[request.policy]),
            )
        match = PRINTED.search(order.text)
        assert match is not None
        assert match[2] == order.source == asked.short_code
        assert f"{asked.terms.price_minor:,}d/".replace(",", ".") in order.text
        if asked.copies:
            assert asked.text == order.text
        asked.text, asked.printed = order.text, match[1]
        asked.copies += 1
        assert asked.copies <= 2
        if asked.handed_over_at is None:
            asked.handed_over_at = decision.event.at
        assert request.printed_until_at == order.until_at
        assert order.until_at <= asked.handed_over_at + asked.window_ms

    def _note_changes(self, decision: Decision) -> None:
        for change in decision.changes:
            assert allowed(change.before, change.after)
            if change.after is RequestState.CONFIRMED:
                assert decision.after.line.standing is Standing.IN_SERVICE
                self._hold_confirmation(change.id, decision.event)
                self.ledger.asked[change.id].confirmed_at = decision.event.at
            if change.after is SubscriptionState.ACTIVE:
                self.ledger.started.add(change.id)
            if change.after is SubscriptionState.ENDED:
                self.ledger.stopped.add(change.id)
            if isinstance(change.after, RequestState) and change.after not in OPEN:
                asked = self.ledger.asked.get(change.id)
                if asked is not None:
                    asked.ended += 1
                    assert asked.ended == 1

        if decision.reason is Reason.WELCOME_NOT_ACCEPTED:
            self.ledger.unwelcomed.add(decision.request_id)
        if decision.complaint is not None:
            self.ledger.disputed.add(decision.complaint.about_id)
        for held in decision.after.subscriptions:
            is_held = held.state is SubscriptionState.SUSPENDED
            assert is_held or held.id not in self.ledger.disputed

    def hold_owed(self) -> None:
        """Once no money is under way, what never started, or was never welcomed, is given back."""
        if any(kind_of(held) == "money" for held in (*self.out.values(), *self.waiting.values())):
            return
        ledger = self.ledger
        for (id_, period_at), times in ledger.charged.items():
            if id_ in ledger.unwelcomed or id_ not in ledger.started:
                kept = (id_, period_at) in ledger.kept_for_people
                assert ledger.returned[id_, period_at] + kept == times, (id_, period_at)

    def _hold_confirmation(self, request_id: int, event: Event) -> None:
        """The subscriber was asked for this, and said yes from the hand-over on and in time."""
        asked = self.ledger.asked[request_id]
        assert asked.copies > 0
        assert asked.handed_over_at is not None
        assert asked.open_from is not None
        ends_at = asked.open_from + asked.window_ms
        since_at = asked.handed_over_at - SKEW_MS
        in_time = [
            at
            for at, said, to, imsi in self.ledger.yes
            if since_at <= at < ends_at
            and to == asked.short_code
            and asked.is_meant(said)
            and self.ledger.sims.may_agree(request_id, imsi)
        ]
        assert in_time, (event, asked)

    def _may_go_back(self, request_id: int, event: Event) -> bool:
        """What was welcomed is paid for, unless it proves that the yes came too late for it."""
        if request_id not in self.ledger.welcomed:
            return True
        asked = self.ledger.asked[request_id]
        assert asked.confirmed_at is not None
        match event:
            case NumberChanged(kind=NumberChange.SIM_CHANGED):
                return asked.born_at < event.happened_at <= asked.confirmed_at
            case NumberChanged():
                return asked.born_at >= event.happened_at
            case MessageReceived():
                return event.effective_at <= asked.confirmed_at
        return False

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
            assert self._is_cleared(debit.subscription_id, "starting")
            asked = ledger.asked[debit.subscription_id]
            assert debit.amount_minor <= asked.terms.price_minor
        assert ledger.balance_minor >= 0
        if any(debit.tenure == ledger.tenure for debit in decision.debits):
            assert decision.after.balance_minor == ledger.balance_minor


def kind_of(order: Order) -> str:
    """Who carries an order, and how much it matters."""
    match order.kind:
        case OrderKind.SEND_PROMPT:
            return "prompt"
        case OrderKind.SEND_NOTICE:
            return "notice"
        case OrderKind.SEND_REPLY:
            return "reply"
        case OrderKind.ASK_NUMBER:
            return "question"
        case OrderKind.ANSWER_USSD:
            return "screen"
        case _:
            return "money"


def is_good(outcome: Outcome) -> bool:
    """Whether the other system has nothing against a number, or repeats what is known of it."""
    says_again = isinstance(outcome, Rejected) and outcome.reason is Reason.NUMBER_RECYCLED
    return isinstance(outcome, Delivered) or says_again
