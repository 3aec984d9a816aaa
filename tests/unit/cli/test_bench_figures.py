"""What the bench makes of its figures: medians, ratios, and which targets hold."""

from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from twofold.cli.bench import figures as f
from twofold.cli.bench.figures import Figures, Part, Result, part_of, ratios_of
from twofold.cli.bench.journeys import Options, names, steady_load
from twofold.cli.bench.machine import commit_name, machine
from twofold.cli.bench.overload import BEST, REGARDLESS, WINDOWED
from twofold.cli.bench.overload import ratios_of as ratios_of_overload
from twofold.cli.bench.subscribers import FIRST, LAST, Draw, drawn, others, strip
from twofold.cli.bench.table import show

ROUNDS = {
    f.FLOW: Figures(100, 8_000.0, 80.0),
    f.PRODUCT: Figures(100, 4_000.0, 160.0, prompt_p99_ms=20.0),
    f.PRODUCT_STEADY: Figures(100, 500.0, 600.0, prompt_p99_ms=9.0),
    f.PREFILLED: Figures(100, 3_000.0, 200.0),
}


def parts_of(rounds: dict[str, Figures]) -> dict[str, Part]:
    """Make parts of one round each."""
    return {name: part_of(name, f.SAYS[name], [figures]) for name, figures in rounds.items()}


PARTS = parts_of(ROUNDS)


def ratio(says: str, parts: dict[str, Part] = PARTS) -> tuple[float, bool | None]:
    (found,) = [one for one in ratios_of(parts) if one.says.startswith(says)]
    return found.value, found.holds


def test_a_part_is_told_by_the_median_of_each_figure() -> None:
    rounds = [Figures(10, rate, cpu) for rate, cpu in ((1.0, 30.0), (9.0, 10.0), (2.0, 20.0))]
    assert part_of("x", "x", rounds).medians == Figures(10, 2.0, 20.0)


@pytest.mark.parametrize(
    ("says", "value", "holds"),
    [
        ("product: journeys/s", 4_000.0, False),
        ("product / bare flow, journeys/s", 0.5, True),
        ("product: engine CPU", 160.0, False),
        ("product / bare flow, CPU", 2.0, None),
        ("product: p99 at full load", 20.0, None),
        ("product: p99 at a steady rate", 9.0, True),
        ("prefilled / empty, journeys/s", 0.75, False),
        ("prefilled / empty, CPU", 1.25, None),
    ],
)
def test_targets_are_held_against_the_same_run(
    says: str,
    value: float,
    holds: bool | None,  # noqa: FBT001 - a column of the table
) -> None:
    assert ratio(says) == (value, holds)


def test_a_target_holds_at_its_very_figure() -> None:
    product = structs.replace(ROUNDS[f.PRODUCT], journeys_per_s=6_000.0, cpu_us=150.0)
    parts = parts_of(ROUNDS | {f.PRODUCT: product})
    assert ratio("product: journeys/s", parts) == (6_000.0, True)
    assert ratio("product: engine CPU", parts) == (150.0, True)


def test_two_parts_are_compared_round_by_round() -> None:
    """A busy second round halves all, and a third meets the bare flow alone."""
    flow = [Figures(10, rate, 80.0) for rate in (8_000.0, 4_000.0, 2_000.0)]
    product = [Figures(10, rate, 160.0) for rate in (4_000.0, 2_000.0, 4_000.0)]
    parts = {f.FLOW: part_of("", "", flow), f.PRODUCT: part_of("", "", product)}
    assert ratio("product / bare flow, journeys/s", parts) == (0.5, True)


def test_what_was_left_out_is_not_compared() -> None:
    parts = {name: PARTS[name] for name in (f.FLOW, f.PRODUCT)}
    told = [one.says for one in ratios_of(parts)]
    assert not [says for says in told if "steady" in says or "prefilled" in says]
    assert names(Options(rate=0)) == (f.CODEC, f.STORE_128, f.STORE_512, f.FLOW, f.PRODUCT)
    assert {f.PREFILLED, f.PRODUCT_STEADY} < {*names(Options(prefill=1))}


def test_the_steady_load_is_as_long_as_its_rate_needs() -> None:
    load = steady_load(Options(journeys=20_000, rate=500.0), seed=3)
    assert (load.rate, load.draw) == (500.0, Draw(2_500, 3))
    assert steady_load(Options(journeys=100, rate=500.0), seed=3).draw.journeys == 100


def test_strips_share_no_number_and_make_up_all() -> None:
    strips = [strip(10, which, 3) for which in range(3)]
    assert [one.first for one in strips][1:] == [one.last + 1 for one in strips][:-1]
    assert strips[0].first == FIRST
    assert LAST - 3 < strips[-1].last <= LAST
    numbers = [number for one in strips for number in drawn(one)]
    assert len(set(numbers)) == 30


def test_a_prefill_leaves_the_loads_numbers_alone() -> None:
    loads = tuple(strip(2_000, which, 2) for which in range(2))
    spared = {number for load in loads for number in drawn(load)}
    held = list(others(50_000, loads))
    assert len({*held}) == 50_000
    assert {*held}.isdisjoint(spared)


def test_a_result_names_its_machine_and_is_one_json_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = tuple(PARTS.values())
    about = machine(tmp_path)
    result = Result(about, commit_name(), 100, 20, 500.0, 7, 1, parts, ratios_of(PARTS))
    assert {"processor", "python", "sqlite", "file_system", "sync_ms"} <= about.keys()
    assert msgspec.json.decode(msgspec.json.encode(result), type=Result) == result
    show(result)
    printed = capsys.readouterr().out
    assert f"commit {result.commit}" in printed
    assert all(f.SAYS[name] in printed for name in PARTS)
    assert "4,000" in printed
    assert "missed" in printed


def test_overload_is_told_by_what_is_kept_of_the_best_rate_in_the_same_round() -> None:
    told = ratios_of_overload(
        {
            BEST: [Figures(10, 100.0, 1.0), Figures(10, 50.0, 1.0)],
            WINDOWED: [Figures(10, 95.0, 1.0, prompt_p99_ms=400.0)] * 2,
            REGARDLESS: [Figures(10, 60.0, 1.0, prompt_p99_ms=1_200.0, refused=30.0)] * 2,
        }
    )
    assert [(round(one.value, 3), one.holds) for one in told] == [
        (1.425, True),
        (400.0, True),
        (1_200.0, False),
        (0.9, None),
        (0.25, None),
    ]
