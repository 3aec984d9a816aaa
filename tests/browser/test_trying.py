"""`/sim` as a newcomer plays it, with and without script, in both languages, on both widths."""

import re
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import TIMEOUT_MS, Visit

expect.set_options(timeout=TIMEOUT_MS)
HASH = re.compile(r"^[0-9a-f]{64}$")


class Visitor(NamedTuple):
    lang: str
    width: int = 1280
    script: bool = True

    def comes(self, visit: Visit) -> Page:
        return visit(f"lang={self.lang}", width=self.width, script=self.script)


EVERYONE = pytest.mark.parametrize(
    "visitor",
    [
        Visitor("vi", 360),
        Visitor("en", 1280),
        Visitor("vi", 1280, script=False),
        Visitor("en", 360, script=False),
    ],
    ids=["vi-360-script", "en-1280-script", "vi-1280-no-script", "en-360-no-script"],
)


def money(lang: str, amount: int) -> str:
    digits = f"{amount:,}"
    return f"{digits.replace(',', '.') if lang == 'vi' else digits}đ"


def press(page: Page, step: str, number: int) -> None:
    """Press one button of a step of the script, which is open."""
    page.locator(f"#try-{step}-{number}").click()


def start(page: Page, step: str) -> None:
    """Take a new SIM and open the step."""
    page.locator("#try-new").click()
    expect(page.locator(".sims a")).to_have_count(3)
    open_step = page.locator(f"#try-{step}[open]")
    if open_step.count() == 0:
        page.locator(f"#try-{step} > summary").click()
        expect(open_step).to_be_visible()


def received(page: Page, number: int) -> None:
    """So many messages have come to the phone."""
    expect(page.locator("#thread .mt")).to_have_count(number)


@EVERYONE
def test_silence_ends_a_request_and_costs_nothing(visit: Visit, visitor: Visitor) -> None:
    page = visitor.comes(visit)
    start(page, "silence")
    press(page, "silence", 1)
    received(page, 1)
    expect(page.locator("#standing .state")).to_have_text("pending")
    press(page, "silence", 2)
    expect(page.locator("#story .state.expired")).to_have_count(1)
    expect(page.locator("#standing .state")).to_have_count(0)
    expect(page.locator("#balance")).to_have_text(money(visitor.lang, 50_000))
    received(page, 1)


@EVERYONE
def test_two_yeses_start_a_service_and_the_proof_is_there_to_read(
    visit: Visit, visitor: Visitor
) -> None:
    page = visitor.comes(visit)
    start(page, "proof")
    press(page, "proof", 1)
    received(page, 1)
    press(page, "proof", 2)
    received(page, 2)
    expect(page.locator("#standing .state")).to_have_text("active")
    expect(page.locator("#balance")).to_have_text(money(visitor.lang, 48_000))
    yes = page.locator("#story > li.message_received").first
    yes.locator("summary").click()
    expect(yes.locator("pre")).to_contain_text('"text": "Y"')
    expect(yes.locator("dd").first).to_have_text(HASH)
    expect(yes.locator("li.money")).to_contain_text(money(visitor.lang, 2_000))
    press(page, "proof", 3)
    received(page, 3)
    expect(page.locator("#standing .state")).to_have_count(0)


@EVERYONE
def test_a_late_yes_is_told_so_and_costs_nothing(visit: Visit, visitor: Visitor) -> None:
    page = visitor.comes(visit)
    start(page, "late")
    for number in (1, 2, 3):
        press(page, "late", number)
        if number == 1:
            received(page, 1)
        if number == 2:
            expect(page.locator("#story .state.expired")).to_have_count(1)
    received(page, 2)
    expect(page.locator("#thread .mt .words").last).to_contain_text("het han")
    expect(page.locator("#story .reason code").first).to_have_text("WINDOW_PASSED")
    expect(page.locator("#balance")).to_have_text(money(visitor.lang, 50_000))


@EVERYONE
def test_an_empty_account_starts_nothing(visit: Visit, visitor: Visitor) -> None:
    page = visitor.comes(visit)
    start(page, "poor")
    press(page, "poor", 1)
    expect(page.locator("#balance")).to_have_text(money(visitor.lang, 1_000))
    press(page, "poor", 2)
    received(page, 1)
    press(page, "poor", 3)
    received(page, 2)
    expect(page.locator("#thread .mt .words").last).to_contain_text("khong du")
    expect(page.locator("#balance")).to_have_text(money(visitor.lang, 1_000))
    press(page, "poor", 4)
    expect(page.locator("#balance")).to_have_text(money(visitor.lang, 50_000))


@pytest.mark.parametrize("visitor", [Visitor("en"), Visitor("vi", script=False)], ids=str)
def test_a_silent_smsc_is_named_and_mends_with_one_button(visit: Visit, visitor: Visitor) -> None:
    page = visitor.comes(visit)
    start(page, "silent")
    press(page, "silent", 1)
    expect(page.locator("#broken .notice")).to_be_visible()
    expect(page.locator("#submit-silent")).to_have_attribute("aria-pressed", "true")
    press(page, "silent", 2)
    received(page, 1)
    expect(page.locator("#standing .state")).to_have_text("waiting_prompt")
    expect(page.locator("#notices .notice")).to_be_visible()
    page.locator("#heal").click()
    expect(page.locator("#broken .notice")).to_have_count(0)
    expect(page.locator("#submit-ok")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("visitor", [Visitor("vi", 360), Visitor("en", script=False)], ids=str)
def test_a_stopped_partner_sells_nothing_until_two_let_it_go_on(
    visit: Visit, visitor: Visitor
) -> None:
    page = visitor.comes(visit)
    start(page, "stopped")
    press(page, "stopped", 1)
    expect(page.locator("#go-on")).to_be_visible()
    press(page, "stopped", 2)
    received(page, 1)
    expect(page.locator("#story .reason code").first).to_have_text("PARTNER_SUSPENDED")
    press(page, "stopped", 3)
    expect(page.locator("#go-on")).to_have_count(0)
    page.locator("#text").fill("dk thethao")  # the same bytes would be taken for a resend
    page.locator("#send").click()
    received(page, 2)
    expect(page.locator("#standing .state")).to_have_text("pending")


@pytest.mark.parametrize("visitor", [Visitor("en", 360), Visitor("vi", script=False)], ids=str)
def test_a_complaint_is_answered_and_told(visit: Visit, visitor: Visitor) -> None:
    page = visitor.comes(visit)
    start(page, "complain")
    for number in (1, 2, 3):
        press(page, "complain", number)
        received(page, number)
    expect(page.locator("#story .complaint")).to_have_count(1)
