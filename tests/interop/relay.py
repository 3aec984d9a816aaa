"""Stands between a link and an SMSC and writes down every octet, by connection and direction."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

Chunks = list[tuple[bool, bytes]]


class Relay:
    """Listens on `port` and passes on to another; `connections` holds what each one carried."""

    def __init__(self, to_port: int) -> None:
        self.port = 0
        self.connections: list[Chunks] = []
        self._to_port = to_port

    async def start(self) -> asyncio.Server:
        """Listen."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        return server

    def _accept(self) -> "_Side":
        chunks: Chunks = []
        self.connections.append(chunks)
        esme, smsc = _Side(chunks, by_esme=True), _Side(chunks, by_esme=False)
        esme.other, smsc.other = smsc, esme
        loop = asyncio.get_running_loop()
        connecting = loop.create_connection(lambda: smsc, "127.0.0.1", self._to_port)
        esme.connecting = loop.create_task(connecting)
        return esme


class _Side(asyncio.Protocol):
    def __init__(self, chunks: Chunks, *, by_esme: bool) -> None:
        self.other: _Side
        self.connecting: asyncio.Task[object]
        self._chunks = chunks
        self._by_esme = by_esme
        self._transport: asyncio.Transport | None = None
        self._early = b""
        self._ended = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(self._early)
        if self._ended:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._chunks.append((self._by_esme, data))
        self.other.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self.other.end()

    def write(self, data: bytes) -> None:
        """Pass on, as soon as there is where to."""
        if self._transport is None:
            self._early += data
        else:
            self._transport.write(data)

    def end(self) -> None:
        """Close, too."""
        self._ended = True
        if self._transport is not None:
            self._transport.close()


@asynccontextmanager
async def relay(to_port: int) -> AsyncIterator[Relay]:
    """Run a relay to that port."""
    between = Relay(to_port)
    server = await between.start()
    try:
        yield between
    finally:
        server.close()
        await server.wait_closed()
