"""Parts of long messages, and requests that wait for replies that were sent in time."""

from msgspec import structs

from tests.contract.engines import NOW_AT, Engine, wanted, write
from tests.contract.samples import NUMBER, OWNER, REQUEST
from twofold.domain.states import RequestState
from twofold.domain.subscriber import Fragment, Group
from twofold.store.port import HELD_MAX_MS, Writes

FRAGMENT = Fragment(Group("9166", 65_535, 3), 2, 4, 8, (1, 3), b"\x00\xff", NOW_AT, NOW_AT - 1)


async def test_a_part_of_a_long_message_is_kept_until_it_is_dropped(engine: Engine) -> None:
    async with engine.opened() as store:
        await write(store, Writes(kept_fragments=[(NUMBER, FRAGMENT)]))
        await store.begin()
        asked = await store.load(wanted(NUMBER, fragments={NUMBER}))
        plain = await store.load(wanted(NUMBER))
        await store.rollback()
        assert (asked[NUMBER].fragments, plain[NUMBER].fragments) == ((FRAGMENT,), ())
        assert await store.count_fragments() == 1
        await write(store, Writes(dropped_fragments=[(NUMBER, FRAGMENT)]))
        assert await store.count_fragments() == 0


async def test_long_messages_without_all_their_parts_fall_due_and_whole_ones_are_forgotten(
    engine: Engine,
) -> None:
    whole = structs.replace(FRAGMENT, group=Group("9166", 1, 3), number=0)
    fresh = structs.replace(FRAGMENT, group=Group("9166", 2, 3), at=NOW_AT + 1)
    both = [FRAGMENT, structs.replace(FRAGMENT, number=1), whole, fresh]
    async with engine.opened() as store:
        await write(store, Writes(kept_fragments=[(NUMBER, one) for one in both]))
        assert await store.due_fragments(NOW_AT, 9) == [(NUMBER, FRAGMENT.group)]
        assert await store.count_fragments() == 3


async def test_what_may_still_be_answered_does_not_fall_due_yet(engine: Engine) -> None:
    waiting = structs.replace(REQUEST, id=9 << 6, state=RequestState.WAITING_PROMPT, opened_at=None)
    async with engine.opened() as store:
        await write(store, Writes(opened=[(OWNER, REQUEST), (OWNER, waiting)]))
        due_at = REQUEST.due_at
        held = await store.due_requests(due_at, 9, held=("9166",))
        assert [row[1] for row in held] == [waiting.id]
        for codes, at in ((("1579",), due_at), (("9166",), due_at + HELD_MAX_MS)):
            assert len(await store.due_requests(at, 9, held=codes)) == 2
