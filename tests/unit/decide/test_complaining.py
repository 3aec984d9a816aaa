"""A complaint: what it stops, what it opens, and what it leaves to be answered."""

import pytest
from msgspec import structs

from tests.unit.decide.example import (
    ACCEPTED,
    NOW_AT,
    OUTSIDE,
    Number,
    ends_of,
    money_of,
    orders_of,
)
from twofold.domain.ids import reference
from twofold.domain.orders import Rejected
from twofold.domain.reason import Reason
from twofold.domain.states import SubscriptionState
from twofold.domain.subscriber import Channel, ComplaintState
from twofold.domain.terms import DAY_MS, MINUTE_MS


def complains(number: Number, text: str = "KN THETHAO", to: str = "123") -> str:
    """Open a complaint; its id as the subscriber reads it."""
    decision = number.says(text, to)
    assert decision.complaint is not None
    return reference(decision.complaint.id)


@pytest.mark.parametrize("to", ["123", "9166", "1579"])
@pytest.mark.parametrize("text", ["KN THETHAO", "kn thethao toi khong dang ky", "KN"])
def test_a_complaint_holds_the_service_at_once_and_promises_an_answer(text: str, to: str) -> None:
    number = Number()
    id_ = number.joins().id
    decision = number.says(text, to)
    assert decision.reason is Reason.SUBSCRIBER_DISPUTED
    assert orders_of(decision) == ["complaint_open"]
    assert number.states == ["THETHAO suspended"]
    assert number.subscription.reason is Reason.SUBSCRIBER_DISPUTED
    assert (number.subscription.renews_at, number.subscription.order_id) == (None, 0)
    complaint = decision.complaint
    assert complaint is not None
    assert (complaint.about_id, complaint.service) == (id_, "THETHAO")
    assert (complaint.state, complaint.channel) == (ComplaintState.OPEN, Channel.SMS)
    assert (complaint.opened_at, complaint.answer_by_at) == (NOW_AT, NOW_AT + DAY_MS)
    assert reference(complaint.id) in number.order.text
    assert "truoc 09:00 02/07" in number.order.text
    assert number.order.source == to


def test_complaining_again_opens_nothing_new_and_says_how_it_stands() -> None:
    number = Number()
    number.joins()
    id_ = complains(number)
    number.passes(MINUTE_MS)
    decision = number.says("KN THETHAO", "9166")
    assert (decision.complaint, decision.reason) == (None, None)
    assert orders_of(decision) == ["complaint_status"]
    assert id_ in number.order.text
    assert len(number.complaints) == 1


def test_a_complaint_is_asked_after_by_its_id() -> None:
    number = Number()
    number.joins()
    id_ = complains(number)
    number.says("HUY THETHAO")
    number.passes(MINUTE_MS)
    for written in (id_, id_.lower(), id_.replace("0", "o")):
        decision = number.says(f"KN {written}", "123")
        assert orders_of(decision) == ["complaint_status"]
        assert "Tin the thao" in number.order.text


def test_the_proof_of_a_welcome_says_what_is_meant() -> None:
    number = Number()
    number.joins("GAME", "1579")
    id_ = number.joins().id
    number.says(f"KN {reference(id_)}", "123")
    assert number.states == ["GAME active", "THETHAO suspended"]


def test_what_is_over_may_be_complained_about() -> None:
    number = Number()
    id_ = number.joins().id
    number.says("HUY THETHAO")
    number.passes(5 * DAY_MS)
    decision = number.says("KN THETHAO", "123")
    assert orders_of(decision) == ["complaint_open"]
    assert decision.complaint is not None
    assert decision.complaint.about_id == id_
    assert number.states == []


def test_what_is_on_is_meant_before_what_is_over_and_the_latest_before_the_rest() -> None:
    number = Number()
    number.joins()
    number.passes(MINUTE_MS)
    number.says("HUY THETHAO")
    second = number.joins().id
    number.passes(MINUTE_MS)
    number.says("HUY THETHAO")
    complains(number)
    assert [held.about_id for held in number.complaints.values()] == [second]
    number.passes(2 * DAY_MS)
    third = number.joins().id
    complains(number)
    assert [held.about_id for held in number.complaints.values()] == [second, third]


def test_a_prompt_that_nobody_asked_for_is_refused_by_complaining() -> None:
    number = Number()
    id_ = number.is_asked().id
    decision = number.says("KN THETHAO", "123")
    assert ends_of(decision) == ["THETHAO declined"]
    assert orders_of(decision) == ["complaint_open", "declined"]
    assert "khong mat phi" in decision.orders[-1].text
    assert [held.about_id for held in number.complaints.values()] == [id_]
    assert orders_of(number.says("Y")) == ["nothing_pending"]


UNCLEAR = [
    ("KN", "nothing_to_complain", False),
    ("KN THETHAO", "nothing_to_complain", False),
    ("KN KHONGCO", "complain_which", True),
    ("KN 00000000000", "complain_which", True),
    ("KN NHAC", "complain_which", True),
]


@pytest.mark.parametrize(("text", "key", "has_service"), UNCLEAR)
def test_a_complaint_about_nothing_that_is_known_says_what_could_be_meant(
    text: str,
    key: str,
    has_service: bool,  # noqa: FBT001 - a column
) -> None:
    number = Number()
    if has_service:
        number.joins()
    decision = number.says(text, "123")
    assert decision.reason is Reason.COMPLAINT_UNCLEAR
    assert orders_of(decision) == [key]
    assert number.complaints == {}
    assert ("KN THETHAO" in number.order.text) is has_service


def test_bare_among_several_services_asks_which() -> None:
    number = Number()
    number.joins()
    number.joins("GAME", "1579")
    assert orders_of(number.says("KN", "123")) == ["complain_which"]
    assert "KN THETHAO hoac KN GAME gui 123" in number.order.text


# -- money -----------------------------------------------------------------------------------------


def test_a_charge_under_way_is_given_back_when_it_proves_taken() -> None:
    number = Number(OUTSIDE)
    number.joins()
    charge = number.order
    decision = number.says("KN THETHAO", "123")
    assert ends_of(decision) == ["THETHAO ended"]
    assert number.past[0].service == "THETHAO"
    assert orders_of(number.hears(charge)) == ["refund 2000"]


def test_a_held_service_is_stopped_as_ever() -> None:
    number = Number()
    number.joins()
    complains(number)
    number.passes(MINUTE_MS)
    decision = number.says("HUY THETHAO", "123")
    assert orders_of(decision) == ["cancel_ack"]
    assert number.states == []


def test_a_held_service_is_not_joined_anew_until_the_complaint_is_answered() -> None:
    number = Number()
    number.joins()
    complains(number)
    decision = number.says("DK THETHAO")
    assert decision.reason is Reason.SUBSCRIBER_DISPUTED
    assert orders_of(decision) == ["disputed"]
    decision = number.asks(Channel.WEB)
    assert (decision.reason, decision.orders) == (Reason.SUBSCRIBER_DISPUTED, ())
    assert number.states == ["THETHAO suspended"]


def test_a_yes_after_a_complaint_is_not_told_that_the_service_is_on() -> None:
    number = Number()
    number.joins()
    complains(number)
    number.passes(MINUTE_MS)
    assert orders_of(number.says("Y")) == ["nothing_pending"]


def test_the_list_says_that_nothing_is_charged() -> None:
    number = Number()
    number.joins()
    complains(number)
    number.says("TK", "123")
    assert "tam ngung, khong thu phi (HUY THETHAO)" in number.order.text


def test_a_welcome_that_arrives_later_wakes_nothing() -> None:
    number = Number()
    number.joins()
    welcome = number.order
    complains(number)
    number.hears(welcome)
    assert number.states == ["THETHAO suspended"]


def test_a_welcome_that_never_arrives_gives_the_money_back_once() -> None:
    number = Number()
    number.joins()
    welcome = number.order
    complains(number)
    decision = number.hears(welcome, Rejected("no"))
    assert money_of(decision) == [-2_000]
    assert ends_of(decision) == ["THETHAO ended"]
    assert orders_of(decision) == ["refund"]


def test_what_was_held_for_its_welcome_and_given_back_ends_without_a_second_refund() -> None:
    number = Number()
    number.joins()
    welcome = number.order
    number.subscriber = structs.replace(number.subscriber, unsettled=(welcome.id,))
    assert money_of(number.is_overdue(welcome)) == [-2_000]
    decision = number.says("KN THETHAO", "123")
    assert money_of(decision) == []
    assert ends_of(decision) == ["THETHAO ended"]
    assert money_of(number.hears(welcome, ACCEPTED)) == []


def test_what_the_operator_stopped_is_held_for_the_complaint_as_well() -> None:
    number = Number()
    held = number.joins()
    paused = structs.replace(
        held, state=SubscriptionState.SUSPENDED, reason=Reason.PARTNER_SUSPENDED
    )
    number.subscriber = structs.replace(number.subscriber, subscriptions=(paused,))
    assert orders_of(number.says("KN THETHAO", "123")) == ["complaint_open"]
    assert number.states == ["THETHAO suspended"]
    assert number.subscription.reason is Reason.SUBSCRIBER_DISPUTED
