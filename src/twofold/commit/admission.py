"""Whose request still has room, where more comes than can be decided or carried.

A party is whoever a flood would be counted against: the partner whose service is asked for, or the
short code where a text asks for none.
While there is room, all have it. Beyond, each party has an equal share of it, with one share kept
for whoever comes next, so that a flood of one is refused while the others go on; at twice the room
nobody has any.
"""

from collections import Counter

from twofold.decide import Rules
from twofold.decide.keywords import Word
from twofold.domain.events import Event, MessageReceived, Requested


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
