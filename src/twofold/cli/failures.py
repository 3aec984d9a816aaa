"""What a command says when it cannot do its work: what is wrong, and what to do, on stderr.

Exit codes: 0 done, 1 it failed, 2 wrong use, 130 interrupted.
Anything else is a fault in the program, and keeps its traceback.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import typer

FAILED: Final = 1
WRONG_USE: Final = 2
INTERRUPTED: Final = 130


class Failure(Exception):
    """An expected end: one line for each thing that is wrong."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def guarded(command: Callable[[], object]) -> int:
    """Run a command and give its exit code; an expected failure is told on stderr."""
    try:
        code = command()
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        if isinstance(error, typer.TyperException):
            return _wrong_use(error)
        lines = list(_told(error))
        if not lines:
            raise
        _tell(lines)
        return FAILED
    return code if isinstance(code, int) else 0


def _wrong_use(error: Exception) -> int:
    """Say what of the command line means nothing."""
    says = getattr(error, "format_message", error.__str__)()
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "twofold"
    if str(says).startswith("Usage:"):
        # No command at all: the help that would have been asked for.
        print(says, file=sys.stderr)
    else:
        _tell([f"{' '.join(str(says).split()).rstrip('.')}; see {path} --help"])
    return WRONG_USE


def _told(error: BaseException) -> Iterator[str]:
    """Give the lines of an expected failure; none for a fault of the program."""
    if isinstance(error, Failure):
        yield from error.lines
    elif isinstance(error, BaseExceptionGroup):
        told = [list(_told(inner)) for inner in error.exceptions]
        if all(told):
            yield from dict.fromkeys(line for lines in told for line in lines)
    else:
        yield from _known(error)


def _known(error: BaseException) -> Iterator[str]:
    """Give the lines of failures that other packages name; they are imported once one happens."""
    from twofold.app.failures import CannotStart
    from twofold.app.settings import InvalidSettings
    from twofold.store.errors import StoreError

    match error:
        case CannotStart():
            yield from error.lines
        case InvalidSettings():
            yield from (str(fault) for fault in error.faults)
        case StoreError():
            yield str(error)
        case OSError() if error.strerror or str(error):
            name = f"{error.filename}: " if error.filename else ""
            yield f"{name}{error.strerror or error}"
        case _:
            return


def _tell(lines: Iterable[str]) -> None:
    for line in lines:
        print(f"twofold: {line}", file=sys.stderr)
