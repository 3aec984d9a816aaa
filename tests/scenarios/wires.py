"""What may happen in a story that SMPP says in another way than by deliver_sm and SMS."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from twofold.protocol.smpp import pdus as p
from twofold.protocol.smpp.constants import Tag

if TYPE_CHECKING:
    from tests.scenarios.story import Story


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


WIRES: Final[dict[str, Callable[..., Awaitable[None]]]] = {
    "SMSC brings by data_sm": by_data_sm,
    "SMSC brings by deliver_sm": by_deliver_sm,
    "data_sm without a text": data_sm(),
    "data_sm with an empty text": data_sm((Tag.MESSAGE_PAYLOAD, b"")),
    "data_sm about no message": data_sm((Tag.MESSAGE_STATE, b"\2")),
}
