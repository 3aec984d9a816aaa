"""What a number complains of is kept, and loaded for events about complaints alone."""

from msgspec import structs

from tests.contract.engines import NOW_AT, Engine, load, wanted, write
from tests.contract.samples import COMPLAINT, NUMBER, OTHER, OWNER, SUBSCRIPTION
from twofold.decide.decision import EndedSubscription
from twofold.domain.states import SubscriptionState
from twofold.domain.subscriber import ComplaintState, Grievances, Past
from twofold.store.port import Store, Writes
from twofold.store.sqlite.store import HISTORY_MS


async def grievances(store: Store, number: int = NUMBER, now_at: int = NOW_AT) -> Grievances | None:
    """Load what a number complains of, as an event about that would."""
    await store.begin()
    found = await store.load(wanted(number, complaining={number}, now_at=now_at))
    await store.rollback()
    return found[number].grievances


async def test_a_complaint_comes_back_as_it_was_kept_and_later_as_it_was_answered(
    engine: Engine,
) -> None:
    upheld = structs.replace(COMPLAINT, state=ComplaintState.UPHELD)
    second = structs.replace(COMPLAINT, id=500)
    async with engine.opened() as store:
        await write(store, Writes(numbers=[OWNER], complaints=[COMPLAINT, second]))
        assert await grievances(store) == Grievances((COMPLAINT, second))
        await write(store, Writes(complaints=[upheld]))
        assert await grievances(store) == Grievances((upheld, second))


async def test_complaints_are_loaded_for_whom_they_matter_only(engine: Engine) -> None:
    async with engine.opened() as store:
        await write(store, Writes(numbers=[OWNER], complaints=[COMPLAINT]))
        assert (await load(store, NUMBER)).grievances is None
        assert await grievances(store, OTHER) == Grievances()


async def test_another_holder_of_the_number_has_complained_of_nothing(engine: Engine) -> None:
    over = structs.replace(SUBSCRIPTION, state=SubscriptionState.ENDED)
    next_holder = structs.replace(OWNER, tenure=OWNER.tenure + 1)
    ended = [(OWNER, EndedSubscription(over, NOW_AT))]
    async with engine.opened() as store:
        await write(store, Writes(numbers=[next_holder], complaints=[COMPLAINT], ended=ended))
        assert await grievances(store) == Grievances()


async def test_what_is_over_may_be_complained_about_for_half_a_year(engine: Engine) -> None:
    over = structs.replace(SUBSCRIPTION, state=SubscriptionState.ENDED)
    past = Past(over.id, over.service, over.short_code)
    async with engine.opened() as store:
        ended = [(OWNER, EndedSubscription(over, NOW_AT))]
        await write(store, Writes(numbers=[OWNER], ended=ended))
        assert await grievances(store, now_at=NOW_AT + HISTORY_MS) == Grievances((), (past,))
        assert await grievances(store, now_at=NOW_AT + HISTORY_MS + 1) == Grievances()
