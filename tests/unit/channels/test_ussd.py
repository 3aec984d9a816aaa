"""USSD over SMPP: a dialled wish is asked about by SMS, and nothing typed there is a second yes."""

import asyncio
from pathlib import Path

import pytest

from tests.faults.phoning import smsc_and_phones
from tests.unit.decide.example import RULES
from twofold.app.clock import SystemClock
from twofold.app.running import running_engine
from twofold.app.settings import load_settings
from twofold.channels.ussd import service_asked
from twofold.peers.load_journeys import PROMPT, WELCOME
from twofold.peers.smsc import Smsc
from twofold.protocol.smpp.constants import CommandStatus, Tag
from twofold.protocol.smpp.pdus import DeliverSm

NUMBER = "84912345678"
REQUEST, ANSWER = b"\x01", b"\x12"
"""PSSR indication, and USSR confirm."""


async def types(smsc: Smsc, text: str, operation: bytes = REQUEST) -> int:
    """Have a subscriber type something into a USSD session; the status that it is answered with."""
    answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    pdu = DeliverSm(
        source_addr=NUMBER,
        source_addr_ton=1,
        source_addr_npi=1,
        destination_addr="9166",
        short_message=text.encode(),
        tlvs=((Tag.USSD_SERVICE_OP, operation),),
    )
    smsc.originate(pdu, answer.set_result)
    return await answer


@pytest.mark.scenario("S002")
async def test_a_wish_by_ussd_is_asked_about_by_sms_and_a_yes_by_ussd_is_none(
    tmp_path: Path,
) -> None:
    async with smsc_and_phones(tmp_path) as (smsc, phones, installation):
        settings = load_settings(installation.config, {})
        async with running_engine(settings, SystemClock()) as (_, connection):
            await smsc.wait_until(lambda: bool(smsc.bound))
            assert await types(smsc, "*9166*THETHAO#") == CommandStatus.ESME_ROK
            (prompt,) = await phones.wait_for(NUMBER, 1, 10)
            assert PROMPT.decode() in prompt["text"]
            for operation in (REQUEST, ANSWER):
                assert await types(smsc, "Y", operation) == CommandStatus.ESME_ROK
            channels = connection.execute("SELECT channel, state FROM requests").fetchall()
            assert channels == [("ussd", "pending")]
            assert await phones.send(NUMBER, "9166", "Y") == CommandStatus.ESME_ROK
            _, welcome = await phones.wait_for(NUMBER, 2, 10)
            assert WELCOME.decode() in welcome["text"]


async def test_a_no_by_ussd_counts(tmp_path: Path) -> None:
    async with smsc_and_phones(tmp_path) as (smsc, phones, installation):
        settings = load_settings(installation.config, {})
        async with running_engine(settings, SystemClock()) as (_, connection):
            await smsc.wait_until(lambda: bool(smsc.bound))
            await types(smsc, "*9166*THETHAO#")
            await phones.wait_for(NUMBER, 1, 10)
            assert await types(smsc, "N", ANSWER) == CommandStatus.ESME_ROK
            assert await phones.send(NUMBER, "9166", "Y") == CommandStatus.ESME_ROK
            held = connection.execute("SELECT count(*) FROM subscriptions").fetchall()
            assert held == [(0,)]


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("DK THETHAO", "THETHAO"),
        ("*123*thethao#", "THETHAO"),
        ("thethao", "THETHAO"),
        ("*123#", ""),
        ("Y", ""),
        ("HUY", ""),
        ("1", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_what_is_dialled_names_a_service_or_nothing(text: str | None, service: str) -> None:
    assert service_asked(text, RULES) == service
