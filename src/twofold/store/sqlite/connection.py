"""Opening the file: write-ahead log, every commit durable, and errors in the store's own words.

apsw brings a current SQLite with it; Debian 12's (3.40) has a fault in its write-ahead log.
Two SQLite libraries must never open our files in one process.
"""

from collections.abc import Callable, Coroutine
from functools import wraps
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import apsw

from twofold.store.errors import StoreCorrupt, StoreError, StoreUnavailable

P = ParamSpec("P")
T = TypeVar("T")

BUSY_MS: Final = 2_000
CACHE_KIB: Final = 65_536
STATEMENTS_KEPT: Final = 1_024
"""apsw's cache gives each row of an executemany a place: fewer than a batch has rows, and every
statement is compiled anew in every batch (docs/benchmarks.md)."""
CHECKPOINT_PAGES: Final = 8_192
"""The log is copied into the file by the writer, in steps this large: 32 MiB."""


def open_database(path: Path, *, read_only: bool = False) -> apsw.Connection:
    """Open or make the database file, durable to the last commit (synchronous FULL).

    Raises StoreUnavailable when the folder cannot be written or the file cannot be opened,
    StoreCorrupt when it is no SQLite database.
    """
    flags = (
        apsw.SQLITE_OPEN_READONLY
        if read_only
        else apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
    )
    try:
        connection = apsw.Connection(str(path), flags=flags, statementcachesize=STATEMENTS_KEPT)
        connection.set_busy_timeout(BUSY_MS)
        for setting in (
            *(
                ()
                if read_only
                else ("journal_mode = WAL", f"wal_autocheckpoint = {CHECKPOINT_PAGES}")
            ),
            "synchronous = FULL",
            f"cache_size = -{CACHE_KIB}",
            "foreign_keys = ON",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {setting}").fetchall()
    except apsw.Error as error:
        raise in_our_words(error, str(path)) from error
    return connection


def in_our_words(error: apsw.Error, path: str) -> StoreError:
    """Say what an SQLite error means and what to do."""
    match error:
        case apsw.NotADBError() | apsw.CorruptError():
            return StoreCorrupt(
                f"{path} is damaged or is no Twofold database: "
                "restore a backup, or name another file"
            )
        case apsw.CantOpenError():
            return StoreUnavailable(
                f"{path} cannot be opened: does its folder exist, and may this user write there?"
            )
        case apsw.ReadOnlyError() | apsw.PermissionsError():
            return StoreUnavailable(
                f"{path} cannot be written by this user: change its owner or its mode"
            )
        case apsw.FullError():
            return StoreUnavailable(
                f"{path}: the disk is full; nothing more is acknowledged until there is room"
            )
        case apsw.BusyError() | apsw.LockedError():
            return StoreUnavailable(f"{path} is locked by another program")
        case apsw.IOError():
            return StoreUnavailable(f"{path}: the disk failed ({error})")
        case _:
            return StoreError(f"{path}: {error}")


def translated(method: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Make a store's method raise the store's errors."""

    @wraps(method)
    async def call(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await method(*args, **kwargs)
        except apsw.ConstraintError:
            raise
        except apsw.Error as error:
            raise in_our_words(error, getattr(args[0], "path", "the database")) from error

    return call
