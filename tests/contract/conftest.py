"""Every test of this folder runs once for each store engine."""

from pathlib import Path

import pytest

from tests.contract.engines import ENGINES, Engine


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """One engine with nothing in it."""
    return ENGINES[request.param](tmp_path)
