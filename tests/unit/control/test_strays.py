"""Codes from elsewhere: whose they were is looked for, and a store that is away leaves it."""

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import cast

import pytest
from msgspec import structs

from tests.unit.decide.example import NUMBER, POLICY, Number, rules_of
from twofold.commit import Committer
from twofold.control import Strays
from twofold.decide import Decision
from twofold.domain.policy import ReplyMode
from twofold.domain.reason import Reason
from twofold.store.errors import StoreUnavailable
from twofold.store.port import Store

ASKED = 84_912_000_222
BY_CODE = rules_of(policy=structs.replace(POLICY, reply_mode=ReplyMode.CODE))


class Codes:
    """A store that knows whose code it was; it may be away once."""

    def __init__(self, *asked: int, is_away: bool = False) -> None:
        self.asked = asked
        self.looked_for: list[tuple[str, str]] = []
        self.is_away = is_away

    async def asked_for_code(self, code: str, short_code: str, limit: int) -> Sequence[int]:
        self.looked_for.append((code, short_code))
        if self.is_away:
            self.is_away = False
            raise StoreUnavailable("away")
        return self.asked[:limit]


async def strays_of(store: Codes, *decisions: Decision) -> tuple[Strays, list[tuple[int, int]]]:
    """Let decisions be committed, and wait until what they leave is looked for."""
    committer = SimpleNamespace(rules=Number(BY_CODE).rules)
    strays = Strays(cast("Store", store), cast("Committer", committer))
    told: list[tuple[int, int]] = []
    strays.on_stray.append(lambda sender, asked: told.append((sender, asked)))
    task = asyncio.create_task(strays.run())
    strays.on_committed(list(decisions))
    for _ in range(3):
        await asyncio.sleep(0)
    assert strays.is_idle
    task.cancel()
    return strays, told


@pytest.mark.scenario("S040")
async def test_the_sender_and_whoever_was_asked_are_alarmed() -> None:
    number = Number(BY_CODE)
    store = Codes(NUMBER, ASKED)
    strays, told = await strays_of(store, number.says("Y 4821", "9166"))
    assert store.looked_for == [("4821", "9166")]
    assert told == [(NUMBER, ASKED)]
    assert (strays.sent, strays.meant) == (1, 1)


@pytest.mark.parametrize("said", ["Y", "N 4821", "HUY 4821", "alo 4821", "Y THETHAO"])
async def test_what_is_no_code_is_not_looked_for(said: str) -> None:
    store = Codes(ASKED)
    strays, told = await strays_of(store, Number(BY_CODE).says(said, "9166"))
    assert (store.looked_for, told, strays.sent) == ([], [], 0)


async def test_a_code_that_is_nobodys_alarms_nobody() -> None:
    strays, told = await strays_of(Codes(), Number(BY_CODE).says("Y 4821", "9166"))
    assert (told, strays.sent, strays.meant) == ([], 0, 0)


async def test_a_store_that_is_away_leaves_one_out_and_the_next_is_looked_for() -> None:
    number = Number(BY_CODE)
    first, second = number.says("Y 4821", "9166"), number.says("Y 4822", "9166")
    assert second.reason in {Reason.NOTHING_PENDING, Reason.WRONG_CODE}
    store = Codes(ASKED, is_away=True)
    strays, told = await strays_of(store, first, second)
    assert [code for code, _ in store.looked_for] == ["4821", "4822"]
    assert (told, strays.sent) == ([(NUMBER, ASKED)], 1)
