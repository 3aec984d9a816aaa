"""Business time: the machine's clock, watched against the time since boot."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

from twofold.domain.clock import Signal

JUMP_MS: Final = 2_000
"""More than this between two clocks that ran together is a jump, not drift."""

SETTLED_MS: Final = 60_000
"""After a jump both must agree again for this long."""

LONGEST_WAIT_S: Final = 60.0
"""A wait is looked at again at least this often, so that drift cannot make it late."""


class SystemClock:
    """Fulfils `domain.clock.Clock` by the machine's clock.

    A jump against CLOCK_BOOTTIME makes it unsound until both have agreed again for a minute:
    one bad instant must never be committed, nor an old one lived again.
    """

    def __init__(
        self, wall_ms: Callable[[], int] | None = None, boot_ms: Callable[[], int] | None = None
    ) -> None:
        """Take the present distance between the two clocks for the right one.

        The simulated world brings clocks of its own.
        """
        self._wall_ms = wall_ms or _wall_ms
        self._boot_ms = boot_ms or _boot_ms
        self._distance_ms = self._wall_ms() - self._boot_ms()
        self._agreed_since_ms: int | None = None
        self._jumped = False
        self._waiting: list[Signal] = []

    def now(self) -> int:
        """The business time, ms UTC; after a jump, what the wall clock would say without it.

        What comes in meanwhile waits to be decided, and keeps its time: it must be a good one.
        """
        wall_ms = self._wall_ms()
        steady_ms = self._boot_ms() + self._distance_ms
        return steady_ms if abs(wall_ms - steady_ms) > JUMP_MS else wall_ms

    def is_sound(self) -> bool:
        """Whether the two clocks agree, and have for a minute if they once did not."""
        boot_ms = self._boot_ms()
        distance_ms = self._wall_ms() - boot_ms
        if abs(distance_ms - self._distance_ms) > JUMP_MS:
            self._jumped = True
            self._agreed_since_ms = None
            return False
        self._distance_ms += (distance_ms - self._distance_ms) // 16
        if not self._jumped:
            return True
        if self._agreed_since_ms is None:
            self._agreed_since_ms = boot_ms
        self._jumped = boot_ms - self._agreed_since_ms < SETTLED_MS
        return not self._jumped

    async def wait(self, until_at: int | None, wake: Signal) -> None:
        """Return when `until_at` has come or `wake` is set, or a little early."""
        wait_s = LONGEST_WAIT_S
        if until_at is not None:
            wait_s = min(max(until_at - self.now(), 0) / 1000, LONGEST_WAIT_S)
        # A timer that wakes costs half of one that cancels, and idle engines do little else.
        timer = asyncio.get_running_loop().call_later(wait_s, wake.set)
        self._waiting.append(wake)
        try:
            await wake.wait()
        finally:
            timer.cancel()
            self._waiting.remove(wake)
        wake.clear()


class MovableClock(SystemClock):
    """The demo's clock: the machine's, and as far ahead as it was moved."""

    def __init__(self) -> None:
        """Start at the machine's time."""
        super().__init__()
        self._ahead_ms = 0

    def now(self) -> int:
        """The business time, ms UTC."""
        return super().now() + self._ahead_ms

    def advance(self, by_ms: int) -> None:
        """Move ahead, and have everyone who waits look again."""
        self._ahead_ms += by_ms
        for wake in self._waiting:
            wake.set()


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000


def _boot_ms() -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
