"""The operator reports what happened to a number, and nothing of one holder reaches the next."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from tests.api.caller import Api, Reply
from tests.api.demo import Demo
from tests.api.test_requests import debits, settled

Callers = Mapping[str, Api]


def now(demo: Demo) -> datetime:
    """Business time."""
    return datetime.fromisoformat(demo.call("GET", "/sim/clock")[1]["now"])


def report(served: Demo, callers: Callers, number: str, kind: str, key: str = "") -> Reply:
    """Report that something happened just now."""
    body = {"msisdn": number, "kind": kind, "at": now(served).isoformat()}
    return callers["operator"].post("/api/v1/numbers/events", body, key)


@pytest.mark.scenario("S047")
@pytest.mark.scenario("S045")
@pytest.mark.parametrize("kind", ["recycled", "transferred", "ported_in", "ported_out"])
def test_a_number_that_changes_hands_has_nothing_any_more(
    served: Demo, callers: Callers, number: str, kind: str
) -> None:
    served.send(number, "9166", "DK THETHAO")
    served.send(number, "9166", "Y")
    asked = callers["abc"].ask(number, "partner", "NHAC")
    settled(served)
    heard = len(served.received(number))
    told = report(served, callers, number, kind)
    assert (told.status, told.body) == (200, {"kind": kind, "effect": True})
    settled(served)
    assert len(served.received(number)) == heard, "whoever reads it now is somebody else"
    found = callers["care"].post("/api/v1/subscriptions/search", {"msisdn": number}).body
    assert found == {"subscriptions": [], "pending": []}
    assert debits(served, number) == []
    shown = callers["abc"].get(f"/api/v1/requests/{asked.body['id']}").body
    assert shown["state"] == "withdrawn"
    assert shown["reason"] == f"NUMBER_{kind.upper()}"


def test_a_report_that_comes_again_has_no_effect_under_another_key_either(
    served: Demo, callers: Callers, number: str
) -> None:
    at = now(served).isoformat()
    body = {"msisdn": number, "kind": "recycled", "at": at}
    path = "/api/v1/numbers/events"
    first = callers["operator"].post(path, body, f"n-{number}")
    again = callers["operator"].post(path, body, f"n-{number}")
    other = callers["operator"].post(path, body)
    assert [one.body["effect"] for one in (first, again, other)] == [True, True, False]
    reused = callers["operator"].post(path, body | {"kind": "barred"}, f"n-{number}")
    assert (reused.status, reused.problem) == (422, "KEY_REUSED")


@pytest.mark.scenario("S050")
def test_a_barred_number_is_refused_on_every_channel(
    served: Demo, callers: Callers, number: str
) -> None:
    assert report(served, callers, number, "barred").body["effect"]
    refused = callers["app"].ask(number, "app")
    assert (refused.status, refused.problem) == (409, "NUMBER_BARRED")
    assert report(served, callers, number, "unbarred").body["effect"]
    assert callers["app"].ask(number, "app").status == 201


@pytest.mark.parametrize("role", ["app", "care", "ivr", "ussd", "abc"])
def test_nobody_but_the_operator_may_report(
    served: Demo, callers: Callers, number: str, role: str
) -> None:
    body = {"msisdn": number, "kind": "recycled", "at": now(served).isoformat()}
    answer = callers[role].post("/api/v1/numbers/events", body)
    assert (answer.status, answer.problem) == (403, "FORBIDDEN")


WRONG = [
    {"kind": "lost"},
    {"msisdn": "abc"},
    {"at": "2026-03-14T09:00:00"},
    {"at": "yesterday"},
    {"at": 1_773_453_600},
    {"at": "1969-01-01T00:00:00Z"},
    {"at": (datetime.now(UTC) + timedelta(days=4_000)).isoformat()},
    {"more": 1},
]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_what_cannot_be_meant_is_refused_by_its_field(
    callers: Callers, number: str, wrong: dict[str, object]
) -> None:
    body = {"msisdn": number, "kind": "recycled", "at": "2026-03-14T09:00:00+07:00", **wrong}
    answer = callers["operator"].post("/api/v1/numbers/events", body)
    assert (answer.status, answer.problem) == (422, "INVALID_FIELDS")
    assert answer.body["errors"][0]["pointer"] == f"/{next(iter(wrong))}"
