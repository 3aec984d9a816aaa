"""Codes that came from another number than the one that was asked.

A code stands in one prompt alone, so whoever sends it from elsewhere has seen that prompt, or tries
codes one after another.
Nothing is confirmed by it, and nothing of it is told to the sender; here both numbers are alarmed.
Where thousands of requests wait, a slip of the finger meets somebody's code by chance: one such
alarm says little, and many from one number say much.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

from twofold.commit import Committer
from twofold.decide import Decision
from twofold.decide.keywords import Word
from twofold.domain.events import MessageReceived
from twofold.domain.reason import Reason
from twofold.store.errors import StoreUnavailable
from twofold.store.port import Store

ASKED_MAX: Final = 16
"""Numbers that are alarmed for one code."""

WAITING_MAX: Final = 1_000
"""Codes that wait to be looked for: beyond it the oldest are left out, and a flood is seen."""

MISSED: Final = (Reason.NOTHING_PENDING, Reason.WRONG_CODE)
"""What is said of a code that the sender was not asked for."""


class Strays:
    """Looks for whose code it was, behind the decisions and never in their way."""

    def __init__(self, store: Store, committer: Committer) -> None:
        """Look in `store`, by the committer's own keywords."""
        self.sent = 0
        """Codes that were another number's, by those who sent them."""
        self.meant = 0
        """Numbers whose code came from elsewhere."""
        self.on_stray: list[Callable[[int, int], None]] = []
        """Told of each: the number that sent the code, and one that had been asked for it."""
        self._store = store
        self._committer = committer
        self._waiting: deque[tuple[int, str, str]] = deque(maxlen=WAITING_MAX)
        self._wake = asyncio.Event()

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits to be looked for."""
        return not self._waiting

    def on_committed(self, decisions: list[Decision]) -> None:
        """Take what was refused as a code that the number had not been asked for."""
        for decision in decisions:
            if decision.reason in MISSED and isinstance(decision.event, MessageReceived):
                self._take(decision.event)

    def _take(self, event: MessageReceived) -> None:
        wish = self._committer.rules.keywords.understand(event.text or "")
        if wish.word is Word.YES and wish.code.isdecimal():
            self._waiting.append((event.msisdn, event.short_code, wish.code))
            self._wake.set()

    async def run(self) -> None:
        """Look for what comes, for ever; what a store that is away cannot tell is left out."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                sender, short_code, code = self._waiting.popleft()
                try:
                    asked = await self._store.asked_for_code(code, short_code, ASKED_MAX)
                except StoreUnavailable:
                    continue
                self._alarm(sender, [number for number in asked if number != sender])

    def _alarm(self, sender: int, asked: list[int]) -> None:
        """Count both, and tell of them."""
        self.sent += bool(asked)
        self.meant += len(asked)
        for number in asked:
            for told in self.on_stray:
                told(sender, number)
