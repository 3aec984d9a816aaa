"""What a bench measures, what is made of it, and which targets it is held to."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Final

from msgspec import Struct, structs

from twofold.cli.bench.subscribers import Draw


class PartSpec(Struct, frozen=True):
    """What the process of one part is told."""

    part: str
    folder: str
    port: int = 0
    journeys: int = 0
    events_a_commit: int = 0
    spared: tuple[Draw, ...] = ()
    """Loads whose numbers a prefill leaves alone."""


class PartDone(Struct, frozen=True):
    """What the process of one part says of itself."""

    cpu_s: float
    """From the first MO to the last receipt, start-up left out."""
    seconds: float = 0.0
    """Only where no load measures the time."""
    events: int = 0
    batches: int = 0
    written_bytes: int = 0
    """What it handed to the disk meanwhile; 0 where the system does not tell."""


class Figures(Struct, frozen=True):
    """One part in one round, or the medians of its rounds."""

    journeys: int
    journeys_per_s: float
    cpu_us: float
    """CPU of the part's own process a journey."""
    generator_cpu_us: float = 0.0
    prompt_p50_ms: float = 0.0
    """From a DK's first octet to its prompt's."""
    prompt_p99_ms: float = 0.0
    events_a_commit: float = 0.0
    written_kb: float = 0.0
    """Handed to the disk a journey, the log and what is copied out of it."""
    file_kb: float = 0.0
    """What the file grew by a journey."""
    refused: float = 0.0
    """Journeys that were put off and given up, where more is offered than can be taken."""


class Part(Struct, frozen=True):
    """One line of the table."""

    name: str
    says: str
    rounds: tuple[Figures, ...]
    medians: Figures


class Ratio(Struct, frozen=True):
    """One figure that is held to a target, or told without one."""

    says: str
    value: float
    target: float | None
    unit: str
    holds: bool | None


class Result(Struct, frozen=True):
    """All of one run."""

    machine: dict[str, str]
    commit: str
    journeys: int
    open_at_once: int
    rate: float
    prefill: int
    rounds: int
    parts: tuple[Part, ...]
    ratios: tuple[Ratio, ...]


def part_of(name: str, says: str, rounds: Sequence[Figures]) -> Part:
    """Take the median of each figure over the rounds."""
    fields = structs.fields(Figures)
    medians = [median([getattr(one, field.name) for one in rounds]) for field in fields]
    return Part(name, says, tuple(rounds), Figures(*medians))


CODEC, STORE_128, STORE_512, FLOW, PRODUCT = "codec", "store-128", "store-512", "flow", "product"
FLOW_STEADY, PRODUCT_STEADY, PREFILLED = "flow-steady", "product-steady", "product-prefilled"

SAYS: Final = {
    CODEC: "bare codec",
    STORE_128: "bare store, 128",
    STORE_512: "bare store, 512",
    FLOW: "bare flow",
    PRODUCT: "product",
    FLOW_STEADY: "bare flow, steady",
    PRODUCT_STEADY: "product, steady",
    PREFILLED: "product, prefilled",
}

RATE_TARGET: Final = 6_000.0
CPU_TARGET_US: Final = 150.0
FLOW_SHARE_TARGET: Final = 0.5
STEADY_P99_TARGET_MS: Final = 10.0
PREFILLED_SHARE_TARGET: Final = 0.9


def ratios_of(parts: Mapping[str, Part]) -> tuple[Ratio, ...]:
    """Compare what was measured in this run, two parts always within one round."""
    product = parts[PRODUCT].medians
    rate, cpu = "journeys_per_s", "cpu_us"
    ratios = [
        at_least("product: journeys/s", product.journeys_per_s, RATE_TARGET),
        at_least(
            "product / bare flow, journeys/s",
            _share(parts[PRODUCT], parts[FLOW], rate),
            FLOW_SHARE_TARGET,
        ),
        at_most("product: engine CPU a journey", product.cpu_us, CPU_TARGET_US, "µs"),
        told("product / bare flow, CPU", _share(parts[PRODUCT], parts[FLOW], cpu), ""),
        told("product: p99 at full load", product.prompt_p99_ms, "ms"),
    ]
    if PRODUCT_STEADY in parts:
        steady = parts[PRODUCT_STEADY].medians.prompt_p99_ms
        ratios.append(at_most("product: p99 at a steady rate", steady, STEADY_P99_TARGET_MS, "ms"))
    if PREFILLED in parts:
        share = _share(parts[PREFILLED], parts[PRODUCT], rate)
        ratios.append(at_least("prefilled / empty, journeys/s", share, PREFILLED_SHARE_TARGET))
        share = _share(parts[PREFILLED], parts[PRODUCT], cpu)
        ratios.append(told("prefilled / empty, CPU", share, ""))
    return tuple(ratios)


def _share(one: Part, other: Part, figure: str) -> float:
    """The median of the rounds' ratios: a busy minute meets both parts of a round."""
    rounds = zip(one.rounds, other.rounds, strict=True)
    return float(
        median([getattr(ours, figure) / getattr(theirs, figure) for ours, theirs in rounds])
    )


def told(says: str, value: float, unit: str) -> Ratio:
    """A figure without a target."""
    return Ratio(says, value, None, unit, holds=None)


def at_least(says: str, value: float, target: float, unit: str = "") -> Ratio:
    """A figure that is to reach its target."""
    return Ratio(says, value, target, unit, holds=value >= target)


def at_most(says: str, value: float, target: float, unit: str) -> Ratio:
    """A figure that is to stay within its target."""
    return Ratio(says, value, target, unit, holds=value <= target)
