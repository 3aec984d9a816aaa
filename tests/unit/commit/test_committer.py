"""The committer: durable before it is said, in order, and never brought down by one event."""

import asyncio
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from tests.unit.commit.rig import FIRST, Bench, bench, constraint
from tests.unit.decide.example import NOW_AT, RULES, SERVICES, SPORT, catalogue_of, rules_of
from twofold.domain.events import (
    AccountAsked,
    DeadlinePassed,
    Event,
    MessageReceived,
    OrderFellDue,
    OrderOverdue,
)
from twofold.domain.orders import Order, OrderKind, OrderState
from twofold.domain.reason import Reason
from twofold.domain.terms import Terms
from twofold.store.errors import Conflict, StoreCorrupt, StoreUnavailable

AWAY = StoreUnavailable("the database is away")


def order_of(msisdn: int) -> Order:
    """A waiting text."""
    return Order(7, OrderKind.SEND_REPLY, msisdn, 0, 0, 0, 1 << 50, key="help", text="x")


def decided(made: Bench) -> list[Event]:
    """The events that were decided, in that order."""
    return [decision.event for batch in made.batches for decision in batch]


async def test_what_came_since_the_last_batch_is_one_batch(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        for number in range(5):
            made.says("DK THETHAO", FIRST + number)
        await made.settle()
        assert [len(batch) for batch in made.batches] == [5]
        assert made.rows("SELECT count(*) FROM requests") == [(5,)]
        assert (made.committer.decided, made.committer.batches) == (5, 1)


async def test_later_events_of_a_batch_see_the_earlier_ones(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        made.says("DK THETHAO")
        made.says("N")
        made.says("N")
        decisions = await made.settle()
        assert [decision.reason for decision in decisions] == [None, None, Reason.RESENT]
        assert made.rows("SELECT count(*) FROM requests") == [(0,)]
        assert made.rows("SELECT state FROM settled_requests") == [("declined",)]


@pytest.mark.scenario("S066")
async def test_a_doubled_message_in_one_batch_has_one_effect(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        made.says("DK THETHAO")
        made.says("DK THETHAO")
        await made.settle()
        assert made.rows("SELECT count(*) FROM requests") == [(1,)]
        assert made.rows("SELECT count(*) FROM entries") == [(2,)]


async def test_nothing_is_answered_before_it_is_durable(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        made.store.failures["commit"] = [AWAY]
        made.says("DK THETHAO")
        await made.committer.work()
        assert made.answers == [None]
        assert made.batches == []
        assert made.rows("SELECT count(*) FROM entries") == [(0,)]
        assert made.committer.faults.store_away == "the database is away"


async def test_a_store_that_comes_back_is_noted(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        made.store.failures["begin"] = [AWAY]
        made.says("DK THETHAO", kept=True)
        await made.settle()
        assert made.committer.faults.store_away == ""
        assert len(made.batches) == 1


async def test_a_store_that_comes_back_is_noted_though_nothing_comes(tmp_path: Path) -> None:
    """Whoever asks whether we are ready must not have to wait for the next message."""
    with bench(tmp_path) as made:
        made.store.failures = {"begin": [AWAY], "probe": [AWAY, AWAY]}
        made.says("DK THETHAO")
        running = asyncio.create_task(made.committer.run())
        for _ in range(1_000):
            await asyncio.sleep(0)
        running.cancel()
        assert made.committer.faults.store_away == ""
        assert (made.answers, made.batches) == ([None], [])
        assert made.store.failures["probe"] == []


@pytest.mark.scenario("S103")
async def test_while_the_store_is_away_what_cannot_be_sent_again_waits_in_its_order(
    tmp_path: Path,
) -> None:
    with bench(tmp_path) as made:
        made.store.failures["begin"] = [AWAY, AWAY]
        first = made.says("DK THETHAO", kept=True)
        refused = made.says("TK", FIRST + 1)
        second = made.says("N", kept=True)
        await made.settle()
        assert decided(made) == [first, second]
        assert made.answers[0] is None
        assert refused not in decided(made)


async def test_a_store_that_goes_away_while_events_are_tried_alone_keeps_their_order(
    tmp_path: Path,
) -> None:
    with bench(tmp_path) as made:
        made.store.failures["write"] = [constraint()]
        made.store.failures["begin"] = [None, None, AWAY]
        events = [made.says(text, kept=True) for text in ("DK THETHAO", "N", "DK NHAC", "HUY")]
        await made.settle()
        assert decided(made) == list(events)
        assert len(made.answers) == 4
        assert made.rows("SELECT count(*) FROM requests") == [(0,)]
        assert made.rows("SELECT count(*) FROM parked") == [(0,)]


async def test_a_clock_that_jumped_commits_nothing(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        made.sound = False
        made.says("DK THETHAO")
        await made.committer.work()
        assert (made.answers, made.batches) == ([None], [])
        assert made.committer.faults.store_away == "the clock jumped"


async def test_one_bad_event_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        made.store.failures["write"] = [constraint(), None, constraint()]
        made.says("DK THETHAO")
        bad = made.says("DK THETHAO", FIRST + 1)
        made.says("DK THETHAO", FIRST + 2)
        await made.settle()
        assert made.rows("SELECT msisdn FROM requests") == [(FIRST,), (FIRST + 2,)]
        assert made.rows("SELECT id, why FROM parked") == [
            (bad.id, "ConstraintError: CHECK constraint failed")
        ]
        assert None not in made.answers
        assert len(made.answers) == 3
        assert made.committer.faults.parked == 1


async def test_a_parked_event_is_kept_with_its_bytes_and_its_id_is_not_used_again(
    tmp_path: Path,
) -> None:
    with bench(tmp_path) as made:
        made.store.failures["write"] = [constraint(), constraint()]
        bad = made.says("DK THETHAO")
        await made.settle()
        ((document,),) = made.rows("SELECT event FROM parked")
        assert msgspec.json.decode(document, type=type(bad)) == bad
        assert await made.store.greatest_id() == bad.id


async def test_an_event_that_cannot_even_be_parked_waits_for_the_store(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        made.store.failures["write"] = [constraint(), constraint()]
        made.store.failures["park"] = [AWAY]
        event = made.says("DK THETHAO", kept=True)
        await made.settle()
        assert decided(made) == [event]
        assert made.rows("SELECT count(*) FROM parked") == [(0,)]


async def test_a_conflict_is_decided_again(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        made.store.failures["write"] = [Conflict("changed"), Conflict("changed")]
        made.says("DK THETHAO")
        await made.settle()
        assert made.rows("SELECT count(*) FROM requests") == [(1,)]
        assert made.committer.faults.parked == 0


async def test_an_event_that_conflicts_for_ever_is_parked(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        made.store.failures["write"] = [Conflict("changed") for _ in range(100)]
        made.says("DK THETHAO")
        await made.settle()
        assert made.rows("SELECT why FROM parked") == [("Conflict: changed",)]


async def test_a_damaged_store_stops_the_engine(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        made.store.failures["load"] = [StoreCorrupt("damaged")]
        made.says("DK THETHAO")
        with pytest.raises(StoreCorrupt):
            await made.committer.work()
        assert made.answers == []


async def test_a_newer_revision_binds_from_the_next_batch_on(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        await made.store.add_catalogue(made.now_at, b"2", b"{}")
        made.rules = rules_of(catalogue_of(SERVICES[1], revision=2))
        made.says("DK THETHAO")
        (decision,) = await made.settle()
        assert decision.reason is Reason.UNKNOWN_SERVICE
        assert made.committer.rules.revision == 2


async def test_rules_that_cannot_be_read_park_nothing(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        await made.store.add_catalogue(made.now_at, b"2", b"nonsense")
        made.says("DK THETHAO")
        made.unreadable = msgspec.ValidationError("nonsense")
        with pytest.raises(StoreCorrupt, match="catalogue revision 2"):
            await made.committer.work()
        assert made.rows("SELECT count(*) FROM parked") == [(0,)]


async def test_orders_are_born_claimed_as_far_as_there_is_room(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        made.room = 2
        for number in range(3):
            made.says("DK THETHAO", FIRST + number)
        await made.settle()
        rows = made.rows("SELECT state, epoch, text <> '' FROM orders ORDER BY id")
        assert rows == [("claimed", 1, 1), ("claimed", 1, 1), ("waiting", 1, 0)]


# -- lanes -----------------------------------------------------------------------------------------


def deadline(made: Bench, msisdn: int) -> DeadlinePassed:
    """Submit a timer."""
    event = DeadlinePassed(made.next_id(), made.now_at, msisdn, 1, made.now_at)
    made.submit(event)
    return event


async def test_timers_give_way_and_take_a_quarter_at_most_while_others_wait(tmp_path: Path) -> None:
    with bench(tmp_path, batch_max=8) as made:
        for number in range(10):
            deadline(made, FIRST + 100 + number)
        for number in range(10):
            made.says("TK", FIRST + number)
        await made.committer.work()
        kinds = [type(event) is DeadlinePassed for event in decided(made)]
        assert kinds == [*[False] * 6, True, True]
        await made.settle()
        assert len(decided(made)) == 20


async def test_timers_alone_fill_a_batch(tmp_path: Path) -> None:
    with bench(tmp_path, batch_max=8) as made:
        for number in range(10):
            deadline(made, FIRST + number)
        await made.committer.work()
        assert len(decided(made)) == 8


async def test_a_message_does_not_overtake_a_timer_of_its_own_number(tmp_path: Path) -> None:
    with bench(tmp_path, batch_max=8) as made:
        timer = deadline(made, FIRST)
        other = deadline(made, FIRST + 1)
        message = made.says("TK")
        await made.settle()
        assert decided(made) == [timer, other, message]


async def test_stops_go_before_confirmations_and_those_before_requests(tmp_path: Path) -> None:
    with bench(tmp_path, batch_max=4) as made:
        for number, text in enumerate(["DK THETHAO", "TK", "Y", "DK NHAC", "HUY", "N", "Y", "HD"]):
            made.says(text, FIRST + number)
        await made.committer.work()
        said = [event.text for event in decided(made) if isinstance(event, MessageReceived)]
        assert said == ["HUY", "N", "Y", "Y"]
        await made.settle()
        assert len(decided(made)) == 8


async def test_a_stop_takes_the_earlier_messages_of_its_number_along(tmp_path: Path) -> None:
    with bench(tmp_path, batch_max=4) as made:
        for number in range(6):
            made.says("TK", FIRST + number)
        made.says("DK THETHAO", FIRST + 9)
        made.says("HUY", FIRST + 9)
        await made.committer.work()
        said = [event.text for event in decided(made) if isinstance(event, MessageReceived)]
        assert said[:2] == ["DK THETHAO", "HUY"]


async def test_a_timer_does_not_overtake_a_message_of_its_own_number(tmp_path: Path) -> None:
    with bench(tmp_path, batch_max=4) as made:
        for number in range(8):
            made.says("TK", FIRST + number)
        deadline(made, FIRST + 7)
        other = deadline(made, FIRST + 20)
        await made.settle()
        order = [(event.msisdn, type(event).__name__) for event in decided(made)]
        assert order.index((FIRST + 7, "MessageReceived")) < order.index(
            (FIRST + 7, "DeadlinePassed")
        )
        assert decided(made).index(other) == 3


async def test_a_waiting_order_counts_as_a_timer(tmp_path: Path) -> None:
    with bench(tmp_path, batch_max=2) as made:
        due = OrderFellDue(made.next_id(), made.now_at, FIRST, order_of(FIRST))
        made.submit(due)
        made.says("TK", FIRST + 1)
        made.says("TK", FIRST + 2)
        await made.settle()
        assert decided(made)[-1] == due


async def test_a_batch_that_took_too_long_is_followed_by_a_smaller_one(tmp_path: Path) -> None:
    with bench(tmp_path, batch_max=64, batch_min=4) as made:
        committer = made.committer
        committer._adapt(0.2, 64)  # noqa: SLF001 - the only way to a slow disk
        for number in range(20):
            made.says("TK", FIRST + number)
        await committer.work()
        assert len(made.batches[0]) == 6
        committer._adapt(10.0, 6)  # noqa: SLF001
        await committer.work()
        assert len(made.batches[1]) == 4


# -- what a decision needs besides the snapshot ----------------------------------------------------


async def test_an_order_is_asked_about_only_while_it_is_not_settled(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        made.says("DK THETHAO")
        (born,) = (await made.settle())[0].orders
        for kind in (OrderOverdue, AccountAsked):
            made.submit(kind(made.next_id(), made.now_at, FIRST, born))
            (decision,) = await made.settle()
            unsettled = () if kind is AccountAsked else (born.id,)
            assert decision.after.unsettled == unsettled
        assert made.rows("SELECT count(*) FROM orders") == [(0,)]


async def test_a_refund_asked_for_twice_is_carried_out_once_and_parks_nothing(
    tmp_path: Path,
) -> None:
    with bench(tmp_path, structs.replace(RULES, accounts_inside=False)) as made:
        made.connection.execute(
            "INSERT INTO orders VALUES (64, 'refund', ?, 0, 128, 0, 9, 'THETHAO', '', '', 2000, 1,"
            " 0, 'claimed', 1, '')",
            (FIRST,),
        )
        refund = Order(
            *(64, OrderKind.REFUND, FIRST, 0, 128, 0, 9, "THETHAO", "", "", 2_000, 1, 0),
            OrderState.CLAIMED,
        )
        for _ in range(2):
            made.submit(AccountAsked(made.next_id(), made.now_at, FIRST, refund))
        await made.settle()
        made.submit(AccountAsked(made.next_id(), made.now_at, FIRST, refund))
        await made.settle()
        assert made.rows("SELECT amount_minor FROM debits") == [(-2_000,)]
        assert made.rows("SELECT balance_minor FROM accounts") == [(52_000,)]
        assert made.rows("SELECT count(*) FROM parked") == [(0,)]


async def test_rules_that_begin_while_nothing_is_restarted_bind_from_their_moment(
    tmp_path: Path,
) -> None:
    """No revision is new: the moment alone makes the committer read the rules again."""
    later = rules_of(catalogue_of(structs.replace(SPORT, terms=Terms(9_000, 1, auto_renew=True))))
    with bench(tmp_path, structs.replace(RULES, until_at=NOW_AT + 1_000)) as made:
        made.rules = later
        made.now_at = NOW_AT + 999
        made.says("DK THETHAO")
        await made.settle()
        assert made.rows("SELECT price_minor FROM requests") == [(2_000,)]
        made.now_at = NOW_AT + 1_000
        made.says("DK THETHAO", FIRST + 1)
        await made.settle()
        assert made.committer.rules is later
        assert made.rows("SELECT price_minor FROM requests ORDER BY id") == [(2_000,), (9_000,)]
