"""One simulated world: the real engine and a real SMSC stand-in, on virtual time, wires and chance.

Rules: whatever happens follows from the seed; nothing takes real time and nothing leaves memory but
the database file. The engine and the SMSC are processes of their own; an engine that crashes loses
its disk and its network in the same instant.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, Final, Self, TypeAlias, TypeVar

import msgspec

from twofold.app.clock import SystemClock
from twofold.app.engine import Chance, Engine
from twofold.app.importing import import_catalogue
from twofold.app.rulebook import Rulebook
from twofold.app.settings import Settings, load_settings
from twofold.catalog.example import example
from twofold.domain.crash import arm
from twofold.domain.orders import Order
from twofold.domain.subscriber import Request, Subscription
from twofold.evidence.entry import Entry
from twofold.peers.dialling import Dialling
from twofold.peers.phones import Phones
from twofold.peers.smsc import Account, Smsc, SmscSettings
from twofold.protocol.smpp.manners import ReceiptId
from twofold.store.sqlite import (
    Connection,
    SqliteReader,
    migrate,
    open_database,
    pending_migrations,
)
from twofold.store.sqlite.reader import MAX_ROWS, Over
from twofold.world.disk import FillingStore
from twofold.world.loop import Process, VirtualLoop
from twofold.world.network import Network
from twofold.world.operator import NumbersOffice
from twofold.world.reading import read_catalogue

T = TypeVar("T")

Beside: TypeAlias = Callable[[Engine, Connection], Coroutine[Any, Any, None]]

START_AT: Final = 1_773_453_600_000
"""2026-03-14T02:00:00Z: nine in the morning where the example's operator is."""

LOOK_S: Final = 0.02
"""Longer than anything is under way on an untroubled wire."""

ID_FORMS: Final = {
    ReceiptId.AS_IS: ("{:08X}", "{:08X}"),
    ReceiptId.HEX: ("{}", "{:08x}"),
    ReceiptId.DEC: ("{:08X}", "{}"),
}
"""How the SMSC writes message ids in its answers and in its receipts, by what is configured."""

QUIET_LOOKS: Final = 3
STORY_LINES: Final = 60
SETTLE_S: Final = 120.0


class EngineFailed(Exception):
    """The engine ended by a fault of its own; the cause is chained."""


class NeverQuiet(Exception):
    """Something was still under way after the time that `settle` was given."""


class Life:
    """One life of the engine, from its start to its death."""

    def __init__(self, loop: VirtualLoop, connection: Connection) -> None:
        """Begin a process on an open database."""
        self.process = loop.process("engine")
        self.connection = connection
        self.engine: Engine | None = None
        self.ready: asyncio.Future[bool] = loop.create_future()
        """Whether it came to decide; False: it died before."""
        self.over: asyncio.Future[None] = loop.create_future()

    def end(self) -> None:
        """Take its disk away; what it had not committed is gone."""
        self.connection.close(True)  # noqa: FBT003 - apsw's own signature: whatever is under way
        if not self.ready.done():
            self.ready.set_result(False)
        if not self.over.done():
            self.over.set_result(None)


class World:
    """One world of one seed, to be played once: `World(seed, folder=tmp_path).play(main)`.

    `settings` are variables of the environment (`TWOFOLD_SMSC__0__WINDOW`) laid over the example
    configuration; `catalogue` is the text of a catalog.toml. `trace` is given a line a step.
    """

    def __init__(
        self,
        seed: int = 0,
        *,
        folder: Path,
        start_at: int = START_AT,
        catalogue: str | None = None,
        settings: Mapping[str, str] | None = None,
        trace: Callable[[str], None] | None = None,
    ) -> None:
        """Write the configuration and read it; nothing runs yet."""
        self.seed = seed
        self.start_at = start_at
        self.settings = written(folder, catalogue or example("catalog.toml"), settings or {})
        self.numbers: list[str] = []
        """Whose handsets may be in trouble."""
        self.disk_is_full = False
        self.beside: Beside | None = None
        """Begun with each engine, in its process, as soon as that decides: what it shows."""
        self.sims: Counter[str] = Counter()
        """SIMs that took another one's place, by number."""
        self.office = NumbersOffice()
        """Who is asked about numbers, where the settings have somebody asked."""
        self.skew_ms = 0
        """How far the machine's wall clock has jumped; set it at any time."""
        self.delays_ms = (0.1, 5.0)
        """How long the network takes, from the start on; later `network.delay_ms` may be set."""
        self.restarts_after_ms: int | None = None
        """When a crashed engine is started again by itself; None: by `restart` alone."""
        self.steps_to_live: list[int] = []
        """The engines to come die in place of their step of this number, one after another."""
        self.crashes: list[str] = []
        """Where each engine died."""
        self.story: deque[str] = deque(maxlen=STORY_LINES)
        """What happened last, in words: who tries to understand a failure reads it."""
        self.points_passed: Counter[str] = Counter()
        """Crash points that living engines passed."""
        self.on_point: Callable[[str, int], bool] = lambda _name, _time: False
        """Asked at each crash point, with how often it was passed: whether to die here."""
        self.loop: VirtualLoop
        self.network: Network
        self.smsc: Smsc
        self.phones: Phones
        self.dialling: Dialling
        self.reading: Connection
        """Looks at the database without writing to it, whoever lives."""
        self.reader: SqliteReader
        self._trace = trace
        self._connections: list[Connection] = []
        self._life: Life | None = None
        self.smsc_is_up = False
        self._stopping = False
        self._smsc_process: Process
        self._failure: asyncio.Future[BaseException]
        self._jitter = self.chance("jitter")
        self._salts = self.chance("salts")

    def chance(self, name: str) -> Random:
        """A stream of chance of this seed's, apart from all others."""
        return Random(f"{self.seed}/{name}")

    def look_back(self) -> None:
        """Open the database again after the play, for whoever wants to know how it stands."""
        self.reading = self._opened(read_only=True)
        self.reader = SqliteReader(self.reading)

    def tell(self, what: str) -> None:
        """Add a line to the story."""
        at = datetime.fromtimestamp(self.true_now() / 1000, UTC)
        self.story.append(f"{at:%d %H:%M:%S.%f} {what}")

    # -- playing -----------------------------------------------------------------------------------

    def play(self, main: Callable[[Self], Coroutine[Any, Any, T]]) -> T:
        """Start the SMSC and the engine, run `main` on virtual time, and stop both again.

        Raises EngineFailed when an engine ends by itself, and whatever `main` raises.
        """
        self.loop = VirtualLoop(self.chance("loop"), trace=self._trace)
        self.network = Network(self.loop, self.chance("network"), delay_ms=self.delays_ms)
        self.loop.on_kill.append(self._died)
        arm(self._passed)
        try:
            result = self.loop.run_until_complete(self._play(main))
            self.loop.close()
            assert not self.loop.unhandled, self.loop.unhandled
            return result
        finally:
            arm(None)
            self.loop.close()
            for connection in self._connections:
                connection.close()

    async def _play(self, main: Callable[[Self], Coroutine[Any, Any, T]]) -> T:
        self._failure = self.loop.create_future()
        smsc = self.settings.smsc[0]
        account = Account(smsc.system_id, smsc.password.reveal(), smsc.short_codes)
        answer_id, receipt_id = ID_FORMS[smsc.manners.receipt_id]
        kept = SmscSettings(
            (account,),
            answer_id=answer_id,
            receipt_id=receipt_id,
            mo_id_tlv=smsc.mo_id_tlv or 0,
            mo_time_tlv=smsc.mo_time_tlv or 0,
            mo_imsi_tlv=smsc.mo_imsi_tlv or 0,
        )
        self.smsc = Smsc(kept, self.true_now)
        self.phones = Phones(self.smsc, self.true_now)
        self.dialling = Dialling(self.smsc)
        self._smsc_process = self.loop.process("smsc")
        await self.smsc_up()
        self._life = self._begin()
        self.reading = self._opened(read_only=True)
        self.reader = SqliteReader(self.reading)
        await self._or_failure(self.smsc.wait_until(lambda: bool(self.smsc.bound)))
        result = await self._or_failure(main(self))
        await self._or_failure(self.stop())
        await self.smsc.stop()
        return result

    async def _or_failure(self, code: Coroutine[Any, Any, T]) -> T:
        """Run something, unless the engine fails meanwhile."""
        task = self.loop.create_task(code)
        await asyncio.wait((task, self._failure), return_when=asyncio.FIRST_COMPLETED)
        if self._failure.done():
            task.cancel()
            raise EngineFailed(f"the engine failed at {self.loop.time()} s") from (
                self._failure.result()
            )
        return await task

    # -- the engine --------------------------------------------------------------------------------

    @property
    def engine(self) -> Engine:
        """The engine that is running now; fails while there is none."""
        assert self._life is not None, "no engine runs"
        assert self._life.engine is not None, "the engine has not started yet"
        return self._life.engine

    @property
    def is_up(self) -> bool:
        """Whether an engine runs and decides."""
        life = self._life
        return life is not None and life.engine is not None and life.engine.is_ready

    @property
    def engine_steps(self) -> int:
        """The steps that the running engine has done; 0 while there is none."""
        return 0 if self._life is None else self._life.process.steps

    def crash(self) -> None:
        """Kill the engine at once: its disk and its network are gone with it."""
        assert self._life is not None, "no engine runs"
        self.loop.kill(self._life.process)

    def crash_at_step(self, step: int) -> None:
        """Kill the running engine in place of its step of this number."""
        assert self._life is not None, "no engine runs"
        self.loop.kill_at(self._life.process, step)

    def spare(self) -> None:
        """Let the running engine, and those to come, live."""
        self.on_point = lambda _name, _time: False
        self.steps_to_live = []
        if self._life is not None:
            self._life.process.dies_at = 0

    def crash_at(self, point: str, time: int = 1) -> None:
        """Kill the engine when it passes a crash point for this time, counted from now."""
        at = self.points_passed[point] + time
        self.on_point = lambda name, passed: name == point and passed == at

    async def restart(self) -> bool:
        """Start a new engine on the same file; say whether it lived until it decided."""
        self._stopping = False
        if self._life is None:
            self._life = self._begin()
        return await self._life.ready

    async def stop(self) -> None:
        """End the engine in order, as SIGTERM does."""
        self._stopping = True
        life = self._life
        if life is not None and await life.ready:
            life.process.spawn(self.engine.stop(), "stop")
            await life.over

    # -- the SMSC ----------------------------------------------------------------------------------

    async def smsc_up(self) -> None:
        """Start the SMSC where the engine looks for it, unless it is up."""
        smsc = self.settings.smsc[0]
        if not self.smsc_is_up:
            self.smsc_is_up = True
            await self._smsc_process.spawn(self.smsc.start(smsc.host, smsc.port))

    async def smsc_down(self) -> None:
        """Have it lose its power: connections are cut, what it keeps for handsets stays."""
        if self.smsc_is_up:
            await self.smsc.stop()
            self.smsc_is_up = False

    # -- time --------------------------------------------------------------------------------------

    @property
    def clock(self) -> SystemClock:
        """The running engine's clock."""
        clock = self.engine.clock
        assert isinstance(clock, SystemClock)
        return clock

    def now(self) -> int:
        """Business time by the engine's machine, ms UTC."""
        return self.true_now() + self.skew_ms

    def true_now(self) -> int:
        """Business time by everybody else's clocks, ms UTC."""
        return self.start_at + self._boot_now()

    async def advance(self, ms: int) -> None:
        """Let virtual time pass."""
        await asyncio.sleep(ms / 1000)

    async def sleep_until(self, at: int) -> None:
        """Let virtual time pass until everybody's clocks say `at`; at once when it is over."""
        await asyncio.sleep(max(0, at - self.true_now()) / 1000)

    async def settle(self, limit_s: float = SETTLE_S) -> None:
        """Let time pass until nothing is under way on either side; raises NeverQuiet.

        Waits of minutes (a text to try again later, a deadline) are not under way.
        """
        until = self.loop.time() + limit_s
        quiet = 0
        while quiet < QUIET_LOOKS:
            if self.loop.time() > until:
                raise NeverQuiet(self._under_way())
            await asyncio.sleep(LOOK_S)
            quiet = 0 if self._under_way() else quiet + 1

    def _under_way(self) -> str:
        """What is not done, in words; empty when nothing is."""
        if not self.is_up:
            return "the engine is down"
        engine = self.engine
        left = {
            "events": engine.committer.depth or int(not engine.committer.is_idle),
            "orders": engine.outbox.depth or int(not engine.outbox.is_idle),
            "timers": int(not engine.deadlines.is_idle),
            "deliveries": self.smsc.under_way,
        }
        return ", ".join(f"{count} {what}" for what, count in left.items() if count)

    # -- what is kept ------------------------------------------------------------------------------

    @property
    def bytes_carried(self) -> int:
        """Octets of SMPP that reached the other side."""
        return self.network.bytes_carried

    def entries(self, msisdn: int | str | None = None) -> list[Entry]:
        """All evidence, or that of one number, in the order of its decisions."""
        found: list[Entry] = []
        last_id = 0
        while rows := self.reader.entries_since(last_id, MAX_ROWS):
            last_id = rows[-1][0]
            found += [_entry(row[5]) for row in rows if msisdn is None or row[2] == int(msisdn)]
        return found

    def requests(self, msisdn: int | str) -> list[Request]:
        """Open requests of a number."""
        return self.reader.requests(int(msisdn))

    def subscriptions(self, msisdn: int | str) -> list[Subscription]:
        """Live subscriptions of a number."""
        return self.reader.subscriptions(int(msisdn))

    def over(self, msisdn: int | str) -> list[Over]:
        """Requests that ended unconfirmed, and ended subscriptions, of all holders of a number."""
        number = int(msisdn)
        tenures = range(self.reader.tenure(number) + 1)
        return [over for tenure in tenures for over in self.reader.over(number, tenure)]

    def debits(self, msisdn: int | str) -> list[dict[str, Any]]:
        """Money taken from a number, refunds negative, oldest first."""
        return self.reader.debits(int(msisdn))

    def balance(self, msisdn: int | str) -> int:
        """What the embedded account of a number holds."""
        held = self.reader.balance(int(msisdn))
        return self.settings.charging.opening_balance_minor if held is None else held

    def orders(self) -> list[Order]:
        """Orders that are not settled."""
        return self.reader.orders()

    # -- lives -------------------------------------------------------------------------------------

    def _begin(self) -> Life:
        """Start an engine in a process of its own."""
        connection = self._opened()
        if pending_migrations(connection):
            migrate(connection, self.now())
        life = Life(self.loop, connection)
        self.tell("an engine starts")
        if self.steps_to_live:
            self.loop.kill_at(life.process, self.steps_to_live.pop(0))
        task = life.process.spawn(self._live(life), "engine")
        task.add_done_callback(self._engine_ended, context=self.loop.world.context())
        return life

    def _opened(self, *, read_only: bool = False) -> Connection:
        """Open the database; it is closed at the end, whatever happens."""
        path = self.settings.database.path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connections.append(connection := open_database(path, read_only=read_only))
        return connection

    async def _live(self, life: Life) -> None:
        """Do what `serve` does, with the world's clock and chance."""
        clock = SystemClock(self.now, self._boot_now)
        store = FillingStore(life.connection, lambda: self.disk_is_full)
        if await store.newest_catalogue() is None:
            # An unchanged file would be passed over.
            await import_catalogue(self.settings, store, clock.now, read_catalogue)
        chance = Chance(self._jitter.random, lambda: self._salts.randbytes(16))
        rulebook = Rulebook(self.settings, clock)
        engine = Engine(self.settings, store, clock, rulebook, chance, self.office)
        await engine.open()
        life.engine = engine
        async with asyncio.TaskGroup() as group:
            group.create_task(engine.run(), name="engine.run")
            await engine.ready.wait()
            if self.beside is not None:
                await self.beside(engine, life.connection)
            if not life.ready.done():
                life.ready.set_result(True)

    def _engine_ended(self, task: "asyncio.Task[None]") -> None:
        """An engine ended by itself: in order, or by a fault, which ends the play."""
        error = None if task.cancelled() else task.exception()
        if error is not None and not self._failure.done():
            self._failure.set_result(error)
        life, self._life = self._life, None
        if life is not None:
            self.loop.kill(life.process)
            life.end()

    def _died(self, process: Process) -> None:
        """Cut a dead engine off, and start the next where that is asked for."""
        life = self._life
        if life is None or process is not life.process:
            return
        self._life = None
        self.crashes.append(f"at {self.loop.time():.6f} s, after {process.steps} steps")
        self.tell(f"the engine dies after {process.steps} steps")
        life.end()
        if self.restarts_after_ms is not None:
            self.loop.world.run(
                self.loop.call_later, self.restarts_after_ms / 1000, self._start_again
            )

    def _start_again(self) -> None:
        if self._life is None and not self._stopping:
            self._life = self._begin()

    def _passed(self, name: str) -> None:
        """A crash point is passed."""
        if self._life is None or self.loop.running is not self._life.process:
            return
        self.points_passed[name] += 1
        if self.on_point(name, self.points_passed[name]):
            self.tell(f"the engine is at {name}")
            self.loop.crash()

    def _boot_now(self) -> int:
        """Milliseconds since the world began."""
        return int(self.loop.time() * 1000 + 1e-6)


def written(folder: Path, catalogue: str, environ: Mapping[str, str]) -> Settings:
    """Write the example configuration and a catalogue, and read them as `serve` does."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "twofold.toml").write_text(example("twofold.toml"), encoding="utf-8")
    (folder / "catalog.toml").write_text(catalogue, encoding="utf-8")
    return load_settings(folder / "twofold.toml", environ)


def _entry(document: bytes) -> Entry:
    return msgspec.json.decode(document, type=Entry)
