"""Reading for faces: bounded looks at the database that are never part of a decision."""

from typing import Any, Final

import apsw

from twofold.store.queries import read_queries

MAX_ROWS: Final = 1_000


class SqliteReader:
    """Looks through a connection of its own, or the engine's where one process is all there is."""

    def __init__(self, connection: apsw.Connection) -> None:
        """Read from an open database."""
        self._connection = connection
        self._sql = read_queries("twofold.store.sqlite")

    def balance(self, msisdn: int) -> int | None:
        """What the embedded account holds; None where it was never used."""
        rows = self._rows("account", (msisdn,))
        return None if not rows else int(rows[0][0])

    def debits(self, msisdn: int) -> list[dict[str, Any]]:
        """Debits of a number, oldest first; refunds are negative."""
        rows = self._rows("debits_of", (msisdn,))
        return [
            {"id": str(row[0]), "amount": row[1], "at": row[2], "service": row[3]} for row in rows
        ]

    def entries_since(self, last_id: int, limit: int = MAX_ROWS) -> list[tuple[Any, ...]]:
        """Entries after an id, in order: id, at, msisdn, request id, kind, document."""
        return self._rows("entries_since", (last_id, min(limit, MAX_ROWS)))

    def counts(self) -> dict[str, int]:
        """How much is open, waiting, unresolved and parked."""
        names = ("requests_open", "orders_waiting", "orders_unresolved", "events_parked")
        return dict(zip(names, self._rows("counts")[0], strict=True))

    def _rows(self, name: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        return self._connection.cursor().execute(self._sql[name], values).fetchall()
