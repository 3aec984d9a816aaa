"""A busy little world, printed: run twice, it must print the same.

    python traced_run.py SEED

It does what might let the order of a set show: it waits for sets, and cancels and joins groups.
"""

import asyncio
import sys
from contextlib import suppress
from random import Random

from twofold.world.loop import VirtualLoop
from twofold.world.network import Network

PORT = 2775


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send back what comes."""
    while data := await reader.read(4096):
        writer.write(data)
    writer.close()


async def serve() -> None:
    """Serve until killed."""
    server = await asyncio.start_server(echo, "", PORT)
    await server.serve_forever()


async def call(name: str) -> None:
    """Say something and hear it, until the server dies."""
    reader, writer = await asyncio.open_connection("server", PORT)
    with suppress(ConnectionError, asyncio.IncompleteReadError):
        while True:
            writer.write(name.encode() * 20)
            await reader.readexactly(20 * len(name))
            await asyncio.sleep(0.01)
    writer.close()


async def group(names: frozenset[str]) -> None:
    """Fail with a group of others, which is then cancelled as a set."""

    async def fail() -> None:
        await asyncio.sleep(0.5)
        raise ValueError("enough")

    async with asyncio.TaskGroup() as tasks:
        for name in sorted(names):
            tasks.create_task(asyncio.sleep(60), name=name)
        tasks.create_task(fail())


async def main(loop: VirtualLoop) -> None:
    """Play it."""
    names = frozenset({"alpha", "beta", "gamma", "delta", "epsilon"})
    server, client = loop.process("server"), loop.process("client")
    server.spawn(serve())
    await asyncio.sleep(0.01)
    calls = {client.spawn(call(name), name) for name in sorted(names)}
    loop.kill_at(server, 400)
    await asyncio.wait(calls)
    waits = {asyncio.create_task(group(names)) for _ in range(3)}
    done, _ = await asyncio.wait(waits)
    loop.note(f"{len([one for one in done if one.exception()])} groups failed")


if __name__ == "__main__":
    world = VirtualLoop(Random(f"{sys.argv[1]}/loop"), trace=print)
    Network(world, Random(f"{sys.argv[1]}/network"))
    world.run_until_complete(main(world))
    world.close()
