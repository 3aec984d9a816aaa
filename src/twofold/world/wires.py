"""The two ends of a connection and the wires between them.

Rules: octets of one direction arrive in the order in which they were written, or never; how they
are cut into chunks, and when these arrive, is chance. What is on a wire belongs to nobody: it
outlives its sender. The protocol of an end is called in the context in which the end was opened, so
that each call is a step of its process. A wire holds as much unread as a socket would.
"""

import asyncio
import errno
from collections import deque
from collections.abc import Callable, Iterable
from contextvars import Context
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from twofold.world.network import Network

Factory: TypeAlias = Callable[[], asyncio.BaseProtocol]
Octets: TypeAlias = bytes | bytearray | memoryview

WINDOW_BYTES: Final = 65_536
"""What a wire takes that its receiver has not read; the rest waits in the sender's buffer."""

_HIGH_WATER: Final = 65_536


class Connection:
    """Two ends and the wires between them; `client` and `server` name their processes."""

    __slots__ = ("client", "ends", "host", "network", "number", "port", "server")

    ends: "tuple[End, End]"

    def __init__(self, network: "Network", number: int, host: str, port: int) -> None:
        self.network = network
        self.number = number
        self.host = host
        self.port = port
        self.client = self.server = ""

    def lay(self, client: "End", server: "End") -> None:
        """Lay a wire each way."""
        self.ends = client, server
        self.client, self.server = client.process.name, server.process.name
        client.out = server.into = Wire(self, client, server)
        server.out = client.into = Wire(self, server, client)

    def sever(self) -> None:
        """Reset both directions; chance says how much of what is under way still arrives."""
        for end in self.ends:
            end.out.sever()


class Kind(Enum):
    """What travels on a wire: octets, the end of a direction, or a reset of the connection."""

    DATA = auto()
    END = auto()
    RESET = auto()


class Wire:
    """One direction of a connection: chunks under way, in order."""

    __slots__ = (
        "_flight",
        "_timer",
        "connection",
        "ended",
        "has_hole",
        "receiver",
        "sender",
        "used",
    )

    def __init__(self, connection: Connection, sender: "End", receiver: "End") -> None:
        self.connection = connection
        self.sender = sender
        self.receiver = receiver
        self.used = 0
        """Octets that were taken and not read."""
        self.ended: Kind = Kind.DATA
        """END or RESET once nothing may follow."""
        self.has_hole = False
        self._flight: deque[tuple[float, Kind, bytes]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def __str__(self) -> str:
        return f"{self.connection.number} {self.sender.process.name}>{self.receiver.process.name}"

    def carry(self, data: bytes) -> None:
        """Take octets; there must be room for them."""
        if self.ended is not Kind.DATA:
            return
        self.used += len(data)
        network, flight = self.connection.network, self._flight
        chance = network.chance
        if flight and chance.random() < network.join:
            _, _, before = flight.pop()
            self._send(Kind.DATA, before + data)
        elif len(data) > 1 and chance.random() < network.split:
            cut_at = chance.randrange(1, len(data))
            self._send(Kind.DATA, data[:cut_at])
            self._send(Kind.DATA, data[cut_at:])
        else:
            self._send(Kind.DATA, data)
        self.schedule()

    def end(self) -> None:
        """Say that nothing follows."""
        if self.ended is Kind.DATA:
            self.ended = Kind.END
            self._send(Kind.END)
            self.schedule()

    def reset(self) -> None:
        """Say that the connection is no more."""
        if self.ended is not Kind.RESET:
            self.ended = Kind.RESET
            self._send(Kind.RESET)
            self.schedule()

    def sever(self) -> None:
        """Reset after a part of what is under way; the rest never arrives."""
        under_way = b"".join(data for _, _, data in self._flight)
        kept = under_way[: self.connection.network.chance.randrange(len(under_way) + 1)]
        self._flight.clear()
        if kept and not self.has_hole:
            self._send(Kind.DATA, kept)
        self.ended = Kind.DATA
        self.reset()

    def leave(self) -> None:
        """End as a socket does whose program is gone: in order, or by a reset."""
        if self.connection.network.chance.random() < 0.5:  # noqa: PLR2004 - heads or tails
            self.end()
        else:
            self.sever()

    def readdress(self) -> None:
        """Let what is under way to a receiver that died find nobody."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.schedule()

    def is_broken(self) -> bool:
        """Say whether a reset has come as far as the receiver's socket."""
        now = self.connection.network.loop.time()
        return any(kind is Kind.RESET and at <= now for at, kind, _ in self._flight)

    def schedule(self) -> None:
        """See to it that the next chunk arrives, if its receiver would take it."""
        receiver = self.receiver
        if self._timer is None and self._flight and receiver.takes_chunks():
            network = self.connection.network
            at = max(self._flight[0][0], network.loop.time())
            context = network.context if receiver.gone else receiver.context
            self._timer = network.loop.call_at(at, self._arrive, context=context)

    def _send(self, kind: Kind, data: bytes = b"") -> None:
        network = self.connection.network
        self._flight.append((network.loop.time() + network.delay_s(), kind, data))

    def _arrive(self) -> None:
        """Hand over one chunk, unless a partition keeps or loses it."""
        self._timer = None
        receiver, network = self.receiver, self.connection.network
        if not receiver.takes_chunks():
            return
        if self._flight[0][0] > network.loop.time():  # joined by what came later
            self.schedule()
            return
        fault = network.fault_on(self)
        if fault is not None and fault.holds:
            return
        _, kind, data = self._flight.popleft()
        if fault is not None:
            self.has_hole = True
        else:
            self.used -= len(data)
            self._deliver(kind, data)
            self.sender.room_again()
        self.schedule()

    def _deliver(self, kind: Kind, data: bytes) -> None:
        receiver, network = self.receiver, self.connection.network
        if receiver.gone:
            if kind is Kind.DATA:
                receiver.out.reset()
        elif kind is Kind.RESET:
            network.loop.note(f"{self} reset")
            receiver.lose(ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"))
        elif receiver.is_reading():
            if kind is Kind.DATA:
                network.carried(self, data)
                receiver.read(data)
            else:
                network.loop.note(f"{self} ended")
                receiver.read_end()


class End(asyncio.Transport):
    """One end of a connection: the transport that its protocol is given."""

    out: Wire
    into: Wire

    def __init__(
        self, connection: Connection, context: Context, *, here: object, there: object
    ) -> None:
        super().__init__({"sockname": here, "peername": there})
        self.process = context.run(lambda: connection.network.loop.running)
        self.context = context
        self.gone = False
        """Set when the protocol has been told, or was killed: whatever arrives is answered by a
        reset."""
        self._connection = connection
        self._loop = connection.network.loop
        self._protocol: asyncio.BaseProtocol | None = None
        self._unsent = bytearray()
        self._high, self._low = _HIGH_WATER, _HIGH_WATER // 4
        self._told_to_pause = False
        self._reading = True
        self._wrote_end = False
        self._closing = False
        self._losing = False

    # -- what a protocol asks of its transport -------------------------------------------------

    def write(self, data: Octets) -> None:
        """Send octets, or keep them until there is room."""
        if not isinstance(data, bytes | bytearray | memoryview):
            raise TypeError(f"data must be octets, not {type(data).__name__}")
        if self._wrote_end:
            raise RuntimeError("Cannot call write() after write_eof()")
        if self._closing or not data:
            return
        if not self._reading and self.into.is_broken():
            self.lose(ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"))
            return
        if not self._unsent and len(data) <= WINDOW_BYTES - self.out.used:
            self.out.carry(bytes(data))
            return
        self._unsent += data
        self._flush()
        self._mind_high_water()

    def writelines(self, list_of_data: Iterable[Octets]) -> None:
        """Send octets in one write."""
        self.write(b"".join(list_of_data))

    def write_eof(self) -> None:
        """End this direction once all is sent; the other stays open."""
        if not self._closing and not self._wrote_end:
            self._wrote_end = True
            self._flush()

    def can_write_eof(self) -> bool:
        """Say that a direction can end by itself."""
        return True

    def close(self) -> None:
        """Read no more, and end the connection once all is sent."""
        if not self._closing:
            self._closing = True
            self._flush()
            self.into.schedule()  # what was left unread, or a reset, must not wait to be read

    def abort(self) -> None:
        """End the connection now."""
        if not self._losing:
            self.out.leave()
            self.lose(None)

    def is_closing(self) -> bool:
        """Say whether the connection is ending or over."""
        return self._closing or self._loop.is_closed()

    def is_reading(self) -> bool:
        """Say whether what arrives is handed to the protocol now."""
        return self._reading and not self._closing and self._protocol is not None

    def pause_reading(self) -> None:
        """Leave on the wire what arrives."""
        self._reading = False

    def resume_reading(self) -> None:
        """Read on."""
        self._reading = True
        self.into.schedule()

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Say at how many unsent octets the protocol pauses and resumes writing."""
        if high is None:
            high = _HIGH_WATER if low is None else 4 * low
        if low is None:
            low = high // 4
        if not high >= low >= 0:
            raise ValueError(f"high ({high!r}) must be >= low ({low!r}) must be >= 0")
        self._high, self._low = high, low
        self._mind_high_water()

    def get_write_buffer_limits(self) -> tuple[int, int]:
        """Give low and high water, in octets."""
        return self._low, self._high

    def get_write_buffer_size(self) -> int:
        """Count the unsent octets."""
        return len(self._unsent)

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Hand what arrives to another protocol."""
        self._protocol = protocol

    def get_protocol(self) -> asyncio.BaseProtocol:
        """Give the protocol that is told what arrives."""
        assert self._protocol is not None, "the connection has not begun"
        return self._protocol

    # -- what the wires tell -------------------------------------------------------------------

    def takes_chunks(self) -> bool:
        """Say whether chunks may arrive; an end that closes takes them and reads none."""
        return self.gone or self.is_reading() or (self._closing and self._protocol is not None)

    def accept(self, factory: Factory) -> None:
        """Begin as the server; without a protocol there is no connection."""
        try:
            protocol = factory()
        except BaseException:
            self.abort()
            raise
        self.begin(protocol)

    def begin(
        self, protocol: asyncio.BaseProtocol, begun: "asyncio.Future[None] | None" = None
    ) -> None:
        """Tell a protocol that it is connected, before anything else."""
        self._protocol = protocol
        try:
            protocol.connection_made(self)
        finally:
            self.into.schedule()
            if begun is not None and not begun.done():
                begun.set_result(None)

    def read(self, data: bytes) -> None:
        """Hand octets to the protocol; its failure ends the connection, as asyncio has it."""
        protocol = self._protocol
        try:
            if isinstance(protocol, asyncio.BufferedProtocol):
                _fill(protocol, data)
            else:
                assert isinstance(protocol, asyncio.Protocol)
                protocol.data_received(data)
        except Exception as error:  # noqa: BLE001 - a supervising loop: reported as asyncio does
            self._fail(error, "data_received")

    def read_end(self) -> None:
        """Tell the protocol that nothing follows; it closes unless it says otherwise."""
        protocol = self._protocol
        assert isinstance(protocol, asyncio.Protocol | asyncio.BufferedProtocol)
        try:
            stays_open = protocol.eof_received()
        except Exception as error:  # noqa: BLE001 - a supervising loop: reported as asyncio does
            self._fail(error, "eof_received")
        else:
            if not stays_open:
                self.close()

    def lose(self, error: Exception | None) -> None:
        """Tell the protocol, in a step of its own, that the connection is over."""
        self._unsent.clear()
        self._closing = True
        if not self._losing:
            self._losing = True
            self.into.schedule()
            self._loop.call_soon(self._lost, error, context=self.context)

    def die(self) -> None:
        """Fall silent with the process: its unsent octets are lost with it."""
        self.gone = self._closing = self._losing = True
        self.into.readdress()
        self.out.leave()
        self.process.remains.append(self)

    def room_again(self) -> None:
        """Send what was kept, in a step of the process that wrote it."""
        if self._unsent and not self.gone:
            self._loop.call_soon(self._flush, context=self.context)

    def _flush(self) -> None:
        """Send what there is room for; end what should end when all is sent."""
        room = WINDOW_BYTES - self.out.used
        if self._unsent and room > 0:
            self.out.carry(bytes(self._unsent[:room]))
            del self._unsent[:room]
        if self._told_to_pause and len(self._unsent) <= self._low:
            self._told_to_pause = False
            self.get_protocol().resume_writing()
        if not self._unsent and (self._closing or self._wrote_end):
            self.out.end()
            if self._closing:
                self.lose(None)

    def _mind_high_water(self) -> None:
        if len(self._unsent) > self._high and not self._told_to_pause:
            self._told_to_pause = True
            self.get_protocol().pause_writing()

    def _fail(self, error: Exception, where: str) -> None:
        message = f"Fatal error: protocol.{where}() call failed."
        self._loop.call_exception_handler(
            {"message": message, "exception": error, "transport": self, "protocol": self._protocol}
        )
        self.abort()

    def _lost(self, error: Exception | None) -> None:
        self.gone = True
        self._connection.network.forget(self._connection)
        if self._protocol is not None:
            self._protocol.connection_lost(error)


def _fill(protocol: asyncio.BufferedProtocol, data: bytes) -> None:
    """Hand octets over in the pieces that a protocol makes room for."""
    while data:
        room: Any = protocol.get_buffer(len(data))
        piece = data[: len(room)]
        assert piece, "get_buffer() returned an empty buffer"
        memoryview(room)[: len(piece)] = piece
        protocol.buffer_updated(len(piece))
        data = data[len(piece) :]
