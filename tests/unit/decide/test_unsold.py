"""A service leaves the catalogue while somebody has it: its end is told as ever, by its code."""

from collections.abc import Callable

import pytest
from msgspec import structs

from tests.unit.decide.example import (
    MUSIC,
    NOW_AT,
    OUTSIDE,
    POLICY,
    Number,
    catalogue_of,
    ends_of,
    orders_of,
    rules_of,
)
from tests.unit.decide.test_sweeping import swept
from twofold.decide import Decision, Rules
from twofold.decide.stopping import everything
from twofold.domain.catalogue import Stop, StopKind
from twofold.domain.numbers import NumberChange
from twofold.domain.orders import Delivered
from twofold.domain.subscriber import Channel
from twofold.domain.terms import MINUTE_MS

WITHOUT = rules_of(catalogue_of(MUSIC, revision=2))
"""THETHAO is sold no more, and neither is anything else of its partner's but NHAC."""

PARTNERLESS = rules_of(structs.replace(WITHOUT.catalogue, services={}, partners={}, words={}))
"""Nothing is sold any more, and nobody is known who sold it."""


def by_sms(number: Number) -> Decision:
    return number.says("HUY THETHAO")


def by_a_bare_stop(number: Number) -> Decision:
    return number.says("HUY", "123")


def by_the_app(number: Number) -> Decision:
    (held,) = everything(number.subscriber)
    return number.cancels(Channel.APP, held.id)


ENDS = [by_sms, by_a_bare_stop, by_the_app]


@pytest.mark.scenario("S092")
@pytest.mark.parametrize("rules", [WITHOUT, PARTNERLESS], ids=["the service", "its partner too"])
@pytest.mark.parametrize("ends", ENDS)
def test_whoever_stops_what_is_sold_no_more_is_told(
    ends: Callable[[Number], Decision], rules: Rules
) -> None:
    number = Number()
    number.joins()
    number.passes(MINUTE_MS)
    number.rules = rules
    decision = ends(number)
    assert (ends_of(decision), orders_of(decision)) == (["THETHAO ended"], ["cancel_ack"])
    assert number.order.text.startswith("QK da huy THETHAO luc ")


@pytest.mark.scenario("S006", "S007")
@pytest.mark.parametrize(
    ("ends", "key"),
    [
        *((ends, "cancelled") for ends in ENDS),
        (lambda number: number.says("N"), "declined"),
    ],
)
def test_whoever_takes_back_what_is_sold_no_more_is_told(
    ends: Callable[[Number], Decision], key: str
) -> None:
    number = Number()
    number.is_asked()
    number.rules = WITHOUT
    decision = ends(number)
    assert (number.states, orders_of(decision)) == ([], [key])
    assert "THETHAO" in number.order.text


def test_whoever_complains_of_a_request_for_what_is_sold_no_more_is_told_that_it_is_off() -> None:
    number = Number()
    number.is_asked()
    number.rules = WITHOUT
    assert orders_of(number.says("KN THETHAO")) == ["complaint_open", "declined"]


@pytest.mark.scenario("S052")
def test_what_is_sold_no_more_is_paused_and_goes_on_with_a_word() -> None:
    number = Number()
    number.joins()
    stop = Stop(StopKind.PARTNER, "abc", NOW_AT, "an", "complaints")
    for stops, paused_ms, key in (
        ((stop,), 0, "stopped_by_operator"),
        ((), 1, "resumed_by_operator"),
    ):
        sold = structs.replace(WITHOUT.catalogue, stops=stops)
        number.rules = structs.replace(WITHOUT, catalogue=sold)
        assert orders_of(swept(number, stop, paused_ms)) == [key]
    assert "2.000d/ngay" in number.order.text


@pytest.mark.scenario("S024")
def test_what_was_paid_for_what_is_sold_no_more_is_given_back_with_a_word() -> None:
    number = Number()
    number.joins()
    welcome = number.order
    number.subscriber = structs.replace(number.subscriber, unsettled=(welcome.id,))
    number.rules = WITHOUT
    number.passes(POLICY.welcome_by_ms)
    assert orders_of(number.is_overdue(welcome)) == ["refund"]
    assert number.order.text.startswith("QK duoc hoan tien 2.000d phi THETHAO ")
    assert number.order.source == "123"


@pytest.mark.scenario("S047")
def test_the_next_holder_is_told_of_what_they_get_back_for_what_is_sold_no_more() -> None:
    number = Number(OUTSIDE)
    number.joins()
    number.hears(number.order, Delivered())
    number.rules = structs.replace(OUTSIDE, catalogue=WITHOUT.catalogue, texts=WITHOUT.texts)
    decision = number.changes(NumberChange.RECYCLED, happened_at=NOW_AT - MINUTE_MS)
    assert orders_of(decision) == ["refund 2000", "refund"]
