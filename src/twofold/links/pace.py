"""How fast a link may go: texts in a second, rest after throttling, time between two binds.

Times are seconds of the loop's clock, handed in. Nothing here waits by itself.
"""

from collections import deque
from collections.abc import Callable
from math import inf
from typing import Final

UNLIMITED: Final = 1 << 30
_WINDOW_S: Final = 1.0


class Rate:
    """At most `tps_max` texts in any one second, counted exactly: SMSCs throttle who exceeds it.

    A bucket that refills would let a burst and the refill fall into the same second.
    """

    __slots__ = ("_sent_at", "_tps_max")

    def __init__(self, tps_max: int) -> None:
        self._tps_max = tps_max
        self._sent_at: deque[float] = deque()

    def left(self, now: float) -> int:
        """Say how many texts may go now."""
        if not self._tps_max:
            return UNLIMITED
        sent = self._sent_at
        while sent and sent[0] + _WINDOW_S <= now:
            sent.popleft()
        return self._tps_max - len(sent)

    def note(self, now: float) -> None:
        """Count one text."""
        if self._tps_max:
            self._sent_at.append(now)

    def grows_at(self) -> float:
        """Say when `left` grows next, if nothing is sent; infinity when it is whole."""
        return self._sent_at[0] + _WINDOW_S if self._sent_at else inf


class Throttle:
    """Rest after ESME_RTHROTTLED: 0.25 s, doubling to 5 s while it goes on.

    Answers to texts sent before the rest began say nothing new, so one rest counts once.
    """

    __slots__ = ("_length_s", "until")

    FIRST_S: Final = 0.25
    LONGEST_S: Final = 5.0

    def __init__(self) -> None:
        self.until = 0.0
        self._length_s = 0.0

    def throttled(self, now: float) -> None:
        """Begin a rest, unless one is on."""
        if now < self.until:
            return
        self._length_s = min(self.LONGEST_S, 2 * self._length_s or self.FIRST_S)
        self.until = now + self._length_s

    def accepted(self, now: float) -> None:
        """Forget, once a text is taken after a rest."""
        if self._length_s and now >= self.until:
            self._length_s = 0.0


class Backoff:
    """Time between two attempts to bind: 0.5 s, doubling to 4 s, and up to half of it by chance.

    With the time that it takes to reach a host, that keeps each attempt within 5 s of the last.

    Chance keeps all links of a fleet from coming back in the same instant.
    """

    __slots__ = ("_attempts", "_jitter")

    FIRST_S: Final = 0.5
    LONGEST_S: Final = 4.0

    def __init__(self, jitter: Callable[[], float]) -> None:
        self._jitter = jitter
        self._attempts = 0

    def succeeded(self) -> None:
        """Begin anew from the shortest wait."""
        self._attempts = 0

    def next_s(self) -> float:
        """Give the time to wait before the next attempt."""
        longest = min(self.LONGEST_S, self.FIRST_S * (1 << min(self._attempts, 10)))
        self._attempts += 1
        return longest * (1.0 - 0.5 * self._jitter())
