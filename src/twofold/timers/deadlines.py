"""The timers of open requests: what falls due is decided, late rather than never, step by step."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from twofold.commit import Committer
from twofold.decide import Decision
from twofold.domain.clock import Clock
from twofold.domain.events import DeadlinePassed
from twofold.domain.ids import IdSource
from twofold.store.errors import StoreUnavailable
from twofold.store.port import Store

STEP: Final = 512
"""Deadlines decided at once."""

AWAY_MS: Final = 1_000
"""A store that is away is asked again after this."""

HELD_LOOK_MS: Final = 1_000
"""While replies to something may be on their way, it is looked at this often."""

STUCK_MS: Final = 60_000
"""Timers that could not be decided are tried again after this."""


class Deadlines:
    """Watches the earliest deadline."""

    def __init__(
        self,
        store: Store,
        committer: Committer,
        clock: Clock,
        ids: IdSource,
        *,
        held: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        """Read due requests from `store` and have them decided.

        `held` names the short codes to which replies that were sent in time may still be on their
        way: their requests do not expire yet, for an hour at most.
        """
        self._held = held
        self._store = store
        self._committer = committer
        self._clock = clock
        self._ids = ids
        self._wake = asyncio.Event()
        self._next_at: int | None = None
        self._undecided = 0
        self._decided = asyncio.Event()

    @property
    def is_idle(self) -> bool:
        """Whether nothing that is due is left undecided."""
        return (
            self._undecided == 0
            and not self._wake.is_set()
            and (self._next_at is None or self._next_at > self._clock.now())
        )

    def on_committed(self, decisions: list[Decision]) -> None:
        """Look again when a request's timer is set earlier than the next one known."""
        for decision in decisions:
            for request in decision.after.requests:
                if self._next_at is None or request.due_at < self._next_at:
                    self._next_at = request.due_at
                    self._wake.set()

    async def run(self) -> None:
        """Decide what falls due, for ever."""
        while True:
            try:
                is_done = await self._decide_due()
                self._next_at = await self._store.next_request_due()
                if self._next_at is not None and not is_done:
                    self._next_at = max(self._next_at, self._clock.now() + STUCK_MS)
                elif self._next_at is not None and self._held():
                    self._next_at = max(self._next_at, self._clock.now() + HELD_LOOK_MS)
            except StoreUnavailable:
                self._next_at = self._clock.now() + AWAY_MS
            await self._clock.wait(self._next_at, self._wake)

    async def _decide_due(self) -> bool:
        """Submit all that is due, a step at a time, each step durable before the next is read.

        False when a step changed nothing: its events were parked, and are left alone for a while.
        """
        before: Sequence[tuple[int, int, int, int]] = ()
        while due := await self._store.due_requests(self._clock.now(), STEP, held=self._held()):
            if due == before:
                return False
            before = due
            self._decided.clear()
            self._undecided = len(due)
            now_at = self._clock.now()
            for msisdn, request_id, due_at, tenure in due:
                event = DeadlinePassed(
                    self._ids.next(now_at), now_at, msisdn, request_id, due_at, tenure
                )
                self._committer.submit(event, self._on_decided)
            await self._decided.wait()
        return True

    def _on_decided(self, _decision: Decision | None) -> None:
        """One of a step is durable."""
        self._undecided -= 1
        if self._undecided == 0:
            self._decided.set()
