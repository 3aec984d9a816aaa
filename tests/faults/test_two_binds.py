"""The SMSC brings one message over two binds: at once, or while the first is decided already.

Both binds are one engine's, on real sockets; what two engines on one file do is told in
test_two_engines.py.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.faults.phoning import smsc_and_phones
from twofold.app.clock import SystemClock
from twofold.app.running import running_engine
from twofold.app.settings import load_settings
from twofold.peers.smsc import Smsc
from twofold.protocol.smpp.constants import CommandStatus
from twofold.protocol.smpp.pdus import DeliverSm

NUMBER = "84912000001"


async def at_once(smsc: Smsc, text: bytes) -> list[int]:
    """Over both binds in one turn of the loop: one batch decides both."""
    return await brought(smsc, text, lambda answers: answers == [])


async def one_after_the_other(smsc: Smsc, text: bytes) -> list[int]:
    """Over the second bind once the first has its answer: two batches."""
    return await brought(smsc, text, lambda answers: len(answers) == 1)


async def brought(smsc: Smsc, text: bytes, is_time: Callable[[list[int]], bool]) -> list[int]:
    """Bring it twice, the second time as soon as `is_time`; all answers."""
    pdu = DeliverSm(source_addr=NUMBER, destination_addr="9166", short_message=text)
    answers: list[int] = []
    before = [line.session.unanswered for line in smsc.bound]
    assert before == [0, 0], "both binds are up and at rest"
    smsc.originate(pdu, answers.append)
    await smsc.wait_until(lambda: is_time(answers))
    smsc.originate(pdu, answers.append)
    await smsc.wait_until(lambda: len(answers) == 2)
    return answers


Bring = Callable[[Smsc, bytes], Awaitable[list[int]]]


@pytest.mark.scenario("S066")
@pytest.mark.parametrize("bring", [at_once, one_after_the_other])
async def test_one_message_over_two_binds_has_one_effect(tmp_path: Path, bring: Bring) -> None:
    changes = {"# binds = 1 ": "binds = 2 "}
    async with smsc_and_phones(tmp_path, changes) as (smsc, phones, installation):
        settings = load_settings(installation.config, {})
        async with running_engine(settings, SystemClock()) as (engine, connection):
            await smsc.wait_until(lambda: len(smsc.bound) == 2)
            for number, text in enumerate((b"DK THETHAO", b"Y"), 1):
                assert await bring(smsc, text) == [CommandStatus.ESME_ROK] * 2
                await phones.wait_for(NUMBER, number, 10)
                await smsc.wait_until(lambda: smsc.under_way == 0)
            assert await phones.send(NUMBER, "123", "TK") == CommandStatus.ESME_ROK
            texts = [heard["text"] for heard in await phones.wait_for(NUMBER, 3, 10)]
            assert [("soan Y" in text, "thanh cong" in text) for text in texts] == [
                (True, False),
                (False, True),
                (False, False),
            ]
            paid = connection.execute("SELECT count(*), sum(amount_minor) FROM debits").fetchall()
            assert paid == [(1, 2_000)]
            heard = connection.execute(
                "SELECT document ->> 'reason' FROM entries WHERE kind = 'message_received'"
                " ORDER BY id"
            ).fetchall()
            reasons = [reason or "" for (reason,) in heard]
            assert reasons == ["", "RESENT", "", "RESENT", ""]
            assert engine.links[0].stats.outages == 0
