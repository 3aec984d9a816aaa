"""The store of one engine on one SQLite file.

Each batch is one `BEGIN IMMEDIATE` transaction: load, write in bulk, commit.
Everything runs inline: a second thread beside a busy loop loses almost all of the rate
(docs/benchmarks.md).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

import apsw
from msgspec import UNSET, structs

from twofold.domain.numbers import Line
from twofold.domain.orders import Order
from twofold.domain.subscriber import (
    Awaited,
    Fragment,
    Grievances,
    Group,
    Memory,
    Past,
    Seen,
    Subscriber,
)
from twofold.store.errors import Conflict
from twofold.store.port import HELD_MAX_MS, Parked, Wanted, Writes
from twofold.store.sqlite.connection import translated
from twofold.store.sqlite.kept import Kept
from twofold.store.sqlite.ledger import SqliteLedger
from twofold.store.sqlite.rows import (
    Row,
    begun_row,
    changed_order_row,
    changed_row,
    code_range,
    complaint_from,
    complaint_row,
    debit_row,
    ended_row,
    fragment_from,
    fragment_key,
    fragment_row,
    int64s,
    line_from,
    memory_from,
    number_row,
    opened_row,
    order_from,
    order_row,
    request_from,
    resumed_row,
    settled_row,
    subscription_from,
)

HOUR_MS: Final = 3_600_000
SURE_HOURS: Final = 24
"""How far back a resend is looked for where the bind gives messages an id."""
SPENT_MS: Final = 30 * 24 * HOUR_MS
HISTORY_MS: Final = 180 * 24 * HOUR_MS
"""How far back a subscription may be complained about."""
KEPT_HOURS: Final = 24

_NO_MEMORY: Final = Memory()
_IN_SERVICE: Final = Line()

T = TypeVar("T")


class SqliteStore(SqliteLedger):
    """Fulfils `store.port.Store`: what every batch needs, and the ledger beside it."""

    def __init__(self, connection: apsw.Connection) -> None:
        """Work on an open, migrated database."""
        super().__init__(connection)
        self._kept = Kept()

    async def begin(self) -> int:
        """Take the write lock, then read which catalogue binds."""
        revision = await super().begin()
        self._kept.begin(self._value("data_version"))
        return revision

    @translated
    async def load(self, wanted: Wanted) -> dict[int, Subscriber]:
        """Load the snapshots of all numbers of a batch: what is not kept, by one query a table."""
        numbers = sorted(wanted.numbers)
        loaded = self._kept.among(numbers)
        self._load_numbers([number for number in numbers if number not in loaded], loaded)
        for field, found in self._asked_for(wanted):
            for number, value in found.items():
                loaded[number] = structs.replace(loaded[number], **{field: value})
        if wanted.complaining:
            self._load_grievances(wanted, loaded)
        return loaded

    @translated
    async def write(self, writes: Writes, epoch: int) -> None:
        """Write a batch: one statement a table and kind of change, run for all its rows."""
        self._kept.stage(writes.snapshots)
        self._exactly(
            "close_request", [(o.msisdn, o.tenure, r.id, r.state) for o, r in writes.closed]
        )
        self._exactly("change_request", [changed_row(*changed) for changed in writes.changed])
        self._many("open_request", [opened_row(*opened) for opened in writes.opened])
        self._many("settle_request", [settled_row(*settled) for settled in writes.settled])
        self._exactly(
            "close_subscription", [(o.msisdn, o.tenure, s.id, s.state) for o, s in writes.stopped]
        )
        self._exactly("change_subscription", [resumed_row(*resumed) for resumed in writes.resumed])
        self._many("begin_subscription", [begun_row(*begun) for begun in writes.begun])
        self._many("end_subscription", [ended_row(*ended) for ended in writes.ended])
        self._many("put_number", [number_row(subscriber) for subscriber in writes.numbers])
        self._many("put_account", [(s.msisdn, s.tenure, s.balance_minor) for s in writes.accounts])
        self._many("put_complaint", [complaint_row(held) for held in writes.complaints])
        self._many("add_debit", [debit_row(debit) for debit in writes.debits])
        self._many(
            "add_mo_key",
            [(s.at // HOUR_MS, s.key, number, s.at, s.digest) for number, s in writes.seen],
        )
        self._many(
            "drop_fragment", [fragment_key(number, one) for number, one in writes.dropped_fragments]
        )
        self._many(
            "put_fragment", [fragment_row(number, one) for number, one in writes.kept_fragments]
        )
        self._many("settle_order", [(order_id,) for order_id in writes.settled_orders])
        self._many(
            "change_order", [changed_order_row(order, epoch) for order in writes.changed_orders]
        )
        self._many("add_order", [order_row(order, epoch) for order in writes.new_orders])
        self._many("await_receipt", _awaited_rows(writes))
        self._many("forget_receipt", writes.reported)
        # An entry's fields are the columns, in their order.
        self._many("add_entry", [structs.astuple(entry) for entry in writes.entries])

    async def commit(self) -> None:
        """Make the batch durable."""
        await super().commit()
        self._kept.commit()

    async def rollback(self) -> None:
        """Undo the batch, if one is open."""
        self._kept.forget()
        await super().rollback()

    async def probe(self) -> None:
        """Write a row as it is: an empty transaction would not touch the disk."""
        await self.begin()
        self._many("touch_epoch", [()])
        await self.commit()

    @translated
    async def park(self, parked: Parked) -> None:
        """Keep an event that could not be decided."""
        self._many("park_event", [(parked.id, parked.at, parked.msisdn, parked.why, parked.event)])

    @translated
    async def begin_epoch(self, now_at: int) -> int:
        """Name this start of the engine."""
        return int(self._value("begin_epoch", (now_at,)))

    @translated
    async def asked_for_code(self, code: str, short_code: str, limit: int) -> Sequence[int]:
        """Numbers whose prompt printed that code."""
        values = (*code_range(code), short_code, limit)
        return [number for (number,) in self._rows("asked_for_code", values)]

    @translated
    async def greatest_id(self) -> int:
        """The greatest event id in use."""
        return int(self._value("greatest_id"))

    @translated
    async def punctual_minutes(self, within_ms: int) -> Sequence[tuple[str, int, int]]:
        """When messages came soon after they were sent, by SMSC and minute."""
        return self._rows("punctual_minutes", (within_ms,))

    @translated
    async def due_requests(
        self, now_at: int, limit: int, *, held: Sequence[str] = ()
    ) -> Sequence[tuple[int, int, int, int]]:
        """Open requests whose timer fell due, oldest first."""
        if not held:
            return self._rows("due_requests", (now_at, limit))
        codes = apsw.carray(tuple(held))
        return self._rows("due_requests_but", (now_at, limit, codes, now_at - HELD_MAX_MS))

    @translated
    async def due_fragments(self, until_at: int, limit: int) -> Sequence[tuple[int, Group]]:
        """Long MOs of which parts are missing for long."""
        self._rows("forget_whole", (until_at,))
        rows = self._rows("due_fragments", (until_at, limit))
        return [(row[0], Group(*row[1:])) for row in rows]

    @translated
    async def count_fragments(self) -> int:
        """How many parts are kept."""
        return int(self._value("count_fragments"))

    @translated
    async def next_request_due(self) -> int | None:
        """When the next timer falls due."""
        return self._value("next_request_due")  # type: ignore[no-any-return]

    @translated
    async def due_parties(self, now_at: int) -> Sequence[tuple[str, str]]:
        """Short codes and parties of which orders may be handed out."""
        return self._rows("due_parties", (now_at,))

    @translated
    async def due_orders(self, now_at: int, source: str, party: str, limit: int) -> Sequence[Order]:
        """Waiting orders of one short code and party that may be handed out, oldest first."""
        rows = self._rows("due_orders", (source, party, now_at, limit))
        return [order_from(row) for row in rows]

    @translated
    async def next_order_due(self) -> int | None:
        """When the next waiting order falls due."""
        return self._value("next_order_due")  # type: ignore[no-any-return]

    @translated
    async def unsettled_orders(self, key: str, after_id: int, limit: int) -> Sequence[Order]:
        """Orders of one key that are not settled."""
        return [order_from(row) for row in self._rows("unsettled_orders", (key, after_id, limit))]

    @translated
    async def orphaned_orders(self, epoch: int, after_id: int, limit: int) -> Sequence[Order]:
        """Orders claimed by engines before `epoch`."""
        return [order_from(row) for row in self._rows("orphaned_orders", (epoch, after_id, limit))]

    @translated
    async def prune(self, now_at: int) -> None:
        """Forget old keys, and receipts that never came."""
        with self._connection:
            self._rows("prune_mo_keys", (now_at // HOUR_MS - KEPT_HOURS,))
            self._rows("prune_sent", (now_at - KEPT_HOURS * HOUR_MS,))
            self._rows("prune_keys", (now_at - KEPT_HOURS * HOUR_MS,))

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _load_numbers(self, numbers: list[int], loaded: dict[int, Subscriber]) -> None:
        """Add the snapshots of numbers that are not kept."""
        if not numbers:
            return
        known = int64s(numbers)
        requests = self._grouped("load_requests", known, request_from)
        subscriptions = self._grouped("load_subscriptions", known, subscription_from)
        rows = {row[0]: row for row in self._rows("load_numbers", (known,))}
        balances = {(row[0], row[1]): row[2] for row in self._rows("load_accounts", (known,))}
        for number in numbers:
            _, tenure, language, memory, flags, line = rows.get(
                number, (number, 0, "vi", None, 0, None)
            )
            loaded[number] = Subscriber(
                number,
                tenure,
                language,
                _NO_MEMORY if memory is None else memory_from(memory),
                tuple(requests.get(number, ())),
                tuple(subscriptions.get(number, ())),
                balances.get((number, tenure), UNSET),
                flags=flags,
                line=_IN_SERVICE if line is None else line_from(line),
            )

    def _asked_for(self, wanted: Wanted) -> Iterator[tuple[str, Mapping[int, Any]]]:
        """What the events of this batch need besides the snapshots, by the field that it fills."""
        if wanted.mo_keys:
            yield "seen", _tuples(self._load_seen(wanted))
        if wanted.receipts:
            yield "awaited", _tuples(self._load_awaited(wanted))
        if wanted.orders:
            yield "unsettled", _tuples(self._load_unsettled(wanted))
        if wanted.fragments:
            yield "fragments", _tuples(self._load_fragments(wanted))
        if wanted.spending:
            spent = self._load_spent(wanted)
            yield (
                "spent_minor",
                {number: spent.get(number, 0) for number in sorted(wanted.spending)},
            )

    def _load_fragments(self, wanted: Wanted) -> dict[int, list[Fragment]]:
        """Parts that wait for the others, by number."""
        found: dict[int, list[Fragment]] = {}
        known = int64s(sorted(wanted.fragments))
        for row in self._rows("load_fragments", (known,)):
            found.setdefault(row[0], []).append(fragment_from(row))
        return found

    def _load_grievances(self, wanted: Wanted, loaded: dict[int, Subscriber]) -> None:
        """Add what numbers may complain about and have complained of, in this holder's tenure."""
        known = int64s(sorted(wanted.complaining))
        complaints = [complaint_from(row) for row in self._rows("load_complaints", (known,))]
        since_at = wanted.now_at - HISTORY_MS
        past = self._rows("load_past", (known, since_at))
        for number in sorted(wanted.complaining):
            holder = loaded[number]
            place = (number, holder.tenure)
            known_of = Grievances(
                tuple(held for held in complaints if (held.msisdn, held.tenure) == place),
                tuple(Past(*row[2:]) for row in past if row[:2] == place),
            )
            loaded[number] = structs.replace(holder, grievances=known_of)

    def _load_seen(self, wanted: Wanted) -> dict[int, list[Seen]]:
        """Earlier MOs with the batch's ids, in the hours in which a resend may lie."""
        found: dict[int, list[Seen]] = {}
        keys = apsw.carray(tuple(wanted.mo_keys))
        this_hour = wanted.now_at // HOUR_MS
        for hour in range(this_hour - SURE_HOURS, this_hour + 1):
            for number, key, at, digest in self._rows("load_seen", (keys, hour)):
                found.setdefault(number, []).append(Seen(key, at, digest))
        return found

    def _load_awaited(self, wanted: Wanted) -> dict[int, list[Awaited]]:
        """The texts that the batch's receipts are for."""
        found: dict[int, list[Awaited]] = {}
        for smsc, message_ids in wanted.receipts.items():
            for row in self._rows("load_sent", (apsw.carray(tuple(message_ids)), smsc)):
                number, tenure, of_smsc, message_id, order_id, request_id, key = row
                found.setdefault(number, []).append(
                    Awaited(of_smsc, message_id, order_id, request_id, key, tenure)
                )
        return found

    def _load_spent(self, wanted: Wanted) -> dict[int, int]:
        """What the numbers that ask for it were charged in the last 30 days."""
        known = int64s(sorted(wanted.spending))
        return dict(self._rows("load_spent", (known, wanted.now_at - SPENT_MS)))

    def _load_unsettled(self, wanted: Wanted) -> dict[int, list[int]]:
        """Of the orders that are asked about, those that are not settled, by number."""
        found: dict[int, list[int]] = {}
        for number, order_id in self._rows("load_unsettled", (int64s(wanted.orders),)):
            found.setdefault(number, []).append(order_id)
        return found

    def _grouped(
        self, name: str, known: "apsw.CArrayBinding", read: Callable[[Row], Any]
    ) -> dict[int, list[Any]]:
        """Rows of one table by number, read into structs."""
        found: dict[int, list[Any]] = {}
        for row in self._cursor.execute(self._sql[name], (known,)):
            found.setdefault(row[0], []).append(read(row))
        return found

    def _exactly(self, name: str, rows: list[Row]) -> None:
        """Run a statement that must change one row for each: what was read must still be so."""
        if not rows:
            return
        before = self._connection.total_changes()
        self._cursor.executemany(self._sql[name], rows)
        if self._connection.total_changes() - before != len(rows):
            message = f"{name}: a row is no longer as it was read"
            raise Conflict(message)


def _tuples(found: dict[int, list[T]]) -> dict[int, tuple[T, ...]]:
    """Lists by number as a snapshot holds them."""
    return {number: tuple(held) for number, held in found.items()}


def _awaited_rows(writes: Writes) -> list[Row]:
    """One row for each part of each accepted text."""
    return [
        (
            smsc,
            message_id,
            order.msisdn,
            order.tenure,
            order.id,
            order.request_id,
            order.key,
            order.until_at,
        )
        for (smsc, message_id), order in writes.awaited.items()
    ]
