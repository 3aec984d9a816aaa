"""Connections in memory: what the wires of a world have in common, and the faults they meet.

Rules: whoever asks for a connection or takes one is known by its process, and faults are laid
between processes by name, so that they outlast a crash and a new start. What is carried is counted:
a scenario that meant to speak over the network can show that it did.
"""

import asyncio
import errno
import zlib
from collections import Counter
from collections.abc import Callable
from contextvars import copy_context
from itertools import count
from random import Random
from typing import Final, Self

import msgspec

from twofold.world.loop import Process, VirtualLoop
from twofold.world.wires import Connection, End, Factory, Wire

SYN_RETRIES: Final = 6
"""Linux asks 1, 3, 7, 15, 31 and 63 s after the first time, and gives up after 127 s (tcp(7))."""

_ANY_HOST: Final = ("", "0.0.0.0", "::")  # noqa: S104 - nothing binds to a real interface
_FIRST_FREE_PORT: Final = 20_000
_FIRST_CLIENT_PORT: Final = 49_152


class Partition(msgspec.Struct, frozen=True):
    """What one process sends another does not arrive; None stands for every process.

    What is lost for good leaves a hole in its connection, which is therefore reset on healing.
    With `holds` it is kept and sent again: it arrives late, when the partition is healed.
    """

    sender: str | None
    receiver: str | None
    holds: bool


class Network:
    """The one network of a world, with its faults and the count of what it carried.

    `delay_ms` bounds the time of a chunk under way; `split` and `join` are how often a write is cut
    in two, and how often it is joined to what is still on its way. All three may be changed at any
    time. `bytes_carried`, `chunks_carried` and `bytes_by_port` (the server's port) count what
    reached a protocol.
    """

    def __init__(
        self,
        loop: VirtualLoop,
        chance: Random,
        *,
        delay_ms: tuple[float, float] = (0.1, 5.0),
        split: float = 0.2,
        join: float = 0.2,
    ) -> None:
        self.loop = loop
        self.chance = chance
        self.delay_ms = delay_ms
        self.split = split
        self.join = join
        self.bytes_carried = 0
        self.chunks_carried = 0
        self.bytes_by_port: Counter[int] = Counter()
        self.context = loop.world.context()
        self._connections: dict[int, Connection] = {}
        self._listeners: dict[tuple[str, int], Listener] = {}
        self._refused: list[int] = []
        self._partitions: list[Partition] = []
        self._numbers = count(1)
        self._free_ports = count(_FIRST_FREE_PORT)
        self._client_ports = count(_FIRST_CLIENT_PORT)
        loop.network = self
        loop.on_kill.append(self._died)

    # -- faults --------------------------------------------------------------------------------

    @property
    def connections(self) -> list[Connection]:
        """The connections of which an end still lives, oldest first."""
        return list(self._connections.values())

    def cut(self, chosen: Callable[[Connection], bool] = lambda _: True) -> int:
        """Reset connections, mid-message where chance will have it; say how many."""
        found = [connection for connection in self.connections if chosen(connection)]
        for connection in found:
            connection.sever()
        return len(found)

    def refuse(self, port: int) -> None:
        """Refuse connections to a port from now on."""
        if port not in self._refused:
            self._refused.append(port)

    def accept(self, port: int) -> None:
        """Refuse them no longer."""
        if port in self._refused:
            self._refused.remove(port)

    def partition(
        self, sender: str | None = None, receiver: str | None = None, *, holds: bool = False
    ) -> Partition:
        """Lose what a process (by name) sends another, connection requests too, until healed."""
        self._partitions.append(fault := Partition(sender, receiver, holds))
        return fault

    def heal(self, fault: Partition | None = None) -> None:
        """End one partition, or all; reset what has a hole, send again what was held."""
        self._partitions = [one for one in self._partitions if fault is not None and one != fault]
        for connection in self.connections:
            if any(end.out.has_hole and not self.fault_on(end.out) for end in connection.ends):
                connection.sever()
            for end in connection.ends:
                end.out.schedule()

    # -- what the loop asks --------------------------------------------------------------------

    async def connect(
        self, factory: Factory, host: str | None, port: int
    ) -> tuple[End, asyncio.BaseProtocol]:
        """Open a connection; raises ConnectionRefusedError, and TimeoutError after 127 s."""
        listener = await self._answering(host, port)
        end = self._open(listener, host or "127.0.0.1", port)
        try:
            await asyncio.sleep(self.delay_s())
            protocol = factory()
            begun = self.loop.create_future()
            self.loop.call_soon(end.begin, protocol, begun, context=end.context)
            await begun
        except BaseException:
            end.abort()
            raise
        return end, protocol

    def listen(self, factory: Factory, host: str | None, port: int) -> "Listener":
        """Take connections for the process that is running; raises OSError when one is there."""
        address = (_known_as(host), port or next(self._free_ports))
        if address in self._listeners:
            raise OSError(errno.EADDRINUSE, f"address already in use: {address}")
        self._listeners[address] = listener = Listener(self, factory, address)
        return listener

    # -- what its parts ask --------------------------------------------------------------------

    def delay_s(self) -> float:
        """Draw how long something is under way."""
        return self.chance.uniform(*self.delay_ms) / 1000

    def fault_on(self, wire: Wire) -> Partition | None:
        """Say which partition keeps a direction from arriving."""
        return self._fault(wire.sender.process.name, wire.receiver.process.name)

    def carried(self, wire: Wire, data: bytes) -> None:
        """Count what is about to be read."""
        self.bytes_carried += len(data)
        self.chunks_carried += 1
        self.bytes_by_port[wire.connection.port] += len(data)
        if self.loop.traced:
            self.loop.note(f"{wire} {len(data)} octets {zlib.crc32(data):08x}")

    def forget(self, connection: Connection) -> None:
        """Drop a connection once both of its ends are gone."""
        if all(end.gone for end in connection.ends):
            self._connections.pop(connection.number, None)

    def forget_listener(self, listener: "Listener") -> None:
        """Take no more connections here."""
        if self._listeners.get(listener.address) is listener:
            del self._listeners[listener.address]

    async def _answering(self, host: str | None, port: int) -> "Listener":
        """Find who answers a connection request, as patiently as Linux does."""
        client = self.loop.running.name
        for attempt in range(SYN_RETRIES + 1):
            await asyncio.sleep(self.delay_s())
            listener = self._listeners.get((_known_as(host), port)) or self._listeners.get(
                ("", port)
            )
            server = listener.process.name if listener else ""
            if self._fault(client, server) or self._fault(server, client):
                await asyncio.sleep(1 << attempt)
            elif listener is None or port in self._refused:
                await asyncio.sleep(self.delay_s())
                raise ConnectionRefusedError(errno.ECONNREFUSED, f"{host}:{port} refused")
            else:
                return listener
        raise TimeoutError(errno.ETIMEDOUT, f"{host}:{port} did not answer")

    def _listener(self, host: str | None, port: int) -> "Listener | None":
        exact = self._listeners.get((_known_as(host), port))
        return exact or self._listeners.get(("", port))

    def _open(self, listener: "Listener", host: str, port: int) -> End:
        """Make both ends; the server's begins by itself, the client's when it hears of it."""
        connection = Connection(self, next(self._numbers), host, port)
        ours = ("127.0.0.1", next(self._client_ports))
        client = End(connection, copy_context(), here=ours, there=(host, port))
        server = End(connection, listener.context.copy(), here=(host, port), there=ours)
        connection.lay(client, server)
        self._connections[connection.number] = connection
        self.loop.call_soon(server.accept, listener.factory, context=server.context)
        self.loop.note(f"connects {connection.number} to {host}:{port}")
        return client

    def _fault(self, sender: str, receiver: str) -> Partition | None:
        for fault in self._partitions:
            if fault.sender in (None, sender) and fault.receiver in (None, receiver):
                return fault
        return None

    def _died(self, process: Process) -> None:
        for listener in list(self._listeners.values()):
            if listener.process is process:
                self.forget_listener(listener)
                process.remains.append(listener)
        for connection in self.connections:
            for end in connection.ends:
                if end.process is process and not end.gone:
                    end.die()
            self.forget(connection)


class _Address:
    """What stands for a listening socket: its name is all that it has."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address

    def getsockname(self) -> tuple[str, int]:
        """Give host and port."""
        return self._address


class Listener(asyncio.AbstractServer):
    """A listening socket of a process; closing it leaves its connections open."""

    def __init__(self, network: Network, factory: Factory, address: tuple[str, int]) -> None:
        self.address = address
        self.factory = factory
        self.context = copy_context()
        self.process = network.loop.running
        self._network = network
        self._open = True
        self._for_ever = network.loop.create_future()

    @property
    def sockets(self) -> tuple[_Address, ...]:
        """The socket, as far as its name is asked; none once closed."""
        host, port = self.address
        return (_Address((host or "0.0.0.0", port)),) if self._open else ()  # noqa: S104 - a name

    def close(self) -> None:
        """Take no more connections."""
        self._open = False
        self._network.forget_listener(self)

    def is_serving(self) -> bool:
        """Say whether connections are taken."""
        return self._open

    def get_loop(self) -> VirtualLoop:
        """Give the world's loop."""
        return self._network.loop

    async def start_serving(self) -> None:
        """Do nothing: it serves from its making."""

    async def serve_forever(self) -> None:
        """Serve until cancelled."""
        try:
            await self._for_ever
        finally:
            self.close()

    async def wait_closed(self) -> None:
        """Do nothing: closing takes no time."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()


def _known_as(host: str | None) -> str:
    """Name an address as listeners are kept by; all interfaces are one."""
    if host is None or host in _ANY_HOST:
        return ""
    return "127.0.0.1" if host == "localhost" else host
