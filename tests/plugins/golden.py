"""Compare bytes or text with a file kept in tests/golden; `make golden` rewrites what differs.

A rewritten file is reviewed as a diff, which is why the files are plain and one test names each.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[1] / "golden"

Compare = Callable[[str, bytes | str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the one option that lets the kept files follow the code."""
    parser.addoption("--rewrite-golden", action="store_true", help="rewrite tests/golden")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Compare:
    """Give `golden(name, content)`, which fails unless tests/golden/<name> holds just that."""
    rewrite = bool(request.config.getoption("--rewrite-golden"))

    def compare(name: str, content: bytes | str) -> None:
        found = content.encode() if isinstance(content, str) else content
        kept = GOLDEN / name
        if rewrite:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(found)
        assert kept.exists(), f"{kept.name} is not kept yet: run make golden and review it"
        assert found == kept.read_bytes(), f"{name} changed: run make golden and review the diff"

    return compare
