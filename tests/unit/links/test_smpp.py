"""A link and an SMSC over TCP: what a bind carries, both ways, and what little room means."""

import asyncio

import pytest

from tests.unit.links.rig import ACCOUNT, NUMBER, Heard, link_settings, rig
from twofold.links.smpp import SmppLink
from twofold.peers.smsc import SmscSettings
from twofold.protocol.smpp.constants import CommandStatus
from twofold.protocol.smpp.errors import LocalProtocolError
from twofold.protocol.smpp.pdus import SubmitSmResp
from twofold.protocol.smpp.receipts import is_receipt, parse_receipt

RX_T_APPN = CommandStatus.ESME_RX_T_APPN


async def test_a_link_binds_and_says_that_it_is_up() -> None:
    async with rig() as both:
        assert both.heard.changes == [True]
        assert [line.system_id for line in both.smsc.bound] == ["twofold"]
        assert (both.link.stats.binds, both.link.stats.reconnects) == (1, 0)
    assert both.heard.changes == [True, False]
    assert both.link.stats.last_error == ""


async def test_an_mo_is_heard_once_and_its_answer_reaches_the_phone() -> None:
    async with rig() as both:
        assert await both.phones.send(NUMBER, "9166", "DK THETHAO") == 0
        ((ticket, pdu),) = both.heard.messages
        assert (pdu.source_addr, pdu.destination_addr) == (NUMBER, "9166")
        assert pdu.short_message == b"DK THETHAO"
        assert (ticket.link, ticket.connection) == ("main", 1)
        assert both.link.stats.mo == 1


async def test_an_answer_may_come_much_later_than_its_message() -> None:
    async with rig() as both:
        both.heard.status = lambda _: None
        sending = asyncio.create_task(both.phones.send(NUMBER, "9166", "DK THETHAO"))
        await both.heard.until(lambda: len(both.heard.messages) == 1)
        both.heard.status = lambda _: 0
        assert await both.phones.send("84912000001", "9166", "TK") == 0
        assert not sending.done()
        both.link.respond(both.heard.messages[0][0], 0)
        assert await sending == 0


async def test_a_message_put_off_is_delivered_again() -> None:
    async with rig() as both:
        both.heard.status = lambda _: RX_T_APPN if len(both.heard.messages) == 1 else 0
        assert await both.phones.send(NUMBER, "9166", "DK THETHAO") == RX_T_APPN
        await both.heard.until(lambda: len(both.heard.messages) == 2)
        first, second = (pdu for _, pdu in both.heard.messages)
        assert first.short_message == second.short_message
        await both.smsc.wait_until(lambda: both.smsc.under_way == 0)


async def test_a_text_is_answered_with_its_context_and_its_receipt_follows() -> None:
    async with rig() as both:
        assert both.submit("a context")
        await both.heard.until(lambda: bool(both.heard.answers and both.heard.messages))
        ((context, answer),) = both.heard.answers
        assert context == "a context"
        assert isinstance(answer, SubmitSmResp)
        receipt = parse_receipt(both.heard.messages[0][1])
        assert receipt is not None
        assert (receipt.message_id, receipt.state.name) == (answer.message_id, "DELIVERED")
        (shown,) = await both.phones.wait_for(NUMBER, 1, 60)
        assert (shown["text"], shown["message_id"]) == ("hello", answer.message_id)
        assert (both.link.stats.mt, both.link.stats.answered, both.link.stats.lost) == (1, 1, 0)


async def test_transmitter_and_receiver_are_two_connections_and_one_link() -> None:
    async with rig(bind="transmitter_receiver") as both:
        assert sorted(line.mode for line in both.smsc.bound) == ["receiver", "transmitter"]
        assert both.heard.changes == [True]
        both.submit(1)
        await both.heard.until(lambda: bool(both.heard.answers and both.heard.messages))
        assert is_receipt(both.heard.messages[0][1])
        assert await both.phones.send(NUMBER, "9166", "Y") == 0


async def test_losing_one_of_two_connections_takes_the_link_down() -> None:
    async with rig(bind="transmitter_receiver") as both:
        next(line for line in both.smsc.bound if line.mode == "receiver").cut()
        await both.heard.down()
        await both.heard.up()
        assert both.link.stats.reconnects == 1


async def test_the_window_is_never_exceeded_and_room_appears_as_answers_come() -> None:
    async with rig(window=3) as both:
        both.smsc.faults.delay_ms = 30
        taken = [both.submit(number) for number in range(5)]
        assert taken == [True, True, True, False, False]
        await both.heard.until(lambda: bool(both.heard.rooms))
        assert both.heard.rooms[0] > 0
        assert both.submit(5)
        await both.heard.until(lambda: len(both.heard.answers) == 4)
        assert [context for context, _ in both.heard.answers] == [0, 1, 2, 5]
        assert both.smsc.submitted_count == 4


async def test_who_is_told_of_one_place_hears_when_there_are_two() -> None:
    async with rig(window=2) as both:
        both.smsc.faults.delay_ms = 30
        both.submit(1)
        assert both.link.room == 1
        await both.heard.until(lambda: bool(both.heard.rooms))
        assert both.heard.rooms == [2]


async def test_no_more_texts_go_in_a_second_than_the_rate_allows() -> None:
    async with rig(tps_max=4) as both:
        assert [both.submit(number) for number in range(5)] == [True] * 4 + [False]
        await both.heard.until(lambda: len(both.heard.answers) == 4)
        assert both.link.room == 0
        await both.heard.until(lambda: bool(both.heard.rooms))
        assert both.heard.rooms[0] > 0
        assert both.submit(5)


async def test_throttling_gives_the_smsc_a_rest() -> None:
    async with rig() as both:
        both.smsc.faults.submit = "throttle"
        both.submit(1)
        await both.heard.until(lambda: len(both.heard.answers) == 1)
        assert both.statuses() == [CommandStatus.ESME_RTHROTTLED]
        assert both.link.room == 0
        assert not both.submit(2)
        both.smsc.faults.submit = "ok"
        await both.heard.until(lambda: bool(both.heard.rooms))
        assert both.submit(3)
        await both.heard.until(lambda: len(both.heard.answers) == 2)
        assert (both.statuses()[1], both.link.stats.throttled) == (0, 1)


async def test_a_full_queue_of_one_subscriber_gives_the_link_no_rest() -> None:
    async with rig() as both:
        both.smsc.faults.submit = "reject"
        both.submit(1)
        await both.heard.until(lambda: len(both.heard.answers) == 1)
        assert both.statuses() == [CommandStatus.ESME_RINVDSTADR]
        assert both.link.room == both.link.settings.window


async def test_an_unanswered_text_is_lost_and_its_late_answer_counted() -> None:
    async with rig(response_timeout_s=0.1) as both:
        both.smsc.faults.delay_ms = 200
        both.submit("slow")
        await both.heard.until(lambda: len(both.heard.lost) == 1)
        assert both.heard.lost == [("slow", "no answer in time")]
        await both.smsc.wait_until(lambda: both.smsc.under_way == 0)
        await both.heard.until(lambda: len(both.heard.messages) == 1)
        assert both.heard.answers == []
        assert (both.link.stats.lost, both.link.stats.late) == (1, 1)
        assert both.link.is_up


async def test_a_text_that_the_standard_forbids_is_refused_here_and_takes_no_place() -> None:
    async with rig() as both:
        with pytest.raises(LocalProtocolError):
            both.submit(1, destination_addr="8" * 30)
        assert both.link.room == both.link.settings.window
        assert both.submit(2)
        await both.heard.until(lambda: len(both.heard.answers) == 1)


async def test_both_sides_ask_whether_the_other_is_there() -> None:
    settings = SmscSettings((ACCOUNT,), enquire_after_s=0.05)
    async with rig(settings, enquire_after_s=0.04) as both:
        line = both.smsc.bound[0]
        await both.smsc.wait_until(lambda: line.enquiries > 0)
        before = both.link.stats.enquired
        line.enquire()
        await both.smsc.wait_until(lambda: both.link.stats.enquired > before)
        assert both.heard.changes == [True]


async def test_an_answer_is_known_to_have_arrived_once_a_later_enquiry_is_answered() -> None:
    async with rig(enquire_after_s=0.05) as both:
        assert both.link.answers_arrived_before == -float("inf")
        await both.phones.send(NUMBER, "9166", "DK THETHAO")
        answered_at = asyncio.get_running_loop().time()
        line = both.smsc.bound[0]
        seen = line.enquiries
        await both.smsc.wait_until(lambda: line.enquiries > seen + 1)
        assert both.link.answers_arrived_before > answered_at


async def test_a_busy_link_proves_its_answers_without_a_silence() -> None:
    async with rig(enquire_after_s=60.0, response_timeout_s=0.2) as both:
        await both.phones.send(NUMBER, "9166", "DK THETHAO")
        line = both.smsc.bound[0]
        await both.smsc.wait_until(lambda: line.enquiries > 0)
        assert both.link.stats.enquired == 0


async def test_closing_waits_for_answers_and_unbinds() -> None:
    async with rig() as both:
        both.smsc.faults.delay_ms = 50
        both.submit(1)
        await both.link.close(5.0)
        assert len(both.heard.answers) == 1
        assert both.heard.lost == []
        await both.smsc.wait_until(lambda: not both.smsc.lines)


async def test_a_peer_that_never_answers_cannot_hold_up_the_end() -> None:
    async with rig(response_timeout_s=20.0) as both:
        both.smsc.faults.texts_to_drop = 1
        both.submit(1)
        await both.link.close(0.05)
        assert both.heard.lost == [(1, "the connection was lost")]


async def test_a_link_that_never_ran_has_no_room_and_closes() -> None:
    link = SmppLink(link_settings(1), Heard(), lambda: 0.0)
    assert (link.room, link.is_up) == (0, False)
    await link.close(0.0)


@pytest.mark.parametrize(
    "wrong", [{"window": 0}, {"tps_max": -1}, {"enquire_after_s": 0}, {"response_timeout_s": -1.0}]
)
def test_settings_that_could_never_work_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="of main"):
        link_settings(2775, **wrong)
