"""Nothing grows past what one can read at a sitting: 60 lines a function, 500 a file."""

import ast
from collections.abc import Iterator

from tests.architecture.sources import ROOT, here, parsed, python_files, text_files

FUNCTION_LINES = 60
FILE_LINES = 500
WRITTEN_BY_HAND = frozenset({".py", ".sql", ".html", ".css", ".js", ".sh", ""})


def long_functions(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Give line and name of the functions that are too long."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield node.lineno, f"{node.name} has {lines} lines"


def test_no_function_is_longer_than_sixty_lines() -> None:
    found = [
        f"{here(path, line)} {what}"
        for path in python_files("src", "tests", "tools")
        for line, what in long_functions(parsed(path))
    ]
    assert found == []


def test_a_function_one_line_too_long_is_seen() -> None:
    body = "    a = 1\n" * (FUNCTION_LINES - 1)
    assert list(long_functions(ast.parse(f"def f():\n{body}"))) == []
    assert list(long_functions(ast.parse(f"def f():\n{body}    a = 1\n"))) != []


def test_no_file_is_longer_than_five_hundred_lines() -> None:
    paths = [path for path in text_files() if path.suffix in WRITTEN_BY_HAND]
    sizes = {path: len(path.read_bytes().splitlines()) for path in paths}
    long = {
        str(path.relative_to(ROOT)): lines for path, lines in sizes.items() if lines > FILE_LINES
    }
    assert long == {}


def test_no_file_has_a_name_that_says_nothing() -> None:
    empty_words = {"util", "utils", "helper", "helpers", "manager", "common", "misc"}
    found = [
        str(path.relative_to(ROOT))
        for path in python_files("src", "tests", "tools")
        if empty_words & {*path.relative_to(ROOT).with_suffix("").parts}
    ]
    assert found == []


def test_every_file_says_what_it_is() -> None:
    paths = python_files("src", "tests", "tools")
    assert [here(path, 1) for path in paths if ast.get_docstring(parsed(path)) is None] == []
