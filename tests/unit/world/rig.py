"""A world of one seed: a loop and its network, closed when the test is done with them."""

import asyncio
import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random

import pytest

from twofold.world.loop import VirtualLoop
from twofold.world.network import Network

PORT = 2775


@contextmanager
def world(
    seed: object = 1, trace: Callable[[str], None] | None = None
) -> Iterator[tuple[VirtualLoop, Network]]:
    """Make a loop and its network; fail on what living processes left unretrieved."""
    loop = VirtualLoop(Random(f"{seed}/loop"), trace=trace, max_steps=200_000)
    network = Network(loop, Random(f"{seed}/network"))
    try:
        yield loop, network
        loop.close()
        assert loop.unhandled == []
    finally:
        loop.close()


@contextmanager
def silence(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail when asyncio has something to say; what Python cannot raise, pytest fails on."""
    with caplog.at_level(logging.DEBUG, logger="asyncio"):
        yield
        gc.collect()
    assert caplog.messages == []


class Ear(asyncio.Protocol):
    """A protocol that writes down what it is told."""

    def __init__(self, *, keeps_open: bool = False) -> None:
        self.told: list[str] = []
        self.chunks: list[bytes] = []
        self.at: list[float] = []
        self.called_in: list[str] = []
        """The process of each call, save `pause_writing`, which is part of a write."""
        self.keeps_open = keeps_open
        self.over: asyncio.Future[Exception | None] = asyncio.get_running_loop().create_future()
        self.begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport

    @property
    def heard(self) -> bytes:
        """All octets so far."""
        return b"".join(self.chunks)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._note("made")
        self.begun.set_result(None)

    def data_received(self, data: bytes) -> None:
        self.chunks.append(data)
        self.at.append(asyncio.get_running_loop().time())
        self._note("data")

    def eof_received(self) -> bool:
        self._note("eof")
        return self.keeps_open

    def pause_writing(self) -> None:
        self.told.append("pause")

    def resume_writing(self) -> None:
        self._note("resume")

    def connection_lost(self, exc: Exception | None) -> None:
        self._note("lost")
        self.over.set_result(exc)

    def _note(self, what: str) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        self.told.append(what)
        self.called_in.append(loop.running.name)


async def pair(loop: VirtualLoop, *, keeps_open: bool = False) -> tuple[Ear, Ear]:
    """Connect a process `client` with a process `server`, by name; give the two protocols."""
    taken: asyncio.Future[Ear] = loop.create_future()

    def take() -> Ear:
        taken.set_result(ear := Ear(keeps_open=keeps_open))
        return ear

    server, client = loop.process("server"), loop.process("client")
    listener = await server.spawn(loop.create_server(take, "127.0.0.1", PORT))
    _, near = await client.spawn(
        loop.create_connection(lambda: Ear(keeps_open=keeps_open), "127.0.0.1", PORT)
    )
    listener.close()
    assert isinstance(near, Ear)
    far = await taken
    await far.begun  # the server hears of it in a step of its own
    return near, far
