"""The database by hand: its schema, and a store to work on."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from twofold.app.settings import Settings
from twofold.cli.failures import Failure
from twofold.cli.files import load_config
from twofold.store.sqlite import (
    Connection,
    SqliteStore,
    migrate,
    open_database,
    pending_migrations,
)

BUSY_MS: Final = 15_000
"""How long a command waits for an engine that is busy: it takes its turn between two batches."""


def plan(config: Path) -> None:
    """Print the pending migrations, oldest first."""
    settings = load_config(config)
    path = settings.database.path
    if not path.exists():
        print(f"{path} is not there yet; twofold migrate up makes it")
        return
    with closing(open_database(path, read_only=True)) as connection:
        pending = pending_migrations(connection)
    for migration in pending:
        print(f"{migration.number:04} {migration.name}")
    print(f"{len(pending)} to apply: twofold migrate up" if pending else "nothing to apply")


def up(config: Path) -> None:
    """Apply the pending migrations and print them."""
    settings = load_config(config)
    _make_folder(settings)
    with closing(open_database(settings.database.path)) as connection:
        done = migrate(connection, now_ms())
    for migration in done:
        print(f"applied {migration.number:04} {migration.name}")
    print(f"{settings.database.path} is up to date")


@contextmanager
def opened_store(settings: Settings, *, make: bool) -> Iterator[SqliteStore]:
    """Give the store of an installation; `make` makes a database that is not there.

    Fails where the schema is behind, and says what to do.
    """
    with closing(migrated_database(settings, make=make)) as connection:
        yield SqliteStore(connection)


def migrated_database(settings: Settings, *, make: bool = False) -> Connection:
    """Open the database of an installation, as `opened_store` does."""
    path = settings.database.path
    is_new = not path.exists()
    if is_new and not make:
        raise Failure(f"{path} is not there yet; make it with twofold migrate up")
    _make_folder(settings)
    connection = open_database(path)
    connection.set_busy_timeout(BUSY_MS)
    if is_new:
        migrate(connection, now_ms())
    if pending_migrations(connection):
        connection.close()
        raise Failure(f"the schema of {path} is behind this program; run twofold migrate up")
    return connection


def now_ms() -> int:
    """Tell the machine's time, ms UTC."""
    return time.time_ns() // 1_000_000


def _make_folder(settings: Settings) -> None:
    settings.database.path.parent.mkdir(parents=True, exist_ok=True)
