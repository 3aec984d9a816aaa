"""Orders on their way out.

A fresh order is born claimed by the engine that commits it, one window ahead at most, and is
carried at once.
Otherwise it waits in the store, and claiming it is a decision of its own, which may drop it.
What a dead engine had claimed is unknown, never fresh.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol

from twofold.commit import Committer
from twofold.commit.admission import party_of
from twofold.decide import Decision
from twofold.domain.clock import Clock
from twofold.domain.events import Event, OrderFellDue, OutcomeArrived
from twofold.domain.ids import IdSource
from twofold.domain.orders import Order, OrderKind, OrderState, Outcome, RetryAt, Unknown
from twofold.domain.subscriber import Subscriber
from twofold.store.errors import StoreUnavailable
from twofold.store.port import Store

STEP: Final = 256
"""Waiting orders claimed, or orphans settled, at once."""

AWAY_MS: Final = 1_000
"""A store that is away, or a link that is down, is asked again after this."""

STUCK_MS: Final = 60_000
"""Orders whose claim could not be decided are tried again after this."""


class Carrier(Protocol):
    """Carries one kind of order."""

    def carry(self, order: Order) -> bool:
        """Take an order; False: there is no room now."""


class Outbox:
    """Hands orders to their carriers and their outcomes to the committer."""

    def __init__(
        self,
        store: Store,
        committer: Committer,
        clock: Clock,
        ids: IdSource,
        *,
        capacity: Callable[[], int],
        epoch: int,
        a_second: int = 0,
    ) -> None:
        """`capacity` says how many texts the links that are up could take, were they empty.

        `a_second` is how many may leave in a second: as many may wait before requests are refused.
        """
        self.carriers: Mapping[OrderKind, Carrier] = {}
        self._store = store
        self._committer = committer
        self._clock = clock
        self._ids = ids
        self._capacity = capacity
        self._epoch = epoch
        self._queue: deque[Order] = deque()
        self._claimed = 0
        self._claiming = 0
        self._wake = asyncio.Event()
        self._claims_decided = asyncio.Event()
        self._next_at: int | None = None
        self._behind: dict[int, str] = {}
        """By order: whose request a text follows that could leave, were there room."""
        committer.backlog_room = max(committer.backlog_room, a_second)

    @property
    def is_idle(self) -> bool:
        """Whether no order is under way and none that is due waits."""
        return not (self._claimed or self._claiming or self._wake.is_set()) and (
            self._next_at is None or self._next_at > self._clock.now()
        )

    @property
    def depth(self) -> int:
        """Claimed orders that are not settled."""
        return self._claimed

    def room(self) -> int:
        """How many more orders may be claimed: one window under way, and one ahead."""
        return 2 * self._capacity() - self._claimed

    def on_committed(self, decisions: list[Decision]) -> None:
        """Carry what the batch claimed; note what it left waiting."""
        for decision in decisions:
            if decision.after.tenure != decision.tenure:
                self._let_go_of_former(decision.after)
            for order in decision.orders:
                if order.state is OrderState.WAITING:
                    self._wait_for_room(order, decision.event)
                self._take(order)
            change = decision.order_change
            if change is None:
                continue
            self._is_behind_no_more(change.order_id)
            if change.order is not None:
                self._take(change.order)

    def _let_go_of_former(self, holder: Subscriber) -> None:
        """What waits here for a former holder of a number must not leave any more."""
        former = [
            order
            for order in self._queue
            if order.msisdn == holder.msisdn and order.tenure < holder.tenure
        ]
        for order in former:
            self._queue.remove(order)
            self.report(order, RetryAt(self._clock.now(), "the number has another holder"))

    def report(self, order: Order, outcome: Outcome) -> None:
        """An order's outcome is an event like any other, and is never lost."""
        self._claimed -= 1
        now_at = self._clock.now()
        event = OutcomeArrived(self._ids.next(now_at), now_at, order.msisdn, order, outcome)
        self._committer.submit(event)

    def settled(self) -> None:
        """An order was settled by a decision of its own, without an outcome."""
        self._claimed -= 1

    def pump(self) -> None:
        """Carry what waits for room, in order."""
        while self._queue and self._carry(self._queue[0]):
            self._queue.popleft()
        if not self._queue:
            self._wake.set()

    def put_back(self) -> None:
        """Let go of what no carrier has taken, before a polite end: it certainly did not go out."""
        left = list(self._queue)
        self._queue.clear()
        for order in left:
            self.report(order, RetryAt(self._clock.now(), "the engine stopped before it was sent"))

    def wake(self) -> None:
        """Look for waiting orders again: a link came up."""
        self._wake.set()

    async def recover(self) -> None:
        """Settle what dead engines had claimed: its outcome is unknown."""
        last_id = 0
        while orphans := await self._store.orphaned_orders(self._epoch, last_id, STEP):
            for order in orphans:
                self._claimed += 1
                self.report(order, Unknown("the engine stopped", was_cut=True))
            last_id = orphans[-1].id

    async def run(self) -> None:
        """Claim what falls due, for ever."""
        while True:
            try:
                is_done = await self._claim_due()
                self._next_at = await self._store.next_order_due()
                if self._next_at is not None and not is_done:
                    self._next_at = max(self._next_at, self._clock.now() + STUCK_MS)
            except StoreUnavailable:
                self._next_at = self._clock.now() + AWAY_MS
            until_at = self._next_at
            if until_at is not None and self.room() <= 0:
                until_at = max(until_at, self._clock.now() + AWAY_MS)
            await self._clock.wait(until_at, self._wake)

    async def _claim_due(self) -> bool:
        """Have waiting orders claimed, a step at a time, as far as there is room.

        False when a step changed nothing: its events were parked, and are left alone for a while.
        """
        before: Sequence[Order] = ()
        while (room := self.room()) > 0:
            due = await self._store.due_orders(self._clock.now(), min(STEP, room))
            if not due:
                self._behind.clear()
                self._committer.backlog.clear()
                return True
            if due == before:
                return False
            before = due
            self._claims_decided.clear()
            self._claiming = len(due)
            for order in due:
                now_at = self._clock.now()
                event = OrderFellDue(self._ids.next(now_at), now_at, order.msisdn, order)
                self._committer.submit(event, self._on_claim_decided)
            await self._claims_decided.wait()
        return True

    def _on_claim_decided(self, _decision: Decision | None) -> None:
        """One claim of a step is durable."""
        self._claiming -= 1
        if self._claiming == 0:
            self._claims_decided.set()

    def _take(self, order: Order) -> None:
        """Carry a claimed order; remember when a waiting one falls due."""
        if order.state is OrderState.CLAIMED:
            self._claimed += 1
            if self._queue or not self._carry(order):
                self._queue.append(order)
        elif order.state is OrderState.WAITING and (
            self._next_at is None or order.due_at < self._next_at
        ):
            self._next_at = order.due_at
            self._wake.set()

    def _wait_for_room(self, order: Order, event: Event) -> None:
        """Count a text that is due and does not leave: how many do says how far we are behind."""
        if order.due_at <= self._clock.now():
            party = party_of(event, self._committer.rules)
            self._behind[order.id] = party
            self._committer.backlog.add(party)

    def _is_behind_no_more(self, order_id: int) -> None:
        """Its turn came, or it was dropped."""
        party = self._behind.pop(order_id, None)
        if party is not None:
            self._committer.backlog.remove(party)

    def _carry(self, order: Order) -> bool:
        """Hand it to the carrier of its kind."""
        return self.carriers[order.kind].carry(order)
