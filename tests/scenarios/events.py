"""What may happen in a story, in a product manager's words.

A text: `DK THETHAO -> 9166`, from another spelling of the number with `0912345678: ` before it;
`put off: ` before one that the engine must ask for again, which the SMSC then brings again.
`sent 11:59:59: ` before one that the SMSC had then and brings now;
`waits: ` before one that it keeps until it can bring it.
In a text `<code>` stands for the code that the last prompt printed, `<code 1>` for that of the
first prompt, and `<wrong>` for another than the last.
`A, then B` are two things in one instant; `A, and at once B` are under way together.
What is asked for over HTTP stands in `calling.py`.
Everything else is one of `EVENTS`; `#` in a name stands for a number.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from itertools import chain
from typing import TYPE_CHECKING, Final

from tests.scenarios.calling import CALL, call
from tests.scenarios.reports import REPORTS
from tests.scenarios.table import clock_ms
from tests.scenarios.wires import DIALS, WIRES, dial
from twofold.catalog.example import example
from twofold.domain.catalogue import StopKind
from twofold.peers.faults import Faults
from twofold.peers.phones import Long
from twofold.protocol.smpp import pdus as p
from twofold.protocol.smpp.constants import CommandStatus, EsmClass, MessageState, Tag
from twofold.protocol.smpp.receipts import receipt_text
from twofold.world.trouble import sell, switch_off, switch_on

if TYPE_CHECKING:
    from tests.scenarios.story import Story

_SAYS: Final = re.compile(r"(?:(\+?\d+|put off|waits|sent [\d:.]+): )?(.*?) ?-> (\d+)", re.DOTALL)
_CODE: Final = re.compile(r"(?:soan|text) Y (\d{4}) (?:gui|to)")
_NTH_CODE: Final = re.compile(r"<code (\d)>")
_NUMBER: Final = re.compile(r"\d+")


async def happen(story: "Story", what: str) -> None:
    """Make it happen, and then what stands behind `, then `."""
    what, _, rest = what.partition(", then ")
    await happen_alone(story, what)
    if rest:
        await happen_alone(story, rest)


async def happen_alone(story: "Story", what: str) -> None:
    """Make one thing happen."""
    together = what.split(", and at once ")
    if calls := [said for one in together if (said := CALL.fullmatch(one))]:
        assert len(calls) == len(together), what
        answers = await asyncio.gather(*(call(story, said) for said in calls))
        story.answers += sorted(chain(*answers)) if len(calls) > 1 else answers[0]
        return
    if dialled := DIALS.fullmatch(what):
        await dial(story, dialled)
        return
    if match := _SAYS.fullmatch(what):
        how = match[1] or ""
        if how == "waits":
            send = story.world.phones.send(story.phone, match[3], match[2])
            story.sending.append(story.world.loop.create_task(send))
            return
        sender = how if how.lstrip("+").isdigit() else story.phone
        began_at = story.world.true_now() - story.clock()
        sent_at = began_at + clock_ms(how[5:]) if how.startswith("sent ") else None
        await say(
            story,
            sender,
            with_code(story, match[2]),
            match[3],
            put_off=how == "put off",
            sent_at=sent_at,
        )
        return
    numbers = [int(number) for number in _NUMBER.findall(what)]
    await EVENTS[_NUMBER.sub("#", what)](story, *numbers)


def with_code(story: "Story", text: str) -> str:
    """Put a prompt's code into a text, as who reads it would."""
    printed = [found[1] for heard in story.messages if (found := _CODE.search(heard["text"]))]
    if "<" not in text or not printed:
        return text
    wrong = str((int(printed[-1]) - 999) % 9_000 + 1_000)
    text = text.replace("<code>", printed[-1]).replace("<wrong>", wrong)
    return _NTH_CODE.sub(lambda nth: printed[int(nth[1]) - 1], text)


async def say(
    story: "Story",
    sender: str,
    text: str,
    short_code: str,
    *,
    put_off: bool = False,
    sent_at: int | None = None,
) -> None:
    """Somebody writes a text; the engine must take it, or ask for it again."""
    said = story.settings.said if text == "{said}" else text
    coding = story.settings.data_coding if text == "{said}" else None
    status = await story.world.phones.send(
        sender, short_code, said, data_coding=coding, smsc_time=sent_at
    )
    expected = CommandStatus.ESME_RX_T_APPN if put_off else CommandStatus.ESME_ROK
    assert status == expected, f"the engine answered {text!r} with {status:#010x}"


def fault(**switches: object) -> Callable[..., Awaitable[None]]:
    """Make the SMSC do something wrong, until it is switched back."""

    async def switch(story: "Story", *numbers: int) -> None:
        for name, value in switches.items():
            assert hasattr(story.world.smsc.faults, name), name
            setattr(story.world.smsc.faults, name, numbers[0] if value is None else value)

    return switch


async def smsc_is_well(story: "Story") -> None:
    """All faults are over."""
    faults, well = story.world.smsc.faults, Faults()
    for name in Faults.__struct_fields__:
        setattr(faults, name, getattr(well, name))


async def smsc_takes_seconds(story: "Story", seconds: int) -> None:
    """The SMSC looks at a text late, and answers then."""
    story.world.smsc.faults.delay_ms = seconds * 1000


async def smsc_down(story: "Story") -> None:
    """The SMSC loses its power."""
    await story.world.smsc_down()


async def smsc_up(story: "Story") -> None:
    """The SMSC is there again."""
    await story.world.smsc_up()


async def handset_off(story: "Story") -> None:
    """The phone is switched off."""
    story.world.smsc.handsets.off(story.phone)


async def put_in_sim(story: "Story", number: int) -> None:
    """Another SIM is in the phone, and has the number; 1 is the one that it began with."""
    first = f"45201000{story.phone[-7:]}"
    imsi = first if number == 1 else f"45201999{number:07}"
    if story.world.smsc.settings.mo_imsi_tlv:
        story.world.smsc.sims.put_in(story.phone, imsi)


async def handset_on(story: "Story") -> None:
    """The phone is switched on."""
    story.world.smsc.handsets.on(story.phone)


async def resend(story: "Story") -> None:
    """The SMSC delivers the phone's last message once more: the same octets, the same ids."""
    story.world.smsc.originate(story.delivered[-1])


async def resend_older(story: "Story", back: int) -> None:
    """The SMSC delivers an older message once more."""
    story.world.smsc.originate(story.delivered[-1 - back])


async def send_twice_at_once(story: "Story") -> None:
    """The SMSC delivers the phone's last message twice more, one on the heels of the other."""
    again = story.delivered[-1]
    story.world.smsc.originate(again)
    story.world.smsc.originate(again)


async def stray_receipt(story: "Story") -> None:
    """A receipt for a message that was never ours."""
    at = "2603140900"
    story.world.smsc.originate(
        p.DeliverSm(
            source_addr=story.phone,
            destination_addr="9166",
            esm_class=EsmClass.DELIVERY_RECEIPT,
            short_message=receipt_text("DEADBEEF", MessageState.UNDELIVERABLE, at, at, "001"),
        )
    )


async def smsc_clock(story: "Story", seconds: int) -> None:
    """The SMSC's clock is wrong: ahead."""
    story.world.smsc.skew_ms = seconds * 1000


async def smsc_clock_behind(story: "Story", seconds: int) -> None:
    """The SMSC's clock is wrong: behind."""
    story.world.smsc.skew_ms = -seconds * 1000


async def long_by(story: "Story", manner: Long, order: str) -> None:
    """What phones send in parts comes in this way, in this order."""
    story.world.phones.long_messages = manner
    story.world.phones.shuffle = list.reverse if order == "backwards" else None


async def last_part_again(story: "Story") -> None:
    """The SMSC delivers all parts of the phone's last message once more."""
    for pdu in story.delivered[-2:]:
        story.world.smsc.originate(pdu)


async def first_part_alone(story: "Story") -> None:
    """The first half of a long message, and never the second."""
    story.world.smsc.originate(
        p.DeliverSm(
            source_addr=story.phone,
            destination_addr="9166",
            esm_class=EsmClass.UDH_INDICATOR,
            short_message=bytes((5, 0, 3, 77, 2, 1)) + b"Y",
        )
    )


def phones_write(manner: Long, order: str = "") -> Callable[..., Awaitable[None]]:
    """Switch how long messages come."""

    async def switch(story: "Story", *_numbers: int) -> None:
        await long_by(story, manner, order)

    return switch


async def prompt_barred(story: "Story") -> None:
    """The network says that the number may get no SMS."""
    at = "2603140900"
    story.world.smsc.originate(
        p.DeliverSm(
            source_addr=story.phone,
            destination_addr="9166",
            esm_class=EsmClass.DELIVERY_RECEIPT,
            short_message=receipt_text("00000001", MessageState.UNDELIVERABLE, at, at, "013"),
            tlvs=((int(Tag.NETWORK_ERROR_CODE), b"\x03\0\x0d"),),
        )
    )


async def line_down(story: "Story") -> None:
    """Nothing gets through between us and the SMSC, which goes on."""
    story.world.smsc.faults.refuse_binds = CommandStatus.ESME_RBINDFAIL
    story.world.network.cut()


async def line_up(story: "Story") -> None:
    """We may bind again."""
    story.world.smsc.faults.refuse_binds = 0


async def crash(story: "Story") -> None:
    """The engine is killed, and started again at once."""
    story.world.crash()
    assert await story.world.restart()


async def crash_and_stay_down(story: "Story") -> None:
    """The engine is killed."""
    story.world.crash()


async def start(story: "Story") -> None:
    """The engine is started."""
    assert await story.world.restart()


async def restart(story: "Story") -> None:
    """The engine is ended in order, and started again."""
    await story.world.stop()
    assert await story.world.restart()


async def clock_back(story: "Story", seconds: int) -> None:
    """The engine's machine sets its clock back; everybody else's goes on."""
    story.world.skew_ms = -seconds * 1000


async def clock_ahead(story: "Story", seconds: int) -> None:
    """The engine's machine sets its clock ahead."""
    story.world.skew_ms = seconds * 1000


async def clock_is_right(story: "Story") -> None:
    """The engine's machine has its clock corrected."""
    story.world.skew_ms = 0


def stops(kind: StopKind, name: str) -> Callable[..., Awaitable[None]]:
    """An operator stops something, from another process."""

    async def happens(story: "Story") -> None:
        await switch_off(story.world, kind, name)

    return happens


def goes_on(kind: StopKind, name: str) -> Callable[..., Awaitable[None]]:
    """Two people let it go on."""

    async def happens(story: "Story") -> None:
        await switch_on(story.world, kind, name)

    return happens


def imports(before: str, after: str) -> Callable[..., Awaitable[None]]:
    """Somebody imports the example's catalogue with a change."""

    async def happens(story: "Story") -> None:
        text = example("catalog.toml")
        assert before in text, before
        await sell(story.world, text.replace(before, after, 1))

    return happens


def costs_later(code: str) -> Callable[..., Awaitable[None]]:
    """Somebody imports the example's catalogue with another price from the next midnight on."""

    async def happens(story: "Story", price: int) -> None:
        row = f'[[price]]\nservice = "{code}"\nprice = {price}\nfrom = 2026-03-15\n'
        await sell(story.world, f"{example('catalog.toml')}\n{row}")

    return happens


EVENTS: Final[dict[str, Callable[..., Awaitable[None]]]] = {
    **WIRES,
    "SMSC throttles": fault(submit="throttle"),
    "SMSC refuses": fault(submit="reject"),
    "SMSC is well": smsc_is_well,
    "SMSC takes # s": smsc_takes_seconds,
    "SMSC loses # answers": fault(answers_to_drop=None),
    "SMSC loses # texts": fault(texts_to_drop=None),
    "SMSC down": smsc_down,
    "SMSC up": smsc_up,
    "no receipts": fault(receipt="none"),
    "receipts come twice": fault(receipt="twice"),
    "receipts come first": fault(receipt="first"),
    "texts fail": fault(receipt="fail"),
    "a stray receipt": stray_receipt,
    "handset off": handset_off,
    "SIM # is put in": put_in_sim,
    "handset on": handset_on,
    "resent": resend,
    "resent, # messages back": resend_older,
    "resent twice": send_twice_at_once,
    "crash": crash,
    "crash and stay down": crash_and_stay_down,
    "start": start,
    "restart": restart,
    "clock # s back": clock_back,
    "clock # s ahead": clock_ahead,
    "clock is right": clock_is_right,
    "SMSC clock # s ahead": smsc_clock,
    "SMSC clock # s behind": smsc_clock_behind,
    "long messages by header": phones_write("udh"),
    "long messages by header, backwards": phones_write("udh", "backwards"),
    "long messages by wide header": phones_write("udh16"),
    "long messages by TLV": phones_write("sar"),
    "long messages by TLV, backwards": phones_write("sar", "backwards"),
    "long messages by payload": phones_write("payload"),
    "both parts again": last_part_again,
    "a first part alone": first_part_alone,
    "prompt barred": prompt_barred,
    "line down": line_down,
    "line up": line_up,
    **REPORTS,
    "partner abc stops": stops(StopKind.PARTNER, "abc"),
    "partner abc goes on": goes_on(StopKind.PARTNER, "abc"),
    "service THETHAO stops": stops(StopKind.SERVICE, "THETHAO"),
    "import": imports("10000", "11000"),
    "NHAC costs # from midnight": costs_later("NHAC"),
}
"""Everything that is no text."""
