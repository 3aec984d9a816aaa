"""Two engines on one file get the same message at once: one wins, the other sees what was done."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.commit.rig import FIRST, Bench, bench
from twofold.decide import Decision
from twofold.domain.events import MessageReceived, OutcomeArrived
from twofold.domain.orders import Delivered
from twofold.domain.reason import Reason


@pytest.fixture
def engines(tmp_path: Path) -> Iterator[tuple[Bench, Bench]]:
    """Two committers, each with a connection of its own to one file."""
    with bench(tmp_path) as first, bench(tmp_path) as second:
        second.now_at += 1
        second.connection.set_busy_timeout(20)
        first.connection.set_busy_timeout(20)
        yield first, second


async def asked(engine: Bench) -> None:
    """A subscriber asks, and the prompt is accepted."""
    engine.says("DK THETHAO")
    ((order,),) = [decision.orders for decision in await engine.settle()]
    said = Delivered("main", ("m1",))
    engine.submit(OutcomeArrived(engine.next_id(), engine.now_at, FIRST, order, said))
    await engine.settle()


def yes(engine: Bench, *, is_sure: bool) -> None:
    """The SMSC brings the yes to this engine: the same octets, and the same id where it has one."""
    key = b"one  yes"
    event = MessageReceived(
        *(engine.next_id(), engine.now_at, FIRST, "9166", "main", 0, b"Y", "Y", key, is_sure),
        engine.now_at,
    )
    engine.submit(event)


def is_one_start(engine: Bench) -> bool:
    """Whether the service is on once, charged once and welcomed once."""
    rows = (
        engine.rows("SELECT state FROM subscriptions"),
        engine.rows("SELECT count(*) FROM debits"),
        engine.rows("SELECT count(*) FROM orders WHERE key = 'activated'"),
        engine.rows("SELECT balance_minor FROM accounts"),
    )
    return rows == ([("active",)], [(1,)], [(1,)], [(48_000,)])


@pytest.mark.scenario("S066")
@pytest.mark.parametrize("is_sure", [True, False])
@pytest.mark.parametrize("first_wins", [True, False])
async def test_one_of_two_engines_starts_the_service_and_the_other_sees_it_confirmed(
    engines: tuple[Bench, Bench],
    is_sure: bool,  # noqa: FBT001 - a column
    first_wins: bool,  # noqa: FBT001 - a column
) -> None:
    """The engine that loses still holds the pending request in its memory of last snapshots."""
    first, second = engines
    await asked(first)
    winner, loser = (first, second) if first_wins else (second, first)
    yes(winner, is_sure=is_sure)
    yes(loser, is_sure=is_sure)
    await winner.settle()
    (decision,) = await loser.settle()
    assert isinstance(decision, Decision)
    assert decision.reason in {Reason.RESENT, Reason.ALREADY_ACTIVE}
    assert (decision.changes, decision.debits) == ((), ())
    assert is_one_start(first)


@pytest.mark.scenario("S066")
async def test_an_engine_waits_for_another_ones_batch_and_then_decides_on_what_it_left(
    engines: tuple[Bench, Bench],
) -> None:
    first, second = engines
    await asked(first)
    yes(second, is_sure=True)
    await first.store.begin()
    await second.committer.work()
    assert "locked" in second.committer.faults.store_away
    assert second.answers == [], "nothing is said of what is not decided"
    await first.store.rollback()
    yes(first, is_sure=True)
    await first.settle()
    (decision,) = await second.settle()
    assert decision.reason is Reason.RESENT
    assert is_one_start(first)


@pytest.mark.scenario("S066")
async def test_two_requests_for_one_service_at_two_engines_are_one_request(
    engines: tuple[Bench, Bench],
) -> None:
    first, second = engines
    first.says("DK THETHAO")
    second.says("DK THETHAO")
    await first.settle()
    (decision,) = await second.settle()
    assert decision.reason in {Reason.RESENT, Reason.REQUEST_OPEN}
    assert first.rows("SELECT count(*) FROM requests") == [(1,)]
    assert first.rows("SELECT count(*) FROM orders") == [(1,)]
