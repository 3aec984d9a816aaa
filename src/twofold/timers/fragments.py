"""Parts of long messages whose other parts never come: given up after a while, the oldest first.

What is kept is bounded in number too: a flood of first parts from many numbers pushes out itself.
"""

import asyncio
from typing import Final

from twofold.commit import Committer
from twofold.domain.clock import Clock
from twofold.domain.events import PartsAbandoned
from twofold.domain.ids import IdSource
from twofold.store.errors import StoreUnavailable
from twofold.store.port import Store

WAIT_MS: Final = 600_000
"""How long parts wait for the others."""

LOOK_MS: Final = 30_000
STEP: Final = 512
KEPT_MAX: Final = 100_000
"""Parts kept at most, some 30 MB; beyond that the oldest are given up at once."""


class Fragments:
    """Gives up what never becomes whole."""

    def __init__(self, store: Store, committer: Committer, clock: Clock, ids: IdSource) -> None:
        """Look into `store` now and then."""
        self._store = store
        self._committer = committer
        self._clock = clock
        self._ids = ids

    async def run(self) -> None:
        """Look, for ever."""
        wake = asyncio.Event()
        while True:
            try:
                is_more = await self.look()
            except StoreUnavailable:
                is_more = False
            until_at = self._clock.now() + (0 if is_more else LOOK_MS)
            await self._clock.wait(until_at, wake)

    async def look(self) -> bool:
        """Give a step up and wait until that is durable; True: there is more."""
        now_at = self._clock.now()
        kept = await self._store.count_fragments()
        if not kept:
            return False
        too_many = kept - KEPT_MAX
        until_at = now_at if too_many > 0 else now_at - WAIT_MS
        due = await self._store.due_fragments(until_at, min(STEP, max(too_many, 0) or STEP))
        if not due:
            return False
        given_up = asyncio.Event()
        left = len(due)

        def decided(_decision: object) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                given_up.set()

        for msisdn, group in due:
            event = PartsAbandoned(self._ids.next(now_at), now_at, msisdn, group)
            self._committer.submit(event, decided)
        await given_up.wait()
        return len(due) == STEP or too_many > 0
