"""What a partner may not do: provide, charge or confirm; each attempt is kept and alarmed."""

import sqlite3
from collections.abc import Mapping

import pytest

from tests.api.caller import Api, Reply
from tests.api.demo import Demo

Callers = Mapping[str, Api]


def alarms(demo: Demo, reason: str, caller: str = "partner:abc") -> float:
    """How often a caller overstepped."""
    name = f'twofold_partner_alarms_total{{caller="{caller}",reason="{reason}"}} '
    lines = demo.call("GET", "/metrics")[1].splitlines()
    return float(next((line[len(name) :] for line in lines if line.startswith(name)), 0))


def kept(demo: Demo, number: str, kind: str) -> list[bytes]:
    """The entries of one kind about a number."""
    with sqlite3.connect(f"file:{demo.folder}/var/demo/twofold.db?mode=ro", uri=True) as database:
        rows = database.execute(
            "SELECT document FROM entries WHERE msisdn = ? AND kind = ?", (int(number), kind)
        )
        return [row[0] for row in rows]


def claim(api: Api, what: str, number: str, **more: object) -> Reply:
    """Claim that something may be charged or is delivered."""
    amount = {"amount_minor": 2_000} if what == "charges" else {}
    body = {"msisdn": number, "service": "THETHAO", "reference": "r-1", **amount, **more}
    return api.post(f"/api/v1/{what}", body)


@pytest.mark.scenario("S003")
@pytest.mark.parametrize("what", ["charges", "deliveries"])
def test_nothing_is_provided_or_charged_before_the_subscriber_confirmed(
    served: Demo, callers: Callers, number: str, what: str
) -> None:
    before = alarms(served, "CONSENT_REQUIRED")
    callers["abc"].ask(number, "partner")
    served.call("POST", "/sim/settle")
    answer = callers["abc"].post(
        f"/api/v1/{what}",
        {"msisdn": number, "service": "THETHAO", "reference": "r-1"}
        | ({"amount_minor": 2_000} if what == "charges" else {}),
    )
    assert (answer.status, answer.problem) == (409, "CONSENT_REQUIRED")
    assert alarms(served, "CONSENT_REQUIRED") == before + 1
    (entry,) = kept(served, number, "service_claimed")
    assert b'"reason":"CONSENT_REQUIRED"' in entry
    assert served.call("GET", f"/sim/accounts?msisdn={number}")[1]["debits"] == []
    assert len(served.received(number)) == 1


def test_with_a_consent_a_delivery_is_noted_and_a_charge_still_refused(
    served: Demo, callers: Callers, number: str
) -> None:
    id_ = callers["abc"].ask(number, "partner").body["id"]
    served.call("POST", "/sim/settle")
    served.send(number, "9166", "Y")
    before = alarms(served, "CONSENT_REQUIRED")
    noted = claim(callers["abc"], "deliveries", number, subscription=id_)
    assert (noted.status, noted.body["subscription"]) == (201, id_)
    charged = claim(callers["abc"], "charges", number)
    assert (charged.status, charged.problem) == (409, "PERIODS_CHARGED_HERE")
    assert alarms(served, "CONSENT_REQUIRED") == before
    stranger = claim(callers["xyz"], "deliveries", number)
    assert stranger.problem == "CONSENT_REQUIRED"
    account = served.call("GET", f"/sim/accounts?msisdn={number}")[1]
    assert [one["amount"] for one in account["debits"]] == [2_000]


@pytest.mark.scenario("S069")
def test_a_subscription_that_is_over_opens_nothing_however_often_it_is_named(
    served: Demo, callers: Callers, number: str
) -> None:
    id_ = callers["abc"].ask(number, "partner").body["id"]
    served.call("POST", "/sim/settle")
    served.send(number, "9166", "Y")
    served.send(number, "9166", "HUY THETHAO")
    before = alarms(served, "CONSENT_REQUIRED")
    for _ in range(2):
        assert claim(callers["abc"], "deliveries", number, subscription=id_).status == 409
    assert alarms(served, "CONSENT_REQUIRED") == before + 2


@pytest.mark.parametrize("role", ["app", "care", "ivr", "ussd", "operator"])
def test_only_a_partner_claims(callers: Callers, number: str, role: str) -> None:
    answer = claim(callers[role], "deliveries", number)
    assert (answer.status, answer.problem) == (403, "FORBIDDEN")


SPOKEN = [
    ("/api/v1/confirmations", {"text": "Y"}),
    ("/api/v1/replies", {"text": "Y THETHAO"}),
    ("/api/v1/messages", {"from": "subscriber", "text": "Y"}),
    ("/api/v1/requests/{id}/confirm", {}),
    ("/api/v1/requests/{id}/confirmation", {"text": "Y"}),
    ("/api/v1/requests", {"service": "THETHAO", "channel": "sms"}),
    ("/api/v1/requests", {"service": "THETHAO", "channel": "partner", "confirmed": True}),
    ("/api/v1/requests", {"service": "THETHAO", "channel": "partner", "kind": "SUBSCRIBER_REPLY"}),
    ("/api/v1/requests", {"service": "THETHAO", "channel": "partner", "text": "Y"}),
    ("/api/v1/deliveries", {"service": "THETHAO", "reference": "r", "consent": "yes"}),
]


@pytest.mark.scenario("S042", "S101")
@pytest.mark.parametrize(("path", "body"), SPOKEN)
def test_nothing_over_http_is_the_subscribers_reply(
    served: Demo, callers: Callers, number: str, path: str, body: dict[str, object]
) -> None:
    id_ = callers["abc"].ask(number, "partner").body["id"]
    served.call("POST", "/sim/settle")
    before = alarms(served, "UNTRUSTED_SOURCE")
    answer = callers["abc"].post(path.format(id=id_), {"msisdn": number, **body})
    assert (answer.status, answer.problem) == (403, "UNTRUSTED_SOURCE")
    assert alarms(served, "UNTRUSTED_SOURCE") == before + 1
    (entry,) = kept(served, number, "reply_claimed")
    assert b'"reason":"UNTRUSTED_SOURCE"' in entry
    assert b'"partner":"abc"' in entry
    assert callers["abc"].get(f"/api/v1/requests/{id_}").body["state"] == "pending"
    assert len(served.received(number)) == 1


@pytest.mark.scenario("S042")
@pytest.mark.parametrize("body", [b"", b"Y", b'{"msisdn": 7}', b"[" * 9_000, b'{"msisdn": "x"}'])
def test_a_claim_that_names_no_number_is_alarmed_all_the_same(
    served: Demo, callers: Callers, body: bytes
) -> None:
    before = alarms(served, "UNTRUSTED_SOURCE")
    answer = callers["abc"].post("/api/v1/confirmations", body)
    assert answer.problem == "UNTRUSTED_SOURCE"
    assert alarms(served, "UNTRUSTED_SOURCE") == before + 1


@pytest.mark.scenario("S080")
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_a_request_by_any_other_method_is_none(
    served: Demo, callers: Callers, number: str, method: str
) -> None:
    path = f"/api/v1/requests?msisdn={number}&service=THETHAO&channel=partner"
    answer = callers["abc"].call(method, path, **{"Idempotency-Key": f"{method}-{number}"})
    assert answer.status == 405
    served.call("POST", "/sim/settle")
    assert served.received(number) == []


@pytest.mark.scenario("S042")
def test_a_claim_about_a_number_that_never_asked_is_kept_and_harms_nothing(
    served: Demo, callers: Callers, number: str
) -> None:
    answer = callers["abc"].post("/api/v1/confirmations", {"msisdn": number, "text": "Y"})
    assert answer.problem == "UNTRUSTED_SOURCE"
    assert len(kept(served, number, "reply_claimed")) == 1
    assert served.call("GET", "/readyz")[1]["events_parked"] == 0
