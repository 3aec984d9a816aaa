"""The rules of a moment: prices by date and policy versions begin while the engine runs."""

from pathlib import Path

import pytest
from msgspec import structs

from tests.unit.catalog.market import PRICED, SMALL, read
from twofold.app import rulebook
from twofold.app.rulebook import Rulebook
from twofold.app.settings import load_settings
from twofold.catalog.example import example
from twofold.catalog.packs import load_policy
from twofold.domain.clock import Signal

FIRST, SECOND = (price.from_at for price in read(PRICED).prices["GAME"])


class Still:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now_at = FIRST - 1

    def now(self) -> int:
        """The moment that it was moved to."""
        return self.now_at

    def is_sound(self) -> bool:
        """It is."""
        return True

    async def wait(self, until_at: int | None, wake: Signal) -> None:
        """Nothing here waits."""


@pytest.fixture
def clock() -> Still:
    """Just before the first dated price begins."""
    return Still()


@pytest.fixture
def book(clock: Still, tmp_path: Path) -> Rulebook:
    """The rulebook of the example's market."""
    file = tmp_path / "twofold.toml"
    file.write_text(example("twofold.toml"), encoding="utf-8")
    return Rulebook(load_settings(file, {}), clock)


def test_a_price_by_date_is_in_the_rules_from_its_moment_and_they_say_when(
    book: Rulebook, clock: Still
) -> None:
    told = []
    for clock.now_at in (FIRST - 1, FIRST, SECOND):
        rules = book.of(read(PRICED))
        told.append((rules.catalogue.services["GAME"].terms.price_minor, rules.until_at))
    assert told == [(5_000, FIRST), (700, SECOND), (6_000, None)]


def test_a_policy_version_that_begins_ends_the_rules_of_the_one_before(
    book: Rulebook, clock: Still, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = load_policy("vn").at(FIRST)
    new = structs.replace(old, id="vn-next", effective_from_at=FIRST)
    pack = structs.replace(load_policy("vn"), versions={old.id: old, new.id: new})
    monkeypatch.setattr(rulebook, "load_policy", lambda _name: pack)
    told = []
    for clock.now_at in (FIRST - 1, FIRST):
        rules = book.of(read(SMALL))
        told.append((rules.policy.id, rules.until_at, [*rules.policies]))
    both = [old.id, "vn-next"]
    assert told == [(old.id, FIRST, both), ("vn-next", None, both)]
