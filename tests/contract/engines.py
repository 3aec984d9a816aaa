"""The stores that must all behave alike, and how each is opened."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import apsw

from twofold.domain.subscriber import Subscriber
from twofold.store.callers import Callers
from twofold.store.port import Store, Wanted, Writes
from twofold.store.records import Records
from twofold.store.sqlite import SqliteCallers, SqliteStore, migrate, open_database
from twofold.store.sqlite.records import SqliteRecords

NOW_AT = 1_782_871_234_567


class Engine(Protocol):
    """One database engine."""

    breach: type[Exception]
    """What is raised where a write would break a rule of the schema."""

    def opened(self) -> Any:  # noqa: ANN401 - an asynchronous context of a Store
        """Open the store; a second time, the same one again."""

    def records(self, store: Store) -> Records:
        """All that the store holds, for checking."""

    def callers(self, store: Store) -> Callers:
        """Its tokens and idempotency keys."""


class Sqlite:
    """The embedded store."""

    breach: type[Exception] = apsw.ConstraintError

    def __init__(self, folder: Path) -> None:
        """Keep the file in `folder`."""
        self._path = folder / "twofold.db"

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Store]:
        """Open the file, and migrate it the first time."""
        connection = open_database(self._path)
        migrate(connection, NOW_AT)
        store = SqliteStore(connection)
        try:
            yield store
        finally:
            store.close()

    def records(self, store: Store) -> Records:
        """Read through the store's own connection."""
        assert isinstance(store, SqliteStore)
        return SqliteRecords(store._connection)  # noqa: SLF001 - one connection, two ways to look

    def callers(self, store: Store) -> Callers:
        """Through the store's own connection."""
        assert isinstance(store, SqliteStore)
        return SqliteCallers(store._connection)  # noqa: SLF001 - as the engine does


ENGINES = {"sqlite": Sqlite}


def wanted(*numbers: int, now_at: int = NOW_AT, **more: Any) -> Wanted:  # noqa: ANN401
    """Ask for numbers, and for what else a batch may need."""
    asked: dict[str, Any] = {
        "mo_keys": [],
        "receipts": {},
        "spending": set(),
        "complaining": set(),
        "fragments": set(),
        "orders": [],
    }
    return Wanted(now_at, set(numbers), **(asked | more))


async def write(store: Store, writes: Writes, epoch: int = 1) -> None:
    """Write one batch."""
    await store.begin()
    await store.write(writes, epoch)
    await store.commit()


async def load(store: Store, number: int) -> Subscriber:
    """Load one number as a batch would."""
    await store.begin()
    found = await store.load(wanted(number))
    await store.rollback()
    assert list(found) == [number]
    return found[number]
