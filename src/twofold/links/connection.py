"""One TCP connection of a link, from its first octet to its last: a session gets what it needs.

Rules: no task and no future for a message; one write in each turn of the loop, however many PDUs;
nothing is handed to a transport that asks for a pause, and then there is no room either.
"""

import asyncio
import socket
from collections.abc import Callable
from math import inf
from typing import Final, Protocol, TypeAlias, cast

from twofold.links.listener import Ticket
from twofold.protocol.smpp import events as e
from twofold.protocol.smpp import pdus as p
from twofold.protocol.smpp.constants import status_name
from twofold.protocol.smpp.session import Session, State

_LINGER_S: Final = 1.0
"""How long a peer that does not read may hold up the end of a connection."""

_LEAST_WAIT_S: Final = 0.001
"""Timers may fire a hair early; a wait of nothing would then spin."""

Noticed: TypeAlias = e.EnquireLinkReceived | e.LateResponse | e.BindRefused | e.CommandDenied
"""What is counted, and nothing more."""


class Owner(Protocol):
    """The link, as its connections see it."""

    def connection_bound(self, connection: "Connection") -> None:
        """Use this connection from now on."""

    def connection_ended(self, connection: "Connection", lost: list[object]) -> None:
        """Use it no longer; `lost` are the contexts of texts that were never answered."""

    def message_received(self, ticket: Ticket, pdu: p.DeliverSm) -> None:
        """Take an MO or a receipt."""

    def submit_answered(self, context: object, pdu: p.SubmitSmResp | p.GenericNack) -> None:
        """Take the answer to a text."""

    def submit_timed_out(self, context: object) -> None:
        """Take it that a text was not answered in time."""

    def noticed(self, event: Noticed) -> None:
        """Count what happened."""

    def turn_ended(self) -> None:
        """See whether there is room again, once for all that a turn brought."""


class Connection(asyncio.Protocol):
    """One incarnation; `ended` is done, with the reason in words, when it is over."""

    def __init__(
        self, owner: Owner, link: str, number: int, session: Session, bind: int = 1
    ) -> None:
        self.number = number
        self.bind = bind
        """Which of the link's binds this is, counted from 1."""
        self.session = session
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.answers_arrived_before = -inf
        """Answers given before this moment of the loop's clock have arrived (rule 8b)."""
        self._unproven = False
        """Whether an answer was given since the last enquire_link of ours."""
        self.was_bound = False
        self._owner = owner
        self._link = link
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport
        self._flushing = False
        self._paused = False
        self._leaving = False
        self._why = ""

    @property
    def room(self) -> int:
        """How many texts may be sent now, as far as window and socket are concerned."""
        return 0 if self._paused or self._leaving else self.session.room

    @property
    def is_bound(self) -> bool:
        """Whether the peer has taken our bind, and neither side has left."""
        return self.session.state is State.BOUND

    def request(self, pdu: p.SubmitSm, context: object, now: float) -> None:
        """Send a text; raises LocalProtocolError when it cannot be encoded."""
        self.session.request(pdu, now, context)
        self._flush_soon()

    def respond(self, sequence_number: int, status: int) -> None:
        """Answer a message, unless the session has ended."""
        if self.session.respond(sequence_number, status):
            self._unproven = True
            self._flush_soon()

    def leave(self) -> None:
        """Unbind as soon as all texts are answered, or close at once when not bound."""
        self._leaving = True
        if not self.is_bound:
            self._close("closed by us")
        elif not self.session.unanswered:
            self.session.unbind(self._loop.time())
            self._flush_soon()

    def abort(self) -> None:
        """Drop the connection now."""
        if not self.ended.done():
            self._why = self._why or "dropped by us"
            self._transport.abort()

    # -- what the transport tells --------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the bind."""
        self._transport = cast("asyncio.Transport", transport)
        found = transport.get_extra_info("socket")
        if found is not None:
            # Nagle's algorithm would hold answers back for 40 ms (docs/benchmarks.md).
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.session.bind(self._loop.time())
        self._flush()
        self._arm(self._loop.time())

    def data_received(self, data: bytes) -> None:
        """Read what came; tell the link once at the end that a turn is over."""
        for event in self.session.receive(data, self._loop.time()):
            self._handle(event)
        self._turn_ended()

    def pause_writing(self) -> None:
        """Hold everything back: the peer does not read."""
        self._paused = True

    def resume_writing(self) -> None:
        """Go on."""
        self._paused = False
        self._flush_soon()
        self._owner.turn_ended()

    def connection_lost(self, exc: Exception | None) -> None:
        """Give up what was not answered: its outcome is unknown."""
        if self._timer is not None:
            self._timer.cancel()
        why = self._why or (str(exc) if exc else "closed by the peer")
        self._owner.connection_ended(self, self.session.lost())
        self.ended.set_result(why)

    # -- what the session tells ----------------------------------------------------------------

    def _handle(self, event: e.SessionEvent) -> None:
        match event:
            case e.RequestReceived(pdu=p.DeliverSm() as pdu):
                ticket = Ticket(self._link, self.number, pdu.sequence_number)
                self._owner.message_received(ticket, pdu)
            case e.ResponseReceived(context=context, pdu=p.SubmitSmResp() | p.GenericNack() as pdu):
                self._owner.submit_answered(context, pdu)
            case e.RequestTimedOut(context=context):
                self._owner.submit_timed_out(context)
            case e.EnquireLinkAnswered(enquired_at=at):
                self.answers_arrived_before = at
            case e.Bound():
                self.was_bound = True
                self._owner.connection_bound(self)
            case e.BindRefused(command_status=status):
                self._owner.noticed(event)
                self._close(f"bind refused: {status_name(status)}")
            case e.EnquireLinkReceived() | e.LateResponse() | e.CommandDenied():
                self._owner.noticed(event)
            case e.Closing(reason=reason):
                self._close(reason)
            case _:
                assert isinstance(event, e.PeerUnbound), "an ESME is told nothing else"

    def _turn_ended(self) -> None:
        if self._leaving and self.is_bound and not self.session.unanswered:
            self.session.unbind(self._loop.time())
        self._owner.turn_ended()
        self._flush_soon()

    def _close(self, why: str) -> None:
        """Write what is left and close; a peer that does not read is cut off."""
        self._why = self._why or why
        self._flush()
        self._transport.close()
        self._set_timer(_LINGER_S, self._transport.abort)

    # -- time and octets -----------------------------------------------------------------------

    def _arm(self, now: float) -> None:
        """Wait for the session's next deadline.

        Never longer than its shortest time-out: whatever begins in the meantime cannot fall due
        before, so that nothing need be looked at for each message.
        """
        settings = self.session.settings
        shortest = min(settings.response_timeout, settings.enquire_after, settings.stall_timeout)
        wait = min(shortest, self.session.next_tick_at(now) - now)
        self._set_timer(max(wait, _LEAST_WAIT_S), self._tick)

    def _tick(self) -> None:
        now = self._loop.time()
        for event in self.session.tick(now):
            self._handle(event)
        if self._unproven:
            # A busy link is never silent, so that its answers would never be known to have arrived.
            self._unproven = False
            self.session.enquire(now)
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
