"""Which SIM counts as having asked, where no bind, or not every one, tells it."""

from collections.abc import Callable

import pytest
from msgspec import structs

from tests.unit.decide.example import OUTSIDE, POLICY, RULES, Number, rules_of
from twofold.decide.sims import UNKNOWN, mark_of
from twofold.domain.events import MessageReceived
from twofold.domain.numbers import NumberChange
from twofold.domain.orders import OrderKind
from twofold.domain.policy import ReplyMode
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState
from twofold.domain.subscriber import Channel, Subscriber, Subscription
from twofold.domain.terms import MINUTE_MS

FIRST, SECOND = "452010000000001", "452010000000002"


def asked_by_sms(number: Number) -> None:
    number.says("DK THETHAO", imsi=FIRST)
    number.hears(number.order)


def asked_by_ussd(number: Number) -> None:
    prompt, _screen = number.dials("THETHAO", imsi=FIRST).orders
    number.hears(prompt)


def asked_by_web_and_heard(number: Number) -> None:
    number.asks(Channel.APP)
    number.hears(number.order)
    number.says("TK", "123", imsi=FIRST)


def asked_by_web_beside_one_by_sms(number: Number) -> None:
    number.says("DK GAME", "1579", imsi=FIRST)
    number.hears(number.order)
    number.asks(Channel.APP)
    number.hears(number.order)


@pytest.mark.scenario("S044")
@pytest.mark.parametrize(
    "asked", [asked_by_sms, asked_by_ussd, asked_by_web_and_heard, asked_by_web_beside_one_by_sms]
)
@pytest.mark.parametrize("imsi", [FIRST, "", SECOND])
def test_a_yes_counts_unless_it_is_proved_that_another_sim_sent_it(
    asked: Callable[[Number], None], imsi: str
) -> None:
    number, is_same = Number(), imsi != SECOND
    asked(number)
    number.passes(20 * MINUTE_MS)
    decision = number.says("Y", imsi=imsi)
    assert (decision.reason is None) == is_same
    assert bool(decision.debits) == is_same
    if not is_same:
        assert decision.reason is Reason.SIM_CHANGED
        assert [order.key for order in decision.orders] == ["asked_later"]


@pytest.mark.scenario("S044")
@pytest.mark.parametrize("channel", [Channel.APP, Channel.CARE])
def test_the_first_sim_that_is_heard_proves_no_change(channel: Channel) -> None:
    number = Number()
    number.asks(channel)
    number.hears(number.order)
    assert number.request.sim == UNKNOWN
    assert number.says("Y", imsi=SECOND).debits


@pytest.mark.scenario("S044")
def test_a_yes_from_another_sim_is_not_kept_for_an_answer_that_is_out() -> None:
    number = Number()
    number.says("DK THETHAO", imsi=FIRST)
    prompt = number.order
    assert number.says("Y", imsi=SECOND).reason is Reason.SIM_CHANGED
    assert number.request.state is RequestState.CHECKING
    assert number.hears(prompt).reason is Reason.SETTLED_BEFORE


@pytest.mark.scenario("S044")
def test_what_takes_a_request_up_again_waits_for_the_new_sim() -> None:
    number = Number()
    asked_by_sms(number)
    old = number.request
    number.says("Y", imsi=SECOND)
    again = number.request
    assert (again.succeeds, again.sim) == (old.id, 1 + sim(SECOND))
    number.passes(again.due_at - number.now_at)
    number.times_out()
    number.hears(number.order)
    assert number.says("Y", imsi=SECOND).debits


@pytest.mark.scenario("S044")
def test_what_takes_a_coded_request_up_again_has_a_code_of_its_own() -> None:
    number = Number(rules_of(policy=structs.replace(POLICY, reply_mode=ReplyMode.CODE)))
    asked_by_sms(number)
    first = number.request.code
    assert first is not None
    number.says(f"Y {first.digits}", imsi=SECOND)
    again = number.request.code
    assert again is not None
    assert again.digits != first.digits
    number.passes(number.request.due_at - number.now_at)
    number.times_out()
    assert f"soan Y {again.digits} gui 9166" in number.order.text
    number.hears(number.order)
    assert number.says("Y", imsi=SECOND).reason is Reason.CODE_MISSING
    assert number.says(f"Y {again.digits}", imsi=SECOND).debits


@pytest.mark.scenario("S044")
def test_after_a_change_of_sim_two_requests_have_two_codes() -> None:
    number = Number(rules_of(policy=structs.replace(POLICY, reply_mode=ReplyMode.CODE)))
    for service, short_code in (("THETHAO", "9166"), ("GAME", "1579")):
        number.says(f"DK {service}", short_code)
        number.hears(number.order)
    number.passes(1)
    number.changes(NumberChange.SIM_CHANGED)
    codes = [held.code.digits for held in number.subscriber.requests if held.code is not None]
    assert len(set(codes)) == 2


def agreed(number: Number) -> Subscription:
    """A wish, and the yes to it ten minutes later."""
    number.passes(MINUTE_MS)
    number.is_asked()
    number.passes(10 * MINUTE_MS)
    number.says("Y")
    return number.subscription


@pytest.mark.scenario("S044")
def test_a_change_reported_late_takes_back_what_another_sim_agreed_to() -> None:
    number = Number()
    subscription = agreed(number)
    assert number.subscriber.balance_minor == RULES.opening_balance_minor - 2_000
    number.passes(60_000)
    decision = number.changes(NumberChange.SIM_CHANGED, happened_at=subscription.confirmed_at)
    assert decision.reason is Reason.SIM_CHANGED
    assert [over.subscription.reason for over in decision.ended] == [Reason.SIM_CHANGED]
    assert [debit.amount_minor for debit in decision.debits] == [-2_000]
    assert [order.key for order in decision.orders] == ["sim_changed", "refund"]
    assert number.subscriber.subscriptions == ()
    assert number.subscriber.balance_minor == RULES.opening_balance_minor
    again = number.changes(NumberChange.SIM_CHANGED, happened_at=subscription.confirmed_at)
    assert again.reason is Reason.SETTLED_BEFORE


@pytest.mark.parametrize("later_ms", [None, 1])
def test_a_change_before_the_wish_or_after_the_yes_takes_nothing_back(later_ms: int | None) -> None:
    number = Number()
    number.passes(60_000)
    subscription = agreed(number)
    number.passes(60_000)
    wished_at, agreed_at = subscription.requested_at, subscription.confirmed_at
    happened_at = wished_at if later_ms is None else agreed_at + later_ms
    decision = number.changes(NumberChange.SIM_CHANGED, happened_at=happened_at)
    assert (decision.ended, decision.debits, decision.orders) == ((), (), ())


def test_a_change_reported_while_the_charge_is_out_gives_back_what_proves_taken() -> None:
    number = Number(OUTSIDE)
    subscription = agreed(number)
    charge = number.order
    decision = number.changes(NumberChange.SIM_CHANGED, happened_at=subscription.confirmed_at)
    assert [order.key for order in decision.orders] == ["sim_changed"]
    taken = number.hears(charge)
    assert [order.kind for order in taken.orders] == [OrderKind.REFUND]


def sim(imsi: str, msisdn: int = 84_912_345_678, tenure: int = 0) -> int:
    """The mark without the one that is added."""
    number = Number()
    event = number.says("TK", imsi=imsi).event
    assert isinstance(event, MessageReceived)
    return mark_of(Subscriber(msisdn, tenure), event) - 1


def test_a_mark_is_sixteen_bits_that_tell_nobody_apart_but_on_one_number_and_tenure() -> None:
    marks = {sim(f"45201{n:010}") for n in range(500)}
    assert len(marks) > 490
    assert all(0 <= mark < 1 << 16 for mark in marks)
    assert len({sim(FIRST), sim(FIRST, 84_912_345_679), sim(FIRST, tenure=1)}) == 3


def test_a_look_up_is_not_filed_under_the_request_whose_sim_it_tells() -> None:
    number = Number()
    number.asks(Channel.APP)
    number.hears(number.order)
    decision = number.says("TK", "123", imsi=FIRST)
    assert decision.request_id == 0
    assert number.request.sim == 1 + sim(FIRST)
