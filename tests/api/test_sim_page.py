"""`/sim` as a browser speaks to it: whole on arrival, and forms that only our own page may send."""

import re
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from msgspec import Struct

from tests.api.demo import Demo, running_demo

PROGRAM = Path(sys.executable).with_name("twofold")


class Answer(Struct):
    status: int
    headers: dict[str, str]
    text: str


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running_demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


def ask(
    demo: Demo, method: str, path: str, form: dict[str, str] | None = None, **headers: str
) -> Answer:
    connection = HTTPConnection("127.0.0.1", demo.port, timeout=30)
    try:
        body = None if form is None else urlencode(form)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        named = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, named, answer.read().decode())
    finally:
        connection.close()


def nonce(demo: Demo) -> str:
    cookie = ask(demo, "GET", "/sim").headers["set-cookie"]
    found = re.fullmatch(r"twofold_nonce=(\w{32}); HttpOnly; Path=/; SameSite=lax", cookie)
    assert found is not None
    return found[1]


def post(demo: Demo, path: str, form: dict[str, str], **headers: str) -> Answer:
    kept = nonce(demo)
    return ask(
        demo, "POST", path, {"nonce": kept, **form}, cookie=f"twofold_nonce={kept}", **headers
    )


def test_the_demo_leads_to_the_page(demo: Demo) -> None:
    assert f"Ready: http://127.0.0.1:{demo.port}/sim " in demo.printed
    front = ask(demo, "GET", "/")
    assert (front.status, front.headers["location"]) == (307, "/sim")


def test_the_page_is_whole_on_arrival(demo: Demo) -> None:
    page = ask(demo, "GET", "/sim?lang=en&phone=84912345678")
    assert page.status == 200
    for told in ("soan Y", "thanh cong", "2,000đ taken for THETHAO", "Asia/Ho_Chi_Minh"):
        assert told in page.text
    assert f"curl -X POST &#39;http://127.0.0.1:{demo.port}/sim/messages&#39;" in page.text


def test_the_page_speaks_the_language_of_its_address_or_of_the_browser(demo: Demo) -> None:
    assert '<html lang="vi">' in ask(demo, "GET", "/sim").text
    assert '<html lang="en">' in ask(demo, "GET", "/sim", accept_language="en-GB").text
    assert '<html lang="vi">' in ask(demo, "GET", "/sim?lang=vi", accept_language="en").text


@pytest.mark.parametrize("path", ["/sim", "/static/sim.js", "/static/pages.css"])
def test_nothing_inline_and_nothing_foreign_may_run(demo: Demo, path: str) -> None:
    headers = ask(demo, "GET", path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    page = ask(demo, "GET", "/sim").text
    assert (
        re.findall(r"<style|<script(?! src=\"/static/)| style=| on\w+=|(?:src|href)=\"http", page)
        == []
    )


def test_what_a_visitor_writes_is_shown_and_never_run(demo: Demo) -> None:
    wild = "<script>alert(1)</script>"
    sent = post(demo, "/sim/send?lang=en&phone=84912200001", {"text": wild, "to": "9166"})
    assert sent.status == 303
    page = ask(demo, "GET", sent.headers["location"]).text
    assert wild not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_form_leads_back_to_the_page_with_what_came_of_it(demo: Demo) -> None:
    sent = post(demo, "/sim/send?lang=en&phone=84912200002", {"text": "DK THETHAO", "to": "9166"})
    assert sent.status == 303
    assert sent.headers["location"] == "/sim?lang=en&phone=84912200002&to=9166#phone"
    assert "waits for the second yes" in ask(demo, "GET", sent.headers["location"]).text


def test_a_key_says_its_own_words_and_leaves_alone_what_is_half_written(demo: Demo) -> None:
    form = {"key": "TK", "text": "half a mess", "to": "123"}
    assert post(demo, "/sim/send?lang=en&phone=84912200005", form).status == 303
    _, answer = demo.call("GET", "/sim/messages?msisdn=84912200005")
    assert [one["text"] for one in answer["messages"] if one["direction"] == "mo"] == ["TK"]


def test_a_step_remembers_how_far_it_was_played(demo: Demo) -> None:
    form = {"text": "DK THETHAO", "to": "9166", "step": "proof", "act": "2"}
    sent = post(demo, "/sim/send?lang=en&phone=84912200006", form)
    assert sent.headers["location"].endswith("&step=proof&done=2#try-proof")
    page = ask(demo, "GET", sent.headers["location"].partition("#")[0]).text
    assert re.search(r'id="try-proof-2"[^>]* class="done"', page)
    assert re.search(r'id="try-proof-3"[^>]* class="first"', page)
    assert "On this phone now" in page


def test_the_proof_has_both_acts_and_the_bytes_that_were_hashed(demo: Demo) -> None:
    number = "84912200007"
    demo.send(number, "9166", "DK THETHAO")
    demo.send(number, "9166", "Y")
    page = ask(demo, "GET", f"/sim?lang=en&phone={number}").text
    found = re.search(rf"/sim/proof/\w+\?lang=en&amp;phone={number}[^\"]*", page)
    assert found is not None
    proof = ask(demo, "GET", unescape(found[0]))
    assert proof.status == 200
    assert "all 6 hashes match" in proof.text
    assert number not in proof.text.replace(f"phone={number}", "")
    command = unescape(re.findall(r"<pre[^>]*>(.*?)</pre>", proof.text)[-1])
    salt = bytes(int(octet, 8) for octet in re.findall(r"\\(\d{3})", command))
    path = re.search(r"/sim/entries/\d+", command)
    assert path is not None
    document = ask(demo, "GET", path[0])
    assert document.headers["content-type"] == "application/json"
    expected = re.findall(r'<code class="hash">(\w{64})</code>', proof.text)[-1]
    assert sha256(salt + document.text.encode()).hexdigest() == expected


def test_a_proof_is_found_from_the_entries_of_all_numbers_too(demo: Demo) -> None:
    demo.send("84912200009", "9166", "DK NHAC")
    page = ask(demo, "GET", "/sim?lang=en&phone=84912200001&show=all").text
    newest = re.search(r'class="to-proof" href="([^"]+)"', page)
    assert newest is not None
    proof = ask(demo, "GET", unescape(newest[1]))
    assert proof.status == 200
    assert "Proof of NHAC" in proof.text


def test_a_proof_or_an_entry_that_is_not_there_is_not_found(demo: Demo) -> None:
    missing = ask(demo, "GET", "/sim/proof/%3Cb%3E?lang=en&phone=84912200007")
    assert missing.status == 404
    assert "There is no request &lt;b&gt; of this number" in missing.text
    assert ask(demo, "GET", "/sim/entries/1").status == 404


def test_the_commands_to_let_a_partner_go_on_take_the_number_of_their_own_proposal(
    demo: Demo,
) -> None:
    page = ask(demo, "GET", "/sim?lang=en").text
    curl = re.search(r'id="curl-text-stopped">(.*?)</pre>', page, re.DOTALL)
    assert curl is not None
    lines = [line for line in unescape(curl[1]).splitlines() if ".venv/bin/twofold" in line]
    commands = "\n".join(lines).replace(".venv/bin/twofold", str(PROGRAM))
    for _ in range(2):
        done = subprocess.run(
            ["/bin/sh", "-e", "-c", commands],
            cwd=demo.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "partner abc goes on by revision" in done.stdout


FORMS = ("send", "dial", "card", "forget", "new", "wait", "switch", "balance")


@pytest.mark.parametrize("form", FORMS)
def test_a_form_without_its_nonce_changes_nothing(demo: Demo, form: str) -> None:
    fields = {
        "text": "DK NHAC",
        "dial": "*9166*NHAC#",
        "card": "another",
        "by": "P1D",
        "submit": "silent",
        "balance": "1",
    }
    path = f"/sim/{form}?lang=en&phone=84912200003"
    kept = nonce(demo)
    cookie = f"twofold_nonce={kept}"
    assert ask(demo, "POST", path, fields, cookie=cookie).status == 403
    assert ask(demo, "POST", path, {"nonce": kept, **fields}).status == 403
    assert ask(demo, "POST", path, {"nonce": "", **fields}, cookie="twofold_nonce=").status == 403
    unchanged(demo, "84912200003")


@pytest.mark.parametrize(
    "says",
    [{"sec_fetch_site": "cross-site"}, {"origin": "http://evil.example"}, {"origin": "null"}],
)
def test_a_form_of_another_site_changes_nothing(demo: Demo, says: dict[str, str]) -> None:
    path = "/sim/send?lang=en&phone=84912200003"
    assert post(demo, path, {"text": "DK NHAC"}, **says).status == 403
    form = {"from": "84912200003", "to": "9166", "text": "DK NHAC"}
    assert ask(demo, "POST", "/sim/messages", form, **says).status == 400
    unchanged(demo, "84912200003")


@pytest.mark.parametrize("form", FORMS)
def test_looking_changes_nothing(demo: Demo, form: str) -> None:
    assert ask(demo, "GET", f"/sim/{form}").status == 405


@pytest.mark.parametrize(
    ("path", "form", "told"),
    [
        ("send", {"text": "  "}, "Write a message first, of 1,600 characters at most."),
        ("send", {"text": "x" * 1_601}, "Write a message first, of 1,600 characters at most."),
        ("balance", {"balance": "-1"}, "“-1” is no balance. Write a whole amount from 0 to"),
        ("balance", {"balance": "12.5"}, "“12.5” is no balance"),
        ("balance", {"balance": "99999999999999999999"}, "1,000,000,000"),
        ("wait", {"by": "P400D"}, "does not know"),
        ("switch", {"submit": "explode"}, "does not know"),
        ("card", {"card": "third"}, "does not know"),
        ("dial", {"dial": "THETHAO"}, "“THETHAO” leads nowhere here"),
        ("dial", {"dial": "*777#"}, "it begins with one of these: 9166, 1579, 123."),
    ],
)
def test_a_bad_form_is_answered_by_the_page_and_the_reason(
    demo: Demo, path: str, form: dict[str, str], told: str
) -> None:
    answer = post(demo, f"/sim/{path}?lang=en&phone=84912200003", form)
    assert answer.status == 400
    assert told in answer.text
    unchanged(demo, "84912200003")


@pytest.mark.parametrize("written", ["70000", "70.000", "70,000", " 70 000 "])
def test_a_balance_is_read_as_people_write_it(demo: Demo, written: str) -> None:
    number = "84912200008"
    demo.call("PUT", f"/sim/accounts?msisdn={number}", {"balance": 1})
    sent = post(demo, f"/sim/balance?lang=en&phone={number}", {"balance": written})
    assert sent.status == 303
    assert demo.call("GET", f"/sim/accounts?msisdn={number}")[1]["balance"] == 70_000


def test_what_could_not_be_done_is_kept_as_it_was_written(demo: Demo) -> None:
    wrong = post(demo, "/sim/balance?lang=en&phone=84912200003", {"balance": "a lot"})
    assert re.search(r'id="amount"[^>]* value="a lot"', wrong.text)
    long = "y" * 1_601
    answer = post(demo, "/sim/send?lang=en&phone=84912200003", {"text": long, "to": "123"})
    assert f'value="{long}"' in answer.text
    assert "<option selected>123</option>" in answer.text


def test_a_form_that_is_too_long_is_refused(demo: Demo) -> None:
    assert post(demo, "/sim/send?lang=en", {"text": "x" * 20_000}).status == 403


def test_a_new_sim_has_never_texted(demo: Demo) -> None:
    path = post(demo, "/sim/new?lang=en", {}).headers["location"]
    assert re.search(r"phone=849127\d{5}&", path)
    assert "Press DK THETHAO to start" in ask(demo, "GET", path).text


def test_another_sim_card_stays_in_the_phone_until_the_first_is_back(demo: Demo) -> None:
    number = "84912200011"
    own = f"phone={number}"
    assert post(demo, f"/sim/card?lang=en&{own}", {"card": "another"}).status == 303
    post(demo, f"/sim/send?lang=en&{own}", {"text": "TK"})
    page = ask(demo, "GET", f"/sim?lang=en&{own}").text
    assert '<span class="card-in">another SIM card</span>' in page
    assert page.count('<span class="note">from another SIM card</span>') == 1
    assert post(demo, f"/sim/card?lang=en&{own}", {"card": "first"}).status == 303
    post(demo, f"/sim/send?lang=en&{own}", {"text": "TK"})
    page = ask(demo, "GET", f"/sim?lang=en&{own}").text
    assert page.count('<span class="note">from another SIM card</span>') == 1
    sent = demo.call("GET", f"/sim/messages?msisdn={number}")[1]["messages"]
    assert [one["imsi"] for one in sent if one["direction"] == "mo"] == [
        "452019992200011",
        "452010002200011",
    ]


def test_a_screen_stands_on_the_phone_until_something_is_written(demo: Demo) -> None:
    own = "lang=en&phone=84912200012"
    assert post(demo, f"/sim/dial?{own}", {"dialled": "*123*TK#", "dial": ""}).status == 303
    shown = re.compile(
        r'id="screen"[^>]*>\s*<div class="ussd"><p class="dialled"><b>USSD</b> ([^<]+)<'
    )
    page = ask(demo, "GET", f"/sim?{own}").text
    assert shown.findall(page) == ["*123*TK#"]
    assert '<li class="ussd"' not in page
    post(demo, f"/sim/send?{own}", {"text": "HD"})
    page = ask(demo, "GET", f"/sim?{own}").text
    assert (shown.findall(page), page.count('<li class="ussd"')) == ([], 1)
    post(demo, f"/sim/forget?{own}", {})
    assert '<li class="ussd"' not in ask(demo, "GET", f"/sim?{own}").text


def test_the_commands_are_for_a_number_to_which_nothing_has_happened(demo: Demo) -> None:
    used, path = "84912200013", "/sim?lang=en&phone="
    named = re.compile(r"# (\d+) has never texted")
    assert set(named.findall(ask(demo, "GET", f"{path}{used}").text)) == {used}
    demo.send(used, "9166", "TK")
    (typed,) = set(named.findall(ask(demo, "GET", f"{path}{used}").text))
    assert typed != used
    demo.send(typed, "9166", "TK")
    (other,) = set(named.findall(ask(demo, "GET", f"{path}{used}").text))
    assert other not in {used, typed}


def test_no_deadline_moves_no_clock(demo: Demo) -> None:
    answer = post(demo, "/sim/wait?lang=en&phone=84912200003", {"by": "deadline"})
    assert "notice=no_deadline" in answer.headers["location"]


def test_an_unknown_style_is_not_found(demo: Demo) -> None:
    assert ask(demo, "GET", "/static/nonesuch.css").status == 404
    assert ask(demo, "GET", "/static/..%2fwording.py").status == 404


def unchanged(demo: Demo, number: str) -> None:
    assert demo.received(number) == []
    account = demo.call("GET", f"/sim/accounts?msisdn={number}")[1]
    assert account == {"balance": 50_000, "debits": []}
    assert demo.call("GET", "/sim/faults")[1]["submit"] == "ok"
    assert demo.call("GET", f"/sim/ussd?msisdn={number}")[1] == {"sessions": []}
    assert 'value="another"' in ask(demo, "GET", f"/sim?phone={number}").text
