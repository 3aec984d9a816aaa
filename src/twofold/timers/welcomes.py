"""The welcomes that the SMSC has not accepted: at their time, what was charged is given back.

Each is watched from the commit that orders it to the one that settles it, so that only what is
under way is held; what a start finds in the store is watched like the rest.
"""

import asyncio
from typing import Final

from twofold.commit import Committer
from twofold.decide import WELCOME, Decision
from twofold.domain.clock import Clock
from twofold.domain.events import OrderOverdue
from twofold.domain.ids import IdSource, born_at
from twofold.domain.orders import Order
from twofold.store.errors import StoreUnavailable
from twofold.store.port import Store

STEP: Final = 512
"""Orders read at once."""

AWAY_MS: Final = 1_000
"""A store that is away is asked again after this."""


class Welcomes:
    """Watches when the earliest of them is overdue."""

    def __init__(self, store: Store, committer: Committer, clock: Clock, ids: IdSource) -> None:
        """Find welcomes in `store` at the start, and in every batch from then on."""
        self._store = store
        self._committer = committer
        self._clock = clock
        self._ids = ids
        self._wake = asyncio.Event()
        self._watched: dict[int, Order] = {}
        self._next_at: int | None = None
        self._undecided = 0

    @property
    def is_idle(self) -> bool:
        """Whether nothing that is overdue is left undecided."""
        return (
            self._undecided == 0
            and not self._wake.is_set()
            and (self._next_at is None or self._next_at > self._clock.now())
        )

    def on_committed(self, decisions: list[Decision]) -> None:
        """Watch what was ordered, and forget what was settled."""
        for decision in decisions:
            for order in decision.orders:
                if order.key == WELCOME:
                    self._watch(order)
            change = decision.order_change
            if change is not None and change.order is None:
                self._watched.pop(change.order_id, None)

    async def run(self) -> None:
        """Have what is overdue decided, for ever."""
        await self._find()
        while True:
            self._decide_overdue()
            self._next_at = min(map(self._overdue_at, self._watched.values()), default=None)
            await self._clock.wait(self._next_at, self._wake)

    async def _find(self) -> None:
        """Watch what earlier engines ordered, and nobody has accepted yet."""
        last_id = 0
        while True:
            try:
                found = await self._store.unsettled_orders(WELCOME, last_id, STEP)
            except StoreUnavailable:
                await self._clock.wait(self._clock.now() + AWAY_MS, self._wake)
                continue
            if not found:
                return
            for order in found:
                self._watch(order)
            last_id = found[-1].id

    def _watch(self, order: Order) -> None:
        """Keep it until it is settled; look again if it is the first to be overdue."""
        self._watched[order.id] = order
        overdue_at = self._overdue_at(order)
        if self._next_at is None or overdue_at < self._next_at:
            self._next_at = overdue_at
            self._wake.set()

    def _overdue_at(self, order: Order) -> int:
        """When the policy wants it to have been accepted, counted from the start that it tells."""
        return born_at(order.id) + self._committer.rules.policy.welcome_by_ms

    def _decide_overdue(self) -> None:
        """Say once of each that it is overdue; whether that still matters is decided."""
        now_at = self._clock.now()
        overdue = [one for one in self._watched.values() if self._overdue_at(one) <= now_at]
        self._undecided += len(overdue)
        for order in overdue:
            del self._watched[order.id]
            event = OrderOverdue(self._ids.next(now_at), now_at, order.msisdn, order)
            self._committer.submit(event, self._on_decided)

    def _on_decided(self, _decision: Decision | None) -> None:
        """One is durable."""
        self._undecided -= 1
