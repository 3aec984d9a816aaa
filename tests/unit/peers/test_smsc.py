"""The SMSC stand-in as an ESME meets it, and each of its faults."""

import asyncio

import pytest

from tests.unit.links.rig import ACCOUNT, NUMBER, Rig, rig
from twofold.peers.smsc import Account, SmscSettings
from twofold.protocol.smpp.constants import CommandStatus, MessageState
from twofold.protocol.smpp.pdus import DeliverSm, SubmitSmResp
from twofold.protocol.smpp.receipts import Receipt, parse_receipt

HOUR_MS = 3_600_000


def receipts(both: Rig) -> list[Receipt]:
    """The receipts that the ESME got, in order."""
    found = [parse_receipt(pdu) for _, pdu in both.heard.messages]
    return [receipt for receipt in found if receipt is not None]


def ids(both: Rig) -> list[str]:
    """The message ids of the texts that were taken, in order."""
    answers = [pdu for _, pdu in both.heard.answers]
    return [pdu.message_id for pdu in answers if isinstance(pdu, SubmitSmResp)]


async def settled(both: Rig) -> None:
    """Wait until the SMSC has nothing left to do."""
    await both.smsc.wait_until(lambda: both.smsc.under_way == 0)


async def exchange(both: Rig, number: int = 1, **fields: object) -> None:
    """Submit texts, and wait for all that follows."""
    for context in range(number):
        assert both.submit(context, **fields)
    await both.heard.until(lambda: len(both.heard.answers) == number)
    await settled(both)


async def exchange_more(both: Rig, **fields: object) -> None:
    """Submit one text more."""
    had = len(both.heard.answers)
    assert both.submit("more", **fields)
    await both.heard.until(lambda: len(both.heard.answers) > had)
    await settled(both)


async def test_each_text_has_an_id_of_its_own_and_its_receipt_names_it() -> None:
    async with rig() as both:
        await exchange(both, 3)
        assert len({*ids(both)}) == 3
        assert [receipt.message_id for receipt in receipts(both)] == ids(both)


async def test_a_receipt_is_sent_only_where_it_was_asked_for() -> None:
    async with rig() as both:
        await exchange(both, registered_delivery=0)
        await exchange_more(both, registered_delivery=2)
        assert receipts(both) == []
        both.smsc.faults.receipt = "fail"
        await exchange_more(both, registered_delivery=2)
        assert [receipt.state for receipt in receipts(both)] == [MessageState.UNDELIVERABLE]


async def test_a_receipt_may_come_as_text_alone() -> None:
    async with rig(SmscSettings((ACCOUNT,), receipt_tlvs=False)) as both:
        await exchange(both)
        ((_, pdu),) = both.heard.messages
        assert pdu.tlvs == ()
        assert receipts(both)[0].message_id == ids(both)[0]
        assert b"submit date:2601010000 done date:2601010000 stat:DELIVRD" in pdu.short_message


async def test_no_receipts_receipts_twice_and_receipts_that_failed() -> None:
    async with rig() as both:
        both.smsc.faults.receipt = "none"
        await exchange(both)
        assert receipts(both) == []
        both.smsc.faults.receipt = "twice"
        await exchange_more(both)
        assert [receipt.message_id for receipt in receipts(both)] == [ids(both)[1]] * 2
        both.smsc.faults.receipt = "fail"
        await exchange_more(both)
        assert receipts(both)[2].state is MessageState.UNDELIVERABLE
        assert len(both.phones.received(NUMBER)) == 2, "what failed reached nobody"


async def test_a_receipt_may_come_before_the_answer_to_its_text() -> None:
    async with rig() as both:
        answers_before: list[int] = []

        def note(_: DeliverSm) -> int:
            answers_before.append(len(both.heard.answers))
            return 0

        both.heard.status = note
        both.smsc.faults.receipt = "first"
        await exchange(both)
        both.smsc.faults.receipt = "ok"
        await exchange_more(both)
        assert answers_before == [0, 2]


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("throttle", CommandStatus.ESME_RTHROTTLED),
        ("reject", CommandStatus.ESME_RINVDSTADR),
    ],
)
async def test_a_refused_text_reaches_nobody(fault: str, status: int) -> None:
    async with rig() as both:
        both.smsc.faults.submit = fault  # type: ignore[assignment]
        await exchange(both)
        assert both.statuses() == [status]
        assert both.phones.received(NUMBER) == []
        assert receipts(both) == []


async def test_a_silent_smsc_takes_the_text_and_says_nothing() -> None:
    async with rig(response_timeout_s=0.1) as both:
        both.smsc.faults.submit = "silent"
        both.submit(1)
        await both.heard.until(lambda: bool(both.heard.lost))
        assert len(both.phones.received(NUMBER)) == 1
        assert both.heard.answers == []


async def test_one_answer_may_be_lost_after_the_text_was_taken_or_before() -> None:
    async with rig(response_timeout_s=0.1) as both:
        both.smsc.faults.answers_to_drop = 1
        both.submit(1)
        await both.heard.until(lambda: len(both.heard.lost) == 1)
        assert len(both.phones.received(NUMBER)) == 1
        both.smsc.faults.texts_to_drop = 1
        both.submit(2)
        await both.heard.until(lambda: len(both.heard.lost) == 2)
        assert len(both.phones.received(NUMBER)) == 1
        both.submit(3)
        await both.heard.until(lambda: len(both.heard.answers) == 1)
        assert len(both.phones.received(NUMBER)) == 2


async def test_a_delay_holds_the_text_and_its_answer_back_alike() -> None:
    async with rig() as both:
        both.smsc.faults.delay_ms = 50
        both.submit(1)
        await both.smsc.wait_until(lambda: both.smsc.submitted_count == 1)
        assert both.smsc.under_way == 1
        assert both.phones.received(NUMBER) == []
        await both.heard.until(lambda: len(both.heard.answers) == 1)
        assert len(both.phones.received(NUMBER)) == 1


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"source_addr": "1579"}, CommandStatus.ESME_RINVSRCADR),
        ({"destination_addr": "someone"}, CommandStatus.ESME_RINVDSTADR),
        ({"validity_period": "261301000000000+"}, CommandStatus.ESME_RINVEXPIRY),
    ],
    ids=["another's short code", "no number", "the thirteenth month"],
)
async def test_what_no_smsc_would_carry_is_refused(fields: dict[str, object], status: int) -> None:
    async with rig() as both:
        await exchange_more(both, **fields)
        assert both.statuses() == [status]


async def test_a_handset_that_is_off_gets_its_texts_in_order_when_it_is_on() -> None:
    async with rig() as both:
        both.smsc.handsets.off(NUMBER)
        await exchange(both, short_message=b"one")
        await exchange_more(both, short_message=b"two")
        assert both.phones.received(NUMBER) == []
        assert receipts(both) == []
        both.smsc.handsets.on(NUMBER)
        await settled(both)
        assert [shown["text"] for shown in both.phones.received(NUMBER)] == ["one", "two"]
        assert len(receipts(both)) == 2


async def test_a_text_dies_when_its_validity_ends_and_never_reaches_the_handset() -> None:
    async with rig() as both:
        both.smsc.handsets.off(NUMBER)
        await exchange(both, validity_period="000000120000000R")
        both.now += 12 * HOUR_MS - 1
        both.smsc.clock_moved()
        assert receipts(both) == []
        both.now += 1
        both.smsc.clock_moved()
        await settled(both)
        assert [receipt.state for receipt in receipts(both)] == [MessageState.EXPIRED]
        both.smsc.handsets.on(NUMBER)
        assert both.phones.received(NUMBER) == []


async def test_a_text_may_say_absolutely_when_its_validity_ends() -> None:
    async with rig() as both:
        both.smsc.handsets.off(NUMBER)
        await exchange(both, validity_period="260101010000000+")
        both.now += HOUR_MS
        both.smsc.handsets.on(NUMBER)
        await settled(both)
        assert [receipt.state for receipt in receipts(both)] == [MessageState.EXPIRED]


async def test_a_text_expires_by_itself_when_the_clock_just_runs() -> None:
    async with rig() as both:
        loop = asyncio.get_running_loop()
        began, at = loop.time(), both.now
        both.smsc.handsets._now = lambda: at + int(1000 * (loop.time() - began))  # noqa: SLF001
        both.smsc.handsets.off(NUMBER)
        both.submit(1, validity_period="000000000001000R")
        await both.heard.until(lambda: bool(receipts(both)))
        assert receipts(both)[0].state is MessageState.EXPIRED


async def test_an_esme_that_puts_nothing_off_holds_its_window_and_no_more() -> None:
    async with rig(SmscSettings((ACCOUNT,), window=3)) as both:
        both.heard.status = lambda _: None
        sending = [
            asyncio.create_task(both.phones.send(f"8491200000{digit}", "9166", "DK THETHAO"))
            for digit in range(5)
        ]
        await both.heard.until(lambda: len(both.heard.messages) == 3)
        both.link.respond(both.heard.messages[0][0], 0)
        await both.heard.until(lambda: len(both.heard.messages) == 4)
        both.heard.status = lambda _: 0
        for ticket, _ in both.heard.messages[1:]:
            both.link.respond(ticket, 0)
        assert await asyncio.gather(*sending) == [0] * 5
        assert len(both.heard.messages) == 5


async def test_a_delivery_that_was_not_answered_in_time_comes_again() -> None:
    settings = SmscSettings((ACCOUNT,), response_timeout_s=0.5, retry_after_s=0.01)
    async with rig(settings) as both:
        both.heard.status = lambda _: None if len(both.heard.messages) == 1 else 0
        assert await both.phones.send(NUMBER, "9166", "DK THETHAO") == 0
        assert len(both.heard.messages) == 2
        assert both.smsc.deliveries.resent == 1


async def test_what_a_cut_line_left_unanswered_comes_again_first_and_in_its_order() -> None:
    async with rig(SmscSettings((ACCOUNT,), window=3)) as both:
        both.heard.status = lambda _: None
        texts = ["one", "two", "three", "four"]
        sending = [asyncio.create_task(both.phones.send(NUMBER, "9166", text)) for text in texts]
        await both.heard.until(lambda: len(both.heard.messages) == 3)
        both.heard.status = lambda _: 0
        both.smsc.cut()
        assert await asyncio.gather(*sending) == [0] * 4
        again = [pdu.short_message.decode() for _, pdu in both.heard.messages[3:]]
        assert again == texts


async def test_a_message_refused_for_good_is_dropped() -> None:
    async with rig() as both:
        both.heard.status = lambda _: CommandStatus.ESME_RX_R_APPN
        sent = await both.phones.send(NUMBER, "9166", "DK THETHAO")
        assert sent == CommandStatus.ESME_RX_R_APPN
        assert both.smsc.under_way == 0


async def test_each_esme_gets_the_messages_to_its_own_short_codes() -> None:
    other = Account("other", "word", ("1579",))
    async with rig(SmscSettings((ACCOUNT, other))) as both:
        waiting = asyncio.create_task(both.phones.send(NUMBER, "1579", "DK GAME"))
        assert await both.phones.send(NUMBER, "9166", "DK THETHAO") == 0
        assert not waiting.done()
        assert len(both.heard.messages) == 1
        assert both.smsc.under_way == 1
        with pytest.raises(KeyError):
            await both.phones.send(NUMBER, "9999", "DK GAME")
        waiting.cancel()


async def test_an_unknown_esme_is_refused() -> None:
    async with rig(wait_up=False, system_id="stranger") as both:
        await both.smsc.wait_until(lambda: both.link.stats.refused_binds == 1)
        assert "ESME_RINVSYSID" in both.link.stats.last_error
