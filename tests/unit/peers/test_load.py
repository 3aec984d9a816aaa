"""The load generator against an ESME that answers by rote, over TCP."""

import asyncio
import json
import sys

import pytest

from tests.unit.peers.replying import InTwoParts, Repeating, Replying
from twofold.peers.load import Load
from twofold.peers.load_journeys import LoadSettings, Report, numbers
from twofold.protocol.smpp.pdus import DeliverSm


async def connect(load: Load, esme: Replying) -> Replying:
    await asyncio.get_running_loop().create_connection(lambda: esme, "127.0.0.1", load.port)
    return esme


async def play(settings: LoadSettings, esme: Replying) -> Report:
    load = Load(settings)
    await load.start("127.0.0.1", 0)
    return await finish(load, await connect(load, esme))


async def finish(load: Load, *esmes: Replying) -> Report:
    report = await load.finished()
    for esme in esmes:
        await esme.closed
    return report


async def test_every_number_asks_once_confirms_once_and_is_told_twice() -> None:
    settings = LoadSettings(60, open_at_once=7, record=True)
    report = await play(settings, esme := Replying())
    wanted = sorted(number.decode() for number in numbers(settings))
    record = report.record
    assert record is not None
    assert sorted(record.asked) == sorted(record.confirmed) == sorted(record.texts) == wanted
    assert {len(texts) for texts in record.texts.values()} == {2}
    assert (report.journeys, report.left, report.again, report.unexpected) == (60, 0, 0, 0)
    assert len(esme.receipts) == 120
    assert sorted(esme.messages) == [b"DK THETHAO"] * 60 + [b"Y"] * 60


async def test_no_more_journeys_are_open_than_asked_for() -> None:
    open_now: list[str] = []
    most = 0

    def watch(pdu: DeliverSm) -> int:
        nonlocal most
        if pdu.short_message.startswith(b"DK"):
            open_now.append(pdu.source_addr)
        elif pdu.short_message == b"Y":
            open_now.remove(pdu.source_addr)
        most = max(most, len(open_now))
        return 0

    await play(LoadSettings(40, open_at_once=3), Replying(watch))
    assert most == 3


async def test_a_steady_rate_begins_journeys_by_the_clock() -> None:
    report = await play(LoadSettings(30, rate=300.0), Replying())
    assert report.journeys == 30
    assert report.seconds >= 0.09
    assert 0 < report.prompt_p50_ms <= report.prompt_p99_ms


async def test_a_text_in_two_segments_is_one_text() -> None:
    report = await play(LoadSettings(20), esme := InTwoParts())
    assert (report.journeys, report.unexpected, report.again) == (20, 0, 0)
    assert len(esme.receipts) == 80


async def test_a_text_that_comes_twice_is_counted_and_moves_nobody_twice() -> None:
    report = await play(LoadSettings(20), esme := Repeating())
    assert (report.journeys, report.again, report.unexpected) == (20, 40, 0)
    assert esme.messages.count(b"Y") == 20


async def test_a_receipt_names_its_message_in_text_and_in_tlvs() -> None:
    await play(LoadSettings(1), esme := Replying())
    receipt = esme.receipts[0]
    message_id = (receipt.tlv(0x001E) or b"").rstrip(b"\0").decode()
    assert receipt.short_message.startswith(f"id:{message_id} sub:001 dlvrd:001 ".encode())
    assert b" stat:DELIVRD err:000 " in receipt.short_message
    assert receipt.tlv(0x0427) == b"\x02"
    assert (receipt.esm_class, receipt.destination_addr) == (4, "9166")


async def test_what_a_dead_esme_left_unanswered_is_delivered_again_as_the_same_bytes() -> None:
    load = Load(LoadSettings(5, record=True))
    await load.start("127.0.0.1", 0)
    taken: list[DeliverSm] = []

    def withhold(pdu: DeliverSm) -> int:
        taken.append(pdu)
        if len(taken) == 5:
            asyncio.get_running_loop().call_soon(dead.transport.abort)
        return -1

    dead = await connect(load, Replying(withhold))
    await dead.closed
    again: list[DeliverSm] = []

    def keep(pdu: DeliverSm) -> int:
        again.append(pdu)
        return 0

    report = await finish(load, await connect(load, Replying(keep)))
    assert (report.journeys, report.binds, report.resent) == (5, 2, 5)

    def key(pdu: DeliverSm) -> tuple[str, bytes]:
        return pdu.source_addr, pdu.short_message

    assert sorted(map(key, again[:5])) == sorted(map(key, taken))


async def test_a_message_put_off_comes_again() -> None:
    put_off: list[bytes] = []

    def once(pdu: DeliverSm) -> int:
        if len(put_off) < 2:
            put_off.append(pdu.short_message)
            return 0x64
        return 0

    report = await play(LoadSettings(2, retry_s=0.01), Replying(once))
    assert (report.journeys, report.put_off, report.refused) == (2, 2, 0)


async def test_a_message_refused_ends_its_journey_and_is_counted() -> None:
    report = await play(LoadSettings(3), Replying(lambda _: 0x08))
    assert (report.journeys, report.refused, report.left) == (0, 3, 0)


async def test_a_load_that_stands_still_ends_and_says_how_many_were_left() -> None:
    report = await play(LoadSettings(4, give_up_s=0.2), Replying(lambda _: -1))
    assert (report.journeys, report.left) == (0, 4)


async def test_a_wrong_password_is_refused() -> None:
    load = Load(LoadSettings(1))
    await load.start("127.0.0.1", 0)
    esme = await connect(load, Replying(password="wrong"))
    assert await esme.bound == 0x0E
    report = await finish(load, esme, await connect(load, Replying()))
    assert report.binds == 1


@pytest.mark.parametrize("seed", [1, 2])
def test_numbers_are_drawn_by_the_seed_each_once_and_within_the_range(seed: int) -> None:
    settings = LoadSettings(500, seed=seed, first_number=84912000000, last_number=84912000999)
    drawn = numbers(settings)
    assert drawn == numbers(settings)
    assert len({*drawn}) == 500
    assert all(b"84912000000" <= number <= b"84912000999" for number in drawn)
    assert drawn != sorted(drawn)


async def test_the_command_prints_its_report_as_json() -> None:
    command = (sys.executable, "-m", "twofold.peers.load", "--journeys", "10", "--open", "2")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe)
    assert process.stderr is not None
    port = int((await process.stderr.readline()).rpartition(b":")[2])
    _, esme = await asyncio.get_running_loop().create_connection(Replying, "127.0.0.1", port)
    output, errors = await process.communicate()
    await esme.closed
    assert errors == b""
    report = json.loads(output)
    assert report["journeys"] == 10
    assert report["journeys_per_s"] > 0
