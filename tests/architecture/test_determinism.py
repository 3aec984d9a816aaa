"""The engine is handed its clock and its chance, and takes neither from anywhere else.

One seed then gives one trace: any fault can be replayed, and any decision checked again.
Ruff bans the same names (TID251); this test cannot be silenced beside the line.
"""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.order import ordered_uses, shared
from tests.architecture.sources import engine_files, here, parsed

BANNED_MODULES = frozenset({"time", "random", "secrets", "threading", "concurrent"})
BANNED_NAMES = frozenset(
    {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "asyncio.to_thread"}
    | {"uuid.uuid1", "uuid.uuid4", "os.urandom", "run_in_executor"}
)


def banned_uses(tree: ast.Module) -> Iterator[int]:
    """Give the lines that reach for a clock, for chance or for a thread."""
    lasts = {name.rpartition(".")[2] for name in BANNED_NAMES} - {"now", "today"}
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                if any(name.name.partition(".")[0] in BANNED_MODULES for name in names):
                    yield node.lineno
            case ast.ImportFrom(module=str(module), names=names):
                banned = module.partition(".")[0] in BANNED_MODULES
                if banned or any(name.name in lasts for name in names):
                    yield node.lineno
            case ast.Attribute(value=owner, attr=name):
                if (
                    name in lasts
                    or f"{ast.unparse(owner).rpartition('.')[2]}.{name}" in BANNED_NAMES
                ):
                    yield node.lineno


def test_the_engine_takes_no_time_and_no_chance_of_its_own() -> None:
    found = [here(path, line) for path in engine_files() for line in banned_uses(parsed(path))]
    assert found == []


def test_nothing_in_the_engine_depends_on_the_order_of_a_set() -> None:
    known = shared(parsed(path) for path in engine_files())
    found = [
        here(path, line) for path in engine_files() for line in ordered_uses(parsed(path), known)
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "import time",
        "import concurrent.futures",
        "from random import Random",
        "from uuid import uuid4",
        "from datetime import datetime\nat = datetime.now()",
        "import datetime\nat = datetime.datetime.now()",
        "import asyncio\nasyncio.to_thread(print)",
        "loop.run_in_executor(None, print)",
    ],
)
def test_a_clock_chance_or_thread_is_seen(code: str) -> None:
    assert list(banned_uses(ast.parse(code))) != []


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import datetime, time",
        "at = clock.now()",
        "at = loop.time()",
        "from uuid import UUID",
    ],
)
def test_being_handed_a_clock_is_not_taken_for_a_clock(code: str) -> None:
    assert list(banned_uses(ast.parse(code))) == []


@pytest.mark.parametrize(
    "code",
    [
        "for x in {1, 2}: pass",
        "[x for x in set(y)]",
        "{x: 1 for x in frozenset(y)}",
        "def f(s: set[str]):\n    return list(s)",
        "def f(s: frozenset[str] | None):\n    return ','.join(s)",
        "s = a.union(b)\nfor x in s: pass",
        "for x in a.keys() - b: pass",
        "S: Final[frozenset[int]] = F\nfor x in S: pass",
        "S: Final = frozenset({1})\nfor x in S: pass",
        "class A:\n    kept: frozenset[str]\ndef f(a): return tuple(a.kept)",
        "s = {1}\nfirst = next(iter(s))",
        "s = {1}\nfirst = s.pop()",
        "s = {1}\nprint(*s)",
        "s = {1}\na, = s",
        "def f(s: set[int]):\n    yield from s",
    ],
)
def test_the_order_of_a_set_is_seen_where_it_shows(code: str) -> None:
    assert ordered_uses(ast.parse(code)) != []


@pytest.mark.parametrize(
    "code",
    [
        "s = {1}\nfor x in sorted(s): pass",
        "s = {1}\nok = 1 in s and len(s) > 0",
        "s = {1}\nt = {x + 1 for x in s}",
        "s = {1}\nok = any(x > 1 for x in s)",
        "for x in [1, 2]: pass",
        "d = {}\nfor x in d: pass",
        "s = {1}\nm = max(s)",
    ],
)
def test_asking_a_set_without_its_order_is_let_be(code: str) -> None:
    assert ordered_uses(ast.parse(code)) == []


def test_a_set_is_known_in_the_files_that_import_it() -> None:
    known = shared([ast.parse("OPEN: Final = frozenset({1})\nclass A:\n    kept: set[int]")])
    assert ordered_uses(ast.parse("for x in OPEN: pass"), known) == [1]
    assert ordered_uses(ast.parse("for x in a.kept: pass"), known) == [1]


def test_a_field_with_two_meanings_is_a_set_in_its_own_file_alone() -> None:
    files = ["class A:\n    kept: set[int]", "class B:\n    kept: list[int]"]
    known = shared(ast.parse(file) for file in files)
    assert ordered_uses(ast.parse("for x in a.kept: pass"), known) == []
    assert ordered_uses(ast.parse(f"{files[0]}\nfor x in a.kept: pass"), known) == [3]
