"""The catalogue's ledger: revisions with who made them and why, sweeps, and what awaits approval.

A port that each engine's store fulfils.
A catalogue commit is a transaction of its own, from `begin` to `commit`, by whichever process.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from msgspec import Struct

from twofold.domain.catalogue import Note, StopKind


class Revision(NamedTuple):
    """One line of the ledger."""

    revision: int
    at: int
    act: str
    about: str
    by: str
    why: str


class Sweep(Struct, frozen=True):
    """What a stop, or its end, still has to do with the numbers that it hits, in their order."""

    revision: int
    kind: StopKind
    name: str
    begun_at: int
    paused_ms: int
    """How long the stop had lasted, where this is its end; 0 where it is a stop."""
    after: int = 0
    """The last number that is done."""
    swept: int = 0
    """How many were looked at; after a crash some are counted again."""


class Hit(NamedTuple):
    """What a stop hits."""

    services: int
    requests: int
    subscriptions: int


class Proposal(NamedTuple):
    """Somebody's wish that a stop should end, which somebody else must approve."""

    id: int
    kind: str
    name: str
    at: int
    by: str
    why: str
    approved_by: str | None


class Ledger(Protocol):
    """Methods raise the errors of `store.errors`."""

    async def begin(self) -> int:
        """Take the write lock; the newest catalogue revision."""

    async def commit(self) -> None:
        """Make it durable."""

    async def rollback(self) -> None:
        """Undo what was begun, if anything was."""

    async def newest_catalogue(self) -> tuple[int, bytes, bytes] | None:
        """Revision, digest and document of the newest catalogue."""

    async def imported_catalogue(self) -> bytes | None:
        """The document of the newest revision that came from a file."""

    async def add_catalogue(
        self, now_at: int, digest: bytes, document: bytes, note: Note | None = None
    ) -> int:
        """Add a catalogue as the next revision; it binds from its commit on."""

    async def latest_entry_at(self) -> int:
        """The time of the newest entry; 0 where there is none."""

    async def revisions(self, limit: int) -> Sequence[Revision]:
        """The newest lines of the ledger, oldest first."""

    async def add_sweep(self, sweep: Sweep) -> None:
        """Have the numbers that a revision hits swept."""

    async def next_sweep(self) -> Sweep | None:
        """The oldest sweep that is not done."""

    async def step_of(self, sweep: Sweep, limit: int) -> tuple[Sequence[int], int | None]:
        """The next numbers that a sweep hits, and up to which number it looked; None: to the end.

        It looks at about `limit` rows, whether they are hit or not.
        """

    async def advance_sweep(self, sweep: Sweep, done_at: int | None) -> None:
        """Keep how far a sweep came; `done_at` ends it."""

    async def add_proposal(self, kind: StopKind, name: str, now_at: int, by: str, why: str) -> int:
        """Keep a proposal; its number."""

    async def proposals(self) -> Sequence[Proposal]:
        """Those that nobody approved yet."""

    async def approve_proposal(self, number: int, now_at: int, by: str, revision: int) -> None:
        """Say who approved a proposal, and the revision that came of it."""
