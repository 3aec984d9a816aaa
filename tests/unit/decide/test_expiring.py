"""Silence ends a request, at its deadline and not before."""

import pytest
from msgspec import structs

from tests.unit.decide.example import (
    HOUR_MS,
    POLICY,
    STORY,
    WINDOW_MS,
    Number,
    catalogue_of,
    ends_of,
    money_of,
    orders_of,
    rules_of,
)
from twofold.domain.reason import Reason


@pytest.mark.scenario("S004", "S009")
@pytest.mark.parametrize(("after_ms", "ends"), [(-1, []), (0, ["THETHAO expired"])])
def test_a_request_expires_at_its_deadline_and_not_before(after_ms: int, ends: list[str]) -> None:
    number = Number()
    number.is_asked()
    number.passes(WINDOW_MS + after_ms)
    decision = number.times_out()
    assert (ends_of(decision), orders_of(decision), money_of(decision)) == (ends, [], [])
    assert decision.reason is (None if ends else Reason.SETTLED_BEFORE)


@pytest.mark.scenario("S014")
def test_a_deadline_that_is_told_twice_ends_a_request_once() -> None:
    number = Number()
    request = number.is_asked()
    number.passes(WINDOW_MS)
    assert ends_of(number.times_out(request)) == ["THETHAO expired"]
    again = number.times_out(request)
    assert (ends_of(again), again.reason) == ([], Reason.SETTLED_BEFORE)
    assert again.request_id == request.id


def test_a_prompt_that_nobody_took_ends_the_request_undeliverable() -> None:
    number = Number(leaving=False)
    number.says("DK THETHAO")
    number.passes(2 * HOUR_MS - 1)
    assert number.times_out().reason is Reason.SETTLED_BEFORE
    number.passes(1)
    decision = number.times_out()
    assert (ends_of(decision), decision.reason) == (
        ["THETHAO undeliverable"],
        Reason.PROMPT_NOT_ACCEPTED,
    )


TELLING = structs.replace(POLICY, expiry_notice=True)


@pytest.mark.scenario("S005")
def test_where_the_policy_says_so_silence_is_told_once() -> None:
    number = Number(rules_of(policy=TELLING))
    request = number.is_asked()
    number.passes(WINDOW_MS)
    decision = number.times_out()
    assert orders_of(decision) == ["expired"]
    assert number.order.source == "9166"
    assert "DK THETHAO" in number.order.text
    assert orders_of(number.times_out(request)) == []


def test_who_writes_after_the_deadline_is_answered_for_what_they_wrote() -> None:
    number = Number(rules_of(policy=TELLING))
    number.is_asked()
    number.passes(WINDOW_MS)
    decision = number.says("Y")
    assert (ends_of(decision), orders_of(decision)) == (["THETHAO expired"], ["late_confirm"])


def test_an_expiry_of_a_service_that_left_the_catalogue_is_not_told() -> None:
    number = Number(rules_of(policy=TELLING))
    number.is_asked()
    number.rules = rules_of(catalogue_of(STORY, revision=2), TELLING)
    number.passes(WINDOW_MS)
    decision = number.times_out()
    assert (ends_of(decision), orders_of(decision)) == (["THETHAO expired"], [])


@pytest.mark.scenario("S004")
@pytest.mark.parametrize("text", ["TK", "HUY", "N", "DK NHAC", "gia bao nhieu", "HUY ALL"])
def test_every_message_after_the_deadline_sees_the_request_expired(text: str) -> None:
    number = Number()
    number.is_asked()
    number.passes(WINDOW_MS)
    decision = number.says(text)
    assert ends_of(decision) == ["THETHAO expired"]
    assert all(not state.startswith("THETHAO") for state in number.states)


def test_the_entry_of_a_message_that_asks_for_nothing_is_kept_under_what_lapsed() -> None:
    number = Number()
    request = number.is_asked()
    number.passes(WINDOW_MS)
    assert number.says("Y").request_id == request.id
