"""USSD over SMPP: what is dialled is words, and a session is kept as long as it may be answered."""

from pathlib import Path
from typing import cast

import pytest

from tests.faults.phoning import smsc_and_phones
from tests.unit.deliver.test_parts import Link, Now
from twofold.app.clock import SystemClock
from twofold.app.running import running_engine
from twofold.app.settings import load_settings
from twofold.channels.ussd import words_dialled
from twofold.deliver.sms import SmsCarrier
from twofold.deliver.writing import screen_of
from twofold.domain.clock import Clock
from twofold.domain.orders import Delivered, Order, OrderKind, Outcome, Rejected, RetryAt
from twofold.links.sessions import MOST, SESSION_MS, Sessions
from twofold.links.smpp import SmppLink
from twofold.peers.dialling import Dialling
from twofold.peers.load_journeys import PROMPT, WELCOME
from twofold.protocol.smpp.constants import CommandStatus, Tag
from twofold.protocol.smpp.manners import DefaultCoding
from twofold.protocol.smpp.pdus import DeliverSm, SubmitSmResp
from twofold.protocol.smpp.ussd import UssdSession, last_screen, session_of

NUMBER = "84912345678"
SESSION = UssdSession("main", 1, b"\x05\x00", "USSD", (1, 1, NUMBER), (0, 1, "9166"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("*9166*THETHAO#", "THETHAO"),
        ("*123*HUY*THETHAO#", "HUY THETHAO"),
        ("*123*TK#", "TK"),
        ("*123#", ""),
        ("#123#", ""),
        ("*9166*1#", "1"),
        ("DK THETHAO", "DK THETHAO"),
        ("Y", "Y"),
        ("1", "1"),
        ("", ""),
        ("*", "*"),
        ("*THETHAO#", "*THETHAO#"),
    ],
)
def test_what_is_dialled_is_the_words_behind_the_code(text: str, words: str) -> None:
    assert words_dialled(text) == words


@pytest.mark.parametrize(
    ("operation", "info", "answer", "echoed"),
    [
        (b"\x01", b"\x07\x00", b"\x11", b"\x07\x01"),
        (b"\x00", b"\xff\xfe", b"\x10", b"\xff\xff"),
        (b"\x12", None, b"\x11", None),
        (b"", b"", b"\x11", b""),
        (b"\x01\x02", b"a longer one", b"\x11", b"a longer one"),
        (b"\x01", b"x" * 65_000, b"\x11", None),
    ],
)
def test_a_session_is_answered_under_its_own_number_whatever_its_gateway_wrote(
    operation: bytes, info: bytes | None, answer: bytes, echoed: bytes | None
) -> None:
    tlvs: tuple[tuple[int, bytes], ...] = ((int(Tag.USSD_SERVICE_OP), operation),)
    if info is not None:
        tlvs = (*tlvs, (int(Tag.ITS_SESSION_INFO), info))
    session = session_of(DeliverSm(source_addr=NUMBER, tlvs=tlvs), "main")
    shown = last_screen(session, 0, b"Hi")
    assert (shown.tlv(Tag.USSD_SERVICE_OP), shown.tlv(Tag.ITS_SESSION_INFO)) == (answer, echoed)
    assert (shown.destination_addr, shown.short_message) == (NUMBER, b"Hi")


def test_sessions_are_forgotten_when_nobody_can_be_looking_any_more() -> None:
    sessions = Sessions()
    sessions.open(64, 0, SESSION)
    sessions.open(128, SESSION_MS - 1, SESSION)
    assert sessions.of_order(65) == SESSION
    sessions.open(192, SESSION_MS, SESSION)
    assert (sessions.of_order(65), len(sessions)) == (None, 2)
    for number in range(MOST + 5):
        sessions.open(256 + 64 * number, SESSION_MS, SESSION)
    assert len(sessions) == MOST


def order(id_: int) -> Order:
    return Order(id_, OrderKind.ANSWER_USSD, int(NUMBER), 0, 0, 0, 20_000, "k", "9166", "Đồng ý")


def test_a_screen_goes_out_in_its_session_once_and_never_without_one() -> None:
    link, sessions, reported = Link(5, 0), Sessions(), list[Outcome]()
    smpp = cast("SmppLink", link)
    carrier = SmsCarrier(
        [smpp], cast("Clock", Now()), lambda _, how: reported.append(how), {}, sessions
    )
    sessions.open(64, 0, SESSION)
    assert carrier.carry(order(66))
    ((context, pdu),) = link.sent
    assert (pdu.destination_addr, pdu.short_message) == (NUMBER, "Đồng ý".encode("utf-16-be"))
    carrier.answered(context, SubmitSmResp(message_id="1"))
    assert carrier.carry(order(130))
    assert reported == [Delivered("main", ("1",)), Rejected("the USSD session is over")]
    assert len(link.sent) == 1


def test_a_screen_without_room_comes_back_in_a_second_and_waits_in_no_queue() -> None:
    link, sessions, reported = Link(1, 0), Sessions(), list[Outcome]()
    link.room = 0
    smpp = cast("SmppLink", link)
    carrier = SmsCarrier(
        [smpp], cast("Clock", Now()), lambda _, how: reported.append(how), {}, sessions
    )
    sessions.open(64, 0, SESSION)
    assert carrier.carry(order(66))
    now_at = Now().now()
    assert reported == [RetryAt(now_at + 1_000, "the link has no room for the screen")]
    assert link.sent == []


def test_a_screen_is_written_whole_in_the_alphabet_that_the_gateway_means() -> None:
    long = "a" * 182
    assert screen_of(long, DefaultCoding.GSM) == (0, long.encode())
    assert screen_of("@", DefaultCoding.GSM) == (0, b"\0")
    assert screen_of("@", DefaultCoding.ASCII) == (0, b"@")
    assert screen_of("£", DefaultCoding.ASCII) == (8, "£".encode("utf-16-be"))


@pytest.mark.scenario("S002")
async def test_over_real_sockets_a_dialled_wish_needs_the_same_sms(tmp_path: Path) -> None:
    async with smsc_and_phones(tmp_path) as (smsc, phones, installation):
        settings = load_settings(installation.config, {})
        dialling = Dialling(smsc)
        async with running_engine(settings, SystemClock()) as (_, connection):
            await smsc.wait_until(lambda: bool(smsc.bound))
            screen = await dialling.dial(NUMBER, "9166", "*9166*THETHAO#", has_info=False)
            assert screen.is_last
            (prompt,) = await phones.wait_for(NUMBER, 1, 60)
            assert PROMPT.decode() in prompt["text"]
            await dialling.dial(NUMBER, "9166", "Y")
            channels = connection.execute("SELECT channel, state FROM requests").fetchall()
            assert channels == [("ussd", "pending")]
            assert await phones.send(NUMBER, "9166", "Y") == CommandStatus.ESME_ROK
            _, welcome = await phones.wait_for(NUMBER, 2, 60)
            assert WELCOME.decode() in welcome["text"]
            assert dialling.refused == 0
