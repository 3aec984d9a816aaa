"""A report that a number changed hands comes late: what happens to what was done meanwhile."""

import pytest

from tests.unit.decide.example import OUTSIDE, Number
from twofold.domain.numbers import NumberChange
from twofold.domain.orders import OrderKind
from twofold.domain.subscriber import Flag
from twofold.domain.terms import MINUTE_MS


def holder_and_next(number: Number) -> int:
    """One holder has GAME, the next one THETHAO; the time between them."""
    number.joins("GAME", "1579")
    number.hears(number.order)
    number.passes(MINUTE_MS)
    between_at = number.now_at
    number.passes(MINUTE_MS)
    number.joins()
    number.hears(number.order)
    number.passes(MINUTE_MS)
    return between_at


@pytest.mark.scenario("S047")
def test_a_charging_system_outside_is_asked_to_give_back_what_the_next_holder_paid() -> None:
    number = Number(OUTSIDE)
    between_at = holder_and_next(number)
    (theirs,) = (held for held in number.subscriber.subscriptions if held.service == "THETHAO")
    decision = number.changes(NumberChange.RECYCLED, happened_at=between_at)
    (refund,) = (order for order in decision.orders if order.kind is OrderKind.REFUND)
    assert (refund.request_id, refund.amount_minor, refund.tenure) == (theirs.id, 2_000, 0)
    (text,) = (order for order in decision.orders if order.kind is OrderKind.SEND_NOTICE)
    assert (text.key, text.tenure) == ("refund", 1), "the present holder is told"
    left = [owed.service for owed in number.subscriber.memory.owed]
    assert left == ["GAME"], "what is given back now is not given back again"


@pytest.mark.scenario("S047")
@pytest.mark.parametrize("flag", [Flag.CHILD_LINE, Flag.PARENTAL_LOCK, Flag.DO_NOT_CALL])
def test_what_was_said_of_the_next_holder_stays_said(flag: Flag) -> None:
    number = Number()
    others = {Flag.CHILD_LINE, Flag.PARENTAL_LOCK, Flag.DO_NOT_CALL} - {flag}
    for other in sorted(others):
        number.is_flagged(other)
    number.passes(MINUTE_MS)
    between_at = number.now_at
    number.is_flagged(flag)
    number.passes(MINUTE_MS)
    number.changes(NumberChange.TRANSFERRED, happened_at=between_at)
    assert number.subscriber.flags == flag


@pytest.mark.scenario("S045")
def test_of_who_left_nothing_stays() -> None:
    number = Number()
    number.says("CHAN", "123")
    number.passes(MINUTE_MS)
    number.changes(NumberChange.TERMINATED, happened_at=number.now_at - 2 * MINUTE_MS)
    assert number.subscriber.flags == 0
