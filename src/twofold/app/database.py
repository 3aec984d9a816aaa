"""Opening an installation's database for its engine: one engine at a time, the schema checked.

On SQLite there is one engine: a lock on a file beside the database keeps a second one out and names
the first.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TextIO

from twofold.app.failures import CannotStart
from twofold.store.sqlite import Connection, is_empty, migrate, open_database, pending_migrations


@contextmanager
def engine_database(path: Path, now_at: int) -> Iterator[Connection]:
    """Open the database for the only engine; a new one gets its schema.

    Raises CannotStart when another engine runs on it, its folder cannot be written, or its schema
    is behind.
    """
    _make_folder(path.parent)
    with only_engine(path), closing(_open(path, now_at)) as connection:
        yield connection


def _open(path: Path, now_at: int) -> Connection:
    """Open it; make its schema where there is none yet, or a kill left it empty."""
    connection = open_database(path)
    if is_empty(connection):
        migrate(connection, now_at)
    if pending_migrations(connection):
        connection.close()
        raise CannotStart(f"the schema of {path} is behind this program: run twofold migrate up")
    return connection


def _make_folder(folder: Path) -> None:
    """Make the folder and see that it can be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        says = f"{folder} cannot be made ({error.strerror}): name another in [database] url"
        raise CannotStart(says) from error
    if not os.access(folder, os.W_OK):
        raise CannotStart(
            f"{folder} cannot be written by this user: change its owner or mode, "
            "or name another folder in [database] url"
        )


@contextmanager
def only_engine(path: Path) -> Iterator[None]:
    """Hold the lock that says that an engine runs on this database."""
    lock = path.with_name(path.name + ".engine")
    with _opened(lock) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            holder = file.read(32).strip() or "unknown"
            raise CannotStart(
                f"another engine (process {holder}) runs on {path}: stop it first, "
                "or name another database"
            ) from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def _opened(lock: Path) -> TextIO:
    """Open the lock's file."""
    try:
        return lock.open("a+", encoding="ascii")
    except PermissionError as error:
        raise CannotStart(
            f"{lock} cannot be written by this user: change its owner or its mode"
        ) from error
