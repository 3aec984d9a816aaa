"""An SMSC on a real socket, for the demo, the world and the tests: ESMEs bind, handsets get texts.

It behaves as the standard asks, SMPP 3.4, unless a fault is switched on (`faults`).
The network runs on the loop's clock; validity, receipts and the times in them on the business
clock, milliseconds UTC, which is handed in and may be moved (call `clock_moved` then).
"""

import asyncio
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Final

from msgspec import Struct

from twofold.peers.deliveries import Deliveries, Delivery
from twofold.peers.faults import Faults
from twofold.peers.line import Line
from twofold.peers.sims import Sims
from twofold.peers.texts import Handsets, Text, valid_until
from twofold.protocol.smpp import pdus as p
from twofold.protocol.smpp.constants import (
    INTERFACE_VERSION,
    CommandStatus,
    EsmClass,
    MessageState,
    RegisteredDelivery,
    Tag,
)
from twofold.protocol.smpp.receipts import STAT, receipt_text
from twofold.protocol.smpp.session import BindMode, Role, Session, SessionSettings

_MODES: Final = {
    p.BindTransceiver: BindMode.TRANSCEIVER,
    p.BindTransmitter: BindMode.TRANSMITTER,
    p.BindReceiver: BindMode.RECEIVER,
}


class Account(Struct, frozen=True):
    """One ESME that may bind: it gets the messages to its short codes, and sends from them."""

    system_id: str
    password: str
    short_codes: tuple[str, ...]


class SmscSettings(Struct, frozen=True):
    """How this SMSC is set up; durations are seconds."""

    accounts: tuple[Account, ...]
    system_id: str = "standin"
    window: int = 50
    """Deliveries that one connection may have unanswered."""
    response_timeout_s: float = 10.0
    enquire_after_s: float = 30.0
    retry_after_s: float = 5.0
    """When a delivery that was put off, or not answered, is sent again."""
    interface_version: int = INTERFACE_VERSION
    """What it says that it speaks: 0x34, or 0x50 for SMPP 5.0."""
    receipt_tlvs: bool = True
    """Whether receipts say in TLVs, too, what their text says."""
    answer_id: str = "{:08X}"
    """How message ids are written in answers to a submit_sm."""
    receipt_id: str = "{:08X}"
    """How receipts write them."""
    mo_id_tlv: int = 0
    """The vendor's tag under which each MO has an id of its own; 0 for none."""
    mo_time_tlv: int = 0
    """The vendor's tag under which each MO has its time, as absolute SMPP time; 0 for none."""
    mo_imsi_tlv: int = 0
    """The vendor's tag under which each MO has the IMSI of its SIM; 0 for none."""


class Smsc:
    """The SMSC: `await start(...)`, `await stop()`; between them it may be started again."""

    def __init__(self, settings: SmscSettings, now: Callable[[], int]) -> None:
        self.settings = settings
        self.faults = Faults()
        self.port = 0
        self.lines: list[Line] = []
        self.deliveries = Deliveries(settings.retry_after_s, self._changed)
        self.handsets = Handsets(now, self._ended)
        self.reached: Callable[[Text], None] = lambda _: None
        """Called with each text that reaches its handset."""
        self.screened: Callable[[p.SubmitSm], int] = lambda _: CommandStatus.ESME_RINVSERTYP
        """Called with each screen of a USSD session; the status that it is answered with."""
        self.skew_ms = 0
        """How far its clock is ahead of everybody's, in the times that it gives MOs."""
        self.submitted_count = 0
        """submit_sm received, whatever became of them."""
        self.now = now
        """The business clock, ms UTC."""
        self.sims = Sims(settings.mo_imsi_tlv)
        """Which SIM card is in which phone."""
        self._accounts = {account.system_id: account for account in settings.accounts}
        self._serving = {
            code: account.system_id for account in settings.accounts for code in account.short_codes
        }
        self._ids = count(1)
        self._delayed = 0
        self._server: asyncio.Server | None = None
        self._watchers: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []

    # -- running it ----------------------------------------------------------------------------

    async def start(
        self, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        """Listen; port 0 takes a free one, or the one that it had before. `port` names it."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._line, host, port or self.port, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Go down at once, as in a power cut: connections are cut, what waits is kept."""
        if self._server is not None:
            self._server.close()
        self.cut()
        self.handsets.close()
        await self.wait_until(lambda: not self.lines)

    def cut(self) -> None:
        """Cut every connection without a word."""
        for line in list(self.lines):
            line.cut()

    def unbind_all(self) -> None:
        """End every session politely."""
        for line in list(self.lines):
            line.leave()

    async def wait_until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds of this SMSC; it is looked at whenever something happened."""
        if not holds():
            happened = asyncio.get_running_loop().create_future()
            self._watchers.append((holds, happened))
            await happened

    @property
    def bound(self) -> list[Line]:
        """The connections that have bound."""
        return [line for line in self.lines if line.system_id]

    @property
    def under_way(self) -> int:
        """How much is not done: deliveries without a final answer, texts that are looked at later.

        Texts that wait for a handset are not counted: nothing happens to them by itself.
        """
        return self.deliveries.under_way + self._delayed

    def clock_moved(self) -> None:
        """Look at the business clock: it was moved."""
        self.handsets.clock_moved()

    def served_by(self, short_code: str) -> str:
        """Whose the messages to a short code are; KeyError: nobody's."""
        return self._serving[short_code]

    def originate(
        self, pdu: p.DeliverSm, answered: Callable[[int], None] | None = None
    ) -> Delivery:
        """Deliver a message from a handset; `answered` is called with each status that comes.

        Raises KeyError when no account serves its short code.
        """
        delivery = Delivery(self.served_by(pdu.destination_addr), pdu, answered)
        if self.faults.mo_delay_ms:
            self._delayed += 1
            loop = asyncio.get_running_loop()
            loop.call_later(self.faults.mo_delay_ms / 1000, self._bring, delivery)
        else:
            self.deliveries.add(delivery)
        return delivery

    def _bring(self, delivery: Delivery) -> None:
        self._delayed -= 1
        self.deliveries.add(delivery)

    # -- what lines tell -----------------------------------------------------------------------

    def line_opened(self, line: Line) -> None:
        """Know a connection."""
        self.lines.append(line)

    def line_closed(self, line: Line, unanswered: list[object]) -> None:
        """Forget it; what it had not answered is delivered again."""
        self.lines.remove(line)
        if line.system_id:
            self.deliveries.line_closed(line, unanswered)
        self._changed()

    def bind_requested(self, line: Line, pdu: p.Bind) -> None:
        """Take an ESME that knows its password."""
        account = self._accounts.get(pdu.system_id)
        if self.faults.refuse_binds:
            line.session.refuse_bind(pdu, self.faults.refuse_binds)
        elif account is None:
            line.session.refuse_bind(pdu, CommandStatus.ESME_RINVSYSID)
        elif pdu.password != account.password:
            line.session.refuse_bind(pdu, CommandStatus.ESME_RINVPASWD)
        else:
            line.session.accept_bind(pdu, self.settings.system_id)
            line.system_id = account.system_id
            line.mode = _MODES[type(pdu)]
            if line.mode is not BindMode.TRANSMITTER:
                self.deliveries.line_bound(line)

    def submitted(self, line: Line, pdu: p.SubmitSm) -> None:
        """Take a text, at once or after the delay that is switched on."""
        self.submitted_count += 1
        if not self.faults.delay_ms:
            self._take(line, pdu)
            return
        self._delayed += 1
        loop = asyncio.get_running_loop()
        loop.call_later(self.faults.delay_ms / 1000, self._take_late, line, pdu)

    def delivery_answered(self, context: object, status: int) -> None:
        """Take the answer to a delivery."""
        assert isinstance(context, Delivery)
        self.deliveries.settled(context, status)

    def delivery_timed_out(self, context: object) -> None:
        """Deliver again what was not answered in time."""
        assert isinstance(context, Delivery)
        self.deliveries.again(context)

    def room_changed(self, line: Line) -> None:
        """Deliver what waits, and see what somebody waits for."""
        if line.system_id:
            self.deliveries.send(line.system_id)
        self._changed()

    # -- texts ---------------------------------------------------------------------------------

    def _take_late(self, line: Line, pdu: p.SubmitSm) -> None:
        self._delayed -= 1
        self._take(line, pdu)
        self._changed()

    def _take(self, line: Line, pdu: p.SubmitSm) -> None:
        faults = self.faults
        if faults.texts_to_drop:
            faults.texts_to_drop -= 1
            return
        if pdu.tlv(Tag.USSD_SERVICE_OP) is not None:
            status = self.screened(pdu)
            line.respond(pdu.sequence_number, status, "" if status else f"{next(self._ids):08X}")
            return
        until = valid_until(pdu, self.now())
        status = self._refusal(line, pdu, until)
        if status or until is None:
            line.respond(pdu.sequence_number, status)
            return
        number, wrote = next(self._ids), self.settings
        text = Text(wrote.answer_id.format(number), pdu, line.system_id, self.now(), until)
        text.receipt_id = wrote.receipt_id.format(number)
        silent = faults.submit == "silent" or faults.answers_to_drop > 0
        faults.answers_to_drop = max(0, faults.answers_to_drop - 1)
        if faults.receipt == "first":
            self._forward(text)
        if not silent:
            line.respond(pdu.sequence_number, 0, text.message_id)
        if faults.receipt != "first":
            self._forward(text)

    def _refusal(self, line: Line, pdu: p.SubmitSm, until: int | None) -> int:
        """Say why a text is not taken, 0 when it is."""
        if self.faults.submit == "throttle":
            return CommandStatus.ESME_RTHROTTLED
        if self.faults.submit == "reject":
            return CommandStatus.ESME_RINVDSTADR
        if pdu.source_addr not in self._accounts[line.system_id].short_codes:
            return CommandStatus.ESME_RINVSRCADR
        if not pdu.destination_addr.isdecimal():
            return CommandStatus.ESME_RINVDSTADR
        return 0 if until is not None else CommandStatus.ESME_RINVEXPIRY

    def _forward(self, text: Text) -> None:
        if self.faults.receipt == "fail":
            self.handsets.fail(text)
        else:
            self.handsets.take(text)

    def _ended(self, text: Text) -> None:
        """Tell the handset, and the ESME where it asked for that."""
        delivered = text.state is MessageState.DELIVERED
        asked = text.pdu.registered_delivery
        wanted = asked & RegisteredDelivery.FINAL
        if wanted or (asked & RegisteredDelivery.FAILURE_ONLY and not delivered):
            self._send_receipt(text)
        if delivered:
            self.reached(text)
        self._changed()

    def _send_receipt(self, text: Text) -> None:
        times = {"none": 0, "twice": 2}.get(self.faults.receipt, 1)
        for _ in range(times):
            text.receipt = STAT[text.state]
            self.deliveries.add(Delivery(text.system_id, self._receipt(text)))

    def _receipt(self, text: Text) -> p.DeliverSm:
        pdu = text.pdu
        done, taken = _minute(text.ended_at), _minute(text.taken_at)
        error = "000" if text.state is MessageState.DELIVERED else "001"
        tlvs = (
            (int(Tag.RECEIPTED_MESSAGE_ID), text.receipt_id.encode() + b"\0"),
            (int(Tag.MESSAGE_STATE), bytes((text.state,))),
        )
        return p.DeliverSm(
            source_addr_ton=pdu.dest_addr_ton,
            source_addr_npi=pdu.dest_addr_npi,
            source_addr=pdu.destination_addr,
            dest_addr_ton=pdu.source_addr_ton,
            dest_addr_npi=pdu.source_addr_npi,
            destination_addr=pdu.source_addr,
            esm_class=EsmClass.DELIVERY_RECEIPT,
            short_message=receipt_text(text.receipt_id, text.state, taken, done, error),
            tlvs=tlvs if self.settings.receipt_tlvs else (),
        )

    # -- the rest ------------------------------------------------------------------------------

    def _line(self) -> Line:
        settings = self.settings
        session = SessionSettings(
            system_id=settings.system_id,
            interface_version=settings.interface_version,
            window=settings.window,
            enquire_after=settings.enquire_after_s,
            response_timeout=settings.response_timeout_s,
        )
        return Line(self, Session(Role.SMSC, session))

    def _changed(self) -> None:
        """Wake whoever waits for what holds now."""
        woken = [watcher for watcher in self._watchers if watcher[0]()]
        if woken:
            self._watchers = [watcher for watcher in self._watchers if watcher not in woken]
        for _, happened in woken:
            if not happened.done():
                happened.set_result(None)


def _minute(at: int) -> str:
    return f"{datetime.fromtimestamp(at // 1000, UTC):%y%m%d%H%M}"
