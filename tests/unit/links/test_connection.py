"""One connection on a transport that the test holds in its hand."""

import asyncio
import socket

import pytest

from twofold.links import connection as module
from twofold.links.connection import Connection, Noticed
from twofold.links.listener import Ticket
from twofold.protocol.smpp import pdus as p
from twofold.protocol.smpp.codec import decode, encode
from twofold.protocol.smpp.session import Role, Session, SessionSettings


class Plug:
    """As much of a socket as a connection touches."""

    def __init__(self) -> None:
        self.options: list[tuple[int, int, int]] = []

    def setsockopt(self, *option: int) -> None:
        self.options.append(option)  # type: ignore[arg-type]


class Wire(asyncio.Transport):
    """Keeps each write apart; closing waits, as for a peer that does not read."""

    def __init__(self) -> None:
        self.plug = Plug()
        super().__init__({"socket": self.plug})
        self.writes: list[bytes] = []
        self.closing = False
        self.aborted: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.writes.append(bytes(data))

    def is_closing(self) -> bool:
        return self.closing

    def close(self) -> None:
        self.closing = True

    def abort(self) -> None:
        self.aborted.set_result(None)

    def take(self) -> list[p.Pdu]:
        """Take the PDUs of the one write that there was."""
        (octets,) = self.writes
        self.writes.clear()
        found = []
        while octets:
            length = int.from_bytes(octets[:4], "big")
            found.append(decode(octets[:length]))
            octets = octets[length:]
        return found


class Link:
    """Counts what a connection tells."""

    def __init__(self) -> None:
        self.messages: list[Ticket] = []
        self.turns = 0
        self.ended: list[list[object]] = []
        self.timed_out: asyncio.Future[object] = asyncio.get_running_loop().create_future()

    def connection_bound(self, connection: Connection) -> None: ...

    def connection_ended(self, connection: Connection, lost: list[object]) -> None:
        del connection
        self.ended.append(lost)

    def message_received(self, ticket: Ticket, pdu: p.DeliverSm) -> None:
        del pdu
        self.messages.append(ticket)

    def submit_answered(self, context: object, pdu: p.SubmitSmResp | p.GenericNack) -> None: ...

    def submit_timed_out(self, context: object) -> None:
        self.timed_out.set_result(context)

    def noticed(self, event: Noticed) -> None: ...

    def turn_ended(self) -> None:
        self.turns += 1


async def bound() -> tuple[Connection, Wire, Link]:
    """Give a connection that has bound, with nothing left to write."""
    link, wire = Link(), Wire()
    session = Session(Role.ESME, SessionSettings(system_id="twofold", password="secret"))
    connection = Connection(link, "main", 1, session)
    connection.connection_made(wire)
    assert isinstance(wire.take()[0], p.BindTransceiver)
    connection.data_received(encode(p.BindTransceiverResp(1, 0, "smsc")))
    await turn()
    assert (connection.is_bound, wire.writes) == (True, [])
    return connection, wire, link


async def turn() -> None:
    """Let one turn of the loop pass."""
    done = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(done.set_result, None)
    await done


def now() -> float:
    return asyncio.get_running_loop().time()


TEXT = p.SubmitSm(source_addr="9166", destination_addr="84912345678", short_message=b"hello")
MESSAGE = p.DeliverSm(7, source_addr="84912345678", destination_addr="9166", short_message=b"Y")


async def test_small_segments_are_not_held_back() -> None:
    _, wire, _ = await bound()
    assert wire.plug.options == [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]


async def test_whatever_a_turn_brings_goes_out_in_one_write() -> None:
    connection, wire, _ = await bound()
    for number in range(3):
        connection.request(TEXT, number, now())
    connection.respond(7, 0)
    assert wire.writes == []
    await turn()
    assert [type(pdu).__name__ for pdu in wire.take()] == ["SubmitSm"] * 3 + ["DeliverSmResp"]


async def test_a_turn_ends_once_however_much_was_read() -> None:
    connection, _, link = await bound()
    turns = link.turns
    connection.data_received(encode(MESSAGE, 7) + encode(MESSAGE, 8) + encode(MESSAGE, 9))
    assert [ticket.sequence_number for ticket in link.messages] == [7, 8, 9]
    assert link.turns == turns + 1


async def test_nothing_is_written_to_a_transport_that_asks_for_a_pause() -> None:
    connection, wire, link = await bound()
    room = connection.room
    connection.pause_writing()
    assert (room, connection.room) == (50, 0)
    connection.respond(7, 0)
    await turn()
    assert wire.writes == []
    turns = link.turns
    connection.resume_writing()
    assert (connection.room, link.turns) == (50, turns + 1)
    await turn()
    assert [type(pdu).__name__ for pdu in wire.take()] == ["DeliverSmResp"]


async def test_a_peer_that_does_not_read_cannot_hold_up_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_LINGER_S", 0.01)
    connection, wire, _ = await bound()
    connection.data_received(encode(p.Unbind(9)))
    assert wire.closing
    assert [type(pdu).__name__ for pdu in wire.take()] == ["UnbindResp"]
    await wire.aborted


async def test_a_request_made_between_two_looks_at_the_clock_still_times_out_in_time() -> None:
    link, wire = Link(), Wire()
    settings = SessionSettings(system_id="twofold", response_timeout=0.05, enquire_after=60.0)
    connection = Connection(link, "main", 1, Session(Role.ESME, settings))
    connection.connection_made(wire)
    connection.data_received(encode(p.BindTransceiverResp(1, 0, "smsc")))
    connection.request(TEXT, "a context", now())
    assert await link.timed_out == "a context"
    connection.connection_lost(None)
    assert link.ended == [[]]


async def test_the_reason_of_the_end_is_told_in_words() -> None:
    connection, wire, link = await bound()
    connection.request(TEXT, "a context", now())
    connection.connection_lost(ConnectionResetError("reset by peer"))
    assert await connection.ended == "reset by peer"
    assert link.ended == [["a context"]]
    assert wire.aborted.done() is False
