"""A sweep brings a number in line with the catalogue of that moment, once, and says so once."""

import pytest
from msgspec import structs

from tests.unit.decide.example import HOUR_MS, NOW_AT, NUMBER, Number, ends_of, orders_of
from twofold.decide import Decision
from twofold.domain.catalogue import Stop, StopKind
from twofold.domain.events import CatalogueSwept
from twofold.domain.reason import Reason
from twofold.domain.terms import DAY_MS

PARTNER = Stop(StopKind.PARTNER, "abc", NOW_AT, "an", "complaints")
SERVICE = Stop(StopKind.SERVICE, "THETHAO", NOW_AT, "an", "complaints")


def stopped(number: Number, *stops: Stop) -> None:
    """Have these stops bind from now on, and no others."""
    sold = structs.replace(number.rules.catalogue, stops=stops)
    number.rules = structs.replace(number.rules, catalogue=sold)


def swept(number: Number, stop: Stop, paused_ms: int = 0) -> Decision:
    """Have a sweep come to the number: for a stop, or for its end after so long."""
    where = (number._id(), number.now_at, NUMBER)  # noqa: SLF001 - an event like the example's own
    return number.meets(CatalogueSwept(*where, 2, stop.kind, stop.name, paused_ms))


def on_and_waiting() -> Number:
    """A number with a service that is on, and one that waits for its yes."""
    number = Number()
    number.joins()
    number.is_asked("NHAC")
    return number


def test_what_is_on_is_paused_what_waits_is_closed_and_each_is_told_once() -> None:
    number = on_and_waiting()
    stopped(number, PARTNER)
    decision = swept(number, PARTNER)
    assert (number.states, ends_of(decision)) == (["THETHAO suspended"], ["NHAC withdrawn"])
    assert orders_of(decision) == ["not_on_air", "stopped_by_operator"]
    again = swept(number, PARTNER)
    assert (again.reason, again.orders, again.changes) == (Reason.SETTLED_BEFORE, (), ())


def test_a_stop_of_one_service_leaves_the_partner_s_others_alone() -> None:
    number = on_and_waiting()
    stopped(number, SERVICE)
    swept(number, SERVICE)
    assert number.states == ["NHAC pending", "THETHAO suspended"]


def test_what_was_paused_goes_on_and_its_period_ends_as_much_later() -> None:
    number = on_and_waiting()
    ends_at = number.subscription.renews_at
    assert ends_at == NOW_AT + DAY_MS
    stopped(number, PARTNER)
    swept(number, PARTNER)
    number.passes(HOUR_MS)
    stopped(number)
    swept(number, PARTNER, HOUR_MS)
    assert number.states == ["THETHAO active"]
    assert number.subscription.renews_at == ends_at + HOUR_MS


def test_what_a_second_stop_holds_goes_on_with_the_end_of_neither_alone() -> None:
    number = on_and_waiting()
    stopped(number, PARTNER, SERVICE)
    swept(number, PARTNER)
    swept(number, SERVICE)
    number.passes(HOUR_MS)
    stopped(number, SERVICE)
    swept(number, PARTNER, HOUR_MS)
    assert number.states == ["THETHAO suspended"]
    stopped(number)
    swept(number, SERVICE, HOUR_MS)
    assert number.states == ["THETHAO active"]


@pytest.mark.parametrize("first", [PARTNER, SERVICE], ids=["partner first", "service first"])
def test_a_period_ends_later_by_all_the_time_in_which_any_stop_held_it(first: Stop) -> None:
    number = Number()
    number.joins()
    ends_at = NOW_AT + DAY_MS
    second = structs.replace(SERVICE if first is PARTNER else PARTNER, since_at=NOW_AT + HOUR_MS)
    stopped(number, first)
    swept(number, first)
    number.passes(2 * HOUR_MS)
    stopped(number, second)
    swept(number, first, 2 * HOUR_MS)
    assert number.states == ["THETHAO suspended"]
    number.passes(HOUR_MS)
    stopped(number)
    swept(number, second, 2 * HOUR_MS)
    assert number.subscription.renews_at == ends_at + 3 * HOUR_MS


def test_a_period_ends_later_by_the_time_until_its_sweep_came_as_well() -> None:
    number = Number()
    number.joins()
    number.passes(HOUR_MS)
    stopped(number, PARTNER)
    swept(number, PARTNER)
    number.passes(HOUR_MS)
    stopped(number)
    number.passes(HOUR_MS)
    swept(number, PARTNER, 2 * HOUR_MS)
    assert number.subscription.renews_at == NOW_AT + DAY_MS + 3 * HOUR_MS
    assert number.subscription.paused_at is None


def test_the_end_of_another_stop_resumes_nothing() -> None:
    number = on_and_waiting()
    stopped(number, PARTNER)
    swept(number, PARTNER)
    stopped(number)
    swept(number, structs.replace(PARTNER, name="xyz"), HOUR_MS)
    assert number.states == ["THETHAO suspended"]


def test_what_is_stopped_no_more_when_its_sweep_comes_is_not_paused() -> None:
    number = on_and_waiting()
    decision = swept(number, PARTNER)
    assert decision.reason is Reason.SETTLED_BEFORE
    assert number.states == ["NHAC pending", "THETHAO active"]
