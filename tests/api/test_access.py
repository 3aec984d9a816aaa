"""Who may call: tokens and roles; and a partner that sees its own and nothing else."""

import time
from collections.abc import Mapping

import pytest

from tests.api.caller import Api, run, token
from tests.api.demo import Demo

Callers = Mapping[str, Api]

ENDPOINTS = [
    ("POST", "/api/v1/requests"),
    ("GET", "/api/v1/requests/1B7QK0FZ3M8"),
    ("POST", "/api/v1/requests/1B7QK0FZ3M8/cancel"),
    ("POST", "/api/v1/subscriptions/search"),
    ("POST", "/api/v1/subscriptions/1B7QK0FZ3M8/cancel"),
]
BAD = ["Bearer ", "Bearer nobody", "Basic eDp5", "Bearer " + "x" * 500, "Bearer é"]


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_nothing_answers_without_a_token(callers: Callers, method: str, path: str) -> None:
    answer = callers["abc"].call(method, path, {}, Authorization="")
    assert (answer.status, answer.problem) == (401, "UNAUTHENTICATED")
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("given", BAD)
def test_what_is_no_token_is_told_nothing_more(callers: Callers, given: str) -> None:
    answer = callers["abc"].call("GET", ENDPOINTS[1][1], Authorization=given)
    assert answer.problem in {"UNAUTHENTICATED", "TOO_MANY_BAD_TOKENS"}


NOT_THEIRS = [
    ("abc", "sms"),
    ("abc", "care"),
    ("abc", "ussd"),
    ("app", "sms"),
    ("app", "partner"),
    ("ivr", "care"),
    ("ussd", "web"),
    ("care", "partner"),
    ("operator", "partner"),
]


@pytest.mark.parametrize(("role", "channel"), NOT_THEIRS)
def test_a_channel_is_bound_to_the_role_of_the_token(
    served: Demo, callers: Callers, number: str, role: str, channel: str
) -> None:
    answer = callers[role].ask(number, channel)
    assert answer.status == 403
    assert served.call("POST", "/sim/settle")[0] == 200
    assert served.received(number) == []


def test_a_partner_sees_and_ends_nothing_of_another(
    served: Demo, callers: Callers, number: str
) -> None:
    id_ = callers["abc"].ask(number, "partner").body["id"]
    theirs = callers["xyz"].ask(number, "partner", "GAME").body["id"]
    stranger = callers["xyz"]
    for method, path in (
        ("GET", f"/api/v1/requests/{id_}"),
        ("POST", f"/api/v1/requests/{id_}/cancel"),
        ("POST", f"/api/v1/subscriptions/{id_}/cancel"),
    ):
        answer = stranger.call(method, path, **{"Idempotency-Key": f"{method}-{path}"})
        assert (answer.status, answer.problem) == (404, "NOT_FOUND")
    found = stranger.post("/api/v1/subscriptions/search", {"msisdn": number}).body
    assert [one["id"] for one in found["pending"]] == [theirs]
    served.call("POST", "/sim/settle")
    served.send(number, "9166", "Y")
    assert stranger.post(f"/api/v1/subscriptions/{id_}/cancel").status == 404
    found = stranger.post("/api/v1/subscriptions/search", {"msisdn": number}).body
    assert found["subscriptions"] == []
    refused = stranger.ask(number, "partner")
    assert refused.problem == "NOT_OWN_SERVICE"
    assert "request" not in refused.body


def test_a_revoked_token_is_let_in_no_more_and_none_is_listed(served: Demo) -> None:
    made = token(served, "care")
    api = Api(served, made)
    assert api.post("/api/v1/subscriptions/search", {"msisdn": "84912000000"}).status == 200
    listed = run(served, "token", "list").stdout
    assert made not in listed
    (line,) = [line for line in listed.splitlines() if line.startswith(f"{last_id(listed)}  ")]
    assert "care" in line
    revoked = run(served, "token", "revoke", last_id(listed))
    assert revoked.returncode == 0
    refused = api.post("/api/v1/subscriptions/search", {"msisdn": "84912000000"})
    assert (refused.status, refused.problem) == (401, "UNAUTHENTICATED")
    assert "was revoked" in refused.body["detail"]
    assert run(served, "token", "revoke", last_id(listed)).returncode == 1


def test_a_token_ends_by_itself_and_both_list_and_caller_say_so(served: Demo) -> None:
    made = run(served, "token", "create", "--role", "care", "--expires", "PT1S")
    assert "in force for PT1S" in made.stdout
    api = Api(served, made.stdout.splitlines()[-1])
    patient_until = time.monotonic() + 20
    while (answer := api.get("/api/v1/requests/1B7QK0FZ3M8")).status != 401:
        assert time.monotonic() < patient_until
    assert "has expired" in answer.body["detail"]
    assert " expired 20" in run(served, "token", "list").stdout


def last_id(listed: str) -> str:
    """The id of the newest token."""
    return [line.split()[0] for line in listed.splitlines() if " made " in line][-1]


def test_the_secret_of_a_token_is_not_in_the_database(served: Demo) -> None:
    made = token(served, "care")
    run(served, "token", "list")
    kept = b"".join(
        path.read_bytes() for path in (served.folder / "var/demo").iterdir() if path.is_file()
    )
    assert made.encode() not in kept


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--role", "partner"), "--partner goes with"),
        (("--role", "care", "--partner", "abc"), "--partner goes with"),
        (("--role", "partner", "--partner", "nobody"), "no partner 'nobody'"),
        (("--role", "king"), "king"),
        (("--role", "care", "--expires", "3 months"), "such as P90D"),
    ],
)
def test_a_token_that_makes_no_sense_is_not_made(
    served: Demo, arguments: tuple[str, ...], says: str
) -> None:
    refused = run(served, "token", "create", *arguments)
    assert refused.returncode in {1, 2}
    assert says in refused.stderr
    assert refused.stdout == ""


SHAPES = [
    ("GET", "/api/v1/nothing", None, 404, "NOT_FOUND"),
    ("GET", "/api/v1/requests/%0A", None, 404, "NOT_FOUND"),
    ("GET", "/api/v1/a%0Ab", None, 404, "NOT_FOUND"),
    ("GET", "/api/v1/requests/1B7QK0FZ3M8", None, 404, "NOT_FOUND"),
    ("DELETE", "/api/v1/requests", None, 405, "METHOD_NOT_ALLOWED"),
    ("POST", "/api/v1/subscriptions/search", b"{", 400, "INVALID_REQUEST"),
    ("POST", "/api/v1/subscriptions/search", b"[]", 422, "INVALID_FIELDS"),
    ("POST", "/api/v1/subscriptions/search", b"[" * 9_000, 400, "INVALID_REQUEST"),
    ("POST", "/api/v1/subscriptions/search", {"msisdn": 7}, 422, "INVALID_FIELDS"),
    ("POST", "/api/v1/subscriptions/search", {"msisdn": "x"}, 422, "INVALID_FIELDS"),
    ("POST", "/api/v1/subscriptions/search", {"msisdn": "1", "more": 1}, 422, "INVALID_FIELDS"),
    ("POST", "/api/v1/subscriptions/search", b"x" * 17_000, 413, "BODY_TOO_LARGE"),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "kind"), SHAPES)
def test_whatever_is_wrong_is_told_in_one_shape(
    *, callers: Callers, method: str, path: str, body: object, status: int, kind: str
) -> None:
    answer = callers["abc"].call(method, path, body)
    assert (answer.status, answer.problem) == (status, kind)
    assert set(answer.body) <= {"type", "title", "status", "detail", "errors", "request_id"}
    assert answer.body["request_id"] == answer.headers["x-request-id"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_body_that_is_not_said_to_be_json_is_not_read_as_json(callers: Callers) -> None:
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "text/json; x"):
        told = {"Content-Type": media_type, "Idempotency-Key": "k"}
        answer = callers["app"].call("POST", "/api/v1/requests", {"msisdn": "1"}, **told)
        assert (answer.status, answer.problem) == (415, "BODY_NOT_JSON")
        assert "application/json" in answer.body["title"]


def test_all_that_is_wrong_with_a_call_is_told_at_once(callers: Callers) -> None:
    body = {"msisdn": "12x", "channel": "fax", "colour": "red", "proof": {"kind": "session"}}
    answer = callers["app"].call("POST", "/api/v1/requests", body)
    assert (answer.status, answer.problem) == (422, "INVALID_FIELDS")
    told = [one.get("pointer") or one["header"] for one in answer.body["errors"]]
    assert sorted(told) == sorted(
        ["/service", "/channel", "/colour", "/proof/ref", "/msisdn", "Idempotency-Key"]
    )
    assert all(one["detail"] for one in answer.body["errors"])


def test_a_wrong_address_says_where_to_look(callers: Callers) -> None:
    unknown = callers["app"].call("GET", "/api/v1/request")
    assert "/api/openapi.json" in unknown.body["detail"]
    method = callers["app"].call("PUT", "/api/v1/requests")
    assert (method.headers["allow"], method.body["detail"]) == ("POST", "Here it is POST.")


def test_a_wrong_field_is_named_and_what_was_sent_is_not_repeated(callers: Callers) -> None:
    body = {"msisdn": "84912000001", "secret": "84912000001"}
    answer = callers["abc"].post("/api/v1/subscriptions/search", body)
    assert [one["pointer"] for one in answer.body["errors"]] == ["/secret"]
    assert "84912000001" not in str(answer.body)
