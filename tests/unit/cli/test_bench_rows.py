"""The bare parts write what the product writes: the same rows, as wide, and no others."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from twofold.app.clock import SystemClock
from twofold.cli.bench.installation import settings_of, write_installation
from twofold.cli.bench.part import cohorts
from twofold.cli.bench.prefill import STAYS, prefill, staying
from twofold.cli.bench.rows import Rows, fresh_database
from twofold.cli.bench.sample import (
    NUMBER,
    Happened,
    Journey,
    Sample,
    record_sample,
    replay,
)
from twofold.domain.ids import IdSource
from twofold.evidence.entry import entry_hash
from twofold.store.sqlite import Connection, SqliteStore, open_database

TABLES = ("requests", "subscriptions", "accounts", "debits", "orders", "sent", "entries", "numbers")
PLAYED = 30


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench")
    write_installation(folder)
    return folder


@pytest.fixture(scope="module")
def sample(folder: Path) -> Sample:
    return record_sample(settings_of(folder, 1), SystemClock())


def told(connection: Connection, sql: str) -> list[tuple[Any, ...]]:
    """Ask what a test wants to know; the names in it are our own."""
    return connection.execute(sql).fetchall()


def widths(connection: Connection, table: str) -> set[int]:
    """How wide the rows of a table are, in octets."""
    columns = [row[1] for row in told(connection, f"PRAGMA table_info({table})")]
    width = " + ".join(f"ifnull(length(CAST({name} AS BLOB)), 0)" for name in columns)
    return {row[0] for row in told(connection, f"SELECT {width} FROM {table}")}  # noqa: S608 - as told says


def counts(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    every = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in TABLES)  # noqa: S608 - as told says
    return dict(told(connection, every))


@pytest.fixture
def product(folder: Path) -> Iterator[Connection]:
    """Give a database in which the product has played one journey."""
    with closing(fresh_database(Path(":memory:"), SystemClock().now())) as connection:
        asyncio.run(replay(settings_of(folder, 1), SystemClock(), SqliteStore(connection)))
        yield connection


@pytest.fixture
def bare(sample: Sample, tmp_path: Path) -> Iterator[Connection]:
    """Give a database in which the bare store has kept thirty."""
    with closing(fresh_database(tmp_path / "bare.db", SystemClock().now())) as connection:
        rows, ids, at = Rows(sample, connection), IdSource(), SystemClock().now()
        for batch in cohorts(list(range(NUMBER + 1, NUMBER + 1 + PLAYED)), 7):
            for event, journey in batch:
                journey.ids[event] = ids.next(at)
            rows.commit(batch, at)
        yield connection


def test_the_bare_store_leaves_what_the_product_leaves(
    product: Connection, bare: Connection
) -> None:
    left = counts(product)
    assert left["subscriptions"] == left["accounts"] == left["debits"] == 1
    assert left["entries"] == len(Happened)
    assert counts(bare) == {table: PLAYED * count for table, count in left.items()}


@pytest.mark.parametrize("table", ["subscriptions", "accounts", "debits", "entries"])
def test_its_rows_are_as_wide(product: Connection, bare: Connection, table: str) -> None:
    assert widths(bare, table) == widths(product, table)


def test_every_journey_has_numbers_ids_and_keys_of_its_own(bare: Connection) -> None:
    own = "count(DISTINCT msisdn), count(DISTINCT id), count(DISTINCT seen)"
    assert told(bare, f"SELECT {own} FROM subscriptions") == [(PLAYED, PLAYED, PLAYED)]  # noqa: S608 - as told says
    paid = "SELECT count(*) FROM debits JOIN subscriptions ON id = subscription_id"
    assert told(bare, paid) == [(PLAYED,)]


def test_an_entry_names_its_own_number_and_hashes_to_its_hash(bare: Connection) -> None:
    rows = told(bare, "SELECT msisdn, salt, hash, document FROM entries")
    assert len(rows) == PLAYED * len(Happened)
    assert all(b'"msisdn":%d' % number in document for number, _, _, document in rows)
    assert all(entry_hash(salt, document) == digest for _, salt, digest, document in rows)


def test_each_event_of_the_product_has_its_entry(sample: Sample) -> None:
    assert [sample.names(event).count("add_entry") for event in Happened] == [1] * len(Happened)
    assert sample.row_writes > 2 * len(Happened)


def test_what_opens_and_closes_leaves_no_row_in_a_prefill(sample: Sample) -> None:
    left = staying(sample)
    names = {left.statements[place] for held in left.makers for place, _ in held}
    assert names == STAYS


def test_a_prefilled_file_holds_what_that_many_journeys_leave(
    sample: Sample, product: Connection, tmp_path: Path
) -> None:
    path, now_at = tmp_path / "prefilled.db", SystemClock().now()
    prefill(sample, path, range(NUMBER + 1, NUMBER + 1 + PLAYED), PLAYED, now_at)
    with closing(open_database(path)) as connection:
        held = counts(connection)
        ((last,),) = told(connection, "SELECT max(at) FROM entries")
    assert held == {table: PLAYED * count for table, count in counts(product).items()}
    assert last <= now_at


def test_a_cohort_plays_its_events_in_order_and_once() -> None:
    happened: dict[int, list[Happened]] = {}
    for batch in cohorts(list(range(10)), 3):
        for event, journey in batch:
            happened.setdefault(journey.number, []).append(event)
    assert happened == {number: list(Happened) for number in range(10)}


def test_an_invented_journey_shares_no_key() -> None:
    journeys = [Journey.invented(84_910_000_000 + number) for number in range(100)]
    assert len({journey.key for journey in journeys}) == len(journeys)
    ids = [message_id for journey in journeys for message_id in journey.message_ids]
    assert len(set(ids)) == len(ids)
