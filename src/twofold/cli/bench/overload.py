"""`twofold bench overload`: ten times what the product takes is offered, and what it still does.

Each round measures the best rate first, as `journeys` does, then offers ten times that rate twice:
by an SMSC that keeps a window, as most do, and by one that goes on regardless and drops what is
put off, which is the worst kind that there is.
"""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Final

import msgspec
from msgspec import Struct
from rich.console import Console
from rich.status import Status

from twofold.cli.bench import figures as f
from twofold.cli.bench.figures import Figures, PartSpec, Ratio, Result
from twofold.cli.bench.machine import commit_name, machine
from twofold.cli.bench.playing import Load, fresh, overwhelmed, played
from twofold.cli.bench.subscribers import Draw
from twofold.cli.bench.table import show

FOLDER: Final = Path("var/bench")
TIMES: Final = 10
WINDOW: Final = 200
BEST, WINDOWED, REGARDLESS = "product", "windowed", "regardless"
SAYS: Final = {
    BEST: "at its best",
    WINDOWED: f"{TIMES} times, windowed",
    REGARDLESS: f"{TIMES} times, regardless",
}

KEPT_TARGET: Final = 0.9
P99_TARGET_MS: Final = 1_000.0


class Options(Struct, frozen=True):
    """What to measure."""

    journeys: int = 20_000
    """Of the best rate."""
    open_at_once: int = 200
    seconds: float = 5.0
    """How long too much is offered."""
    rounds: int = 3


def run(options: Options, *, as_json: bool) -> None:
    """Measure, and print a table or a JSON document."""
    with Console(stderr=True).status("") as status:
        result = measure(options, status)
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(result), indent=2).decode())
    else:
        show(result)


def measure(options: Options, status: Status) -> Result:
    """Run both in every round and compare them."""
    folder = fresh(FOLDER)
    rounds: dict[str, list[Figures]] = {name: [] for name in SAYS}
    try:
        about = machine(folder)
        for seed in range(1, options.rounds + 1):
            for name, says in SAYS.items():
                status.update(f"round {seed} of {options.rounds}: {says}")
                rounds[name].append(one(name, options, seed, folder / "fresh", rounds[BEST]))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    parts = {name: f.part_of(name, SAYS[name], held) for name, held in rounds.items()}
    return Result(
        machine=about,
        commit=commit_name(),
        journeys=options.journeys,
        open_at_once=options.open_at_once,
        rate=0.0,
        prefill=0,
        rounds=options.rounds,
        parts=tuple(parts.values()),
        ratios=ratios_of(rounds),
    )


def one(name: str, options: Options, seed: int, folder: Path, best: Sequence[Figures]) -> Figures:
    """Measure the best rate, or offer many times the last one of it."""
    if name == BEST:
        load = Load(Draw(options.journeys, seed), options.open_at_once)
        return played(PartSpec(BEST, str(fresh(folder))), load)
    rate = best[-1].journeys_per_s
    # What a window holds back is served later; what is dropped must be offered all the time.
    offered, window = (rate, WINDOW) if name == WINDOWED else (TIMES * rate, 0)
    draw = Draw(max(1, int(offered * options.seconds)), seed)
    load = Load(draw, options.open_at_once, TIMES * rate, window)
    return overwhelmed(PartSpec("overload", str(fresh(folder))), load)


def ratios_of(rounds: Mapping[str, Sequence[Figures]]) -> tuple[Ratio, ...]:
    """Compare within each round; medians count."""
    regardless = rounds[REGARDLESS]
    taken = [held.journeys / (held.journeys + held.refused) for held in regardless]
    return (
        f.at_least("windowed: rate / best rate", kept(rounds, WINDOWED), KEPT_TARGET),
        f.at_most("windowed: p99 of what is taken", p99(rounds[WINDOWED]), P99_TARGET_MS, "ms"),
        f.at_most("regardless: p99 of what is taken", p99(regardless), P99_TARGET_MS, "ms"),
        f.told("regardless: rate / best rate", kept(rounds, REGARDLESS), ""),
        f.told("regardless: taken of what is offered", median(taken), ""),
    )


def kept(rounds: Mapping[str, Sequence[Figures]], name: str) -> float:
    """The share of the best rate that is left."""
    both = zip(rounds[name], rounds[BEST], strict=True)
    return float(median([after.journeys_per_s / best.journeys_per_s for after, best in both]))


def p99(rounds: Sequence[Figures]) -> float:
    """The time in which 99 of a hundred prompts came."""
    return float(median([figures.prompt_p99_ms for figures in rounds]))
