"""The first yes over HTTP: one prompt, one way to agree, and a key that makes a call one call."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.api.caller import PROOF, Api
from tests.api.demo import Demo

Callers = Mapping[str, Api]

CHANNELS = [
    ("ussd", "ussd"),
    ("web", "app"),
    ("app", "app"),
    ("ivr", "ivr"),
    ("care", "care"),
    ("partner", "abc"),
]


def settled(demo: Demo) -> None:
    """Wait until nothing is under way."""
    assert demo.call("POST", "/sim/settle")[0] == 200


def debits(demo: Demo, number: str) -> list[int]:
    """What was taken from a number."""
    account = demo.call("GET", f"/sim/accounts?msisdn={number}")[1]
    return [one["amount"] for one in account["debits"]]


@pytest.mark.scenario("S002")
@pytest.mark.parametrize(("channel", "role"), CHANNELS)
def test_every_channel_yields_one_prompt_and_needs_the_subscribers_own_sms(
    served: Demo, callers: Callers, number: str, channel: str, role: str
) -> None:
    asked = callers[role].ask(number, channel)
    assert (asked.status, asked.body["state"]) == (201, "waiting_prompt")
    assert (asked.body["deadline"], asked.body["channel"]) == (None, channel)
    settled(served)
    (prompt,) = served.received(number)
    for fact in ("soan Y", "gui 9166", "2.000d/ngay", "VAT", "gia han", "HUY THETHAO"):
        assert fact in prompt
    path = f"/api/v1/requests/{asked.body['id']}"
    pending = callers[role].get(path).body
    assert pending["state"] == "pending"
    assert pending["deadline"].endswith("+07:00")
    assert debits(served, number) == []
    served.send(number, "9166", "Y")
    shown = callers[role].get(path).body
    assert (shown["state"], shown["subscription"]["state"]) == ("confirmed", "active")
    assert debits(served, number) == [2_000]
    assert sum("thanh cong" in text for text in served.received(number)) == 1


@pytest.mark.scenario("S043")
def test_two_channels_at_once_make_one_request_and_one_prompt(
    served: Demo, callers: Callers, number: str
) -> None:
    with ThreadPoolExecutor(2) as pool:
        waiting = [
            pool.submit(callers["app"].ask, number, "app"),
            pool.submit(callers["abc"].ask, number, "partner"),
        ]
        answers = [one.result() for one in waiting]
    assert sorted(one.status for one in answers) == [200, 201]
    assert answers[0].body["id"] == answers[1].body["id"]
    settled(served)
    assert len(served.received(number)) == 1
    found = callers["care"].post("/api/v1/subscriptions/search", {"msisdn": number}).body
    assert [one["id"] for one in found["pending"]] == [answers[0].body["id"]]


@pytest.mark.scenario("S067")
def test_the_same_key_has_the_same_answer_and_one_effect(
    served: Demo, callers: Callers, number: str
) -> None:
    first = callers["abc"].ask(number, "partner", key=f"k-{number}")
    settled(served)
    again = callers["abc"].ask(number, "partner", key=f"k-{number}")
    assert (again.status, again.body) == (first.status, first.body)
    quoted = callers["abc"].ask(number, "partner", key=f'"k-{number}"')
    assert quoted.body == first.body
    assert len(served.received(number)) == 1


@pytest.mark.scenario("S067")
def test_a_key_that_is_used_for_another_call_is_refused(callers: Callers, number: str) -> None:
    callers["abc"].ask(number, "partner", key=f"k-{number}")
    other = callers["abc"].ask(number, "partner", "NHAC", key=f"k-{number}")
    assert (other.status, other.problem) == (422, "KEY_REUSED")
    elsewhere = callers["abc"].post("/api/v1/requests/1B7QK0FZ3M8/cancel", None, f"k-{number}")
    assert elsewhere.status in {404, 422}


def test_a_key_is_the_callers_own(callers: Callers, number: str) -> None:
    assert callers["app"].ask(number, "app", key="shared").status == 201
    theirs = callers["ussd"].ask(number, "ussd", "NHAC", key="shared")
    assert (theirs.status, theirs.body["service"]) == (201, "NHAC")


@pytest.mark.parametrize("key", [None, " ", "x" * 256, "a b", "é"])
def test_a_call_without_a_key_is_not_taken(callers: Callers, number: str, key: str | None) -> None:
    body = {"msisdn": number, "service": "THETHAO", "channel": "app", "proof": PROOF}
    headers = {} if key is None else {"Idempotency-Key": key}
    answer = callers["app"].call("POST", "/api/v1/requests", body, **headers)
    assert (answer.status, answer.problem) == (400, "KEY_MISSING")
    (told,) = answer.body["errors"]
    assert (told["header"], told["detail"][:21]) == ("Idempotency-Key", "must have 1 to 255 vi")


REFUSED = [
    ("abc", "KHONGCO", 409, "UNKNOWN_SERVICE"),
    ("abc", "GAME", 403, "NOT_OWN_SERVICE"),
    ("abc", "TRUYEN", 409, "NOT_ROLLED_OUT"),
    ("app", "BOITOAN", 409, "CERTIFICATE_INVALID"),
]


@pytest.mark.parametrize(("role", "service", "status", "reason"), REFUSED)
def test_a_refusal_ends_in_its_reason_and_the_subscriber_hears_nothing(
    *,
    served: Demo,
    callers: Callers,
    number: str,
    role: str,
    service: str,
    status: int,
    reason: str,
) -> None:
    answer = callers[role].ask(number, "app" if role == "app" else "partner", service)
    assert (answer.status, answer.problem) == (status, reason)
    settled(served)
    assert served.received(number) == []


def test_who_has_the_service_is_told_so_and_nothing_is_sent(
    served: Demo, callers: Callers, number: str
) -> None:
    id_ = callers["abc"].ask(number, "partner").body["id"]
    settled(served)
    served.send(number, "9166", "Y")
    texts = served.received(number)
    again = callers["app"].ask(number, "app")
    assert (again.status, again.problem) == (409, "ALREADY_ACTIVE")
    assert again.body["request"]["id"] == id_
    settled(served)
    assert served.received(number) == texts


def test_what_has_ended_is_still_to_be_seen(served: Demo, callers: Callers, number: str) -> None:
    id_ = callers["abc"].ask(number, "partner").body["id"]
    settled(served)
    served.send(number, "9166", "N")
    shown = callers["abc"].get(f"/api/v1/requests/{id_}").body
    assert (shown["state"], shown["reason"]) == ("declined", "SUBSCRIBER_DECLINED")
    assert shown["subscription"] is None


def test_a_cancelled_request_cannot_be_confirmed(
    served: Demo, callers: Callers, number: str
) -> None:
    id_ = callers["abc"].ask(number, "partner").body["id"]
    settled(served)
    path = f"/api/v1/requests/{id_}/cancel"
    ended = callers["abc"].post(path)
    assert (ended.status, ended.body["state"]) == (200, "cancelled")
    assert ended.body["reason"] == "PARTNER_STOPPED"
    assert callers["abc"].post(path).body["state"] == "cancelled"
    settled(served)
    assert "huy yeu cau" in served.received(number)[-1]
    served.send(number, "9166", "Y")
    assert debits(served, number) == []


def test_a_subscription_ends_at_once_and_the_subscriber_is_told(
    served: Demo, callers: Callers, number: str
) -> None:
    id_ = callers["app"].ask(number, "app").body["id"]
    settled(served)
    served.send(number, "9166", "Y")
    search = {"msisdn": number}
    (held,) = callers["app"].post("/api/v1/subscriptions/search", search).body["subscriptions"]
    assert (held["id"], held["state"], held["price_minor"]) == (id_, "active", 2_000)
    assert (held["currency"], held["period"], held["auto_renew"]) == ("VND", "P1D", True)
    ended = callers["care"].post(f"/api/v1/subscriptions/{id_}/cancel")
    assert (ended.status, ended.body["state"]) == (200, "ended")
    assert ended.body["reason"] == "AGENT_STOPPED"
    settled(served)
    assert "da huy" in served.received(number)[-1]
    found = callers["app"].post("/api/v1/subscriptions/search", search).body
    assert found == {"subscriptions": [], "pending": []}
    again = callers["care"].post(f"/api/v1/subscriptions/{id_}/cancel")
    assert (again.status, again.body) == (200, ended.body)
