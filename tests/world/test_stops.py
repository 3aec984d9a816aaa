"""A stop that races with confirmations in flight: none gets through after its commit."""

import asyncio
from pathlib import Path
from typing import Final

import pytest

from twofold.domain.catalogue import StopKind
from twofold.store.sqlite import SqliteStore
from twofold.world.people import Person, Said
from twofold.world.trouble import switch_off
from twofold.world.witness import complaints
from twofold.world.world import World

PEOPLE: Final = 40
FIRST: Final = 84_912_000_001
MOMENT_MS: Final = 60
"""Within this all say yes, and somebody stops the partner."""

SEEDS: Final = (1, 2, 3, 4)


class Race:
    """Many who say yes while their partner is stopped."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.confirmed = 0
        self.withdrawn = 0

    async def play(self, world: World) -> None:
        """Ask everybody, then let the yes of each race with the stop."""
        people = [Person(world, str(FIRST + place)) for place in range(PEOPLE)]
        for person in people:
            person.send("9166", "DK THETHAO", Said.JOIN)
        await world.settle()
        chance = world.chance("race")
        moments = [chance.uniform(0, MOMENT_MS) for _ in people]
        tasks = [
            world.loop.create_task(says_yes(person, moment))
            for person, moment in zip(people, moments, strict=True)
        ]
        await world.advance(MOMENT_MS // 2)
        await switch_off(world, StopKind.PARTNER, "abc")
        await asyncio.gather(*tasks)
        await world.advance(10_000)
        await world.settle()
        self.found = complaints(world, people, at_rest=True)
        for person in people:
            states = [held.state.value for held in world.subscriptions(person.number)]
            self.confirmed += states == ["suspended"]
            self.withdrawn += [over.state for over in world.over(person.number)] == ["withdrawn"]


async def says_yes(person: Person, after_ms: float) -> None:
    """Say yes a moment from now."""
    await asyncio.sleep(after_ms / 1000)
    person.send("9166", "Y", Said.YES)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_yes_gets_through_after_the_commit_of_a_stop(tmp_path: Path, seed: int) -> None:
    """Whoever was earlier is on, and paused by the sweep; whoever was later is told so."""
    race = Race()
    World(seed, folder=tmp_path).play(race.play)
    assert race.found == []
    assert race.confirmed + race.withdrawn == PEOPLE
    assert min(race.confirmed, race.withdrawn) > 0, "nobody raced"


def test_an_engine_that_does_not_compare_revisions_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = SqliteStore.begin

    async def blind(store: SqliteStore) -> int:
        await begin(store)
        return 1

    monkeypatch.setattr(SqliteStore, "begin", blind)
    race = Race()
    World(1, folder=tmp_path).play(race.play)
    assert any("was decided by a revision that was over" in what for what in race.found)
