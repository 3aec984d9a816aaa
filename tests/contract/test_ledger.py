"""The catalogue's ledger, for every store: revisions, sweeps that walk on, proposals."""

import pytest

from tests.contract.engines import ENGINES, NOW_AT, Engine, write
from tests.contract.samples import BARE_SUBSCRIPTION, REQUEST, SUBSCRIPTION
from twofold.domain.catalogue import Act, Note, StopKind
from twofold.domain.subscriber import Subscriber
from twofold.store.ledger import Sweep
from twofold.store.port import Writes

__all__ = ["ENGINES"]
SWEEP = Sweep(2, StopKind.PARTNER, "abc", NOW_AT, 7)


async def test_the_ledger_says_who_made_what_and_why(engine: Engine) -> None:
    async with engine.opened() as store:
        await store.add_catalogue(NOW_AT, b"d", b"1", Note(Act.IMPORT, "a.toml", "an", "spring"))
        await store.add_catalogue(NOW_AT + 1, b"e", b"2", Note(Act.STOP, "partner abc", "binh", ""))
        assert await store.imported_catalogue() == b"1"
        assert await store.revisions(5) == [
            (1, NOW_AT, "import", "a.toml", "an", "spring"),
            (2, NOW_AT + 1, "stop", "partner abc", "binh", ""),
        ]
        assert [line.revision for line in await store.revisions(1)] == [2]


async def test_a_sweep_is_found_until_it_is_done(engine: Engine) -> None:
    async with engine.opened() as store:
        assert await store.next_sweep() is None
        later = Sweep(3, StopKind.SERVICE, "GAME", NOW_AT, 0)
        await store.add_sweep(later)
        await store.add_sweep(SWEEP)
        assert await store.next_sweep() == SWEEP
        moved = Sweep(2, StopKind.PARTNER, "abc", NOW_AT, 7, after=9, swept=4)
        await store.advance_sweep(moved, None)
        assert await store.next_sweep() == moved
        await store.advance_sweep(moved, NOW_AT)
        assert await store.next_sweep() == later


@pytest.mark.parametrize("limit", [1, 2, 3, 10])
async def test_a_sweep_walks_every_number_that_it_hits_once(engine: Engine, limit: int) -> None:
    """Numbers with a request alone, a subscription alone, both, and of other partners."""
    writes = Writes()
    for number in (5, 3, 8):
        writes.opened.append((Subscriber(number), REQUEST))
    for number in (4, 8, 9):
        writes.begun.append((Subscriber(number), BARE_SUBSCRIPTION))
    writes.begun.append((Subscriber(6), SUBSCRIPTION))
    async with engine.opened() as store:
        await write(store, writes)
        for kind, name, hit in (
            (StopKind.PARTNER, "abc", [3, 4, 5, 8, 9]),
            (StopKind.SERVICE, "GAME", [6]),
            (StopKind.SERVICE, "NHAC", [4, 8, 9]),
        ):
            walked: list[int] = []
            after: int | None = 0
            while after is not None:
                found, after = await store.step_of(Sweep(2, kind, name, 0, 0, after), limit)
                walked += found
            assert walked == hit


async def test_a_proposal_waits_until_somebody_approves_it(engine: Engine) -> None:
    async with engine.opened() as store:
        number = await store.add_proposal(StopKind.PARTNER, "abc", NOW_AT, "an", "mended")
        assert await store.proposals() == [
            (number, "partner", "abc", NOW_AT, "an", "mended", None),
        ]
        with pytest.raises(engine.breach):
            await store.approve_proposal(number, NOW_AT, "an", 3)
        await store.approve_proposal(number, NOW_AT, "binh", 3)
        assert await store.proposals() == []
