"""All that one SQLite file holds, read row by row for the checks: nothing is held but the row."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import apsw

from twofold.store.port import EntryRow
from twofold.store.queries import read_queries
from twofold.store.records import (
    Counts,
    DebitRow,
    Part,
    RequestRow,
    Standing,
    SubscriptionRow,
)
from twofold.store.sqlite.connection import in_our_words


class SqliteRecords:
    """Fulfils `store.records.Records`, through a connection that may be the engine's own."""

    def __init__(self, connection: apsw.Connection) -> None:
        """Read from an open database."""
        self._connection = connection
        self._sql = read_queries("twofold.store.sqlite")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read one state of the file, whatever others write meanwhile."""
        with self._connection:
            yield

    def size(self) -> int:
        """How many requests there ever were."""
        return int(next(self._rows("check_size"))[0])

    def tenures(self, part: Part) -> Iterator[tuple[int, int]]:
        """Numbers that changed hands."""
        return ((row[0], row[1]) for row in self._rows("check_tenures", part))

    def requests(self, part: Part) -> Iterator[RequestRow]:
        """Open requests."""
        return map(RequestRow._make, self._rows("check_requests", part))

    def settled(self, part: Part) -> Iterator[RequestRow]:
        """Requests that ended unconfirmed."""
        return map(RequestRow._make, self._rows("check_settled", part))

    def subscriptions(self, part: Part) -> Iterator[SubscriptionRow]:
        """Live subscriptions."""
        return map(SubscriptionRow._make, self._rows("check_subscriptions", part))

    def ended(self, part: Part) -> Iterator[SubscriptionRow]:
        """Subscriptions that are over."""
        return map(SubscriptionRow._make, self._rows("check_ended", part))

    def debits(self, part: Part) -> Iterator[DebitRow]:
        """Money taken and given back."""
        return map(DebitRow._make, self._rows("check_debits", part))

    def entries(self, part: Part) -> Iterator[EntryRow]:
        """Evidence, each number's in the order of its decisions."""
        return (EntryRow(*row) for row in self._rows("check_entries", part))

    def parked(self, part: Part) -> Iterator[bytes]:
        """Events that could not be decided, as JSON."""
        return (row[0] for row in self._rows("check_parked", part))

    def revisions(self) -> Iterator[tuple[int, int]]:
        """Of each catalogue revision: the greatest entry that was there before it, and itself."""
        return ((row[0], row[1]) for row in self._rows("check_revisions"))

    def left_over(self, before_at: int) -> Iterator[tuple[str, int]]:
        """By hot table: how many rows it was to lose before a moment."""
        return ((row[0], row[1]) for row in self._rows("check_left_over", (before_at,)))

    def counts(self) -> Counts:
        """How much there is."""
        return Counts._make(next(self._rows("check_counts")))

    def standing(self, due_by_at: int) -> Standing:
        """What stands where it should not stay."""
        return Standing._make(next(self._rows("check_standing", (due_by_at,))))

    def damage(self, limit: int) -> list[str]:
        """What SQLite finds wrong with its file, at most so much of it."""
        try:
            rows = self._connection.execute(f"PRAGMA quick_check({int(limit)})").fetchall()
        except apsw.Error as error:
            raise in_our_words(error, self._connection.filename) from error
        return [str(row[0]) for row in rows if row[0] != "ok"]

    def catalogue(self, revision: int) -> bytes | None:
        """The document of a catalogue revision."""
        found = next(self._rows("check_catalogue", (revision,)), None)
        return None if found is None else found[0]

    def _rows(self, name: str, values: tuple[int, ...] = ()) -> Iterator[tuple[Any, ...]]:
        """Run a query, a row at a time."""
        try:
            yield from self._connection.cursor().execute(self._sql[name], values)
        except apsw.Error as error:
            raise in_our_words(error, "the database") from error
