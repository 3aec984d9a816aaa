"""What a store is given, it gives back: every field, and nothing that was not committed."""

import pytest
from msgspec import UNSET, Struct, structs

from tests.contract.engines import NOW_AT, Engine, load, wanted, write
from tests.contract.samples import (
    BARE_REQUEST,
    BARE_SUBSCRIPTION,
    CHANGED_REQUEST,
    CHANGED_SUBSCRIPTION,
    LINE,
    MEMORY,
    NUMBER,
    ORDER,
    OTHER,
    OWNER,
    REQUEST,
    SUBSCRIPTION,
    left_at_default,
)
from twofold.decide.decision import Debit, EndedSubscription, SettledRequest
from twofold.domain.orders import Order, OrderKind, OrderState
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState, SubscriptionState
from twofold.domain.subscriber import Subscriber
from twofold.evidence.entry import Entry, Heard, encode_entry
from twofold.store.errors import Conflict
from twofold.store.port import EntryRow, Parked, Store, Writes
from twofold.store.records import DebitRow, Part, RequestRow, SubscriptionRow

ALL = Part(1, 0)
REQUESTS = [REQUEST, BARE_REQUEST]
SUBSCRIPTIONS = [SUBSCRIPTION, BARE_SUBSCRIPTION]


@pytest.mark.parametrize("sample", [REQUEST, SUBSCRIPTION, ORDER, MEMORY, LINE], ids=type)
def test_no_field_of_a_sample_has_its_default(sample: Struct) -> None:
    assert left_at_default(sample) == []


async def open_all(store: Store) -> None:
    """Keep two requests and two subscriptions."""
    opened = [(OWNER, request) for request in REQUESTS]
    begun = [(OWNER, subscription) for subscription in SUBSCRIPTIONS]
    writes = Writes(opened=opened, begun=begun, numbers=[OWNER], accounts=[OWNER])
    await write(store, writes)


async def test_a_number_comes_back_as_it_was_kept(engine: Engine) -> None:
    async with engine.opened() as store:
        await open_all(store)
    async with engine.opened() as store:
        loaded = await load(store, NUMBER)
        assert sorted(loaded.requests, key=lambda r: r.id) == sorted(REQUESTS, key=lambda r: r.id)
        assert list(loaded.subscriptions) == SUBSCRIPTIONS
        assert structs.replace(loaded, requests=(), subscriptions=()) == OWNER


async def test_a_number_that_nobody_knows_is_as_a_new_one(engine: Engine) -> None:
    async with engine.opened() as store:
        await open_all(store)
        loaded = await load(store, OTHER)
        assert loaded == Subscriber(OTHER)
        assert loaded.balance_minor is UNSET


async def test_only_what_is_wanted_is_loaded(engine: Engine) -> None:
    async with engine.opened() as store:
        await open_all(store)
        assert await store.load(wanted()) == {}
        found = await store.load(wanted(OTHER, NUMBER))
        assert list(found) == [NUMBER, OTHER]
        assert (len(found[NUMBER].requests), found[OTHER].requests) == (2, ())


async def test_all_that_may_change_of_a_request_is_kept(engine: Engine) -> None:
    async with engine.opened() as store:
        await write(store, Writes(opened=[(OWNER, REQUEST)], numbers=[OWNER]))
        await write(store, Writes(changed=[(OWNER, REQUEST, CHANGED_REQUEST)]))
        assert (await load(store, NUMBER)).requests == (CHANGED_REQUEST,)


async def test_all_that_may_change_of_a_subscription_is_kept(engine: Engine) -> None:
    async with engine.opened() as store:
        await write(store, Writes(begun=[(OWNER, SUBSCRIPTION)], numbers=[OWNER]))
        await write(store, Writes(resumed=[(OWNER, SUBSCRIPTION, CHANGED_SUBSCRIPTION)]))
        assert (await load(store, NUMBER)).subscriptions == (CHANGED_SUBSCRIPTION,)


async def test_all_that_may_change_of_a_number_is_kept(engine: Engine) -> None:
    after = Subscriber(NUMBER, tenure=3, language="vi", balance_minor=0)
    async with engine.opened() as store:
        await write(store, Writes(numbers=[OWNER], accounts=[OWNER]))
        await write(store, Writes(numbers=[after], accounts=[after]))
        assert await load(store, NUMBER) == after


NO_LONGER = [
    Writes(changed=[(OWNER, BARE_REQUEST, REQUEST)]),
    Writes(closed=[(OWNER, BARE_REQUEST)]),
    Writes(closed=[(structs.replace(OWNER, tenure=3), REQUEST)]),
    Writes(closed=[(OWNER, structs.replace(REQUEST, state=RequestState.WAITING_PROMPT))]),
    Writes(resumed=[(OWNER, BARE_SUBSCRIPTION, BARE_SUBSCRIPTION)]),
    Writes(stopped=[(OWNER, structs.replace(SUBSCRIPTION, state=SubscriptionState.ACTIVE))]),
    Writes(closed=[(OWNER, REQUEST), (OWNER, REQUEST)]),
]


@pytest.mark.parametrize("writes", NO_LONGER)
async def test_a_row_that_is_no_longer_as_it_was_read_is_a_conflict(
    engine: Engine, writes: Writes
) -> None:
    async with engine.opened() as store:
        kept = Writes(opened=[(OWNER, REQUEST)], begun=[(OWNER, SUBSCRIPTION)], numbers=[OWNER])
        await write(store, kept)
        await store.begin()
        with pytest.raises(Conflict):
            await store.write(writes, 1)
        await store.rollback()
        loaded = await load(store, NUMBER)
        assert (loaded.requests, loaded.subscriptions) == ((REQUEST,), (SUBSCRIPTION,))


async def test_a_request_that_ended_is_no_longer_open_and_stays_known(engine: Engine) -> None:
    over = structs.replace(REQUEST, state=RequestState.EXPIRED)
    settled = SettledRequest(over, NOW_AT + 9, Reason.NO_CONFIRMATION)
    async with engine.opened() as store:
        await write(store, Writes(opened=[(OWNER, REQUEST)]))
        await write(store, Writes(closed=[(OWNER, REQUEST)], settled=[(OWNER, settled)]))
        assert (await load(store, NUMBER)).requests == ()
        records = engine.records(store)
        assert list(records.requests(ALL)) == []
        assert list(records.settled(ALL)) == [
            RequestRow(over.id, NUMBER, "THETHAO", "expired", over.opened_at, over.deadline_at, 2)
        ]
        assert await store.next_request_due() is None


async def test_a_subscription_that_ended_is_no_longer_live_and_stays_known(engine: Engine) -> None:
    over = structs.replace(SUBSCRIPTION, state=SubscriptionState.ENDED)
    async with engine.opened() as store:
        await write(store, Writes(begun=[(OWNER, SUBSCRIPTION)]))
        ended = [(OWNER, EndedSubscription(over, NOW_AT + 9))]
        await write(store, Writes(stopped=[(OWNER, SUBSCRIPTION)], ended=ended))
        assert (await load(store, NUMBER)).subscriptions == ()
        records = engine.records(store)
        assert list(records.subscriptions(ALL)) == []
        opened_at = SUBSCRIPTION.opened_at
        assert list(records.ended(ALL)) == [
            SubscriptionRow(3, NUMBER, "GAME", "1579", "ended", 5_000, 7, 3, opened_at, 2)
        ]


# -- money -----------------------------------------------------------------------------------------


def debit_of(kind: OrderKind, at: int = NOW_AT, subscription_id: int = 3) -> Debit:
    """A debit of 5,000 for one period, or its refund."""
    amount_minor = 5_000 if kind is OrderKind.CHARGE else -5_000
    return Debit(subscription_id, NOW_AT, kind, 9, NUMBER, 2, at, amount_minor, "GAME")


@pytest.mark.parametrize("kind", [OrderKind.CHARGE, OrderKind.REFUND])
async def test_a_period_is_charged_once_and_given_back_once_whatever_the_code_does(
    engine: Engine, kind: OrderKind
) -> None:
    async with engine.opened() as store:
        await write(store, Writes(debits=[debit_of(kind)]))
        await store.begin()
        with pytest.raises(engine.breach):
            await store.write(Writes(debits=[debit_of(kind, NOW_AT + 1)]), 1)
        await store.rollback()
        amount_minor = debit_of(kind).amount_minor
        assert list(engine.records(store).debits(ALL)) == [
            DebitRow(3, NUMBER, kind, NOW_AT, amount_minor, 2)
        ]


async def test_an_account_below_zero_is_refused_whatever_the_code_does(engine: Engine) -> None:
    async with engine.opened() as store:
        await store.begin()
        with pytest.raises(engine.breach):
            await store.write(Writes(accounts=[structs.replace(OWNER, balance_minor=-1)]), 1)
        await store.rollback()


async def test_a_pending_request_without_its_window_is_refused_whatever_the_code_does(
    engine: Engine,
) -> None:
    broken = structs.replace(REQUEST, opened_at=None)
    async with engine.opened() as store:
        await store.begin()
        with pytest.raises(engine.breach):
            await store.write(Writes(opened=[(OWNER, broken)]), 1)
        await store.rollback()


@pytest.mark.parametrize("live", [True, False])
async def test_what_was_spent_counts_thirty_days_of_live_and_ended_subscriptions(
    engine: Engine,
    live: bool,  # noqa: FBT001 - a column
) -> None:
    day_ms = 86_400_000
    debits = [
        debit_of(OrderKind.CHARGE, NOW_AT - 30 * day_ms - 1),
        structs.replace(debit_of(OrderKind.CHARGE, NOW_AT - 30 * day_ms), period_at=2),
        structs.replace(debit_of(OrderKind.CHARGE), period_at=3),
        structs.replace(debit_of(OrderKind.REFUND), period_at=3),
    ]
    over = structs.replace(SUBSCRIPTION, state=SubscriptionState.ENDED)
    ended = [] if live else [(OWNER, EndedSubscription(over, NOW_AT))]
    begun = [(OWNER, SUBSCRIPTION)] if live else []
    async with engine.opened() as store:
        await write(store, Writes(numbers=[OWNER], begun=begun, ended=ended, debits=debits))
        found = await store.load(wanted(NUMBER, OTHER, spending={NUMBER}))
        assert (found[NUMBER].spent_minor, found[OTHER].spent_minor) == (5_000, None)


async def test_what_a_former_holder_had_and_spent_is_nothing_of_the_present_one(
    engine: Engine,
) -> None:
    over = structs.replace(SUBSCRIPTION, state=SubscriptionState.ENDED)
    ended = [(OWNER, EndedSubscription(over, NOW_AT))]
    debits = [debit_of(OrderKind.CHARGE)]
    async with engine.opened() as store:
        await write(store, Writes(numbers=[OWNER], accounts=[OWNER], ended=ended, debits=debits))
        holder = Subscriber(NUMBER, tenure=3)
        await write(store, Writes(numbers=[holder]))
        found = (await store.load(wanted(NUMBER, spending={NUMBER})))[NUMBER]
        assert found == structs.replace(holder, spent_minor=0)
        assert list(engine.records(store).tenures(ALL)) == [(NUMBER, 3)]
        opened = structs.replace(holder, balance_minor=7)
        await write(store, Writes(accounts=[opened]))
        assert (await load(store, NUMBER)).balance_minor == 7


# -- all or nothing --------------------------------------------------------------------------------

ENTRY = EntryRow(64, NOW_AT, NUMBER, 2, 3, "message_received", b"s" * 16, b"h" * 32, b"{}")
WHOLE = Writes(
    numbers=[OWNER],
    accounts=[OWNER],
    opened=[(OWNER, REQUEST)],
    begun=[(OWNER, SUBSCRIPTION)],
    debits=[debit_of(OrderKind.CHARGE)],
    new_orders=[ORDER],
    awaited={("main", "m1"): ORDER},
    entries=[ENTRY],
)


async def nothing_is_kept(engine: Engine, store: Store) -> bool:
    """Whether the store is as it was made."""
    records = engine.records(store)
    rows = [
        *records.requests(ALL),
        *records.subscriptions(ALL),
        *records.debits(ALL),
        *records.entries(ALL),
    ]
    orphans = await store.orphaned_orders(9, 0, 9)
    return (await load(store, NUMBER), rows, orphans) == (Subscriber(NUMBER), [], [])


async def test_a_batch_that_is_undone_leaves_nothing(engine: Engine) -> None:
    async with engine.opened() as store:
        await store.begin()
        await store.write(WHOLE, 1)
        await store.rollback()
        assert await nothing_is_kept(engine, store)


async def test_a_batch_that_was_never_committed_is_gone_after_a_death(engine: Engine) -> None:
    async with engine.opened() as store:
        await store.begin()
        await store.write(WHOLE, 1)
    async with engine.opened() as store:
        assert await nothing_is_kept(engine, store)


async def test_a_batch_that_was_committed_is_there_after_a_death(engine: Engine) -> None:
    async with engine.opened() as store:
        await write(store, WHOLE)
    async with engine.opened() as store:
        assert not await nothing_is_kept(engine, store)
        assert list(engine.records(store).entries(ALL)) == [ENTRY]


async def test_undoing_without_a_batch_is_nothing(engine: Engine) -> None:
    async with engine.opened() as store:
        await store.rollback()
        await write(store, WHOLE)
        await store.rollback()
        assert not await nothing_is_kept(engine, store)


async def test_an_entry_is_written_once_and_never_again(engine: Engine) -> None:
    async with engine.opened() as store:
        await write(store, WHOLE)
        await store.begin()
        with pytest.raises(engine.breach):
            await store.write(Writes(entries=[ENTRY]), 1)
        await store.rollback()


async def test_the_greatest_id_is_that_of_an_entry_or_of_a_parked_event(engine: Engine) -> None:
    async with engine.opened() as store:
        assert await store.greatest_id() == 0
        await write(store, WHOLE)
        assert await store.greatest_id() == 64
        await store.park(Parked(128, NOW_AT, NUMBER, "why", b"event"))
        assert await store.greatest_id() == 128
        assert list(engine.records(store).parked(ALL)) == [b"event"]


async def test_an_event_that_is_parked_again_is_kept_once(engine: Engine) -> None:
    async with engine.opened() as store:
        await store.park(Parked(128, NOW_AT, NUMBER, "why", b"event"))
        await store.park(Parked(128, NOW_AT, NUMBER, "still", b"the same"))
        assert list(engine.records(store).parked(ALL)) == [b"the same"]


async def test_evidence_tells_which_smsc_s_clock_was_right_lately(engine: Engine) -> None:
    minute = NOW_AT // 60_000
    heard = [
        ("main", 0, 900),
        ("main", 1_000, 40),
        ("main", 2_000, 5_001),
        ("main", 60_000, -200),
        ("other", 3_000, 60_000),
        ("other", 61_000, 7),
    ]
    entries = [
        structs.replace(
            ENTRY,
            id=64 * number,
            at=NOW_AT + after_ms,
            kind="message_received",
            document=encode_entry(
                Entry(NOW_AT, heard=Heard(smsc=smsc, smsc_at=NOW_AT + after_ms - lag_ms))
            ),
        )
        for number, (smsc, after_ms, lag_ms) in enumerate(heard, 1)
    ]
    untold = structs.replace(
        entries[0], id=64 * 90, document=encode_entry(Entry(NOW_AT, heard=Heard(smsc="main")))
    )
    async with engine.opened() as store:
        assert await store.punctual_minutes(5_000) == []
        await write(store, Writes(entries=[*entries, untold]))
        assert sorted(await store.punctual_minutes(5_000)) == [
            ("main", minute, 40),
            ("main", minute + 1, -200),
            ("other", minute + 1, 7),
        ]


async def test_an_order_keeps_its_state_until_it_is_settled(engine: Engine) -> None:
    waiting = Order(81, OrderKind.SEND_REPLY, NUMBER, 0, 0, NOW_AT, NOW_AT + 1)
    async with engine.opened() as store:
        await write(store, Writes(new_orders=[ORDER, waiting]), epoch=1)
        assert await store.orphaned_orders(2, 0, 9) == [ORDER]
        changed = structs.replace(
            ORDER, due_at=7, until_at=8, text="y", attempts=5, state=OrderState.WAITING
        )
        await write(store, Writes(changed_orders=[changed], settled_orders=[81]))
        assert await store.due_orders(NOW_AT, "1579", "xyz", 9) == [changed]
