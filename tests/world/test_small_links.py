"""Links that never take a long text at once: its parts follow one another, and nothing is stuck."""

from pathlib import Path

import pytest

from tests.world.conversation import NUMBER
from twofold.world.people import Person, Said
from twofold.world.witness import complaints
from twofold.world.world import World

SMALL = [
    {"TWOFOLD_SMSC__0__WINDOW": "1"},
    {"TWOFOLD_SMSC__0__TPS_MAX": "1"},
    {"TWOFOLD_SMSC__0__WINDOW": "1", "TWOFOLD_SMSC__0__BIND": "transmitter_receiver"},
]


async def ask_for_two(world: World) -> Person:
    """Ask for two services: the second prompt names its own, and is two SMS long."""
    person = Person(world, NUMBER)
    await person.until_heard("soan Y gui", "9166", "DK THETHAO", Said.JOIN)
    person.send("9166", "DK NHAC", Said.JOIN)
    return person


@pytest.mark.parametrize("settings", SMALL, ids=["window", "rate", "two binds"])
def test_a_text_of_more_parts_than_a_link_takes_goes_out_part_by_part(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    async def main(world: World) -> None:
        person = await ask_for_two(world)
        other = Person(world, "84912345679")
        other.send("9166", "DK THETHAO", Said.JOIN)
        assert await person.hears("soan Y NHAC gui 9166")
        assert await other.hears("soan Y gui 9166")
        await world.settle()
        assert [message["segments"] for message in world.phones.received(NUMBER)] == [1, 2]
        assert world.smsc.submitted_count == 4
        assert complaints(world, [person, other], at_rest=True) == []

    World(1, folder=tmp_path, settings=settings).play(main)


@pytest.mark.parametrize("parts_out", [1, 2])
def test_a_text_that_is_half_out_when_the_line_breaks_comes_whole_in_the_end(
    tmp_path: Path, parts_out: int
) -> None:
    async def main(world: World) -> None:
        person = await ask_for_two(world)
        await world.smsc.wait_until(lambda: world.smsc.submitted_count == 1 + parts_out)
        world.network.cut()
        assert await person.hears("soan Y NHAC gui 9166")
        await world.settle()
        assert 1 <= sum("Y NHAC" in text for text in person.texts) <= 2
        assert complaints(world, [person], at_rest=True) == []

    World(1, folder=tmp_path, settings=SMALL[0]).play(main)


def test_a_refused_part_keeps_the_others_from_going_out(tmp_path: Path) -> None:
    async def main(world: World) -> None:
        person = Person(world, NUMBER)
        await person.until_heard("soan Y gui", "9166", "DK THETHAO", Said.JOIN)
        world.smsc.faults.submit = "reject"
        await person.send("9166", "DK NHAC", Said.JOIN)
        await world.settle()
        assert world.smsc.submitted_count == 2
        assert [over.state for over in world.over(NUMBER)] == ["undeliverable"]

    World(1, folder=tmp_path, settings=SMALL[0]).play(main)
