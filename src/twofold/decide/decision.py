"""What a decision is: the number as it is afterwards, what ended, what is to be done, and why.

`Draft` is the working copy that the deciders share.
"""

from collections.abc import Container
from operator import attrgetter

from msgspec import Struct, structs

from twofold.decide.memory import (
    after_no,
    after_silence,
    with_seen,
    with_settled,
    with_used,
    without_unwanted,
)
from twofold.decide.rules import Rules
from twofold.domain.events import Event
from twofold.domain.ids import PARTS
from twofold.domain.orders import Delivered, Order, OrderKind, OrderState
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState, SubscriptionState, allowed
from twofold.domain.subscriber import (
    Awaited,
    Complaint,
    Memory,
    Past,
    Request,
    Seen,
    Settled,
    Subscriber,
    Subscription,
    UsedCode,
)
from twofold.domain.terms import DAY_MS


class SettledRequest(Struct, frozen=True, gc=False):
    """A request that ended: as it was at its end, when, and why."""

    request: Request
    settled_at: int
    reason: Reason | None


class EndedSubscription(Struct, frozen=True, gc=False):
    """A subscription that ended: as it was at its end, and when."""

    subscription: Subscription
    ended_at: int


class Debit(Struct, frozen=True, gc=False):
    """Money taken for one period of one subscription, or given back.

    Each happens at most once, and the store holds us to it.
    """

    subscription_id: int
    period_at: int
    """When the period that is paid begins."""
    kind: OrderKind
    order_id: int
    msisdn: int
    tenure: int
    at: int
    amount_minor: int
    service: str


class OrderChange(Struct, frozen=True, gc=False):
    """What becomes of an order that was there before: another try (`order`), or settled (None)."""

    order_id: int
    order: Order | None


class Accepted(Struct, frozen=True, gc=False):
    """A text that the SMSC accepted and whose receipts are awaited, one a part."""

    order: Order
    smsc: str
    message_ids: tuple[str, ...]


class Change(Struct, frozen=True, gc=False):
    """One step of a request or subscription, for evidence."""

    id: int
    service: str
    before: RequestState | SubscriptionState | None
    after: RequestState | SubscriptionState


class Decision(Struct, frozen=True, gc=False):
    """The whole judgement on one event; `reason` says why something was refused or ended."""

    after: Subscriber
    event: Event
    orders: tuple[Order, ...]
    changes: tuple[Change, ...]
    settled: tuple[SettledRequest, ...]
    ended: tuple[EndedSubscription, ...]
    debits: tuple[Debit, ...]
    order_change: OrderChange | None
    accepted: Accepted | None
    reported: Awaited | None
    """The text whose final receipt came."""
    seen: Seen | None
    """The MO's key, for the next time."""
    reason: Reason | None
    request_id: int
    tenure: int
    """Whose it is: what ended, the evidence and the money are the former holder's where the number
    changed hands."""
    complaint: Complaint | None = None
    """The complaint that was opened or answered, as it is now."""

    @classmethod
    def parked(cls, event: Event) -> "Decision":
        """What is answered for an event that was parked, undecided: nothing came of it."""
        return cls(
            Subscriber(event.msisdn), event, (), (), (), (), (), None, None, None, None, None, 0, 0
        )


Leaving = Container[str]
"""Short codes whose links have room; where none is meant, what is no text and leaves aside."""


class Draft:
    """A decision in the making.

    Deciders change it through its methods; each change of state is checked against TRANSITIONS.
    """

    __slots__ = (
        "_parts", "accepted", "aside", "asked_anew", "chance", "changes", "complaint", "debits",
        "ended", "event", "leaving", "order_change", "orders", "reason", "reported", "request_id",
        "rules", "seen", "settled", "subscriber", "tenure",
    )  # fmt: skip

    def __init__(
        self, before: Subscriber, event: Event, rules: Rules, *, leaving: Leaving, chance: bytes
    ) -> None:
        """Start from the snapshot; `leaving` and `chance` as in `decide`."""
        self.subscriber = before
        self.event = event
        self.rules = rules
        self.leaving = leaving
        self.chance = chance
        self._parts = 0
        self.orders: list[Order] = []
        self.changes: list[Change] = []
        self.settled: list[SettledRequest] = []
        self.ended: list[EndedSubscription] = []
        self.debits: list[Debit] = []
        self.order_change: OrderChange | None = None
        self.accepted: Accepted | None = None
        self.reported: Awaited | None = None
        self.seen: Seen | None = None
        self.reason: Reason | None = None
        self.request_id = 0
        self.tenure = before.tenure
        self.complaint: Complaint | None = None
        self.asked_anew: Request | None = None
        """A request whose terms changed under its yes: it is over, and another one takes over."""
        self.aside: tuple[Request, ...] = ()
        """Requests that are over for this message, and wait for replies that were sent in time."""

    def finish(self) -> Decision:
        """Freeze it; what it settled is settled for the rest of its batch."""
        change, unsettled = self.order_change, self.subscriber.unsettled
        if unsettled and change is not None and change.order is None:
            left = tuple(order_id for order_id in unsettled if order_id != change.order_id)
            self.subscriber = structs.replace(self.subscriber, unsettled=left)
        return Decision(
            self.subscriber,
            self.event,
            tuple(self.orders),
            tuple(self.changes),
            tuple(self.settled),
            tuple(self.ended),
            tuple(self.debits),
            self.order_change,
            self.accepted,
            self.reported,
            self.seen,
            self.reason,
            self.request_id,
            self.tenure,
            self.complaint,
        )

    def refuse(self, reason: Reason) -> None:
        """Say why the event does not have the effect that it asks for."""
        self.reason = reason

    def add_request(self, request: Request) -> None:
        """Open a request."""
        self._step(request.id, request.service, None, request.state)
        self.subscriber = structs.replace(
            self.subscriber, requests=(*self.subscriber.requests, request)
        )

    def put_request(self, request: Request) -> None:
        """Replace an open request by what it has become."""
        before = self.subscriber.requests
        for index, held in enumerate(before):
            if held.id == request.id:
                self._step(request.id, request.service, held.state, request.state)
                self.subscriber = structs.replace(
                    self.subscriber, requests=(*before[:index], request, *before[index + 1 :])
                )
                return
        raise AssertionError(request.id)

    def set_aside(self, request: Request) -> None:
        """Let the deciders not see a request, until `take_back`."""
        self.aside = (*self.aside, request)
        left = tuple(held for held in self.subscriber.requests if held is not request)
        self.subscriber = structs.replace(self.subscriber, requests=left)

    def take_back(self) -> None:
        """Put back what was set aside; what the number has meanwhile need not be waited for."""
        for request in self.aside:
            if any(has.service == request.service for has in self.subscriber.subscriptions):
                self.expire_aside(request)
        aside, self.aside = self.aside, ()
        if aside:
            held = (*aside, *self.subscriber.requests)
            self.subscriber = structs.replace(self.subscriber, requests=held)

    def expire_aside(self, request: Request) -> None:
        """End a request that was set aside: there is nothing to wait for any more."""
        self.aside = tuple(held for held in self.aside if held is not request)
        held = (request, *self.subscriber.requests)
        self.subscriber = structs.replace(self.subscriber, requests=held)
        self.settle(request, RequestState.EXPIRED, Reason.NO_CONFIRMATION)

    def settle(self, request: Request, state: RequestState, reason: Reason | None) -> None:
        """End an open request; unless it was confirmed, the number remembers it for a day."""
        self._step(request.id, request.service, request.state, state)
        at = self.event.at
        remaining = tuple(held for held in self.subscriber.requests if held.id != request.id)
        assert len(remaining) == len(self.subscriber.requests) - 1, request.id
        self.subscriber = structs.replace(self.subscriber, requests=remaining)
        memory, policy = self.subscriber.memory, self.rules.policy
        if request.code is not None:
            memory = with_used(memory, UsedCode(request.code.digits, request.service, at))
        if state is RequestState.CONFIRMED:
            return self._keep(without_unwanted(memory, request.service))
        self.settled.append(SettledRequest(structs.replace(request, state=state), at, reason))
        memory = with_settled(
            memory,
            Settled(
                request.service,
                request.short_code,
                state,
                at,
                request.deadline_at,
                request.handed_over_at or 0,
            ),
        )
        if state is RequestState.DECLINED:
            memory = after_no(memory, request.service, at, policy)
        elif state is RequestState.EXPIRED:
            memory = after_silence(memory, request.service, at, policy)
        return self._keep(memory)

    def refuse_request(self, request: Request, reason: Reason) -> None:
        """Record a request that a guard refused: it begins and ends at once."""
        self._step(request.id, request.service, None, RequestState.REFUSED)
        self.settled.append(SettledRequest(request, self.event.at, reason))
        self.reason = reason

    def add_subscription(self, subscription: Subscription) -> None:
        """Begin a subscription; they stand in the order in which they were asked for."""
        self._step(subscription.id, subscription.service, None, subscription.state)
        held = sorted((*self.subscriber.subscriptions, subscription), key=attrgetter("id"))
        self.subscriber = structs.replace(self.subscriber, subscriptions=tuple(held))

    def put_subscription(self, subscription: Subscription) -> None:
        """Replace a live subscription by what it has become."""
        before = self.subscriber.subscriptions
        for index, held in enumerate(before):
            if held.id == subscription.id:
                self._step(subscription.id, subscription.service, held.state, subscription.state)
                self.subscriber = structs.replace(
                    self.subscriber,
                    subscriptions=(*before[:index], subscription, *before[index + 1 :]),
                )
                return
        raise AssertionError(subscription.id)

    def end(self, subscription: Subscription, reason: Reason) -> None:
        """End a live subscription."""
        self._step(
            subscription.id, subscription.service, subscription.state, SubscriptionState.ENDED
        )
        remaining = tuple(
            held for held in self.subscriber.subscriptions if held.id != subscription.id
        )
        assert len(remaining) == len(self.subscriber.subscriptions) - 1, subscription.id
        self.subscriber = structs.replace(self.subscriber, subscriptions=remaining)
        if self.event.at - subscription.confirmed_at < DAY_MS:
            line = Settled(
                subscription.service,
                subscription.short_code,
                RequestState.CONFIRMED,
                subscription.confirmed_at,
                0,
                subscription.opened_at,
            )
            memory = with_settled(self.subscriber.memory, line, self.event.at)
            if subscription.seen is not None:
                memory = with_seen(memory, subscription.seen, self.event.at)
            self._keep(memory)
        if (known := self.subscriber.grievances) is not None:
            past = Past(subscription.id, subscription.service, subscription.short_code)
            known = structs.replace(known, past=(*known.past, past))
            self.subscriber = structs.replace(self.subscriber, grievances=known)
        over = structs.replace(subscription, state=SubscriptionState.ENDED, reason=reason)
        self.ended.append(EndedSubscription(over, self.event.at))

    def put_complaint(self, complaint: Complaint) -> None:
        """Open a complaint, or keep what became of it."""
        self.complaint = complaint
        known = self.subscriber.grievances
        assert known is not None, "loaded for every event about complaints"
        others = tuple(held for held in known.complaints if held.id != complaint.id)
        self.subscriber = structs.replace(
            self.subscriber, grievances=structs.replace(known, complaints=(*others, complaint))
        )

    def order(  # noqa: PLR0913 - an order has this many parts, and each is named at the call
        self,
        kind: OrderKind,
        *,
        until_at: int,
        due_at: int | None = None,
        request_id: int = 0,
        key: str = "",
        source: str = "",
        text: str = "",
        amount_minor: int = 0,
        period_at: int = 0,
        tenure: int | None = None,
        party: str = "",
    ) -> Order:
        """Ask for a thing to be done outside, for the present holder; its id is the event's.

        With `due_at` it waits until then; `party` is the partner with whose texts it takes turns.
        """
        subscriber = self.subscriber
        order = Order(
            self.next_id(),
            kind,
            subscriber.msisdn,
            subscriber.tenure if tenure is None else tenure,
            request_id,
            self.event.at if due_at is None else due_at,
            until_at,
            key,
            source,
            text,
            amount_minor,
            period_at,
            0,
            OrderState.CLAIMED if due_at is None and source in self.leaving else OrderState.WAITING,
            party,
        )
        self.orders.append(order)
        return order

    def accept(self, order: Order, outcome: Delivered) -> None:
        """The SMSC took a text: its receipts are awaited from now on, in this batch already."""
        smsc, message_ids = outcome.smsc, outcome.awaited_ids or outcome.message_ids
        self.accepted = Accepted(order, smsc, message_ids)
        awaited = [
            Awaited(smsc, message_id, order.id, order.request_id, order.key, order.tenure)
            for message_id in message_ids
        ]
        self.subscriber = structs.replace(
            self.subscriber, awaited=(*self.subscriber.awaited, *awaited)
        )

    def claim(self, order: Order) -> None:
        """A waiting order is handed out with this commit."""
        self.order_change = OrderChange(order.id, structs.replace(order, state=OrderState.CLAIMED))

    def next_id(self) -> int:
        """An id of the event's own, for what it gives birth to."""
        self._parts += 1
        assert self._parts < PARTS
        return self.event.id + self._parts

    def _keep(self, memory: Memory) -> None:
        """Write the number's memory if it is another one."""
        if memory is not self.subscriber.memory:
            self.subscriber = structs.replace(self.subscriber, memory=memory)

    def _step(
        self,
        request_id: int,
        service: str,
        before: RequestState | SubscriptionState | None,
        after: RequestState | SubscriptionState,
    ) -> None:
        """Check a change of state and keep it for evidence."""
        assert allowed(before, after), (before, after)
        self.request_id = self.request_id or request_id
        if before is not after:
            self.changes.append(Change(request_id, service, before, after))
