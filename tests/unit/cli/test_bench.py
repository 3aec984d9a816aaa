"""`twofold bench journeys` from the command line, with few journeys: it measures, and says so."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from twofold.cli.bench.figures import PREFILLED, PRODUCT, PartSpec
from twofold.cli.bench.overload import BEST, KEPT_TARGET, P99_TARGET_MS, REGARDLESS, WINDOWED
from twofold.cli.bench.playing import Load, alone, fresh, played
from twofold.cli.bench.subscribers import FIRST, Draw
from twofold.cli.failures import Failure

PROGRAM = Path(sys.executable).with_name("twofold")
FEW = ("--journeys", "100", "--open", "20", "--rounds", "1", "--rate", "400", "--prefill", "200")


def test_every_part_plays_every_journey(tmp_path: Path) -> None:
    done = subprocess.run(
        [PROGRAM, "bench", "journeys", *FEW, "--json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["journeys"], result["prefill"], result["rounds"]) == (100, 200, 1)
    parts = {part["name"]: part["medians"] for part in result["parts"]}
    assert {part["journeys"] for part in parts.values()} == {100}
    assert all(part["journeys_per_s"] > 0 and part["cpu_us"] > 0 for part in parts.values())
    assert 0 < parts[PRODUCT]["prompt_p50_ms"] <= parts[PRODUCT]["prompt_p99_ms"]
    assert 1 < parts[PREFILLED]["file_kb"] < 2 * parts[PRODUCT]["file_kb"]
    assert not (tmp_path / "var/bench").exists()


def test_ten_times_the_rate_is_offered_and_each_journey_ends_well_or_is_refused(
    tmp_path: Path,
) -> None:
    few = ("--journeys", "200", "--open", "20", "--rounds", "1", "--json")
    done = subprocess.run(
        [PROGRAM, "bench", "overload", *few],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    parts = {part["name"]: part["medians"] for part in result["parts"]}
    assert set(parts) == {BEST, WINDOWED, REGARDLESS}
    # How many are refused is the machine's affair; one that is lost, or asked twice, ends the run.
    assert all(part["journeys"] > 0 for part in parts.values())
    assert parts[BEST]["refused"] == 0
    assert {ratio["target"] for ratio in result["ratios"]} == {KEPT_TARGET, P99_TARGET_MS, None}


def test_a_part_that_fails_is_named_in_one_line(tmp_path: Path) -> None:
    spec = PartSpec("product", str(fresh(tmp_path / "b")))
    (tmp_path / "b" / "catalog.toml").write_text("[[service]]\n")
    with pytest.raises(Failure) as failure:
        played(spec, Load(Draw(10, 1), 5))
    assert "a part of the bench failed" in str(failure.value.lines)


def test_journeys_that_do_not_end_as_they_should_are_no_figure(tmp_path: Path) -> None:
    spec = PartSpec("product", str(fresh(tmp_path / "b")))
    load = Load(Draw(20, 1, FIRST, FIRST + 19), 5)
    assert played(spec, load).journeys == 20
    with pytest.raises(Failure, match="did not end as they should"):
        played(spec, Load(Draw(20, 2, FIRST, FIRST + 19), 20, give_up_s=1.0))


def test_a_part_that_is_not_there_fails(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="KeyError"):
        alone(PartSpec("magic", str(fresh(tmp_path / "b"))))
