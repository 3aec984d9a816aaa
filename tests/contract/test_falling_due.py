"""What falls due, what a start finds, and what is forgotten."""

import pytest
from msgspec import structs

from tests.contract.engines import NOW_AT, Engine, wanted, write
from tests.contract.samples import BARE_REQUEST, NUMBER, ORDER, OTHER, OWNER, SEEN
from twofold.domain.orders import Order, OrderState
from twofold.domain.subscriber import Awaited, Request, Seen, Subscriber
from twofold.store.port import Store, Writes

HOUR_MS = 3_600_000


# -- timers ----------------------------------------------------------------------------------------


def timed(due_at: int, id_: int, msisdn: int = NUMBER) -> tuple[Subscriber, Request]:
    """An open request with a timer."""
    return Subscriber(msisdn, tenure=2), structs.replace(BARE_REQUEST, id=id_, due_at=due_at)


async def test_timers_come_in_the_order_in_which_they_fall_due(engine: Engine) -> None:
    async with engine.opened() as store:
        opened = [timed(300, 1), timed(100, 2, OTHER), timed(200, 3)]
        await write(store, Writes(opened=opened))
        assert await store.due_requests(1_000, 9) == [
            (OTHER, 2, 100, 2),
            (NUMBER, 3, 200, 2),
            (NUMBER, 1, 300, 2),
        ]
        assert [row[1] for row in await store.due_requests(1_000, 2)] == [2, 3]


@pytest.mark.parametrize(("now_at", "due"), [(99, []), (100, [(NUMBER, 1, 100, 2)])])
async def test_a_timer_falls_due_at_its_instant_and_not_before(
    engine: Engine, now_at: int, due: list[tuple[int, int, int, int]]
) -> None:
    async with engine.opened() as store:
        assert await store.next_request_due() is None
        await write(store, Writes(opened=[timed(100, 1)]))
        assert await store.due_requests(now_at, 9) == due
        assert await store.next_request_due() == 100


async def test_a_timer_that_is_moved_falls_due_anew(engine: Engine) -> None:
    async with engine.opened() as store:
        owner, before = timed(100, 1)
        await write(store, Writes(opened=[(owner, before)]))
        after = structs.replace(before, due_at=500)
        await write(store, Writes(changed=[(owner, before, after)]))
        assert (await store.due_requests(499, 9), await store.next_request_due()) == ([], 500)


# -- orders ----------------------------------------------------------------------------------------


def order_of(id_: int, state: OrderState, due_at: int = NOW_AT) -> Order:
    """An order in a state."""
    return structs.replace(ORDER, id=id_, state=state, due_at=due_at)


async def test_waiting_orders_come_in_the_order_in_which_they_fall_due(engine: Engine) -> None:
    orders = [
        order_of(1, OrderState.WAITING, 300),
        order_of(2, OrderState.WAITING, 100),
        order_of(3, OrderState.CLAIMED, 50),
        order_of(4, OrderState.UNRESOLVED, 60),
        order_of(5, OrderState.WAITING, 200),
    ]
    async with engine.opened() as store:
        assert await store.next_order_due() is None
        await write(store, Writes(new_orders=orders))
        due = await store.due_orders(300, "1579", "xyz", 9)
        assert due == [orders[1], orders[4], orders[0]]
        assert [order.id for order in await store.due_orders(299, "1579", "xyz", 1)] == [2]
        assert await store.due_orders(99, "1579", "xyz", 9) == []
        assert await store.next_order_due() == 100


async def test_each_short_code_and_party_of_which_something_is_due_is_named_once(
    engine: Engine,
) -> None:
    later, now = NOW_AT + 1, NOW_AT
    places = [
        *(("9166", "abc", now), ("9166", "abc", now), ("1579", "xyz", later), ("9166", "", now)),
        *(("123", "", later), ("1579", "abc", now), ("1579", "xyz", now), ("9166", "xyz", later)),
    ]
    orders = [
        structs.replace(order_of(id_, OrderState.WAITING, due_at), source=source, party=party)
        for id_, (source, party, due_at) in enumerate(places, 1)
    ]
    claimed = structs.replace(order_of(99, OrderState.CLAIMED), source="999")
    async with engine.opened() as store:
        assert await store.due_parties(NOW_AT) == []
        await write(store, Writes(new_orders=[*orders, claimed]))
        due = [("1579", "abc"), ("1579", "xyz"), ("9166", ""), ("9166", "abc")]
        assert await store.due_parties(NOW_AT) == due
        assert [order.id for order in await store.due_orders(now, "9166", "abc", 9)] == [1, 2]


async def test_what_is_not_settled_is_found_by_its_key_a_page_at_a_time(engine: Engine) -> None:
    async with engine.opened() as store:
        welcomes = [
            structs.replace(order_of(id_, state), key="activated")
            for id_, state in enumerate(OrderState, 1)
        ]
        other = structs.replace(order_of(9, OrderState.WAITING), key="refund")
        await write(store, Writes(new_orders=[*welcomes, other]))
        assert await store.unsettled_orders("activated", 0, 2) == welcomes[:2]
        assert await store.unsettled_orders("activated", 2, 2) == welcomes[2:]
        await write(store, Writes(settled_orders=[1]))
        assert await store.unsettled_orders("activated", 0, 9) == welcomes[1:]


async def test_what_a_dead_engine_had_claimed_is_found_a_page_at_a_time(engine: Engine) -> None:
    async with engine.opened() as store:
        claimed = [order_of(id_, OrderState.CLAIMED) for id_ in (1, 2, 3)]
        others = [order_of(4, OrderState.WAITING), order_of(5, OrderState.UNRESOLVED)]
        await write(store, Writes(new_orders=[*claimed, *others]), epoch=4)
        await write(store, Writes(new_orders=[order_of(6, OrderState.CLAIMED)]), epoch=5)
        assert await store.orphaned_orders(5, 0, 2) == claimed[:2]
        assert await store.orphaned_orders(5, 2, 2) == claimed[2:]
        assert await store.orphaned_orders(5, 3, 2) == []
        assert await store.orphaned_orders(4, 0, 9) == []


async def test_a_claim_is_made_in_the_name_of_the_engine_that_makes_it(engine: Engine) -> None:
    async with engine.opened() as store:
        await write(store, Writes(new_orders=[order_of(1, OrderState.WAITING)]), epoch=4)
        await write(store, Writes(changed_orders=[order_of(1, OrderState.CLAIMED)]), epoch=5)
        assert await store.orphaned_orders(5, 0, 9) == []
        assert await store.orphaned_orders(6, 0, 9) == [order_of(1, OrderState.CLAIMED)]


async def test_only_an_order_that_is_not_settled_is_said_to_be(engine: Engine) -> None:
    async with engine.opened() as store:
        orders = [
            order_of(1, OrderState.WAITING),
            order_of(2, OrderState.CLAIMED),
            order_of(3, OrderState.UNRESOLVED),
            order_of(4, OrderState.CLAIMED),
            order_of(5, OrderState.CLAIMED),
        ]
        await write(store, Writes(new_orders=orders))
        await write(store, Writes(settled_orders=[4]))
        found = await store.load(wanted(NUMBER, OTHER, orders=[1, 2, 3, 4, 9]))
        assert sorted(found[NUMBER].unsettled) == [1, 2]
        assert found[OTHER].unsettled == ()


# -- starts and catalogues -------------------------------------------------------------------------


async def test_each_start_has_a_greater_epoch(engine: Engine) -> None:
    async with engine.opened() as store:
        assert [await store.begin_epoch(NOW_AT) for _ in range(3)] == [1, 2, 3]
    async with engine.opened() as store:
        assert await store.begin_epoch(NOW_AT - HOUR_MS) == 4


async def test_the_newest_catalogue_is_the_one_that_binds(engine: Engine) -> None:
    async with engine.opened() as store:
        assert await store.newest_catalogue() is None
        assert await store.begin() == 0
        await store.rollback()
        for revision, document in ((1, b"one"), (2, b"two"), (3, b"one")):
            assert await store.add_catalogue(NOW_AT, b"d", document) == revision
            assert await store.newest_catalogue() == (revision, b"d", document)
            assert await store.begin() == revision
            await store.rollback()
        assert engine.records(store).catalogue(2) == b"two"
        assert engine.records(store).catalogue(4) is None


# -- messages and receipts that come again ---------------------------------------------------------


async def seen_at(store: Store, now_at: int) -> tuple[Seen, ...]:
    """What is known of a key at a moment."""
    found = await store.load(wanted(NUMBER, now_at=now_at, mo_keys=[SEEN.key, b"another1"]))
    return found[NUMBER].seen


LATER = [
    (0, True),
    (1, True),
    (HOUR_MS, True),
    (2 * HOUR_MS, True),
    (24 * HOUR_MS, True),
    (25 * HOUR_MS, False),
    (48 * HOUR_MS, False),
]


@pytest.mark.scenario("S064")
@pytest.mark.parametrize(("after_ms", "known"), LATER)
@pytest.mark.parametrize("into_the_hour_ms", [0, HOUR_MS - 1])
async def test_a_key_is_known_for_a_day_whatever_the_hour_says(
    engine: Engine,
    into_the_hour_ms: int,
    after_ms: int,
    known: bool,  # noqa: FBT001 - a column
) -> None:
    at = NOW_AT // HOUR_MS * HOUR_MS + into_the_hour_ms
    seen = structs.replace(SEEN, at=at)
    async with engine.opened() as store:
        await write(store, Writes(seen=[(NUMBER, seen)]))
        assert await seen_at(store, at + after_ms) == ((seen,) if known else ())


async def test_a_key_that_comes_again_is_known_by_its_latest_time(engine: Engine) -> None:
    async with engine.opened() as store:
        hour_at = NOW_AT // HOUR_MS * HOUR_MS
        for at in (hour_at, hour_at + 5):
            await write(store, Writes(seen=[(NUMBER, Seen(SEEN.key, at, at))]))
        assert await seen_at(store, hour_at + 9) == (Seen(SEEN.key, hour_at + 5, hour_at + 5),)


async def test_keys_are_forgotten_after_a_day_and_not_before(engine: Engine) -> None:
    async with engine.opened() as store:
        await write(store, Writes(seen=[(NUMBER, SEEN)]))
        await store.prune(NOW_AT + 24 * HOUR_MS)
        assert await seen_at(store, NOW_AT) == (SEEN,)
        await store.prune(NOW_AT + 25 * HOUR_MS)
        assert await seen_at(store, NOW_AT) == ()


async def awaited(store: Store, receipts: dict[str, list[str]]) -> list[Awaited]:
    """What some receipts are for."""
    found = await store.load(wanted(NUMBER, OTHER, receipts=receipts))
    assert found[OTHER].awaited == ()
    return sorted(found[NUMBER].awaited, key=lambda held: held.message_id)


async def test_a_receipt_finds_its_text_by_smsc_and_id(engine: Engine) -> None:
    texts = {("main", "m1"): ORDER, ("main", "m2"): ORDER, ("other", "m1"): ORDER}
    m1, m2 = (Awaited("main", m, ORDER.id, ORDER.request_id, ORDER.key, 2) for m in ("m1", "m2"))
    async with engine.opened() as store:
        await write(store, Writes(awaited=texts))
        assert await awaited(store, {"main": ["m1", "m2", "m3"]}) == [m1, m2]
        assert await awaited(store, {"nobody": ["m1"]}) == []
        await write(store, Writes(reported=[("main", "m1")]))
        assert await awaited(store, {"main": ["m1", "m2"]}) == [m2]
        assert len(await awaited(store, {"other": ["m1"]})) == 1


async def test_an_id_that_the_smsc_uses_again_is_for_the_latest_text(engine: Engine) -> None:
    later = structs.replace(ORDER, id=99, request_id=7)
    async with engine.opened() as store:
        await write(store, Writes(awaited={("main", "m1"): ORDER}))
        await write(store, Writes(awaited={("main", "m1"): later}))
        (found,) = await awaited(store, {"main": ["m1"]})
        assert (found.order_id, found.request_id) == (99, 7)


async def test_a_receipt_that_never_comes_is_forgotten_a_day_after_its_text(
    engine: Engine,
) -> None:
    async with engine.opened() as store:
        await write(store, Writes(awaited={("main", "m1"): ORDER}))
        await store.prune(ORDER.until_at + 24 * HOUR_MS)
        assert len(await awaited(store, {"main": ["m1"]})) == 1
        await store.prune(ORDER.until_at + 24 * HOUR_MS + 1)
        assert await awaited(store, {"main": ["m1"]}) == []


async def test_what_is_live_is_never_pruned(engine: Engine) -> None:
    async with engine.opened() as store:
        opened = [(OWNER, BARE_REQUEST)]
        await write(store, Writes(opened=opened, new_orders=[ORDER], numbers=[OWNER]))
        await store.prune(NOW_AT + 10_000 * HOUR_MS)
        assert await store.next_request_due() == BARE_REQUEST.due_at
        assert await store.orphaned_orders(2, 0, 9) == [ORDER]
