"""What may happen in a story that SMPP says in another way than by deliver_sm and SMS.

Somebody dials: `dials *9166*THETHAO# -> 9166: ussd_asked "tra loi SMS"`, with the screen that
answers, named as a message is, and words that it must hold.
`dials by 18 ...` names the session's operation, where it is no request of the telephone.
"""

import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from tests.scenarios.sayings import name_of
from twofold.protocol.smpp import pdus as p
from twofold.protocol.smpp.constants import EsmClass, Tag, UssdOperation
from twofold.protocol.smpp.ussd import SCREEN_SEPTETS

if TYPE_CHECKING:
    from tests.scenarios.story import Story


DIALS: Final = re.compile(
    r"dials (?:by (?P<operation>\d+) )?(?P<text>.*) -> (?P<code>\d+): (?P<name>\w+)(?P<words>.*)"
)
_WORDS: Final = re.compile(r'"([^"]*)"')


async def dial(story: "Story", said: re.Match[str]) -> None:
    """Somebody dials, and reads the screen that ends the session."""
    operation = int(said["operation"] or UssdOperation.PSSR_INDICATION)
    screen = await story.world.dialling.dial(story.phone, said["code"], said["text"], operation)
    text = screen.text or ""
    assert name_of(text) == said["name"], f"the screen shows {text!r}"
    assert all(words in text for words in _WORDS.findall(said["words"])), text
    assert screen.is_last, "a session that is left open blocks the telephone"
    assert len(text) <= SCREEN_SEPTETS


def ends_session(operation: int) -> Callable[["Story"], Awaitable[None]]:
    """A session ends without anything being typed into it."""

    async def end(story: "Story") -> None:
        tlvs = ((int(Tag.USSD_SERVICE_OP), bytes((operation,))),)
        story.world.smsc.originate(
            p.DeliverSm(
                source_addr=story.phone,
                destination_addr="9166",
                short_message=b"DK THETHAO",
                tlvs=tlvs,
            )
        )

    return end


async def by_data_sm(story: "Story") -> None:
    """The SMSC brings everything by data_sm, messages and receipts."""
    story.world.smsc.deliveries.by_data_sm = True


async def by_deliver_sm(story: "Story") -> None:
    """The SMSC brings everything by deliver_sm, as most do."""
    story.world.smsc.deliveries.by_data_sm = False


def data_sm(*tlvs: tuple[int, bytes]) -> Callable[["Story"], Awaitable[None]]:
    """One data_sm from the phone, with these TLVs."""

    async def bring(story: "Story") -> None:
        story.world.smsc.originate(
            p.DataSm(source_addr=story.phone, destination_addr="9166", tlvs=tlvs)
        )

    return bring


async def national(story: "Story", *_numbers: int) -> None:
    """A yes whose first letter is one of the Turkish alphabet's own: `ĞY`, or plain `Y`."""
    story.world.smsc.originate(
        p.DeliverSm(
            source_addr=story.phone,
            destination_addr="9166",
            esm_class=EsmClass.UDH_INDICATOR,
            short_message=bytes((3, 0x25, 1, 1)) + b"Y",
        )
    )


async def unknown_alphabet(story: "Story", *_numbers: int) -> None:
    """The same in the alphabet of a language that nobody here knows."""
    story.world.smsc.originate(
        p.DeliverSm(
            source_addr=story.phone,
            destination_addr="9166",
            esm_class=EsmClass.UDH_INDICATOR,
            short_message=bytes((3, 0x25, 1, 14)) + b"Y",
        )
    )


def in_both_tables(language: int) -> Callable[..., Awaitable[None]]:
    """A yes in one of the alphabets where capital letters stand in the escaped table."""

    async def say(story: "Story", *_numbers: int) -> None:
        story.world.smsc.originate(
            p.DeliverSm(
                source_addr=story.phone,
                destination_addr="9166",
                esm_class=EsmClass.UDH_INDICATOR,
                short_message=bytes((6, 0x24, 1, language, 0x25, 1, language)) + b"\x1bY",
            )
        )

    return say


async def data(story: "Story", *_numbers: int) -> None:
    """Eight-bit data that would read as a yes."""
    story.world.smsc.originate(
        p.DeliverSm(
            source_addr=story.phone, destination_addr="9166", data_coding=4, short_message=b"Y"
        )
    )


WIRES: Final[dict[str, Callable[..., Awaitable[None]]]] = {
    "SMSC brings by data_sm": by_data_sm,
    "SMSC brings by deliver_sm": by_deliver_sm,
    "data_sm without a text": data_sm(),
    "data_sm with an empty text": data_sm((Tag.MESSAGE_PAYLOAD, b"")),
    "a notification is confirmed": ends_session(UssdOperation.USSN_CONFIRM),
    "a session is aborted": ends_session(0x81),
    "Y in Turkish": national,
    "Y in Hindi": in_both_tables(6),
    "Y in Urdu": in_both_tables(13),
    "Y in an unknown alphabet": unknown_alphabet,
    "Y as data": data,
    "data_sm about no message": data_sm((Tag.MESSAGE_STATE, b"\2")),
}
