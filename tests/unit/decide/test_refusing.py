"""A no, in all its width."""

import pytest
from msgspec import structs

from tests.unit.decide.example import (
    SERVICES,
    Number,
    catalogue_of,
    ends_of,
    money_of,
    orders_of,
    rules_of,
)
from twofold.domain.reason import Reason


def three() -> Number:
    """A number that was asked about two services on 9166 and one on 1579."""
    number = Number()
    number.is_asked()
    number.is_asked("NHAC")
    number.is_asked("GAME", "1579")
    return number


NOES = [
    ("N", "9166", ["THETHAO declined", "NHAC declined"]),
    ("tc", "9166", ["THETHAO declined", "NHAC declined"]),
    ("N", "1579", ["GAME declined"]),
    ("Không đồng ý", "123", ["THETHAO declined", "NHAC declined", "GAME declined"]),
    ("TC", "123", ["THETHAO declined", "NHAC declined", "GAME declined"]),
    ("N NHAC", "9166", ["NHAC declined"]),
    ("TC NHAC", "123", ["NHAC declined"]),
    ("N GAME", "9166", ["GAME declined"]),
    ("khong, cam on", "9166", ["THETHAO declined", "NHAC declined"]),
    ("Không phải tôi đăng ký", "9166", ["THETHAO declined", "NHAC declined"]),
    ("N THETHOA", "9166", ["THETHAO declined"]),
    ("N 2", "9166", ["NHAC declined"]),
    ("khong muon dau truong dau", "9166", ["GAME declined"]),
]


@pytest.mark.scenario("S006", "S027")
@pytest.mark.parametrize(("text", "to", "ends"), NOES)
def test_a_no_ends_what_it_means(text: str, to: str, ends: list[str]) -> None:
    number = three()
    decision = number.says(text, to)
    assert ends_of(decision) == ends
    assert orders_of(decision) == ["declined"] * len(ends)
    assert {order.source for order in decision.orders} == {to}
    assert {over.reason for over in decision.settled} == {Reason.SUBSCRIBER_DECLINED}
    assert len(number.states) == 3 - len(ends)
    assert money_of(decision) == []


def test_a_no_also_ends_a_request_whose_prompt_has_not_left() -> None:
    number = Number(leaving=False)
    order = number.says("DK THETHAO").orders[0]
    assert ends_of(number.says("N")) == ["THETHAO declined"]
    assert number.claims(order).reason is Reason.SETTLED_BEFORE


@pytest.mark.parametrize(
    ("text", "reason", "key"),
    [
        ("N", Reason.NOTHING_PENDING, "nothing_pending"),
        ("N THETHAO", Reason.NOTHING_PENDING, "nothing_pending"),
        ("N KHONGCO", Reason.NOTHING_PENDING, "nothing_pending"),
        ("TC", None, "tk_empty"),
    ],
)
def test_a_no_that_meets_nothing_is_explained(text: str, reason: Reason | None, key: str) -> None:
    number = Number()
    decision = number.says(text)
    assert (decision.reason, orders_of(decision)) == (reason, [key])


def test_a_no_with_words_that_name_nothing_ends_the_only_one_that_waits() -> None:
    number = Number()
    number.is_asked()
    assert ends_of(number.says("N KHONGCO")) == ["THETHAO declined"]


@pytest.mark.parametrize("text", ["N KHONGCO", "N 4821", "N BONG"])
def test_a_no_with_an_unknown_code_while_several_wait_asks_which(text: str) -> None:
    number = three()
    decision = number.says(text)
    assert (ends_of(decision), orders_of(decision)) == ([], ["cancel_which"])
    assert decision.reason is Reason.STOP_UNCLEAR
    assert "HUY THETHAO hoac HUY NHAC gui" in number.order.text


def test_a_no_to_one_that_does_not_wait_lists_those_that_do() -> None:
    number = Number()
    number.is_asked()
    decision = number.says("N GAME")
    assert (ends_of(decision), orders_of(decision)) == ([], ["cancel_which"])
    assert "HUY THETHAO" in number.order.text


@pytest.mark.parametrize("text", ["N", "khong", "tc"])
def test_a_no_where_nothing_waits_ends_what_waits_elsewhere(text: str) -> None:
    number = Number()
    number.is_asked()
    assert ends_of(number.says(text, "1579")) == ["THETHAO declined"]


@pytest.mark.scenario("S007")
def test_a_yes_after_a_no_starts_nothing() -> None:
    number = Number()
    number.is_asked()
    number.says("N")
    decision = number.says("Y")
    assert (decision.reason, number.states) == (Reason.NOTHING_PENDING, [])


def test_a_no_for_a_service_that_is_on_says_how_to_stop_it() -> None:
    services = catalogue_of(*SERVICES)
    aliased = structs.replace(services, words={**services.words, "BONGDA": "THETHAO"})
    number = Number(rules_of(aliased))
    number.joins()
    decision = number.says("N BONGDA")
    assert (decision.reason, orders_of(decision)) == (Reason.ALREADY_ACTIVE, ["already"])
    assert "HUY THETHAO" in number.order.text
