"""The faces of the stand-ins, over HTTP, against a whole demo in a process of its own."""

import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.api.demo import Demo, free_port, running_demo

_numbers = count(84_912_100_000)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder: Path = tmp_path_factory.mktemp("demo")
    with running_demo(folder) as running:
        yield running


@pytest.fixture
def phone(demo: Demo) -> Iterator[str]:
    yield str(next(_numbers))
    assert demo.call("PUT", "/sim/faults", {})[0] == 200


def test_the_demo_plays_a_whole_conversation_before_it_is_ready(demo: Demo) -> None:
    for telling in ("DK THETHAO", "soan Y", "thanh cong", "dang dung", "da huy", "1 debit", "Then"):
        assert telling in demo.printed
    assert max(map(len, demo.printed.splitlines())) <= 80


def test_a_second_demo_leaves_the_first_one_alone(demo: Demo) -> None:
    program = Path(sys.executable).with_name("twofold")
    command = [str(program), "demo", "--once", "--port", str(free_port())]
    second = subprocess.run(command, cwd=demo.folder, capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert "another engine (process" in second.stderr
    assert demo.call("GET", "/readyz")[0] == 200


def test_health_and_metrics_answer(demo: Demo) -> None:
    assert demo.call("GET", "/healthz") == (200, {"status": "ok"})
    status, ready = demo.call("GET", "/readyz")
    assert (status, ready["ready"], ready["smsc"]) == (200, True, {"main": "up"})
    status, metrics = demo.call("GET", "/metrics")
    assert status == 200
    assert "twofold_decisions_total" in metrics
    assert "849121" not in metrics


@pytest.mark.scenario("S001")
def test_a_confirmed_request_is_charged_once_and_welcomed_once(demo: Demo, phone: str) -> None:
    assert demo.send(phone, "9166", "DK THETHAO") == 0
    assert demo.call("GET", f"/sim/accounts?msisdn={phone}")[1] == {"balance": 50_000, "debits": []}
    assert demo.send(phone, "9166", "Y") == 0
    prompt, welcome = demo.received(phone)
    for field in ("soan Y", "gui 9166", "2.000d/ngay", "VAT", "gia han", "HUY THETHAO"):
        assert field in prompt
    assert "thanh cong" in welcome
    account = demo.call("GET", f"/sim/accounts?msisdn={phone}")[1]
    assert account["balance"] == 48_000
    assert [(one["amount"], one["service"]) for one in account["debits"]] == [(2_000, "THETHAO")]


def test_a_message_is_shown_as_it_was_on_the_wire(demo: Demo, phone: str) -> None:
    demo.send(phone, "9166", "DK THETHAO")
    _, answer = demo.call("GET", f"/sim/messages?msisdn={phone}")
    asked, prompt = answer["messages"]
    assert (asked["direction"], asked["from"], asked["to"]) == ("mo", phone, "9166")
    assert (prompt["direction"], prompt["from"], prompt["to"]) == ("mt", "9166", phone)
    assert (prompt["segments"], prompt["data_coding"], prompt["receipt"]) == (1, 0, "DELIVRD")
    assert prompt["validity_period"].endswith("000R")
    assert prompt["message_id"]
    assert demo.call("DELETE", f"/sim/messages?msisdn={phone}")[0] == 200
    assert demo.received(phone) == []


def test_the_clock_moves_and_what_fell_due_is_done(demo: Demo, phone: str) -> None:
    demo.send(phone, "9166", "DK THETHAO")
    before = demo.call("GET", "/sim/clock")[1]["now"]
    status, moved = demo.call("POST", "/sim/clock", {"advance": "PT12H"})
    assert status == 200
    assert moved["now"] > before
    demo.send(phone, "9166", "Y")
    assert "het han" in demo.received(phone)[-1]
    assert demo.call("GET", f"/sim/accounts?msisdn={phone}")[1]["debits"] == []


def test_an_account_that_cannot_pay_starts_nothing(demo: Demo, phone: str) -> None:
    path = f"/sim/accounts?msisdn={phone}"
    assert demo.call("PUT", path, {"balance": 1_999})[1] == {"balance": 1_999, "debits": []}
    demo.send(phone, "9166", "DK THETHAO")
    demo.send(phone, "9166", "Y")
    assert "khong du" in demo.received(phone)[-1]
    assert demo.call("GET", path)[1] == {"balance": 1_999, "debits": []}


@pytest.mark.parametrize("mode", ["refuse", "late", "twice"])
def test_a_charging_fault_never_charges_twice(demo: Demo, phone: str, mode: str) -> None:
    demo.call("PUT", "/sim/faults", {"charging": mode})
    demo.send(phone, "9166", "DK THETHAO")
    demo.send(phone, "9166", "Y")
    texts = demo.received(phone)
    debits = demo.call("GET", f"/sim/accounts?msisdn={phone}")[1]["debits"]
    if mode == "refuse":
        assert debits == []
        assert not any("thanh cong" in text for text in texts)
    else:
        assert len(debits) == 1
        assert sum("thanh cong" in text for text in texts) == 1


@pytest.mark.scenario("S060")
def test_a_silent_charging_system_is_asked_until_it_answers_and_charges_once(
    demo: Demo, phone: str
) -> None:
    demo.call("PUT", "/sim/faults", {"charging": "silent"})
    demo.send(phone, "9166", "DK THETHAO")
    demo.call("POST", "/sim/messages", {"from": phone, "to": "9166", "text": "Y"})
    assert len(demo.received(phone)) == 1
    demo.call("PUT", "/sim/faults", {"charging": "ok"})
    demo.call("POST", "/sim/settle")
    demo.call("POST", "/sim/clock", {"advance": "PT1M"})
    assert sum("thanh cong" in text for text in demo.received(phone)) == 1
    assert len(demo.call("GET", f"/sim/accounts?msisdn={phone}")[1]["debits"]) == 1


def test_a_throttled_prompt_arrives_once_when_the_smsc_takes_texts_again(
    demo: Demo, phone: str
) -> None:
    demo.call("PUT", "/sim/faults", {"submit": "throttle"})
    demo.call("POST", "/sim/messages", {"from": phone, "to": "9166", "text": "DK THETHAO"})
    assert demo.received(phone) == []
    demo.call("PUT", "/sim/faults", {})
    demo.call("POST", "/sim/clock", {"advance": "PT2M"})
    assert len(demo.received(phone)) == 1


@pytest.mark.parametrize(
    ("method", "path", "body", "named"),
    [
        ("POST", "/sim/messages", {"from": "x", "to": "9166", "text": "Y"}, "from"),
        ("POST", "/sim/messages", {"from": "84912000001", "to": "9166"}, "text or hex"),
        ("POST", "/sim/messages", {"from": "84912000001", "to": "777", "text": "Y"}, "to"),
        ("POST", "/sim/messages", {"from": "84912000001", "to": "9166", "hex": "zz"}, "hex"),
        ("POST", "/sim/messages", {"sender": "84912000001"}, "sender"),
        ("POST", "/sim/messages", b"not json", "JSON"),
        ("POST", "/sim/messages", b"[" * 20_000, "longer"),
        (
            "POST",
            "/sim/messages",
            {"from": "84912000001", "to": "9166", "text": "Y", "imsi": "x"},
            "imsi",
        ),
        ("POST", "/sim/ussd", {"from": "x", "dial": "*9166*THETHAO#"}, "from"),
        ("POST", "/sim/ussd", {"from": "84912000001", "dial": "THETHAO"}, "dial"),
        ("POST", "/sim/ussd", {"from": "84912000001", "dial": "*777*TK#"}, "'777'"),
        ("POST", "/sim/ussd", {"from": "84912000001", "dial": "*123*TK#", "imsi": "x"}, "imsi"),
        ("GET", "/sim/ussd?msisdn=12", None, "msisdn"),
        ("POST", "/sim/clock", {"advance": "12h"}, "advance"),
        ("POST", "/sim/clock", {"advance": "P9999D"}, "400 days"),
        ("GET", "/sim/messages?msisdn=12", None, "msisdn"),
        ("PUT", "/sim/accounts?msisdn=84912000001", {"balance": -1}, "balance"),
        ("PUT", "/sim/faults", {"submit": "explode"}, "submit"),
        ("PUT", "/sim/faults", {"charging": "explode"}, "charging"),
        ("PUT", "/sim/faults", {"delay": "P9D"}, "delay"),
        ("PUT", "/sim/faults", {"mo": "thrice"}, "mo"),
    ],
)
def test_bad_input_is_named_and_changes_nothing(
    demo: Demo, method: str, path: str, body: object, named: str
) -> None:
    status, problem = demo.call(method, path, body)
    assert status == 400
    assert named in problem["detail"]


def test_the_same_text_twice_is_two_wishes_and_one_that_the_smsc_repeats_is_one(
    demo: Demo, phone: str
) -> None:
    demo.send(phone, "123", "TK")
    demo.send(phone, "123", "TK")
    assert len(demo.received(phone)) == 2
    demo.send(phone, "123", "TK", times=3)
    assert len(demo.received(phone)) == 3


def test_a_phone_whose_messages_come_twice_does_nothing_twice(demo: Demo, phone: str) -> None:
    demo.call("PUT", "/sim/faults", {"mo": "twice"})
    assert demo.call("GET", "/sim/faults")[1]["mo"] == "twice"
    demo.send(phone, "9166", "DK THETHAO")
    demo.send(phone, "9166", "Y")
    assert len(demo.received(phone)) == 2
    assert len(demo.call("GET", f"/sim/accounts?msisdn={phone}")[1]["debits"]) == 1
    page = demo.call("GET", f"/sim?lang=en&phone={phone}")[1]
    assert page.count("<code>RESENT</code>") == 2


@pytest.mark.scenario("S044")
def test_a_yes_from_another_sim_starts_nothing_and_is_asked_anew_once(
    demo: Demo, phone: str
) -> None:
    other = f"45201999{phone[-7:]}"
    demo.send(phone, "9166", "DK THETHAO")
    demo.send(f"0{phone.removeprefix('84')}", "123", "TK")
    demo.send(phone, "9166", "Y", imsi=other)
    told = demo.received(phone)
    assert "SIM cua QK vua duoc doi" in told[-1]
    assert demo.call("GET", f"/sim/accounts?msisdn={phone}")[1]["debits"] == []
    sent = demo.call("GET", f"/sim/messages?msisdn={phone}")[1]["messages"]
    first = f"45201000{phone[-7:]}"
    assert [one["imsi"] for one in sent if one["direction"] == "mo"] == [first, first, other]
    demo.call("POST", "/sim/clock", {"advance": "PT1H"})
    (asked,) = demo.received(phone)[len(told) :]
    assert "soan Y gui 9166" in asked
    demo.send(phone, "9166", "Y")
    assert "thanh cong" in demo.received(phone)[-1]
    assert len(demo.call("GET", f"/sim/accounts?msisdn={phone}")[1]["debits"]) == 1


@pytest.mark.scenario("S002")
def test_what_is_dialled_is_answered_on_a_screen_and_confirmed_by_sms_alone(
    demo: Demo, phone: str
) -> None:
    def dial(dialled: str) -> str:
        wish = {"from": phone, "dial": dialled}
        status, session = demo.call("POST", "/sim/ussd", wish)
        assert (status, session["dialled"], session["is_open"]) == (200, dialled, False)
        return str(session["screen"])

    assert "QK nhan SMS hoi" in dial("*9166*THETHAO#")
    demo.call("POST", "/sim/settle")
    assert "chi nhan qua SMS" in dial("*9166*Y#")
    (prompt,) = demo.received(phone)
    assert "soan Y gui 9166" in prompt
    assert demo.call("GET", f"/sim/accounts?msisdn={phone}")[1]["debits"] == []
    demo.send(phone, "9166", "Y")
    assert "thanh cong" in demo.received(phone)[-1]
    sessions = demo.call("GET", f"/sim/ussd?msisdn={phone}")[1]["sessions"]
    assert [one["dialled"] for one in sessions] == ["*9166*THETHAO#", "*9166*Y#"]
    assert demo.call("DELETE", f"/sim/ussd?msisdn={phone}")[1] == {"sessions": []}
