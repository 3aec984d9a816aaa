"""Whose request still has room, where more comes than can be decided or carried.

A party is whoever a flood would be counted against: the partner whose service is asked for, or the
short code where a text asks for none.
While there is room, all have it. Beyond, each party has an equal share of it, with one share kept
for whoever comes next, so that a flood of one is refused while the others go on; at twice the room
nobody has any.
"""

from collections import Counter
from typing import Final

from twofold.decide import Rules
from twofold.decide.keywords import Word
from twofold.domain.events import Event, MessageReceived, Requested

NO_BOUND: Final = 1 << 30

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


def party_of(event: Event, rules: Rules) -> str:
    """Against whom a flood of such events would be counted."""
    if isinstance(event, Requested):
        service = rules.catalogue.find(event.service.upper())
        return service.partner if service is not None else event.partner
    if not isinstance(event, MessageReceived):
        return ""
    if event.text is not None:
        wish = rules.keywords.understand(event.text)
        service = rules.catalogue.find(wish.code) if wish.word is Word.JOIN else None
        if service is not None:
            return service.partner
    return event.short_code
