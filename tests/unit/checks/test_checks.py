"""A store that is as it must be passes; each thing that should never be is found and named."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.unit.checks.lively import WINDOWS, answer, found, lively, outcome_of, play, rewrite
from tests.unit.commit.rig import FIRST, Bench, constraint
from tests.unit.decide.example import HOUR_MS, NOW_AT, WINDOW_MS
from twofold.checks import Acknowledged, Violation, check
from twofold.checks.violation import Invariant
from twofold.domain.events import (
    DeadlinePassed,
    OrderFellDue,
    OutcomeArrived,
)
from twofold.domain.ids import reference
from twofold.domain.orders import Delivered, Outcome, Rejected, RetryAt, Unknown
from twofold.domain.terms import SKEW_MS
from twofold.store.records import Part
from twofold.store.sqlite import open_database
from twofold.store.sqlite.records import SqliteRecords


async def test_a_store_that_is_as_it_must_be_passes(made: Bench) -> None:
    await lively(made)
    assert found(made, now_at=made.now_at) == []
    assert made.rows("SELECT count(*) FROM parked") == [(0,)]


async def test_a_yes_that_waited_for_the_answer_is_found_in_evidence(made: Bench) -> None:
    made.says("DK THETHAO")
    ((order,),) = [decision.orders for decision in await made.settle()]
    made.says("Y")
    await made.settle()
    made.submit(
        OutcomeArrived(made.next_id(), made.now_at, FIRST, order, outcome_of(order)),
    )
    await made.settle()
    assert made.rows("SELECT state FROM subscriptions") == [("active",)]
    assert found(made) == []


@pytest.mark.parametrize(
    "outcome", [Unknown("lost"), RetryAt(NOW_AT, "busy"), Rejected("no")], ids=str
)
async def test_whatever_becomes_of_a_prompt_is_no_violation(made: Bench, outcome: Outcome) -> None:
    made.says("DK THETHAO")
    await answer(made, outcome)
    made.says("Y")
    await made.settle()
    assert found(made) == []


async def test_a_number_that_asks_for_one_thing_while_another_lapses_passes(made: Bench) -> None:
    await play(made, "DK NHAC")
    made.now_at += WINDOW_MS
    await play(made, "DK THETHAO", "Y THETHAO")
    assert made.rows("SELECT service FROM subscriptions") == [("THETHAO",)]
    assert found(made) == []


async def test_a_prompt_that_is_tried_again_later_passes(made: Bench) -> None:
    made.says("DK THETHAO")
    await answer(made, RetryAt(NOW_AT, "busy"))
    made.now_at += HOUR_MS
    (waiting,) = await made.store.due_orders(made.now_at, "9166", "abc", 9)
    made.submit(OrderFellDue(made.next_id(), made.now_at, FIRST, waiting))
    (decision,) = await made.settle()
    assert decision.order_change is not None
    claimed = decision.order_change.order
    assert claimed is not None
    delivered = Delivered("main", ("m1",))
    made.submit(OutcomeArrived(made.next_id(), made.now_at, FIRST, claimed, delivered))
    await play(made, "Y")
    assert made.rows("SELECT state FROM subscriptions") == [("active",)]
    assert found(made) == []


# -- the rows say what evidence does not -----------------------------------------------------------

FORGED = {
    "a subscription without a request": (
        "UPDATE subscriptions SET id = 64",
        ["1 no confirmation is in evidence", "4 it was active and is gone"],
    ),
    "another service": (
        "UPDATE subscriptions SET service = 'GAME'",
        ["1 what was confirmed is THETHAO", "1 its price or period is not what was asked about"],
    ),
    "a higher price": (
        "UPDATE subscriptions SET price_minor = 9000",
        ["1 its price or period is not what was asked about"],
    ),
    "a lower price than was charged": (
        "UPDATE subscriptions SET price_minor = 1000",
        [
            "2 more was charged than was asked for",
        ],
    ),
    "another revision": (
        "UPDATE subscriptions SET revision = 2",
        [
            "1 it was asked about on other terms, or at another time",
            "1 revision 2 did not offer THETHAO",
        ],
    ),
    "another window": (
        "UPDATE subscriptions SET opened_at = opened_at + 1",
        ["1 it was asked about on other terms, or at another time"],
    ),
    "another short code": (
        "UPDATE subscriptions SET short_code = '1579'",
        ["1 it was confirmed on another short code"],
    ),
    "another state": (
        "UPDATE subscriptions SET state = 'suspended'",
        ["4 it is suspended, evidence tells active"],
    ),
    "a lost subscription": ("DELETE FROM subscriptions", ["4 it was active and is gone"]),
    "a lost subscription that is over": (
        "DELETE FROM ended_subscriptions",
        ["4 it was ended and is gone"],
    ),
    "a refusal that became an expiry": (
        "UPDATE settled_requests SET state = 'expired'",
        ["4 it is THETHAO expired, and evidence tells of THETHAO declined"],
    ),
    "a lost request": ("DELETE FROM requests", ["4 it was pending and is gone"]),
    "a request that stands twice": (
        "UPDATE settled_requests SET id = (SELECT id FROM requests)",
        ["4 it is there twice", "4 it was declined and is gone"],
    ),
    "an end and a start": (
        "UPDATE settled_requests SET id = (SELECT id FROM subscriptions)",
        ["4 it ended unconfirmed and was started", "4 it is there twice"],
    ),
    "a window moved": (
        "UPDATE requests SET opened_at = opened_at + 1",
        ["1 its window opened at another time"],
    ),
    "a debit out of nowhere": (
        "INSERT INTO debits VALUES (64, 'charge', 1, 1, 84912000001, 0, 1, 2000, 'THETHAO')",
        ["2 a charge is not in evidence"],
    ),
    "a second charge": (
        """INSERT INTO debits SELECT subscription_id, kind, period_at + 1, order_id, msisdn, tenure,
        at, amount_minor, service FROM debits""",
        ["2 a charge is not in evidence"],
    ),
    "a refund out of nowhere": (
        """INSERT INTO debits SELECT subscription_id, 'refund', period_at, order_id, msisdn, tenure,
        at, -amount_minor, service FROM debits""",
        ["2 a refund is not in evidence"],
    ),
    "a higher charge": (
        "UPDATE debits SET amount_minor = 9000",
        ["2 a charge is not in evidence"],
    ),
    "a lost debit": ("DELETE FROM debits", ["2 money in evidence has no debit"]),
    "a lost entry": (
        """DELETE FROM entries
        WHERE id = (SELECT min(id) FROM entries WHERE msisdn = 84912000003)""",
        [
            "4 went from waiting_prompt to pending while it was nothing",
            "4 it is THETHAO pending, and evidence tells of pending",
        ],
    ),
}


@pytest.mark.parametrize("name", FORGED)
async def test_what_is_forged_is_found(made: Bench, name: str) -> None:
    await lively(made)
    forgery, expected = FORGED[name]
    made.connection.execute(forgery)
    said = found(made)
    assert [what for what in expected if what not in said] == [], said


async def test_two_requests_for_one_service_are_found(made: Bench) -> None:
    await play(made, "DK THETHAO")
    await play(made, "DK THETHAO", msisdn=FIRST + 1)
    made.connection.execute("UPDATE requests SET msisdn = ?", (FIRST,))
    assert "3 THETHAO is open twice" in found(made)


async def test_a_request_past_its_time_is_found(made: Bench) -> None:
    await play(made, "DK THETHAO")
    ((due_at,),) = made.rows("SELECT due_at FROM requests")
    assert found(made, now_at=due_at + 60_000) == []
    assert found(made, now_at=due_at + 60_001) == ["4 it is past due and was not decided"]
    assert found(made, now_at=due_at + 60_001, grace_ms=HOUR_MS) == []


# -- evidence that was changed ---------------------------------------------------------------------


@pytest.mark.scenario("S097")
async def test_a_changed_entry_is_found(made: Bench) -> None:
    await play(made, "TK")
    rewrite(made, "message_received", seal=False, heard__text="HUY")
    assert found(made) == ["8 the entry is not what was hashed"]


MISFILED = [
    "UPDATE entries SET at = at + 1 WHERE kind = 'message_received'",
    "UPDATE entries SET msisdn = msisdn + 1 WHERE kind = 'message_received'",
    "UPDATE entries SET tenure = 1 WHERE kind = 'message_received'",
    "UPDATE entries SET request_id = 64 WHERE kind = 'message_received'",
]


@pytest.mark.parametrize("misfiled", MISFILED)
async def test_an_entry_filed_as_another_is_found(made: Bench, misfiled: str) -> None:
    await play(made, "TK")
    made.connection.execute(misfiled)
    assert found(made) == ["8 the entry is filed as another"]


TAMPERED = [
    ({"heard__effective_at": NOW_AT - SKEW_MS - 1}, "1 it was confirmed outside its window"),
    ({"heard__effective_at": NOW_AT + WINDOW_MS}, "1 it was confirmed outside its window"),
    ({"kind": "web"}, "1 it was confirmed without a message of the subscriber"),
    ({"heard__short_code": "1579"}, "1 it was confirmed on another short code"),
    ({"changes__0__service": "NHAC"}, "1 it was THETHAO and became NHAC"),
    ({"changes__0__before": "expired"}, "4 went from expired to confirmed while it was pending"),
    ({"changes__0__after": "declined"}, "2 it was charged without a confirmation"),
    ({"changes__0__after": "declined"}, "1 it became activating without a confirmation"),
    ({"changes__1__before": "ended"}, "4 went from ended to activating while it was nothing"),
    ({"debits__0__amount_minor": -2_000}, "2 what was given back is not what was taken"),
]


@pytest.mark.parametrize(("changed", "said"), TAMPERED)
async def test_a_confirmation_that_does_not_hold_is_found(
    made: Bench, changed: dict[str, Any], said: str
) -> None:
    await play(made, "DK THETHAO", "Y")
    made.connection.execute(
        "DELETE FROM entries WHERE kind = 'outcome_arrived' AND at > ?", (NOW_AT + 1,)
    )
    rewrite(made, "message_received", **changed)
    assert said in found(made)


async def test_a_confirmation_to_a_prompt_that_never_left_is_found(made: Bench) -> None:
    await play(made, "DK THETHAO", "Y")
    ((id_,),) = made.rows("SELECT min(id) FROM entries WHERE kind = 'outcome_arrived'")
    made.connection.execute("DELETE FROM entries WHERE id > ? AND kind = 'outcome_arrived'", (id_,))
    rewrite(made, "outcome_arrived", heard__detail="rejected: no")
    assert "1 it was confirmed though no prompt was out" in found(made)


async def test_a_policy_that_nobody_knows_proves_nothing(made: Bench) -> None:
    await play(made, "DK THETHAO", "Y")
    violations = check(SqliteRecords(made.connection), {})
    assert [held.what for held in violations] == ["its policy vn-2024 is not known here"]


def double(made: Bench, text: str) -> None:
    """File the newest entry of a message a second time."""
    made.connection.execute(
        "INSERT INTO entries SELECT id + 1, at, msisdn, tenure, request_id, kind, salt, hash,"
        " document FROM entries WHERE kind = 'message_received'"
        " AND instr(document, ?) ORDER BY id DESC LIMIT 1",
        (f'"text":"{text}"'.encode(),),
    )


@pytest.mark.scenario("S064")
async def test_a_message_with_two_effects_is_found(made: Bench) -> None:
    await play(made, "DK THETHAO", "Y")
    double(made, "Y")
    said = found(made)
    assert "4 went from pending to confirmed while it was confirmed" in said
    assert "2 a period was charged twice" in said


async def test_a_third_prompt_is_found(made: Bench) -> None:
    await play(made, "DK THETHAO")
    for _ in range(2):
        made.connection.execute(
            "INSERT INTO entries SELECT (SELECT max(id) + 64 FROM entries), at, msisdn, tenure,"
            " request_id, kind, salt, hash, document FROM entries WHERE kind = 'message_received'"
            " ORDER BY id LIMIT 1"
        )
    assert "3 3 prompts may have reached the handset" in found(made)


def debits_of(made: Bench) -> list[dict[str, object]]:
    """The money that evidence tells of."""
    documents = [json.loads(row[0]) for row in made.rows("SELECT document FROM entries")]
    return [line for entry in documents for line in entry.get("debits", ())]


def prompt_until(until_at: int) -> list[dict[str, object]]:
    """A prompt that leaves."""
    return [{"kind": "send_prompt", "order": "7", "text": "x", "until_at": until_at}]


async def test_a_prompt_that_leaves_after_the_end_is_found(made: Bench) -> None:
    await play(made, "DK THETHAO")
    ((until_at,),) = made.rows("SELECT printed_until_at FROM requests")
    await play(made, "N")
    rewrite(made, "message_received", sent=prompt_until(until_at))
    assert found(made) == ["4 a prompt was sent while it was declined"]


async def test_a_second_prompt_that_prints_another_deadline_is_found(made: Bench) -> None:
    await play(made, "DK THETHAO")
    rewrite(made, "outcome_arrived", sent=prompt_until(NOW_AT + WINDOW_MS))
    assert found(made) == ["3 two prompts print different deadlines"]


async def test_a_decision_of_another_number_is_found(made: Bench) -> None:
    await play(made, "DK THETHAO")
    rewrite(made, "outcome_arrived", msisdn=FIRST + 1)
    made.connection.execute(
        "UPDATE entries SET msisdn = ? WHERE kind = 'outcome_arrived'", (FIRST + 1,)
    )
    assert "1 another number decides about it" in found(made)


async def test_a_charge_after_the_end_is_found(made: Bench) -> None:
    await play(made, "DK THETHAO", "Y", "HUY")
    debits = debits_of(made)
    rewrite(made, "outcome_arrived", debits=debits)
    said = found(made)
    assert "2 it was charged after its end" in said
    assert "2 a period was charged twice" in said


async def test_a_refund_given_twice_is_found(made: Bench) -> None:
    await play(made, "DK THETHAO", "Y", "HUY")
    debits = debits_of(made)
    back = [line | {"amount_minor": -2_000} for line in debits]
    rewrite(made, "outcome_arrived", debits=[*back, *back])
    assert "2 a charge was given back twice" in found(made)


async def test_a_second_welcome_is_found(made: Bench) -> None:
    await play(made, "DK THETHAO", "Y")
    welcome = {"key": "activated", "kind": "send_notice", "order": "7", "text": "x"}
    rewrite(made, "outcome_arrived", sent=[welcome])
    assert "3 it was welcomed twice" in found(made)


async def test_a_start_that_was_not_told_is_found(made: Bench) -> None:
    await play(made, "DK THETHAO", "Y")
    rewrite(made, "message_received", sent=[])
    assert "3 it was started without a welcome" in found(made)


# -- messages that were acknowledged ---------------------------------------------------------------


def heard(text: str, msisdn: int = FIRST) -> Acknowledged:
    """A message as its sender recorded it."""
    return Acknowledged(msisdn, "9166", text.encode())


async def test_an_acknowledged_message_without_its_entry_is_found(made: Bench) -> None:
    await play(made, "DK THETHAO", "Y")
    kept = [heard("DK THETHAO"), heard("Y")]
    assert found(made, acknowledged=kept) == []
    lost = [*kept, heard("Y"), heard("HUY"), heard("Y", FIRST + 1)]
    assert (
        found(made, acknowledged=lost) == ["5 1 of its acknowledged messages to 9166 are lost"] * 3
    )


async def test_a_resend_that_was_acknowledged_has_its_own_entry(made: Bench) -> None:
    made.says("TK")
    made.says("TK")
    await made.settle()
    assert found(made, acknowledged=[heard("TK"), heard("TK")]) == []


async def test_a_parked_message_is_not_lost(made: Bench) -> None:
    made.store.failures["write"] = [constraint(), constraint()]
    made.says("DK THETHAO")
    await made.settle()
    made.store.failures["write"] = [constraint(), constraint()]
    made.submit(DeadlinePassed(made.next_id(), made.now_at, FIRST, 1, 1))
    await made.settle()
    assert made.rows("SELECT count(*) FROM parked") == [(2,)]
    assert found(made, acknowledged=[heard("DK THETHAO")]) == []


# -- size, and how it is told ----------------------------------------------------------------------


async def test_a_large_store_is_checked_in_parts(
    made: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lively(made)
    made.connection.execute("UPDATE debits SET amount_minor = amount_minor + 1")
    whole = sorted(found(made))
    monkeypatch.setattr(sys.modules["twofold.checks.check"], "STORIES_MAX", 1)
    assert sorted(found(made, acknowledged=[heard("TK", FIRST)])) == whole
    assert len(whole) == 2


async def test_the_parts_are_every_number_once(made: Bench) -> None:
    await lively(made)
    records = SqliteRecords(made.connection)
    seen = [row.id for part in range(3) for row in records.entries(Part(3, part))]
    assert sorted(seen) == [row.id for row in records.entries(Part(1, 0))]


async def test_a_store_that_another_program_opened_can_be_checked_by_reading_alone(
    made: Bench, tmp_path: Path
) -> None:
    await lively(made)
    reading = open_database(tmp_path / "twofold.db", read_only=True)
    assert check(SqliteRecords(reading), WINDOWS) == []
    reading.close()


def test_a_violation_is_told_without_the_number() -> None:
    violation = Violation(Invariant.MONEY, 84912345678, 64, "a period was charged twice")
    assert str(violation) == (
        f"invariant 2: 84•••••678 {reference(64)}: a period was charged twice"
    )
