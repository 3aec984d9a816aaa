"""One partner asks about everybody, and another one's subscribers notice nothing (S102)."""

import asyncio
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from msgspec import Struct

from tests.scenarios.calling import CALLERS, SESSION, post, serve
from tests.scenarios.sayings import name_of
from twofold.world.world import World

PROMPT_WITHIN_MS = 3_000


class Pace(Struct, frozen=True):
    """How much is asked for, in calls a second, and how many texts the SMSC takes in one."""

    texts: int
    junk: int
    wanted: int
    seconds: int


FAST = Pace(texts=256, junk=465, wanted=35, seconds=3)
SLOW = Pace(texts=20, junk=93, wanted=7, seconds=6)
"""Of both, 93 % of all that is asked for is junk; at this one it waits for many seconds."""


class Rush:
    """All that is asked for, and what became of it."""

    def __init__(self, world: World, pace: Pace) -> None:
        self.world = world
        self.pace = pace
        self.answered: dict[str, Counter[int]] = {"abc": Counter(), "xyz": Counter()}
        self.asked_at: dict[str, int] = {}

    async def ask(self, who: str, service: str, number: str) -> None:
        """Ask once; who is put off does not try again."""
        asked_at = self.world.true_now()
        caller = CALLERS[who]
        body = {"msisdn": number, "service": service, "channel": caller.channel, "proof": SESSION}
        status, _ = await post(self.world, caller, "requests", body)
        self.answered[who][status] += 1
        if who == "xyz":
            self.asked_at[number] = asked_at

    async def come(self) -> None:
        """Ask second by second, everybody at once."""
        tasks = []
        for second in range(self.pace.seconds):
            for index in range(self.pace.junk):
                number = str(84_912_000_000 + second * 1_000 + index)
                tasks.append(asyncio.create_task(self.ask("abc", "THETHAO", number)))
            for index in range(self.pace.wanted):
                number = str(84_918_000_000 + second * 1_000 + index)
                tasks.append(asyncio.create_task(self.ask("xyz", "GAME", number)))
            await asyncio.sleep(1)
        await asyncio.gather(*tasks)

    def waits_ms(self) -> list[int]:
        """How long each of the wanted prompts took, from the call to the handset."""
        waits = []
        for number, asked_at in self.asked_at.items():
            (prompt,) = self.world.phones.received(number)
            assert name_of(prompt["text"]) == "confirm_request"
            at = int(datetime.fromisoformat(prompt["at"]).timestamp() * 1000)
            waits.append(at - asked_at)
        return waits


@pytest.mark.scenario("S102")
@pytest.mark.parametrize("pace", [FAST, SLOW], ids=["fast SMSC", "slow SMSC"])
def test_a_partners_junk_is_put_off_and_another_partners_prompts_leave_in_time(
    folder: Path, pace: Pace
) -> None:
    world = World(1, folder=folder, settings={"TWOFOLD_SMSC__0__TPS_MAX": str(pace.texts)})
    world.beside = serve

    async def main(_: World) -> Rush:
        rush = Rush(world, pace)
        await rush.come()
        await world.advance(30_000)
        waits = rush.waits_ms()
        assert len(waits) == pace.seconds * pace.wanted
        assert max(waits) < PROMPT_WITHIN_MS, sorted(waits)
        return rush

    rush = world.play(main)
    assert rush.answered["xyz"] == {201: pace.seconds * pace.wanted}
    assert set(rush.answered["abc"]) == {201, 503}
    assert rush.answered["abc"][503] > pace.junk
