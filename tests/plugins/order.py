"""Begin with the long files of tests, where several processes share them.

Else a long one may begin last, and the others have nothing to do until it is through.
"""

from pathlib import Path
from typing import Final

import pytest

TESTS: Final = Path(__file__).parents[1]

LONG: Final = (
    *("world", "faults", "properties", "browser", "scenarios"),
    *("unit/cli", "api", "interop", "contract"),
)
"""Folders of long files, the longest first; all others are over within seconds."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put them first; whoever runs alone keeps the order of the folders."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: place_of(item.path))


def place_of(file: Path) -> int:
    """Which folder's turn it is, from 0."""
    places = [place for place, name in enumerate(LONG) if file.is_relative_to(TESTS / name)]
    return places[0] if places else len(LONG)
