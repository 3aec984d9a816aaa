"""What is wrong with a file that a person wrote: where, what, and what to do about it.

A reader collects every fault before it gives up, so that a file is mended once.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from msgspec import Struct

MAX_SHOWN: Final = 40
"""Characters of a wrong value that a fault quotes."""


class Fault(Struct, frozen=True):
    """One fault: `where` is a key path or a row, `says` what is wrong and what to do."""

    where: str
    says: str

    def __str__(self) -> str:
        """Write it as one line."""
        return f"{self.where}: {self.says}"

    def in_file(self, file: Path) -> str:
        """Write it with the file's name before it, unless the place begins with that."""
        return str(self) if self.where.startswith(str(file)) else f"{file}: {self}"


def quoted(value: object) -> str:
    """Show a wrong value on one line, cut short; text stands in quotes, as in the file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    shown = _printable(str(value)[: MAX_SHOWN + 1])
    shown = shown if len(shown) <= MAX_SHOWN else shown[:MAX_SHOWN] + "…"
    return f'"{shown}"' if isinstance(value, str) else shown


def unknown_key(key: str, known: Iterable[str]) -> str:
    """Say that a key means nothing, and which known one was probably meant."""
    near = get_close_matches(key.lower(), sorted(known), n=1, cutoff=0.6)
    hint = f'; did you mean "{near[0]}"?' if near else f"; known here: {', '.join(sorted(known))}"
    return f"unknown key{hint}"


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "�" for char in text)
