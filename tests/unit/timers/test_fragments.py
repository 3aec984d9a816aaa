"""Parts of long messages whose other parts never come."""

from typing import Any

from twofold.domain.events import PartsAbandoned
from twofold.domain.ids import IdSource
from twofold.domain.subscriber import Group
from twofold.timers.fragments import KEPT_MAX, STEP, WAIT_MS, Fragments

NOW_AT = 1_782_871_234_567


class Store:
    """A store that keeps so many parts, of so many messages."""

    def __init__(self, parts: int, groups: int) -> None:
        self.parts = parts
        self.groups = groups
        self.asked: list[tuple[int, int]] = []

    async def count_fragments(self) -> int:
        return self.parts

    async def due_fragments(self, until_at: int, limit: int) -> list[tuple[int, Group]]:
        self.asked.append((until_at, limit))
        return [(84_912_000_000 + n, Group("9166", n, 2)) for n in range(min(limit, self.groups))]


class Committer:
    """One that decides at once."""

    def __init__(self) -> None:
        self.events: list[PartsAbandoned] = []

    def submit(self, event: PartsAbandoned, answer: Any) -> None:  # noqa: ANN401 - a callback
        self.events.append(event)
        answer(None)


class Clock:
    """A clock that stands."""

    def now(self) -> int:
        return NOW_AT


def sweeping(store: Store) -> tuple[Fragments, Committer]:
    committer = Committer()
    return Fragments(store, committer, Clock(), IdSource()), committer  # type: ignore[arg-type]


async def test_what_waited_for_ten_minutes_is_given_up() -> None:
    store = Store(parts=3, groups=2)
    fragments, committer = sweeping(store)
    assert await fragments.look() is False
    assert store.asked == [(NOW_AT - WAIT_MS, STEP)]
    assert [event.group.reference for event in committer.events] == [0, 1]


async def test_a_flood_of_first_parts_pushes_out_itself() -> None:
    store = Store(parts=KEPT_MAX + 3, groups=KEPT_MAX)
    fragments, committer = sweeping(store)
    assert await fragments.look() is True
    assert store.asked == [(NOW_AT, 3)]
    assert len(committer.events) == 3


async def test_where_nothing_is_due_nothing_happens() -> None:
    fragments, committer = sweeping(Store(parts=0, groups=0))
    assert await fragments.look() is False
    assert committer.events == []
