"""Every check is made on the file of a real committer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.commit.rig import Bench, bench


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Bench]:
    """A committer on a fresh file."""
    with bench(tmp_path) as opened:
        yield opened
