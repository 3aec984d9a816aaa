"""Every PDU that we send, as link and as stand-in, read by Wireshark's SMPP dissector."""

import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from struct import pack

import pytest

from tests.interop.pcap import SMPP_PORT, capture
from tests.interop.relay import Chunks, relay
from tests.unit.links.rig import ACCOUNT, NUMBER, Rig, running
from twofold.peers.smsc import SmscSettings
from twofold.protocol.gsm import segment, with_udh
from twofold.protocol.smpp.constants import CommandId, CommandStatus, EsmClass, Tag

pytestmark = pytest.mark.needs("tshark")


@asynccontextmanager
async def recorded(connections: list[Chunks], **settings: object) -> AsyncIterator[Rig]:
    """Run a rig whose link goes through a relay, and keep what that carried."""
    both = Rig(SmscSettings((ACCOUNT,), mo_id_tlv=0x1401, retry_after_s=0.02))
    await both.smsc.start()
    async with relay(both.smsc.port) as between:
        async with running(both, between.port, **settings):
            await both.heard.up()
            yield both
        await both.smsc.stop()
    connections.extend(between.connections)


def commands(chunks: Chunks, *, by_esme: bool) -> list[int]:
    """The command ids that one side sent, by the lengths of its PDUs alone."""
    octets = b"".join(data for by, data in chunks if by is by_esme)
    found = []
    while octets:
        found.append(int.from_bytes(octets[4:8], "big"))
        octets = octets[int.from_bytes(octets[:4], "big") :]
    return found


def tshark(path: Path, *arguments: str) -> list[list[str]]:
    """Read a capture; give the fields asked for, all values of each packet."""
    command = ("tshark", "-n", "-r", str(path), "-d", f"tcp.port=={SMPP_PORT},smpp", *arguments)
    done = subprocess.run(command, capture_output=True, check=True, text=True, timeout=60)
    return [line.split("\t") for line in done.stdout.splitlines()]


def fields(path: Path, side: str, *names: str) -> list[list[str]]:
    """Values of fields, in one list for each name."""
    wanted = [word for name in names for word in ("-e", name)]
    where = f"smpp and ip.src == 10.0.0.{1 if side == 'esme' else 2}"
    rows = tshark(path, "-Y", where, "-T", "fields", "-E", "occurrence=a", *wanted)
    return [
        [value for row in rows for value in row[column].split(",") if value]
        for column in range(len(names))
    ]


def check(path: Path, chunks: Chunks) -> None:
    """See that nothing is malformed, and that every PDU was seen as what it is."""
    path.write_bytes(capture(chunks))
    assert tshark(path, "-Y", "_ws.malformed or smpp.reserved_op") == []
    for side in ("esme", "smsc"):
        (seen,) = fields(path, side, "smpp.command_id")
        assert [int(value, 16) for value in seen] == commands(chunks, by_esme=side == "esme")


async def converse(both: Rig) -> None:
    """Have every kind of message go both ways."""
    await both.phones.send(NUMBER, "9166", "DK THETHAO")
    await both.phones.send(NUMBER, "9166", "Đồng ý " * 20)
    both.heard.status = lambda _: CommandStatus.ESME_RX_T_APPN
    assert await both.phones.send(NUMBER, "9166", "Y") == CommandStatus.ESME_RX_T_APPN
    both.heard.status = lambda _: 0
    both.submit(1, validity_period="000000115900000R")
    both.submit(2, short_message=b"x" * 300)
    both.submit(3, short_message=b"", tlvs=((Tag.MESSAGE_PAYLOAD, b"y" * 200),))
    sar = ((Tag.SAR_MSG_REF_NUM, b"\0\7"), (Tag.SAR_TOTAL_SEGMENTS, b"\1"))
    both.submit(4, tlvs=(*sar, (Tag.SAR_SEGMENT_SEQNUM, b"\1")))
    segments = segment("Đồng ý " * 20)
    for part in with_udh(segments.parts, 9):
        both.submit(
            5,
            short_message=part,
            esm_class=EsmClass.UDH_INDICATOR,
            data_coding=segments.data_coding,
        )
    both.submit(6, source_addr="1579")
    await both.heard.until(lambda: len(both.heard.answers) == 5 + len(segments.parts))
    await both.smsc.wait_until(lambda: both.smsc.under_way == 0)


async def test_a_whole_conversation_is_read_without_a_fault(tmp_path: Path) -> None:
    connections: list[Chunks] = []
    async with recorded(connections, enquire_after_s=0.1) as both:
        await converse(both)
        line = both.smsc.bound[0]
        line.enquire()
        await both.smsc.wait_until(lambda: line.enquiries > 0 and both.link.stats.enquired > 0)
        line.write_raw(pack(">IIII", 22, CommandId.QUERY_SM, 0, 77) + b"a\0\0\0b\0")
        await both.phones.send(NUMBER, "9166", "TK")
        both.smsc.deliveries.by_data_sm = True
        await both.phones.send(NUMBER, "9166", "Đồng ý " * 20)
    (chunks,) = connections
    path = tmp_path / "conversation.pcap"
    check(path, chunks)
    assert {*commands(chunks, by_esme=True)} == {
        CommandId.BIND_TRANSCEIVER,
        CommandId.SUBMIT_SM,
        CommandId.DELIVER_SM_RESP,
        CommandId.DATA_SM_RESP,
        CommandId.ENQUIRE_LINK,
        CommandId.ENQUIRE_LINK_RESP,
        CommandId.GENERIC_NACK,
        CommandId.UNBIND,
    }
    assert {*commands(chunks, by_esme=False)} == {
        CommandId.BIND_TRANSCEIVER_RESP,
        CommandId.QUERY_SM,
        CommandId.SUBMIT_SM_RESP,
        CommandId.DELIVER_SM,
        CommandId.DATA_SM,
        CommandId.ENQUIRE_LINK,
        CommandId.ENQUIRE_LINK_RESP,
        CommandId.UNBIND_RESP,
    }
    senders, receivers = fields(path, "esme", "smpp.source_addr", "smpp.destination_addr")
    assert {*senders} == {"9166", "1579"}
    assert {*receivers} == {NUMBER}
    stats = fields(path, "smsc", "smpp.message_state")[0]
    assert {*stats} == {"2"}


async def test_two_binds_and_an_unbind_of_the_smsc_are_read_without_a_fault(
    tmp_path: Path,
) -> None:
    connections: list[Chunks] = []
    async with recorded(connections, bind="transmitter_receiver") as both:
        both.submit(1)
        await both.heard.until(lambda: bool(both.heard.answers and both.heard.messages))
        both.smsc.unbind_all()
        await both.heard.down()
    seen = set()
    for number, chunks in enumerate(connections):
        check(tmp_path / f"{number}.pcap", chunks)
        seen.update(commands(chunks, by_esme=True))
    assert {CommandId.BIND_TRANSMITTER, CommandId.BIND_RECEIVER, CommandId.UNBIND_RESP} <= seen


def test_a_fault_would_be_seen(tmp_path: Path) -> None:
    path = tmp_path / "fault.pcap"
    short = pack(">IIII", 30, CommandId.SUBMIT_SM, 0, 1) + b"\0\1\1ends too so"
    path.write_bytes(capture([(True, short)]))
    assert tshark(path, "-Y", "_ws.malformed") != []
