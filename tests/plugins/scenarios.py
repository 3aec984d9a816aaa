"""Say which acceptance scenarios have no test yet.

`@pytest.mark.scenario("S008")` names what a test proves; several numbers may be given.
docs/reference/scenarios.md has the numbers with their meaning.
"""

import re
from collections.abc import Iterable, Iterator

import pytest

FIRST, LAST = 1, 108
ALL = tuple(f"S{number:03}" for number in range(FIRST, LAST + 1))
PROVED = pytest.StashKey[set[str]]()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Note every number that a collected test carries; refuse one that does not exist."""
    proved = {number for item in items for number in scenario_numbers(item)}
    unknown = proved.difference(ALL)
    if unknown:
        raise pytest.UsageError(f"no such scenario: {', '.join(sorted(unknown))}")
    config.stash[PROVED] = proved


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand on what was noted, where several processes share the tests: only they collect."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["proved"] = sorted(session.config.stash.get(PROVED, ()))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Take what a worker noted; each of them collects the whole suite."""
    output = getattr(node, "workeroutput", {})
    config = getattr(node, "config")  # noqa: B009 - xdist's own type is not needed to run one file
    config.stash[PROVED] = config.stash.get(PROVED, set()) | set(output.get("proved", ()))


def scenario_numbers(item: pytest.Item) -> Iterator[str]:
    """Give the scenario numbers that a test carries, its class's and module's included."""
    for marker in item.iter_markers("scenario"):
        if not marker.args:
            raise pytest.UsageError(f"{item.nodeid}: scenario() without a number")
        yield from marker.args


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the scenarios without a test on one line; only a whole run can tell."""
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    proved = config.stash.get(PROVED, None)
    if not whole or proved is None:
        return
    left = [number for number in ALL if number not in proved]
    done = f"{len(ALL) - len(left)} of {len(ALL)} scenarios have a test"
    terminalreporter.write_line(f"{done}; none yet: {compact(left)}" if left else done)


def compact(numbers: Iterable[str]) -> str:
    """Write numbers in order as runs: `S001-S004 S007`."""
    runs: list[list[str]] = []
    for number in numbers:
        if runs and _value(number) == _value(runs[-1][-1]) + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return " ".join(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def _value(number: str) -> int:
    match = re.fullmatch(r"S(\d{3})", number)
    assert match is not None
    return int(match[1])
