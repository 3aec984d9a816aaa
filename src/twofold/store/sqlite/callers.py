"""Tokens and idempotency keys on one SQLite file, through the connection of the engine.

Each statement is a transaction of its own, run inline between two batches.
"""

from collections.abc import Sequence
from typing import Any

import apsw

from twofold.store.callers import Reserved, TokenRow
from twofold.store.queries import read_queries
from twofold.store.sqlite.connection import translated


class SqliteCallers:
    """Fulfils `store.callers.Callers`."""

    def __init__(self, connection: apsw.Connection) -> None:
        """Work on an open, migrated database."""
        self.path = connection.filename
        self._connection = connection
        self._sql = read_queries("twofold.store.sqlite")

    @translated
    async def token(self, hash_: bytes) -> TokenRow | None:
        """The token of that hash, revoked or not."""
        rows = self._rows("find_token", hash_)
        return TokenRow(*rows[0]) if rows else None

    @translated
    async def tokens(self, limit: int) -> Sequence[TokenRow]:
        """All tokens, oldest first."""
        return [TokenRow(*row) for row in self._rows("list_tokens", limit)]

    @translated
    async def add_token(
        self,
        hash_: bytes,
        role: str,
        partner: str,
        label: str,
        now_at: int,
        expires_at: int | None = None,
    ) -> int:
        """Let a token in, until it expires if ever; its id."""
        values = (hash_, role, partner, label, now_at, expires_at)
        return int(self._rows("add_token", *values)[0][0])

    @translated
    async def revoke_token(self, token_id: int, now_at: int) -> bool:
        """Let a token in no more; False where none of that id was let in."""
        return bool(self._rows("revoke_token", now_at, token_id))

    @translated
    async def key(self, owner: str, key: str) -> Reserved | None:
        """What is known of a key."""
        rows = self._rows("find_key", owner, key)
        return Reserved(*rows[0]) if rows else None

    @translated
    async def reserve(
        self, owner: str, key: str, digest: bytes, event_id: int, now_at: int
    ) -> None:
        """Take a key for an event, durably, before the event is decided."""
        self._rows("reserve_key", owner, key, digest, event_id, now_at)

    @translated
    async def answer(self, owner: str, key: str, status: int, answer: bytes) -> None:
        """Keep what a call was answered."""
        self._rows("answer_key", status, answer, owner, key)

    def _rows(self, name: str, *values: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - columns of any type
        return self._connection.cursor().execute(self._sql[name], values).fetchall()
