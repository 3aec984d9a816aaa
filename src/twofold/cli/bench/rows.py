"""The store alone: a batch's load and its rows, with nobody who decides them.

One load, then one `executemany` a statement, then COMMIT, as in `store.sqlite`.
The rows are the product's.
"""

from hashlib import sha256
from os import urandom
from pathlib import Path
from typing import Final

from twofold.cli.bench.sample import Happened, Journey, Row, Sample
from twofold.store.queries import read_queries
from twofold.store.sqlite import Connection, migrate, open_database
from twofold.store.sqlite.rows import int64s

SALT_BYTES: Final = 16


class Rows:
    """Writes the rows of journeys' events, a batch at a time."""

    def __init__(self, sample: Sample, connection: Connection) -> None:
        """Write into an open database."""
        self._sample = sample
        self._cursor = connection.cursor()
        self._load = read_queries("twofold.store.sqlite")["load_requests"]

    def commit(self, batch: list[tuple[Happened, Journey]], at: int) -> None:
        """Load what a batch of events concerns, write what they change, and make it durable."""
        run = self._cursor.execute
        run("BEGIN IMMEDIATE")
        numbers = sorted({journey.number for _, journey in batch})
        run(self._load, (int64s(numbers),)).fetchall()
        self.write(batch, at)
        run("COMMIT")

    def write(self, batch: list[tuple[Happened, Journey]], at: int) -> None:
        """Write the rows of a batch."""
        rows: list[list[Row]] = [[] for _ in self._sample.sql]
        for event, journey in batch:
            before, after = self._sample.documents[event]
            document = b"%b%d%b" % (before, journey.number, after)
            salt = urandom(SALT_BYTES)
            digest = sha256(salt + document).digest()
            for place, make in self._sample.makers[event]:
                rows[place].append(make(journey, at, salt, digest, document))
        for sql, values in zip(self._sample.sql, rows, strict=True):
            if values:
                self._cursor.executemany(sql, values)


def fresh_database(path: Path, now_at: int) -> Connection:
    """Open a database with the product's schema; what was there stays."""
    connection = open_database(path)
    migrate(connection, now_at)
    return connection
