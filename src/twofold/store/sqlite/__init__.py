"""The embedded store: one SQLite file by apsw, written inline on the loop, never suspending."""

from apsw import Connection as Connection

from twofold.store.sqlite.callers import SqliteCallers
from twofold.store.sqlite.connection import open_database
from twofold.store.sqlite.migrations import Migration, is_empty, migrate, pending_migrations
from twofold.store.sqlite.reader import SqliteReader
from twofold.store.sqlite.store import SqliteStore

__all__ = [
    "Migration",
    "SqliteCallers",
    "SqliteReader",
    "SqliteStore",
    "is_empty",
    "migrate",
    "open_database",
    "pending_migrations",
]
