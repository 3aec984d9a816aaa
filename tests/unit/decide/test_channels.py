"""Another channel than an SMS: it may ask and end, and never agrees for the subscriber."""

import pytest
from msgspec import structs

from tests.unit.decide.example import (
    CHANCE,
    NOW_AT,
    NUMBER,
    RULES,
    Number,
    ends_of,
    money_of,
    orders_of,
)
from twofold.commit.recording import entry_of
from twofold.commit.room import Seats
from twofold.decide import Rules, decide
from twofold.domain.events import Proof, ProofKind, Requested
from twofold.domain.ids import reference
from twofold.domain.orders import OrderKind
from twofold.domain.reason import Reason
from twofold.domain.subscriber import Channel, Subscriber
from twofold.domain.terms import DAY_MS

OTHERS = [channel for channel in Channel if channel is not Channel.SMS]
HOUR_MS = DAY_MS // 24


def partner_of(channel: Channel) -> str:
    """Whose token asks over a channel."""
    return "abc" if channel is Channel.PARTNER else ""


@pytest.mark.scenario("S002")
@pytest.mark.parametrize("channel", OTHERS)
def test_every_channel_yields_the_same_prompt_and_needs_the_same_reply(channel: Channel) -> None:
    by_sms, number = Number(), Number()
    by_sms.says("DK THETHAO")
    proof = Proof(ProofKind.SESSION, "s-1")
    decision = number.asks(channel, partner=partner_of(channel), proof=proof)
    assert (decision.reason, orders_of(decision)) == (None, ["confirm_request"])
    assert number.order.text == by_sms.order.text
    assert number.states == ["THETHAO waiting_prompt"]
    assert number.request.channel is channel
    assert money_of(decision) == []
    number.hears(number.order)
    assert number.states == ["THETHAO pending"]
    decision = number.says("Y")
    assert (number.states, money_of(decision)) == (["THETHAO active"], [2_000])
    assert number.subscription.channel is channel


REFUSED = [
    ("KHONGCO", "", Reason.UNKNOWN_SERVICE, []),
    ("GAME", "abc", Reason.NOT_OWN_SERVICE, []),
    ("BOITOAN", "", Reason.CERTIFICATE_INVALID, ["BOITOAN refused"]),
    ("TRUYEN", "", Reason.NOT_ROLLED_OUT, ["TRUYEN refused"]),
]


@pytest.mark.parametrize(("service", "partner", "reason", "ends"), REFUSED)
def test_a_channel_that_is_refused_hears_why_and_the_subscriber_hears_nothing(
    service: str, partner: str, reason: Reason, ends: list[str]
) -> None:
    number = Number()
    decision = number.asks(Channel.PARTNER, service, partner=partner)
    assert (decision.reason, ends_of(decision)) == (reason, ends)
    assert (orders_of(decision), number.states) == ([], [])


@pytest.mark.scenario("S070")
def test_what_is_on_is_not_asked_for_again_and_nothing_is_sent() -> None:
    number = Number()
    held = number.joins()
    decision = number.asks(Channel.APP)
    assert (decision.reason, decision.request_id) == (Reason.ALREADY_ACTIVE, held.id)
    assert (orders_of(decision), number.states) == ([], ["THETHAO active"])


@pytest.mark.scenario("S037", "S043")
@pytest.mark.parametrize("after_ms", [1, HOUR_MS])
def test_two_channels_make_one_request_and_one_prompt(after_ms: int) -> None:
    number = Number()
    first = number.is_asked()
    number.passes(after_ms)
    decision = number.asks(Channel.PARTNER, partner="abc")
    assert (decision.reason, decision.request_id) == (Reason.REQUEST_OPEN, first.id)
    assert (orders_of(decision), number.request) == ([], first)


def test_a_request_by_a_channel_after_the_deadline_is_a_fresh_one() -> None:
    number = Number()
    first = number.is_asked()
    number.passes(12 * HOUR_MS)
    decision = number.asks(Channel.WEB)
    assert ends_of(decision) == ["THETHAO expired"]
    assert decision.request_id == number.request.id != first.id


def test_the_language_that_is_asked_for_is_that_of_the_prompt() -> None:
    number = Number()
    number.asks(Channel.WEB, "thethao", language="en")
    assert "to 9166 by" in number.order.text
    assert (number.request.language, number.subscriber.language) == ("en", "vi")


def test_an_sms_that_no_bind_brought_is_no_event() -> None:
    asked = Requested(64, NOW_AT, NUMBER, Channel.SMS, "", "THETHAO", None, None)
    with pytest.raises(AssertionError):
        decide(Subscriber(NUMBER), asked, RULES, leaving=Seats(1), chance=CHANCE)


ENDED_BY = [
    (Channel.APP, "", Reason.SUBSCRIBER_STOPPED, Reason.SUBSCRIBER_CANCELLED),
    (Channel.USSD, "", Reason.SUBSCRIBER_STOPPED, Reason.SUBSCRIBER_CANCELLED),
    (Channel.CARE, "", Reason.AGENT_STOPPED, Reason.AGENT_STOPPED),
    (Channel.PARTNER, "abc", Reason.PARTNER_STOPPED, Reason.PARTNER_STOPPED),
]


@pytest.mark.parametrize(("channel", "partner", "stopped", "cancelled"), ENDED_BY)
def test_a_channel_ends_what_it_names_and_the_subscriber_is_told(
    channel: Channel, partner: str, stopped: Reason, cancelled: Reason
) -> None:
    number = Number()
    held = number.joins()
    decision = number.cancels(channel, held.id, partner=partner)
    assert decision.ended[0].subscription.reason is stopped
    assert orders_of(decision) == ["cancel_ack"]
    assert (number.order.source, number.order.kind) == ("9166", OrderKind.SEND_NOTICE)
    waiting = number.is_asked("NHAC")
    decision = number.cancels(channel, waiting.id, partner=partner)
    assert (decision.settled[0].reason, orders_of(decision)) == (cancelled, ["cancelled"])
    assert number.states == []


def test_a_partner_ends_nothing_of_another() -> None:
    number = Number()
    held = number.joins("GAME", "1579")
    decision = number.cancels(Channel.PARTNER, held.id, partner="abc")
    assert (decision.reason, orders_of(decision)) == (Reason.NOT_OWN_SERVICE, [])
    assert number.states == ["GAME active"]


def test_what_ended_before_is_not_ended_again() -> None:
    number = Number()
    held = number.joins()
    number.says("HUY")
    decision = number.cancels(Channel.CARE, held.id)
    assert (decision.reason, decision.request_id) == (Reason.SETTLED_BEFORE, held.id)
    assert orders_of(decision) == []


def test_a_request_that_is_over_has_expired_and_was_not_cancelled() -> None:
    number = Number()
    held = number.is_asked()
    number.passes(12 * HOUR_MS)
    decision = number.cancels(Channel.APP, held.id)
    assert (decision.reason, ends_of(decision)) == (Reason.SETTLED_BEFORE, ["THETHAO expired"])


def test_evidence_holds_who_asked_and_the_proof_that_they_keep() -> None:
    number = Number()
    proof = Proof(ProofKind.RECORDING, "call-77")
    entry = entry_of(number.asks(Channel.IVR, "thethao", proof=proof), RULES, bytes(16))
    assert entry.kind == "requested"
    assert (
        b'"via":{"channel":"ivr","proof":"recording","proof_ref":"call-77","service":"thethao"}'
        in entry.document
    )
    id_ = number.request.id
    entry = entry_of(number.cancels(Channel.PARTNER, id_, partner="abc"), RULES, bytes(16))
    assert entry.kind == "cancel_requested"
    said = f'"via":{{"channel":"partner","partner":"abc","target":"{reference(id_)}"}}'
    assert said.encode() in entry.document


def test_a_number_of_another_country_is_not_asked_about() -> None:
    number = Number()
    number.rules = operator_in("1")
    decision = number.asks(Channel.WEB)
    assert (decision.reason, orders_of(decision)) == (Reason.NUMBER_NOT_OURS, [])


def operator_in(country_code: str) -> Rules:
    """Rules of an operator in another country."""
    operator = structs.replace(RULES.operator, country_code=country_code)
    return structs.replace(RULES, operator=operator)
