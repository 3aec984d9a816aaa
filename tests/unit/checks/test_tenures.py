"""Whatever crosses from one holder of a number to the next is found and named."""

import pytest

from tests.unit.checks.lively import found, play, rewrite
from tests.unit.commit.rig import FIRST, Bench
from twofold.domain.events import NumberChanged
from twofold.domain.numbers import NumberChange


async def handed_over(made: Bench) -> None:
    """One holder had a service and asked for another; the next one has a service."""
    await play(made, "DK THETHAO", "Y", "DK NHAC")
    at = (made.now_at, FIRST, NumberChange.RECYCLED, made.now_at)
    made.submit(NumberChanged(made.next_id(), *at))
    await made.settle()
    await play(made, "TK", "DK THETHAO", "Y")
    assert made.rows("SELECT tenure, state FROM subscriptions") == [(1, "active")]
    assert made.rows("SELECT tenure FROM numbers") == [(1,)]


async def test_a_number_that_changed_hands_passes(made: Bench) -> None:
    await handed_over(made)
    assert found(made, now_at=made.now_at) == []


CROSSED = {
    "a subscription of the former holder": (
        "UPDATE subscriptions SET tenure = 0",
        ["12 it is kept under another tenure", "12 something of an older tenure than 1 is live"],
    ),
    "an end that is the next one's": (
        "UPDATE ended_subscriptions SET tenure = 1",
        ["12 it is kept under another tenure"],
    ),
    "a request that is the next one's": (
        "UPDATE settled_requests SET tenure = 1",
        ["12 it is kept under another tenure"],
    ),
    "a charge that is the next one's": (
        "UPDATE debits SET tenure = 1",
        ["12 a charge is kept under another tenure"],
    ),
    "something live of a tenure that is over": (
        "UPDATE numbers SET tenure = 2",
        ["12 something of an older tenure than 2 is live"],
    ),
}


@pytest.mark.parametrize("name", CROSSED)
async def test_what_crosses_from_one_holder_to_the_next_is_found(made: Bench, name: str) -> None:
    await handed_over(made)
    forgery, expected = CROSSED[name]
    made.connection.execute(forgery)
    assert found(made) == expected


async def test_evidence_that_acts_for_a_former_holder_is_found(made: Bench) -> None:
    await handed_over(made)
    made.connection.execute("UPDATE entries SET tenure = 0 WHERE tenure = 1")
    for kind in ("message_received", "outcome_arrived"):
        rewrite(made, kind, tenure=0)
    said = found(made)
    assert "12 message_received acts for a holder who no longer has the number" in said
    assert "12 another holder of the number decides about it" in said
