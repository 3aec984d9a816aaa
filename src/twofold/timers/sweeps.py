"""Sweeps: behind a stop, every number that it hits is decided once, without holding others up.

Numbers are walked in their own order and how far it came is kept, so that a killed engine goes on
where it was; what it does twice has no second effect.
No more texts are under way than half of what the links take at once: who asks for another service
meanwhile finds room.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct, structs

from twofold.commit import Committer
from twofold.decide import Decision
from twofold.domain.clock import Clock
from twofold.domain.crash import SWEPT, crash_point
from twofold.domain.events import CatalogueSwept
from twofold.domain.ids import IdSource
from twofold.store.errors import StoreUnavailable
from twofold.store.ledger import Sweep
from twofold.store.port import Store

LOOK_MS: Final = 5_000
"""An idle engine looks this often whether another process stopped something; a busy one knows it
with its next batch."""

SCAN_ROWS: Final = 2_048
"""Rows of a table that are looked at in one go, whether they are hit or not."""

KEEP_EVERY: Final = 256
"""After so many numbers it is kept how far the sweep came."""


class Progress(Struct, frozen=True):
    """How far the sweep that is going on has come, for metrics, `/readyz` and the log."""

    revision: int
    about: str
    """`partner abc`."""
    swept: int
    is_done: bool = False


class Sweeps:
    """Follows the catalogue's stops, one sweep after another."""

    def __init__(
        self,
        store: Store,
        committer: Committer,
        clock: Clock,
        ids: IdSource,
        capacity: Callable[[], int],
    ) -> None:
        """`capacity` says how many texts the links that are up could take, were they empty."""
        self.progress: Progress | None = None
        """Of the sweep that goes on, or of the last one."""
        self.swept = 0
        """Numbers that this engine has swept."""
        self._store = store
        self._committer = committer
        self._clock = clock
        self._ids = ids
        self._capacity = capacity
        self._wake = asyncio.Event()
        self._moved = asyncio.Event()
        self._revision = committer.rules.revision
        self._deciding = 0
        self._unsent: set[int] = set()
        """Texts of the sweep of whose first try nothing is known yet."""

    @property
    def is_idle(self) -> bool:
        """Whether no sweep is known to go on."""
        done = self.progress is None or self.progress.is_done
        return done and not self._wake.is_set() and self._revision == self._committer.rules.revision

    def on_committed(self, decisions: list[Decision]) -> None:
        """Look for a sweep when the catalogue changed; see which texts got away."""
        if self._committer.rules.revision != self._revision:
            self._revision = self._committer.rules.revision
            self._wake.set()
        if self._unsent:
            self._forget(decisions)

    async def run(self) -> None:
        """Sweep what is to be swept, for ever."""
        while True:
            try:
                while sweep := await self._store.next_sweep():
                    await self._sweep(sweep)
            except StoreUnavailable:
                pass
            await self._clock.wait(self._clock.now() + LOOK_MS, self._wake)

    async def _sweep(self, sweep: Sweep) -> None:
        """Walk all numbers once."""
        about = f"{sweep.kind} {sweep.name}"
        self.progress = Progress(sweep.revision, about, sweep.swept)
        while True:
            numbers, upto = await self._store.step_of(sweep, SCAN_ROWS)
            for start in range(0, len(numbers), KEEP_EVERY):
                some = numbers[start : start + KEEP_EVERY]
                await self._decide(sweep, some)
                sweep = structs.replace(sweep, after=some[-1], swept=sweep.swept + len(some))
                await self._keep(sweep, about, done_at=None)
            if upto is None:
                break
            sweep = structs.replace(sweep, after=upto)
            await self._keep(sweep, about, done_at=None)
            # The walk over numbers that are not hit must let others in, too.
            await asyncio.sleep(0)
        await self._keep(sweep, about, done_at=self._clock.now())

    async def _keep(self, sweep: Sweep, about: str, *, done_at: int | None) -> None:
        """Keep how far it came, and say so."""
        crash_point(SWEPT)
        await self._store.advance_sweep(sweep, done_at)
        is_done = done_at is not None
        self.progress = Progress(sweep.revision, about, sweep.swept, is_done)

    async def _decide(self, sweep: Sweep, numbers: Sequence[int]) -> None:
        """Have numbers decided, as many at a time as there is room for; all are durable then."""
        for number in numbers:
            await self._until(lambda: self._deciding + len(self._unsent) < self._share())
            now_at = self._clock.now()
            event = CatalogueSwept(
                self._ids.next(now_at),
                now_at,
                number,
                sweep.revision,
                sweep.kind,
                sweep.name,
                sweep.paused_ms,
            )
            self._deciding += 1
            self._committer.submit(event, self._on_decided)
        await self._until(lambda: not self._deciding)

    async def _until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something that moves with each batch is so."""
        while not is_so():
            self._moved.clear()
            await self._moved.wait()

    def _share(self) -> int:
        """How many numbers may be under way: one while no link is up, for nobody could be told."""
        return max(self._capacity() // 2, 1)

    def _on_decided(self, decision: Decision | None) -> None:
        """One number is durable; it may have texts on their way."""
        self._deciding -= 1
        if decision is not None:
            self.swept += 1
            self._unsent.update(order.id for order in decision.orders)
        self._moved.set()

    def _forget(self, decisions: list[Decision]) -> None:
        """A text that was tried, or dropped, is not waited for: what is repeated has its time."""
        for decision in decisions:
            change = decision.order_change
            if change is not None and (change.order is None or change.order.attempts):
                self._unsent.discard(change.order_id)
        self._moved.set()
