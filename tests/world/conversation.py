"""One conversation that somebody has with the engine, whatever happens to the engine meanwhile."""

from collections.abc import Callable
from pathlib import Path

from twofold.world.people import Person, Said
from twofold.world.witness import complaints
from twofold.world.world import World

NUMBER = "84912345678"
PRICE = 2_000
DAY_MS = 86_400_000


async def converse(world: World) -> Person:
    """Join, confirm, look, stop; whoever gets no answer writes again."""
    person = Person(world, NUMBER)
    await person.until_heard("soan Y", "9166", "DK THETHAO", Said.JOIN)
    await person.until_heard("thanh cong", "9166", "Y", Said.YES)
    await person.until_heard("THETHAO", "123", "TK")
    await person.until_heard("da huy", "9166", "HUY THETHAO")
    return person


async def converse_and_judge(world: World) -> None:
    """Have the conversation, let it come to rest, and look at everything."""
    person = await converse(world)
    await world.settle()
    assert complaints(world, [person], at_rest=True) == []
    assert [over.state for over in world.over(NUMBER)] == ["ended"]
    assert (world.requests(NUMBER), world.subscriptions(NUMBER), world.orders()) == ([], [], [])
    assert [debit["amount"] for debit in world.debits(NUMBER)] == [PRICE]
    assert 1 <= sum("soan Y" in text for text in person.texts) <= 2
    assert world.reader.counts()["events_parked"] == 0


def played(
    folder: Path, seed: int, prepare: Callable[[World], None] = lambda _world: None
) -> World:
    """Play it in a world that was prepared, and judge it; a crashed engine starts again."""
    world = World(seed, folder=folder)
    world.restarts_after_ms = world.chance("restart").randrange(10, 4_000)
    prepare(world)
    world.play(converse_and_judge)
    return world
