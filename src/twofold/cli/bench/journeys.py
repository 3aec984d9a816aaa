"""`twofold bench journeys`: whole double confirmations a second, and what each costs.

The rounds go through all parts in turn, so that a busy minute of the machine meets them alike.
"""

import shutil
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct
from rich.console import Console
from rich.status import Status

from twofold.cli.bench import figures as f
from twofold.cli.bench.figures import Figures, PartSpec, Result
from twofold.cli.bench.machine import commit_name, machine
from twofold.cli.bench.playing import Load, alone, fresh, played
from twofold.cli.bench.subscribers import Draw, strip
from twofold.cli.bench.table import show

FOLDER: Final = Path("var/bench")
STEADY_S: Final = 5.0
"""How long the steady rate is held in each round."""


class Options(Struct, frozen=True):
    """What to measure."""

    journeys: int = 20_000
    open_at_once: int = 200
    rate: float = 500.0
    """Of the steady phase, journeys begun a second; 0 leaves it out."""
    prefill: int = 0
    """Journeys in the file that the product is measured on once more; 0 leaves it out."""
    rounds: int = 3


def run(options: Options, *, as_json: bool) -> None:
    """Measure everything and print a table, or a JSON document."""
    console = Console(stderr=True)
    with console.status("") as status:
        result = measure(options, status)
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(result), indent=2).decode())
    else:
        show(result)


def measure(options: Options, status: Status) -> Result:
    """Run every part in every round and compare them."""
    folder = fresh(FOLDER)
    try:
        about = machine(folder)
        held = folder / "prefilled"
        if options.prefill:
            status.update(f"making a file of {options.prefill:,} journeys")
            fill(options, fresh(held))
        rounds: dict[str, list[Figures]] = {}
        for seed in range(1, options.rounds + 1):
            for name in names(options):
                status.update(f"round {seed} of {options.rounds}: {f.SAYS[name]}")
                figures = one(name, options, seed, folder / "fresh", held)
                rounds.setdefault(name, []).append(figures)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    parts = {name: f.part_of(name, f.SAYS[name], held_) for name, held_ in rounds.items()}
    return Result(
        machine=about,
        commit=commit_name(),
        journeys=options.journeys,
        open_at_once=options.open_at_once,
        rate=options.rate,
        prefill=options.prefill,
        rounds=options.rounds,
        parts=tuple(parts.values()),
        ratios=f.ratios_of(parts),
    )


def names(options: Options) -> tuple[str, ...]:
    """The parts to run, in their order."""
    steady = (f.FLOW_STEADY, f.PRODUCT_STEADY) if options.rate else ()
    prefilled = (f.PREFILLED,) if options.prefill else ()
    return (f.CODEC, f.STORE_128, f.STORE_512, f.FLOW, f.PRODUCT, *prefilled, *steady)


def one(name: str, options: Options, seed: int, folder: Path, prefilled: Path) -> Figures:
    """Run one part once, on a file of its own."""
    if name in {f.STORE_128, f.STORE_512}:
        events = int(name.rpartition("-")[2])
        spec = PartSpec("store", str(fresh(folder)), events_a_commit=events)
        return alone(msgspec.structs.replace(spec, journeys=options.journeys))
    part = name.partition("-")[0]
    if name == f.PREFILLED:
        load = Load(strip(options.journeys, seed - 1, options.rounds), options.open_at_once)
        return played(PartSpec(part, str(prefilled)), load)
    load = steady_load(options, seed) if name.endswith("-steady") else full_load(options, seed)
    return played(PartSpec(part, str(fresh(folder))), load)


def full_load(options: Options, seed: int) -> Load:
    """As many journeys open at once as asked for."""
    return Load(Draw(options.journeys, seed), options.open_at_once)


def steady_load(options: Options, seed: int) -> Load:
    """As many journeys begun a second as asked for, for a while."""
    journeys = max(1, min(options.journeys, int(options.rate * STEADY_S)))
    return Load(Draw(journeys, seed), options.open_at_once, options.rate)


def fill(options: Options, folder: Path) -> None:
    """Make the file that holds journeys already; the loads' own numbers stay free."""
    rounds = range(options.rounds)
    spared = tuple(strip(options.journeys, which, options.rounds) for which in rounds)
    alone(PartSpec("prefill", str(folder), journeys=options.prefill, spared=spared))
