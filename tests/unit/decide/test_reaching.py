"""A number that no text reaches, the hours in which what can wait waits, and the language."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from msgspec import structs

from tests.unit.decide.example import (
    HOUR_MS,
    POLICY,
    WINDOW_MS,
    Number,
    ends_of,
    orders_of,
    rules_of,
)
from twofold.domain.orders import Delivered, OrderState
from twofold.domain.reason import Reason
from twofold.domain.subscriber import Channel, Flag
from twofold.domain.terms import DAY_MS


def never_reached(number: Number) -> Reason | None:
    """Ask, and have both copies of the prompt fail; the reason of the end."""
    number.says("DK THETHAO")
    for _ in range(2):
        number.hears(number.order, Delivered("main", ("m1",)))
        number.reads("UNDELIVERABLE")
    return number.decision.reason


@pytest.mark.scenario("S023")
def test_a_number_whose_prompts_all_fail_twice_in_a_day_is_flagged() -> None:
    number = Number()
    assert never_reached(number) is Reason.PROMPT_NOT_DELIVERED
    assert number.subscriber.flags == 0
    number.passes(HOUR_MS)
    assert never_reached(number) is Reason.NO_SMS_CAPABILITY
    assert ends_of(number.decision) == ["THETHAO undeliverable"]
    assert number.subscriber.flags == Flag.NO_SMS


@pytest.mark.scenario("S023")
def test_a_flagged_number_is_asked_about_nothing_by_others_until_it_writes() -> None:
    number = Number()
    number.is_flagged(Flag.NO_SMS)
    decision = number.asks(Channel.WEB)
    assert decision.reason is Reason.NO_SMS_CAPABILITY
    assert decision.orders == ()
    number.says("TK", "123")
    assert number.subscriber.flags == 0


def test_a_text_that_arrives_proves_the_flag_wrong() -> None:
    number = Number()
    number.is_asked()
    number.is_flagged(Flag.NO_SMS)
    number.reads("DELIVERED")
    assert number.subscriber.flags == 0


def test_failures_a_day_apart_are_no_sign() -> None:
    number = Number()
    never_reached(number)
    number.passes(DAY_MS)
    never_reached(number)
    assert number.subscriber.flags == 0


# -- the night -------------------------------------------------------------------------------------


def local(hour: int, minute: int = 0, day: int = 1) -> int:
    """A time in July 2026 in Viet Nam, ms UTC."""
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    return int(datetime(2026, 7, day, hour, minute, tzinfo=zone).timestamp()) * 1000


NOTICES = [
    (local(9, 59), False, None),
    (local(10), False, local(7, day=2)),
    (local(10, 1), False, local(7, day=2)),
    (local(14), False, local(7, day=2)),
    (local(18, 59), False, local(7, day=2)),
    (local(19), False, None),
    (local(14), True, None),
]


@pytest.mark.scenario("S005")
@pytest.mark.parametrize(("asked_at", "is_urgent", "due_at"), NOTICES)
def test_a_notice_of_expiry_waits_for_the_end_of_the_quiet_hours(
    asked_at: int,
    is_urgent: bool,  # noqa: FBT001 - a column
    due_at: int | None,
) -> None:
    policy = structs.replace(POLICY, expiry_notice=True, expiry_notice_urgent=is_urgent)
    number = Number(rules_of(policy=policy))
    number.now_at = asked_at
    number.is_asked()
    number.passes(WINDOW_MS)
    number.times_out()
    order = number.order
    assert order.key == "expired"
    assert order.state is (OrderState.CLAIMED if due_at is None else OrderState.WAITING)
    assert order.due_at == (due_at or number.now_at)
    assert order.until_at == order.due_at + HOUR_MS


# -- the language ----------------------------------------------------------------------------------


@pytest.mark.scenario("S086")
def test_every_text_is_in_the_language_that_was_asked_for() -> None:
    number = Number()
    assert orders_of(number.says("EN", "123")) == ["language_set"]
    number.says("DK THETHAO")
    assert "text Y to 9166" in number.order.text
    number.hears(number.order)
    number.says("Y")
    assert number.order.text.startswith("You joined")
    number.says("tiếng Việt", "123")
    number.says("TK", "123")
    assert number.order.text.startswith("QK dang dung")


@pytest.mark.scenario("S086")
def test_a_request_may_be_in_a_language_of_its_own() -> None:
    number = Number()
    number.asks(Channel.APP, language="en")
    assert "text Y to 9166" in number.order.text
    assert number.subscriber.language == "vi"


def test_a_language_that_the_policy_does_not_have_is_no_word() -> None:
    number = Number(rules_of(policy=structs.replace(POLICY, languages=("vi",))))
    decision = number.says("EN", "123")
    assert decision.reason is Reason.NOT_UNDERSTOOD
    assert number.subscriber.language == "vi"


@pytest.mark.parametrize("text", ["EN THETHAO", "Y EN", "VI SAO", "tieng anh di"])
def test_no_longer_text_sets_a_language(text: str) -> None:
    number = Number()
    number.says(text, "123")
    assert number.subscriber.language == "vi"
