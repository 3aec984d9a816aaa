"""Where the project's own files are, and the parsed form of its Python ones."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("src", "tests", "tools", "docs", ".ci")
OUTSIDE_THE_ENGINE = frozenset({"cli", "world", "app", "peers"})
"""Packages that own a clock and chance of their own; every other one is handed them."""


def python_files(*folders: str) -> Iterator[Path]:
    """Give every Python file below these folders of the project, in order."""
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def engine_files() -> Iterator[Path]:
    """Give the Python files of the packages that may look at no clock and throw no dice."""
    package = ROOT / "src" / "twofold"
    for path in python_files("src"):
        if path.relative_to(package).parts[0] not in OUTSIDE_THE_ENGINE:
            yield path


def text_files() -> Iterator[Path]:
    """Give every file that a reader of the project may open."""
    # In a second work tree .git is a file, and git's own.
    yield from sorted(path for path in ROOT.iterdir() if path.is_file() and path.name != ".git")
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


@cache
def parsed(path: Path) -> ast.Module:
    """Read a Python file as its syntax tree."""
    return ast.parse(path.read_text(), str(path))


def here(path: Path, line: int) -> str:
    """Name a place the way editors open it."""
    return f"{path.relative_to(ROOT)}:{line}"
