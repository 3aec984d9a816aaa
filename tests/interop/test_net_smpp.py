"""Our link against an SMSC that we did not write: Debian's Net::SMPP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.interop.perl_smsc import PerlSmsc, perl_smsc
from tests.unit.links.rig import Heard, link_settings
from twofold.links.smpp import SmppLink
from twofold.protocol.gsm import segment, with_udh
from twofold.protocol.smpp.constants import EsmClass
from twofold.protocol.smpp.pdus import SubmitSm, SubmitSmResp
from twofold.protocol.smpp.receipts import parse_receipt

pytestmark = pytest.mark.needs("net-smpp")

NUMBER = "84912345678"


@asynccontextmanager
async def linked(**settings: object) -> AsyncIterator[tuple[PerlSmsc, SmppLink, Heard]]:
    """Run the Perl SMSC and a link to it."""
    async with perl_smsc() as smsc:
        heard = Heard()
        heard.link = SmppLink(link_settings(smsc.port, **settings), heard, lambda: 1.0)
        running = asyncio.create_task(heard.link.run())
        try:
            yield smsc, heard.link, heard
        finally:
            await heard.link.close(5.0)
            await running


async def test_it_takes_our_bind_as_one_of_smpp_3_4() -> None:
    async with linked() as (smsc, _, heard):
        assert await smsc.saw("bind_transceiver") == ["twofold", "secret", "52"]
        await heard.up()


async def test_it_refuses_a_wrong_password_and_we_ask_again() -> None:
    async with linked(password="wrong") as (smsc, link, _):
        await smsc.saw("bind_transceiver")
        await smsc.saw("bind_transceiver")
        assert (link.is_up, link.stats.last_error) == (False, "bind refused: ESME_RINVPASWD")


async def test_its_message_is_heard_and_our_answer_understood() -> None:
    async with linked() as (smsc, _, heard):
        await heard.up()
        smsc.deliver(NUMBER, "9166", b"DK THETHAO")
        assert await smsc.saw("deliver_sm_resp") == ["1", "0"]
        ((_, pdu),) = heard.messages
        assert (pdu.source_addr, pdu.destination_addr) == (NUMBER, "9166")
        assert pdu.short_message == b"DK THETHAO"


async def test_its_data_sm_is_heard_and_our_answer_understood() -> None:
    async with linked() as (smsc, _, heard):
        await heard.up()
        smsc.data(NUMBER, "9166", b"DK THETHAO")
        assert await smsc.saw("data_sm_resp") == ["1", "0"]
        ((_, pdu),) = heard.messages
        assert (pdu.source_addr, pdu.destination_addr) == (NUMBER, "9166")
        assert pdu.payload == b"DK THETHAO"


async def test_it_reads_our_text_as_we_wrote_it_and_we_its_answer_and_receipt() -> None:
    async with linked() as (smsc, link, heard):
        await heard.up()
        text = SubmitSm(
            source_addr="9166",
            dest_addr_ton=1,
            dest_addr_npi=1,
            destination_addr=NUMBER,
            validity_period="000000115900000R",
            registered_delivery=1,
            short_message=b"soan Y gui 9166",
        )
        assert link.submit(text, "a context")
        seen = await smsc.saw_submit()
        assert (seen.sender, seen.to, seen.text) == ("9166", NUMBER, b"soan Y gui 9166")
        assert (seen.validity, seen.registered) == ("000000115900000R", 1)
        await heard.until(lambda: bool(heard.messages and heard.answers))
        ((context, answer),) = heard.answers
        assert isinstance(answer, SubmitSmResp)
        assert (context, answer.command_status, answer.message_id) == ("a context", 0, "perl-1")
        receipt = parse_receipt(heard.messages[0][1])
        assert receipt is not None
        assert (receipt.message_id, receipt.state.name) == ("perl-1", "DELIVERED")


async def test_it_reads_every_part_of_a_long_text() -> None:
    async with linked() as (smsc, link, heard):
        await heard.up()
        segments = segment("Đồng ý " * 20)
        for part in with_udh(segments.parts, 9):
            text = SubmitSm(
                source_addr="9166",
                destination_addr=NUMBER,
                esm_class=EsmClass.UDH_INDICATOR,
                data_coding=segments.data_coding,
                short_message=part,
            )
            link.submit(text, part)
        seen = [await smsc.saw_submit() for _ in segments.parts]
        assert [one.text for one in seen] == list(with_udh(segments.parts, 9))
        assert {(one.esm_class, one.data_coding) for one in seen} == {(0x40, 8)}
        await heard.until(lambda: len(heard.answers) == len(segments.parts))


async def test_enquiries_are_answered_both_ways() -> None:
    async with linked(enquire_after_s=0.1) as (smsc, link, heard):
        await heard.up()
        smsc.tell("enquire")
        await smsc.saw("enquire_link_resp")
        await smsc.saw("enquire_link")
        await smsc.saw("enquire_link")
        assert (link.stats.enquired, heard.changes) == (1, [True])


async def test_its_unbind_and_a_cut_line_are_outlived() -> None:
    async with linked() as (smsc, link, heard):
        await heard.up()
        smsc.tell("unbind")
        await smsc.saw("unbind_resp")
        await heard.until(lambda: link.stats.binds == 2)
        smsc.tell("cut")
        await heard.until(lambda: link.stats.binds == 3)
        smsc.deliver(NUMBER, "9166", b"Y")
        await heard.until(lambda: len(heard.messages) == 1)


async def test_our_unbind_is_understood() -> None:
    async with linked() as (smsc, link, heard):
        await heard.up()
        await link.close(5.0)
        await smsc.saw("unbind")
        await smsc.saw("gone")
