"""Replies that were sent in time and come late, where the bind tells when they were sent."""

from msgspec import structs

from tests.unit.decide.example import (
    HOUR_MS,
    RULES,
    WINDOW_MS,
    Number,
    ends_of,
    money_of,
    orders_of,
)
from twofold.domain.reason import Reason
from twofold.domain.terms import LATE_MS

TIMED = structs.replace(RULES, timed_codes=frozenset({"9166"}))


def asked() -> tuple[Number, int]:
    """A number that was asked, at its deadline."""
    number = Number(TIMED)
    deadline_at = number.is_asked().deadline_at
    assert deadline_at == number.now_at + WINDOW_MS
    number.now_at = deadline_at
    return number, deadline_at


def test_a_request_waits_two_minutes_past_its_deadline_for_replies_in_time() -> None:
    number, deadline_at = asked()
    assert number.request.due_at == deadline_at + LATE_MS
    assert number.times_out().reason is Reason.SETTLED_BEFORE
    number.passes(LATE_MS)
    assert ends_of(number.times_out()) == ["THETHAO expired"]


def test_elsewhere_a_request_ends_with_its_deadline() -> None:
    number = Number()
    number.is_asked()
    number.passes(WINDOW_MS)
    assert ends_of(number.times_out()) == ["THETHAO expired"]


def test_the_last_instant_counts_and_the_deadline_does_not() -> None:
    number, deadline_at = asked()
    number.passes(LATE_MS - 1)
    assert number.says("Y", sent_at=deadline_at).reason is Reason.WINDOW_PASSED
    assert number.says("y", sent_at=deadline_at - 1).reason is None
    assert number.states == ["THETHAO active"]


def test_what_comes_too_late_is_told_from_what_was_sent_too_late() -> None:
    number, deadline_at = asked()
    number.passes(LATE_MS + HOUR_MS)
    assert number.says("Y", sent_at=deadline_at - 1).reason is Reason.LATE_DELIVERY
    assert number.says("Y THETHAO", sent_at=deadline_at).reason is Reason.WINDOW_PASSED


def test_a_list_after_the_deadline_shows_nothing_that_waits() -> None:
    number, _ = asked()
    assert orders_of(number.says("TK")) == ["tk_empty"]
    assert number.states == ["THETHAO pending"]


def test_a_refusal_after_the_deadline_ends_the_waiting() -> None:
    for text in ("N", "HUY THETHAO", "HUY ALL"):
        number, _ = asked()
        assert ends_of(number.says(text)) == ["THETHAO expired"]


def test_what_was_asked_anew_and_confirmed_is_not_bought_twice() -> None:
    number, deadline_at = asked()
    number.says("DK THETHAO")
    number.hears(number.order)
    assert number.states == ["THETHAO pending", "THETHAO pending"]
    assert ends_of(number.says("Y")) == ["THETHAO expired"]
    decision = number.says("y", sent_at=deadline_at - 1)
    assert (decision.reason, money_of(decision)) == (Reason.ALREADY_ACTIVE, [])


def test_an_old_reply_takes_the_place_of_what_was_asked_anew() -> None:
    number, deadline_at = asked()
    number.says("DK THETHAO")
    number.hears(number.order)
    old, fresh = number.subscriber.requests
    decision = number.says("Y", sent_at=deadline_at - 1)
    assert (number.subscription.id, ends_of(decision)) == (old.id, ["THETHAO withdrawn"])
    assert decision.settled[0].request.id == fresh.id
