"""One engine: the store, the committer, the outbox, the timers and the links, joined.

The same wiring runs in `serve`, in the demo, in the tests and in the simulated world; they differ
in the clock, the chance and the loop that they bring.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from msgspec import Struct

from twofold.app.asking import asked_over_http
from twofold.app.calls import Calls
from twofold.app.hearing import held_codes, outages_of, vendor_tlvs, zone_of
from twofold.app.linking import link_settings, routes_over
from twofold.app.rulebook import Rulebook
from twofold.app.settings import Settings, Smsc
from twofold.channels.punctuality import Outages
from twofold.channels.smpp import SmppChannel
from twofold.commit import Committer
from twofold.commit.room import Room
from twofold.control import Pauses, Strays
from twofold.deliver.accounts import AccountsCarrier
from twofold.deliver.numbers import Nobody, NumberPort, NumbersCarrier
from twofold.deliver.sms import SmsCarrier
from twofold.domain.clock import Clock
from twofold.domain.ids import IdSource, born_at
from twofold.domain.orders import OrderKind
from twofold.domain.terms import SKEW_MS
from twofold.links.listener import Ticket
from twofold.links.sessions import Sessions
from twofold.links.smpp import SmppLink
from twofold.outbox import Carrier, Outbox
from twofold.protocol.smpp.constants import CommandStatus
from twofold.protocol.smpp.pdus import DeliverSm, GenericNack, SubmitSmResp
from twofold.store.errors import StoreUnavailable
from twofold.store.port import Store
from twofold.timers import Deadlines, Fragments, Sweeps, Welcomes

DRAIN_S: Final = 5.0
"""What a polite end may take."""

DRAIN_LOOKS: Final = 1_000

PRUNE_S: Final = 3_600.0
PRUNE_FIRST_S: Final = 60.0
"""An engine that is started anew again and again may never live for an hour."""


class Chance(Struct, frozen=True):
    """Where chance comes from: the machine's, or a seed's in the simulated world."""

    jitter: Callable[[], float]
    """A number from 0 to 1."""
    salt: Callable[[], bytes]
    """16 bytes that nobody can guess."""


class Engine:
    """Everything that decides and carries. `open` it, then `run` it."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        clock: Clock,
        rulebook: Rulebook,
        chance: Chance,
        numbers: NumberPort | None = None,
    ) -> None:
        """Join the parts; nothing is read or begun yet.

        `numbers` is asked about numbers in place of whom the settings name.
        """
        self.settings = settings
        self.store = store
        self.clock = clock
        self.rulebook = rulebook
        self.links: Sequence[SmppLink] = ()
        self.channels: dict[str, SmppChannel] = {}
        self.ids: IdSource
        self.committer: Committer
        self.outbox: Outbox
        self.deadlines: Deadlines
        self.fragments: Fragments
        self.welcomes: Welcomes
        self.sweeps: Sweeps
        self.strays: Strays
        self.pauses: Pauses
        self.accounts: AccountsCarrier
        self.sms: SmsCarrier
        self.sessions = Sessions()
        self.calls = Calls()
        self.numbers: NumbersCarrier
        self.ready = asyncio.Event()
        self._chance = chance
        self._outages: dict[str, Outages] = {}
        self._camara = None if numbers else asked_over_http(settings)
        self._number_port = numbers or self._camara or Nobody()
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Name this start, read the rules, and join the parts on what the store holds."""
        epoch = await self.store.begin_epoch(self.clock.now())
        last_id = await self.store.greatest_id()
        self.ids = IdSource(last_id)
        heard_of_at = born_at(last_id) if last_id else self.clock.now()
        self._outages = outages_of(self.settings, heard_of_at)
        rules = await self.rulebook.newest(self.store)
        self.committer = Committer(
            self.store,
            rules,
            reload=self.rulebook.newest,
            salt=self._chance.salt,
            room=self._room,
            may_commit=self.clock.is_sound,
            epoch=epoch,
        )
        self.links = [self._link(smsc) for smsc in self.settings.smsc]
        self.outbox = Outbox(
            self.store,
            self.committer,
            self.clock,
            self.ids,
            routes=routes_over(self.links),
            epoch=epoch,
        )
        self.deadlines = Deadlines(
            self.store, self.committer, self.clock, self.ids, held=self._held_codes
        )
        self.fragments = Fragments(self.store, self.committer, self.clock, self.ids)
        self.welcomes = Welcomes(self.store, self.committer, self.clock, self.ids)
        self.sweeps = Sweeps(self.store, self.committer, self.clock, self.ids, self._capacity)
        manners = {smsc.name: smsc.manners for smsc in self.settings.smsc}
        self.sms = SmsCarrier(self.links, self.clock, self.outbox.report, manners, self.sessions)
        self.channels = {
            smsc.name: self._channel(smsc, link)
            for smsc, link in zip(self.settings.smsc, self.links, strict=True)
        }
        for name, minute, lag_ms in await self.store.punctual_minutes(SKEW_MS):
            if name in self.channels:
                self.channels[name].smsc_clock.remember(minute, lag_ms)
        self.numbers = NumbersCarrier(
            self._number_port,
            self.clock,
            self.outbox.report,
            lambda: self.committer.rules.policy,
            timeout_s=3 * self.settings.camara.timeout_ms / 1000,
        )
        self.accounts = AccountsCarrier(self.committer, self.clock, self.ids, self.outbox.settled)
        self.carry_charges(self.accounts)
        self.strays = Strays(self.store, self.committer)
        self.pauses = Pauses(self.store, self.committer, self.clock)
        behind = (self.sweeps, self.strays, self.pauses)
        for part in (self.outbox, self.deadlines, self.welcomes, *behind):
            self.committer.on_committed.append(part.on_committed)

    def carry_charges(self, carrier: Carrier) -> None:
        """Say who carries charges and refunds that are orders."""
        self.outbox.carriers = {
            OrderKind.SEND_PROMPT: self.sms,
            OrderKind.SEND_NOTICE: self.sms,
            OrderKind.SEND_REPLY: self.sms,
            OrderKind.ANSWER_USSD: self.sms,
            OrderKind.ASK_NUMBER: self.numbers,
            OrderKind.CHARGE: carrier,
            OrderKind.REFUND: carrier,
        }

    async def run(self) -> None:
        """Recover what a dead engine left, then work until `stop` or until a part fails."""
        async with asyncio.TaskGroup() as group:
            self._tasks.append(group.create_task(self.committer.run(), name="committer"))
            await self.outbox.recover()
            self.ready.set()
            self._tasks.append(group.create_task(self.outbox.run(), name="outbox"))
            self._tasks.append(group.create_task(self.deadlines.run(), name="deadlines"))
            self._tasks.append(group.create_task(self.welcomes.run(), name="welcomes"))
            self._tasks.append(group.create_task(self.sweeps.run(), name="sweeps"))
            self._tasks.append(group.create_task(self.strays.run(), name="strays"))
            self._tasks.append(group.create_task(self.pauses.run(), name="pauses"))
            self._tasks.append(group.create_task(self.fragments.run(), name="fragments"))
            self._tasks.append(group.create_task(self._prune(), name="prune"))
            for link in self.links:
                group.create_task(link.run(), name=f"link {link.name}")

    async def stop(self) -> None:
        """Unbind politely, decide what has come, and let go of the store.

        What could not leave any more waits for the next start, as what it is: not sent.
        """
        self.ready.clear()
        await asyncio.gather(*(link.close(DRAIN_S) for link in self.links))
        await self.numbers.close()
        if self._camara is not None:
            await self._camara.close()
        self.outbox.put_back()
        await self._decide_what_has_come()
        for task in self._tasks:
            task.cancel()

    @property
    def is_ready(self) -> bool:
        """Whether it decides."""
        return self.ready.is_set()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way and nothing that is due waits."""
        parts = (
            self.committer,
            self.outbox,
            self.deadlines,
            self.welcomes,
            self.sweeps,
            self.strays,
            self.pauses,
        )
        return all(part.is_idle for part in parts)

    # -- what the links tell -----------------------------------------------------------------------

    def message_received(self, ticket: Ticket, pdu: DeliverSm) -> None:
        """Hear an MO or a receipt."""
        self.channels[ticket.link].hear(ticket, pdu)

    def submit_answered(self, context: object, pdu: SubmitSmResp | GenericNack) -> None:
        """Hear the SMSC's answer to a text."""
        self.sms.answered(context, pdu)

    def submit_lost(self, context: object, why: str) -> None:
        """Hear that an answer will not come."""
        self.sms.lost(context, why)

    def link_changed(self, link: SmppLink) -> None:
        """Carry on when a link comes up; what was half out when it went down is given up."""
        self._outages[link.name].link_changed(self.clock.now(), is_up=link.is_up)
        self.sms.go_on(link)
        if link.is_up:
            self.outbox.pump()

    def room_appeared(self, link: SmppLink) -> None:
        """Carry what waited for room, what is half out first."""
        self.sms.go_on(link)
        self.outbox.pump()

    # -- the parts ---------------------------------------------------------------------------------

    def _capacity(self) -> int:
        """Texts that the links that are up can have under way."""
        return sum(link.capacity for link in self.links)

    def _room(self) -> Room:
        """What a batch may hand out; the outbox is joined after the committer."""
        return self.outbox.room()

    def _link(self, smsc: Smsc) -> SmppLink:
        """The link to one SMSC."""
        return SmppLink(link_settings(smsc), self, self._chance.jitter)

    def _channel(self, smsc: Smsc, link: SmppLink) -> SmppChannel:
        """What hears that link."""
        return SmppChannel(
            smsc.name,
            link,
            self.committer,
            self.clock,
            self.ids,
            country_code=self.settings.operator.country_code,
            tlvs=vendor_tlvs(smsc),
            zone=zone_of(smsc),
            manners=smsc.manners,
            outages=self._outages[smsc.name],
            busy_status=CommandStatus[smsc.busy_status.value],
            hold=self.sms.hold,
            sessions=self.sessions,
        )

    def _held_codes(self) -> tuple[str, ...]:
        """Short codes whose requests may not expire yet."""
        if not self.committer.faults.store_away:
            for outages in self._outages.values():
                outages.store_back(self.clock.now())
        return held_codes(self.settings, self.channels, self.clock.now())

    async def _decide_what_has_come(self) -> None:
        """Give the committer time for the last outcomes; a store that is away is not waited for."""
        for _ in range(DRAIN_LOOKS):
            if self.committer.is_idle or self.committer.faults.store_away:
                return
            await asyncio.sleep(DRAIN_S / DRAIN_LOOKS)

    async def _prune(self) -> None:
        """Forget what is no longer needed, every hour; while the store is away, later."""
        await asyncio.sleep(PRUNE_FIRST_S)
        while True:
            with suppress(StoreUnavailable):
                await self.store.prune(self.clock.now())
            await asyncio.sleep(PRUNE_S)
