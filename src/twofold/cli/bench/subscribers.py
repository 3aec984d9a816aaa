"""The numbers that all parts draw from: ten million subscribers, each drawn at most once."""

from collections.abc import Iterator, Sequence
from typing import Final

from twofold.cli.bench.figures import Draw
from twofold.peers.load_journeys import LoadSettings, numbers

FIRST: Final = 84_910_000_000
LAST: Final = 84_919_999_999


def drawn(draw: Draw) -> list[int]:
    """The numbers that a load draws."""
    settings = LoadSettings(
        journeys=draw.journeys, first_number=FIRST, last_number=LAST, seed=draw.seed
    )
    return [int(number) for number in numbers(settings)]


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
