"""The streams of asyncio know nothing of the world, and work in it."""

import asyncio

import pytest

from tests.unit.world.rig import PORT, world

SEEDS = range(10)


async def shout(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer each line in capitals."""
    while line := await reader.readline():
        writer.write(line.upper())
        await writer.drain()
    writer.close()


async def serve() -> None:
    """Serve until killed."""
    async with await asyncio.start_server(shout, "0.0.0.0", PORT) as server:  # noqa: S104
        await server.serve_forever()


def test_lines_go_there_and_back() -> None:
    async def main() -> list[bytes]:
        loop.process("server").spawn(serve())
        await asyncio.sleep(1)
        reader, writer = await asyncio.open_connection("localhost", PORT)
        writer.writelines([b"one\n", b"two\n"])
        await writer.drain()
        answers = [await reader.readline() for _ in range(2)]
        writer.write_eof()
        answers.append(await reader.read())
        writer.close()
        await writer.wait_closed()
        return answers

    for seed in SEEDS:
        with world(seed) as (loop, network):
            assert loop.run_until_complete(main()) == [b"ONE\n", b"TWO\n", b""]
            assert network.bytes_carried == 16


def test_more_than_any_buffer_holds_goes_through() -> None:
    size = 1_000_000

    async def main() -> bytes:
        loop.process("server").spawn(serve())
        await asyncio.sleep(1)
        reader, writer = await asyncio.open_connection("localhost", PORT, limit=2 * size)
        writer.write(b"x" * 60_000 + b"\n")
        await writer.drain()
        answer = await reader.readline()
        for _ in range(size // 50_000):
            writer.write(b"y" * 49_999 + b"\n")
            await writer.drain()
        for _ in range(size // 50_000):
            answer += await reader.readline()
        writer.close()
        return answer

    with world() as (loop, _):
        answer = loop.run_until_complete(main())
        assert answer == b"X" * 60_000 + b"\n" + (b"Y" * 49_999 + b"\n") * (size // 50_000)


def test_a_server_that_dies_ends_the_stream() -> None:
    async def main() -> str:
        server = loop.process("server")
        server.spawn(serve())
        await asyncio.sleep(1)
        reader, writer = await asyncio.open_connection("localhost", PORT)
        writer.write(b"half a li")
        await asyncio.sleep(1)
        loop.kill(server)
        try:
            return repr(await reader.read())
        except ConnectionResetError as reset:
            return type(reset).__name__
        finally:
            writer.close()

    ends = set()
    for seed in SEEDS:
        with world(seed) as (loop, _):
            ends.add(loop.run_until_complete(main()))
    assert ends == {"b''", "ConnectionResetError"}


def test_a_read_can_time_out() -> None:
    async def main() -> float:
        loop.process("server").spawn(serve())
        await asyncio.sleep(1)
        reader, writer = await asyncio.open_connection("localhost", PORT)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(3600):
                await reader.readline()
        writer.close()
        return loop.time()

    with world() as (loop, _):
        assert 3601 <= loop.run_until_complete(main()) < 3602
