"""A long message as it comes: two parts, of which one may be missing or come again."""

from typing import Final

from tests.properties.life import Life
from twofold.domain.events import PartReceived
from twofold.domain.subscriber import Fragment, Group

LONG: Final = ("DK THETHAO", "DK GAME", "Y", "Y THETHAO", "N", "HUY ALL", "TK", "KN THETHAO", "alo")
PLACES: Final = ((1, 2), (2, 1), (1, 2), (1, 1, 2), (2, 1, 2), (1,), (2,))
"""In which order the parts of one message come, and how often."""


def part_of(life: Life, text: str, to: str, place: int, reference: int) -> PartReceived:
    """The first or second half of a text, under a reference that other messages may have, too."""
    last, whole = life.last, life.message(text, to)
    life.last = last
    half = len(whole.raw) // 2
    octets = whole.raw[:half] if place == 1 else whole.raw[half:]
    at, group = whole.at, Group(to, reference, 2)
    return PartReceived(
        *(whole.id, at, whole.msisdn, to, whole.smsc, whole.data_coding, octets, None),
        *(octets.ljust(8)[:8], False, at),
        imsi=whole.imsi,
        fragment=Fragment(group, place, 0, whole.data_coding, (0, 0), octets, at, at),
    )
