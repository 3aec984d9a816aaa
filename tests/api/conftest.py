"""One demo for all visits to the API, and a phone for each."""

from collections.abc import Iterator
from itertools import count

import pytest

from tests.api.caller import Api, token
from tests.api.demo import Demo, running_demo

_numbers = count(84_912_500_000)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Run a demo for one file of tests: who meets it must not depend on the order of files."""
    with running_demo(tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture(scope="module")
def callers(served: Demo) -> dict[str, Api]:
    """Give one caller of each role, and two partners."""
    roles = {role: Api(served, token(served, role)) for role in ("app", "care", "ivr", "ussd")}
    operator = {"operator": Api(served, token(served, "operator"))}
    partners = {name: Api(served, token(served, "partner", name)) for name in ("abc", "xyz")}
    return {**roles, **operator, **partners}


@pytest.fixture
def number() -> str:
    """Give a number that nobody has asked for before."""
    return str(next(_numbers))
