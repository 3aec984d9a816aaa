"""An SMSC that misbehaves: the fault is named, the link recovers, and the next person is served.

A real engine on real sockets; its time-outs are short, so that nothing here waits for long.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from struct import pack
from typing import Any, Final

import pytest
from msgspec import Struct, structs

from tests.faults.phoning import smsc_and_phones
from twofold.app.clock import SystemClock
from twofold.app.engine import Engine
from twofold.app.running import running_engine
from twofold.app.settings import Settings, load_settings
from twofold.links.listener import LinkStats
from twofold.peers.line import Line
from twofold.peers.load_journeys import PROMPT, WELCOME
from twofold.peers.phones import Phones
from twofold.peers.smsc import Smsc
from twofold.protocol.smpp.codec import encode
from twofold.protocol.smpp.constants import CommandId, CommandStatus, Tag
from twofold.protocol.smpp.pdus import DataSm, DeliverSm, SubmitSmResp, Tlvs

VICTIM, NEXT = "84912000001", "84912000002"
HASTY: Final = {"enquire_link_ms": 200, "response_timeout_ms": 300, "stall_timeout_ms": 300}
DELIVER = DeliverSm(9, source_addr=VICTIM, destination_addr="9166", short_message=b"TK")


class Scene(Struct):
    """Both ends, and what the link counts."""

    smsc: Smsc
    phones: Phones
    engine: Engine

    @property
    def stats(self) -> LinkStats:
        return self.engine.links[0].stats

    @property
    def line(self) -> Line:
        """The connection that is bound."""
        return self.smsc.bound[0]

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds; looked at whenever the SMSC is met."""
        await self.smsc.wait_until(holds)

    async def bound_again(self) -> None:
        """Wait until the link has broken and is back."""
        link = self.engine.links[0]
        await self.until(lambda: link.stats.reconnects > 0 and link.is_up)

    async def ask(self) -> None:
        """Have someone ask, whose prompt is then under way."""
        before = self.smsc.submitted_count
        await self.phones.send(VICTIM, "9166", "DK THETHAO")
        await self.until(lambda: self.smsc.submitted_count > before)


Attack = Callable[[Scene], Awaitable[None]]


def raw(octets: bytes) -> Attack:
    """Write octets that no session would, and see the link broken for it."""

    async def attack(scene: Scene) -> None:
        scene.line.write_raw(octets)
        await scene.bound_again()

    return attack


def answered(answer: Callable[[Line, int, str], None]) -> Attack:
    """Answer a text otherwise than it should be."""

    async def attack(scene: Scene) -> None:
        line = scene.line
        respond = line.respond

        def otherwise(sequence_number: int, status: int, message_id: str = "") -> None:
            del status
            answer(line, sequence_number, message_id)

        line.respond = otherwise  # type: ignore[method-assign]
        await scene.ask()
        await scene.until(lambda: scene.stats.late + scene.stats.answered > 0)
        line.respond = respond  # type: ignore[method-assign]

    return attack


async def unknown_commands(scene: Scene) -> None:
    for command in (0x0BAD, CommandId.QUERY_SM, 0x0111, 0x0112, 0x7FFFFFFF):
        scene.line.write_raw(pack(">IIII", 20, command, 0, 7) + b"what")
    await scene.until(lambda: scene.stats.denied == 5)
    assert scene.stats.outages == 0


async def flood_of_answers(scene: Scene) -> None:
    strays = b"".join(encode(SubmitSmResp(number, 0, "stray")) for number in range(500, 2_500))
    enquiries = b"".join(pack(">IIII", 16, CommandId.ENQUIRE_LINK, 0, n) for n in range(1, 2_000))
    scene.line.write_raw(strays + enquiries)
    await scene.until(lambda: scene.stats.late >= 2_000 and scene.stats.enquired >= 1_999)
    assert scene.stats.outages == 0


async def reset_in_a_pdu(scene: Scene) -> None:
    scene.line.write_raw(encode(DELIVER)[:-7])
    scene.line.cut()
    await scene.bound_again()


async def silence(scene: Scene) -> None:
    """Whatever comes is swallowed, the connection stays open."""

    def swallow(data: bytes) -> None:
        del data

    scene.line.data_received = swallow  # type: ignore[method-assign]
    await scene.bound_again()


async def dripping(scene: Scene) -> None:
    """One octet after the other is no silence, and still no PDU."""
    line, loop = scene.line, asyncio.get_running_loop()
    octets = iter(encode(DELIVER)[:-1])

    def drip() -> None:
        octet = next(octets, None)
        if octet is not None and scene.stats.outages == 0:
            line.write_raw(bytes((octet,)))
            loop.call_later(0.02, drip)

    drip()
    await scene.bound_again()


async def refused_binds(scene: Scene) -> None:
    scene.smsc.faults.refuse_binds = CommandStatus.ESME_RALYBND
    scene.smsc.cut()
    await scene.until(lambda: scene.stats.refused_binds >= 2)
    scene.smsc.faults.refuse_binds = 0


async def throttling(scene: Scene) -> None:
    scene.smsc.faults.submit = "throttle"
    await scene.ask()
    await scene.until(lambda: scene.stats.throttled > 0)
    scene.smsc.faults.submit = "ok"
    await scene.phones.wait_for(VICTIM, 1, 60)


async def receipts_first(scene: Scene) -> None:
    scene.smsc.faults.receipt = "first"
    await scene.ask()
    await scene.phones.wait_for(VICTIM, 1, 60)


async def late_after_a_reconnect(scene: Scene) -> None:
    """The answer to a text of the last connection comes over the next one."""
    scene.smsc.faults.texts_to_drop = 1
    await scene.ask()
    scene.smsc.cut()
    await scene.bound_again()
    scene.line.write_raw(encode(SubmitSmResp(2, 0, "late")))
    await scene.phones.wait_for(VICTIM, 1, 60)


async def unbound_in_traffic(scene: Scene) -> None:
    scene.smsc.faults.delay_ms = 100
    await scene.ask()
    scene.smsc.unbind_all()
    await scene.bound_again()
    scene.smsc.faults.delay_ms = 0
    await scene.phones.wait_for(VICTIM, 1, 60)


async def closed_at_once(scene: Scene) -> None:
    """Connections are taken and closed again without one octet."""
    opened = scene.smsc.line_opened
    met = count(1)

    def slam(line: Line) -> None:
        opened(line)
        if next(met) <= 2:
            line.cut()

    scene.smsc.line_opened = slam  # type: ignore[method-assign]
    scene.smsc.cut()
    await scene.until(lambda: scene.stats.failures >= 3)


async def by_data_sm(scene: Scene) -> None:
    """Messages and receipts by data_sm, and one that says nothing at all."""
    scene.smsc.deliveries.by_data_sm = True
    scene.smsc.originate(DataSm(source_addr=VICTIM, destination_addr="9166"))
    await scene.phones.wait_for(VICTIM, 1, 60)
    assert scene.stats.denied == 0


async def nonsense_in_sessions(scene: Scene) -> None:
    """USSD sessions of no operation, of all of them, with numbers and texts that are none."""
    tlvs: list[Tlvs] = [
        ((int(Tag.USSD_SERVICE_OP), bytes((operation,))),) for operation in range(256)
    ]
    tlvs += [
        ((int(Tag.USSD_SERVICE_OP), b""),),
        ((int(Tag.USSD_SERVICE_OP), b"x" * 4_000), (int(Tag.ITS_SESSION_INFO), b"y" * 4_000)),
    ]
    answers: list[int] = []
    for found in tlvs:
        for text in (b"", b"\xff" * 250, b"*" * 200, b"Y"):
            pdu = structs.replace(DELIVER, service_type="USSD", short_message=text)
            scene.smsc.originate(structs.replace(pdu, tlvs=found), answers.append)
    await scene.until(lambda: len(answers) == 4 * len(tlvs))
    assert set(answers) <= {CommandStatus.ESME_ROK, CommandStatus.ESME_RX_T_APPN}
    assert scene.stats.outages == 0


def wrong_number(line: Line, number: int, id_: str) -> None:
    line.write_raw(encode(SubmitSmResp(number + 1_000, 0, id_)))


def twice(line: Line, number: int, id_: str) -> None:
    line.write_raw(2 * encode(SubmitSmResp(number, 0, id_)))


def denied(line: Line, number: int, _id: str) -> None:
    line.write_raw(pack(">IIII", 16, CommandId.GENERIC_NACK, CommandStatus.ESME_RINVCMDID, number))


def header(length: int) -> bytes:
    return pack(">IIII", length, CommandId.DELIVER_SM, 0, 9)


DANGLING: Final = encode(structs.replace(DELIVER, tlvs=((0x1401, b"x" * 40),)))
TLV_PAST_THE_END: Final = pack(">I", len(DANGLING) - 20) + DANGLING[4:-20]

DATA: Final = encode(DataSm(9, source_addr=VICTIM, destination_addr="9166", short_message=b"Y" * 9))
DATA_PAST_THE_END: Final = pack(">I", len(DATA) - 3) + DATA[4:-3]
DATA_CUT: Final = pack(">I", len(DATA) - 15) + DATA[4:-15]

CASES: Final[dict[str, tuple[Attack, str]]] = {
    "a length shorter than a header": (raw(header(3)), "command_length 3"),
    "a length of two gigabytes": (raw(header(0x7FFFFFFF)), "command_length 2147483647"),
    "a body past its end": (raw(header(18) + b"ab"), "command 0x00000005"),
    "a TLV past the end": (raw(TLV_PAST_THE_END), "TLV 0x1401 runs past the end"),
    "a data_sm with a TLV past the end": (
        raw(DATA_PAST_THE_END),
        "command 0x00000103: TLV 0x0424 runs past the end",
    ),
    "a data_sm cut in its numbers": (raw(DATA_CUT), "command 0x00000103"),
    "everything by data_sm": (by_data_sm, ""),
    "USSD sessions that make no sense": (nonsense_in_sessions, ""),
    "garbage": (raw(b"GET / HTTP/1.1\r\nHost: smsc\r\n\r\n"), "command_length"),
    "half a PDU, and silence": (raw(encode(DELIVER)[:20]), "stalled half-way"),
    "a PDU that drips": (dripping, "stalled half-way"),
    "a reset in the middle of a PDU": (reset_in_a_pdu, ""),
    "silence": (silence, "not answered"),
    "unknown commands": (unknown_commands, ""),
    "a flood of stray answers and enquiries": (flood_of_answers, ""),
    "refused binds": (refused_binds, "bind refused: ESME_RALYBND"),
    "connections closed at once": (closed_at_once, ""),
    "throttling": (throttling, ""),
    "receipts before their answers": (receipts_first, ""),
    "an answer after a reconnect": (late_after_a_reconnect, ""),
    "an unbind in the middle of traffic": (unbound_in_traffic, "unbound"),
    "an answer under a wrong number": (answered(wrong_number), ""),
    "an answer that comes twice": (answered(twice), ""),
    "a text that is denied": (answered(denied), ""),
}


def hasty(settings: Settings) -> Settings:
    """The same with short time-outs, on one bind and then another."""
    (smsc,) = settings.smsc
    return structs.replace(settings, smsc=(structs.replace(smsc, **HASTY),))


@asynccontextmanager
async def scene(folder: Path, **smsc_settings: Any) -> AsyncIterator[Scene]:  # noqa: ANN401
    """Run both ends."""
    async with smsc_and_phones(folder, **smsc_settings) as (smsc, phones, installation):
        settings = hasty(load_settings(installation.config, {}))
        async with running_engine(settings, SystemClock()) as (engine, _):
            await smsc.wait_until(lambda: bool(smsc.bound) and engine.links[0].is_up)
            yield Scene(smsc, phones, engine)


@pytest.mark.parametrize("case", CASES)
async def test_an_smsc_that_misbehaves_is_named_and_outlived(tmp_path: Path, case: str) -> None:
    attack, named = CASES[case]
    async with scene(tmp_path) as both:
        await attack(both)
        assert named in both.stats.last_error
        assert await both.phones.send(NEXT, "9166", "DK THETHAO") == CommandStatus.ESME_ROK
        (prompt,) = await both.phones.wait_for(NEXT, 1, 60)
        assert PROMPT.decode() in prompt["text"]
        assert await both.phones.send(NEXT, "9166", "Y") == CommandStatus.ESME_ROK
        *_, welcome = await both.phones.wait_for(NEXT, 2, 60)
        assert WELCOME.decode() in welcome["text"]
        assert len(both.phones.received(VICTIM)) <= 2, "at most two prompts, whatever the cause"
        assert both.engine.committer.faults.parked == 0
        both.smsc.faults.delay_ms = 0
