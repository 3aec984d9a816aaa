"""A load in this process, an engine in another, and the moment at which the engine is gone."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from tests.faults.serving import Installation, Serving
from twofold.peers.load import Load, _Line, _Unanswered
from twofold.peers.load_journeys import LoadSettings, Record
from twofold.peers.load_wire import Submitted


class WatchedLoad(Load):
    """A load that says when it has read the last that a dead engine sent."""

    def __init__(self, settings: LoadSettings) -> None:
        super().__init__(settings)
        self.gone = asyncio.Event()
        self.heard = 0
        """PDUs of the engine's that were read."""
        self._alarms: list[tuple[int, asyncio.Future[None]]] = []

    @property
    def record(self) -> Record:
        """What was acknowledged and received so far."""
        assert self.report.record is not None
        return self.report.record

    async def hears(self, more: int) -> None:
        """Wait until so many more PDUs were read, or the load is done."""
        heard = asyncio.get_running_loop().create_future()
        self._alarms.append((self.heard + more, heard))
        await asyncio.wait([heard, self._done], return_when=asyncio.FIRST_COMPLETED)

    def answered(self, sent: _Unanswered, status: int) -> None:
        """Count an answer."""
        super().answered(sent, status)
        self._count()

    def submit(self, line: _Line, sequence: int, submit: Submitted) -> None:
        """Count a text."""
        super().submit(line, sequence, submit)
        self._count()

    async def sees_die(self, doomed: Serving) -> int:
        """Wait for the end of an engine that is to die under the load; give its exit code."""
        ended = asyncio.ensure_future(doomed.ended())
        await asyncio.wait([ended, self._done], return_when=asyncio.FIRST_COMPLETED)
        assert ended.done(), "the load was done before the engine came to where it was to die"
        return await ended

    def close(self) -> None:
        """Stop listening, when a test ends before the load."""
        self._server.close()
        for line in list(self._connected):
            line.transport.abort()

    def lost(self, line: _Line, unanswered: Iterator[_Unanswered]) -> None:
        """Note that a connection has ended, after all that came over it."""
        super().lost(line, unanswered)
        self.gone.set()

    def _count(self) -> None:
        self.heard += 1
        for alarm in [one for one in self._alarms if one[0] <= self.heard]:
            self._alarms.remove(alarm)
            if not alarm[1].done():
                alarm[1].set_result(None)


@asynccontextmanager
async def loaded(
    folder: Path, journeys: int, rate: float, changes: Mapping[str, str] | None = None
) -> AsyncIterator[tuple[WatchedLoad, Installation]]:
    """Listen with a load of `rate` journeys a second, and write an installation that binds to it.

    Journeys that begin one by one keep batches small and unlike; kept open together they march in
    step, and a kill would meet the same batch each time.
    """
    load = WatchedLoad(LoadSettings(journeys, rate=rate, record=True, give_up_s=60.0, retry_s=0.05))
    await load.start("127.0.0.1", 0)
    installation = Installation(folder, load.port, changes)
    try:
        yield load, installation
    finally:
        load.close()
        installation.close()
