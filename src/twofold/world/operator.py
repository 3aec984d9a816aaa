"""The operator's own systems as a world plays them, at their port: what they tell, and faults."""

import asyncio
from collections import Counter
from typing import Final

from twofold.deliver.numbers import NoAnswer, Ownership

MODES: Final = frozenset({"fine", "recycled", "sim_changed", "not_ours", "error", "silent", "late"})
LATE_S: Final = 3.0


class NumbersOffice:
    """Fulfils `deliver.numbers.NumberPort`: it says what `mode` tells it to, or says nothing."""

    def __init__(self) -> None:
        """Begin without a fault, and with nothing to tell."""
        self.mode = "fine"
        self.asked: Counter[str] = Counter()
        """How often each question came."""

    async def ownership(self, msisdn: int) -> Ownership:
        """Whose network the number is in."""
        return Ownership.NOT_OURS if await self._says("not_ours", msisdn) else Ownership.OURS

    async def is_recycled(self, msisdn: int, since_at: int) -> bool:
        """Whether it has another holder."""
        assert since_at > 0
        return await self._says("recycled", msisdn)

    async def is_sim_changed(self, msisdn: int, since_at: int, now_at: int) -> bool:
        """Whether it has another SIM."""
        assert 0 < since_at <= now_at
        return await self._says("sim_changed", msisdn)

    async def _says(self, what: str, msisdn: int) -> bool:
        """Answer a question as the mode says."""
        assert self.mode in MODES, self.mode
        self.asked[f"{what} {msisdn}"] += 1
        if self.mode == "silent":
            await asyncio.get_running_loop().create_future()
        if self.mode == "late":
            await asyncio.sleep(LATE_S)
        if self.mode == "error":
            raise NoAnswer("it answered 503")
        return self.mode == what
