"""The fixtures of the stories."""

from collections.abc import Mapping
from itertools import count
from pathlib import Path

import pytest
from msgspec import structs

from tests.scenarios.story import PHONE, Play, Settings, Story
from twofold.app import rulebook
from twofold.catalog.packs import load_policy

SEEDS = (1, 2, 3)
"""The seed decides network delays, how octets are cut, and which woken task goes first."""


@pytest.fixture(params=SEEDS, ids="seed{}".format)
def play(request: pytest.FixtureRequest, tmp_path: Path) -> Play:
    """Play a story with each of several seeds."""
    return player(request.param, tmp_path)


@pytest.fixture
def play_once(tmp_path: Path) -> Play:
    """Play a story with one seed: for tables of many forms."""
    return player(1, tmp_path)


def player(seed: int, folder: Path) -> Play:
    """Play stories with a seed, each in a folder of its own."""
    numbers = count(1)

    def play(
        table: str,
        *,
        said: str | bytes = "",
        data_coding: int | None = None,
        delay_ms: tuple[float, float] = (0.1, 5.0),
        catalogue: str | None = None,
        settings: Mapping[str, str] | None = None,
        phone: str = PHONE,
    ) -> Story:
        chosen = Settings(
            seed=seed,
            said=said,
            data_coding=data_coding,
            delay_ms=delay_ms,
            catalogue=catalogue,
            settings=settings or {},
            phone=phone,
        )
        return Story(table, chosen, folder / str(next(numbers))).play()

    return play


@pytest.fixture
def expiry_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Play under a policy that differs from the Vietnamese one in this: an expiry is told."""
    pack = load_policy("vn")
    telling = {
        name: structs.replace(policy, expiry_notice=True) for name, policy in pack.versions.items()
    }
    changed = structs.replace(pack, versions=telling)
    monkeypatch.setattr(rulebook, "load_policy", lambda _name: changed)
