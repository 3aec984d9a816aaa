"""What the operator's systems report of numbers: said again until an engine has taken it."""

import asyncio
from typing import Final

from twofold.decide import Decision
from twofold.domain.events import NumberChanged
from twofold.domain.msisdn import mask
from twofold.domain.numbers import NumberChange
from twofold.world.world import World

WITHIN_S: Final = 30.0
"""An answer is waited for so long."""

AGAIN_MS: Final = 5_000


async def report(
    world: World, msisdn: str, kind: NumberChange, *, late_ms: int = 0, times: int = 1
) -> None:
    """Say what happened to a number, so many times, each until an engine has taken it."""
    happened_at = world.true_now() - late_ms
    world.tell(f"{mask(int(msisdn))}: {kind.value}, said {times} times")
    for _ in range(times):
        taken = await said(world, int(msisdn), kind, happened_at)
        while not taken:
            await world.advance(AGAIN_MS)
            taken = await said(world, int(msisdn), kind, happened_at)


async def said(world: World, msisdn: int, kind: NumberChange, happened_at: int) -> bool:
    """Say it once; False where no engine decided it."""
    if not world.is_up:
        return False
    engine, taken = world.engine, world.loop.create_future()
    now_at = engine.clock.now()
    ids = [engine.ids.next(now_at) for _ in range(3)]
    event = NumberChanged(ids[0], now_at, msisdn, kind, happened_at, tuple(ids[1:]))

    def hear(decision: Decision | None) -> None:
        if not taken.done():
            taken.set_result(decision is not None)

    engine.committer.submit(event, hear, kept=False)
    done, _ = await asyncio.wait((taken,), timeout=WITHIN_S)
    return bool(done) and taken.result()
