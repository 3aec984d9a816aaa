"""People who dial on the stand-in: one session a number, and each ends, whatever the ESME does."""

import asyncio

import pytest

from tests.unit.links.rig import ACCOUNT, NUMBER, Rig, rig
from twofold.peers import dialling as module
from twofold.peers.dialling import Dialling
from twofold.peers.sims import another_card, first_card
from twofold.peers.smsc import SmscSettings
from twofold.protocol.smpp.constants import CommandStatus
from twofold.protocol.smpp.pdus import DeliverSm
from twofold.protocol.smpp.ussd import last_screen, session_of

DIALLED = "*9166*THETHAO#"
IMSI = 0x1403


def show(both: Rig, dialled: DeliverSm, text: bytes) -> None:
    both.link.submit(last_screen(session_of(dialled, "main"), 0, text), text)


async def test_a_person_sees_the_screen_that_answers_what_was_dialled() -> None:
    async with rig() as both:
        people, news = Dialling(both.smsc), list[int]()
        people.changed = lambda: news.append(1)
        ringing = asyncio.create_task(people.ring(NUMBER, DIALLED))
        await both.heard.until(lambda: len(both.heard.messages) == 1)
        (dialled,) = people.sessions(NUMBER)
        assert (dialled.is_open, dialled.screen) == (True, None)
        _, pdu = both.heard.messages[0]
        assert (pdu.destination_addr, pdu.short_message) == ("9166", DIALLED.encode())
        show(both, pdu, b"an SMS asks")
        session = await ringing
        assert session.screen is not None
        assert (session.screen.text, session.is_open, session.at) == (
            "an SMS asks",
            False,
            both.now,
        )
        assert len(news) == 2
        people.forget(NUMBER)
        assert people.sessions(NUMBER) == []


async def test_a_session_goes_on_when_nobody_awaits_it_any_more() -> None:
    async with rig() as both:
        people = Dialling(both.smsc)
        ringing = asyncio.create_task(people.ring(NUMBER, DIALLED))
        await both.heard.until(lambda: len(both.heard.messages) == 1)
        ringing.cancel()
        show(both, both.heard.messages[0][1], b"late")
        await both.heard.until(lambda: len(both.heard.answers) == 1)
        assert both.statuses() == [CommandStatus.ESME_ROK]
        (session,) = people.sessions(NUMBER)
        assert session.screen is not None
        assert session.screen.text == "late"


async def test_what_the_esme_refuses_and_what_it_never_answers_end_without_a_screen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "SESSION_S", 0.01)
    async with rig() as both:
        people = Dialling(both.smsc)
        both.heard.status = lambda _: CommandStatus.ESME_RSYSERR
        refused = await people.ring(NUMBER, DIALLED)
        both.heard.status = lambda _: CommandStatus.ESME_ROK
        unanswered = await people.ring(NUMBER, DIALLED)
        assert [(one.is_open, one.screen) for one in (refused, unanswered)] == [(False, None)] * 2
        show(both, both.heard.messages[1][1], b"too late")
        await both.heard.until(lambda: len(both.heard.answers) == 1)
        assert both.statuses() == [CommandStatus.ESME_RINVDSTADR]
        assert people.refused == 1


async def test_who_dials_again_ends_the_session_before() -> None:
    async with rig() as both:
        people = Dialling(both.smsc)
        first = asyncio.create_task(people.ring(NUMBER, DIALLED))
        await both.heard.until(lambda: len(both.heard.messages) == 1)
        second = asyncio.create_task(people.ring(NUMBER, "*123*TK#"))
        assert (await first).screen is None
        await both.heard.until(lambda: len(both.heard.messages) == 2)
        show(both, both.heard.messages[0][1], b"of the first")
        show(both, both.heard.messages[1][1], b"of the second")
        screen = (await second).screen
        assert screen is not None
        assert screen.text == "of the second"
        assert people.refused == 1


@pytest.mark.parametrize(
    "dialled",
    ["", "THETHAO", "9166#", "*9166", "*THETHAO#", "*9166*Đ#", "*9166*\n#", f"*9166*{'x' * 180}#"],
)
async def test_what_no_phone_could_dial_opens_no_session(dialled: str) -> None:
    async with rig() as both:
        people = Dialling(both.smsc)
        with pytest.raises(ValueError, match="dial: must be as"):
            await people.ring(NUMBER, dialled)
        with pytest.raises(KeyError):
            await people.ring(NUMBER, "*777#")
        assert people.sessions(NUMBER) == []


async def test_the_sim_card_is_told_with_what_is_dialled_and_written() -> None:
    async with rig(SmscSettings((ACCOUNT,), mo_imsi_tlv=IMSI)) as both:
        people = Dialling(both.smsc)
        ringing = [asyncio.create_task(people.ring(NUMBER, DIALLED))]
        await both.heard.until(lambda: len(both.heard.messages) == 1)
        other = another_card(NUMBER)
        ringing.append(asyncio.create_task(people.ring(NUMBER, DIALLED, imsi=other)))
        await both.heard.until(lambda: len(both.heard.messages) == 2)
        await both.phones.send(NUMBER, "9166", "Y")
        told = [dict(pdu.tlvs)[IMSI] for _, pdu in both.heard.messages]
        assert told == [one.encode() for one in (first_card(NUMBER), other, other)]
        assert both.phones.messages(NUMBER)[0]["imsi"] == other
        show(both, both.heard.messages[1][1], b"asked")
        await asyncio.gather(*ringing)


async def test_a_card_that_is_none_or_that_nobody_would_see_is_not_put_in() -> None:
    async with rig() as both:
        with pytest.raises(ValueError, match="set mo_imsi_tlv"):
            both.smsc.sims.put_in(NUMBER, another_card(NUMBER))
        assert (both.smsc.sims.are_told, both.smsc.sims.imsi(NUMBER)) == (False, "")
    async with rig(SmscSettings((ACCOUNT,), mo_imsi_tlv=IMSI)) as both:
        with pytest.raises(ValueError, match="6 to 15 digits"):
            both.smsc.sims.put_in(NUMBER, "45201x")
        assert both.smsc.sims.imsi(NUMBER) == first_card(NUMBER)


async def test_what_could_not_be_sent_was_never_written_and_changed_no_card() -> None:
    async with rig(SmscSettings((ACCOUNT,), mo_imsi_tlv=IMSI)) as both:
        other = another_card(NUMBER)
        with pytest.raises(KeyError):
            await both.phones.send(NUMBER, "777", "DK THETHAO", imsi=other)
        with pytest.raises(KeyError):
            await both.phones.send(NUMBER, "9166", "DK THETHAO", data_coding=77, imsi=other)
        with pytest.raises(KeyError):
            await Dialling(both.smsc).ring(NUMBER, "*777#", imsi=other)
        assert both.phones.messages(NUMBER) == []
        assert both.smsc.sims.imsi(NUMBER) == first_card(NUMBER)
