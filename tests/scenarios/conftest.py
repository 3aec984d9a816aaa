"""The fixtures of the stories."""

import os
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from msgspec import structs

from tests.scenarios.story import PHONE, Play, Settings, Story
from twofold.app import rulebook
from twofold.catalog.packs import load_policy
from twofold.domain.policy import ReplyMode

SEEDS = (1, *[pytest.param(seed, marks=pytest.mark.soak) for seed in (2, 3)])
"""The seed decides network delays, how octets are cut, and which woken task goes first.

One of them plays each story in the suite, all of them in the soak.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Give a folder in memory, where there is one: no story waits for a disk to turn."""
    memory = Path("/dev/shm")  # noqa: S108 - the folder made in it is nobody else's
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with TemporaryDirectory(prefix="twofold-story-", dir=memory) as made:
        yield Path(made)


@pytest.fixture(params=SEEDS, ids="seed{}".format)
def play(request: pytest.FixtureRequest, folder: Path) -> Play:
    """Play a story with each of several seeds."""
    return player(request.param, folder)


@pytest.fixture
def play_once(folder: Path) -> Play:
    """Play a story with one seed: for tables of many forms."""
    return player(1, folder)


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
    differ(monkeypatch, expiry_notice=True)


@pytest.fixture
def welcome_for_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """Play under a policy that gives a welcome up after an hour, not after a day."""
    differ(monkeypatch, welcome_until_ms=3_600_000)


@pytest.fixture
def by_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Play under a policy that differs from the Vietnamese one in this: a code confirms."""
    differ(monkeypatch, reply_mode=ReplyMode.CODE)


@pytest.fixture
def by_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Play under a policy that differs from the Vietnamese one in this: the package confirms."""
    differ(monkeypatch, reply_mode=ReplyMode.PACKAGE)


def differ(monkeypatch: pytest.MonkeyPatch, **fields: object) -> None:
    """Have the engine read a pack that differs from the Vietnamese one in a field."""
    pack = load_policy("vn")
    versions = {name: structs.replace(policy, **fields) for name, policy in pack.versions.items()}
    changed = structs.replace(pack, versions=versions)
    monkeypatch.setattr(rulebook, "load_policy", lambda _name: changed)
