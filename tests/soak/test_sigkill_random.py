"""kill -9 fifty times, at moments that nobody chose, while one load goes on."""

import asyncio
import random
import signal
from pathlib import Path
from typing import Final

import pytest

from tests.faults.killing import loaded
from tests.faults.ledger import assert_acknowledged_is_kept, assert_whole
from tests.faults.serving import serving

KILLS: Final = 50
JOURNEYS: Final = 6_000
RATE: Final = 80.0
SEED: Final = 7
TIMEOUT_S: Final = 600.0


@pytest.mark.soak
def test_fifty_kills_at_random_moments_lose_nothing_and_do_nothing_twice(tmp_path: Path) -> None:
    async def play() -> None:
        async with asyncio.timeout(TIMEOUT_S):
            await kill_often(tmp_path)

    asyncio.run(play())


async def kill_often(folder: Path) -> None:
    """Kill the engine after a random number of PDUs, look at what it left, and start it again."""
    chance = random.Random(SEED)
    async with loaded(folder, JOURNEYS, RATE) as (load, installation):
        for _ in range(KILLS):
            async with serving(installation) as doomed:
                load.gone.clear()
                await load.hears(chance.randrange(1, 500))
                doomed.process.kill()
                assert await doomed.ended() == -signal.SIGKILL
                assert doomed.troubles() == []
            await load.gone.wait()
            assert_acknowledged_is_kept(installation.database, load.record)
        assert load.report.journeys < JOURNEYS, "the kills were to come in the middle"
        async with serving(installation) as server:
            report = await load.finished()
            assert await server.stop() == 0
        assert report.binds == KILLS + 1
        assert report.journeys + report.left == JOURNEYS
        # A prompt that two kills caught is not sent a third time: its request waits for silence.
        assert report.left < JOURNEYS // 5
        assert_whole(installation.database, JOURNEYS, load.record, unasked=report.left)
