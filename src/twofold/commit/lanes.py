"""Events that wait to be decided, and who goes first when there are more than one batch holds.

Lanes choose between numbers and never reorder the events of one: a number goes in the best lane
that any of its events has.
Requests take turns by party, so that a flood for one partner's services holds up nobody else's.
What does not fit waits, and its sender's window with it; beyond the room there is, requests are
refused, whose sender has most first. Stops and outcomes never are.
"""

from collections import Counter, deque
from collections.abc import Callable
from enum import IntEnum
from typing import Final, assert_never

from msgspec import Struct

from twofold.commit.admission import Crowd, cause_of
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

TIMERS_AND_SWEEPS: Final = (DeadlinePassed, OrderFellDue, CatalogueSwept, PartsAbandoned)
ASKED_BY_CHANNELS: Final = (Requested, ServiceClaimed, ReplyClaimed)

LATER_SHARE: Final = 4
"""Timers and sweeps get a quarter of a batch at most while others wait."""

REQUEST_SHARE: Final = 8
"""Requests get an eighth of a batch at least, however many say yes."""


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
    lane: Lane | None = None
    """Which lane the event would take alone, once somebody had to know."""

    def lane_by(self, rules: Rules) -> Lane:
        """Its lane; one that waits through many batches is asked about once."""
        if self.lane is None:
            self.lane = lane_of(self.event, rules)
        return self.lane


class Lanes:
    """The queue before the committer."""

    def __init__(self) -> None:
        """Begin empty."""
        self._queue: deque[Queued] = deque()
        self._crowd: Crowd | None = None
        """The requests that wait, by party; counted only where it may matter."""

    def __len__(self) -> int:
        """How many wait."""
        return len(self._queue)

    def put(self, queued: Queued, rules: Rules) -> None:
        """Let an event wait."""
        self._queue.append(queued)
        if self._crowd is not None and queued.lane_by(rules) is Lane.REQUESTS:
            self._crowd.add(cause_of(queued.event, rules).party)

    def requests(self, rules: Rules) -> Crowd:
        """The requests that wait, by party: counted once a batch, and each that comes is added."""
        crowd = self._crowd
        if crowd is None:
            crowd = self._crowd = Crowd()
            for queued in self._queue:
                if queued.lane_by(rules) is Lane.REQUESTS:
                    crowd.add(cause_of(queued.event, rules).party)
        return crowd

    def put_back(self, batch: list[Queued]) -> None:
        """Let events wait that were taken and could not be decided, before all others."""
        self._queue.extendleft(reversed(batch))

    def take(self, limit: int, rules: Rules) -> list[Queued]:
        """Everything that waits, in order; the best of it where that is more than `limit`."""
        self._crowd = None
        if len(self._queue) <= limit:
            batch = list(self._queue)
            self._queue.clear()
            return batch
        waiting = list(self._queue)
        chosen = choice(waiting, limit, rules)
        left = set(range(len(waiting))).difference(chosen)
        self._queue = deque(waiting[n] for n in sorted(left))
        return [waiting[n] for n in chosen]


def choice(waiting: list[Queued], limit: int, rules: Rules) -> list[int]:
    """Which of those that wait go next, best first: their places."""
    lanes = lanes_of(waiting, rules)
    of_lane: dict[Lane, list[int]] = {lane: [] for lane in Lane}
    for place, queued in enumerate(waiting):
        of_lane[lanes[queued.event.msisdn]].append(place)
    requests = in_turn(waiting, of_lane[Lane.REQUESTS], rules)
    later = of_lane[Lane.LATER]
    others = len(waiting) - len(later)
    limit_later = max(limit - others, min(len(later), limit // LATER_SHARE))
    left = limit - limit_later
    kept_for_requests = min(len(requests), left // REQUEST_SHARE)
    first = [*of_lane[Lane.STOPS_AND_OUTCOMES], *of_lane[Lane.CONFIRMATIONS]]
    first = first[: left - kept_for_requests]
    return [*first, *requests[: left - len(first)], *later[:limit_later]]


def in_turn(waiting: list[Queued], places: list[int], rules: Rules) -> list[int]:
    """Requests in turns by party: the first of each, then the second of each.

    A number counts with the party that it asked first, so that its own events keep their order.
    """
    party_of_number: dict[int, str] = {}
    taken: Counter[str] = Counter()
    turns: list[tuple[int, int]] = []
    for place in places:
        event = waiting[place].event
        party = party_of_number.get(event.msisdn)
        if party is None:
            party = party_of_number[event.msisdn] = cause_of(event, rules).party
        turns.append((taken[party], place))
        taken[party] += 1
    turns.sort()
    return [place for _, place in turns]


def lanes_of(waiting: list[Queued], rules: Rules) -> dict[int, Lane]:
    """The best lane of each number's events."""
    lanes: dict[int, Lane] = {}
    for queued in waiting:
        number, lane = queued.event.msisdn, queued.lane_by(rules)
        if number not in lanes or lane < lanes[number]:
            lanes[number] = lane
    return lanes


def lane_of(event: Event, rules: Rules) -> Lane:
    """Which lane an event would take alone."""
    if isinstance(event, TIMERS_AND_SWEEPS):
        return Lane.LATER
    if isinstance(event, ASKED_BY_CHANNELS):
        return Lane.REQUESTS
    if not isinstance(event, MessageReceived):
        return Lane.STOPS_AND_OUTCOMES
    word = Word.OTHER if event.text is None else rules.keywords.understand(event.text).word
    match word:
        case Word.STOP | Word.STOP_ALL | Word.NO | Word.COMPLAIN | Word.BLOCK:
            return Lane.STOPS_AND_OUTCOMES
        case Word.YES:
            return Lane.CONFIRMATIONS
        case Word.JOIN | Word.LIST | Word.HELP | Word.UNBLOCK | Word.LANGUAGE | Word.OTHER:
            return Lane.REQUESTS
        case _:
            assert_never(word)
