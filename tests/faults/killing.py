"""A load in this process, an engine in another, and the moment at which the engine is gone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.faults.serving import Installation
from twofold.peers.load import Load
from twofold.peers.load_journeys import LoadSettings, Record


class WatchedLoad(Load):
    """A load that says when it has read the last that a dead engine sent."""

    def __init__(self, settings: LoadSettings) -> None:
        super().__init__(settings)
        self.gone = asyncio.Event()

    @property
    def record(self) -> Record:
        """What was acknowledged and received so far."""
        assert self.report.record is not None
        return self.report.record

    def close(self) -> None:
        """Stop listening, when a test ends before the load."""
        self._server.close()
        for line in list(self._connected):
            line.transport.abort()

    def lost(self, line, unanswered) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - as the load has them
        """Note that a connection has ended, after all that came over it."""
        super().lost(line, unanswered)
        self.gone.set()


@asynccontextmanager
async def loaded(
    folder: Path, journeys: int, rate: float
) -> AsyncIterator[tuple[WatchedLoad, Installation]]:
    """Listen with a load of `rate` journeys a second, and write an installation that binds to it.

    Journeys that begin one by one keep batches small and unlike; kept open together they march in
    step, and a kill would meet the same batch each time.
    """
    load = WatchedLoad(LoadSettings(journeys, rate=rate, record=True, give_up_s=10.0, retry_s=0.05))
    await load.start("127.0.0.1", 0)
    installation = Installation(folder, load.port)
    try:
        yield load, installation
    finally:
        load.close()
        installation.close()
