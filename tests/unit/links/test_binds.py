"""Several binds of one link: texts go over what is up, and messages come over any of them."""

import asyncio
from collections import Counter
from struct import pack, unpack

import pytest

from tests.unit.links.rig import ACCOUNT, NUMBER, Rig, rig
from twofold.links import smpp
from twofold.links.smpp import FULL_IN_A_ROW
from twofold.peers.line import Line
from twofold.peers.smsc import SmscSettings
from twofold.protocol.smpp.constants import CommandId, CommandStatus
from twofold.protocol.smpp.receipts import is_receipt


async def all_bound(both: Rig, binds: int) -> None:
    """Wait until the SMSC has taken so many."""
    await both.smsc.wait_until(lambda: len(both.smsc.bound) == binds)
    await both.heard.up()
    await both.phones.send("84912000009", "9166", "TK")


def submitters(both: Rig) -> Counter[Line]:
    """Count the texts that come over each line from now on."""
    counted: Counter[Line] = Counter()
    take = both.smsc.submitted

    def submitted(line: Line, pdu: object) -> None:
        counted[line] += 1
        take(line, pdu)  # type: ignore[arg-type]

    both.smsc.submitted = submitted  # type: ignore[method-assign]
    return counted


async def test_texts_go_over_all_binds_in_turn_and_each_keeps_its_window() -> None:
    async with rig(binds=3, window=2) as both:
        await all_bound(both, 3)
        counted = submitters(both)
        both.smsc.faults.delay_ms = 20
        assert (both.link.room, both.link.capacity) == (6, 6)
        assert [both.submit(number) for number in range(7)] == [True] * 6 + [False]
        await both.heard.until(lambda: len(both.heard.answers) == 6)
        assert sorted(counted.values()) == [2, 2, 2]


async def test_the_rate_is_a_promise_of_all_binds_together() -> None:
    async with rig(binds=2, tps_max=3) as both:
        await all_bound(both, 2)
        assert [both.submit(number) for number in range(4)] == [True] * 3 + [False]


async def test_a_broken_bind_of_two_leaves_the_link_up_and_its_texts_lost() -> None:
    async with rig(binds=2) as both:
        await all_bound(both, 2)
        both.smsc.faults.delay_ms = 60_000
        both.submit(1)
        both.submit(2)
        await both.smsc.wait_until(lambda: both.smsc.submitted_count == 2)
        both.smsc.faults.delay_ms = 0
        both.smsc.bound[0].cut()
        await both.heard.until(lambda: bool(both.heard.lost))
        assert [why for _, why in both.heard.lost] == [smpp.CONNECTION_LOST]
        assert (both.link.is_up, both.link.capacity) == (True, both.link.settings.window)
        assert both.submit("over the other")
        await both.heard.until(lambda: bool(both.heard.answers))
        await both.smsc.wait_until(lambda: len(both.smsc.bound) == 2)
        assert await both.phones.send(NUMBER, "9166", "Y") == 0
        assert both.heard.changes == [True]
        assert (both.link.stats.reconnects, both.link.stats.outages) == (1, 0)
        both.smsc.cut()  # one text is never answered: the end would wait for it


async def test_the_receipt_may_come_over_another_bind_than_its_text_left_by() -> None:
    async with rig(binds=2) as both:
        await all_bound(both, 2)
        both.heard.messages.clear()
        both.submit("a context")
        both.submit("another")
        await both.heard.until(lambda: len(both.heard.messages) == 2)
        assert all(is_receipt(pdu) for _, pdu in both.heard.messages)
        assert len({ticket.connection for ticket, _ in both.heard.messages}) == 2
        await both.smsc.wait_until(lambda: both.smsc.under_way == 0)


async def test_binds_beyond_what_the_smsc_allows_are_refused_and_do_no_harm() -> None:
    async with rig(binds=2) as both:
        await all_bound(both, 2)
        both.smsc.faults.refuse_binds = CommandStatus.ESME_RALYBND
        both.smsc.bound[0].cut()
        await both.smsc.wait_until(lambda: both.link.stats.refused_binds > 0)
        assert both.link.is_up
        assert [bind.is_up for bind in both.link.binds].count(True) == 1
        assert await both.phones.send(NUMBER, "9166", "DK THETHAO") == 0


async def test_two_transmitters_and_two_receivers_are_up_with_one_of_each() -> None:
    async with rig(binds=2, bind="transmitter_receiver") as both:
        await all_bound(both, 4)
        lines = {line.mode: line for line in both.smsc.bound}
        both.smsc.faults.refuse_binds = CommandStatus.ESME_RBINDFAIL
        for line in lines.values():
            line.cut()
        await both.smsc.wait_until(lambda: len(both.smsc.bound) == 2)
        both.submit(1)
        await both.heard.until(lambda: bool(both.heard.answers))
        assert await both.phones.send(NUMBER, "9166", "Y") == 0
        assert both.heard.changes == [True]
        next(line for line in both.smsc.bound if line.mode == "receiver").cut()
        await both.heard.down()
        both.smsc.faults.refuse_binds = 0
        await both.heard.up()


async def test_answers_are_proved_by_all_that_receive_and_doubted_after_a_break() -> None:
    async with rig(binds=2, enquire_after_s=0.05) as both:
        await all_bound(both, 2)
        lines = both.smsc.bound
        before = [line.enquiries for line in lines]
        await both.smsc.wait_until(
            lambda: all(line.enquiries > seen + 1 for line, seen in zip(lines, before, strict=True))
        )
        await both.heard.until(lambda: both.link.answers_arrived_before > 0)
        both.smsc.faults.refuse_binds = CommandStatus.ESME_RBINDFAIL
        lines[0].cut()
        await both.smsc.wait_until(lambda: both.link.stats.refused_binds > 0)
        assert both.link.answers_arrived_before == -float("inf")
        for bind in both.link.binds:
            bind.doubted_until = 0.0
        assert both.link.answers_arrived_before > 0


async def test_many_full_queues_in_a_row_give_the_smsc_a_rest() -> None:
    async with rig() as both:
        line = both.smsc.bound[0]
        full = CommandStatus.ESME_RMSGQFUL
        respond = line.respond
        line.respond = lambda number, *_: respond(number, full)  # type: ignore[method-assign]
        for number in range(FULL_IN_A_ROW):
            assert both.link.room > 0
            both.submit(number)
            await both.heard.until(lambda: len(both.heard.answers) == number + 1)  # noqa: B023
        assert (both.link.room, both.link.stats.throttled) == (0, 1)
        await both.heard.until(lambda: bool(both.heard.rooms))
        assert both.link.room > 0


@pytest.mark.parametrize("version", [0x33, 0x34, 0x50])
async def test_an_smsc_of_any_version_is_spoken_to_in_3_4(version: int) -> None:
    async with rig(SmscSettings((ACCOUNT,), interface_version=version)) as both:
        both.submit(1)
        await both.heard.until(lambda: bool(both.heard.answers))
        assert await both.phones.send(NUMBER, "9166", "TK") == 0


async def test_a_command_of_smpp_5_0_is_denied_and_counted() -> None:
    broadcast_sm = 0x112
    async with rig() as both:
        both.smsc.bound[0].write_raw(pack(">IIII", 16, broadcast_sm, 0, 77))
        assert await both.phones.send(NUMBER, "9166", "TK") == 0
        assert both.link.stats.denied == 1


async def test_an_esme_of_smpp_5_0_is_bound_and_told_what_we_speak() -> None:
    async with rig() as both:
        reader, writer = await asyncio.open_connection("127.0.0.1", both.smsc.port)
        body = b"twofold\0secret\0\0\x50\0\0\0"
        writer.write(pack(">IIII", 16 + len(body), CommandId.BIND_TRANSCEIVER, 0, 1) + body)
        length, command, status, number = unpack(">IIII", await reader.readexactly(16))
        answer = await reader.readexactly(length - 16)
        assert (command, status, number) == (CommandId.BIND_TRANSCEIVER_RESP, 0, 1)
        assert answer == b"standin\0" + bytes.fromhex("0210 0001 34")
        writer.close()
        await writer.wait_closed()
