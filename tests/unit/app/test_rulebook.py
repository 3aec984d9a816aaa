"""The rules of a moment: prices by date and policy versions begin while the engine runs."""

from pathlib import Path

import pytest
from msgspec import structs

from tests.unit.catalog.market import PRICED, SMALL, read
from tests.unit.decide.example import SERVICES, WINDOW_MS, Number, catalogue_of, ends_of
from twofold.app import rulebook
from twofold.app.rulebook import Rulebook
from twofold.app.settings import load_settings
from twofold.catalog.example import example
from twofold.catalog.packs import load_policy, pack_names
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


def book_of(folder: Path, policy: str, clock: Still) -> Rulebook:
    """The rulebook of the example's market under a pack."""
    file = folder / "twofold.toml"
    file.write_text(example("twofold.toml"), encoding="utf-8")
    return Rulebook(load_settings(file, {"TWOFOLD_OPERATOR__POLICY": policy}), clock)


@pytest.fixture
def book(clock: Still, tmp_path: Path) -> Rulebook:
    """The rulebook of the example's market."""
    return book_of(tmp_path, "vn", clock)


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
        told.append((rules.policy.id, rules.until_at))
        assert rules.policies.keys() >= {old.id, new.id}
    assert told == [(old.id, FIRST), ("vn-next", None)]


@pytest.mark.scenario("S056")
@pytest.mark.parametrize("name", pack_names())
def test_whoever_was_asked_under_one_pack_is_judged_by_it_after_the_operator_turns_to_another(
    clock: Still, tmp_path: Path, name: str
) -> None:
    number = Number(book_of(tmp_path, "vn", clock).of(catalogue_of(*SERVICES)))
    number.is_asked()
    number.is_asked("GAME", "1579")
    number.rules = book_of(tmp_path, name, clock).of(catalogue_of(*SERVICES))
    number.says(f"{load_policy(name).at(FIRST).reply_word} THETHAO")
    assert [held.policy for held in number.subscriber.subscriptions] == ["vn-2024"]
    number.passes(WINDOW_MS)
    assert ends_of(number.times_out()) == ["GAME expired"]
