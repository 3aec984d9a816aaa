"""A store may keep the snapshots of a batch, and must never believe them against the database."""

from msgspec import structs

from tests.contract.engines import Engine, load, wanted, write
from tests.contract.samples import BARE_REQUEST, CHANGED_REQUEST, NUMBER, OTHER, OWNER, REQUEST
from twofold.domain.subscriber import Awaited, Subscriber
from twofold.store.port import Store, Writes

OPENED = structs.replace(OWNER, requests=(REQUEST,))


async def open_one(store: Store) -> None:
    """Write a batch as the committer does: the rows, and what they make of the number."""
    rows = Writes(opened=[(OWNER, REQUEST)], numbers=[OWNER], accounts=[OWNER])
    await write(store, structs.replace(rows, snapshots={NUMBER: OPENED}))


async def load_both(store: Store) -> dict[int, Subscriber]:
    """Load the number of the batch and one that was in none."""
    await store.begin()
    found = await store.load(wanted(NUMBER, OTHER))
    await store.rollback()
    return found


async def test_a_number_of_the_last_batch_is_as_that_batch_left_it(engine: Engine) -> None:
    async with engine.opened() as store:
        await open_one(store)
        assert await load_both(store) == {NUMBER: OPENED, OTHER: Subscriber(OTHER)}


async def test_what_a_batch_loaded_for_its_own_events_is_not_there_for_the_next(
    engine: Engine,
) -> None:
    awaited = (Awaited("main", "7", 77, REQUEST.id, "confirm_request"),)
    left = structs.replace(OPENED, awaited=awaited, unsettled=(77,), spent_minor=5)
    async with engine.opened() as store:
        rows = Writes(opened=[(OWNER, REQUEST)], numbers=[OWNER], accounts=[OWNER])
        await write(store, structs.replace(rows, snapshots={NUMBER: left}))
        assert await load(store, NUMBER) == OPENED


async def test_what_another_connection_wrote_is_seen_by_the_next_batch(engine: Engine) -> None:
    async with engine.opened() as store:
        await open_one(store)
        async with engine.opened() as other:
            await write(other, Writes(changed=[(OWNER, REQUEST, CHANGED_REQUEST)]))
        assert (await load(store, NUMBER)).requests == (CHANGED_REQUEST,)


async def test_what_was_undone_is_not_kept(engine: Engine) -> None:
    async with engine.opened() as store:
        await open_one(store)
        await store.begin()
        rows = Writes(opened=[(OWNER, BARE_REQUEST)])
        both = structs.replace(OWNER, requests=(REQUEST, BARE_REQUEST))
        await store.write(structs.replace(rows, snapshots={NUMBER: both}), 1)
        await store.rollback()
        assert await load(store, NUMBER) == OPENED
