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


SOME = pytest.mark.parametrize(
    "visitor", [Visitor("en", 360), Visitor("vi", script=False)], ids=["en-script", "vi-no-script"]
)
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
    """Open the step and take the new SIM with which it begins."""
    open_step = page.locator(f"#try-{step}[open]")
    if open_step.count() == 0:
        page.locator(f"#try-{step} > summary").click()
        expect(open_step).to_be_visible()
    press(page, step, 1)
    expect(page.locator(".sims a")).to_have_count(3)
    expect(page.locator(f"#try-{step} .done")).to_have_count(1)


def received(page: Page, number: int) -> None:
    """So many messages have come to the phone."""
    expect(page.locator("#thread .mt")).to_have_count(number)


@SOME
def test_silence_ends_a_request_and_costs_nothing(visit: Visit, visitor: Visitor) -> None:
    page = visitor.comes(visit)
    start(page, "silence")
    press(page, "silence", 2)
    received(page, 1)
    expect(page.locator("#standing .state.pending")).to_have_count(1)
    press(page, "silence", 3)
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
    press(page, "proof", 2)
    received(page, 1)
    press(page, "proof", 3)
    received(page, 2)
    expect(page.locator("#standing .state.active")).to_have_count(1)
    expect(page.locator("#balance")).to_have_text(money(visitor.lang, 48_000))
    yes = page.locator("#story > li.message_received").first
    yes.locator("summary").click()
    expect(yes.locator("pre").first).to_contain_text('"text": "Y"')
    expect(yes.locator(".hash").first).to_have_text(HASH)
    expect(yes.locator("li.money")).to_contain_text(money(visitor.lang, 2_000))
    expect(page.locator("#try-proof .came .words")).to_contain_text("thanh cong")
    page.locator("#try-proof .came a").click()
    expect(page.locator(".act .words")).to_have_count(3)
    expect(page.locator(".act .words").last).to_have_text("Y")
    expect(page.locator("main .notice.bad")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= visitor.width
    page.go_back()
    press(page, "proof", 4)
    received(page, 3)
    expect(page.locator("#standing .state")).to_have_count(0)


@SOME
def test_a_late_yes_is_told_so_and_costs_nothing(visit: Visit, visitor: Visitor) -> None:
    page = visitor.comes(visit)
    start(page, "late")
    for number in (2, 3, 4):
        press(page, "late", number)
        if number == 2:
            received(page, 1)
        if number == 3:
            expect(page.locator("#story .state.expired")).to_have_count(1)
    received(page, 2)
    expect(page.locator("#thread .mt .words").last).to_contain_text("het han")
    expect(page.locator("#story .reason code").first).to_have_text("WINDOW_PASSED")
    expect(page.locator("#balance")).to_have_text(money(visitor.lang, 50_000))


@SOME
@pytest.mark.scenario("S044")
def test_a_yes_from_another_sim_card_is_asked_anew_before_it_counts(
    visit: Visit, visitor: Visitor
) -> None:
    page = visitor.comes(visit)
    start(page, "card")
    press(page, "card", 2)
    received(page, 1)
    press(page, "card", 3)
    expect(page.locator("#bar .card-in")).to_be_visible()
    press(page, "card", 4)
    received(page, 2)
    expect(page.locator("#thread .mt .words").last).to_contain_text("SIM cua QK vua duoc doi")
    expect(page.locator("#standing .state.checking")).to_have_count(1)
    expect(page.locator("#balance")).to_have_text(money(visitor.lang, 50_000))
    press(page, "card", 5)
    received(page, 3)
    expect(page.locator("#standing .state.pending")).to_have_count(1)
    press(page, "card", 6)
    expect(page.locator("#standing .state.active")).to_have_count(1)
    expect(page.locator("#balance")).to_have_text(money(visitor.lang, 48_000))
    expect(page.locator("#thread .mo .note")).to_have_count(2)
    page.locator("#card").click()
    expect(page.locator("#bar .card-in")).to_have_count(0)


@SOME
@pytest.mark.scenario("S002")
def test_a_dialled_wish_is_answered_on_the_screen_and_confirmed_by_sms_alone(
    visit: Visit, visitor: Visitor
) -> None:
    page = visitor.comes(visit)
    start(page, "dial")
    press(page, "dial", 2)
    received(page, 1)
    expect(page.locator("#screen .words")).to_contain_text("QK nhan SMS hoi")
    expect(page.locator("#standing .state.pending")).to_have_count(1)
    press(page, "dial", 3)
    expect(page.locator("#screen .words")).to_contain_text("chi nhan qua SMS")
    expect(page.locator("#thread .ussd")).to_have_count(1)
    expect(page.locator("#story .reason code").first).to_have_text("SMS_ALONE")
    expect(page.locator("#balance")).to_have_text(money(visitor.lang, 50_000))
    press(page, "dial", 4)
    received(page, 2)
    expect(page.locator("#standing .state.active")).to_have_count(1)
    expect(page.locator("#screen .words")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= visitor.width


@SOME
def test_an_empty_account_starts_nothing(visit: Visit, visitor: Visitor) -> None:
    page = visitor.comes(visit)
    start(page, "poor")
    press(page, "poor", 2)
    expect(page.locator("#balance")).to_have_text(money(visitor.lang, 1_000))
    press(page, "poor", 3)
    received(page, 1)
    press(page, "poor", 4)
    received(page, 2)
    expect(page.locator("#thread .mt .words").last).to_contain_text("khong du")
    expect(page.locator("#balance")).to_have_text(money(visitor.lang, 1_000))
    press(page, "poor", 5)
    expect(page.locator("#balance")).to_have_text(money(visitor.lang, 50_000))


@SOME
def test_a_silent_smsc_is_named_and_mends_with_one_button(visit: Visit, visitor: Visitor) -> None:
    page = visitor.comes(visit)
    start(page, "silent")
    press(page, "silent", 2)
    expect(page.locator("#broken .notice")).to_be_visible()
    expect(page.locator("#submit-silent")).to_have_attribute("aria-pressed", "true")
    press(page, "silent", 3)
    received(page, 1)
    expect(page.locator("#standing .state.waiting_prompt")).to_have_count(1)
    expect(page.locator("#notices .notice")).to_be_visible()
    page.locator("#heal").click()
    expect(page.locator("#broken .notice")).to_have_count(0)
    expect(page.locator("#submit-ok")).to_have_attribute("aria-pressed", "true")


class Fault(NamedTuple):
    """One button of "Break something", and what is there to see after a `DK` and a `Y`."""

    button: str
    texts: int
    ignored: tuple[str, ...] = ()
    told: str = ""


FAULTS = (
    Fault("submit-reject", 0, told="PROMPT_REFUSED"),
    Fault("submit-throttle", 0, told="ESME_RTHROTTLED"),
    Fault("receipt-none", 2),
    Fault("receipt-twice", 2, ("UNKNOWN_RECEIPT", "UNKNOWN_RECEIPT")),
    Fault("receipt-first", 2),
    Fault("receipt-fail", 0, told="PROMPT_NOT_DELIVERED"),
    Fault("mo-twice", 2, ("RESENT", "RESENT")),
    Fault("charging-refuse", 2, told="CHARGE_REFUSED"),
    Fault("charging-twice", 2, ("SETTLED_BEFORE",)),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.button)
def test_each_fault_is_shown_as_on_and_seen_in_the_timeline(visit: Visit, fault: Fault) -> None:
    page = visit("lang=en")
    page.locator(f"#{fault.button}").click()
    expect(page.locator(f"#{fault.button}")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#faults .on .see")).to_contain_text("You will see:")
    expect(page.locator("#bar .broken")).to_have_text("Faults: 1")
    page.locator("#new-sim").click()
    expect(page.locator(".sims a")).to_have_count(3)
    page.locator("#key-1").click()
    page.locator("#key-2").click()
    expect(page.locator("#thread .mo")).to_have_count(2)
    received(page, fault.texts)
    expect(page.locator("#story .ignored .reason code")).to_have_text(list(fault.ignored))
    if fault.told:
        expect(page.locator("#story code", has_text=fault.told).first).to_be_visible()
    page.locator("#all-well").click()
    expect(page.locator("#bar .broken")).to_have_count(0)
    expect(page.locator("#all-well")).to_be_disabled()


@pytest.mark.parametrize(
    ("button", "texts", "state"),
    [("charging-silent", 1, "activating"), ("charging-late", 2, "active")],
)
def test_a_charging_system_that_does_not_answer_starts_nothing_until_it_has(
    visit: Visit, button: str, texts: int, state: str
) -> None:
    page = visit("lang=vi")
    page.locator(f"#{button}").click()
    page.locator("#new-sim").click()
    expect(page.locator(".sims a")).to_have_count(3)
    page.locator("#key-1").click()
    received(page, 1)
    page.locator("#key-2").click()
    received(page, texts)
    expect(page.locator(f"#standing .state.{state}")).to_have_count(1)


def test_a_slow_smsc_leaves_the_page_alive_and_says_that_it_waits(visit: Visit) -> None:
    page = visit("lang=en")
    page.locator("#delay-20").click()
    page.locator("#new-sim").click()
    expect(page.locator(".sims a")).to_have_count(3)
    page.locator("#key-1").click()
    expect(page.locator("#live")).to_have_text("Working…")
    expect(page.locator("#standing .state.waiting_prompt")).to_have_count(1)
    expect(page.locator("#standing .busy")).to_be_visible()


@SOME
def test_a_stopped_partner_sells_nothing_until_two_let_it_go_on(
    visit: Visit, visitor: Visitor
) -> None:
    page = visitor.comes(visit)
    start(page, "stopped")
    press(page, "stopped", 2)
    expect(page.locator("#go-on")).to_be_visible()
    press(page, "stopped", 3)
    received(page, 1)
    expect(page.locator("#story .reason code").first).to_have_text("PARTNER_SUSPENDED")
    press(page, "stopped", 4)
    expect(page.locator("#go-on")).to_have_count(0)
    page.locator("#key-1").click()
    received(page, 2)
    expect(page.locator("#standing .state.pending")).to_have_count(1)


@SOME
def test_a_complaint_is_answered_and_told(visit: Visit, visitor: Visitor) -> None:
    page = visitor.comes(visit)
    start(page, "complain")
    for number in (1, 2, 3):
        press(page, "complain", number + 1)
        received(page, number)
    expect(page.locator("#story .complaint")).to_have_count(1)
