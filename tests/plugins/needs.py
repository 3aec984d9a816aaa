"""Skip, by name, what wants a program that is not here: `@pytest.mark.needs("tshark")`.

The names are those of tools/system-packages.list, from which set-up installs them too.
The last line of a run counts what was skipped and says how to get it; with CI=true a skip is a
failure, because a check that silently did not run proves nothing.
"""

import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

LIST = Path(__file__).parents[2] / "tools" / "system-packages.list"


class Program(NamedTuple):
    """One line of the list: how to see that a program is there, and what brings it."""

    name: str
    probe: list[str]
    package: str


def programs() -> dict[str, Program]:
    """Read the list of programs, by name."""
    lines = (line for line in LIST.read_text().splitlines() if not line.startswith("#"))
    rows = ([cell.strip() for cell in line.split("|")] for line in lines if line.strip())
    return {name: Program(name, probe.split(), package) for name, probe, package, _ in rows}


@cache
def is_there(name: str) -> bool:
    """Say whether the program of that name runs here."""
    try:
        done = subprocess.run(programs()[name].probe, capture_output=True, check=False, timeout=60)
    except OSError:
        return False
    return done.returncode == 0


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose program is missing; an unlisted name is a mistake in the test."""
    for name in _names(item):
        assert name in programs(), f"{name} is not in {LIST.name}"
        if not is_there(name):
            pytest.skip(f"{name}: apt-get install {programs()[name].package}")


def _names(item: pytest.Item) -> Iterator[str]:
    for marker in item.iter_markers("needs"):
        yield from marker.args


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn a green run with skips into a failure where nobody would read the skips."""
    green = session.exitstatus == pytest.ExitCode.OK
    if green and _under_ci() and _skips(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _under_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true"}


def _skips(config: pytest.Config) -> Counter[str]:
    """Count skipped tests by the reason they gave; a worker reports nothing by itself."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    reports = [] if reporter is None else reporter.stats.get("skipped", [])
    return Counter(
        str(report.longrepr[2]).removeprefix("Skipped: ")
        for report in reports
        if isinstance(report.longrepr, tuple)
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    """Print the very last line: how many were skipped, which, and the way to get each."""
    if not config.pluginmanager.has_plugin("terminalreporter"):
        return
    if skips := _skips(config):
        parts = "; ".join(f"{count} {reason}" for reason, count in sorted(skips.items()))
        verdict = " (a failure, since CI=true)" if _under_ci() else ""
        print(f"{skips.total()} skipped{verdict}: {parts}")
