"""The catalogue's ledger in one SQLite file, and the transaction that every write of it shares."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import apsw

from twofold.domain.catalogue import Act, Note, StopKind
from twofold.store.ledger import Proposal, Revision, Sweep
from twofold.store.queries import read_queries
from twofold.store.sqlite.connection import translated
from twofold.store.sqlite.rows import Row

_UNSAID: Final = Note(Act.IMPORT, "", "", "")


class SqliteLedger:
    """Fulfils `store.ledger.Ledger`."""

    def __init__(self, connection: apsw.Connection) -> None:
        """Work on an open, migrated database."""
        self.path = connection.filename
        """The file, for whoever must be told what is wrong with it."""
        self._connection = connection
        self._sql = read_queries("twofold.store.sqlite")
        self._cursor = connection.cursor()

    @translated
    async def begin(self) -> int:
        """Take the write lock, then read which catalogue binds."""
        self._cursor.execute("BEGIN IMMEDIATE")
        return int(self._value("newest_revision") or 0)

    @translated
    async def commit(self) -> None:
        """Make it durable."""
        self._cursor.execute("COMMIT")

    @translated
    async def rollback(self) -> None:
        """Undo what was begun, if anything was."""
        if self._connection.in_transaction:
            self._cursor.execute("ROLLBACK")

    @translated
    async def newest_catalogue(self) -> tuple[int, bytes, bytes] | None:
        """Revision, digest and document of the newest catalogue."""
        rows = self._rows("newest_catalogue")
        return rows[0] if rows else None

    @translated
    async def imported_catalogue(self) -> bytes | None:
        """The document of the newest revision that came from a file."""
        return self._value("imported_catalogue")  # type: ignore[no-any-return]

    @translated
    async def add_catalogue(
        self, now_at: int, digest: bytes, document: bytes, note: Note | None = None
    ) -> int:
        """Add a catalogue as the next revision."""
        made = note or _UNSAID
        values = (now_at, digest, document, made.act, made.about, made.by, made.why)
        return int(self._value("add_catalogue", values))

    @translated
    async def latest_entry_at(self) -> int:
        """The time of the newest entry."""
        return int(self._value("latest_entry_at") or 0)

    @translated
    async def revisions(self, limit: int) -> Sequence[Revision]:
        """The newest lines of the ledger, oldest first."""
        return [Revision(*row) for row in self._rows("revisions", (limit,))]

    @translated
    async def add_sweep(self, sweep: Sweep) -> None:
        """Have the numbers that a revision hits swept."""
        row = (sweep.revision, sweep.kind, sweep.name, sweep.begun_at, sweep.paused_ms)
        self._many("add_sweep", [(*row, sweep.after, sweep.swept)])

    @translated
    async def next_sweep(self) -> Sweep | None:
        """The oldest sweep that is not done."""
        rows = self._rows("next_sweep")
        if not rows:
            return None
        revision, kind, *rest = rows[0]
        return Sweep(revision, StopKind(kind), *rest)

    @translated
    async def step_of(self, sweep: Sweep, limit: int) -> tuple[Sequence[int], int | None]:
        """The next numbers that a sweep hits, and up to which number it looked."""
        upto = self._value("step_end", (sweep.after, limit))
        last = _LAST if upto is None else upto
        rows = self._rows(f"step_of_{sweep.kind.value}", (sweep.after, last, sweep.name))
        return [row[0] for row in rows], upto

    @translated
    async def advance_sweep(self, sweep: Sweep, done_at: int | None) -> None:
        """Keep how far a sweep came."""
        self._many("advance_sweep", [(sweep.after, sweep.swept, done_at, sweep.revision)])

    @translated
    async def add_proposal(self, kind: StopKind, name: str, now_at: int, by: str, why: str) -> int:
        """Keep a proposal."""
        return int(self._value("add_proposal", (kind, name, now_at, by, why)))

    @translated
    async def proposals(self) -> Sequence[Proposal]:
        """Those that nobody approved yet."""
        return [Proposal(*row) for row in self._rows("proposals")]

    @translated
    async def approve_proposal(self, number: int, now_at: int, by: str, revision: int) -> None:
        """Say who approved a proposal, and the revision that came of it."""
        self._many("approve_proposal", [(now_at, by, revision, number)])

    def _rows(self, name: str, values: tuple[Any, ...] = ()) -> list[Row]:
        """Run a query."""
        return self._cursor.execute(self._sql[name], values).fetchall()

    def _value(self, name: str, values: tuple[Any, ...] = ()) -> Any:  # noqa: ANN401 - one column of any type
        """The first column of the first row."""
        row = self._cursor.execute(self._sql[name], values).fetchall()
        return row[0][0] if row else None

    def _many(self, name: str, rows: Iterable[Row]) -> None:
        """Run a statement for each row."""
        if rows:
            self._cursor.executemany(self._sql[name], rows)


_LAST: Final = (1 << 63) - 1
"""Greater than any number."""
