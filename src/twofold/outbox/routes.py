"""Where orders leave: the texts of some short codes over the links that serve them, all else aside.

Each route has room of its own, so that a link which is down or slow holds up no other.
On a route texts take turns by party, so that a flood of one partner's prompts holds up neither
another partner's nor the operator's own answers.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from twofold.commit.admission import Backlog
from twofold.domain.orders import Order

OWN: Final = ""
"""The party of the operator's own texts: answers, and what must be told."""

ASIDE: Final = 128
"""Questions and charges that may be under way at once."""


class Turns:
    """Who goes next: the operator's own every other time, the partners one after another."""

    def __init__(self) -> None:
        """Begin with the operator's own."""
        self._own_is_next = True
        self._partner = OWN
        """Whose turn it was last."""

    def next(self, waiting: Mapping[str, object]) -> str:
        """Of the parties that have something waiting, whose turn it is."""
        partners = sorted(party for party in waiting if party != OWN)
        if OWN in waiting and (self._own_is_next or not partners):
            self._own_is_next = False
            return OWN
        place = bisect_right(partners, self._partner)
        self._partner = partners[place % len(partners)]
        self._own_is_next = True
        return self._partner


class Route:
    """One way out: what is under way on it, and what waits for it."""

    def __init__(self, capacity: Callable[[], int], a_second: int = 0) -> None:
        """`capacity` says how many orders it could take now, were nothing under way.

        `a_second` is how many may leave in a second: as many may wait before requests are refused.
        """
        self.claimed = 0
        """Orders handed out here that are not settled."""
        self.claiming = 0
        """Waiting orders whose claim is being decided."""
        self.queue: deque[Order] = deque()
        """Claimed orders that no link has taken yet, in their order."""
        self.is_behind = True
        """Whether the store may hold some that could leave, were there room."""
        self.backlog = Backlog(a_second)
        """Texts that could leave, were there room."""
        self._capacity = capacity
        self._turns = Turns()

    @property
    def room(self) -> int:
        """How many more orders may be claimed: one window under way, and one ahead."""
        return 2 * self._capacity() - self.claimed - self.claiming

    def in_turn(self, due: Sequence[Order], limit: int) -> list[Order]:
        """Of what is due, what goes next: parties in turns, the oldest of each first."""
        waiting: dict[str, deque[Order]] = {}
        for order in sorted(due, key=lambda order: (order.due_at, order.id)):
            waiting.setdefault(order.party, deque()).append(order)
        chosen: list[Order] = []
        while waiting and len(chosen) < limit:
            party = self._turns.next(waiting)
            chosen.append(waiting[party].popleft())
            if not waiting[party]:
                del waiting[party]
        return chosen


class Routes:
    """All ways out: one for each set of links that some short codes share, and one aside."""

    def __init__(self, served: Sequence[tuple[Sequence[str], Route]]) -> None:
        """`served` has short codes, and the route over the links that serve just these."""
        self.aside = Route(lambda: ASIDE)
        self._all = [self.aside, *(route for _, route in served)]
        self._of = {code: route for codes, route in served for code in codes}
        self.served = served

    def __iter__(self) -> Iterator[Route]:
        """Each once."""
        return iter(self._all)

    def of(self, source: str) -> Route:
        """The route of an order, by its short code; of what is no text: aside."""
        return self._of.get(source, self.aside)

    def room(self) -> "Room":
        """What may be born claimed in one commit."""
        return Room(self)


class Room:
    """What the orders of one commit may take of each route: none where others wait already."""

    def __init__(self, routes: Routes) -> None:
        """Look at each route when it is first asked about."""
        self._routes = routes
        self._left: dict[Route, int] = {}

    def __contains__(self, source: object) -> bool:
        """Whether one more order of that short code may leave."""
        assert isinstance(source, str)
        return self._left_on(self._routes.of(source)) > 0

    def take(self, source: str) -> None:
        """One more leaves."""
        route = self._routes.of(source)
        self._left[route] = self._left_on(route) - 1

    def _left_on(self, route: Route) -> int:
        """What is left of it."""
        left = self._left.get(route)
        if left is None:
            left = self._left[route] = 0 if route.is_behind else route.room
        return left
