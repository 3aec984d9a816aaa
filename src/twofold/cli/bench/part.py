"""The process of one part: `python -m twofold.cli.bench.part SPEC`, a JSON document in and one out.

A part that is played to ends when its standard input is closed: the load is over then.
"""

import asyncio
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec

from twofold.app.clock import SystemClock
from twofold.app.interpreter import settle_interpreter
from twofold.app.running import running_engine
from twofold.cli.bench.esme import BareEsme, Keep
from twofold.cli.bench.figures import PartDone, PartSpec
from twofold.cli.bench.installation import DATABASE, settings_of
from twofold.cli.bench.prefill import prefill
from twofold.cli.bench.rows import Rows, fresh_database
from twofold.cli.bench.sample import Happened, Journey, Sample, record_sample
from twofold.cli.bench.subscribers import Draw, drawn, others
from twofold.domain.ids import IdSource
from twofold.protocol.smpp.session import SessionSettings
from twofold.store.sqlite import Connection

EVENTS: Final = len(Happened)
_COUNTERS: Final = Path("/proc/self/io")


def main() -> None:
    """Run one part and print what it says of itself."""
    spec = msgspec.json.decode(sys.argv[1], type=PartSpec)
    sys.stdout.write(msgspec.json.encode(PARTS[spec.part](spec)).decode() + "\n")


def codec(spec: PartSpec) -> PartDone:
    """Echo whole journeys."""
    return asyncio.run(_echo(spec, _sample(spec), lambda _batch, _at: None))


def flow(spec: PartSpec) -> PartDone:
    """Keep whole journeys, inline on the loop, with nobody who decides them."""
    sample = _sample(spec)
    with closing(_database(spec)) as connection:
        return asyncio.run(_echo(spec, sample, Rows(sample, connection).commit))


def store(spec: PartSpec) -> PartDone:
    """Keep whole journeys with no codec: each commit has as many of each of the six events."""
    clock, ids = SystemClock(), IdSource()
    sample, numbers = _sample(spec), drawn(Draw(spec.journeys, 1))
    with closing(_database(spec)) as connection:
        rows = Rows(sample, connection)
        settle_interpreter()
        measure, batches = Measure(), 0
        for batch in cohorts(numbers, spec.events_a_commit // EVENTS):
            at = clock.now()
            for event, journey in batch:
                journey.ids[event] = ids.next(at)
            rows.commit(batch, at)
            batches += 1
        return measure.done(spec.journeys * EVENTS, batches)


def product(spec: PartSpec) -> PartDone:
    """Run the engine as `serve` does, without its pages."""
    return asyncio.run(_engine(spec))


def overload(spec: PartSpec) -> PartDone:
    """Run the engine where the SMSC goes on regardless and drops what is put off."""
    return asyncio.run(_engine(spec, "ESME_RMSGQFUL"))


def fill(spec: PartSpec) -> PartDone:
    """Make a file that holds journeys already."""
    sample, numbers = _sample(spec), others(spec.journeys, spec.spared)
    measure = Measure()
    prefill(sample, _path(spec), numbers, spec.journeys, SystemClock().now())
    return measure.done(spec.journeys * EVENTS, 0)


PARTS: Final[dict[str, Callable[[PartSpec], PartDone]]] = {
    "codec": codec,
    "flow": flow,
    "store": store,
    "product": product,
    "overload": overload,
    "prefill": fill,
}


def cohorts(numbers: list[int], size: int) -> Iterator[list[tuple[Happened, Journey]]]:
    """Batches in which each of the last six cohorts of numbers goes one event on."""
    coming = iter(numbers)
    under_way: list[list[Journey]] = []
    while True:
        cohort = [Journey.invented(number) for number in islice(coming, size)]
        under_way = [cohort, *under_way[: EVENTS - 1]]
        batch = [(Happened(age), one) for age, held in enumerate(under_way) for one in held]
        if not batch:
            return
        yield batch


class Measure:
    """CPU, time and disk of this process since it was made."""

    def __init__(self) -> None:
        """Begin."""
        self._cpu = time.process_time()
        self._began = time.perf_counter()
        self._written = _written()

    def done(self, events: int, batches: int) -> PartDone:
        """Say what it took."""
        return PartDone(
            cpu_s=time.process_time() - self._cpu,
            seconds=time.perf_counter() - self._began,
            events=events,
            batches=batches,
            written_bytes=_written() - self._written,
        )


# --- how each is run ------------------------------------------------------------------------------


async def _echo(spec: PartSpec, sample: Sample, keep: Keep) -> PartDone:
    """Answer a load until it is over."""
    settings = SessionSettings(system_id="twofold", password="secret", window=1_000)  # noqa: S106 - the load's own
    esme = BareEsme(sample, settings, SystemClock(), keep)
    loop, over = asyncio.get_running_loop(), _over()
    settle_interpreter()
    measure = Measure()
    await loop.create_connection(lambda: esme, "127.0.0.1", spec.port)
    await over.wait()
    return measure.done(esme.events, esme.batches)


async def _engine(spec: PartSpec, busy_status: str = "ESME_RX_T_APPN") -> PartDone:
    """Run an engine until the load is over."""
    settings = settings_of(Path(spec.folder), spec.port, busy_status)
    over = _over()
    async with running_engine(settings, SystemClock()) as (engine, _):
        measure = Measure()
        await over.wait()
        committer = engine.committer
        assert committer.faults.batches_failed == 0, committer.faults
        return measure.done(committer.decided, committer.batches)


def _over() -> asyncio.Event:
    """Is set when standard input is closed."""
    over = asyncio.Event()
    loop = asyncio.get_running_loop()

    def closed() -> None:
        loop.remove_reader(sys.stdin)
        over.set()

    loop.add_reader(sys.stdin, closed)
    return over


def _sample(spec: PartSpec) -> Sample:
    return record_sample(settings_of(Path(spec.folder), 1), SystemClock())


def _path(spec: PartSpec) -> Path:
    return Path(spec.folder) / DATABASE


def _database(spec: PartSpec) -> Connection:
    return fresh_database(_path(spec), SystemClock().now())


def _written() -> int:
    """Bytes that this process has handed to the disk, as Linux counts them."""
    if not _COUNTERS.exists():
        return 0
    for line in _COUNTERS.read_text(encoding="ascii").splitlines():
        if line.startswith("write_bytes:"):
            return int(line.partition(":")[2])
    return 0


if __name__ == "__main__":
    main()
