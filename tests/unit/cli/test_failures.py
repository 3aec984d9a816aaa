"""What counts as an expected failure: one line each; a fault of the program keeps its traceback."""

import asyncio

import pytest

from twofold.cli.failures import Failure, guarded
from twofold.store.errors import StoreUnavailable


def ends(error: BaseException, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    """Run a command that raises; give its exit code and what it says."""

    def command() -> None:
        raise error

    code = guarded(command)
    return code, capsys.readouterr().err.splitlines()


@pytest.mark.parametrize(
    ("error", "lines"),
    [
        (Failure("one", "two"), ["twofold: one", "twofold: two"]),
        (StoreUnavailable("x.db is locked"), ["twofold: x.db is locked"]),
        (PermissionError(13, "Permission denied", "/x"), ["twofold: /x: Permission denied"]),
        (OSError(98, "address in use"), ["twofold: address in use"]),
        (ExceptionGroup("g", [Failure("a"), ExceptionGroup("h", [Failure("a")])]), ["twofold: a"]),
    ],
)
def test_an_expected_failure_is_told_in_lines(
    error: Exception, lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert ends(error, capsys) == (1, lines)


@pytest.mark.parametrize(
    "error", [ValueError("x"), AssertionError(), ExceptionGroup("g", [Failure("a"), KeyError("b")])]
)
def test_a_fault_of_the_program_keeps_its_traceback(error: Exception) -> None:
    def command() -> None:
        raise error

    with pytest.raises(type(error)):
        guarded(command)


def test_an_interrupt_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert ends(KeyboardInterrupt(), capsys) == (130, [])


def test_a_command_that_ends_well_gives_0() -> None:
    assert guarded(lambda: asyncio.run(asyncio.sleep(0))) == 0
