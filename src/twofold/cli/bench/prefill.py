"""A file that holds journeys already: what each leaves, in the order of time, by the product's SQL.

Only what stays is written: a request that was opened and closed again leaves no row.
The file is made without a log and without waiting for the disk; the engine that opens it has both.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from msgspec import structs

from twofold.cli.bench.rows import Rows, fresh_database
from twofold.cli.bench.sample import Happened, Journey, Sample
from twofold.domain.ids import IdSource

STAYS: Final = frozenset({"begin_subscription", "put_account", "add_debit", "add_entry"})
JOURNEYS_A_SECOND: Final = 5_000
"""As an engine would have played them: ids and times are then as dense as they would be."""
STEP: Final = 5_000
CACHE_KIB: Final = 4 << 20


def prefill(sample: Sample, path: Path, numbers: Iterable[int], journeys: int, now_at: int) -> None:
    """Leave in a new file what so many journeys leave that ended now."""
    connection = fresh_database(path, now_at)
    for setting in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{CACHE_KIB}"):
        connection.execute(f"PRAGMA {setting}").fetchall()
    rows = Rows(staying(sample), connection)
    ids = IdSource()
    at = now_at - 1_000 * journeys // JOURNEYS_A_SECOND
    coming = iter(numbers)
    with connection:
        while step := list(islice(coming, STEP)):
            rows.write(list(_events(step, ids, at)), at)
            at += 1_000 * STEP // JOURNEYS_A_SECOND
    connection.close()


def staying(sample: Sample) -> Sample:
    """What is left of the rows of a journey."""
    makers = tuple(
        tuple((place, make) for place, make in held if sample.statements[place] in STAYS)
        for held in sample.makers
    )
    return structs.replace(sample, makers=makers)


def _events(numbers: list[int], ids: IdSource, at: int) -> Iterator[tuple[Happened, Journey]]:
    """The events of journeys that were open together, each event of all before the next."""
    journeys = [Journey.invented(number) for number in numbers]
    for event in Happened:
        for journey in journeys:
            journey.ids[event] = ids.next(at)
            yield event, journey
