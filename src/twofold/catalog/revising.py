"""One catalogue commit: look at the newest revision under the write lock, and add the next one.

Nobody decides anything between that look and the commit, whichever process it is: what comes in
after the time of a revision is decided by it, and the checks hold every engine to that.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from twofold.catalog.canonical import digest, from_json, to_json
from twofold.domain.catalogue import Catalogue, Note
from twofold.store.ledger import Ledger


class RevisionDraft:
    """What is done while the lock is held."""

    def __init__(self, ledger: Ledger, newest: Catalogue | None, at: int) -> None:
        """See `newest` at the time `at` (ms UTC)."""
        self.newest = newest
        self.at = at
        self._ledger = ledger

    async def add(self, catalogue: Catalogue, note: Note) -> int:
        """Add a revision, which binds with the commit."""
        document = to_json(catalogue)
        return await self._ledger.add_catalogue(self.at, digest(document), document, note)


@asynccontextmanager
async def revising(ledger: Ledger, now: Callable[[], int]) -> AsyncIterator[RevisionDraft]:
    """Hold the write lock while the block runs, and commit what it did.

    The revision's time is never before that of an entry that another engine has written: the demo's
    clock may be ahead.
    """
    await ledger.begin()
    try:
        kept = await ledger.newest_catalogue()
        newest = None if kept is None else from_json(kept[2], kept[0])
        yield RevisionDraft(ledger, newest, max(now(), await ledger.latest_entry_at()))
        await ledger.commit()
    except BaseException:
        await ledger.rollback()
        raise
