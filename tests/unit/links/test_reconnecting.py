"""What breaks a link, and that it comes back by itself."""

import asyncio
from struct import pack

import pytest

from tests.unit.links.rig import ACCOUNT, NUMBER, Heard, link_settings, rig
from twofold.links.smpp import SmppLink
from twofold.peers.smsc import SmscSettings
from twofold.protocol.smpp.constants import CommandStatus


async def test_a_cut_link_binds_again_and_its_unanswered_texts_are_lost() -> None:
    async with rig() as both:
        both.smsc.faults.delay_ms = 60_000
        both.submit("cut off")
        await both.smsc.wait_until(lambda: both.smsc.submitted_count == 1)
        both.smsc.cut()
        await both.heard.down()
        assert both.heard.lost == [("cut off", "the connection was lost")]
        assert not both.submit("while down")
        await both.heard.up()
        assert both.heard.changes == [True, False, True]
        assert (both.link.stats.reconnects, both.link.stats.last_error != "") == (1, True)
        assert both.link.room == both.link.settings.window


async def test_room_asked_for_while_down_appears_with_the_next_bind() -> None:
    async with rig() as both:
        both.smsc.cut()
        await both.heard.down()
        assert both.link.room == 0
        await both.heard.until(lambda: bool(both.heard.rooms))
        assert both.heard.rooms == [both.link.settings.window]


async def test_a_message_left_unanswered_comes_again_over_the_next_bind() -> None:
    async with rig() as both:
        both.heard.status = lambda _: None
        sending = asyncio.create_task(both.phones.send(NUMBER, "9166", "DK THETHAO"))
        await both.heard.until(lambda: len(both.heard.messages) == 1)
        both.smsc.cut()
        both.heard.status = lambda _: 0
        assert await sending == 0
        first, second = both.heard.messages
        assert first[1].short_message == second[1].short_message
        assert (first[0].connection, second[0].connection) == (1, 2)


async def test_the_ticket_of_a_connection_that_is_gone_answers_nothing() -> None:
    async with rig() as both:
        both.heard.status = lambda _: None
        sending = asyncio.create_task(both.phones.send(NUMBER, "9166", "DK THETHAO"))
        await both.heard.until(lambda: len(both.heard.messages) == 1)
        both.smsc.cut()
        await both.heard.until(lambda: len(both.heard.messages) == 2)
        stale, fresh = (ticket for ticket, _ in both.heard.messages)
        both.link.respond(stale, CommandStatus.ESME_RX_P_APPN)
        both.link.respond(fresh, 0)
        assert await sending == 0


async def test_refused_binds_are_tried_again_until_one_is_taken() -> None:
    async with rig(wait_up=False) as both:
        both.smsc.faults.refuse_binds = CommandStatus.ESME_RBINDFAIL
        await both.smsc.wait_until(lambda: both.link.stats.refused_binds == 2)
        assert both.link.stats.last_error == "bind refused: ESME_RBINDFAIL"
        assert both.heard.changes == []
        both.smsc.faults.refuse_binds = 0
        await both.heard.up()
        assert (both.link.stats.binds, both.link.stats.refused_binds) == (1, 2)


async def test_a_wrong_password_never_comes_up_and_is_named() -> None:
    async with rig(wait_up=False, password="wrong") as both:
        await both.smsc.wait_until(lambda: both.link.stats.refused_binds == 1)
        assert not both.link.is_up
        assert "ESME_RINVPASWD" in both.link.stats.last_error
        assert "wrong" not in both.link.stats.last_error


async def test_an_smsc_that_is_away_is_found_when_it_is_back() -> None:
    async with rig() as both:
        await both.smsc.stop()
        await both.heard.down()
        await both.smsc.start()
        await both.heard.up()
        assert await both.phones.send(NUMBER, "9166", "DK THETHAO") == 0


async def test_an_unbind_of_the_smsc_is_answered_and_the_link_binds_again() -> None:
    async with rig() as both:
        both.smsc.unbind_all()
        await both.heard.down()
        await both.heard.up()
        assert "unbound" in both.link.stats.last_error


@pytest.mark.parametrize(
    "nonsense",
    [
        pack(">IIII", 3, 5, 0, 1),
        pack(">IIII", 0x7FFFFFFF, 5, 0, 1),
        pack(">IIII", 18, 5, 0, 1) + b"ab",
    ],
    ids=["a command_length shorter than a header", "one of two gigabytes", "a body past its end"],
)
async def test_nonsense_is_denied_and_the_link_binds_again(nonsense: bytes) -> None:
    async with rig() as both:
        both.smsc.bound[0].write_raw(nonsense)
        await both.heard.down()
        await both.heard.up()
        assert await both.phones.send(NUMBER, "9166", "DK THETHAO") == 0


async def test_an_unknown_command_is_denied_and_the_link_stays() -> None:
    async with rig() as both:
        both.smsc.bound[0].write_raw(pack(">IIII", 16, 0x109, 0, 77))
        assert await both.phones.send(NUMBER, "9166", "DK THETHAO") == 0
        assert both.heard.changes == [True]


async def test_a_line_cut_in_the_middle_of_a_pdu_loses_no_message() -> None:
    async with rig() as both:
        both.smsc.bound[0].write_raw(pack(">IIII", 40, 5, 0, 9) + b"half")
        both.smsc.cut()
        await both.heard.down()
        await both.heard.up()
        assert await both.phones.send(NUMBER, "9166", "DK THETHAO") == 0
        assert len(both.heard.messages) == 1


async def test_a_pdu_that_stalls_half_way_is_given_up() -> None:
    async with rig(stall_timeout_s=0.1) as both:
        both.smsc.bound[0].write_raw(pack(">IIII", 40, 5, 0, 9) + b"half")
        await both.heard.down()
        await both.heard.up()
        assert "stalled" in both.link.stats.last_error


async def test_a_peer_that_falls_silent_is_given_up() -> None:
    settings = SmscSettings((ACCOUNT,), enquire_after_s=60.0)
    async with rig(settings, enquire_after_s=0.1, response_timeout_s=0.5) as both:
        both.smsc.bound[0].write_raw(pack(">IIII", 40, 5, 0, 9))  # swallows its own answers
        await both.heard.down()
        await both.heard.up()
        assert "enquire_link" in both.link.stats.last_error


async def test_a_port_that_swallows_the_bind_is_given_up_and_tried_again() -> None:
    met: list[asyncio.StreamWriter] = []
    heard = Heard()

    async def mute(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        met.append(writer)
        if len(met) == 2:
            twice.set_result(None)

    twice: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    server = await asyncio.start_server(mute, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    heard.link = SmppLink(link_settings(port, response_timeout_s=0.05), heard, lambda: 1.0)
    running = asyncio.create_task(heard.link.run())
    await twice
    assert "no answer" in heard.link.stats.last_error
    await heard.link.close(1.0)
    await running
    server.close()
    for writer in met:
        writer.close()
        await writer.wait_closed()


async def test_a_port_where_nobody_listens_is_named_and_tried_again() -> None:
    async with rig() as both:
        port = both.smsc.port
        await both.smsc.stop()
        errors: list[str] = []
        twice: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def jitter() -> float:
            errors.append(heard.link.stats.last_error)
            if len(errors) == 2:
                twice.set_result(None)
            return 1.0

        heard = Heard()
        heard.link = SmppLink(link_settings(port), heard, jitter)
        running = asyncio.create_task(heard.link.run())
        await twice
        assert all(error.startswith("cannot connect: ") for error in errors)
        await heard.link.close(1.0)
        await running
