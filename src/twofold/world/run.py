"""Random life in a world of one seed: people, troubles, and a judge who looks every hour.

Rules: everything follows from the seed, the hours and the number of people. When life is over all
troubles end; then whatever was owed must have been given, and somebody new must be served at once.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Final, get_args

from msgspec import Struct, field

from twofold.evidence.entry import encode_entry
from twofold.peers.faults import Faults
from twofold.peers.phones import Long
from twofold.world.habits import live
from twofold.world.people import NoAnswer, Person, Said
from twofold.world.telling import told
from twofold.world.trouble import Kind, alive, make, switch_all_on
from twofold.world.witness import complaints
from twofold.world.world import EngineFailed, NeverQuiet, World

HOUR_MS: Final = 3_600_000
REST_MS: Final = 1_200_000
"""After this nothing waits any more for a troubled SMSC."""

FIRST_NUMBER: Final = 84_912_000_001
ENTRIES_TOLD: Final = 25


class Unsound(Exception):
    """What must never be, was; the message says where, and how to see it again."""


class Lived(Struct):
    """What a life was like."""

    seed: int
    hours: float
    people: int
    set_up: str = ""
    messages: int = 0
    texts: int = 0
    entries: int = 0
    sessions: int = 0
    """USSD sessions that were shown a screen."""
    sims: int = 0
    """SIMs that took the place of others."""
    started: int = 0
    """Subscriptions that came to be."""
    taken_minor: int = 0
    crashes: int = 0
    octets: int = 0
    steps: int = 0
    troubles: Counter[str] = field(default_factory=Counter)

    def lines(self) -> list[str]:
        """Tell it."""
        troubles = ", ".join(f"{name} {count}" for name, count in sorted(self.troubles.items()))
        return [
            f"seed {self.seed}: {self.hours:g} virtual hours of {self.people} people",
            f"  {self.set_up}",
            f"  {self.messages} messages written, {self.texts} texts read, {self.octets} octets",
            f"  {self.sessions} screens of USSD sessions, {self.sims} changes of SIM",
            f"  {self.entries} decisions, {self.started} services started, {self.taken_minor} VND",
            f"  {self.crashes} crashes in {self.steps} steps",
            f"  troubles: {troubles or 'none'}",
        ]


def run(
    seed: int,
    folder: Path,
    *,
    hours: float = 24.0,
    people: int = 8,
    tell: Callable[[str], None] = lambda _line: None,
) -> Lived:
    """Live, and be judged; raises Unsound. `tell` hears of each hour."""
    world = World(seed, folder=folder, settings=conditions(seed))
    set_up = ", ".join(
        f"{key.removeprefix('TWOFOLD_SMSC__0__').lower()} {value}"
        for key, value in conditions(seed).items()
    )
    life = Life(world, Lived(seed, hours, people, set_up), tell)
    try:
        world.play(life.play)
    except (EngineFailed, NeverQuiet, NoAnswer) as error:
        world.look_back()
        cause = f": {error.__cause__!r}" if error.__cause__ else ""
        raise Unsound(*life.report([f"{type(error).__name__}: {error}{cause}"])) from error
    return life.lived


def conditions(seed: int) -> dict[str, str]:
    """How the engine of a seed is set up: each way has its own paths through the links."""
    chance = Random(f"{seed}/conditions")
    return {
        "TWOFOLD_SMSC__0__RECEIPT_ID": chance.choice(("as_is", "hex", "dec")),
        "TWOFOLD_SMSC__0__LONG_MESSAGES": chance.choice(("udh", "udh", "sar", "payload")),
        "TWOFOLD_SMSC__0__VALIDITY": chance.choice(("relative", "absolute")),
        "TWOFOLD_SMSC__0__WINDOW": chance.choice(("1", "3", "50", "50")),
        "TWOFOLD_SMSC__0__TPS_MAX": chance.choice(("2", "20", "500")),
        "TWOFOLD_SMSC__0__BIND": chance.choice(("transceiver", "transmitter_receiver")),
        **chance.choice(({}, {"TWOFOLD_SMSC__0__MO_ID_TLV": "0x1401"})),
        **chance.choice(({}, {"TWOFOLD_SMSC__0__MO_TIME_TLV": "0x1402"})),
        **chance.choice(({}, {"TWOFOLD_SMSC__0__MO_IMSI_TLV": "0x1403"})),
        **chance.choice(({}, {"TWOFOLD_CAMARA__SIM_SWAP_URL": "http://office.example"})),
    }


class Life:
    """One life in one world."""

    def __init__(self, world: World, lived: Lived, tell: Callable[[str], None]) -> None:
        """Be about to live."""
        self.lived = lived
        self._world = world
        self._tell = tell
        self._people = [Person(world, str(FIRST_NUMBER + n)) for n in range(lived.people)]

    async def play(self, world: World) -> None:
        """Live for the hours, come to rest, be judged."""
        world.numbers = [person.number for person in self._people]
        carriage = world.chance("carriage")
        world.phones.long_messages = carriage.choice(get_args(Long))
        world.phones.shuffle = carriage.choice((None, carriage.shuffle))
        lives = [live(person, world.chance(f"person {person.number}")) for person in self._people]
        lives += [
            make(world, kind, world.chance(kind), self.lived.troubles) for kind in get_args(Kind)
        ]
        tasks = [asyncio.create_task(code) for code in lives]
        await self._hours(tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._heal()
        await world.advance(REST_MS)
        await world.settle()
        self._judge(self._people, at_rest=True)
        await self._serve_somebody_new()
        self._count()

    async def _hours(self, tasks: "Sequence[asyncio.Task[None]]") -> None:
        left_ms = int(self.lived.hours * HOUR_MS)
        while left_ms > 0:
            await self._world.advance(min(left_ms, HOUR_MS))
            left_ms -= HOUR_MS
            for task in tasks:
                if task.done():
                    task.result()
            self._judge(self._people)
            self._count()
            self._tell(
                f"{max(left_ms, 0) / HOUR_MS:.0f} hours left: {self.lived.entries} decisions, "
                f"{self.lived.crashes} crashes"
            )

    async def _heal(self) -> None:
        """End all troubles."""
        world = self._world
        world.tell("all troubles end")
        world.smsc.faults = Faults()
        world.network.delay_ms = world.delays_ms
        world.network.heal()
        world.skew_ms = 0
        world.smsc.skew_ms = 0
        world.disk_is_full = False
        world.office.mode = "fine"
        world.restarts_after_ms = None
        await alive(world)
        await world.smsc_up()
        await switch_all_on(world)
        for number in world.numbers:
            world.smsc.handsets.on(number)

    async def _serve_somebody_new(self) -> None:
        """An engine that came through all this does its work as on the first day."""
        person = Person(self._world, str(FIRST_NUMBER + self.lived.people))
        await person.until_heard("soan Y", "9166", "DK THETHAO", Said.JOIN, tries=1)
        await person.until_heard("thanh cong", "9166", "Y", Said.YES, tries=1)
        await self._world.settle()
        self._judge([*self._people, person], at_rest=True)

    # -- judging -----------------------------------------------------------------------------------

    def _judge(self, people: Sequence[Person], *, at_rest: bool = False) -> None:
        world = self._world
        found = complaints(world, people, at_rest=at_rest)
        if parked := world.reader.counts()["events_parked"]:
            found.append(f"{parked} events could not be decided")
        if found:
            raise Unsound(*self.report(found))

    def report(self, found: Sequence[str]) -> list[str]:
        """Say what is wrong, what came before, and how to see it again."""
        lived, world = self.lived, self._world
        again = f"twofold world run --seed {lived.seed} --hours {lived.hours:g}"
        return [
            f"seed {lived.seed} is unsound; replay it: {again} --people {lived.people}",
            *found,
            "the last that happened:",
            *(f"  {line}" for line in world.story),
            "the last that was decided:",
            *(
                f"  {entry.at} {line}"
                for entry in world.entries()[-ENTRIES_TOLD:]
                for line in told(encode_entry(entry))
            ),
        ]

    def _count(self) -> None:
        world, lived = self._world, self.lived
        entries = world.entries()
        lived.entries = len(entries)
        lived.messages = sum(len(person.wrote) for person in self._people)
        lived.texts = sum(len(person.texts) for person in self._people)
        lived.sessions = sum(len(person.screens) for person in self._people)
        lived.sims = world.sims.total()
        lived.crashes, lived.octets = len(world.crashes), world.bytes_carried
        lived.steps = world.loop.steps
        changes = [change for entry in entries for change in entry.changes]
        lived.started = sum(change.after == "active" for change in changes)
        lived.taken_minor = sum(money.amount_minor for entry in entries for money in entry.debits)
