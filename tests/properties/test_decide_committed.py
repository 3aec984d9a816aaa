"""The same lives through the committer on a real file: what is kept is always what was agreed to.

Several numbers share batches, the process dies with orders out, and after every step the whole
store is checked from its evidence.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec import structs

from tests.properties.dialled import DIALLED
from tests.properties.life import (
    KINDS,
    LONG_PAUSES_MS,
    OPENING_MINOR,
    OUTCOMES,
    PAUSES_MS,
    REPORTS,
    SHORT_CODES,
    TEXTS,
    Life,
)
from tests.properties.parts import LONG, PLACES, part_of
from tests.properties.sims import SIMS
from tests.unit.decide.example import (
    NOW_AT,
    OUTSIDE,
    SERVICES,
    SPORT,
    WINDOW_MS,
    catalogue_of,
    rules_of,
)
from twofold.catalog.canonical import digest, from_json, to_json
from twofold.checks import Acknowledged, check
from twofold.commit import Committer
from twofold.commit.room import Seats
from twofold.decide import Decision, Rules
from twofold.domain.catalogue import Stage
from twofold.domain.events import (
    DeadlinePassed,
    Event,
    MessageReceived,
    OrderFellDue,
    OrderOverdue,
    OutcomeArrived,
    PartReceived,
    PartsAbandoned,
)
from twofold.domain.ids import IdSource
from twofold.domain.orders import Order, Unknown
from twofold.store.port import Store, Wanted
from twofold.store.sqlite import SqliteStore, migrate, open_database
from twofold.store.sqlite.records import SqliteRecords

NUMBERS = (84_912_000_001, 84_912_000_002)
DEARER = structs.replace(SPORT, terms=structs.replace(SPORT.terms, price_minor=3_000))
STOPPED = structs.replace(SPORT, stage=Stage.OFF)
CATALOGUES = tuple(
    to_json(catalogue_of(*services))
    for services in (SERVICES, (DEARER, *SERVICES[1:]), (STOPPED, *SERVICES[1:]))
)
UNREAD = rules_of(catalogue_of(revision=0))
"""What an engine begins with, until its first batch has read the newest revision."""

WINDOWS = {"vn-2024": WINDOW_MS}


class Engine(RuleBasedStateMachine):
    """Two numbers and one engine that may die between any two batches."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp())
        self.now_at = NOW_AT
        self.room = 100
        self.asking = False
        self.lives: dict[int, Life] = {}
        self.acknowledged: list[Acknowledged] = []
        self.epoch = 0
        self.is_open = False
        self.windows = dict(WINDOWS)

    def run(self, code: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 - whatever it gives
        """Run on this machine's own loop."""
        return self.loop.run_until_complete(code)

    def teardown(self) -> None:
        if self.is_open:
            self.connection.close()
        self.loop.close()
        shutil.rmtree(self.folder)

    # -- the engine --------------------------------------------------------------------------------

    @initialize(asking=st.booleans(), room=st.sampled_from([0, 1, 100]))
    def begins(self, *, asking: bool, room: int) -> None:
        self.asking, self.room = asking, room
        self.open()
        ids = self.ids
        self.lives = {number: Life(number, NOW_AT, ids) for number in NUMBERS}
        self.sells(0)

    def open(self) -> None:
        """Start an engine on the file."""
        self.connection = open_database(self.folder / "twofold.db")
        self.connection.execute("PRAGMA synchronous = OFF")
        migrate(self.connection, self.now_at)
        self.store = SqliteStore(self.connection)
        self.epoch = self.run(self.store.begin_epoch(self.now_at))
        self.ids = IdSource(self.run(self.store.greatest_id()))
        self.committer = Committer(
            self.store,
            UNREAD,
            reload=self.newest,
            salt=self.salt,
            room=lambda: Seats(self.room),
            may_commit=lambda: True,
            epoch=self.epoch,
        )
        self.committer.on_committed.append(self.note)
        self.is_open = True

    def salt(self) -> bytes:
        """The chance of one decision."""
        return bytes(16)

    async def newest(self, store: Store) -> Rules:
        """The rules of the newest revision."""
        kept = await store.newest_catalogue()
        assert kept is not None
        rules = structs.replace(
            rules_of(from_json(kept[2], kept[0])), opening_balance_minor=OPENING_MINOR
        )
        if not self.asking:
            return rules
        horizon_ms = OUTSIDE.charge_horizon_ms
        return structs.replace(rules, accounts_inside=False, charge_horizon_ms=horizon_ms)

    def note(self, decisions: list[Decision]) -> None:
        """Hold every decision against what was seen outside."""
        for decision in decisions:
            self.lives[decision.event.msisdn].note(decision)

    def submit(self, *events: Event | None) -> None:
        """Have events decided in one batch."""
        for event in events:
            if event is None:
                continue
            if isinstance(event, MessageReceived) and not isinstance(event, PartReceived):
                message = Acknowledged(event.msisdn, event.short_code, event.raw)
                self.acknowledged.append(message)
            self.committer.submit(event)
        while not self.committer.is_idle:
            self.run(self.committer.work())
        assert self.committer.faults.parked == 0, self.connection.execute(
            "SELECT why FROM parked"
        ).fetchall()

    def at(self, now_at: int) -> None:
        """Move the clock."""
        self.now_at = max(self.now_at, now_at)
        for life in self.lives.values():
            life.now_at = self.now_at

    # -- what comes in -----------------------------------------------------------------------------

    @rule(
        said=st.lists(
            st.tuples(
                st.sampled_from(NUMBERS), st.sampled_from(TEXTS), st.sampled_from(SHORT_CODES)
            ),
            min_size=1,
            max_size=4,
        )
    )
    def write(self, said: list[tuple[int, str, str]]) -> None:
        self.submit(*[self.lives[number].message(text, to) for number, text, to in said])

    @rule(number=st.sampled_from(NUMBERS), texts=st.sampled_from(["DK THETHAO", "DK NHAC", "Y"]))
    def says(self, number: int, texts: str) -> None:
        self.submit(self.lives[number].message(texts, "9166"))

    @rule(
        number=st.sampled_from(NUMBERS),
        text=st.sampled_from(DIALLED),
        to=st.sampled_from(SHORT_CODES),
    )
    def dials(self, number: int, text: str, to: str) -> None:
        self.submit(self.lives[number].dialled(text, to))

    @rule(
        number=st.sampled_from(NUMBERS),
        text=st.sampled_from(LONG),
        to=st.sampled_from(SHORT_CODES),
        places=st.sampled_from(PLACES),
        reference=st.integers(1, 2),
    )
    def writes_in_parts(
        self, number: int, text: str, to: str, places: tuple[int, ...], reference: int
    ) -> None:
        life = self.lives[number]
        self.submit(*[part_of(life, text, to, place, reference) for place in places])

    @rule()
    def gives_up_parts(self) -> None:
        """What is not whole by now will not be; a message that became whole has had its effect."""
        for number, group in self.run(self.store.due_fragments(self.now_at, 100)):
            id_ = self.ids.next(self.now_at)
            self.submit(PartsAbandoned(id_, self.now_at, number, group))
        assert self.run(self.store.due_fragments(self.now_at, 100)) == []

    @rule(number=st.sampled_from(NUMBERS), imsi=st.sampled_from(SIMS))
    def has_another_sim(self, number: int, imsi: str) -> None:
        self.lives[number].imsi = imsi

    @rule(number=st.sampled_from(NUMBERS), id_=st.sampled_from(["", "1", "2"]))
    def agrees(self, number: int, id_: str) -> None:
        self.submit(self.lives[number].message("Y", "9166", id_))

    @rule(number=st.sampled_from(NUMBERS))
    def is_delivered_again(self, number: int) -> None:
        self.submit(self.lives[number].again())

    @rule(
        number=st.sampled_from(NUMBERS),
        kind=st.sampled_from(KINDS),
        how=st.sampled_from(OUTCOMES),
    )
    def is_answered(self, number: int, kind: str, how: str) -> None:
        self.submit(self.lives[number].outcome(kind, how))

    @rule(number=st.sampled_from(NUMBERS), text=st.sampled_from(["Y", "N", "HUY", "DK NHAC"]))
    def writes_while_it_is_answered(self, number: int, text: str) -> None:
        life = self.lives[number]
        self.submit(life.outcome("prompt", "delivered"), life.message(text, "9166"), life.again())

    @rule(
        number=st.sampled_from(NUMBERS),
        back=st.integers(0, 3),
        state=st.sampled_from(REPORTS),
    )
    def is_reported(self, number: int, back: int, state: str) -> None:
        self.submit(self.lives[number].receipt(back, state))

    @rule(how=st.sampled_from(OUTCOMES))
    def has_its_prompts_answered(self, how: str) -> None:
        self.submit(
            *[
                life.outcome("prompt", how)
                for life in self.lives.values()
                for _ in range(len(life.out))
            ]
        )

    @rule(number=st.sampled_from(NUMBERS), service=st.sampled_from(["THETHAO", "NHAC"]))
    def joins(self, number: int, service: str) -> None:
        """Ask, be asked and agree, without a hitch."""
        life = self.lives[number]
        self.submit(life.message(f"DK {service}", "9166"))
        self.claims_what_is_due()
        self.submit(life.outcome("prompt", "delivered"))
        self.submit(life.message(f"Y {service}", "9166"))

    # -- what falls due ----------------------------------------------------------------------------

    @rule()
    def claims_what_is_due(self) -> None:
        due = []
        for source, party in self.run(self.store.due_parties(self.now_at)):
            some = self.run(self.store.due_orders(self.now_at, source, party, 100))
            assert some, "a party that is named has something due"
            assert [order.due_at for order in some] == sorted(order.due_at for order in some)
            due += some
        self.submit(
            *[
                OrderFellDue(self.ids.next(self.now_at), self.now_at, order.msisdn, order)
                for order in due
            ]
        )

    @rule()
    def decides_what_is_due(self) -> None:
        for _ in range(3):
            due = self.run(self.store.due_requests(self.now_at, 100))
            self.submit(
                *[
                    DeadlinePassed(
                        self.ids.next(self.now_at), self.now_at, number, request_id, due_at, tenure
                    )
                    for number, request_id, due_at, tenure in due
                ]
            )

        assert self.run(self.store.due_requests(self.now_at, 100)) == []

    @rule()
    def goes_to_the_next_deadline(self) -> None:
        next_at = self.run(self.store.next_request_due())
        if next_at is not None:
            self.at(next_at)
            self.decides_what_is_due()

    @rule(number=st.sampled_from(NUMBERS))
    def waits_for_a_welcome(self, number: int) -> None:
        life = self.lives[number]
        self.submit(
            *[
                OrderOverdue(self.ids.next(self.now_at), self.now_at, number, order)
                for order in (*life.out.values(), *life.waiting.values())
                if order.key == "activated"
            ]
        )

    @rule(pause_ms=st.sampled_from(PAUSES_MS + LONG_PAUSES_MS))
    def waits(self, pause_ms: int) -> None:
        self.at(self.now_at + pause_ms)

    # -- what changes around -----------------------------------------------------------------------

    @rule(which=st.sampled_from([0, 0, 1, 2]))
    def sells(self, which: int) -> None:
        document = CATALOGUES[which]
        self.run(self.store.add_catalogue(self.now_at, digest(document), document))

    @rule(room=st.sampled_from([0, 1, 100]))
    def has_room(self, room: int) -> None:
        self.room = room

    @rule()
    def prunes(self) -> None:
        self.run(self.store.prune(self.now_at))

    @rule()
    def dies_and_starts_again(self) -> None:
        """What was claimed is unknown, what waited still waits, and nothing else is different."""
        self.connection.close()
        self.open()
        for life in self.lives.values():
            life.ids = self.ids
        orphans = self.run(self.store.orphaned_orders(self.epoch, 0, 100))
        assert {order.id for order in orphans} == {
            order_id for life in self.lives.values() for order_id in life.out
        }
        for order in orphans:
            del self.lives[order.msisdn].out[order.id]
        self.submit(*[self.unknown(order) for order in orphans])

    def unknown(self, order: Order) -> OutcomeArrived:
        """What a start says of an order that the dead engine had claimed."""
        outcome = Unknown("the engine stopped before the answer came")
        return OutcomeArrived(self.ids.next(self.now_at), self.now_at, order.msisdn, order, outcome)

    # -- what is always true -----------------------------------------------------------------------

    @precondition(lambda self: self.is_open)
    @invariant()
    def nothing_is_as_it_should_not_be(self) -> None:
        found = check(SqliteRecords(self.connection), self.windows, acknowledged=self.acknowledged)
        assert found == [], [str(violation) for violation in found]

    @precondition(lambda self: self.is_open)
    @invariant()
    def the_orders_are_those_that_are_out_and_those_that_wait(self) -> None:
        rows = self.connection.execute("SELECT id, state FROM orders WHERE state <> 'unresolved'")
        assert {row[0]: row[1] for row in rows} == {
            order.id: order.state
            for life in self.lives.values()
            for order in (*life.out.values(), *life.waiting.values())
        }

    @precondition(lambda self: self.is_open)
    @invariant()
    def what_is_read_back_is_what_was_decided(self) -> None:
        wanted = Wanted(self.now_at, set(NUMBERS), [], {}, set(), set(), set(), [])
        read = self.run(SqliteStore(self.connection).load(wanted))
        assert self.run(self.store.load(wanted)) == read, "what is kept is what the file says"
        for number, subscriber in read.items():
            held = {request.id: request.order_id for request in subscriber.requests}
            waiting = {*self.lives[number].out, *self.lives[number].waiting, 0}
            assert set(held.values()) <= waiting


TestEngine = Engine.TestCase
TestEngine.settings = settings(max_examples=34, stateful_step_count=40, deadline=None)


class EngineAtLength(Engine):
    """The same, for minutes."""


TestEngineAtLength = pytest.mark.soak(EngineAtLength.TestCase)
TestEngineAtLength.settings = settings(TestEngine.settings, max_examples=1_000)
