"""Clients that keep the server waiting are given up, and nobody else notices; on virtual time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from random import Random

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Mount, Route

from tests.scenarios.calling import listen
from twofold.api.guard import Guard
from twofold.app.calls import Calls
from twofold.app.patience import CONNECTIONS_MAX
from twofold.world.loop import VirtualLoop
from twofold.world.network import Network

HOST, PORT = "127.0.0.1", 8080
WHOLE = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nabcd"
GUARDED = WHOLE.replace(b"/echo", b"/api/echo")


async def echo(request: Request) -> PlainTextResponse:
    """Say back what came."""
    return PlainTextResponse(await request.body())


async def drip(_: Request) -> StreamingResponse:
    """Answer for a minute."""

    async def parts() -> AsyncIterator[bytes]:
        for _ in range(6):
            await asyncio.sleep(10)
            yield b"drop"

    return StreamingResponse(parts())


def play(main: Callable[[], Coroutine[None, None, None]]) -> None:
    """Run against a server on virtual time."""
    loop = VirtualLoop(Random(1))
    Network(loop, Random(2))

    async def served() -> None:
        inner = Starlette(routes=[Route("/echo", echo, methods=["POST"])])
        routes = [
            Route("/echo", echo, methods=["POST"]),
            Route("/drip", drip),
            Mount("/api", Guard(inner, lambda: "R1", Calls())),
        ]
        await listen(Starlette(routes=routes), HOST, PORT)
        await main()

    try:
        loop.run_until_complete(served())
    finally:
        loop.close()


async def send(octets: bytes) -> asyncio.StreamReader:
    """Open a connection and send some octets."""
    reader, writer = await asyncio.open_connection(HOST, PORT)
    writer.write(octets)
    held.append(writer)
    return reader


async def heard(reader: asyncio.StreamReader) -> bytes:
    """All that the server says until it hangs up, politely or not."""
    try:
        return await reader.read()
    except ConnectionError:
        return b""


held: list[asyncio.StreamWriter] = []
"""Clients keep their connections."""

STALLED = [b"", b"POST /ec", WHOLE[:30], WHOLE[:-1], WHOLE + b"POST", WHOLE + WHOLE[:-1]]


@pytest.mark.parametrize("octets", STALLED)
def test_a_client_that_stalls_is_given_up_while_another_is_served(octets: bytes) -> None:
    async def main() -> None:
        began_s = asyncio.get_running_loop().time()
        slow = await send(octets)
        answer = (await (await send(WHOLE)).read()).decode()
        assert answer.startswith("HTTP/1.1 200"), answer
        answers = await slow.read()
        took_s = asyncio.get_running_loop().time() - began_s
        assert answers.count(b"HTTP/1.1 200") == octets.count(b"abcd")
        assert took_s < 16.0

    play(main)


def test_a_client_that_sends_an_octet_a_second_is_given_up_as_well() -> None:
    async def main() -> None:
        reader, writer = await asyncio.open_connection(HOST, PORT)
        for octet in WHOLE:
            writer.write(bytes((octet,)))
            await asyncio.sleep(1)
        assert await heard(reader) == b""
        assert len(WHOLE) > 20

    play(main)


def test_a_body_that_stalls_is_told_so_by_the_api() -> None:
    async def main() -> None:
        slow = await send(GUARDED[:-1])
        answer = (await slow.read()).decode()
        assert answer.startswith("HTTP/1.1 408")
        assert "BODY_TOO_SLOW" in answer
        assert asyncio.get_running_loop().time() < 11.0

    play(main)


def test_an_answer_that_takes_its_time_is_not_cut() -> None:
    async def main() -> None:
        reader = await send(b"GET /drip HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert (await reader.read()).count(b"drop") == 6

    play(main)


def test_beyond_so_many_connections_the_newest_is_closed_and_those_that_are_in_go_on() -> None:
    async def main() -> None:
        readers = [await send(b"") for _ in range(CONNECTIONS_MAX)]
        assert await heard(await send(WHOLE)) == b""
        held[-2].write(WHOLE)
        assert (await readers[-1].readline()).startswith(b"HTTP/1.1 200")

    play(main)
