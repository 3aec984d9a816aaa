"""Numbered, forward-only migrations: `.sql` files checksummed, each a transaction of its own."""

from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

import apsw
from msgspec import Struct

from twofold.store.errors import StoreCorrupt
from twofold.store.sqlite.connection import in_our_words

_LEDGER: Final = """
CREATE TABLE IF NOT EXISTS migrations (
    number INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    checksum BLOB NOT NULL,
    applied_at INTEGER NOT NULL
) STRICT
"""


class Migration(Struct, frozen=True):
    """One step of the schema."""

    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> bytes:
        """What proves that the applied text is this one."""
        return sha256(self.sql.encode()).digest()


def all_migrations() -> list[Migration]:
    """Every migration that the program knows, in order."""
    folder = files("twofold.store.sqlite").joinpath("schema")
    found = sorted(
        (path for path in folder.iterdir() if path.name.endswith(".sql")),
        key=lambda path: path.name,
    )
    return [
        Migration(int(path.name[:4]), path.name[5:-4], path.read_text(encoding="utf-8"))
        for path in found
    ]


def pending_migrations(connection: apsw.Connection) -> list[Migration]:
    """What is not applied yet.

    Raises StoreCorrupt when an applied migration is not the one that the program knows, or is
    unknown to it.
    """
    exists = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'migrations'").fetchone()
    rows = (
        connection.execute("SELECT number, checksum FROM migrations").fetchall() if exists else []
    )
    applied: dict[Any, Any] = {row[0]: row[1] for row in rows}
    known = all_migrations()
    for migration in known:
        if migration.number in applied and applied[migration.number] != migration.checksum:
            message = (
                f"migration {migration.number:04} was applied in another wording: "
                "this program is not the one that made this database"
            )
            raise StoreCorrupt(message)
    if set(applied) - {migration.number for migration in known}:
        message = "the schema is newer than this program: install the program that last ran on it"
        raise StoreCorrupt(message)
    return [migration for migration in known if migration.number not in applied]


def is_empty(connection: apsw.Connection) -> bool:
    """Whether nothing was ever made in it."""
    return connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is None


def migrate(connection: apsw.Connection, now_at: int) -> list[Migration]:
    """Apply what is pending and return it; a failure leaves the schema as it was.

    Raises the errors of `store.errors`.
    """
    done = []
    for migration in pending_migrations(connection):
        try:
            _apply(connection, migration, now_at)
        except apsw.Error as error:
            raise in_our_words(error, connection.filename) from error
        done.append(migration)
    return done


def _apply(connection: apsw.Connection, migration: Migration, now_at: int) -> None:
    """Apply one migration, whole or not at all."""
    with connection:
        connection.execute(_LEDGER).fetchall()
        connection.execute(migration.sql).fetchall()
        connection.execute(
            "INSERT INTO migrations (number, name, checksum, applied_at) VALUES (?, ?, ?, ?)",
            (migration.number, migration.name, migration.checksum, now_at),
        )
