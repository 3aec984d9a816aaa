"""What the network and a crash do to connections, and that both sides come to know of it."""

import asyncio

import pytest

from tests.unit.world.rig import PORT, Ear, pair, world
from twofold.world.loop import Process, VirtualLoop
from twofold.world.wires import WINDOW_BYTES

SEEDS = range(40)


def test_the_peer_of_a_dead_process_learns_of_it_and_has_a_part_of_what_was_sent() -> None:
    async def main() -> tuple[Ear, Ear, float]:
        client, server = await pair(loop)
        client.transport.write(b"first")
        await asyncio.sleep(1)
        client.transport.write(b"second")
        loop.kill(client_process())
        killed_at = loop.time()
        client.transport.write(b"from beyond")
        server.transport.write(b"to nobody")
        await server.over
        return client, server, loop.time() - killed_at

    def client_process() -> Process:
        return network.connections[0].ends[0].process

    heard, errors = set(), set()
    for seed in SEEDS:
        with world(seed) as (loop, network):
            client, server, took = loop.run_until_complete(main())
            assert server.heard.startswith(b"first")
            assert b"firstsecond".startswith(server.heard)
            assert 0.0 < took < 0.016
            assert client.told == ["made"]
            assert server.told[-1] == "lost"
            assert network.connections == []
            heard.add(len(server.heard))
            errors.add(type(server.over.result()))
    assert {len(b"first"), len(b"firstsecond")} < heard
    assert errors == {type(None), ConnectionResetError}


def test_what_a_dead_process_had_not_put_on_the_wire_is_lost() -> None:
    async def main() -> int:
        client, server = await pair(loop)
        server.transport.pause_reading()
        client.transport.write(bytes(2 * WINDOW_BYTES))
        await asyncio.sleep(1)
        loop.kill(network.connections[0].ends[0].process)
        server.transport.resume_reading()
        await server.over
        return len(server.heard)

    for seed in SEEDS:
        with world(seed) as (loop, network):
            assert loop.run_until_complete(main()) <= WINDOW_BYTES


def test_who_keeps_writing_to_a_dead_process_is_reset() -> None:
    async def main() -> Exception | None:
        client, server = await pair(loop, keeps_open=True)
        server.transport.write(b"under way")
        loop.kill(network.connections[0].ends[0].process)
        await asyncio.sleep(1)
        assert client.heard == b""
        return await server.over

    for seed in SEEDS:
        with world(seed) as (loop, network):
            assert isinstance(loop.run_until_complete(main()), ConnectionResetError)


def test_a_connection_is_forgotten_when_both_of_its_processes_are_dead() -> None:
    async def main() -> None:
        await pair(loop)
        for end in network.connections[0].ends:
            loop.kill(end.process)
        assert network.connections == []

    with world() as (loop, network):
        loop.run_until_complete(main())


def test_a_dead_process_listens_no_more_and_the_next_one_may() -> None:
    async def main() -> None:
        first = loop.process("smsc")
        await first.spawn(loop.create_server(Ear, "", PORT))
        await loop.create_connection(Ear, "smsc", PORT)
        loop.kill(first)
        with pytest.raises(ConnectionRefusedError):
            await loop.create_connection(Ear, "smsc", PORT)
        await loop.process("smsc").spawn(loop.create_server(Ear, "", PORT))
        await loop.create_connection(Ear, "smsc", PORT)

    with world() as (loop, _):
        loop.run_until_complete(main())


def test_a_server_that_dies_while_it_is_connected_to_lets_its_client_know() -> None:
    async def main(after_s: float) -> None:
        server, client = loop.process("server"), loop.process("client")
        await server.spawn(loop.create_server(Ear, "", PORT))
        connecting = client.spawn(loop.create_connection(Ear, "server", PORT))
        await asyncio.sleep(after_s)
        loop.kill(server)
        try:
            _, ear = await connecting
        except ConnectionRefusedError:
            return
        assert isinstance(ear, Ear)
        await ear.over
        assert network.connections == []

    for seed in SEEDS:
        with world(seed) as (loop, network):
            loop.run_until_complete(main(after_s=0.0005 * (seed % 20)))


def test_a_client_that_dies_while_it_connects_leaves_nothing() -> None:
    async def main(step: int) -> bool:
        server, client = loop.process("server"), loop.process("client")
        await server.spawn(loop.create_server(Ear, "", PORT))
        loop.kill_at(client, step)
        client.spawn(loop.create_connection(Ear, "server", PORT))
        await asyncio.sleep(1)
        assert [one.ends[0].gone for one in network.connections] == [False] * client.alive
        return client.alive

    alive = []
    for step in range(1, 10):
        with world() as (loop, network):
            alive.append(loop.run_until_complete(main(step)))
    assert alive[0] is False
    assert alive[-1] is True


def test_a_cut_resets_both_ends_of_what_was_chosen_and_nothing_else() -> None:
    async def main() -> None:
        client, server = await pair(loop)
        await loop.create_server(Ear, "", PORT + 1)
        _, other = await loop.create_connection(Ear, "other", PORT + 1)
        client.transport.write(b"x" * 100)
        assert network.cut(lambda connection: connection.port == PORT) == 1
        for _ in range(5):
            client.transport.write(b"lost")
            server.transport.write(b"lost")
        assert isinstance(await client.over, ConnectionResetError)
        assert isinstance(await server.over, ConnectionResetError)
        assert (client.heard, server.heard.strip(b"x")) == (b"", b"")
        heard.append(len(server.heard))
        await asyncio.sleep(1)
        assert isinstance(other, Ear)
        assert not other.over.done()
        assert network.cut() == 1
        assert isinstance(await other.over, ConnectionResetError)

    heard: list[int] = []
    for seed in SEEDS:
        with world(seed) as (loop, network):
            loop.run_until_complete(main())
    assert any(0 < size < 100 for size in heard), "mid-message"


def test_a_cut_is_noticed_by_an_end_that_is_closing_and_by_one_that_writes() -> None:
    async def main() -> None:
        client, server = await pair(loop)
        client.transport.pause_reading()
        server.transport.pause_reading()
        client.transport.write(bytes(2 * WINDOW_BYTES))
        client.transport.close()
        network.cut()
        assert isinstance(await client.over, ConnectionResetError)
        await asyncio.sleep(1)
        assert not server.over.done()
        server.transport.write(b"x")
        assert isinstance(await server.over, ConnectionResetError)

    with world() as (loop, network):
        loop.run_until_complete(main())


def test_a_cut_is_noticed_by_an_end_that_closes_after_it() -> None:
    async def main() -> Exception | None:
        client, server = await pair(loop)
        client.transport.pause_reading()
        server.transport.pause_reading()
        client.transport.write(bytes(2 * WINDOW_BYTES))
        network.cut()
        await asyncio.sleep(1)
        client.transport.close()
        return await client.over

    with world() as (loop, network):
        assert isinstance(loop.run_until_complete(main()), ConnectionResetError)


def test_a_port_can_be_made_to_refuse() -> None:
    async def main() -> None:
        await loop.create_server(Ear, "", PORT)
        network.refuse(PORT)
        network.refuse(PORT)
        with pytest.raises(ConnectionRefusedError):
            await loop.create_connection(Ear, "smsc", PORT)
        network.accept(PORT)
        network.accept(PORT)
        await loop.create_connection(Ear, "smsc", PORT)

    with world() as (loop, network):
        loop.run_until_complete(main())


def test_a_partition_loses_one_direction_in_silence_and_healing_resets_what_has_a_hole() -> None:
    async def main() -> None:
        client, server = await pair(loop)
        network.partition("client", "server")
        client.transport.write(b"lost")
        server.transport.write(b"heard")
        await asyncio.sleep(3600)
        assert (client.heard, server.heard) == (b"heard", b"")
        assert not client.over.done()
        assert not server.over.done()
        network.heal()
        assert isinstance(await client.over, ConnectionResetError)
        assert isinstance(await server.over, ConnectionResetError)
        assert server.heard == b""

    with world() as (loop, network):
        loop.run_until_complete(main())


def test_nothing_arrives_behind_a_hole() -> None:
    async def main() -> bytes:
        client, server = await pair(loop)
        network.partition("client", "server")
        client.transport.write(b"lost")
        await asyncio.sleep(1)
        client.transport.write(b"behind it")
        network.heal()
        await server.over
        return server.heard

    for seed in SEEDS:
        with world(seed) as (loop, network):
            assert loop.run_until_complete(main()) == b""


def test_a_connection_that_lost_nothing_outlives_a_partition() -> None:
    async def main() -> bytes:
        client, server = await pair(loop)
        network.partition("client")
        await asyncio.sleep(3600)
        network.heal()
        client.transport.write(b"back")
        await asyncio.sleep(1)
        return server.heard

    with world() as (loop, network):
        assert loop.run_until_complete(main()) == b"back"


def test_what_a_partition_holds_arrives_late_and_in_order() -> None:
    async def main() -> Ear:
        client, server = await pair(loop)
        hold = network.partition(receiver="server", holds=True)
        other = network.partition("client", "nobody")
        for number in range(10):
            client.transport.write(b"%d" % number)
            await asyncio.sleep(1)
        assert server.heard == b""
        network.partition("nobody", "server")
        network.heal(hold)
        await asyncio.sleep(1)
        assert server.heard == b"0123456789"
        network.heal(other)
        client.transport.close()
        assert await server.over is None
        return server

    for seed in SEEDS:
        with world(seed) as (loop, network):
            server = loop.run_until_complete(main())
            assert server.heard == b"0123456789"
            assert min(server.at) > 10


def test_healing_one_partition_leaves_the_other() -> None:
    async def main() -> bytes:
        client, server = await pair(loop)
        one = network.partition("client", "server")
        network.partition(receiver="server")
        network.heal(one)
        client.transport.write(b"lost all the same")
        await asyncio.sleep(1)
        return server.heard

    with world() as (loop, network):
        assert loop.run_until_complete(main()) == b""


def test_a_crash_behind_a_partition_is_learnt_of_once_it_is_healed() -> None:
    async def main() -> Exception | None:
        _, server = await pair(loop)
        network.partition("client", "server")
        network.partition("server", "client")
        loop.kill(network.connections[0].ends[0].process)
        server.transport.write(b"anyone?")
        await asyncio.sleep(3600)
        assert not server.over.done()
        network.heal()
        return await server.over

    for seed in SEEDS:
        with world(seed) as (loop, network):
            assert isinstance(loop.run_until_complete(main()), ConnectionResetError)


async def connect(loop: VirtualLoop) -> float:
    """Connect from a process of its own; say how long it took."""
    began_at = loop.time()
    await loop.process("client").spawn(loop.create_connection(Ear, "server", PORT))
    return loop.time() - began_at


@pytest.mark.parametrize(("sender", "receiver"), [("client", "server"), ("server", "client")])
def test_a_connection_is_asked_for_until_a_partition_heals(sender: str, receiver: str) -> None:
    async def main() -> float:
        await loop.process("server").spawn(loop.create_server(Ear, "", PORT))
        network.partition(sender, receiver)
        loop.call_later(10, network.heal)
        return await connect(loop)

    with world() as (loop, network):
        assert 15 <= loop.run_until_complete(main()) < 15.1


def test_a_connection_is_not_asked_for_for_ever() -> None:
    async def main() -> float:
        network.partition("client")
        with pytest.raises(TimeoutError, match="did not answer"):
            await connect(loop)
        return loop.time()

    with world() as (loop, network):
        assert 127 <= loop.run_until_complete(main()) < 127.1
