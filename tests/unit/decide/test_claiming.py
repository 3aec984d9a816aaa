"""What others claim about a subscriber: nothing of it is a consent."""

import pytest

from tests.unit.decide.example import RULES, Number, ends_of, money_of, orders_of
from twofold.commit.recording import entry_of
from twofold.domain.events import Claim
from twofold.domain.ids import reference
from twofold.domain.reason import Reason
from twofold.domain.subscriber import Channel


@pytest.mark.scenario("S003")
@pytest.mark.parametrize("claim", Claim)
def test_a_claim_before_the_confirmation_is_refused_and_kept_under_the_request(
    claim: Claim,
) -> None:
    number = Number()
    request = number.is_asked()
    decision = number.is_claimed(claim)
    assert (decision.reason, decision.request_id) == (Reason.CONSENT_REQUIRED, request.id)
    assert (orders_of(decision), money_of(decision), ends_of(decision)) == ([], [], [])
    assert number.states == ["THETHAO pending"]


@pytest.mark.scenario("S003")
@pytest.mark.parametrize("claim", Claim)
def test_a_claim_for_a_number_that_asked_for_nothing_is_refused(claim: Claim) -> None:
    decision = Number().is_claimed(claim)
    assert (decision.reason, decision.request_id) == (Reason.CONSENT_REQUIRED, 0)


@pytest.mark.parametrize("claim", Claim)
def test_a_claim_for_what_another_partner_has_is_refused(claim: Claim) -> None:
    number = Number()
    number.joins()
    decision = number.is_claimed(claim, partner="xyz")
    assert (decision.reason, decision.request_id) == (Reason.CONSENT_REQUIRED, 0)


def test_a_delivery_to_who_has_the_service_is_taken_note_of() -> None:
    number = Number()
    held = number.joins()
    decision = number.is_claimed(Claim.DELIVERY)
    assert (decision.reason, decision.request_id) == (None, held.id)
    assert (orders_of(decision), money_of(decision)) == ([], [])
    assert number.is_claimed(Claim.DELIVERY, subscription_id=held.id).reason is None


@pytest.mark.scenario("S069")
def test_a_delivery_under_a_subscription_that_is_over_is_refused() -> None:
    number = Number()
    over = number.joins()
    number.says("HUY THETHAO")
    number.passes(2 * 86_400_000)
    number.joins()
    decision = number.is_claimed(Claim.DELIVERY, subscription_id=over.id)
    assert decision.reason is Reason.CONSENT_REQUIRED


def test_a_partner_charges_nothing_itself() -> None:
    number = Number()
    held = number.joins()
    decision = number.is_claimed(Claim.CHARGE)
    assert (decision.reason, decision.request_id) == (Reason.PERIODS_CHARGED_HERE, held.id)
    assert money_of(decision) == []


def test_a_claim_for_a_service_that_nobody_sells_is_refused() -> None:
    assert Number().is_claimed(Claim.DELIVERY, "KHONGCO").reason is Reason.UNKNOWN_SERVICE


@pytest.mark.scenario("S042", "S101")
@pytest.mark.parametrize("raw", [b"Y", b"Y THETHAO", b'{"text": "Y"}'])
def test_a_call_that_claims_to_be_the_reply_confirms_nothing(raw: bytes) -> None:
    number = Number()
    number.is_asked()
    decision = number.is_spoken_for(Channel.PARTNER, "abc", raw)
    assert (decision.reason, decision.changes) == (Reason.UNTRUSTED_SOURCE, ())
    assert (orders_of(decision), number.states) == ([], ["THETHAO pending"])


def test_evidence_holds_what_was_claimed_and_by_whom() -> None:
    number = Number()
    held = number.joins()
    document = entry_of(number.is_claimed(Claim.CHARGE, subscription_id=held.id), RULES, bytes(16))
    said = (
        '"via":{"amount_minor":2000,"channel":"partner","claim":"charge","partner":"abc",'
        f'"reference":"ref-1","service":"THETHAO","target":"{reference(held.id)}"}}'
    )
    assert (document.kind, said.encode() in document.document) == ("service_claimed", True)
    entry = entry_of(number.is_spoken_for(Channel.APP, "", b"Y"), RULES, bytes(16))
    assert entry.kind == "reply_claimed"
    assert b'"raw":"WQ=="' in entry.document
    assert b'"via":{"channel":"app"}' in entry.document
