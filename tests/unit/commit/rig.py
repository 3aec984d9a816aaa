"""A committer on a real file, and a store in front of it that can be made to fail."""

from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

import apsw

from tests.unit.decide.example import NOW_AT, RULES
from twofold.catalog.canonical import digest, to_json
from twofold.commit import Committer, CommitterSettings
from twofold.commit.room import Seats
from twofold.decide import Decision, Rules
from twofold.domain.events import Event, MessageReceived
from twofold.domain.ids import IdSource
from twofold.store.port import Store
from twofold.store.sqlite import SqliteStore, migrate, open_database

T = TypeVar("T")

FIRST = 84_912_000_001


class FailingStore:
    """Passes everything on, but for the calls that are to fail."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self.failures: dict[str, list[BaseException | None]] = {}
        """By method: what each of the next calls raises, None for a call that works."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the store has
        method = getattr(self._store, name)

        async def call(*args: object, **named: object) -> object:
            planned = self.failures.get(name)
            failure = planned.pop(0) if planned else None
            if failure is not None:
                raise failure
            return await method(*args, **named)

        return call


class Bench:
    """A committer, what it answered, and the database behind it."""

    def __init__(self, path: Path, rules: Rules = RULES, **settings: Any) -> None:  # noqa: ANN401
        self.connection = open_database(path)
        if migrate(self.connection, NOW_AT):
            document = to_json(rules.catalogue)
            at_once(SqliteStore(self.connection).add_catalogue(NOW_AT, digest(document), document))
        self.store = FailingStore(SqliteStore(self.connection))
        self.rules = rules
        self.now_at = NOW_AT
        self.sound = True
        self.unreadable: Exception | None = None
        """What reading the rules raises."""
        self.room = 1_000
        self.answers: list[Decision | None] = []
        self.batches: list[list[Decision]] = []
        self.ids = IdSource()
        self.committer = Committer(
            as_store(self.store),
            rules,
            reload=self._reload,
            salt=lambda: bytes(16),
            room=lambda: Seats(self.room),
            may_commit=lambda: self.sound,
            epoch=1,
            settings=CommitterSettings(back_off_s=0.0, **settings),
        )
        self.committer.on_committed.append(self.batches.append)

    def says(self, text: str, msisdn: int = FIRST, *, kept: bool = False) -> MessageReceived:
        """Submit an MO."""
        event = self.message(text, msisdn)
        self.committer.submit(event, self.answers.append, kept=kept)
        return event

    def message(self, text: str, msisdn: int = FIRST) -> MessageReceived:
        """Make an MO, and submit it to nobody."""
        raw = text.encode()
        key = blake2b(f"{msisdn} {text}".encode(), digest_size=8).digest()
        return MessageReceived(
            *(self.next_id(), self.now_at, msisdn, "9166", "main", 0, raw, text, key, False),
            self.now_at,
        )

    def submit(self, event: Event) -> None:
        """Submit any event."""
        self.committer.submit(event, self.answers.append)

    def next_id(self) -> int:
        """The id of the next event."""
        return self.ids.next(self.now_at)

    async def settle(self) -> list[Decision]:
        """Decide all that waits; the decisions of the last batch."""
        while not self.committer.is_idle:
            await self.committer.work()
        return self.batches[-1] if self.batches else []

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database."""
        return list(self.connection.execute(sql, values))

    async def _reload(self, _store: Store) -> Rules:
        if self.unreadable is not None:
            raise self.unreadable
        return self.rules


def at_once(code: Coroutine[Any, Any, T]) -> T:
    """Run what never suspends: the calls of the embedded store."""
    try:
        code.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    raise AssertionError("it waits for something")


def as_store(store: Any) -> Store:  # noqa: ANN401 - it passes everything on
    """Say that a store which passes everything on is one."""
    passed_on: Store = store
    return passed_on


@contextmanager
def bench(path: Path, rules: Rules = RULES, **settings: Any) -> Iterator[Bench]:  # noqa: ANN401
    """Open a committer on a fresh file."""
    made = Bench(path / "twofold.db", rules, **settings)
    try:
        yield made
    finally:
        made.connection.close()


def constraint() -> apsw.ConstraintError:
    """What the database raises where a fault of ours would break its rules."""
    return apsw.ConstraintError("CHECK constraint failed")
