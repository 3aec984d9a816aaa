"""A result as a person reads it."""

import sys
from typing import Final

from rich.console import Console
from rich.table import Table

from twofold.cli.bench.figures import Figures, Ratio, Result

WIDTH: Final = 100
"""Of what is not printed on a terminal."""


def show(result: Result) -> None:
    """Print what was measured, how it compares, and on what."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)
    console.print(_parts(result))
    console.print(_ratios(result.ratios))
    console.print(f"commit {result.commit}; " + "; ".join(map(_about, result.machine.items())))


def _parts(result: Result) -> Table:
    rounds = "one round" if result.rounds == 1 else f"medians of {result.rounds} rounds"
    steady = f"; steady: {result.rate:g} begun a second" if result.rate else ""
    prefilled = f"; prefilled: {result.prefill:,} journeys" if result.prefill else ""
    table = Table(
        title=f"{result.journeys:,} journeys, {result.open_at_once} open at once; {rounds}",
        caption=f"CPU and kB are those of a journey{steady}{prefilled}",
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("part", no_wrap=True)
    for heading in ("journeys/s", "CPU µs", "p50 ms", "p99 ms", "a commit", "kB written"):
        table.add_column(heading, justify="right", no_wrap=True)
    for part in result.parts:
        table.add_row(part.says, *_cells(part.medians))
    return table


def _cells(figures: Figures) -> tuple[str, ...]:
    return (
        f"{figures.journeys_per_s:,.0f}",
        f"{figures.cpu_us:.0f}",
        _some(figures.prompt_p50_ms, ".1f"),
        _some(figures.prompt_p99_ms, ".1f"),
        _some(figures.events_a_commit, ".0f"),
        _some(figures.written_kb, ".1f"),
    )


def _some(value: float, form: str) -> str:
    return format(value, form) if value else "-"


def _ratios(ratios: tuple[Ratio, ...]) -> Table:
    table = Table()
    for heading in ("compared", "measured", "target", ""):
        table.add_column(heading, justify="left" if heading in {"compared", ""} else "right")
    for ratio in ratios:
        target = "-" if ratio.target is None else _number(ratio.target, ratio.unit)
        verdict = {True: "holds", False: "missed", None: ""}[ratio.holds]
        table.add_row(ratio.says, _number(ratio.value, ratio.unit), target, verdict)
    return table


def _number(value: float, unit: str) -> str:
    """Shares have two places, anything larger none or one."""
    large, small = 100, 10
    places = 0 if value >= large else 1 if value >= small else 2
    return f"{value:,.{places}f} {unit}".strip()


def _about(item: tuple[str, str]) -> str:
    name, value = item
    return f"{name.replace('_', ' ')} {value}"
