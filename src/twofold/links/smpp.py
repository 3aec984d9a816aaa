"""A link to one SMSC: bound, kept alive, within window and rate, bound again whenever it breaks.

Rules: a link decides nothing. It tells its listener what came, and what became of each text:
`submit_answered` or `submit_lost`, exactly once for each `submit` that returned True.
It reads no clock but the loop's, and takes its chance from outside, so that the simulated world
can replay it.
"""

import asyncio
import os
from collections.abc import Callable
from math import inf
from typing import Final

from twofold.links.connection import Connection, Noticed
from twofold.links.listener import LinkStats, Listener, Ticket
from twofold.links.pace import Backoff, Rate, Throttle
from twofold.links.settings import LinkSettings
from twofold.protocol.smpp import events as e
from twofold.protocol.smpp import pdus as p
from twofold.protocol.smpp.constants import CommandStatus
from twofold.protocol.smpp.session import BindMode, Role, Session, SessionSettings

_WAYS: Final = {
    "transceiver": (BindMode.TRANSCEIVER,),
    "transmitter_receiver": (BindMode.TRANSMITTER, BindMode.RECEIVER),
}

LITTLE_ROOM: Final = 16
"""Parts of the longest text that is submitted at once: it may wait for more room than one."""

CONNECTION_LOST: Final = "the connection was lost"
"""Why an answer will not come, where it is not that the SMSC is silent."""

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
        self._listener = listener
        self._jitter = jitter
        self._ways = _WAYS[settings.bind]
        self._bound: dict[BindMode, Connection] = {}
        self._connections: dict[int, Connection] = {}
        """Every connection that is open, by its number."""
        self._numbers = 0
        self._transmitter: Connection | None = None
        self._rate = Rate(settings.tps_max)
        self._throttle = Throttle()
        self._little: int | None = None
        """How little room was last told of, until more is told."""
        self._wake: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop
        self._closing: asyncio.Future[None] | None = None
        self._closed = False

    # -- what the engine uses ------------------------------------------------------------------

    @property
    def is_up(self) -> bool:
        """Whether every connection of the link is bound."""
        return len(self._bound) == len(self._ways)

    @property
    def room(self) -> int:
        """How many texts may be submitted now: what window, rate and socket leave; 0 while down.

        Whoever is told of little room (less than a long text needs) hears `room_appeared` when
        there is more.
        """
        transmitter = self._transmitter
        if transmitter is None:
            self._little = 0
            return 0
        now = self._loop.time()
        resting = now < self._throttle.until
        room = 0 if resting else min(transmitter.room, self._rate.left(now))
        if room < LITTLE_ROOM:
            self._little = room
            self._wake_when_more(now)
        return room

    @property
    def answers_arrived_before(self) -> float:
        """The moment of the loop's clock before which all answers are known to have arrived.

        It speaks of the connection that receives, since it was bound (rule 8b); minus infinity
        while nothing is known.
        """
        receiver = self._bound.get(self._ways[-1])
        return -inf if receiver is None else receiver.answers_arrived_before

    def submit(self, pdu: p.SubmitSm, context: object) -> bool:
        """Hand over a text; False when there is no room, and then it was certainly not sent.

        Raises LocalProtocolError when a field is beyond the standard: then it can never be sent.
        """
        transmitter = self._transmitter
        if self.room <= 0 or transmitter is None:
            return False
        now = self._loop.time()
        transmitter.request(pdu, context, now)
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
            for way in self._ways:
                keepers.create_task(self._keep(way, self._closing))

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

    def connection_bound(self, connection: Connection) -> None:
        """Use a connection from now on."""
        self._bound[connection.session.settings.bind] = connection
        if connection.session.settings.bind is not BindMode.RECEIVER:
            self._transmitter = connection
        self.stats.binds += 1
        self.stats.reconnects = max(0, self.stats.binds - len(self._ways))
        if self.is_up:
            self._listener.link_changed(self)

    def connection_ended(self, connection: Connection, lost: list[object]) -> None:
        """Use a connection no longer; what it left unanswered stays unknown."""
        was_up = self.is_up
        self._connections.pop(connection.number, None)
        if self._bound.get(connection.session.settings.bind) is connection:
            del self._bound[connection.session.settings.bind]
        if self._transmitter is connection:
            self._transmitter = None
        if was_up:
            self._listener.link_changed(self)
        self.stats.lost += len(lost)
        for context in lost:
            self._listener.submit_lost(context, CONNECTION_LOST)

    def message_received(self, ticket: Ticket, pdu: p.DeliverSm) -> None:
        """Pass an MO or a receipt on."""
        self.stats.mo += 1
        self._listener.message_received(ticket, pdu)

    def submit_answered(self, context: object, pdu: p.SubmitSmResp | p.GenericNack) -> None:
        """Pass the answer to a text on, and rest when the SMSC asks for it.

        ESME_RMSGQFUL is one subscriber's queue on many SMSCs: it holds back that text alone,
        which is for whoever submitted it to repeat.
        """
        self.stats.answered += 1
        if pdu.command_status == CommandStatus.ESME_RTHROTTLED:
            self.stats.throttled += 1
            self._throttle.throttled(self._loop.time())
        elif self._throttle.until:
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

    # -- connecting ----------------------------------------------------------------------------

    async def _keep(self, way: BindMode, closing: "asyncio.Future[None]") -> None:
        """Connect, bind, work; and again, until the link is closed."""
        backoff = Backoff(self._jitter)
        while not closing.done():
            why, was_bound = await self._live(way, closing)
            if not closing.done():
                self.stats.last_error = why
            if was_bound:
                backoff.succeeded()
            await asyncio.wait([closing], timeout=backoff.next_s())

    async def _live(self, way: BindMode, closing: "asyncio.Future[None]") -> tuple[str, bool]:
        """See one connection from beginning to end: why it ended, and whether it was ever bound."""
        self._numbers += 1
        session = Session(Role.ESME, self._session(way))
        connection = Connection(self, self.name, self._numbers, session)
        try:
            await self._open(connection)
        except (OSError, TimeoutError) as error:
            return f"cannot connect: {_in_words(error)}", False
        try:
            if not closing.done():
                self._connections[connection.number] = connection
                await asyncio.shield(connection.ended)
        finally:
            connection.abort()
        return await connection.ended, connection.was_bound

    async def _open(self, connection: Connection) -> None:
        wanted = self.settings
        async with asyncio.timeout(wanted.connect_timeout_s):
            await self._loop.create_connection(lambda: connection, wanted.host, wanted.port)

    def _session(self, way: BindMode) -> SessionSettings:
        wanted = self.settings
        return SessionSettings(
            system_id=wanted.system_id,
            password=wanted.password,
            system_type=wanted.system_type,
            bind=way,
            window=wanted.window,
            enquire_after=wanted.enquire_after_s,
            response_timeout=wanted.response_timeout_s,
            stall_timeout=wanted.stall_timeout_s,
        )


def _in_words(error: OSError) -> str:
    """What a failed connection says, without the addresses that asyncio adds."""
    if error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)
    return str(error) or "no answer"
