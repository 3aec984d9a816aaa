"""Connections as a program sees them: what is told, in which order, and when."""

import asyncio
import errno
from collections.abc import Callable
from operator import methodcaller

import pytest

from tests.unit.world.rig import PORT, Ear, pair, world
from twofold.world.loop import VirtualLoop
from twofold.world.network import Network
from twofold.world.wires import WINDOW_BYTES, End

SEEDS = range(20)


def test_each_protocol_is_told_everything_in_order_and_once() -> None:
    async def main() -> tuple[Ear, Ear]:
        client, server = await pair(loop)
        client.transport.write(b"bind")
        client.transport.writelines([b"submit", b"", b"submit"])
        client.transport.close()
        client.transport.write(b"too late")
        assert await server.over is None
        assert await client.over is None
        await asyncio.sleep(60)
        return client, server

    for seed in SEEDS:
        with world(seed) as (loop, network):
            client, server = loop.run_until_complete(main())
            assert client.told == ["made", "lost"]
            assert server.heard == b"bindsubmitsubmit"
            chunks = ["data"] * len(server.chunks)
            assert server.told == ["made", *chunks, "eof", "lost"]
            assert network.connections == []


def test_chance_cuts_and_joins_chunks_and_keeps_their_octets_in_order() -> None:
    async def main() -> Ear:
        client, server = await pair(loop)
        for number in range(20):
            client.transport.write(b"%02d;" % number)
            await asyncio.sleep(0.001)
        client.transport.close()
        await server.over
        return server

    expected = b"".join(b"%02d;" % number for number in range(20))
    sizes: list[int] = []
    for seed in SEEDS:
        with world(seed) as (loop, network):
            server = loop.run_until_complete(main())
            assert server.heard == expected
            assert network.bytes_carried == network.bytes_by_port[PORT] == len(expected)
            assert network.chunks_carried == len(server.chunks)
            sizes += map(len, server.chunks)
    assert {1, 2, 3, 6} <= set(sizes)


def test_without_cuts_and_joins_each_write_is_a_chunk() -> None:
    async def main() -> list[bytes]:
        network.split = network.join = 0.0
        client, server = await pair(loop)
        for number in range(20):
            client.transport.write(b"%d" % number)
        client.transport.close()
        await server.over
        return server.chunks

    with world() as (loop, network):
        assert loop.run_until_complete(main()) == [b"%d" % number for number in range(20)]


def test_a_chunk_is_under_way_as_long_as_the_network_says() -> None:
    async def main(lowest_s: float, highest_s: float) -> list[float]:
        network.join = 0.0
        network.delay_ms = lowest_s * 1000, highest_s * 1000
        client, server = await pair(loop)
        delays: list[float] = []
        for _ in range(50):
            wrote_at = loop.time()
            client.transport.write(b"x")
            await asyncio.sleep(1)
            delays.append(server.at[-1] - wrote_at)
        return delays

    for lowest_s, highest_s in ((0.0001, 0.005), (0.2, 0.9)):
        with world() as (loop, network):
            delays = loop.run_until_complete(main(lowest_s, highest_s))
            assert all(lowest_s - 1e-9 <= delay <= highest_s + 1e-9 for delay in delays)
            assert max(delays) - min(delays) > (highest_s - lowest_s) / 2


def test_what_is_joined_is_under_way_no_shorter() -> None:
    async def main() -> list[float]:
        network.join, network.split, network.delay_ms = 1.0, 0.0, (2.0, 3.0)
        client, server = await pair(loop)
        waits: list[float] = []
        for _ in range(20):
            client.transport.write(b"a")
            await asyncio.sleep(0.0019)
            wrote_at = loop.time()
            client.transport.write(b"b")
            await asyncio.sleep(1)
            waits.append(server.at[-1] - wrote_at)
            assert server.chunks.pop() == b"ab"
        return waits

    with world() as (loop, network):
        assert min(loop.run_until_complete(main())) >= 0.002 - 1e-9


def test_an_end_names_both_addresses_and_no_socket() -> None:
    async def main() -> None:
        client, server = await pair(loop)
        ours, theirs = client.transport, server.transport
        assert ours.get_extra_info("peername") == ("127.0.0.1", PORT)
        assert theirs.get_extra_info("sockname") == ("127.0.0.1", PORT)
        assert ours.get_extra_info("sockname") == theirs.get_extra_info("peername")
        assert ours.get_extra_info("socket") is None
        assert ours.get_protocol() is client
        (connection,) = network.connections
        assert (connection.client, connection.server) == ("client", "server")

    with world() as (loop, network):
        loop.run_until_complete(main())


def test_one_direction_may_end_before_the_other() -> None:
    async def main() -> tuple[Ear, Ear]:
        client, server = await pair(loop, keeps_open=True)
        client.transport.write(b"all")
        assert client.transport.can_write_eof()
        client.transport.write_eof()
        with pytest.raises(RuntimeError, match="after write_eof"):
            client.transport.write(b"more")
        await asyncio.sleep(1)
        assert server.told[-1] == "eof"
        server.transport.write(b"answer")
        await asyncio.sleep(1)
        server.transport.close()
        await server.over
        await asyncio.sleep(1)
        client.transport.close()
        await client.over
        return client, server

    with world() as (loop, _):
        client, server = loop.run_until_complete(main())
        assert (client.heard, server.heard) == (b"answer", b"all")
        assert client.told[-2:] == ["eof", "lost"]


def test_an_abort_loses_at_most_what_was_under_way() -> None:
    async def main() -> tuple[Ear, Exception | None]:
        client, server = await pair(loop)
        client.transport.write(b"first")
        await asyncio.sleep(1)
        client.transport.write(b"second")
        client.transport.abort()
        assert await client.over is None
        return server, await server.over

    ends = set()
    for seed in SEEDS:
        with world(seed) as (loop, _):
            server, error = loop.run_until_complete(main())
            assert b"firstsecond".startswith(server.heard)
            assert server.heard.startswith(b"first")
            ends.add((server.heard == b"firstsecond", type(error)))
    assert {(True, type(None)), (False, ConnectionResetError)} <= ends


def test_what_is_written_to_an_end_that_is_gone_is_answered_by_a_reset() -> None:
    async def main() -> Exception | None:
        client, server = await pair(loop, keeps_open=True)
        client.transport.close()
        await client.over
        await asyncio.sleep(1)
        assert server.told[-1] == "eof"
        server.transport.write(b"anyone?")
        return await server.over

    with world() as (loop, _):
        assert isinstance(loop.run_until_complete(main()), ConnectionResetError)


def test_a_writer_is_held_back_while_its_peer_does_not_read() -> None:
    size = 4 * WINDOW_BYTES

    async def main() -> tuple[Ear, Ear]:
        client, server = await pair(loop)
        server.transport.pause_reading()
        for _ in range(16):
            client.transport.write(bytes(size // 16))
        await asyncio.sleep(60)
        assert server.heard == b""
        assert client.told == ["made", "pause"]
        assert client.transport.get_write_buffer_size() == size - WINDOW_BYTES
        server.transport.resume_reading()
        await asyncio.sleep(60)
        assert client.transport.get_write_buffer_size() == 0
        return client, server

    with world() as (loop, _):
        client, server = loop.run_until_complete(main())
        assert client.told == ["made", "pause", "resume"]
        assert server.heard == bytes(size)
        assert client.called_in == ["client", "client"]
        assert {*server.called_in} == {"server"}


def test_the_limits_of_a_write_buffer_can_be_set() -> None:
    async def main() -> list[str]:
        client, server = await pair(loop)
        client.transport.set_write_buffer_limits(high=10)
        assert client.transport.get_write_buffer_limits() == (2, 10)
        with pytest.raises(ValueError, match="must be >="):
            client.transport.set_write_buffer_limits(high=1, low=2)
        server.transport.pause_reading()
        client.transport.write(bytes(WINDOW_BYTES + 10))
        assert client.told == ["made"]
        client.transport.write(b"x")
        return client.told

    with world() as (loop, _):
        assert loop.run_until_complete(main()) == ["made", "pause"]


def test_what_is_closed_is_sent_first() -> None:
    size = 3 * WINDOW_BYTES

    async def main() -> tuple[Ear, Ear]:
        client, server = await pair(loop)
        server.transport.pause_reading()
        client.transport.write(bytes(size))
        client.transport.close()
        client.transport.write(b"too late")
        assert client.transport.is_closing()
        server.transport.write(b"no longer read")
        await asyncio.sleep(1)
        assert not client.over.done()
        server.transport.resume_reading()
        assert await server.over is None
        assert await client.over is None
        return client, server

    with world() as (loop, _):
        client, server = loop.run_until_complete(main())
        assert (client.heard, server.heard) == (b"", bytes(size))


def test_an_abort_drops_what_was_not_sent() -> None:
    async def main() -> int:
        client, server = await pair(loop)
        server.transport.pause_reading()
        client.transport.write(bytes(2 * WINDOW_BYTES))
        assert client.transport.get_write_buffer_size() == WINDOW_BYTES
        client.transport.abort()
        return client.transport.get_write_buffer_size()

    with world() as (loop, _):
        assert loop.run_until_complete(main()) == 0


def test_a_connection_that_is_lost_twice_over_is_told_so_once() -> None:
    async def main() -> list[str]:
        client, _ = await pair(loop)
        end = client.transport
        assert isinstance(end, End)
        end.close()
        end.lose(ConnectionResetError())
        end.abort()
        await asyncio.sleep(1)
        return client.told

    with world() as (loop, _):
        assert loop.run_until_complete(main()) == ["made", "lost"]


def test_nothing_is_read_after_a_pause_even_if_it_was_under_way() -> None:
    async def main() -> bytes:
        client, server = await pair(loop)
        client.transport.write(b"x")
        server.transport.pause_reading()
        await asyncio.sleep(1)
        assert server.heard == b""
        server.transport.resume_reading()
        await asyncio.sleep(1)
        return server.heard

    with world() as (loop, _):
        assert loop.run_until_complete(main()) == b"x"


@pytest.mark.parametrize("leave", [methodcaller("close"), methodcaller("abort")])
def test_who_leaves_octets_unread_resets_the_connection(
    leave: Callable[[asyncio.Transport], None],
) -> None:
    async def main() -> Exception | None:
        client, server = await pair(loop, keeps_open=True)
        server.transport.pause_reading()
        client.transport.write(b"x")
        await asyncio.sleep(1)
        leave(server.transport)
        return await client.over

    for seed in SEEDS:
        with world(seed) as (loop, _):
            assert isinstance(loop.run_until_complete(main()), ConnectionResetError)


def test_a_server_without_a_protocol_ends_the_connection_and_is_reported() -> None:
    def fail() -> Ear:
        raise ValueError("no protocol")

    async def main() -> str:
        await loop.create_server(fail, "", PORT)
        _, ear = await loop.create_connection(Ear, "server", PORT)
        assert isinstance(ear, Ear)
        await ear.over
        return repr(loop.unhandled.pop()["exception"])

    with world() as (loop, _):
        assert loop.run_until_complete(main()) == "ValueError('no protocol')"


def test_a_protocol_that_fails_loses_its_connection_and_is_reported() -> None:
    class Broken(Ear):
        def data_received(self, data: bytes) -> None:
            raise ValueError(data)

    async def main() -> tuple[Exception | None, dict[str, object]]:
        client, server = await pair(loop)
        server.transport.set_protocol(broken := Broken())
        client.transport.write(b"x")
        await broken.over
        await client.over
        return await broken.over, loop.unhandled.pop()

    with world() as (loop, _):
        error, report = loop.run_until_complete(main())
        assert error is None
        assert isinstance(report["exception"], ValueError)


def test_a_buffered_protocol_is_filled_piece_by_piece() -> None:
    class Buffered(asyncio.BufferedProtocol):
        def __init__(self) -> None:
            self.room = bytearray(3)
            self.heard = b""

        def get_buffer(self, _sizehint: int) -> bytearray:
            return self.room

        def buffer_updated(self, nbytes: int) -> None:
            self.heard += self.room[:nbytes]

    async def main() -> bytes:
        client, server = await pair(loop)
        server.transport.set_protocol(buffered := Buffered())
        client.transport.write(b"0123456789")
        await asyncio.sleep(1)
        return buffered.heard

    with world() as (loop, _):
        assert loop.run_until_complete(main()) == b"0123456789"


async def reach(loop: VirtualLoop, port: int, host: str = "127.0.0.1") -> float:
    """Connect and close; say how long it took."""
    began_at = loop.time()
    transport, _ = await loop.create_connection(Ear, host, port)
    transport.close()
    return loop.time() - began_at


def test_nobody_answers_where_nobody_listens() -> None:
    async def main() -> None:
        with pytest.raises(ConnectionRefusedError) as refused:
            await reach(loop, PORT)
        assert refused.value.errno == errno.ECONNREFUSED
        listener = await loop.create_server(Ear, "127.0.0.1", PORT)
        assert await reach(loop, PORT) < 0.011
        assert await reach(loop, PORT, "localhost") < 0.011
        with pytest.raises(ConnectionRefusedError):
            await reach(loop, PORT, "10.0.0.1")
        listener.close()
        with pytest.raises(ConnectionRefusedError):
            await reach(loop, PORT)

    with world() as (loop, _):
        loop.run_until_complete(main())


def test_a_port_is_taken_until_its_listener_closes() -> None:
    async def main() -> None:
        async with await loop.create_server(Ear, None, PORT) as first:
            assert first.is_serving()
            await reach(loop, PORT, "anything.example")
            with pytest.raises(OSError, match="address already in use"):
                await loop.create_server(Ear, "", PORT)
        assert not first.is_serving()
        assert (await loop.create_server(Ear, "", PORT)).is_serving()

    with world() as (loop, _):
        loop.run_until_complete(main())


def test_port_0_takes_a_free_one_and_names_it() -> None:
    async def main() -> None:
        servers = [await asyncio.start_server(print, "127.0.0.1", 0) for _ in range(2)]
        ports = [server.sockets[0].getsockname()[1] for server in servers]
        assert ports[0] != ports[1]
        await reach(loop, ports[0])
        servers[0].close()
        assert servers[0].sockets == ()

    with world() as (loop, _):
        loop.run_until_complete(main())


def test_a_listener_that_closes_leaves_its_connections_open() -> None:
    async def main() -> bytes:
        client, server = await pair(loop)  # the listener is closed by now
        client.transport.write(b"still here")
        await asyncio.sleep(1)
        return server.heard

    with world() as (loop, _):
        assert loop.run_until_complete(main()) == b"still here"


@pytest.mark.parametrize("after_s", [0.0, 0.001, 0.004])
def test_a_connection_that_is_given_up_half_way_is_not_left_open(after_s: float) -> None:
    async def main() -> None:
        await loop.create_server(Ear, "", PORT)
        task = asyncio.create_task(reach(loop, PORT))
        await asyncio.sleep(after_s)
        task.cancel()
        await asyncio.sleep(1)
        assert task.cancelled()
        assert network.connections == []

    for seed in SEEDS:
        with world(seed) as (loop, network):
            network.delay_ms = 2.0, 3.0
            loop.run_until_complete(main())


def test_no_octets_are_counted_where_none_crossed() -> None:
    async def main() -> None:
        client, _ = await pair(loop)
        client.transport.write(b"")
        client.transport.close()
        await client.over

    with world() as (loop, network):
        loop.run_until_complete(main())
        assert (network.bytes_carried, network.chunks_carried) == (0, 0)


@pytest.mark.parametrize(
    "act",
    [
        lambda loop: loop.create_connection(Ear, "127.0.0.1", PORT),
        lambda loop: loop.create_server(Ear, "127.0.0.1", PORT),
    ],
)
def test_a_loop_without_a_network_says_so(act: Callable[[VirtualLoop], object]) -> None:
    async def main() -> None:
        loop.network = None
        with pytest.raises(AssertionError, match="no network"):
            await act(loop)  # type: ignore[misc]

    with world() as (loop, _):
        loop.run_until_complete(main())


def test_octets_alone_can_be_written() -> None:
    async def main(network: Network) -> None:
        client, server = await pair(loop)
        with pytest.raises(TypeError, match="not str"):
            client.transport.write("text")  # type: ignore[arg-type]
        client.transport.write(memoryview(bytearray(b"view")))
        await asyncio.sleep(1)
        assert server.heard == b"view"
        assert network.bytes_carried == 4

    with world() as (loop, network):
        loop.run_until_complete(main(network))
