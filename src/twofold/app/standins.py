"""What belongs to others, played here: an SMSC with phones, and a charging system with faults."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, Final

from starlette.routing import BaseRoute

from twofold.app.clock import MovableClock
from twofold.app.engine import Engine
from twofold.app.faces import face_routes
from twofold.app.running import running_engine
from twofold.app.settings import Settings
from twofold.catalog.durations import parse_duration
from twofold.catalog.stopping import CannotStop, approve_resume, propose_resume, stop
from twofold.domain.catalogue import Catalogue, StopKind
from twofold.domain.events import AccountSet
from twofold.domain.orders import Order, Rejected, Unknown
from twofold.domain.policy import Operator
from twofold.domain.reason import Reason
from twofold.domain.subscriber import Request, Subscription
from twofold.pages.sim import Changes, EntryLine, Faces, faces_routes, page_routes, rfc3339
from twofold.peers.dialling import Dialling
from twofold.peers.faults import Faults
from twofold.peers.phones import Phones
from twofold.peers.smsc import Account, Smsc, SmscSettings
from twofold.store.sqlite import SqliteReader, SqliteStore, open_database

OPERATORS: Final = ("Hoa", "Minh")
"""Two people of the operator: one alone stops, and both must want that it goes on."""

SILENCE_S: Final = 2.0
"""After this the charging system's silence is an unknown outcome."""

LATE_S: Final = 3.0
LOOK_S: Final = 0.002
SETTLE_S: Final = 60.0


@asynccontextmanager
async def standing_in(settings: Settings) -> AsyncIterator[tuple["StandIns", list[BaseRoute]]]:
    """Run an engine against an SMSC stand-in where the first SMSC is configured to be.

    Business time can be moved; the routes are those of the engine and of the faces.
    """
    configured = settings.smsc[0]
    account = Account(
        configured.system_id, configured.password.reveal(), tuple(configured.short_codes)
    )
    clock = MovableClock()
    smsc = Smsc(
        SmscSettings(
            (account,),
            mo_id_tlv=configured.mo_id_tlv or 0,
            mo_time_tlv=configured.mo_time_tlv or 0,
            mo_imsi_tlv=configured.mo_imsi_tlv or 0,
        ),
        clock.now,
    )
    await smsc.start(configured.host, configured.port)
    try:
        async with running_engine(settings, clock) as (engine, connection):
            reader = SqliteReader(connection)
            sim = StandIns(engine, reader, clock, smsc)
            await smsc.wait_until(lambda: bool(smsc.bound))
            yield sim, [*face_routes(engine, connection), *sim_routes(sim)]
    finally:
        await smsc.stop()


def sim_routes(sim: "StandIns") -> list[BaseRoute]:
    """The faces for programs, and the page for people, on the same stand-ins."""
    faces = Faces(sim, parse_duration)
    return [*faces_routes(faces), *page_routes(sim, faces, parse_duration)]


class FaultyCharging:
    """The embedded accounts behind a charging system that can be made to misbehave."""

    def __init__(self, engine: Engine) -> None:
        """Begin without a fault."""
        self.mode = "ok"
        self._engine = engine

    def switch(self, mode: str) -> None:
        """Answer so from now on; without a fault the debit is part of the decision again."""
        self.mode = mode
        engine = self._engine
        rules = engine.rulebook.switch_accounts(engine.committer.rules, inside=mode == "ok")
        engine.committer.set_rules(rules)
        engine.carry_charges(engine.accounts if mode == "ok" else self)

    def carry(self, order: Order) -> bool:
        """Carry a charge or refund as the mode says."""
        engine, loop = self._engine, asyncio.get_running_loop()
        match self.mode:
            case "refuse":
                engine.outbox.report(order, Rejected("refused", Reason.CHARGE_REFUSED))
            case "silent":
                loop.call_later(SILENCE_S, engine.outbox.report, order, Unknown("no answer"))
            case "late":
                loop.call_later(LATE_S, engine.accounts.ask, order)
            case "twice":
                engine.accounts.ask(order)
                engine.accounts.ask(order, again=True)
            case _:
                engine.accounts.ask(order)
        return True


class StandIns:
    """Fulfils `pages.sim.Playground`."""

    def __init__(
        self, engine: Engine, reader: SqliteReader, clock: MovableClock, smsc: Smsc
    ) -> None:
        """Play around one engine."""
        self.phones = Phones(smsc, clock.now)
        self.dialling = Dialling(smsc)
        self.sims = smsc.sims
        self.faults: Faults = smsc.faults
        self.charging = FaultyCharging(engine)
        self.country_code = engine.settings.operator.country_code
        self.engine = engine
        self.reader = reader
        self.changes = Changes()
        self._clock = clock
        self._smsc = smsc
        engine.committer.on_committed.append(self.changes.touch)
        self.phones.changed = self.dialling.changed = self.changes.touch

    @property
    def operator(self) -> Operator:
        """In whose name everything is sent."""
        return self.engine.settings.operator

    @property
    def short_codes(self) -> tuple[str, ...]:
        """What a phone can write to; the look-up code last, since nothing is joined there."""
        look_up = self.operator.lookup_code
        return tuple(sorted(self.engine.settings.smsc[0].short_codes, key=look_up.__eq__))

    @property
    def catalogue(self) -> Catalogue:
        """What is sold, by whom, and what of it is stopped."""
        return self.engine.committer.rules.catalogue

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is under way, on either side."""
        return self.engine.is_idle and not self._smsc.under_way

    def now(self) -> int:
        """Business time, ms UTC."""
        return self._clock.now()

    def nonce(self) -> bytes:
        """Octets that nobody can guess."""
        return os.urandom(16)

    async def advance(self, by_ms: int) -> None:
        """Move the clock; return when all that fell due is done."""
        self._clock.advance(by_ms)
        self._smsc.clock_moved()
        await self.settle()

    async def settle(self) -> None:
        """Wait until nothing is under way, on either side; for a minute at most."""
        quiet = 0
        async with asyncio.timeout(SETTLE_S):
            while quiet < 3:  # noqa: PLR2004 - what one side ends, the other may begin in the next turn
                await asyncio.sleep(LOOK_S)
                quiet = quiet + 1 if self.is_quiet else 0

    def entries(self, msisdn: int | None, limit: int) -> list[EntryLine]:
        """The newest entries of a number, or of all, newest first."""
        return [EntryLine(*row) for row in self.reader.entries_newest(msisdn, limit)]

    def document(self, entry_id: int) -> bytes | None:
        """The bytes of one entry, as they were hashed."""
        rows = self.reader.entries_since(entry_id - 1, 1)
        return rows[0][5] if rows and rows[0][0] == entry_id else None

    def requests(self, msisdn: int) -> list[Request]:
        """Open requests of a number."""
        return self.reader.requests(msisdn)

    def subscriptions(self, msisdn: int) -> list[Subscription]:
        """Live subscriptions of a number."""
        return self.reader.subscriptions(msisdn)

    def account(self, msisdn: int) -> dict[str, Any]:
        """Balance and debits of a number."""
        held = self.reader.balance(msisdn)
        opening_minor = self.engine.settings.charging.opening_balance_minor
        debits = self.reader.debits(msisdn)
        return {
            "balance": opening_minor if held is None else held,
            "debits": [{**debit, "at": rfc3339(debit["at"])} for debit in debits],
        }

    async def stop_partner(self, partner: str) -> None:
        """Stop a partner, as `twofold stop partner` does from beside the engine."""
        with self._ledger() as ledger:
            await stop(
                ledger, StopKind.PARTNER, partner, self.now, by=OPERATORS[0], why="tried at /sim"
            )
        await self._look_again()

    async def resume_partner(self, partner: str) -> None:
        """Let it go on: one proposes, another approves."""
        first, second = OPERATORS
        with self._ledger() as ledger, suppress(CannotStop):
            number = await propose_resume(
                ledger, StopKind.PARTNER, partner, self.now, by=first, why="tried at /sim"
            )
            await approve_resume(ledger, number, self.now, by=second)
        await self._look_again()

    async def _look_again(self) -> None:
        """Have the engine know the revision before the page shows what is in force."""
        rules = await self.engine.rulebook.newest(self.engine.store)
        self.engine.committer.set_rules(rules)
        self.engine.sweeps.on_committed([])

    @contextmanager
    def _ledger(self) -> Iterator[SqliteStore]:
        """The database by a connection of its own, as another process would open it."""
        connection = open_database(self.engine.settings.database.path)
        try:
            yield SqliteStore(connection)
        finally:
            connection.close()

    async def set_balance(self, msisdn: int, balance_minor: int) -> None:
        """Set a number's balance by a decision, as everything else is."""
        done = asyncio.get_running_loop().create_future()
        now_at = self._clock.now()
        event = AccountSet(self.engine.ids.next(now_at), now_at, msisdn, balance_minor)
        self.engine.committer.submit(event, done.set_result)
        await done
