"""Receipts: they may bring one more copy of a prompt, and never a confirmation."""

import pytest

from tests.unit.decide.example import (
    HOUR_MS,
    WINDOW_MS,
    Number,
    ends_of,
    orders_of,
)
from twofold.domain.orders import Delivered, Rejected, Unknown
from twofold.domain.reason import Reason


def test_a_prompt_that_arrived_is_noted() -> None:
    number = Number()
    number.is_asked()
    number.passes(3_000)
    decision = number.reads("DELIVERED")
    assert number.request.delivered_at == number.now_at
    assert decision.reported is not None
    assert (decision.reported.message_id, number.subscriber.awaited) == ("m1", ())


def test_a_prompt_in_parts_has_arrived_when_all_of_them_have() -> None:
    number = Number()
    number.says("DK THETHAO")
    number.hears(number.order, Delivered("main", ("m1", "m2")))
    number.reads("DELIVERED", "m2")
    assert (number.request.parts_left, number.request.delivered_at) == (1, None)
    number.reads("DELIVERED")
    assert (number.request.parts_left, number.request.delivered_at) == (0, number.now_at)


@pytest.mark.scenario("S019")
@pytest.mark.parametrize("state", ["UNDELIVERABLE", "REJECTED", "DELETED"])
def test_a_prompt_that_failed_is_tried_once_more_and_then_the_request_closes(state: str) -> None:
    number = Number()
    number.is_asked()
    assert orders_of(number.reads(state)) == ["confirm_request"]
    number.hears(number.order, Delivered("main", ("m2",)))
    decision = number.reads(state, "m2")
    assert (decision.reason, ends_of(decision)) == (
        Reason.PROMPT_NOT_DELIVERED,
        ["THETHAO undeliverable"],
    )
    assert orders_of(decision) == []
    assert number.says("Y").reason is Reason.NOTHING_PENDING


def test_a_prompt_that_arrived_once_keeps_the_request_open_whatever_its_copy_does() -> None:
    number = Number()
    number.is_asked()
    number.reads("DELIVERED")
    number.passes(HOUR_MS)
    number.says("DK THETHAO")
    number.hears(number.order, Delivered("main", ("m2",)))
    assert ends_of(number.reads("UNDELIVERABLE", "m2")) == []
    assert number.states == ["THETHAO pending"]


def test_a_copy_that_is_on_its_way_is_waited_for() -> None:
    number = Number()
    number.says("DK THETHAO")
    number.hears(number.order, Delivered("main", ("m1", "m2")))
    assert orders_of(number.reads("UNDELIVERABLE")) == ["confirm_request"]
    assert orders_of(number.reads("UNDELIVERABLE", "m2")) == []
    assert number.states == ["THETHAO pending"]


def test_a_late_failure_of_the_first_copy_leaves_the_second_its_chance() -> None:
    number = Number()
    number.is_asked()
    number.passes(HOUR_MS)
    number.says("DK THETHAO")
    number.hears(number.order, Delivered("main", ("m2",)))
    assert ends_of(number.reads("UNDELIVERABLE")) == []
    assert number.states == ["THETHAO pending"]
    assert ends_of(number.reads("UNDELIVERABLE", "m2")) == ["THETHAO undeliverable"]


def test_a_copy_whose_answer_was_lost_may_have_arrived_whatever_the_other_did() -> None:
    number = Number()
    number.says("DK THETHAO")
    number.hears(number.order, Unknown("silence"))
    number.claims(number.retried)
    number.hears(number.retried, Delivered("main", ("m2",)))
    assert ends_of(number.reads("UNDELIVERABLE", "m2")) == []
    assert number.says("Y").reason is None


def test_a_copy_that_is_refused_after_the_other_failed_leaves_nobody_asked() -> None:
    number = Number()
    number.is_asked()
    number.reads("UNDELIVERABLE")
    assert ends_of(number.hears(number.order, Rejected("no"))) == ["THETHAO undeliverable"]


def test_parts_of_two_copies_do_not_make_one_prompt() -> None:
    number = Number()
    number.says("DK THETHAO")
    number.hears(number.order, Delivered("main", ("m1", "m2")))
    number.reads("UNDELIVERABLE", "m2")
    number.hears(number.order, Delivered("main", ("n1", "n2")))
    number.reads("DELIVERED")
    number.reads("DELIVERED", "n1")
    assert number.request.delivered_at is None
    number.reads("DELIVERED", "n2")
    assert number.request.delivered_at == number.now_at


def test_a_part_that_fails_twice_over_is_one_copy() -> None:
    number = Number()
    number.says("DK THETHAO")
    number.hears(number.order, Delivered("main", ("m1", "m2")))
    number.reads("UNDELIVERABLE", "m1")
    number.hears(number.order, Delivered("main", ("n1", "n2")))
    assert ends_of(number.reads("UNDELIVERABLE", "m2")) == []


@pytest.mark.scenario("S019")
def test_a_prompt_that_expires_long_before_its_deadline_is_tried_once_more() -> None:
    number = Number()
    number.is_asked()
    number.passes(HOUR_MS)
    assert orders_of(number.reads("EXPIRED")) == ["confirm_request"]


@pytest.mark.scenario("S023")
def test_a_number_that_gets_no_sms_is_told_apart_and_not_tried_again() -> None:
    number = Number()
    number.is_asked()
    decision = number.reads("UNDELIVERABLE", has_no_sms=True)
    assert (decision.reason, orders_of(decision)) == (Reason.NO_SMS_CAPABILITY, [])
    assert ends_of(decision) == ["THETHAO undeliverable"]
    assert number.says("Y").reason is Reason.NOTHING_PENDING


@pytest.mark.scenario("S021")
def test_a_prompt_that_died_in_the_smsc_leaves_the_request_to_its_deadline() -> None:
    number = Number()
    number.is_asked()
    number.passes(WINDOW_MS)
    decision = number.reads("EXPIRED")
    assert (ends_of(decision), orders_of(decision)) == ([], [])
    assert ends_of(number.times_out()) == ["THETHAO expired"]


@pytest.mark.scenario("S022")
def test_a_receipt_that_comes_twice_or_for_nothing_changes_nothing() -> None:
    number = Number()
    number.is_asked()
    number.reads("DELIVERED")
    before = number.subscriber
    for message_id in ("m1", "m9"):
        decision = number.reads("UNDELIVERABLE", message_id)
        assert (decision.reason, number.subscriber) == (Reason.UNKNOWN_RECEIPT, before)
        assert (orders_of(decision), decision.reported) == ([], None)


def test_a_receipt_on_the_way_is_waited_past() -> None:
    number = Number()
    number.is_asked()
    decision = number.reads("ACCEPTED", is_final=False)
    assert (decision.reported, decision.reason) == (None, None)
    assert len(number.subscriber.awaited) == 1


@pytest.mark.parametrize("state", ["DELIVERED", "UNDELIVERABLE", "UNKNOWN"])
def test_a_receipt_for_a_request_that_is_over_is_kept_and_nothing_more(state: str) -> None:
    number = Number()
    number.is_asked()
    number.says("N")
    decision = number.reads(state)
    assert (ends_of(decision), orders_of(decision), number.states) == ([], [], [])
    assert decision.reported is not None


def test_a_receipt_for_the_welcome_stops_nothing() -> None:
    number = Number()
    number.joins()
    number.hears(number.order, Delivered("main", ("w1",)))
    assert orders_of(number.reads("UNDELIVERABLE", "w1")) == []
    assert number.states == ["THETHAO active"]
