"""What the suite says of itself is true: skips, missing scenarios, and coroutines that hang."""

import asyncio
import re

import pytest

from tests.plugins import aio, needs
from tests.plugins.order import LONG, TESTS, place_of
from tests.plugins.scenarios import compact

PLUGINS = ("-p", "tests.plugins.aio", "-p", "tests.plugins.needs", "-p", "tests.plugins.scenarios")
QUICK = ("-p", "no:hypothesispytest", "-p", "no:anyio", "-p", "no:cacheprovider")
SETTINGS = """
[pytest]
testpaths = .
markers =
    scenario(id): x
    needs(name): x
"""


def run(pytester: pytest.Pytester, code: str) -> pytest.RunResult:
    """Run one made-up file of tests with the suite's own plugins."""
    pytester.makeini(SETTINGS)
    pytester.makepyfile(code)
    return pytester.runpytest_inprocess(*PLUGINS, *QUICK)


def test_a_skip_is_counted_by_name_in_the_last_line(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(needs, "is_there", lambda _: False)
    wants = "import pytest\n@pytest.mark.needs('tshark')\ndef test_a(): assert False\n"
    result = run(pytester, f"{wants}def test_b(): pass")
    result.assert_outcomes(passed=1, skipped=1)
    assert result.ret == pytest.ExitCode.OK
    assert result.outlines[-1] == "1 skipped: 1 tshark: apt-get install tshark"


def test_a_skip_is_a_failure_where_nobody_reads_the_last_line(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    result = run(pytester, "import pytest\ndef test_a(): pytest.skip('because')")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert result.outlines[-1] == "1 skipped (a failure, since CI=true): 1 because"


def test_a_run_without_skips_is_green_there_too(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    assert run(pytester, "def test_a(): pass").ret == pytest.ExitCode.OK


def test_a_need_that_no_list_names_is_a_mistake(pytester: pytest.Pytester) -> None:
    code = "import pytest\n@pytest.mark.needs('nonesuch')\ndef test_a(): pass"
    run(pytester, code).assert_outcomes(errors=1)


def test_the_scenarios_without_a_test_are_printed_on_one_line(pytester: pytest.Pytester) -> None:
    code = "import pytest\n@pytest.mark.scenario('S002', 'S004')\ndef test_a(): pass"
    result = run(pytester, code)
    said = "2 of 108 scenarios have a test; none yet: S001 S003 S005-S108"
    result.stdout.fnmatch_lines([said])


def test_a_scenario_that_does_not_exist_is_refused(pytester: pytest.Pytester) -> None:
    code = "import pytest\n@pytest.mark.scenario('S109')\ndef test_a(): pass"
    result = run(pytester, code)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*no such scenario: S109"])


def test_a_coroutine_test_can_fail(pytester: pytest.Pytester) -> None:
    run(pytester, "async def test_a(): assert False").assert_outcomes(failed=1)


def test_a_coroutine_test_that_never_ends_fails(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aio, "TIMEOUT_S", 0.0)
    result = run(pytester, "import asyncio\nasync def test_a(): await asyncio.Event().wait()")
    result.assert_outcomes(failed=1)
    assert re.search("test_a was not done", result.stdout.str())


async def test_a_coroutine_test_has_a_loop_of_its_own() -> None:
    assert asyncio.get_running_loop().get_debug() is False


def test_numbers_in_a_row_are_written_as_one() -> None:
    assert compact(["S001", "S002", "S003", "S007"]) == "S001-S003 S007"
    assert compact([]) == ""


def test_the_long_files_have_their_turn_first() -> None:
    assert [name for name in LONG if not (TESTS / name).is_dir()] == []
    assert place_of(TESTS / "world" / "test_life.py") == 0
    assert place_of(TESTS / "unit" / "cli" / "test_bench.py") < len(LONG)
    assert place_of(TESTS / "unit" / "texts" / "test_lint.py") == len(LONG)
