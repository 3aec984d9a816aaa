"""When an MO was sent: the SMSC's own time where it gives one that can be trusted, else reception.

A message may be late by two minutes, not counting the time in which we could not have taken it.
An SMSC whose messages are all early, or all late, has a wrong clock, and its times are ignored.
"""

from collections import deque
from typing import Final

from msgspec import Struct

from twofold.domain.terms import LATE_MS, MINUTE_MS, SKEW_MS

RECENT_MINUTES: Final = 10
"""Minutes in which messages came that the clock is judged by, however long ago."""

OUTAGES_MAX: Final = 64
"""Outages that are remembered; older ones are further back than any message waits."""


class Timing(Struct, frozen=True, gc=False):
    """When a message counts as sent, and when the SMSC says that it was, if it may be believed."""

    effective_at: int
    smsc_at: int | None = None


class Outages:
    """When one SMSC could not hand us anything: its link was down, or the store was away."""

    def __init__(self, down_since_at: int) -> None:
        """Begin with a link that is down, since the engine before this one was last heard of."""
        self.up_since_at: int | None = None
        self._down_since_at: int | None = down_since_at
        self._is_link_up = False
        self.is_store_away = False
        """Whether the last message could not be kept."""
        self._over: deque[tuple[int, int]] = deque(maxlen=OUTAGES_MAX)

    def link_changed(self, now_at: int, *, is_up: bool) -> None:
        """The link came up or went down."""
        self._is_link_up = is_up
        self._changed(now_at)

    def store_away(self, now_at: int) -> None:
        """A message could not be kept."""
        if not self.is_store_away:
            self.is_store_away = True
            self._changed(now_at)

    def store_back(self, now_at: int) -> None:
        """One could be kept again."""
        if self.is_store_away:
            self.is_store_away = False
            self._changed(now_at)

    def down_ms(self, since_at: int, now_at: int) -> int:
        """How much of a span lies in outages."""
        lost_ms = sum(max(0, min(end, now_at) - max(start, since_at)) for start, end in self._over)
        if self._down_since_at is not None:
            lost_ms += max(0, now_at - max(self._down_since_at, since_at))
        return lost_ms

    def _changed(self, now_at: int) -> None:
        is_up = self._is_link_up and not self.is_store_away
        if is_up and self._down_since_at is not None:
            self._over.append((self._down_since_at, now_at))
            self._down_since_at, self.up_since_at = None, now_at
        elif not is_up and self._down_since_at is None:
            self._down_since_at, self.up_since_at = now_at, None


class SmscClock:
    """One SMSC's clock, held against ours by every message that comes."""

    def __init__(self, outages: Outages) -> None:
        self.outages = outages
        self._recent: deque[list[int]] = deque(maxlen=RECENT_MINUTES)
        """Minute, and the least that a message of it took to come."""

    @property
    def skew_ms(self) -> int:
        """How far its clock is behind ours (ahead: negative); 0 while it can be trusted."""
        least = min((lag_ms for _, lag_ms in self._recent), default=0)
        return least if abs(least) > SKEW_MS else 0

    def remember(self, minute: int, lag_ms: int) -> None:
        """Take what evidence says of an earlier minute: an engine that starts knows no less.

        Without it the first message after a start that is late would be taken for a wrong clock.
        """
        self._note(lag_ms, minute)

    def judge(self, smsc_at: int, now_at: int) -> Timing:
        """Say when a message counts as sent."""
        lag_ms = now_at - smsc_at - self.outages.down_ms(smsc_at, now_at)
        self._note(lag_ms, now_at // MINUTE_MS)
        if self.skew_ms:
            return Timing(now_at)
        if lag_ms > LATE_MS:
            return Timing(now_at, smsc_at)
        return Timing(min(smsc_at, now_at), smsc_at)

    def _note(self, lag_ms: int, minute: int) -> None:
        if self._recent and self._recent[-1][0] == minute:
            self._recent[-1][1] = min(self._recent[-1][1], lag_ms)
        else:
            self._recent.append([minute, lag_ms])
