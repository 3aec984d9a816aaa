"""A stop is free, works on every short code, and takes effect at once."""

import pytest

from tests.unit.decide.example import (
    STORY,
    Number,
    catalogue_of,
    ends_of,
    money_of,
    orders_of,
    rules_of,
)
from twofold.domain.orders import OrderKind
from twofold.domain.reason import Reason


def busy() -> Number:
    """THETHAO and GAME are on, NHAC waits for a yes."""
    number = Number()
    number.joins()
    number.joins("GAME", "1579")
    number.is_asked("NHAC")
    return number


STOPS = [
    ("HUY THETHAO", "9166", ["THETHAO ended"], ["cancel_ack"]),
    ("huy thethao", "123", ["THETHAO ended"], ["cancel_ack"]),
    ("Hủy THETHAO ngay đi", "1579", ["THETHAO ended"], ["cancel_ack"]),
    ("HUY GAME", "9166", ["GAME ended"], ["cancel_ack"]),
    ("HUY NHAC", "1579", ["NHAC cancelled"], ["cancelled"]),
    ("HUY", "9166", ["NHAC cancelled"], ["cancelled"]),
    ("HUY ALL", "123", ["NHAC cancelled", "THETHAO ended", "GAME ended"], ["cancel_all_ack"]),
    ("TC TATCA", "1579", ["NHAC cancelled", "THETHAO ended", "GAME ended"], ["cancel_all_ack"]),
]


@pytest.mark.scenario("S007", "S092", "S093")
@pytest.mark.parametrize(("text", "to", "ends", "orders"), STOPS)
def test_a_stop_ends_what_it_means_at_once(
    text: str, to: str, ends: list[str], orders: list[str]
) -> None:
    number = busy()
    decision = number.says(text, to)
    assert (ends_of(decision), orders_of(decision)) == (ends, orders)
    assert {order.source for order in decision.orders} == {to}
    assert money_of(decision) == []
    assert len(number.states) == 3 - len(ends)


UNCLEAR = [
    ("HUY", "1579", ["cancel_which"]),
    ("HUY", "123", ["cancel_which"]),
    ("stop please", "9166", ["cancel_which"]),
    ("HUY KHONGCO", "9166", ["cancel_which"]),
]


@pytest.mark.parametrize(("text", "to", "orders"), UNCLEAR)
def test_a_stop_that_may_mean_several_asks_which(text: str, to: str, orders: list[str]) -> None:
    number = busy()
    decision = number.says(text, to)
    assert (decision.reason, orders_of(decision)) == (Reason.STOP_UNCLEAR, orders)
    assert (ends_of(decision), len(number.states)) == ([], 3)


def test_a_bare_stop_ends_the_only_service_that_is_on() -> None:
    number = Number()
    number.joins()
    decision = number.says("HUY", "123")
    assert (ends_of(decision), number.states) == (["THETHAO ended"], [])
    assert number.order.kind is OrderKind.SEND_NOTICE
    assert decision.ended[0].subscription.reason is Reason.SUBSCRIBER_STOPPED


@pytest.mark.parametrize("text", ["HUY", "HUY THETHAO", "HUY ALL", "STOP"])
def test_a_stop_of_nothing_says_so(text: str) -> None:
    number = Number()
    decision = number.says(text)
    assert (decision.reason, orders_of(decision)) == (Reason.NOTHING_TO_STOP, ["nothing_to_stop"])


def test_a_service_that_left_the_catalogue_can_still_be_stopped() -> None:
    number = Number()
    number.joins()
    number.rules = rules_of(catalogue_of(STORY, revision=2))
    assert ends_of(number.says("HUY THETHAO")) == ["THETHAO ended"]


@pytest.mark.scenario("S073")
def test_nothing_is_started_after_a_stop() -> None:
    number = Number()
    number.is_asked()
    number.says("HUY THETHAO")
    decision = number.says("Y")
    assert (decision.reason, number.states) == (Reason.NOTHING_PENDING, [])
    assert money_of(decision) == []
