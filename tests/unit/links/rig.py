"""A link and the SMSC stand-in on real sockets, and a listener that writes down what it hears."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from twofold.links.listener import Ticket
from twofold.links.settings import LinkSettings
from twofold.links.smpp import SmppLink
from twofold.peers.phones import Phones
from twofold.peers.smsc import Account, Smsc, SmscSettings
from twofold.protocol.smpp.pdus import DeliverSm, GenericNack, SubmitSm, SubmitSmResp

NUMBER = "84912345678"
ACCOUNT = Account("twofold", "secret", ("9166", "123"))


class Heard:
    """What a link told: everything in the order in which it came."""

    def __init__(self) -> None:
        self.link: SmppLink
        self.status: Callable[[DeliverSm], int | None] = lambda _: 0
        """The answer to each deliver_sm, None to withhold it."""
        self.messages: list[tuple[Ticket, DeliverSm]] = []
        self.answers: list[tuple[object, SubmitSmResp | GenericNack]] = []
        self.lost: list[tuple[object, str]] = []
        self.changes: list[bool] = []
        self.rooms: list[int] = []
        self._watchers: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds; it is looked at whenever the link has told something."""
        if not holds():
            happened = asyncio.get_running_loop().create_future()
            self._watchers.append((holds, happened))
            await happened

    async def up(self) -> None:
        """Wait until the link is up."""
        await self.until(lambda: self.link.is_up)

    async def down(self) -> None:
        """Wait until the link is down."""
        await self.until(lambda: not self.link.is_up)

    def message_received(self, ticket: Ticket, pdu: DeliverSm) -> None:
        self.messages.append((ticket, pdu))
        status = self.status(pdu)
        if status is not None:
            self.link.respond(ticket, status)
        self._look()

    def submit_answered(self, context: object, pdu: SubmitSmResp | GenericNack) -> None:
        self.answers.append((context, pdu))
        self._look()

    def submit_lost(self, context: object, why: str) -> None:
        self.lost.append((context, why))
        self._look()

    def link_changed(self, link: SmppLink) -> None:
        self.changes.append(link.is_up)
        self._look()

    def room_appeared(self, link: SmppLink) -> None:
        self.rooms.append(link.room)
        self._look()

    def _look(self) -> None:
        woken = [watcher for watcher in self._watchers if watcher[0]()]
        self._watchers = [watcher for watcher in self._watchers if watcher not in woken]
        for _, happened in woken:
            happened.set_result(None)


class Rig:
    """Both ends, and the business clock of the SMSC."""

    def __init__(self, smsc: SmscSettings) -> None:
        self.now = 1_767_225_600_000
        self.smsc = Smsc(smsc, lambda: self.now)
        self.phones = Phones(self.smsc, lambda: self.now)
        self.heard = Heard()
        self.link: SmppLink

    def submit(self, context: object, **fields: object) -> bool:
        """Submit a text to the one number."""
        values: dict[str, object] = {
            "source_addr": "9166",
            "destination_addr": NUMBER,
            "registered_delivery": 1,
            "short_message": b"hello",
            **fields,
        }
        return self.link.submit(SubmitSm(**values), context)  # type: ignore[arg-type]

    def statuses(self) -> list[int]:
        """The status of each answer to a text, in order."""
        return [pdu.command_status for _, pdu in self.heard.answers]


def link_settings(port: int, **others: object) -> LinkSettings:
    """Settings of the link to a stand-in."""
    values: dict[str, object] = {
        "name": "main",
        "host": "127.0.0.1",
        "port": port,
        "system_id": "twofold",
        "password": "secret",
        "short_codes": ("9166", "123"),
        **others,
    }
    return LinkSettings(**values)  # type: ignore[arg-type]


@asynccontextmanager
async def running(both: Rig, port: int, **settings: object) -> AsyncIterator[SmppLink]:
    """Run a link to that port; jitter makes every wait between binds as short as it may be."""
    both.link = both.heard.link = SmppLink(link_settings(port, **settings), both.heard, lambda: 1.0)
    task = asyncio.create_task(both.link.run())
    try:
        yield both.link
    finally:
        await both.link.close(5.0)
        await task


@asynccontextmanager
async def rig(
    smsc: SmscSettings | None = None, *, wait_up: bool = True, **settings: object
) -> AsyncIterator[Rig]:
    """Run both ends."""
    both = Rig(smsc or SmscSettings((ACCOUNT,), retry_after_s=0.02))
    await both.smsc.start()
    try:
        async with running(both, both.smsc.port, **settings):
            if wait_up:
                await both.heard.up()
            yield both
    finally:
        await both.smsc.stop()
