"""Phones on the stand-in: what a person writes and reads, as it was on the wire."""

import asyncio

import pytest

from tests.unit.links.rig import ACCOUNT, NUMBER, Rig, rig
from twofold.peers.smsc import SmscSettings
from twofold.protocol.gsm import segment, with_udh
from twofold.protocol.smpp.constants import CommandStatus, EsmClass, Tag
from twofold.protocol.smpp.parts import read_part

LONG = "Yeu cau DK {The thao} " * 12


async def test_a_phone_shows_what_it_wrote_and_what_it_read() -> None:
    async with rig() as both:
        await both.phones.send(NUMBER, "9166", "DK THETHAO")
        both.now += 1500
        both.submit(1, validity_period="000000120000000R")
        await both.phones.wait_for(NUMBER, 1, 60)
        await both.smsc.wait_until(lambda: both.smsc.under_way == 0)
        assert both.phones.messages(NUMBER) == [
            {
                "direction": "mo",
                "from": NUMBER,
                "to": "9166",
                "text": "DK THETHAO",
                "at": "2026-01-01T00:00:00.000+00:00",
                "segments": 1,
                "data_coding": 0,
                "validity_period": None,
                "message_id": None,
                "receipt": None,
                "imsi": None,
            },
            {
                "direction": "mt",
                "from": "9166",
                "to": NUMBER,
                "text": "hello",
                "at": "2026-01-01T00:00:01.500+00:00",
                "segments": 1,
                "data_coding": 0,
                "validity_period": "000000120000000R",
                "message_id": "00000001",
                "receipt": "DELIVRD",
                "imsi": None,
            },
        ]
        both.phones.forget(NUMBER)
        assert both.phones.messages(NUMBER) == []


async def submit_parts(both: Rig, order: list[int], reference: int = 7) -> None:
    """Submit the parts of a long text in some order."""
    parts = with_udh(segment(LONG).parts, reference)
    had = len(both.heard.answers)
    for number in order:
        both.submit(number, short_message=parts[number], esm_class=EsmClass.UDH_INDICATOR)
    await both.heard.until(lambda: len(both.heard.answers) == had + len(order))


async def test_the_parts_of_a_text_are_one_message_once_all_are_there() -> None:
    async with rig() as both:
        await submit_parts(both, [1])
        assert both.phones.received(NUMBER) == []
        await submit_parts(both, [0])
        (shown,) = await both.phones.wait_for(NUMBER, 1, 60)
        assert (shown["text"], shown["segments"]) == (LONG, 2)
        assert shown["message_id"] == "00000002", "the id of the first part"


async def test_parts_of_different_texts_are_never_joined() -> None:
    async with rig() as both:
        await submit_parts(both, [0], reference=1)
        await submit_parts(both, [1], reference=2)
        assert both.phones.received(NUMBER) == []


async def test_a_text_in_message_payload_is_read_whole() -> None:
    async with rig() as both:
        both.submit(1, short_message=b"x" * 300)
        (shown,) = await both.phones.wait_for(NUMBER, 1, 60)
        assert (shown["text"], shown["segments"]) == ("x" * 300, 1)


async def test_an_accented_text_is_read_and_written_in_ucs2() -> None:
    async with rig() as both:
        accented = "Đồng ý"
        await both.phones.send(NUMBER, "9166", accented)
        ((_, pdu),) = both.heard.messages
        assert (pdu.data_coding, pdu.short_message.decode("utf-16-be")) == (8, accented)
        both.submit(1, short_message=pdu.short_message, data_coding=8)
        (shown,) = await both.phones.wait_for(NUMBER, 1, 60)
        assert (shown["text"], shown["data_coding"]) == (accented, 8)


@pytest.mark.parametrize(
    ("content", "coding", "octets"),
    [
        ("Dé", 3, b"D\xe9"),
        ("DK [A]", 0, b"DK \x1b<A\x1b>"),
        ("Y", 8, b"\x00Y"),
        (b"\xff\xfe\x00", 4, b"\xff\xfe\x00"),
        (b"Y", None, b"Y"),
    ],
)
async def test_a_coding_may_be_chosen_and_octets_go_as_they_are(
    content: str | bytes, coding: int | None, octets: bytes
) -> None:
    async with rig() as both:
        await both.phones.send(NUMBER, "9166", content, data_coding=coding)
        ((_, pdu),) = both.heard.messages
        assert (pdu.data_coding, pdu.short_message) == (coding or 0, octets)


async def test_octets_that_are_no_text_have_none() -> None:
    async with rig() as both:
        await both.phones.send(NUMBER, "9166", b"\xff\xff", data_coding=0)
        assert both.phones.messages(NUMBER)[0]["text"] is None


async def test_a_long_message_of_a_person_goes_in_parts() -> None:
    async with rig() as both:
        assert await both.phones.send(NUMBER, "9166", LONG) == 0
        parts = [read_part(pdu) for _, pdu in both.heard.messages]
        assert len(parts) == 2
        assert (
            b"".join(part.octets for part in parts if part)
            == segment(LONG).parts[0] + (segment(LONG).parts[1])
        )
        assert both.phones.messages(NUMBER)[0]["segments"] == 2


async def test_the_first_error_of_several_answers_is_given() -> None:
    async with rig() as both:
        refusal = CommandStatus.ESME_RX_P_APPN
        both.heard.status = lambda _: refusal if len(both.heard.messages) == 2 else 0
        assert await both.phones.send(NUMBER, "9166", LONG) == refusal


async def test_a_message_sent_several_times_is_the_same_message() -> None:
    settings = SmscSettings((ACCOUNT,), mo_id_tlv=0x1401, mo_time_tlv=0x1402)
    async with rig(settings) as both:
        await both.phones.send(NUMBER, "9166", "Y", times=3)
        assert len({(pdu.short_message, pdu.tlvs) for _, pdu in both.heard.messages}) == 1
        assert len(both.heard.messages) == 3
        assert len(both.phones.messages(NUMBER)) == 1, "the person wrote it once"
        await both.phones.send(NUMBER, "9166", "Y")
        first, last = both.heard.messages[0][1], both.heard.messages[3][1]
        assert first.tlv(0x1401) != last.tlv(0x1401)


async def test_an_smsc_may_say_when_it_got_a_message() -> None:
    async with rig(SmscSettings((ACCOUNT,), mo_time_tlv=0x1402)) as both:
        await both.phones.send(NUMBER, "9166", "Y", smsc_time=both.now - 61_000)
        ((_, pdu),) = both.heard.messages
        assert pdu.tlv(0x1402) == b"251231235859000+"
        assert pdu.tlv(Tag.MESSAGE_PAYLOAD) is None


async def test_a_time_that_an_smsc_cannot_give_is_a_mistake() -> None:
    async with rig() as both:
        with pytest.raises(ValueError, match="mo_time_tlv"):
            await both.phones.send(NUMBER, "9166", "Y", smsc_time=both.now)
        assert both.phones.messages(NUMBER) == []


async def test_another_sim_stays_in_its_phone_until_the_next() -> None:
    async with rig(SmscSettings((ACCOUNT,), mo_imsi_tlv=0x1403)) as both:
        for imsi in (None, "452010000000001", None):
            await both.phones.send(NUMBER, "9166", "Y", imsi=imsi)
        told = [pdu.tlv(0x1403) for _, pdu in both.heard.messages]
        assert told[1:] == [b"452010000000001"] * 2
        assert told[0] not in told[1:]


async def test_a_sim_that_is_none_or_that_nobody_would_see_is_a_mistake() -> None:
    async with rig() as both:
        with pytest.raises(ValueError, match="mo_imsi_tlv"):
            await both.phones.send(NUMBER, "9166", "Y", imsi="452010000000001")
    async with rig(SmscSettings((ACCOUNT,), mo_imsi_tlv=0x1403)) as both:
        with pytest.raises(ValueError, match="6 to 15 digits"):
            await both.phones.send(NUMBER, "9166", "Y", imsi="no digits")
        assert both.phones.messages(NUMBER) == []


async def test_waiting_ends_with_the_message_or_with_the_time() -> None:
    async with rig() as both:
        waiting = asyncio.create_task(both.phones.wait_for(NUMBER, 2, 60))
        both.submit(1, short_message=b"one")
        both.submit(2, short_message=b"two")
        assert [shown["text"] for shown in await waiting] == ["one", "two"]
        with pytest.raises(TimeoutError):
            await both.phones.wait_for(NUMBER, 3, 0.01)
