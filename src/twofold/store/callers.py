"""The store's port for calls over HTTP: who may call, and what a call was answered.

Nothing here is part of a decision: a key is reserved before its event is decided, and answered
after it.
"""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct


class TokenRow(Struct, frozen=True):
    """One token: what it may do, and the hash by which it is known."""

    id: int
    hash: bytes
    role: str
    partner: str
    label: str
    created_at: int
    revoked_at: int | None
    expires_at: int | None = None
    """From when on it is none any more; None: never by itself."""


class Reserved(Struct, frozen=True):
    """An idempotency key that is known: the call's hash, its event, and what it was answered."""

    digest: bytes
    event_id: int
    status: int | None
    answer: bytes | None


class Callers(Protocol):
    """Tokens and keys. Methods raise the errors of `store.errors`."""

    async def token(self, hash_: bytes) -> TokenRow | None:
        """The token of that hash, revoked or not."""

    async def tokens(self, limit: int) -> Sequence[TokenRow]:
        """All tokens, oldest first."""

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

    async def revoke_token(self, token_id: int, now_at: int) -> bool:
        """Let a token in no more; False where none of that id was let in."""

    async def key(self, owner: str, key: str) -> Reserved | None:
        """What is known of a key."""

    async def reserve(
        self, owner: str, key: str, digest: bytes, event_id: int, now_at: int
    ) -> None:
        """Take a key for an event, durably, before the event is decided."""

    async def answer(self, owner: str, key: str, status: int, answer: bytes) -> None:
        """Keep what a call was answered."""
