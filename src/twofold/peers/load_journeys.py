"""What a load plays: each number asks once, says yes once, and must be told both times.

No network here: `load.py` hands in what the ESME said and sends what this says.
"""

from array import array
from collections import defaultdict
from random import Random
from typing import Final

import msgspec

PROMPT: Final = b"soan Y"
WELCOME: Final = b"thanh cong"
"""Words that stay in the texts, whatever is reworded, and by which they are known."""


class LoadSettings(msgspec.Struct, frozen=True):
    """What to play, and how.

    `open_at_once` journeys are kept open, unless `rate` (journeys a second) is given.
    Numbers are drawn at random over `first_number` to `last_number`, each at most once.
    A run without progress for `give_up_s` seconds ends, and says how many journeys were left.
    """

    journeys: int
    open_at_once: int = 200
    rate: float = 0.0
    service: str = "THETHAO"
    short_code: str = "9166"
    first_number: int = 84_912_000_000
    last_number: int = 84_912_999_999
    seed: int = 1
    system_id: str = "twofold"
    password: str = "secret"  # noqa: S105 - that of the stand-in
    retry_s: float = 0.2
    window: int = 0
    """How many MOs and receipts may be unanswered before more journeys are begun; 0: any number."""
    give_up_s: float = 30.0
    record: bool = False
    """Keep which MOs were acknowledged, and each text that a number received."""


class Journey:
    """One number's way from `DK` to the welcome."""

    __slots__ = ("asked_at", "msisdn", "parts", "prompted", "welcomed")

    def __init__(self, msisdn: bytes, *, ended: bool = False) -> None:
        self.msisdn = msisdn
        self.asked_at = 0.0
        self.prompted = ended
        self.welcomed = ended
        self.parts: list[bytes] = []


class Record(msgspec.Struct):
    """What a test compares with the store after a kill: numbers are whole, they are invented."""

    asked: list[str] = msgspec.field(default_factory=list)
    confirmed: list[str] = msgspec.field(default_factory=list)
    """Numbers whose `DK` and whose `Y` were answered ESME_ROK, in that order."""
    texts: dict[str, list[str]] = msgspec.field(default_factory=lambda: defaultdict(list))


class Report(msgspec.Struct):
    """What a load measured; times in milliseconds unless they end in `_s`."""

    journeys: int = 0
    left: int = 0
    seconds: float = 0.0
    journeys_per_s: float = 0.0
    prompt_p50_ms: float = 0.0
    prompt_p99_ms: float = 0.0
    generator_cpu_s: float = 0.0
    binds: int = 0
    resent: int = 0
    put_off: int = 0
    """MOs answered ESME_RX_T_APPN, and sent again."""
    refused: int = 0
    """MOs answered with any other error: their journeys end there."""
    again: int = 0
    """Prompts or welcomes that came a second time."""
    unexpected: int = 0
    """Texts that were neither."""
    record: Record | None = None


def numbers(settings: LoadSettings) -> list[bytes]:
    """Draw the numbers of all journeys."""
    spread = range(settings.first_number, settings.last_number + 1)
    drawn = Random(settings.seed).sample(spread, settings.journeys)
    return [b"%d" % number for number in drawn]


class Latencies:
    """How long each prompt took, in seconds."""

    def __init__(self) -> None:
        self._took = array("d")

    def add(self, took_s: float) -> None:
        """Note one."""
        self._took.append(took_s)

    def percentile_ms(self, share: float) -> float:
        """Give the time within which `share` of them came, 0 when there are none."""
        if not self._took:
            return 0.0
        ordered = sorted(self._took)
        return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3)
