"""What goes wrong around an engine, and is put right again: the catalogue of faults.

Rules: troubles of one kind never overlap, troubles of different kinds do. Each ends by itself; what
a world does not play yet stands in docs/explanation/world.md.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from random import Random
from typing import Final, Literal

from msgspec import Struct

from twofold.app.importing import import_catalogue
from twofold.catalog.canonical import from_json
from twofold.catalog.example import example
from twofold.catalog.stopping import approve_resume, propose_resume, stop
from twofold.domain.catalogue import StopKind
from twofold.domain.crash import POINTS
from twofold.domain.numbers import NumberChange
from twofold.peers.faults import Faults
from twofold.protocol.smpp.constants import CommandStatus
from twofold.store.sqlite import SqliteStore, open_database
from twofold.world.operator import MODES
from twofold.world.reading import read_catalogue
from twofold.world.reports import report
from twofold.world.sims import replace_sim
from twofold.world.world import World

Kind = Literal["texts", "receipts", "line", "engine", "catalogue", "numbers"]
Begin = Callable[[World, Random], AbstractAsyncContextManager[None]]

CALM_S: Final = 900.0
"""Time between two troubles of one kind, about."""

MINUTES_LONG: Final = 10
HOURS_LONG_S: Final = 5_000.0
"""The longest outage: what is not answered for two hours may have two effects (rule 8b)."""

ENGINE, SMSC = "engine", "smsc"


class Trouble(Struct, frozen=True):
    """One thing that may go wrong, and for how long at most, in seconds."""

    name: str
    kind: Kind
    begin: Begin
    longest_s: float = MINUTES_LONG * 60.0


async def make(world: World, kind: Kind, chance: Random, met: Counter[str]) -> None:
    """Make trouble of one kind, now and then, for ever; `met` counts it."""
    known = [trouble for trouble in TROUBLES if trouble.kind == kind]
    while True:
        await asyncio.sleep(chance.expovariate(1 / CALM_S))
        trouble = chance.choice(known)
        met[trouble.name] += 1
        world.tell(f"trouble begins: {trouble.name}")
        async with trouble.begin(world, chance):
            await asyncio.sleep(chance.uniform(0, 1) ** 2 * trouble.longest_s)
        world.tell(f"trouble ends: {trouble.name}")


# -- texts and receipts ----------------------------------------------------------------------------


def switched(field: str, values: Callable[[Random], object]) -> Begin:
    """Switch one of the SMSC's faults on, and back."""

    @asynccontextmanager
    async def begin(world: World, chance: Random) -> AsyncIterator[None]:
        setattr(world.smsc.faults, field, values(chance))
        yield
        setattr(world.smsc.faults, field, getattr(Faults(), field))

    return begin


def always(value: object) -> Callable[[Random], object]:
    """The same each time."""
    return lambda _chance: value


@asynccontextmanager
async def handset_off(world: World, chance: Random) -> AsyncIterator[None]:
    """Somebody's phone is off: texts wait for it, or expire."""
    number = chance.choice(world.numbers)
    world.smsc.handsets.off(number)
    yield
    world.smsc.handsets.on(number)


# -- the line --------------------------------------------------------------------------------------


@asynccontextmanager
async def cut(world: World, chance: Random) -> AsyncIterator[None]:
    """Cut the line again and again, in the midst of whatever is under way."""
    for _ in range(chance.randrange(1, 5)):
        world.network.cut()
        await asyncio.sleep(chance.expovariate(1 / 5))
    yield


@asynccontextmanager
async def unbound(world: World, _chance: Random) -> AsyncIterator[None]:
    """The SMSC ends every session politely."""
    world.smsc.unbind_all()
    yield


@asynccontextmanager
async def smsc_away(world: World, _chance: Random) -> AsyncIterator[None]:
    """The SMSC loses its power."""
    await world.smsc_down()
    yield
    await world.smsc_up()


@asynccontextmanager
async def parted(world: World, chance: Random) -> AsyncIterator[None]:
    """What one side sends does not arrive, or arrives late."""
    ways = ((ENGINE, SMSC), (SMSC, ENGINE), (None, None))
    sender, receiver = chance.choice(ways)
    fault = world.network.partition(sender, receiver, holds=chance.random() < 0.5)  # noqa: PLR2004
    yield
    world.network.heal(fault)


@asynccontextmanager
async def smsc_clock_wrong(world: World, chance: Random) -> AsyncIterator[None]:
    """The SMSC's clock is ahead or behind: its times must not be believed."""
    world.smsc.skew_ms = chance.choice((-600_000, -30_000, -6_000, 6_000, 600_000))
    yield
    world.smsc.skew_ms = 0


@asynccontextmanager
async def slow(world: World, chance: Random) -> AsyncIterator[None]:
    """The network takes its time."""
    world.network.delay_ms = (1.0, chance.choice((50.0, 1_000.0, 8_000.0)))
    yield
    world.network.delay_ms = world.delays_ms


# -- the engine ------------------------------------------------------------------------------------


@asynccontextmanager
async def dying(world: World, chance: Random) -> AsyncIterator[None]:
    """The engine dies at a step soon to come, and starts again; so it may, several times."""
    world.restarts_after_ms = int(chance.expovariate(1 / 5_000)) + 1
    world.steps_to_live = [chance.randrange(1, 60) for _ in range(chance.randrange(4))]
    if world.engine_steps:
        world.crash_at_step(world.engine_steps + chance.randrange(1, 60))
    yield
    await alive(world)


@asynccontextmanager
async def dying_at_a_point(world: World, chance: Random) -> AsyncIterator[None]:
    """The engine dies at one of its crash points."""
    world.restarts_after_ms = int(chance.expovariate(1 / 5_000)) + 1
    world.crash_at(chance.choice(POINTS), chance.randrange(1, 4))
    yield
    await alive(world)


@asynccontextmanager
async def outage(world: World, _chance: Random) -> AsyncIterator[None]:
    """The engine's machine is gone for long."""
    world.restarts_after_ms = None
    world.crash()
    yield
    await alive(world)


@asynccontextmanager
async def stopped(world: World, _chance: Random) -> AsyncIterator[None]:
    """Somebody stops the engine in order, and starts it again."""
    await world.stop()
    yield
    await alive(world)


async def alive(world: World) -> None:
    """See to it that an engine runs, and lives."""
    world.spare()
    lives = await world.restart()
    assert lives, "an engine that was spared died"


@asynccontextmanager
async def clock_jumped(world: World, chance: Random) -> AsyncIterator[None]:
    """The wall clock jumps, and is put right."""
    world.skew_ms = chance.choice((-86_400_000, -3_600_000, -5_000, 5_000, 3_600_000, 86_400_000))
    yield
    world.skew_ms = 0


@asynccontextmanager
async def disk_full(world: World, _chance: Random) -> AsyncIterator[None]:
    """Nothing can be written."""
    world.disk_is_full = True
    yield
    world.disk_is_full = False


# -- the catalogue ---------------------------------------------------------------------------------


def changed_catalogue(before: str, after: str) -> Begin:
    """Somebody imports another catalogue while the engine runs, and later the old one."""

    @asynccontextmanager
    async def begin(world: World, _chance: Random) -> AsyncIterator[None]:
        text = example("catalog.toml")
        assert before in text, before
        await sell(world, text.replace(before, after))
        yield
        await sell(world, text)

    return begin


@asynccontextmanager
async def partner_stopped(world: World, chance: Random) -> AsyncIterator[None]:
    """Somebody stops a partner while the engine runs; later two people let it go on."""
    partner = chance.choice(("abc", "xyz"))
    await switch_off(world, StopKind.PARTNER, partner)
    try:
        yield
    finally:
        # Also where life is over meanwhile: what is stopped stays so by itself.
        await switch_on(world, StopKind.PARTNER, partner)


async def switch_off(world: World, kind: StopKind, name: str) -> None:
    """Stop something as `twofold stop` does, from outside the engine."""
    async with ledger_of(world) as ledger:
        await stop(ledger, kind, name, world.true_now, by="an", why="complaints")


async def switch_on(world: World, kind: StopKind, name: str) -> None:
    """Let it go on as `twofold resume` does: one proposes, another approves."""
    async with ledger_of(world) as ledger:
        now = world.true_now
        number = await propose_resume(ledger, kind, name, now, by="an", why="looked into")
        await approve_resume(ledger, number, now, by="binh")


async def switch_all_on(world: World) -> None:
    """Let everything go on that is stopped."""
    async with ledger_of(world) as ledger:
        kept = await ledger.newest_catalogue()
    stops = () if kept is None else from_json(kept[2], kept[0]).stops
    for held in stops:
        await switch_on(world, held.kind, held.name)


@asynccontextmanager
async def ledger_of(world: World) -> AsyncIterator[SqliteStore]:
    """Open the file beside the engine, as another process would."""
    connection = open_database(world.settings.database.path)
    try:
        yield SqliteStore(connection)
    finally:
        connection.close()


async def sell(world: World, text: str) -> None:
    """Import a catalogue as `twofold catalog import` does, from outside the engine."""
    settings = world.settings
    path = settings.catalog.path
    assert path is not None
    path.write_text(text, encoding="utf-8")
    async with ledger_of(world) as ledger:
        await import_catalogue(settings, ledger, world.true_now, read_catalogue)


# -- the numbers -----------------------------------------------------------------------------------


def reported(*kinds: NumberChange) -> Begin:
    """The operator's systems report something of somebody's number; later that it is over."""

    @asynccontextmanager
    async def begin(world: World, chance: Random) -> AsyncIterator[None]:
        number, late_ms = chance.choice(world.numbers), chance.choice((0, 0, 60_000))
        first, *rest = kinds
        await report(world, number, first, late_ms=late_ms, times=chance.choice((1, 1, 2)))
        yield
        for kind in rest:
            await report(world, number, kind)

    return begin


@asynccontextmanager
async def sim_replaced(world: World, chance: Random) -> AsyncIterator[None]:
    """Somebody's number is in another SIM; the operator's systems report it later, or never."""
    number = chance.choice(world.numbers)
    replace_sim(world, number)
    yield
    if chance.random() < 0.5:  # noqa: PLR2004
        await report(world, number, NumberChange.SIM_CHANGED)


@asynccontextmanager
async def office_says(world: World, chance: Random) -> AsyncIterator[None]:
    """Whoever is asked about numbers says no, fails, is silent or late."""
    world.office.mode = chance.choice(sorted(MODES - {"fine"}))
    yield
    world.office.mode = "fine"


GAME_ON: Final = 'price = 5000\nperiod = "P7D"\nauto_renew = true\nstage = "on"'

TROUBLES: Final = (
    Trouble("texts throttled", "texts", switched("submit", always("throttle"))),
    Trouble("texts refused", "texts", switched("submit", always("reject")), 60.0),
    Trouble("texts taken in silence", "texts", switched("submit", always("silent")), 120.0),
    Trouble("texts looked at late", "texts", switched("delay_ms", lambda c: c.randrange(15_000))),
    Trouble("answers lost", "texts", switched("answers_to_drop", lambda c: c.randrange(1, 4))),
    Trouble("texts lost", "texts", switched("texts_to_drop", lambda c: c.randrange(1, 4))),
    Trouble("no receipts", "receipts", switched("receipt", always("none"))),
    Trouble("receipts twice", "receipts", switched("receipt", always("twice"))),
    Trouble("receipts first", "receipts", switched("receipt", always("first"))),
    Trouble("handsets out of reach", "receipts", switched("receipt", always("fail"))),
    Trouble("handset off", "receipts", handset_off, 40_000.0),
    Trouble("line cut", "line", cut, 1.0),
    Trouble("unbound", "line", unbound, 1.0),
    Trouble(
        "binds refused", "line", switched("refuse_binds", always(CommandStatus.ESME_RBINDFAIL))
    ),
    Trouble("SMSC away", "line", smsc_away, HOURS_LONG_S),
    Trouble("network parted", "line", parted),
    Trouble("network slow", "line", slow),
    Trouble("messages late", "line", switched("mo_delay_ms", lambda c: c.randrange(300_000))),
    Trouble("SMSC clock wrong", "line", smsc_clock_wrong),
    Trouble("engine dies at a step", "engine", dying, 300.0),
    Trouble("engine dies at a point", "engine", dying_at_a_point, 300.0),
    Trouble("engine away", "engine", outage, HOURS_LONG_S),
    Trouble("engine stopped", "engine", stopped, 60.0),
    Trouble("clock jumped", "engine", clock_jumped, 300.0),
    Trouble("disk full", "engine", disk_full, 300.0),
    Trouble("service stopped", "catalogue", changed_catalogue(GAME_ON, GAME_ON[:-3] + 'off"')),
    Trouble("partner stopped", "catalogue", partner_stopped, 3_000.0),
    Trouble("number recycled", "numbers", reported(NumberChange.RECYCLED), 1.0),
    Trouble("number transferred", "numbers", reported(NumberChange.TRANSFERRED), 1.0),
    Trouble("SIM changed", "numbers", reported(NumberChange.SIM_CHANGED), 1.0),
    Trouble("SIM replaced", "numbers", sim_replaced),
    Trouble("number away", "numbers", reported(NumberChange.PORTED_OUT, NumberChange.PORTED_IN)),
    Trouble("number given up", "numbers", reported(NumberChange.TERMINATED, NumberChange.RECYCLED)),
    Trouble("number barred", "numbers", reported(NumberChange.BARRED, NumberChange.UNBARRED)),
    Trouble("office in trouble", "numbers", office_says, 120.0),
    Trouble("price raised", "catalogue", changed_catalogue("price = 10000", "price = 12000")),
)
"""All that a world plays."""
