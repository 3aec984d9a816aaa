"""`/sim` as a page: it lives, comes back, is read aloud, and needs neither mouse nor width."""

import re
from collections.abc import Iterator
from importlib.resources import files
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from tests.api.demo import Demo
from tests.browser.conftest import TIMEOUT_MS, Visit
from tests.browser.cutting import Cut, cutting

expect.set_options(timeout=TIMEOUT_MS)
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
PLAYED = "84912345678"
_numbers = count(84_912_400_001)


@pytest.fixture
def number() -> str:
    return str(next(_numbers))


@pytest.fixture
def cut(demo: Demo) -> Iterator[Cut]:
    with cutting(demo.port) as between:
        yield between


def complaints(page: Page) -> list[str]:
    """What axe finds wrong: rule, and where."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run().then(found => found.violations)")
    return [f"{one['id']}: {node['html'][:90]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize(
    ("lang", "phone", "dark"),
    [("vi", "", False), ("en", "", True), ("vi", PLAYED, True), ("en", PLAYED, False)],
    ids=["vi-empty-light", "en-empty-dark", "vi-played-dark", "en-played-light"],
)
def test_everybody_can_use_it(visit: Visit, lang: str, phone: str, *, dark: bool) -> None:
    page = visit(f"lang={lang}&phone={phone}", dark=dark, width=360 if dark else 1280)
    expect(page.locator("#live")).not_to_be_empty()
    assert complaints(page) == []
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.lang") == lang


def test_a_page_in_trouble_can_be_used_by_everybody_too(visit: Visit, number: str) -> None:
    page = visit(f"lang=en&phone={number}", width=360)
    page.locator("#submit-silent").click()
    page.locator("#key-1").click()
    expect(page.locator("#notices .notice")).to_be_visible()
    page.locator("#story summary").first.click()
    assert complaints(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize(("lang", "phone"), [("vi", PLAYED), ("en", "84912000001")])
def test_nothing_is_wider_than_a_small_screen(visit: Visit, lang: str, phone: str) -> None:
    page = visit(f"lang={lang}&phone={phone}", width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_first_visit_says_what_to_do(visit: Visit) -> None:
    page = visit("lang=en")
    expect(page.locator(".start")).to_have_text("Press DK THETHAO to start")
    expect(page.locator("#story .hint .step-name")).to_have_text(
        ["DK THETHAO", "Y", "To the deadline"]
    )
    page.get_by_text("Or look at a conversation that is over").click()
    expect(page.locator("#thread .mt")).to_have_count(4)
    page.get_by_role("link", name="Tiếng Việt").click()
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    expect(page.locator("#thread .mt")).to_have_count(4)


def test_a_keyboard_is_enough(visit: Visit, number: str) -> None:
    page = visit(f"lang=en&phone={number}")
    expect(page.locator("#live")).to_have_text("Live")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.locator("#key-1:focus").count():
            break
    page.keyboard.press("Enter")
    expect(page.locator("#thread .mt")).to_have_count(1)
    expect(page.locator("#key-1")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#thread .mt")).to_have_count(2)
    expect(page.locator("#standing .state.active")).to_have_count(1)


def test_what_happens_elsewhere_shows_by_itself(visit: Visit, demo: Demo, number: str) -> None:
    page = visit(f"lang=en&phone={number}")
    expect(page.locator("#live")).to_have_text("Live")
    page.locator("#text").fill("half a mess")
    demo.send(number, "9166", "DK THETHAO")
    expect(page.locator("#thread .mt")).to_have_count(1)
    expect(page.locator("#story .state.pending")).to_have_count(1)
    assert page.locator("#thread").get_attribute("role") == "log"
    expect(page.locator("#text")).to_have_value("half a mess")


def test_news_leave_alone_what_a_reader_has_before_him(
    visit: Visit, demo: Demo, number: str
) -> None:
    demo.send(number, "9166", "DK THETHAO")
    page = visit(f"lang=en&phone={number}")
    expect(page.locator("#live")).to_have_text("Live")
    oldest = page.locator("#story > li").last
    oldest.locator("summary").click()
    page.mouse.wheel(0, 400)
    page.locator("#thread .mt").first.evaluate("node => node.mark = 1")
    demo.send(number, "9166", "Y")
    expect(page.locator("#thread .mt")).to_have_count(2)
    expect(oldest.locator("pre").first).to_be_visible()
    assert page.locator("#thread .mt").first.evaluate("node => node.mark") == 1


def test_news_that_come_while_a_button_is_held_down_do_not_take_the_click(
    visit: Visit, demo: Demo, number: str
) -> None:
    page = visit(f"lang=en&phone={number}")
    expect(page.locator("#live")).to_have_text("Live")
    page.locator("#try-proof > summary").click()
    page.locator("#try-proof-1").hover()
    page.mouse.down()
    with page.expect_response(re.compile("/sim[?]")):
        demo.send(number, "9166", "DK THETHAO")
    # Time enough to put in what came, for a page that would.
    page.wait_for_timeout(300)
    page.mouse.up()
    expect(page.locator("#try-proof .done")).to_have_count(1)
    expect(page.locator(".sims a")).to_have_count(3)


def test_a_cut_line_is_told_and_the_page_catches_up(
    visit: Visit, demo: Demo, cut: Cut, number: str
) -> None:
    page = visit(f"lang=en&phone={number}", port=cut.port)
    expect(page.locator("#live")).to_have_text("Live")
    cut.off()
    expect(page.locator("#live")).to_have_text("Connection lost, reconnecting")
    demo.send(number, "9166", "DK THETHAO")
    cut.on()
    expect(page.locator("#thread .mt")).to_have_count(1)
    expect(page.locator("#live")).to_have_text("Live")


def test_a_key_that_nobody_hears_says_so_and_keeps_what_was_written(
    visit: Visit, cut: Cut, number: str
) -> None:
    page = visit(f"lang=en&phone={number}", port=cut.port, width=360)
    expect(page.locator("#live")).to_have_text("Live")
    cut.off()
    page.locator("#text").fill("half a mess")
    page.locator("#key-1").click()
    told = page.locator("#notices .notice.bad")
    expect(told).to_contain_text("Not done: Twofold cannot be reached.")
    expect(told).to_be_in_viewport(ratio=1)
    expect(page.locator("#text")).to_have_value("half a mess")
    told.locator(".close").click()
    expect(told).to_have_count(0)
    expect(page.locator("#live")).to_be_in_viewport()
    cut.on()
    expect(page.locator("#live")).to_have_text("Live")
    page.locator("#send").click()
    expect(page.locator("#thread .mt")).to_have_count(1)
    expect(page.locator("#text")).to_have_value("")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_wrong_form_is_told_in_sight_and_given_back(
    visit: Visit, number: str, *, script: bool
) -> None:
    page = visit(f"lang=vi&phone={number}", width=360, script=script, expected="status of 400")
    page.locator("#amount").fill("12.5")
    page.locator("#set-balance").click()
    told = page.locator("#notices .notice.bad")
    expect(told).to_contain_text("“12.5” không phải số dư")
    expect(told).to_be_in_viewport(ratio=1)
    expect(page.locator("#amount")).to_have_value("12.5")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_string_that_leads_nowhere_is_told_and_one_that_does_is_answered(
    visit: Visit, number: str, *, script: bool
) -> None:
    page = visit(f"lang=en&phone={number}", width=320, script=script, expected="status of 400")
    page.locator("#dial-pad > summary").click()
    page.locator("#dial").fill("*101#")
    page.locator("#call").click()
    told = page.locator("#notices .notice.bad")
    expect(told).to_contain_text("“*101#” leads nowhere here")
    expect(told).to_be_in_viewport(ratio=1)
    expect(page.locator("#dial")).to_have_value("*101#")
    told.locator(".close").click()
    if not script:
        page.locator("#dial-pad > summary").click()
    page.locator("#key-dial-2").click()
    expect(page.locator("#screen .dialled")).to_have_text("USSD *123*TK#")
    expect(page.locator("#screen .words")).to_contain_text("QK khong dung dich vu")
    expect(page.locator("#thread .ussd")).to_have_count(0)
    if not script:
        page.locator("#dial-pad > summary").click()
    page.locator("#more-keys > summary").click()
    expect(page.locator("#key-10")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    wide = "(phone => phone.scrollWidth - phone.clientWidth)(document.querySelector('.handset'))"
    assert page.evaluate(wide) == 0
    if script:
        assert complaints(page) == []


def test_many_long_messages_stay_within_their_phone(visit: Visit, demo: Demo, number: str) -> None:
    for text in ("Tôi hỏi về dịch vụ này. " * 10, "x" * 400, *("TK",) * 20):
        assert demo.call("POST", "/sim/messages", {"from": number, "to": "123", "text": text})
    demo.call("POST", "/sim/settle")
    page = visit(f"lang=vi&phone={number}", width=360)
    assert page.locator("#thread .mo").count() == 22
    expect(page.locator("#thread li").last).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate("document.getElementById('thread').scrollWidth") <= 360
    expect(page.locator("#thread .mo .meta").first).to_contain_text("4 SMS · 240/268 ký tự UCS-2")
    expect(page.locator("#thread .mo .meta").last).to_contain_text("1 SMS · 2/160 septet")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_everybody_can_read_the_proof(visit: Visit, demo: Demo, number: str, lang: str) -> None:
    demo.send(number, "9166", "DK THETHAO")
    demo.send(number, "9166", "Y")
    page = visit(f"lang={lang}&phone={number}", width=360, dark=lang == "en")
    page.locator("#standing a").click()
    expect(page.locator(".act")).to_have_count(3)
    assert complaints(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.emulate_media(media="print")
    expect(page.locator(".crumbs")).to_be_hidden()
    expect(page.locator(".act").first).to_be_visible()


@pytest.mark.parametrize(("still", "moving"), [(True, "none"), (False, "arrive")])
def test_nothing_moves_for_whoever_asked_for_stillness(
    visit: Visit, number: str, *, still: bool, moving: str
) -> None:
    page = visit(f"lang=en&phone={number}", still=still)
    page.locator("#key-1").click()
    expect(page.locator("#thread .mt")).to_have_count(1)
    name = "getComputedStyle(document.querySelector('#thread .fresh')).animationName"
    assert page.evaluate(name) == moving


def test_a_command_can_be_copied_and_does_the_same(visit: Visit, demo: Demo, number: str) -> None:
    page = visit(f"lang=en&phone={number}")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#curl-silence > summary").click()
    page.locator("#curl-silence button").click()
    expect(page.locator("#curl-silence button")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    first, second = copied.splitlines()[:2]
    assert first.startswith(f"# {number} has never texted")
    assert second.startswith(f"curl -X POST 'http://127.0.0.1:{demo.port}/sim/messages' -d '")
    assert f'"from": "{number}"' in copied


def test_without_script_it_says_how_it_works(visit: Visit) -> None:
    page = visit("lang=en", script=False)
    expect(page.locator(".scriptless")).to_be_visible()
    expect(page.locator("#curl-silence button")).to_be_hidden()
    assert "scriptless" in (visit("lang=en").locator(".scriptless").get_attribute("class") or "")
