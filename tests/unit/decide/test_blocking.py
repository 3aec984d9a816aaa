"""The subscriber's own lock on new services: what it refuses and leaves alone, and who opens it."""

import pytest

from tests.unit.decide.example import Number, ends_of, orders_of
from twofold.domain.reason import Reason
from twofold.domain.subscriber import Flag


@pytest.mark.scenario("S074")
@pytest.mark.parametrize("to", ["123", "9166", "1579"])
def test_a_shut_number_gets_no_new_service_until_it_is_opened(to: str) -> None:
    number = Number()
    assert orders_of(number.says("CHAN", to)) == ["blocked_on"]
    decision = number.says("DK THETHAO")
    assert decision.reason is Reason.BLOCK_LISTED
    assert orders_of(decision) == ["blocked"]
    assert ends_of(decision) == ["THETHAO refused"]
    assert orders_of(number.says("MO", to)) == ["blocked_off"]
    number.says("DK THETHAO")
    assert number.states == ["THETHAO waiting_prompt"]


@pytest.mark.scenario("S074")
def test_what_is_on_goes_on_and_stops_as_ever() -> None:
    number = Number()
    number.joins()
    number.passes(1)
    number.says("CHAN", "123")
    assert number.states == ["THETHAO active"]
    assert orders_of(number.says("DK THETHAO")) == ["already"]
    assert orders_of(number.says("HUY THETHAO", "123")) == ["cancel_ack"]


def test_shutting_twice_is_shutting_once() -> None:
    number = Number()
    number.says("CHAN", "123")
    before = number.subscriber.flags
    number.passes(60_000)
    assert orders_of(number.says("CHAN", "123")) == ["blocked_on"]
    assert number.subscriber.flags is before


def test_who_opens_the_lock_opens_no_other() -> None:
    number = Number()
    number.is_flagged(Flag.CHILD_LINE)
    number.says("CHAN", "123")
    number.says("MO", "123")
    assert number.subscriber.flags == Flag.CHILD_LINE


def test_a_refusal_that_explains_does_not_flood() -> None:
    number = Number()
    number.says("CHAN", "123")
    assert orders_of(number.says("DK THETHAO")) == ["blocked"]
    number.passes(11_000)
    assert orders_of(number.says("DK NHAC")) == []
