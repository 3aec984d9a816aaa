"""Look-up, and help that never floods."""

import pytest

from tests.unit.decide.example import (
    HOUR_MS,
    STORY,
    Number,
    catalogue_of,
    orders_of,
    rules_of,
)
from twofold.domain.reason import Reason
from twofold.domain.terms import DAY_MS, MINUTE_MS


@pytest.mark.scenario("S089", "S090")
@pytest.mark.parametrize("to", ["123", "9166", "1579"])
def test_a_look_up_lists_what_is_on_and_what_waits(to: str) -> None:
    number = Number()
    number.joins()
    number.is_asked("NHAC")
    decision = number.says("TK", to)
    assert (orders_of(decision), decision.reason) == (["tk_list"], None)
    assert number.order.source == to
    for fact in ("Tin the thao", "2.000d/ngay", "HUY THETHAO", "Nhac cho", "cho xac nhan"):
        assert fact in number.order.text


@pytest.mark.scenario("S089")
def test_a_look_up_of_nothing_says_so() -> None:
    number = Number()
    assert orders_of(number.says("TK", "123")) == ["tk_empty"]
    assert "khong dung" in number.order.text


def test_what_left_the_catalogue_is_still_listed_under_its_code() -> None:
    number = Number()
    number.joins()
    number.is_asked("NHAC")
    number.rules = rules_of(catalogue_of(STORY, revision=2))
    number.says("TK", "123")
    assert "HUY THETHAO" in number.order.text
    assert "HUY NHAC" in number.order.text


@pytest.mark.scenario("S038", "S092")
@pytest.mark.parametrize("to", ["849166", "9999", ""])
@pytest.mark.parametrize(
    ("said", "key", "states"),
    [
        ("HUY THETHAO", "cancel_ack", ["NHAC pending"]),
        ("HUY NHAC", "cancelled", ["THETHAO active"]),
        ("N", "declined", ["THETHAO active"]),
        ("HUY GI", "cancel_which", ["NHAC pending", "THETHAO active"]),
        ("Y NHAC", "wrong_short_code", ["NHAC pending", "THETHAO active"]),
        ("TK", "tk_list", ["NHAC pending", "THETHAO active"]),
        ("?", "help", ["NHAC pending", "THETHAO active"]),
    ],
)
def test_what_comes_by_a_code_that_no_smsc_carries_is_obeyed_and_answered_by_the_look_up_code(
    to: str, said: str, key: str, states: list[str]
) -> None:
    number = Number()
    number.joins()
    number.passes(MINUTE_MS)
    number.is_asked("NHAC")
    decision = number.says(said, to)
    assert (orders_of(decision), number.states) == ([key], states)
    assert number.order.source == "123"
    assert to == "" or to not in number.order.text


NONSENSE = [
    ("gia bao nhieu", Reason.NOT_UNDERSTOOD),
    ("Y?", Reason.NOT_UNDERSTOOD),
    ("😀", Reason.NOT_UNDERSTOOD),
    (None, Reason.UNDECODABLE),
]


@pytest.mark.scenario("S029", "S030", "S033")
@pytest.mark.parametrize(("text", "reason"), NONSENSE)
def test_a_text_that_is_no_keyword_confirms_nothing_and_gets_help(
    text: str | None, reason: Reason
) -> None:
    number = Number()
    number.is_asked()
    decision = number.says(text)
    assert (decision.reason, orders_of(decision)) == (reason, ["help"])
    assert number.states == ["THETHAO pending"]


@pytest.mark.scenario("S029")
def test_help_comes_once_in_ten_minutes() -> None:
    number = Number()
    sent = []
    for _ in range(11):
        sent.append(orders_of(number.says("gi vay")) == ["help"])
        number.passes(MINUTE_MS)
    assert sent == [True, *[False] * 9, True]


@pytest.mark.scenario("S029")
def test_help_comes_three_times_a_day_at_most() -> None:
    number = Number()
    sent = 0
    for _ in range(23):
        sent += len(orders_of(number.says("gi vay")))
        number.passes(HOUR_MS)
    assert sent == 3
    number.passes(DAY_MS)
    assert orders_of(number.says("gi vay")) == ["help"]


def test_one_kind_of_explanation_does_not_use_up_another() -> None:
    number = Number()
    assert orders_of(number.says("gi vay")) == ["help"]
    assert orders_of(number.says("Y")) == ["nothing_pending"]
    assert orders_of(number.says("HUY")) == ["nothing_to_stop"]


def test_who_asks_for_help_gets_it() -> None:
    number = Number()
    decision = number.says("HD")
    assert (orders_of(decision), decision.reason) == (["help"], None)
