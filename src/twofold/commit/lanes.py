"""Events that wait to be decided, and who goes first when there are more than one batch holds.

Lanes choose between numbers and never reorder the events of one: a number goes in the best lane
that any of its events has.
Nothing here refuses an event; what does not fit waits, and its sender's window with it.
"""

from collections import deque
from collections.abc import Callable
from enum import IntEnum
from typing import Final, assert_never

from msgspec import Struct

from twofold.decide import Decision, Rules
from twofold.decide.keywords import Word
from twofold.domain.events import (
    CatalogueSwept,
    DeadlinePassed,
    Event,
    MessageReceived,
    OrderFellDue,
    PartsAbandoned,
    ReplyClaimed,
    Requested,
    ServiceClaimed,
)

Answer = Callable[[Decision | None], None]
"""Told the decision once it is durable; None when the event was not taken."""

LATER_SHARE: Final = 4
"""Timers and sweeps get a quarter of a batch at most while others wait."""


class Lane(IntEnum):
    """Who goes first."""

    STOPS_AND_OUTCOMES = 0
    CONFIRMATIONS = 1
    REQUESTS = 2
    LATER = 3
    """Timers, waiting orders that fell due, and sweeps."""


class Queued(Struct):
    """An event that waits; one that is `kept` does so however long the store is away."""

    event: Event
    answer: Answer | None
    kept: bool


class Lanes:
    """The queue before the committer."""

    def __init__(self) -> None:
        """Begin empty."""
        self._queue: deque[Queued] = deque()

    def __len__(self) -> int:
        """How many wait."""
        return len(self._queue)

    def put(self, queued: Queued) -> None:
        """Let an event wait."""
        self._queue.append(queued)

    def put_back(self, batch: list[Queued]) -> None:
        """Let events wait that were taken and could not be decided, before all others."""
        self._queue.extendleft(reversed(batch))

    def take(self, limit: int, rules: Rules) -> list[Queued]:
        """Everything that waits, in order; the best of it where that is more than `limit`."""
        if len(self._queue) <= limit:
            batch = list(self._queue)
            self._queue.clear()
            return batch
        waiting = list(self._queue)
        lanes = lanes_of(waiting, rules)
        first = [n for n, held in enumerate(waiting) if lanes[held.event.msisdn] < Lane.LATER]
        first.sort(key=lambda n: lanes[waiting[n].event.msisdn])
        later = [n for n, held in enumerate(waiting) if lanes[held.event.msisdn] is Lane.LATER]
        share = max(limit - len(first), min(len(later), limit // LATER_SHARE))
        chosen = [*first[: limit - share], *later[:share]]
        left = set(range(len(waiting))).difference(chosen)
        self._queue = deque(waiting[n] for n in sorted(left))
        return [waiting[n] for n in chosen]


def lanes_of(waiting: list[Queued], rules: Rules) -> dict[int, Lane]:
    """The best lane of each number's events."""
    lanes: dict[int, Lane] = {}
    for queued in waiting:
        number, lane = queued.event.msisdn, lane_of(queued.event, rules)
        if lane < lanes.get(number, Lane.LATER):
            lanes[number] = lane
        else:
            lanes.setdefault(number, lane)
    return lanes


def lane_of(event: Event, rules: Rules) -> Lane:
    """Which lane an event would take alone."""
    if isinstance(event, DeadlinePassed | OrderFellDue | CatalogueSwept | PartsAbandoned):
        return Lane.LATER
    if isinstance(event, Requested | ServiceClaimed | ReplyClaimed):
        return Lane.REQUESTS
    if not isinstance(event, MessageReceived):
        return Lane.STOPS_AND_OUTCOMES
    word = Word.OTHER if event.text is None else rules.keywords.understand(event.text).word
    match word:
        case Word.STOP | Word.STOP_ALL | Word.NO | Word.COMPLAIN | Word.BLOCK:
            return Lane.STOPS_AND_OUTCOMES
        case Word.YES:
            return Lane.CONFIRMATIONS
        case Word.JOIN | Word.LIST | Word.HELP | Word.UNBLOCK | Word.OTHER:
            return Lane.REQUESTS
        case _:
            assert_never(word)
