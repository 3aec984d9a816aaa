"""What SQLite says when something is wrong, in the store's own words: who must act, and how."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw
import pytest
from msgspec import structs

from tests.contract.engines import NOW_AT, load, write
from tests.contract.samples import NUMBER, ORDER, OWNER, REQUEST
from tests.contract.test_keeping import ENTRY
from twofold.store.errors import StoreCorrupt, StoreError, StoreUnavailable
from twofold.store.port import Writes
from twofold.store.sqlite import SqliteStore, migrate, open_database, pending_migrations

BIG = Writes(entries=[structs.replace(ENTRY, id=n, document=b"x" * 4_096) for n in range(200)])


@contextmanager
def sqlite(path: Path) -> Iterator[tuple[apsw.Connection, SqliteStore]]:
    """Open a migrated file that waits for nobody."""
    connection = open_database(path)
    migrate(connection, NOW_AT)
    connection.set_busy_timeout(0)
    try:
        yield connection, SqliteStore(connection)
    finally:
        connection.close()


async def test_a_file_that_another_program_writes_is_unavailable_for_now(tmp_path: Path) -> None:
    path = tmp_path / "twofold.db"
    with sqlite(path) as (other, _), sqlite(path) as (_, store):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="locked by another program"):
            await store.begin()
        await store.rollback()
        other.execute("ROLLBACK")
        await write(store, Writes(opened=[(OWNER, REQUEST)]))


async def test_a_file_that_may_only_be_read_says_whose_it_must_be(tmp_path: Path) -> None:
    path = tmp_path / "twofold.db"
    with sqlite(path):
        pass
    connection = open_database(path, read_only=True)
    with pytest.raises(StoreUnavailable, match="cannot be written by this user"):
        await SqliteStore(connection).begin_epoch(NOW_AT)
    connection.close()


@pytest.mark.parametrize("name", ["missing/twofold.db", ""])
def test_a_path_that_cannot_be_opened_asks_for_its_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(StoreUnavailable, match="does its folder exist"):
        open_database(tmp_path / name)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "twofold.db"
    path.write_bytes(b"This is a letter to my aunt, and not a database at all." * 40)
    with pytest.raises(StoreCorrupt, match=f"{path} is damaged or is no Twofold database"):
        open_database(path)


async def test_a_damaged_file_stops_the_engine(tmp_path: Path) -> None:
    path = tmp_path / "twofold.db"
    with sqlite(path) as (connection, store):
        await write(store, BIG)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    content = bytearray(path.read_bytes())
    content[4_096:] = b"\xa5" * (len(content) - 4_096)
    path.write_bytes(content)
    with pytest.raises(StoreCorrupt):
        await load(SqliteStore(open_database(path)), NUMBER)


async def test_a_full_disk_is_waited_for_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    with sqlite(tmp_path / "twofold.db") as (connection, store):
        ((pages,),) = connection.execute("PRAGMA page_count").fetchall()
        connection.execute(f"PRAGMA max_page_count = {pages}").fetchall()
        await store.begin()
        with pytest.raises(StoreUnavailable, match="the disk is full"):
            await store.write(BIG, 1)
        await store.rollback()
        assert connection.execute("SELECT count(*) FROM entries").fetchall() == [(0,)]
        connection.execute("PRAGMA max_page_count = 100000").fetchall()
        await write(store, BIG)
        assert connection.execute("SELECT count(*) FROM entries").fetchall() == [(200,)]


async def test_an_error_that_nobody_foresaw_is_still_the_stores(tmp_path: Path) -> None:
    with sqlite(tmp_path / "twofold.db") as (connection, store):
        connection.execute("DROP TABLE entries")
        await store.begin()
        with pytest.raises(StoreError, match="no such table: entries"):
            await store.write(Writes(entries=[ENTRY]), 1)
        await store.rollback()
        await write(store, Writes(new_orders=[ORDER]))


# -- the schema ------------------------------------------------------------------------------------


def test_a_new_file_is_migrated_once(tmp_path: Path) -> None:
    connection = open_database(tmp_path / "twofold.db")
    assert [step.number for step in migrate(connection, NOW_AT)][:1] == [1]
    assert (migrate(connection, NOW_AT), pending_migrations(connection)) == ([], [])
    connection.close()


def test_a_schema_of_a_later_program_is_refused(tmp_path: Path) -> None:
    with sqlite(tmp_path / "twofold.db") as (connection, _):
        connection.execute("INSERT INTO migrations VALUES (999, 'later', x'00', 0)")
        with pytest.raises(StoreCorrupt, match="newer than this program"):
            pending_migrations(connection)


def test_a_migration_that_was_applied_in_another_wording_is_refused(tmp_path: Path) -> None:
    with sqlite(tmp_path / "twofold.db") as (connection, _):
        connection.execute("UPDATE migrations SET checksum = x'00' WHERE number = 1")
        with pytest.raises(StoreCorrupt, match="another wording"):
            pending_migrations(connection)


def test_a_migration_that_fails_leaves_the_schema_as_it_was(tmp_path: Path) -> None:
    connection = open_database(tmp_path / "twofold.db")
    connection.execute("CREATE TABLE debits (x)")
    with pytest.raises(StoreError, match="table debits already exists"):
        migrate(connection, NOW_AT)
    tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    assert tables == [("debits",)]
    connection.close()
