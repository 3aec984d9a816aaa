"""USSD sessions that wait for their screen: they live as long as a person looks at a telephone.

Nothing of them is stored: after a crash, or in another engine, a session is over.
"""

from typing import Final

from twofold.domain.ids import event_of
from twofold.protocol.smpp.ussd import UssdSession

SESSION_MS: Final = 60_000
"""No network keeps a session open for longer; most give up after half of it."""

MOST: Final = 10_000


class Sessions:
    """The open sessions, by the event that each began with."""

    def __init__(self) -> None:
        """Begin with none."""
        self._open: dict[int, tuple[int, UssdSession]] = {}

    def __len__(self) -> int:
        """How many wait."""
        return len(self._open)

    def open(self, event_id: int, now_at: int, session: UssdSession) -> None:
        """Keep a session; the oldest goes where there are too many, or its time is over."""
        while self._open:
            oldest = next(iter(self._open))
            if len(self._open) < MOST and now_at - self._open[oldest][0] < SESSION_MS:
                break
            del self._open[oldest]
        self._open[event_id] = now_at, session

    def of_order(self, order_id: int) -> UssdSession | None:
        """The session that an order answers: its id is the event's."""
        found = self._open.get(event_of(order_id))
        return None if found is None else found[1]
