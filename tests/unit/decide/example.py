"""One market and one number to try the deciders on, without a store: say, answer, wait, and see.

Everything a decision needs is kept here as a store would load it, so that a test reads as a story.
"""

from collections.abc import Sequence
from hashlib import blake2b

from msgspec import structs

from twofold.catalog.canonical import assemble
from twofold.catalog.packs import load_policy
from twofold.commit.room import Seats
from twofold.decide import Decision, Rules, decide, wants_grievances, wants_spending
from twofold.decide.keywords import Keywords
from twofold.domain.catalogue import Catalogue, Certificate, Partner, Service, Stage
from twofold.domain.events import (
    ALL_KNOWN_AT,
    AccountAsked,
    CancelRequested,
    Claim,
    DeadlinePassed,
    Event,
    MessageReceived,
    NumberChanged,
    NumberFlagged,
    OrderFellDue,
    OrderOverdue,
    OutcomeArrived,
    Proof,
    ReceiptArrived,
    ReplyClaimed,
    Requested,
    ServiceClaimed,
    UssdReceived,
)
from twofold.domain.ids import IdSource
from twofold.domain.numbers import NumberChange
from twofold.domain.orders import Delivered, Order, OrderKind, OrderState, Outcome
from twofold.domain.policy import Operator, Policy
from twofold.domain.subscriber import (
    Channel,
    Complaint,
    Flag,
    Grievances,
    Past,
    Request,
    Subscriber,
    Subscription,
)
from twofold.domain.terms import DAY_MS, LATE_MS, MINUTE_MS, Terms
from twofold.texts import compile_texts

NUMBER = 84912345678
NOW_AT = 1_782_871_234_567
"""1 July 2026, 09:00:34.567 in Viet Nam: not at a whole minute, so that rounding shows."""

CHANCE = bytes(range(16))
"""What no real number would share."""

HOUR_MS = 60 * MINUTE_MS
WINDOW_MS = 12 * HOUR_MS

OPERATOR = Operator("VinaPhone", "18001091", "Asia/Ho_Chi_Minh", "84", "123")
POLICY = load_policy("vn").versions["vn-2024"]
PARTNERS = (
    Partner("abc", "ABC Media", "19001000"),
    Partner("xyz", "XYZ Game", "19002000"),
    Partner("old", "Old Media", "19003000"),
)
CERTIFICATES = (
    Certificate("abc", "1/GCN", "content-services", "Cuc", NOW_AT - DAY_MS, NOW_AT + 400 * DAY_MS),
    Certificate("xyz", "2/GCN", "content-services", "Cuc", NOW_AT - DAY_MS, NOW_AT + 400 * DAY_MS),
    Certificate("old", "3/GCN", "content-services", "Cuc", NOW_AT - 9 * DAY_MS, NOW_AT),
)
SPORT = Service(
    "THETHAO", "abc", "Tin the thao", "9166", Terms(2_000, 1, auto_renew=True), Stage.ON
)
MUSIC = Service("NHAC", "abc", "Nhac cho", "9166", Terms(10_000, 30, auto_renew=True), Stage.ON)
GAME = Service("GAME", "xyz", "Dau truong", "1579", Terms(5_000, 7, auto_renew=False), Stage.ON)
STORY = structs.replace(SPORT, code="TRUYEN", name="Truyen hay", stage=Stage.OFF)
LUCK = structs.replace(SPORT, code="BOITOAN", name="Boi toan", partner="old")
SERVICES = (SPORT, MUSIC, GAME, STORY, LUCK)


def catalogue_of(*services: Service, revision: int = 1) -> Catalogue:
    """Make a catalogue of these services."""
    return assemble(revision, PARTNERS, CERTIFICATES, services)


def rules_of(catalogue: Catalogue | None = None, policy: Policy = POLICY) -> Rules:
    """Make the rules of a catalogue; the accounts are inside the decision."""
    sold = catalogue or catalogue_of(*SERVICES)
    return Rules(
        operator=OPERATOR,
        catalogue=sold,
        policy=policy,
        policies={policy.id: policy},
        keywords=Keywords(policy),
        texts=compile_texts(OPERATOR, policy, sold),
        opening_balance_minor=50_000,
        accounts_inside=True,
        charge_horizon_ms=None,
        short_codes=frozenset({"123", "9166", "1579"}),
    )


RULES = rules_of()
OUTSIDE = structs.replace(RULES, accounts_inside=False, charge_horizon_ms=10 * MINUTE_MS)
"""The same market with a charging system that must be asked."""

ACCEPTED = Delivered("main", ("m1",))


class Number:
    """One number: what is known of it, and the time that it lives in."""

    def __init__(self, rules: Rules = RULES, *, leaving: bool = True) -> None:
        self.rules = rules
        self.leaving = leaving
        self.now_at = NOW_AT
        self.subscriber = Subscriber(NUMBER)
        self.decision: Decision
        self.complaints: dict[int, Complaint] = {}
        self.past: list[Past] = []
        self._ids = IdSource()

    # -- what happens ------------------------------------------------------------------------------

    def passes(self, duration_ms: int) -> None:
        """Let time pass."""
        self.now_at += duration_ms

    def meets(self, event: Event) -> Decision:
        """Have an event decided, and live on with what came of it."""
        before = self.subscriber
        if wants_spending(event, self.rules):
            before = structs.replace(before, spent_minor=0)
        if wants_grievances(event, self.rules):
            known = Grievances(tuple(self.complaints.values()), tuple(self.past))
            before = structs.replace(before, grievances=known)
        self.decision = decide(
            before, event, self.rules, leaving=Seats(self.leaving), chance=CHANCE
        )
        self.subscriber = after = self.decision.after
        if after.grievances is not None:
            self.subscriber = structs.replace(after, grievances=None)
        if (complaint := self.decision.complaint) is not None:
            self.complaints[complaint.id] = complaint
        for over in self.decision.ended:
            held = over.subscription
            self.past.append(Past(held.id, held.service, held.short_code))
        return self.decision

    def says(
        self,
        text: str | None,
        to: str = "9166",
        *,
        sent_at: int | None = None,
        id_: str = "",
        answered_before_at: int = ALL_KNOWN_AT,
        imsi: str = "",
    ) -> Decision:
        """Send an MO; `sent_at` is the SMSC's trusted time, `id_` the id that the bind gives.

        Our answers to what came before `answered_before_at` are known to have arrived.
        """
        raw = b"\xff" if text is None else text.encode("utf-16-be")
        key = blake2b(f"{to} {text} {id_}".encode(), digest_size=8).digest()
        is_late = sent_at is not None and self.now_at - sent_at > LATE_MS
        effective_at = self.now_at if sent_at is None or is_late else sent_at
        return self.meets(
            MessageReceived(
                *(self._id(), self.now_at, NUMBER, to, "main", 8, raw, text, key, id_ != ""),
                effective_at,
                answered_before_at,
                sent_at,
                imsi,
            )
        )

    def asks(
        self,
        channel: Channel,
        service: str = "THETHAO",
        *,
        partner: str = "",
        language: str | None = None,
        proof: Proof | None = None,
    ) -> Decision:
        """Ask for a service over another channel than an SMS."""
        where = (self._id(), self.now_at, NUMBER, channel, partner)
        return self.meets(Requested(*where, service, language, proof))

    def dials(self, text: str | None, code: str = "9166", *, imsi: str = "") -> Decision:
        """Type something into a USSD session."""
        return self.meets(
            UssdReceived(
                *(self._id(), self.now_at, NUMBER, code, "main", 8, b"typed", text),
                *(b"8 octets", False, self.now_at),
                imsi=imsi,
            )
        )

    def is_claimed(
        self, claim: Claim, service: str = "THETHAO", partner: str = "abc", subscription_id: int = 0
    ) -> Decision:
        """Have a partner say that it delivers, or ask for money."""
        who = (self._id(), self.now_at, NUMBER, Channel.PARTNER, partner)
        return self.meets(ServiceClaimed(*who, claim, service, "ref-1", subscription_id, 2_000))

    def is_spoken_for(self, channel: Channel, partner: str, raw: bytes) -> Decision:
        """Have a call claim to be the subscriber's reply."""
        return self.meets(ReplyClaimed(self._id(), self.now_at, NUMBER, channel, partner, raw))

    def cancels(self, channel: Channel, target_id: int, *, partner: str = "") -> Decision:
        """End a request or subscription over another channel than an SMS."""
        return self.meets(
            CancelRequested(self._id(), self.now_at, NUMBER, channel, partner, target_id)
        )

    def hears(self, order: Order, outcome: Outcome = ACCEPTED) -> Decision:
        """Hear how an order went."""
        return self.meets(OutcomeArrived(self._id(), self.now_at, NUMBER, order, outcome))

    def reads(
        self,
        state: str,
        message_id: str = "m1",
        *,
        is_final: bool = True,
        has_no_sms: bool = False,
    ) -> Decision:
        """Get a delivery receipt."""
        event = ReceiptArrived(
            self._id(),
            self.now_at,
            NUMBER,
            "main",
            message_id,
            state,
            is_final,
            b"receipt",
            has_no_sms,
        )
        return self.meets(event)

    def times_out(self, request: Request | None = None) -> Decision:
        """Have the timer of a request fall due, of the only one unless it is named."""
        timed = request or self.request
        return self.meets(DeadlinePassed(self._id(), self.now_at, NUMBER, timed.id, timed.due_at))

    def claims(self, order: Order) -> Decision:
        """Have a waiting order fall due."""
        return self.meets(OrderFellDue(self._id(), self.now_at, NUMBER, order))

    def is_overdue(self, order: Order) -> Decision:
        """Have a notice not accepted by its time."""
        return self.meets(OrderOverdue(self._id(), self.now_at, NUMBER, order))

    def is_flagged(self, flag: Flag, *, is_set: bool = True, happened_at: int = 0) -> Decision:
        """Have the operator say something of the number, or take it back."""
        where = (self._id(), self.now_at, NUMBER)
        return self.meets(NumberFlagged(*where, flag, is_set, happened_at or self.now_at))

    def changes(self, kind: NumberChange, *, happened_at: int = 0) -> Decision:
        """Have something happen to the number itself, now unless another time is told."""
        where = (self._id(), self.now_at, NUMBER, kind)
        return self.meets(NumberChanged(*where, happened_at or self.now_at, (self._id(),)))

    def asks_account(self, order: Order) -> Decision:
        """Ask the embedded accounts to carry out an order."""
        return self.meets(AccountAsked(self._id(), self.now_at, NUMBER, order))

    # -- longer stretches --------------------------------------------------------------------------

    def is_asked(self, code: str = "THETHAO", to: str = "9166") -> Request:
        """Ask for a service, and have the prompt accepted."""
        self.says(f"DK {code}", to)
        self.hears(self.order)
        return next(held for held in self.subscriber.requests if held.service == code)

    def joins(self, code: str = "THETHAO", to: str = "9166") -> Subscription:
        """Ask for a service and confirm; the welcome is on its way."""
        names_service = self.is_asked(code, to).names_service
        self.says(f"Y {code}" if names_service else "Y", to)
        return next(held for held in self.subscriber.subscriptions if held.service == code)

    # -- what came of it ---------------------------------------------------------------------------

    @property
    def request(self) -> Request:
        """The only open request."""
        (request,) = self.subscriber.requests
        return request

    @property
    def subscription(self) -> Subscription:
        """The only live subscription."""
        (subscription,) = self.subscriber.subscriptions
        return subscription

    @property
    def order(self) -> Order:
        """The only order that the last decision gave birth to."""
        (order,) = self.decision.orders
        return order

    @property
    def retried(self) -> Order:
        """What the last decision made of the order that it was about."""
        change = self.decision.order_change
        assert change is not None
        assert change.order is not None
        return change.order

    @property
    def states(self) -> list[str]:
        """What is live, such as `THETHAO pending`."""
        return states_of(self.subscriber)

    def _id(self) -> int:
        return self._ids.next(self.now_at)


def states_of(subscriber: Subscriber) -> list[str]:
    """Everything that is live, requests first."""
    requests = [f"{held.service} {held.state}" for held in subscriber.requests]
    return requests + [f"{held.service} {held.state}" for held in subscriber.subscriptions]


def orders_of(decision: Decision) -> list[str]:
    """What a decision gave birth to: a text's key, or the amount of a charge or refund."""
    return [
        f"{order.kind} {order.amount_minor}"
        if order.kind in {OrderKind.CHARGE, OrderKind.REFUND}
        else order.key
        for order in decision.orders
    ]


def money_of(decision: Decision) -> list[int]:
    """What a decision took (positive) and gave back (negative) from the embedded account."""
    return [debit.amount_minor for debit in decision.debits]


def ends_of(decision: Decision) -> list[str]:
    """What a decision ended, such as `THETHAO declined`."""
    requests = [f"{over.request.service} {over.request.state}" for over in decision.settled]
    return requests + [
        f"{over.subscription.service} {over.subscription.state}" for over in decision.ended
    ]


def waiting(orders: Sequence[Order]) -> list[Order]:
    """The orders that were not handed out with the commit."""
    return [order for order in orders if order.state is OrderState.WAITING]
