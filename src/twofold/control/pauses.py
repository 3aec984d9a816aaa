"""A service whose prompt may not be sent is stopped by the program itself, as an operator would.

A catalogue whose prompts are unfit is refused at its import; one may be unfit all the same where a
later program or policy demands more, or where a row was changed behind the import's back.
Then its prompt is not sent, which is decided with each request.
Here the service is stopped for everybody, by a catalogue commit: two people let it go on, once its
row or its texts are mended.
What a dying engine had not stopped yet is stopped at the next request for it.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from twofold.catalog.stopping import MAX_WHY, CannotStop, stop
from twofold.commit import Committer
from twofold.decide import Decision
from twofold.domain.catalogue import StopKind
from twofold.domain.clock import Clock
from twofold.domain.reason import Reason
from twofold.domain.subscriber import Request
from twofold.store.errors import StoreUnavailable
from twofold.store.port import Store

AGAIN_MS: Final = 5_000
"""A store that is away is asked again after this."""

BY: Final = "twofold"


class Paused(Struct, frozen=True):
    """A service that was stopped, by which revision, and what its prompt lacks."""

    service: str
    revision: int
    why: str


class Pauses:
    """Stops services behind the decisions, and never in their way."""

    def __init__(self, store: Store, committer: Committer, clock: Clock) -> None:
        """Stop in `store` what the committer's decisions find unfit."""
        self.paused = 0
        """Services that were stopped by this engine."""
        self.unfit = 0
        """Prompts that were not sent."""
        self.on_paused: list[Callable[[Paused], None]] = []
        self._store = store
        self._committer = committer
        self._clock = clock
        self._waiting: dict[str, str] = {}
        self._wake = asyncio.Event()

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits to be stopped."""
        return not self._waiting

    def on_committed(self, decisions: list[Decision]) -> None:
        """Take the services of requests whose prompts were found unfit."""
        for decision in decisions:
            if decision.reason is Reason.PROMPT_UNFIT:
                self.unfit += 1
                for over in decision.settled:
                    self._take(over.request)

    def _take(self, request: Request) -> None:
        rules = self._committer.rules
        service = rules.catalogue.services.get(request.service)
        if service is None:
            return
        faults = rules.texts.prompt_faults(
            service,
            request.language,
            request.names_service,
            "" if request.code is None else request.code.digits,
            request.replaces,
        )
        lacks = "; ".join(f"{fault.key} ({fault.language}): {fault.what}" for fault in faults)
        if lacks and service.code not in self._waiting:
            self._waiting[service.code] = f"its prompt may not be sent: {lacks}"[:MAX_WHY]
            self._wake.set()

    async def run(self) -> None:
        """Stop what comes, for ever."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self.work()

    async def work(self) -> None:
        """Stop all that waits; what cannot be written now is tried again until it is."""
        while self._waiting:
            try:
                await self._pause(*next(iter(self._waiting.items())))
            except StoreUnavailable:
                await self._clock.wait(self._clock.now() + AGAIN_MS, self._wake)

    async def _pause(self, service: str, why: str) -> None:
        """Stop one service, and tell of it unless it was stopped meanwhile."""
        try:
            stopped = await stop(
                self._store, StopKind.SERVICE, service, self._clock.now, by=BY, why=why
            )
        except CannotStop:
            # An import has taken it off sale since.
            del self._waiting[service]
            return
        del self._waiting[service]
        if stopped.is_new:
            self.paused += 1
            for told in self.on_paused:
                told(Paused(service, stopped.revision, why))
