"""Plays a story in a world: the whole engine, an SMSC and a phone, SMPP between them, virtual time.

Rules: whatever a row brings must be there half a second later, and nothing may happen between rows:
every message, state, reason and debit stands in the table or fails it.
A story during which no octet of SMPP was carried fails, whatever else it shows.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from msgspec import Struct

from tests.scenarios.calling import serve
from tests.scenarios.events import happen
from tests.scenarios.sayings import name_of
from tests.scenarios.table import Row, Told, clock_ms, fill, read
from twofold.domain.subscriber import Subscription
from twofold.evidence.entry import Entry
from twofold.peers.line import Line
from twofold.protocol.smpp.pdus import DeliverSm, SubmitSm
from twofold.world.world import START_AT, World

PHONE: Final = "84912345678"
BEGINS_AT: Final = START_AT + 34_567
"""09:00:34.567 where the operator is: not at a whole minute, so that rounding shows."""

LISTEN_MS: Final = 500
"""Longer than anything takes that is not waiting."""

Message = dict[str, Any]


class Settings(Struct, kw_only=True):
    """What a story may set besides its table."""

    seed: int = 1
    said: str | bytes = ""
    """What `{said}` stands for in a text."""
    data_coding: int | None = None
    delay_ms: tuple[float, float] = (0.1, 5.0)
    """How long the network takes."""
    catalogue: str | None = None
    settings: Mapping[str, str] = {}
    """Variables laid over the example configuration."""
    phone: str = PHONE
    """Whose story it is: the number as it is written today."""


class Play(Protocol):
    """Plays a story; fails with the row that was not so."""

    def __call__(
        self,
        table: str,
        *,
        said: str | bytes = "",
        data_coding: int | None = None,
        delay_ms: tuple[float, float] = (0.1, 5.0),
        catalogue: str | None = None,
        settings: Mapping[str, str] | None = None,
        phone: str = PHONE,
    ) -> "Story":
        """Play it."""


class Standing(Struct):
    """How things stand with the number."""

    services: dict[str, str]
    paid: int
    messages: int
    answers: int
    entries: int
    over: frozenset[int]


class Story:
    """One story while it is played, and what it left behind."""

    def __init__(self, table: str, settings: Settings, folder: Path) -> None:
        self.settings = settings
        self.phone = settings.phone
        self.messages: list[Message] = []
        """All that reached the phone, as `/sim/messages` shows it, and `at_ms` (ms UTC)."""
        self.entries: list[Entry] = []
        """The evidence of the number."""
        self.subscriptions: list[Subscription] = []
        """Its live subscriptions."""
        self.balances: list[int] = []
        """What its account held at each look."""
        self.submitted: list[tuple[int, SubmitSm]] = []
        """Every submit_sm that came to the SMSC, with the time of the story, ms."""
        self.delivered: list[DeliverSm] = []
        """Every message that the phone sent, as the SMSC delivers it."""
        self.sending: list[asyncio.Task[int]] = []
        """Messages that the SMSC keeps until it can bring them."""
        self.answers: list[str] = []
        """What calls over HTTP were answered."""
        self.asked: dict[str, str] = {}
        """By service: the id that a call was last answered with."""
        self.alarms: Counter[tuple[str, str]] = Counter()
        """How often the engine that runs was told of a caller that overstepped, and why."""
        self.windows: dict[int, tuple[int, int]] = {}
        """By request: when its window opened and ends, times of the story, ms."""
        self.world: World
        self._rows = read(table)
        self._serves = any(row.answers for row in self._rows)
        self._folder = folder
        self._state = ""
        self._paid = "0"
        self._before = Standing({}, 0, 0, 0, 0, frozenset())

    def play(self) -> "Story":
        """Play every row."""
        chosen = self.settings
        self.world = World(
            chosen.seed,
            folder=self._folder,
            catalogue=chosen.catalogue,
            settings=dict(chosen.settings),
        )
        if self._serves:
            self.world.beside = serve
        self.world.play(self._main)
        return self

    def clock(self) -> int:
        """The time of the story, ms."""
        return self.world.true_now() - BEGINS_AT

    def requests(self, service: str) -> list[str]:
        """The references of all requests for a service, in their order."""
        begun = [
            change.request
            for entry in self.entries
            for change in entry.changes
            if change.service == service and not change.before
        ]
        return list(dict.fromkeys(begun))

    # -- playing -----------------------------------------------------------------------------------

    async def _main(self, world: World) -> None:
        world.network.delay_ms = self.settings.delay_ms
        overhear(world, self)
        await world.sleep_until(BEGINS_AT - 1_000)
        carried = self._carried()
        for row in self._rows:
            if row.at_ms is None:
                await self._do(row)
            else:
                await self._row(row, row.at_ms)
        await world.advance(LISTEN_MS)
        self._expect_quiet("after the last row")
        said = sum(len(pdu.short_message) for pdu in self.delivered)
        said += sum(len(pdu.short_message) for _, pdu in self.submitted)
        assert self._carried() - carried > said > 0, "no SMPP crossed the wire in this story"
        called = self.world.network.bytes_by_port[world.settings.http.port] > 0
        assert called == self._serves, "what a table says of calls is not what the wire carried"

    def _carried(self) -> int:
        """Octets that the SMSC's connections have carried."""
        return self.world.network.bytes_by_port[self.world.smsc.port]

    async def _row(self, row: Row, at_ms: int) -> None:
        world = self.world
        assert at_ms >= self.clock(), f"the clock is past this row: {row.written}"
        await world.sleep_until(BEGINS_AT + at_ms - 1)
        self._expect_quiet(f"before this row came: {row.written}")
        await world.sleep_until(BEGINS_AT + at_ms)
        await self._do(row)
        if row.until_at_ms is None:
            await world.advance(LISTEN_MS)
        else:
            await world.sleep_until(BEGINS_AT + row.until_at_ms)
        self._expect(row)

    async def _do(self, row: Row) -> None:
        if row.happens:
            await happen(self, row.happens)

    # -- expecting ---------------------------------------------------------------------------------

    def _look(self) -> Standing:
        """How things stand now."""
        world = self.world
        self.entries = world.entries(self.phone)
        self.subscriptions = world.subscriptions(self.phone)
        self.messages = [
            message | {"at_ms": int(datetime.fromisoformat(message["at"]).timestamp() * 1000)}
            for message in world.phones.received(self.phone)
        ]
        if world.is_up:
            self.alarms = world.engine.calls.alarms
        self.balances.append(world.balance(self.phone))
        over = world.over(self.phone)
        services = {held.service: held.state for held in over}
        for request in world.requests(self.phone):
            is_over = request.late_ms > 0 and request.is_over(world.true_now())
            services[request.service] = "expired" if is_over else request.state.value
            if request.opened_at is not None:
                window = (request.opened_at - BEGINS_AT, request.deadline_at - BEGINS_AT)
                self.windows[request.id] = window
        services |= {held.service: held.state.value for held in self.subscriptions}
        paid = sum(debit["amount"] for debit in world.debits(self.phone))
        ids = frozenset(held.id for held in over)
        return Standing(
            services, paid, len(self.messages), len(self.answers), len(self.entries), ids
        )

    def _expect_quiet(self, when: str) -> None:
        """Fail on whatever changed since the last row."""
        now, before = self._look(), self._before
        heard = [message["text"] for message in self.messages[before.messages :]]
        assert not heard, f"a message that no row expects came {when}\n{heard}"
        assert now.services == before.services, f"a state changed {when}\n{now.services}"
        assert now.paid == before.paid, f"money moved {when}\n{now.paid}"

    def _expect(self, row: Row) -> None:
        """Fail unless all is as the row says."""
        before, now = self._before, self._look()
        self._before = now
        self._state = row.state or self._state
        self._paid = row.paid or self._paid
        wrong = [
            *differs("state", standings(self._state, now.services), now.services),
            *differs("reason", sorted(row.reasons), sorted(self._reasons(before))),
            *differs("paid", self._paid, str(now.paid)),
            *differs("answers", [*row.answers], self.answers[before.answers :]),
            *self._misheard(row.hears, self.messages[before.messages :]),
        ]
        assert not wrong, "\n".join((f"seed {self.settings.seed}: {row.written}", *wrong))

    def _reasons(self, before: Standing) -> set[str]:
        """Every reason that evidence and history gained."""
        over = [held for held in self.world.over(self.phone) if held.id not in before.over]
        return {entry.reason for entry in self.entries[before.entries :] if entry.reason} | {
            held.reason.name for held in over if held.reason is not None
        }

    def _misheard(self, expected: tuple[Told, ...], heard: list[Message]) -> list[str]:
        """Compare what the phone received with what it should have, message by message."""
        wrong = []
        for told, message in zip_longest(expected, heard):
            text = str(message["text"]) if message else ""
            name = name_of(text) if text else ""
            wrong += differs("hears", told.name if told else "", name)
            lacking = [fill(words, self._local_time) for words in told.words] if told else []
            wrong += [f"  lacks {words!r}: {text!r}" for words in lacking if words not in text]
        return wrong

    def _local_time(self, written: str) -> str:
        """Write a time of the story as the operator's texts print it: `21:00 14/03`."""
        zone = ZoneInfo(self.world.settings.operator.time_zone)
        at = (BEGINS_AT + clock_ms(written)) // 1000
        return f"{datetime.fromtimestamp(at, zone):%H:%M %d/%m}"


def differs(what: str, expected: object, found: object) -> list[str]:
    """Say it when two things differ."""
    return [] if expected == found else [f"  {what}: expected {expected!r}, found {found!r}"]


def standings(written: str, services: Mapping[str, str]) -> dict[str, str]:
    """Read states as a table has them; a state alone is that of the only service."""
    if written and " " not in written and len(services) == 1:
        return dict.fromkeys(services, written)
    return dict(part.split(" ", 1) for part in written.split(", ")) if written else {}


def overhear(world: World, story: Story) -> None:
    """Write down what passes through the SMSC."""
    submitted: Callable[[Line, SubmitSm], None] = world.smsc.submitted
    originate = world.smsc.originate

    def hear_submit(line: Line, pdu: SubmitSm) -> None:
        story.submitted.append((story.clock(), pdu))
        submitted(line, pdu)

    def hear_delivery(pdu: DeliverSm, answered: Callable[[int], None] | None = None) -> object:
        story.delivered.append(pdu)
        return originate(pdu, answered)

    vars(world.smsc).update(submitted=hear_submit, originate=hear_delivery)
