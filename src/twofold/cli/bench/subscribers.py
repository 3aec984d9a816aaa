"""The numbers that all parts draw from: ten million subscribers, each drawn at most once."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from twofold.peers.load_journeys import LoadSettings, numbers

FIRST: Final = 84_910_000_000
LAST: Final = 84_919_999_999


class Draw(Struct, frozen=True):
    """How many numbers a load draws, by which seed, and from where to where."""

    journeys: int
    seed: int
    first: int = FIRST
    last: int = LAST


def drawn(draw: Draw) -> list[int]:
    """The numbers that a load draws."""
    settings = LoadSettings(
        journeys=draw.journeys, first_number=draw.first, last_number=draw.last, seed=draw.seed
    )
    return [int(number) for number in numbers(settings)]


def strip(journeys: int, which: int, of: int) -> Draw:
    """Draw from one strip of the subscribers: loads on one file must not meet the same number."""
    width = (LAST + 1 - FIRST) // of
    first = FIRST + which * width
    return Draw(journeys, which + 1, first, first + width - 1)


def others(journeys: int, spared: Sequence[Draw]) -> Iterator[int]:
    """As many numbers as asked for, none of which those loads draw.

    Raises ValueError when there are not as many subscribers.
    """
    taken = {number for draw in spared for number in drawn(draw)}
    seed = max((draw.seed for draw in spared), default=0) + 1
    left = journeys
    for number in drawn(Draw(journeys + len(taken), seed)):
        if left and number not in taken:
            left -= 1
            yield number
