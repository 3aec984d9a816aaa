"""A stop of a partner with a hundred thousand subscribers, killed in the middle of its sweep."""

import asyncio
from pathlib import Path
from typing import Final

import pytest

from tests.faults.test_sweep import stop_many

SUBSCRIBERS: Final = 100_000
TIMEOUT_S: Final = 600.0


@pytest.mark.soak
def test_a_stop_of_a_hundred_thousand_is_swept_whatever_kills_the_engine(tmp_path: Path) -> None:
    async def play() -> None:
        async with asyncio.timeout(TIMEOUT_S):
            await stop_many(tmp_path, SUBSCRIBERS)

    asyncio.run(play())
