"""Whose request still has room, where more comes than can be decided or carried.

A party is whoever a flood would be counted against: the partner whose service is asked for, or the
short code where a text asks for none.
While there is room, all have it. Beyond, each party has an equal share of it, with one share kept
for whoever comes next, so that a flood of one is refused while the others go on; at twice the room
nobody has any.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from twofold.decide import Rules
from twofold.decide.keywords import Word
from twofold.domain.catalogue import Service
from twofold.domain.events import Event, MessageReceived, Requested

NO_BOUND: Final = 1 << 30

BACKLOG_LEAST: Final = 256
"""So many texts may always wait for their turn to leave."""

SOON_S: Final = 0.3
"""So long may a request wait where more is asked for than can be served."""

FLOOD_LEAST: Final = 100
"""Whoever has fewer requests waiting is no flood, however slow the machine is."""

EVENTS_A_JOURNEY: Final = 6
"""A request that is taken brings so many events in all, and those that follow go before others."""

SPEED_SHARE: Final = 0.25
"""How much the last batch counts in the speed that is reckoned with."""


class Crowd:
    """What waits at one place, by party."""

    __slots__ = ("held", "total")

    def __init__(self) -> None:
        """Begin empty."""
        self.total = 0
        self.held: Counter[str] = Counter()

    def add(self, party: str) -> None:
        """One more waits."""
        self.held[party] += 1
        self.total += 1

    def remove(self, party: str) -> None:
        """One has gone on."""
        self.total -= 1
        self.held[party] -= 1
        if not self.held[party]:
            del self.held[party]

    def clear(self) -> None:
        """Nothing waits."""
        self.held.clear()
        self.total = 0


class Backlog(Crowd):
    """Texts that wait for room on their links, by whose request they follow."""

    __slots__ = ("room",)

    def __init__(self, a_second: int = 0) -> None:
        """Begin empty, with room for what leaves in a second, and never for less than the least."""
        super().__init__()
        self.room = max(BACKLOG_LEAST, a_second)


class Backlogs:
    """One backlog for each set of short codes that the same links serve."""

    def __init__(self) -> None:
        """Begin without any: nothing is carried yet."""
        self._all: list[Backlog] = []
        self._of: dict[str, Backlog] = {}
        self._none = Backlog()

    @property
    def total(self) -> int:
        """All texts that wait so."""
        return sum(backlog.total for backlog in self._all)

    def add(self, backlog: Backlog, short_codes: Iterable[str]) -> None:
        """Reckon with what waits to leave from some short codes."""
        self._all.append(backlog)
        self._of.update(dict.fromkeys(short_codes, backlog))

    def is_any_full(self, more: int) -> bool:
        """Whether there is one without room, were so many more to follow."""
        return any(backlog.total + more >= backlog.room for backlog in self._all)

    def of(self, short_code: str) -> Backlog:
        """What waits with the texts of a short code; nothing where no link serves it."""
        return self._of.get(short_code, self._none)


class Serving:
    """How fast events are decided while more wait, and so how many requests are served soon."""

    def __init__(self) -> None:
        """Begin without a bound: nothing is known yet."""
        self.requests_soon = NO_BOUND
        self._a_second = 0.0
        self._behind_since_s: float | None = None

    def note(self, started_s: float, now_s: float, size: int, *, is_behind: bool) -> None:
        """Take in one batch of some size; `is_behind` says whether it left others waiting.

        While it does, what is read and refused between two batches counts as well.
        """
        since_s = started_s if self._behind_since_s is None else self._behind_since_s
        self._behind_since_s = now_s if is_behind else None
        if now_s <= since_s:
            return
        speed = size / (now_s - since_s)
        self._a_second += (speed - self._a_second) * (SPEED_SHARE if self._a_second else 1.0)
        self.requests_soon = int(self._a_second * SOON_S / EVENTS_A_JOURNEY)


def has_room(party: str, room: int, *crowds: Crowd) -> bool:
    """Whether one more of a party may wait where these wait already, one place after the other."""
    total = sum(crowd.total for crowd in crowds)
    if total < room:
        return True
    parties = max(len(crowd.held) for crowd in crowds)
    share = room // (parties + 1)
    return total < 2 * room and sum(crowd.held[party] for crowd in crowds) < share


class Cause(NamedTuple):
    """Against whom a flood of such events would be counted, and from where it would be answered."""

    party: str
    short_code: str


NOBODY: Final = Cause("", "")


def cause_of(event: Event, rules: Rules) -> Cause:
    """Who is behind an event; nobody behind one that no subscriber or channel sent."""
    if isinstance(event, Requested):
        service = rules.catalogue.find(event.service.upper())
        return Cause(event.partner, "") if service is None else of_service(service)
    if not isinstance(event, MessageReceived):
        return NOBODY
    if event.text is not None:
        wish = rules.keywords.understand(event.text)
        service = rules.catalogue.find(wish.code) if wish.word is Word.JOIN else None
        if service is not None:
            return of_service(service)
    return Cause(event.short_code, event.short_code)


def of_service(service: Service) -> Cause:
    """Whoever asks for a service is asked back from its short code."""
    return Cause(service.partner, service.short_code)
