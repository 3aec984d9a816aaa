"""Reading for faces: bounded looks at the database that are never part of a decision."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import apsw
import msgspec
from msgspec import Struct

from twofold.domain.catalogue import StopKind
from twofold.domain.orders import Order
from twofold.domain.reason import Reason
from twofold.domain.subscriber import Request, Subscription
from twofold.evidence.entry import Entry
from twofold.store.ledger import Hit
from twofold.store.looking import EndedRow, SettledRow, Told
from twofold.store.queries import read_queries
from twofold.store.sqlite.connection import in_our_words
from twofold.store.sqlite.rows import int64s, order_from, request_from, subscription_from

MAX_ROWS: Final = 1_000


class Over(Struct, frozen=True):
    """A request or subscription that is over, as history shows it; times are ms UTC."""

    id: int
    service: str
    state: str
    requested_at: int
    over_at: int
    reason: Reason | None


_entry = msgspec.json.Decoder(Entry)


class SqliteReader:
    """Fulfils `store.looking.Reader`, and more for health, history and the stand-ins.

    Looks through a connection of its own, or the engine's where one process is all there is.
    """

    def __init__(self, connection: apsw.Connection) -> None:
        """Read from an open database."""
        self._connection = connection
        self._sql = read_queries("twofold.store.sqlite")

    def balance(self, msisdn: int) -> int | None:
        """What the present holder's embedded account holds; None where it was never used."""
        rows = self._rows("account", (msisdn,))
        return None if not rows else int(rows[0][0])

    def debits(self, msisdn: int) -> list[dict[str, Any]]:
        """Debits of a number's present holder, oldest first; refunds are negative."""
        rows = self._rows("debits_of", (msisdn, self.tenure(msisdn)))
        return [
            {"id": str(row[0]), "amount": row[1], "at": row[2], "service": row[3]} for row in rows
        ]

    def requests(self, msisdn: int) -> list[Request]:
        """Open requests of a number, oldest first."""
        return [request_from(row) for row in self._rows("load_requests", (int64s([msisdn]),))]

    def subscriptions(self, msisdn: int) -> list[Subscription]:
        """Live subscriptions of a number, oldest first."""
        rows = self._rows("load_subscriptions", (int64s([msisdn]),))
        return [subscription_from(row) for row in rows]

    def tenure(self, msisdn: int) -> int:
        """Which tenure of a number this is."""
        rows = self._rows("tenure_of", (msisdn,))
        return int(rows[0][0]) if rows else 0

    def over(self, msisdn: int, tenure: int | None = None) -> list[Over]:
        """What one holder's requests and subscriptions came to; the present one's unless told."""
        of_tenure = self.tenure(msisdn) if tenure is None else tenure
        return [
            Over(id_, service, state, asked_at, over_at, None if why is None else Reason(why))
            for id_, service, state, asked_at, over_at, why in self._rows(
                "over_of", (msisdn, MAX_ROWS, of_tenure)
            )
        ]

    def orders(self, limit: int = MAX_ROWS) -> list[Order]:
        """Orders that are not settled, oldest first."""
        return [order_from(row) for row in self._rows("orders_left", (min(limit, MAX_ROWS),))]

    def entries_since(self, last_id: int, limit: int = MAX_ROWS) -> list[tuple[Any, ...]]:
        """Entries after an id, in order: id, at, msisdn, request id, kind, document."""
        return self._rows("entries_since", (last_id, min(limit, MAX_ROWS)))

    def decided(self, event_id: int) -> Told | None:
        """What an event was answered; None where it was not decided."""
        rows = self._rows("decided", (event_id,))
        if not rows:
            return None
        entry = _entry.decode(rows[0][1])
        return Told(rows[0][0], entry.reason, entry.request)

    def settled(self, request_id: int) -> SettledRow | None:
        """A request that ended unconfirmed."""
        rows = self._rows("settled_request", (request_id,))
        return SettledRow(*rows[0]) if rows else None

    def ended(self, subscription_id: int) -> EndedRow | None:
        """A subscription that is over."""
        rows = self._rows("ended_subscription", (subscription_id,))
        return EndedRow(*rows[0]) if rows else None

    def entries_newest(self, msisdn: int | None, limit: int) -> list[tuple[Any, ...]]:
        """The newest entries of a number or of all, newest first.

        Each is id, at, msisdn, kind, salt, hash, document.
        """
        return self._rows("entries_newest", (msisdn, min(limit, MAX_ROWS)))

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Look at one state of the file, however long that takes and whatever others commit."""
        self._connection.execute("BEGIN")
        try:
            self._rows("newest_revision")
            yield
        finally:
            self._connection.execute("COMMIT")

    def hit(self, kind: StopKind, name: str, services: int) -> Hit:
        """Count what a stop hits of what stands; the catalogue knows its `services`."""
        return Hit(services, *self._rows(f"hit_of_{kind.value}", (name,))[0])

    def counts(self) -> dict[str, int]:
        """How much is open, waiting, unresolved and parked."""
        names = ("requests_open", "orders_waiting", "orders_unresolved", "events_parked")
        return dict(zip(names, self._rows("counts")[0], strict=True))

    def _rows(self, name: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._connection.cursor().execute(self._sql[name], values).fetchall()
        except apsw.Error as error:
            raise in_our_words(error, self._connection.filename) from error
