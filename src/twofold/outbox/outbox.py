"""Orders on their way out.

A fresh order is born claimed by the engine that commits it, one window ahead at most, and is
carried at once.
Otherwise it waits in the store, and claiming it is a decision of its own, which may drop it.
What a dead engine had claimed is unknown, never fresh.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from twofold.commit import Committer
from twofold.commit.admission import Backlog, cause_of
from twofold.decide import Decision
from twofold.domain.clock import Clock
from twofold.domain.events import Event, OrderFellDue, OutcomeArrived
from twofold.domain.ids import IdSource
from twofold.domain.orders import Order, OrderKind, OrderState, Outcome, RetryAt, Unknown
from twofold.domain.subscriber import Subscriber
from twofold.outbox.routes import Room, Route, Routes
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
        routes: Routes,
        epoch: int,
    ) -> None:
        """Hand out over some routes what is claimed by this start of the engine."""
        self.carriers: Mapping[OrderKind, Carrier] = {}
        self._store = store
        self._committer = committer
        self._clock = clock
        self._ids = ids
        self._routes = routes
        self._epoch = epoch
        self._wake = asyncio.Event()
        self._claims_decided = asyncio.Event()
        self._next_at: int | None = None
        self._behind: dict[int, tuple[Backlog, str]] = {}
        """By order: where a text waits for room, and whose request it follows."""
        for short_codes, route in routes.served:
            committer.backlogs.add(route.backlog, short_codes)

    @property
    def is_idle(self) -> bool:
        """Whether no order is under way and none that is due waits."""
        busy = any(route.claimed or route.claiming for route in self._routes)
        return not (busy or self._wake.is_set()) and (
            self._next_at is None or self._next_at > self._clock.now()
        )

    @property
    def depth(self) -> int:
        """Claimed orders that are not settled."""
        return sum(route.claimed for route in self._routes)

    def room(self) -> Room:
        """What the orders of one commit may take of each route."""
        return self._routes.room()

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
        for queue in (route.queue for route in self._routes):
            former = [
                order
                for order in queue
                if order.msisdn == holder.msisdn and order.tenure < holder.tenure
            ]
            for order in former:
                queue.remove(order)
                self.report(order, RetryAt(self._clock.now(), "the number has another holder"))

    def report(self, order: Order, outcome: Outcome) -> None:
        """An order's outcome is an event like any other, and is never lost."""
        self.settled(order)
        now_at = self._clock.now()
        event = OutcomeArrived(self._ids.next(now_at), now_at, order.msisdn, order, outcome)
        self._committer.submit(event)

    def settled(self, order: Order) -> None:
        """An order is under way no more."""
        self._routes.of(order.source).claimed -= 1

    def pump(self) -> None:
        """Carry what waits for room, in order; then look for what waits behind that."""
        for route in self._routes:
            queue = route.queue
            while queue and self._carry(queue[0]):
                queue.popleft()
            if route.is_behind and not queue:
                self._wake.set()

    def put_back(self) -> None:
        """Let go of what no carrier has taken, before a polite end: it certainly did not go out."""
        for queue in (route.queue for route in self._routes):
            left = list(queue)
            queue.clear()
            for order in left:
                why = "the engine stopped before it was sent"
                self.report(order, RetryAt(self._clock.now(), why))

    def wake(self) -> None:
        """Look for waiting orders again: a link came up."""
        self._wake.set()

    async def recover(self) -> None:
        """Settle what dead engines had claimed: its outcome is unknown."""
        last_id = 0
        while orphans := await self._store.orphaned_orders(self._epoch, last_id, STEP):
            for order in orphans:
                self._routes.of(order.source).claimed += 1
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
            if until_at is not None and any(route.is_behind for route in self._routes):
                until_at = max(until_at, self._clock.now() + AWAY_MS)
            await self._clock.wait(until_at, self._wake)

    async def _claim_due(self) -> bool:
        """Have waiting orders claimed, a step at a time, as far as there is room.

        False when a step changed nothing: its events were parked, and are left alone for a while.
        """
        before: Sequence[Order] = ()
        while due := await self._due_in_turn():
            if due == before:
                return False
            before = due
            self._claims_decided.clear()
            for order in due:
                self._routes.of(order.source).claiming += 1
            for order in due:
                self._claim(order)
            await self._claims_decided.wait()
        for route in self._routes:
            if not route.is_behind and route.backlog.total:
                self._count_anew(route)
        return True

    def _count_anew(self, route: Route) -> None:
        """Nothing waits on a route any more: what was counted there has gone some other way."""
        behind = self._behind.items()
        self._behind = {id_: held for id_, held in behind if held[0] is not route.backlog}
        route.backlog.clear()

    async def _due_in_turn(self) -> list[Order]:
        """What goes next on each route that has room."""
        now_at = self._clock.now()
        pairs: dict[Route, list[tuple[str, str]]] = {route: [] for route in self._routes}
        for source, party in await self._store.due_parties(now_at):
            pairs[self._routes.of(source)].append((source, party))
        chosen: list[Order] = []
        for route, behind in pairs.items():
            chosen += await self._next_on(route, behind, now_at)
        return chosen

    async def _next_on(
        self, route: Route, behind: Sequence[tuple[str, str]], now_at: int
    ) -> list[Order]:
        """What goes next on one route, of the short codes and parties that wait there."""
        room = min(STEP, route.room)
        if room <= 0 or not behind:
            route.is_behind = bool(behind)
            return []
        share = room // len(behind) + 1
        read = [await self._store.due_orders(now_at, *pair, share) for pair in behind]
        due = [order for orders in read for order in orders]
        chosen = route.in_turn(due, room)
        may_have_more = any(len(orders) == share for orders in read)
        route.is_behind = may_have_more or len(chosen) < len(due)
        return chosen

    def _claim(self, order: Order) -> None:
        """Have the claim of a waiting order decided."""
        now_at = self._clock.now()
        event = OrderFellDue(self._ids.next(now_at), now_at, order.msisdn, order)
        route = self._routes.of(order.source)
        self._committer.submit(event, lambda _decision: self._on_claim_decided(route))

    def _on_claim_decided(self, route: Route) -> None:
        """One claim of a step is durable."""
        route.claiming -= 1
        if not any(other.claiming for other in self._routes):
            self._claims_decided.set()

    def _take(self, order: Order) -> None:
        """Carry a claimed order; remember when a waiting one falls due."""
        if order.state is OrderState.CLAIMED:
            route = self._routes.of(order.source)
            route.claimed += 1
            if route.queue or not self._carry(order):
                route.queue.append(order)
        elif order.state is OrderState.WAITING and (
            self._next_at is None or order.due_at < self._next_at
        ):
            self._next_at = order.due_at
            self._wake.set()

    def _wait_for_room(self, order: Order, event: Event) -> None:
        """Count a text that is due and does not leave: how many do says how far we are behind."""
        if order.due_at <= self._clock.now():
            route = self._routes.of(order.source)
            route.is_behind = True
            party = cause_of(event, self._committer.rules).party
            self._behind[order.id] = (route.backlog, party)
            route.backlog.add(party)

    def _is_behind_no_more(self, order_id: int) -> None:
        """Its turn came, or it was dropped."""
        counted = self._behind.pop(order_id, None)
        if counted is not None:
            backlog, party = counted
            backlog.remove(party)

    def _carry(self, order: Order) -> bool:
        """Hand it to the carrier of its kind."""
        return self.carriers[order.kind].carry(order)
