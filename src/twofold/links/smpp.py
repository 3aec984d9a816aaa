"""A link to one SMSC: bound, kept alive, within window and rate, bound again whenever it breaks.

Rules: a link decides nothing. It tells its listener what came, and what became of each text:
`submit_answered` or `submit_lost`, exactly once for each `submit` that returned True.
It reads no clock but the loop's, and takes its chance from outside, so that the simulated world
can replay it.
"""

import asyncio
from collections.abc import Callable
from math import inf
from typing import Final

from twofold.links.connection import Connection, Noticed
from twofold.links.keeping import DOUBT_S, KeptBind
from twofold.links.listener import LinkStats, Listener, Ticket
from twofold.links.pace import Rate, Throttle
from twofold.links.settings import LinkSettings
from twofold.protocol.smpp import events as e
from twofold.protocol.smpp import pdus as p
from twofold.protocol.smpp.constants import CommandStatus
from twofold.protocol.smpp.session import BindMode

_MODES: Final = {
    "transceiver": (BindMode.TRANSCEIVER,),
    "transmitter_receiver": (BindMode.TRANSMITTER, BindMode.RECEIVER),
}

LITTLE_ROOM: Final = 16
"""Parts of the longest text that is submitted at once: it may wait for more room than one."""

CONNECTION_LOST: Final = "the connection was lost"
"""Why an answer will not come, where it is not that the SMSC is silent."""

FULL_IN_A_ROW: Final = 3
"""So many ESME_RMSGQFUL in a row are no subscriber's queue: the SMSC's own is full."""

_LEAST_PAUSE_S: Final = 0.01
"""The rate frees texts one by one; waking for each would cost more than it gains."""


class SmppLink:
    """One link: `await run()` keeps it up, `close` ends it."""

    def __init__(
        self, settings: LinkSettings, listener: Listener, jitter: Callable[[], float]
    ) -> None:
        self.settings = settings
        self.name = settings.name
        self.stats = LinkStats()
        modes = _MODES[settings.bind] * settings.binds
        self.binds = tuple(
            KeptBind(self, settings, number, mode, jitter) for number, mode in enumerate(modes, 1)
        )
        """All that the link is to have, those that are down included."""
        self._listener = listener
        self._connections: dict[int, Connection] = {}
        """Every connection that is open, by its number."""
        self._numbers = 0
        self._transmitters: list[Connection] = []
        self._receivers = 0
        self._rate = Rate(settings.tps_max)
        self._throttle = Throttle()
        self._full = 0
        self._little: int | None = None
        """How little room was last told of, until more is told."""
        self._wake: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop
        self._closing: asyncio.Future[None] | None = None
        self._closed = False

    # -- what the engine uses ------------------------------------------------------------------

    @property
    def is_up(self) -> bool:
        """Whether texts can go out and messages come in: some bind of each way is bound."""
        return self._receivers > 0 and bool(self._transmitters)

    @property
    def capacity(self) -> int:
        """Texts that can be under way over the binds that are up, or leave within a second.

        Of the two the fewer; 0 while the link is down.
        """
        if not self.is_up:
            return 0
        under_way = self.settings.window * len(self._transmitters)
        return min(under_way, self.settings.tps_max or under_way)

    @property
    def room(self) -> int:
        """How many texts may be submitted now: what window, rate and socket leave; 0 while down.

        Whoever is told of little room (less than a long text needs) hears `room_appeared` when
        there is more.
        """
        if not self._transmitters:
            self._little = 0
            return 0
        now = self._loop.time()
        room = 0
        if now >= self._throttle.until:
            for transmitter in self._transmitters:
                room += transmitter.room
            room = min(room, self._rate.left(now))
        if room < LITTLE_ROOM:
            self._little = room
            self._wake_when_more(now)
        return room

    @property
    def answers_arrived_before(self) -> float:
        """The moment of the loop's clock before which all answers are known to have arrived.

        It is the least of what the receiving binds have proved since they were bound (rule 8b);
        minus infinity while one of them has proved nothing, or broke a short while ago: it may
        have lost answers, and a message that it brought comes again over any other.
        """
        least = inf
        for bind in self.binds:
            if bind.mode is BindMode.TRANSMITTER:
                continue
            if bind.bound is not None:
                least = min(least, bind.bound.answers_arrived_before)
            elif self._loop.time() < bind.doubted_until:
                return -inf
        return -inf if least is inf else least

    def submit(self, pdu: p.SubmitSm, context: object) -> bool:
        """Hand over a text; False when there is no room, and then it was certainly not sent.

        Raises LocalProtocolError when a field is beyond the standard: then it can never be sent.
        """
        if self.room <= 0:
            return False
        now = self._loop.time()
        self._emptiest().request(pdu, context, now)
        self._rate.note(now)
        self.stats.mt += 1
        return True

    def respond(self, ticket: Ticket, status: int) -> None:
        """Answer the message of a ticket; nothing happens when its connection is gone."""
        connection = self._connections.get(ticket.connection)
        if connection is not None:
            connection.respond(ticket.sequence_number, status)

    async def run(self) -> None:
        """Keep the link up until `close`."""
        self._loop = asyncio.get_running_loop()
        self._closing = self._loop.create_future()
        if self._closed:
            self._closing.set_result(None)
        async with asyncio.TaskGroup() as keepers:
            for bind in self.binds:
                keepers.create_task(bind.keep(self._closing), name=f"{self.name} {bind.number}")

    async def close(self, grace_s: float) -> None:
        """Unbind once all texts are answered; cut after `grace_s` seconds. `run` then returns.

        A link that is closed stays closed.
        """
        self._closed = True
        if self._closing is not None and not self._closing.done():
            self._closing.set_result(None)
        connections = list(self._connections.values())
        for connection in connections:
            connection.leave()
        if connections:
            ended = [connection.ended for connection in connections]
            await asyncio.wait(ended, timeout=grace_s)
            for connection in connections:
                connection.abort()
            await asyncio.wait(ended)

    # -- what connections tell -----------------------------------------------------------------

    def next_connection(self) -> int:
        """Number connections over the link's whole life."""
        self._numbers += 1
        return self._numbers

    def connection_opened(self, connection: Connection) -> None:
        """Know a connection from its first octet on."""
        self._connections[connection.number] = connection

    def connection_bound(self, connection: Connection) -> None:
        """Use a connection from now on."""
        was_up = self.is_up
        bind = self.binds[connection.bind - 1]
        bind.bound = connection
        self.stats.binds += 1
        self.stats.reconnects += bind.times_bound > 0
        bind.times_bound += 1
        self._receivers += bind.mode is not BindMode.TRANSMITTER
        if bind.mode is not BindMode.RECEIVER:
            self._transmitters.append(connection)
        if self.is_up and not was_up:
            self._listener.link_changed(self)

    def connection_ended(self, connection: Connection, lost: list[object]) -> None:
        """Use a connection no longer; what it left unanswered stays unknown."""
        was_up = self.is_up
        self._connections.pop(connection.number, None)
        bind = self.binds[connection.bind - 1]
        if bind.bound is connection:
            bind.bound = None
            bind.doubted_until = self._loop.time() + DOUBT_S
            self._receivers -= bind.mode is not BindMode.TRANSMITTER
        if connection in self._transmitters:
            self._transmitters.remove(connection)
        if was_up and not self.is_up:
            self.stats.outages += 1
            self._listener.link_changed(self)
        self.stats.lost += len(lost)
        for context in lost:
            self._listener.submit_lost(context, CONNECTION_LOST)

    def bind_failed(self, why: str) -> None:
        """Keep in words what happened last."""
        self.stats.last_error = why
        self.stats.failures += 1

    def message_received(self, ticket: Ticket, pdu: p.DeliverSm) -> None:
        """Pass an MO or a receipt on."""
        self.stats.mo += 1
        self._listener.message_received(ticket, pdu)

    def submit_answered(self, context: object, pdu: p.SubmitSmResp | p.GenericNack) -> None:
        """Pass the answer to a text on, and rest when the SMSC asks for it.

        ESME_RMSGQFUL is one subscriber's queue on many SMSCs: it holds back that text alone,
        which is for whoever submitted it to repeat; many in a row say that the SMSC has enough.
        """
        self.stats.answered += 1
        status = pdu.command_status
        self._full = self._full + 1 if status == CommandStatus.ESME_RMSGQFUL else 0
        if status == CommandStatus.ESME_RTHROTTLED or self._full >= FULL_IN_A_ROW:
            self.stats.throttled += 1
            self._throttle.throttled(self._loop.time())
        elif self._throttle.until and not self._full:
            self._throttle.accepted(self._loop.time())
        self._listener.submit_answered(context, pdu)

    def submit_timed_out(self, context: object) -> None:
        """Pass on that a text was not answered in time."""
        self.stats.lost += 1
        self._listener.submit_lost(context, "no answer in time")

    def noticed(self, event: Noticed) -> None:
        """Count what happened."""
        match event:
            case e.EnquireLinkReceived():
                self.stats.enquired += 1
            case e.LateResponse():
                self.stats.late += 1
            case e.BindRefused():
                self.stats.refused_binds += 1
            case e.CommandDenied():
                self.stats.denied += 1

    def turn_ended(self) -> None:
        """Say that there is more room, if there was little when last asked."""
        little = self._little
        if little is not None and self.room > little:
            self._little = None
            self._listener.room_appeared(self)

    def _wake_when_more(self, now: float) -> None:
        """Look again when rest or rate allow more; a fuller window is noticed by its answers."""
        if self._wake is not None:
            return
        more_at = self._throttle.until if now < self._throttle.until else self._rate.grows_at()
        if more_at < inf:
            self._wake = self._loop.call_later(max(_LEAST_PAUSE_S, more_at - now), self._woken)

    def _woken(self) -> None:
        self._wake = None
        self.turn_ended()

    def _emptiest(self) -> Connection:
        """The bind with the most room; equal ones take turns, so that all are used."""
        transmitters = self._transmitters
        if len(transmitters) == 1:
            return transmitters[0]
        best = max(transmitters, key=lambda transmitter: transmitter.room)
        transmitters.remove(best)
        transmitters.append(best)
        return best
