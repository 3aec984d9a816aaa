"""A stop is free, works on every short code, and takes effect at once."""

import pytest
from msgspec import structs

from tests.unit.decide.example import (
    SPORT,
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
    number.passes(1)
    return number


STOPS = [
    ("HUY THETHAO", "9166", ["THETHAO ended"], ["cancel_ack"]),
    ("huy thethao", "123", ["THETHAO ended"], ["cancel_ack"]),
    ("Hủy THETHAO ngay đi", "1579", ["THETHAO ended"], ["cancel_ack"]),
    ("HUY GAME", "9166", ["GAME ended"], ["cancel_ack"]),
    ("HUY NHAC", "1579", ["NHAC cancelled"], ["cancelled"]),
    ("HUY", "9166", ["NHAC cancelled"], ["cancelled"]),
    ("Huy di!", "9166", ["NHAC cancelled"], ["cancelled"]),
    ("HUY GAMES", "9166", ["GAME ended"], ["cancel_ack"]),
    ("HUY THETHOA", "9166", ["THETHAO ended"], ["cancel_ack"]),
    ("HUY NHACC", "9166", ["NHAC cancelled"], ["cancelled"]),
    ("huy tin the thao", "123", ["THETHAO ended"], ["cancel_ack"]),
    ("HUY 2", "123", ["GAME ended"], ["cancel_ack"]),
    ("HUY THETHAO, GAME", "123", ["THETHAO ended", "GAME ended"], ["cancel_ack"] * 2),
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
    ("stop please", "1579", ["cancel_which"]),
    ("huy the nao", "9166", ["cancel_which"]),
    ("HUY?", "9166", ["cancel_which"]),
    ("HUY 4", "9166", ["cancel_which"]),
    ("HUY TRUYEN", "9166", ["cancel_which"]),
    ("HUY KHONGCO", "9166", ["cancel_which"]),
]


@pytest.mark.parametrize(("text", "to", "orders"), UNCLEAR)
def test_a_stop_that_may_mean_several_asks_which(text: str, to: str, orders: list[str]) -> None:
    number = busy()
    decision = number.says(text, to)
    assert (decision.reason, orders_of(decision)) == (Reason.STOP_UNCLEAR, orders)
    assert (ends_of(decision), len(number.states)) == ([], 3)


def test_a_number_means_the_list_that_was_sent_last() -> None:
    number = busy()
    number.says("TK", "123")
    assert ends_of(number.says("HUY 1", "123")) == ["THETHAO ended"]
    assert ends_of(number.says("HUY 1", "123")) == []
    assert ends_of(number.says("HUY 2", "123")) == ["GAME ended"]
    number.says("TK", "123")
    assert ends_of(number.says("HUY 1", "123")) == ["NHAC cancelled"]


def test_a_stop_says_which_service_it_took_the_word_for() -> None:
    number = busy()
    number.says("HUY THETHAQ")
    assert "Tin the thao" in number.order.text


def test_a_word_near_to_two_services_stops_neither() -> None:
    other = structs.replace(SPORT, code="THETHAP", name="The thao phu")
    number = Number(rules_of(catalogue_of(SPORT, other)))
    number.joins()
    number.joins("THETHAP")
    decision = number.says("HUY THETHAC")
    assert (ends_of(decision), orders_of(decision)) == ([], ["cancel_which"])


def test_the_code_of_another_service_is_near_to_none() -> None:
    other = structs.replace(SPORT, code="THETHAP", name="The thao phu")
    number = Number(rules_of(catalogue_of(SPORT, other)))
    number.joins()
    assert ends_of(number.says("HUY THETHAP")) == []


@pytest.mark.parametrize("to", ["9166", "1579", "123"])
def test_a_bare_stop_where_nothing_is_on_ends_all_that_waits(to: str) -> None:
    number = Number()
    number.is_asked()
    assert ends_of(number.says("HUY", to)) == ["THETHAO cancelled"]


def test_a_bare_stop_ends_the_only_service_that_is_on() -> None:
    number = Number()
    number.joins()
    number.passes(1)
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


@pytest.mark.scenario("S073")
@pytest.mark.parametrize("text", ["HUY THETHAO", "HUY", "HUY ALL"])
@pytest.mark.parametrize(
    ("sent_after_ms", "money"), [(-1_000, [-2_000]), (0, [-2_000]), (1, []), (1_000, [])]
)
def test_a_stop_sent_no_later_than_the_yes_wins_and_the_charge_goes_back(
    text: str, sent_after_ms: int, money: list[int]
) -> None:
    number = Number()
    confirmed_at = number.joins().confirmed_at
    number.passes(1_500)
    decision = number.says(text, sent_at=confirmed_at + sent_after_ms)
    assert (ends_of(decision), money_of(decision)) == (["THETHAO ended"], money)
    assert ("refund" in orders_of(decision)) is bool(money)


@pytest.mark.scenario("S073")
def test_a_yes_that_comes_after_a_stop_starts_nothing_though_it_was_sent_before() -> None:
    number = Number()
    number.is_asked()
    number.passes(2_000)
    number.says("HUY THETHAO")
    number.passes(500)
    decision = number.says("Y", sent_at=number.now_at - 1_500)
    assert (number.states, money_of(decision)) == ([], [])
