"""The operator reports what happened to a number, and nothing of one holder reaches the next."""

from collections.abc import Mapping
from datetime import datetime, timedelta

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


def flag(
    served: Demo, callers: Callers, number: str, name: str, *, is_set: bool = True, key: str = ""
) -> Reply:
    """Say something of a number, or take it back, as of now."""
    body = {"msisdn": number, "flag": name, "set": is_set, "at": now(served).isoformat()}
    return callers["operator"].post("/api/v1/numbers/flags", body, key)


@pytest.mark.scenario("S075")
def test_who_is_on_the_register_is_invited_by_nobody_and_may_ask(
    served: Demo, callers: Callers, number: str
) -> None:
    told = flag(served, callers, number, "do_not_call")
    assert (told.status, told.body) == (200, {"flag": "do_not_call", "effect": True})
    invited = callers["abc"].ask(number, "partner", proof=None)
    assert (invited.status, invited.problem) == (409, "DO_NOT_CALL")
    settled(served)
    assert served.received(number) == [], "the subscriber hears nothing of an invitation"
    served.send(number, "9166", "DK THETHAO")
    assert len(served.received(number)) == 1, "what they ask for themselves is asked about"
    assert "soan Y" in served.received(number)[0]
    assert callers["app"].ask(number, "app", "NHAC", proof=None).status == 201, "and in the app"


@pytest.mark.scenario("S076")
@pytest.mark.parametrize("name", ["child_line", "parental_lock"])
def test_a_childs_line_is_refused_on_every_channel_until_that_is_taken_back(
    served: Demo, callers: Callers, number: str, name: str
) -> None:
    assert flag(served, callers, number, name).body["effect"]
    for role in ("abc", "app", "care", "ivr", "ussd"):
        channel = "partner" if role == "abc" else role
        refused = callers[role].ask(number, channel)
        assert (refused.status, refused.problem) == (409, "MINOR_PROTECTED")
    assert served.received(number) == []
    served.send(number, "9166", "DK THETHAO")
    (text,) = served.received(number)
    assert "tre em" in text
    assert "khong mat phi" in text
    assert flag(served, callers, number, name, is_set=False).body["effect"]
    assert callers["app"].ask(number, "app").status == 201


@pytest.mark.scenario("S074")
def test_nobody_but_its_holder_shuts_or_opens_a_number(
    served: Demo, callers: Callers, number: str
) -> None:
    served.send(number, "123", "CHAN")
    for is_set in (True, False):
        answer = flag(served, callers, number, "blocked", is_set=is_set)
        assert (answer.status, answer.problem) == (422, "INVALID_FIELDS")
        (error,) = answer.body["errors"]
        assert error["pointer"] == "/flag"
        assert "CHAN by SMS shuts the number, MO opens it" in error["detail"]
    refused = callers["app"].ask(number, "app")
    assert (refused.status, refused.problem) == (409, "BLOCK_LISTED")
    served.send(number, "123", "MO")
    assert callers["app"].ask(number, "app").status == 201


def test_a_flag_that_comes_again_or_late_has_no_effect(
    served: Demo, callers: Callers, number: str
) -> None:
    at = now(served)
    body = {"msisdn": number, "flag": "do_not_call", "set": True, "at": at.isoformat()}
    path, operator = "/api/v1/numbers/flags", callers["operator"]
    first = operator.post(path, body, f"f-{number}")
    again = operator.post(path, body, f"f-{number}")
    other = operator.post(path, body)
    late = operator.post(path, body | {"set": False, "at": (at - timedelta(days=1)).isoformat()})
    effects = [one.body["effect"] for one in (first, again, other, late)]
    assert effects == [True, True, False, False]
    reused = operator.post(path, body | {"flag": "child_line"}, f"f-{number}")
    assert (reused.status, reused.problem) == (422, "KEY_REUSED")
    assert callers["abc"].ask(number, "partner", proof=None).problem == "DO_NOT_CALL"


FLAG_WRONG = [
    {"flag": "no_sms"},
    {"flag": "vip"},
    {"flag": 4},
    {"msisdn": "abc"},
    {"set": "yes"},
    {"set": None},
    {"at": "2026-03-14"},
    {"at": "2099-01-01T00:00:00+07:00"},
    {"is_set": True},
]


@pytest.mark.parametrize("wrong", FLAG_WRONG, ids=str)
def test_a_flag_that_cannot_be_meant_is_refused_by_its_field(
    callers: Callers, number: str, wrong: dict[str, object]
) -> None:
    at = "2026-03-14T09:00:00+07:00"
    body = {"msisdn": number, "flag": "do_not_call", "set": True, "at": at, **wrong}
    answer = callers["operator"].post("/api/v1/numbers/flags", body)
    assert (answer.status, answer.problem) == (422, "INVALID_FIELDS")
    assert answer.body["errors"][0]["pointer"] == f"/{next(iter(wrong))}"


@pytest.mark.parametrize("role", ["app", "care", "ivr", "ussd", "abc"])
def test_nobody_but_the_operator_may_say_what_a_number_is(
    served: Demo, callers: Callers, number: str, role: str
) -> None:
    at = now(served).isoformat()
    body = {"msisdn": number, "flag": "do_not_call", "set": True, "at": at}
    answer = callers[role].post("/api/v1/numbers/flags", body)
    assert (answer.status, answer.problem) == (403, "FORBIDDEN")


@pytest.mark.scenario("S050")
@pytest.mark.parametrize(
    ("kind", "reason"), [("terminated", "NUMBER_TERMINATED"), ("ported_out", "NUMBER_PORTED_OUT")]
)
def test_a_number_that_left_is_refused_on_every_channel_and_hears_nothing(
    served: Demo, callers: Callers, number: str, kind: str, reason: str
) -> None:
    assert report(served, callers, number, kind).body["effect"]
    for role in ("abc", "app", "care", "ivr", "ussd"):
        refused = callers[role].ask(number, "partner" if role == "abc" else role)
        assert (refused.status, refused.problem) == (409, reason)
    settled(served)
    assert served.received(number) == []


@pytest.mark.scenario("S050")
def test_a_yes_from_a_number_that_was_barred_meanwhile_is_refused_with_the_reason(
    served: Demo, callers: Callers, number: str
) -> None:
    asked = callers["app"].ask(number, "app")
    settled(served)
    report(served, callers, number, "barred")
    served.send(number, "9166", "Y")
    settled(served)
    shown = callers["app"].get(f"/api/v1/requests/{asked.body['id']}").body
    assert (shown["state"], shown["reason"]) == ("withdrawn", "NUMBER_BARRED")
    assert debits(served, number) == []


@pytest.mark.scenario("S044")
def test_a_change_of_sim_that_is_reported_withdraws_and_takes_up_again(
    served: Demo, callers: Callers, number: str
) -> None:
    asked = callers["app"].ask(number, "app")
    settled(served)
    assert report(served, callers, number, "sim_changed").body["effect"]
    shown = callers["app"].get(f"/api/v1/requests/{asked.body['id']}").body
    assert (shown["state"], shown["reason"]) == ("withdrawn", "SIM_CHANGED")
    found = callers["app"].post("/api/v1/subscriptions/search", {"msisdn": number}).body
    assert [one["state"] for one in found["pending"]] == ["checking"]
    assert found["pending"][0]["id"] != asked.body["id"]
    served.send(number, "9166", "Y")
    assert debits(served, number) == []


@pytest.mark.scenario("S041")
def test_every_way_to_write_a_number_is_the_same_subscriber_over_http_too(
    served: Demo, callers: Callers, number: str
) -> None:
    local = number.removeprefix("84")
    first = callers["app"].ask(f"0{local}", "app")
    assert first.status == 201
    for written in (number, f"+{number}", f"00{number}", f"0{local[:3]} {local[3:6]} {local[6:]}"):
        again = callers["app"].ask(written, "app")
        assert (again.status, again.body["id"]) == (200, first.body["id"])
    settled(served)
    assert len(served.received(number)) == 1
    assert report(served, callers, f"0{local}", "barred").body["effect"]
    assert callers["app"].ask(number, "app", "NHAC").problem == "NUMBER_BARRED"


OLD_PREFIXES = {"0120": "070", "0128": "078", "0163": "033", "0169": "039", "0186": "056"}


@pytest.mark.scenario("S041")
@pytest.mark.parametrize(("old", "new"), OLD_PREFIXES.items())
def test_a_number_from_before_the_renumbering_is_the_same_subscriber_over_http_too(
    callers: Callers, number: str, old: str, new: str
) -> None:
    tail = number[-7:]
    asked = callers["app"].ask(f"{old}{tail}", "app")
    found = callers["care"].post("/api/v1/subscriptions/search", {"msisdn": f"{new}{tail}"}).body
    assert [one["id"] for one in found["pending"]] == [asked.body["id"]]


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
    {"at": "2099-01-01T00:00:00+07:00"},
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
