"""One connection of an ESME to the SMSC stand-in: octets for a session, news for the SMSC."""

import asyncio
import socket
from collections.abc import Callable
from typing import Final, Protocol, cast

from twofold.protocol.smpp import events as e
from twofold.protocol.smpp import pdus as p
from twofold.protocol.smpp.session import BindMode, Session, State

_LINGER_S: Final = 1.0
_LEAST_WAIT_S: Final = 0.001


class Exchange(Protocol):
    """The SMSC, as its lines see it."""

    def line_opened(self, line: "Line") -> None:
        """Know a connection."""

    def line_closed(self, line: "Line", unanswered: list[object]) -> None:
        """Forget it; what it had not answered is delivered again."""

    def bind_requested(self, line: "Line", pdu: p.Bind) -> None:
        """Take or refuse an ESME."""

    def submitted(self, line: "Line", pdu: p.SubmitSm) -> None:
        """Take a text."""

    def delivery_answered(self, context: object, status: int) -> None:
        """Take the answer to a delivery."""

    def delivery_timed_out(self, context: object) -> None:
        """Deliver again what was not answered in time."""

    def room_changed(self, line: "Line") -> None:
        """Deliver what waits."""


class Line(asyncio.Protocol):
    """One connection; `system_id` is empty until it has bound."""

    def __init__(self, exchange: Exchange, session: Session) -> None:
        self.session = session
        self.system_id = ""
        self.mode = BindMode.TRANSCEIVER
        self.enquiries = 0
        """enquire_link received, each answered."""
        self.was_unbound = False
        """Whether the ESME ended the session politely."""
        self._exchange = exchange
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport
        self._timer: asyncio.TimerHandle | None = None
        self._flushing = False
        self._paused = False

    @property
    def can_deliver(self) -> bool:
        """Whether a delivery may be sent now."""
        return not self._paused and self.session.room > 0

    def deliver(self, pdu: p.DeliverSm, context: object) -> None:
        """Send a delivery; `context` comes back with its answer."""
        self.session.request(pdu, self._loop.time(), context)
        self._flush_soon()

    def respond(self, sequence_number: int, status: int, message_id: str = "") -> None:
        """Answer a text."""
        if self.session.respond(sequence_number, status, message_id):
            self._flush_soon()

    def enquire(self) -> None:
        """Ask whether the ESME is there."""
        self.session.enquire(self._loop.time())
        self._flush_soon()

    def leave(self) -> None:
        """Unbind, or close when nothing is bound."""
        if self.session.state is State.BOUND:
            self.session.unbind(self._loop.time())
            self._flush_soon()
        else:
            self._close()

    def cut(self) -> None:
        """Drop the connection without a word."""
        self._transport.abort()

    def write_raw(self, octets: bytes) -> None:
        """Write octets that no session would: half a PDU, or nonsense."""
        self._flush()
        self._transport.write(octets)

    # -- what the transport tells --------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the bind."""
        self._transport = cast("asyncio.Transport", transport)
        found = transport.get_extra_info("socket")
        if found is not None:
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._exchange.line_opened(self)
        self._arm(self._loop.time())

    def data_received(self, data: bytes) -> None:
        """Read what came."""
        for event in self.session.receive(data, self._loop.time()):
            self._handle(event)
        self._turn_ended()

    def pause_writing(self) -> None:
        """Hold back: the ESME does not read."""
        self._paused = True

    def resume_writing(self) -> None:
        """Go on."""
        self._paused = False
        self._turn_ended()

    def connection_lost(self, exc: Exception | None) -> None:
        """Give back what was not answered."""
        del exc
        if self._timer is not None:
            self._timer.cancel()
        self._exchange.line_closed(self, self.session.lost())

    # -- what the session tells ----------------------------------------------------------------

    def _handle(self, event: e.SessionEvent) -> None:
        match event:
            case e.RequestReceived(pdu=p.SubmitSm() as pdu):
                self._exchange.submitted(self, pdu)
            case e.ResponseReceived(context=context, pdu=pdu):
                self._exchange.delivery_answered(context, pdu.command_status)
            case e.RequestTimedOut(context=context):
                self._exchange.delivery_timed_out(context)
            case e.BindRequested(pdu=pdu):
                self._exchange.bind_requested(self, pdu)
            case e.EnquireLinkReceived():
                self.enquiries += 1
            case e.PeerUnbound():
                self.was_unbound = True
            case e.Closing():
                self._close()

    def _turn_ended(self) -> None:
        self._exchange.room_changed(self)
        self._flush_soon()

    def _close(self) -> None:
        self._flush()
        self._transport.close()
        self._set_timer(_LINGER_S, self._transport.abort)

    # -- time and octets -----------------------------------------------------------------------

    def _arm(self, now: float) -> None:
        """Wait for the session's next deadline, never longer than its shortest time-out."""
        settings = self.session.settings
        shortest = min(settings.response_timeout, settings.enquire_after, settings.stall_timeout)
        wait = min(shortest, self.session.next_tick_at(now) - now)
        self._set_timer(max(wait, _LEAST_WAIT_S), self._tick)

    def _tick(self) -> None:
        now = self._loop.time()
        for event in self.session.tick(now):
            self._handle(event)
        self._turn_ended()
        if not self._transport.is_closing():
            self._arm(now)

    def _set_timer(self, wait_s: float, then: Callable[[], None]) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(wait_s, then)

    def _flush_soon(self) -> None:
        if not self._flushing and self.session.has_to_send:
            self._flushing = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._flushing = False
        if self._paused or self._transport.is_closing():
            return
        octets = self.session.data_to_send()
        if octets:
            self._transport.write(octets)
