"""`/sim` as a page: it lives, comes back, is read aloud, and needs neither mouse nor width."""

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
    page.locator("#entry-" + first_entry(page) + " summary").click()
    assert complaints(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def first_entry(page: Page) -> str:
    key = page.locator("#story > li").first.get_attribute("data-key")
    assert key is not None
    return key


@pytest.mark.parametrize("phone", ["84912000001", PLAYED])
def test_nothing_is_wider_than_a_small_screen(visit: Visit, phone: str) -> None:
    for lang in ("vi", "en"):
        page = visit(f"lang={lang}&phone={phone}", width=320)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_first_visit_says_what_to_do(visit: Visit) -> None:
    page = visit("lang=en")
    expect(page.locator(".start")).to_have_text("Press DK THETHAO to start")
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
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.locator("#key-1:focus").count():
            break
    page.keyboard.press("Enter")
    expect(page.locator("#thread .mt")).to_have_count(1)
    expect(page.locator("#key-1")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#thread .mt")).to_have_count(2)
    expect(page.locator("#standing .state")).to_have_text("active")


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
    page.locator("#thread .mt").first.evaluate("node => node.mark = 1")
    demo.send(number, "9166", "Y")
    expect(page.locator("#thread .mt")).to_have_count(2)
    expect(oldest.locator("pre")).to_be_visible()
    assert page.locator("#thread .mt").first.evaluate("node => node.mark") == 1


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


def test_a_command_can_be_copied_and_does_the_same(visit: Visit, demo: Demo, number: str) -> None:
    page = visit(f"lang=en&phone={number}")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#curl-silence > summary").click()
    page.locator("#curl-silence button").click()
    expect(page.locator("#curl-silence button")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"curl -X POST 'http://127.0.0.1:{demo.port}/sim/messages' -d '")
    assert f'"from": "{number}"' in copied


def test_without_script_it_says_how_it_works(visit: Visit) -> None:
    page = visit("lang=en", script=False)
    expect(page.locator(".scriptless")).to_be_visible()
    expect(page.locator("#curl-silence button")).to_be_hidden()
    assert "scriptless" in (visit("lang=en").locator(".scriptless").get_attribute("class") or "")
