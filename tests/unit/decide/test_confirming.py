"""The second yes: what confirms, what does not, and the last millisecond of the window."""

import pytest
from msgspec import structs

from tests.unit.decide.example import (
    HOUR_MS,
    NOW_AT,
    POLICY,
    SERVICES,
    SPORT,
    STORY,
    WINDOW_MS,
    Number,
    catalogue_of,
    ends_of,
    money_of,
    orders_of,
    rules_of,
)
from twofold.domain.catalogue import Catalogue, Service, Stage
from twofold.domain.policy import LowerPrice, Policy, PriceChange
from twofold.domain.reason import Reason
from twofold.domain.terms import DAY_MS, SKEW_MS, Terms

CONFIRMED = (["THETHAO active"], None, ["activated"], [2_000])
LATE: tuple[object, ...] = ([], Reason.WINDOW_PASSED, ["late_confirm"], [])


@pytest.mark.scenario("S008", "S009", "S010")
@pytest.mark.parametrize(
    ("after_ms", "expected"),
    [
        (0, CONFIRMED),
        (WINDOW_MS - 1_000, CONFIRMED),
        (WINDOW_MS - 1, CONFIRMED),
        (WINDOW_MS, LATE),
        (WINDOW_MS + 1_000, LATE),
    ],
)
def test_the_window_is_half_open(after_ms: int, expected: tuple[object, ...]) -> None:
    number = Number()
    number.is_asked()
    number.passes(after_ms)
    decision = number.says("Y")
    assert (number.states, decision.reason, orders_of(decision), money_of(decision)) == expected


@pytest.mark.scenario("S011")
@pytest.mark.parametrize(
    ("sent_after_ms", "expected"), [(WINDOW_MS - 1, CONFIRMED), (WINDOW_MS, LATE)]
)
def test_a_trusted_time_is_the_one_that_counts(
    sent_after_ms: int, expected: tuple[object, ...]
) -> None:
    number = Number()
    opened_at = number.is_asked().opened_at
    assert opened_at is not None
    number.passes(WINDOW_MS + 40_000)
    decision = number.says("Y", sent_at=opened_at + sent_after_ms)
    assert (number.states, decision.reason, orders_of(decision), money_of(decision)) == expected


@pytest.mark.scenario("S018")
def test_a_yes_sent_before_the_hand_over_is_a_guess_even_if_it_comes_after() -> None:
    number = Number()
    number.is_asked()
    decision = number.says("Y", sent_at=NOW_AT - SKEW_MS - 1)
    assert decision.reason is Reason.NOTHING_PENDING
    assert number.states == ["THETHAO pending"]


@pytest.mark.scenario("S001")
def test_a_confirmation_starts_the_service_once_and_records_each_step() -> None:
    number = Number()
    request = number.is_asked()
    number.passes(HOUR_MS)
    decision = number.says("Y")
    assert [(change.before, change.after) for change in decision.changes] == [
        ("pending", "confirmed"),
        (None, "activating"),
        ("activating", "active"),
    ]
    subscription = number.subscription
    assert (subscription.id, subscription.terms) == (request.id, request.terms)
    assert (subscription.opened_at, subscription.confirmed_at) == (NOW_AT, NOW_AT + HOUR_MS)
    assert subscription.started_at == NOW_AT + HOUR_MS
    assert subscription.renews_at == NOW_AT + HOUR_MS + DAY_MS
    assert number.subscriber.balance_minor == 48_000
    assert decision.debits[0].subscription_id == request.id


@pytest.mark.scenario("S065")
def test_further_yeses_start_nothing_and_are_answered_once() -> None:
    number = Number()
    number.joins()
    answers = []
    for _ in range(3):
        number.passes(11_000)
        decision = number.says("Y")
        assert (decision.reason, money_of(decision)) == (Reason.ALREADY_ACTIVE, [])
        answers += orders_of(decision)
    assert answers == ["already"]
    assert number.states == ["THETHAO active"]


def both() -> Number:
    """A number that was asked about two services on one short code."""
    number = Number()
    number.is_asked()
    number.is_asked("NHAC")
    return number


@pytest.mark.scenario("S034", "S035")
def test_a_bare_yes_while_two_wait_confirms_neither() -> None:
    number = both()
    decision = number.says("Y")
    assert decision.reason is Reason.SEVERAL_PENDING
    assert number.states == ["THETHAO pending", "NHAC pending"]
    assert orders_of(decision) == ["confirm_which"]
    assert "Y THETHAO" in number.order.text
    assert "Y NHAC" in number.order.text


@pytest.mark.scenario("S036")
def test_a_yes_with_a_code_confirms_that_one_alone() -> None:
    number = both()
    decision = number.says("Y NHAC")
    assert number.states == ["THETHAO pending", "NHAC active"]
    assert money_of(decision) == [10_000]


def test_a_bare_yes_does_not_confirm_a_prompt_that_asked_for_the_code() -> None:
    number = both()
    number.says("N THETHAO")
    number.passes(HOUR_MS)
    decision = number.says("Y")
    assert decision.reason is Reason.SERVICE_NOT_NAMED
    assert orders_of(decision) == ["confirm_which"]
    assert number.states == ["NHAC pending"]
    number.says("Y NHAC")
    assert number.states == ["NHAC active"]


def test_a_doubled_yes_does_not_buy_the_next_service() -> None:
    number = Number()
    number.joins()
    number.is_asked("NHAC")
    number.passes(HOUR_MS)
    assert number.says("Y").reason is Reason.SERVICE_NOT_NAMED
    assert number.states == ["NHAC pending", "THETHAO active"]


@pytest.mark.scenario("S038")
@pytest.mark.parametrize("text", ["Y", "Y THETHAO"])
@pytest.mark.parametrize("to", ["123", "1579"])
def test_a_yes_to_another_short_code_confirms_nothing_and_names_the_right_one(
    text: str, to: str
) -> None:
    number = Number()
    number.is_asked()
    decision = number.says(text, to)
    assert decision.reason is Reason.WRONG_SHORT_CODE
    assert orders_of(decision) == ["wrong_short_code"]
    assert (number.order.source, "9166" in number.order.text) == (to, True)
    assert number.states == ["THETHAO pending"]


def test_a_yes_for_a_service_that_nobody_sells_is_not_understood() -> None:
    number = Number()
    number.is_asked()
    decision = number.says("Y KHONGCO")
    assert (decision.reason, orders_of(decision)) == (Reason.NOT_UNDERSTOOD, ["help"])
    assert number.states == ["THETHAO pending"]


@pytest.mark.scenario("S047")
def test_a_yes_while_nothing_waits_gets_an_explanation() -> None:
    number = Number()
    decision = number.says("Y")
    assert decision.reason is Reason.NOTHING_PENDING
    assert orders_of(decision) == ["nothing_pending"]


def test_a_yes_for_another_service_than_the_pending_one_confirms_nothing() -> None:
    number = Number()
    number.is_asked()
    decision = number.says("Y NHAC")
    assert decision.reason is Reason.NOTHING_PENDING
    assert number.states == ["THETHAO pending"]


DEARER = structs.replace(SPORT, terms=structs.replace(SPORT.terms, price_minor=3_000))
LONGER = structs.replace(SPORT, terms=structs.replace(SPORT.terms, period_days=7))
CHANGED = [
    (
        catalogue_of(structs.replace(SPORT, stage=Stage.OFF), revision=2),
        Reason.NOT_ROLLED_OUT,
        "withdrawn",
    ),
    (
        catalogue_of(structs.replace(SPORT, partner="old"), revision=2),
        Reason.CERTIFICATE_INVALID,
        "withdrawn",
    ),
    (catalogue_of(STORY, revision=2), Reason.UNKNOWN_SERVICE, "not_on_air"),
]


@pytest.mark.scenario("S051", "S052", "S053", "S054")
@pytest.mark.parametrize(("catalogue", "reason", "key"), CHANGED)
def test_what_is_no_longer_on_offer_at_those_terms_cannot_be_confirmed(
    catalogue: Catalogue, reason: Reason, key: str
) -> None:
    number = Number()
    number.is_asked()
    number.rules = rules_of(catalogue)
    decision = number.says("Y")
    assert decision.reason is reason
    assert ends_of(decision) == ["THETHAO withdrawn"]
    assert (number.states, orders_of(decision)) == ([], [key])
    assert money_of(decision) == []


VOID = structs.replace(POLICY, price_change_between=PriceChange.VOID)
MOVED = structs.replace(SPORT, partner="xyz")
OTHER = [
    (DEARER, Reason.PRICE_CHANGED),
    (LONGER, Reason.PRICE_CHANGED),
    (MOVED, Reason.PARTNER_CHANGED),
]


@pytest.mark.scenario("S051")
@pytest.mark.parametrize(("service", "reason"), OTHER)
def test_a_yes_to_another_offer_asks_about_it_anew(service: Service, reason: Reason) -> None:
    number = Number()
    old = number.is_asked()
    number.passes(HOUR_MS)
    number.rules = rules_of(catalogue_of(service, revision=2))
    decision = number.says("Y")
    assert (decision.reason, money_of(decision)) == (reason, [])
    assert ends_of(decision) == ["THETHAO withdrawn"]
    assert (number.states, orders_of(decision)) == (["THETHAO waiting_prompt"], ["confirm_request"])
    anew = number.request
    assert anew.id != old.id
    assert (anew.terms, anew.partner, anew.revision) == (service.terms, service.partner, 2)


@pytest.mark.scenario("S051")
def test_an_offer_that_changes_again_asks_no_further() -> None:
    number = Number()
    number.is_asked()
    number.rules = rules_of(catalogue_of(DEARER, revision=2))
    number.says("Y")
    number.hears(number.order)
    number.passes(HOUR_MS)
    number.rules = rules_of(catalogue_of(LONGER, revision=3))
    decision = number.says("Y")
    assert (number.states, orders_of(decision)) == ([], ["withdrawn"])


@pytest.mark.scenario("S051")
def test_where_the_policy_wants_it_a_yes_to_another_offer_is_only_told_so() -> None:
    number = Number(rules_of(policy=VOID))
    number.is_asked()
    number.rules = rules_of(catalogue_of(DEARER, revision=2), VOID)
    decision = number.says("Y")
    assert (number.states, orders_of(decision)) == ([], ["withdrawn"])


CHEAPER = structs.replace(SPORT, terms=structs.replace(SPORT.terms, price_minor=1_500))
TAKES = structs.replace(POLICY, lower_price=LowerPrice.TAKE)


@pytest.mark.scenario("S051")
def test_a_lower_price_is_taken_where_the_policy_says_so_and_the_welcome_states_it() -> None:
    number = Number(rules_of(policy=TAKES))
    number.is_asked()
    number.rules = rules_of(catalogue_of(CHEAPER, revision=2), TAKES)
    decision = number.says("Y")
    assert (number.states, decision.reason) == (["THETHAO active"], None)
    assert money_of(decision) == [1_500]
    assert "1.500d" in decision.orders[-1].text
    assert number.subscription.terms == CHEAPER.terms
    assert number.subscription.revision == 1, "the revision that was asked under"


@pytest.mark.scenario("S051")
@pytest.mark.parametrize(
    ("service", "policy"),
    [
        (CHEAPER, POLICY),
        (DEARER, TAKES),
        (structs.replace(CHEAPER, partner="xyz"), TAKES),
        (structs.replace(CHEAPER, terms=Terms(1_500, 7, auto_renew=True)), TAKES),
        (structs.replace(CHEAPER, terms=Terms(1_500, 1, auto_renew=False)), TAKES),
    ],
    ids=["not the policy's", "dearer", "another partner", "longer", "no renewal"],
)
def test_any_other_offer_is_asked_about_anew_though_it_be_cheaper(
    service: Service, policy: Policy
) -> None:
    number = Number(rules_of(policy=policy))
    number.is_asked()
    number.rules = rules_of(catalogue_of(service, revision=2), policy)
    decision = number.says("Y")
    assert (decision.reason, money_of(decision)) == (Reason.PRICE_CHANGED, [])
    assert number.states == ["THETHAO waiting_prompt"]


@pytest.mark.scenario("S056")
def test_a_request_keeps_the_policy_that_it_began_under() -> None:
    """Twelve hours become six while it waits: it keeps its twelve, and a new one has six."""
    shorter = structs.replace(POLICY, id="vn-2027", window_ms=6 * HOUR_MS)
    number = Number()
    due_at = number.is_asked().due_at
    changed = rules_of(policy=shorter)
    number.rules = structs.replace(changed, policies={POLICY.id: POLICY, shorter.id: shorter})
    number.passes(11 * HOUR_MS)
    assert (number.request.policy, number.request.due_at) == (POLICY.id, due_at)
    number.says("Y")
    assert number.states == ["THETHAO active"]
    assert number.subscription.policy == POLICY.id


def test_a_new_revision_with_the_same_terms_leaves_the_request_confirmable() -> None:
    number = Number()
    number.is_asked()
    number.rules = rules_of(catalogue_of(*SERVICES, revision=2))
    number.says("Y")
    assert (number.states, number.subscription.revision) == (["THETHAO active"], 1)


@pytest.mark.scenario("S004", "S068")
def test_yesterdays_yes_does_not_count_for_todays_request() -> None:
    number = Number()
    number.is_asked()
    number.passes(WINDOW_MS)
    late = number.says("Y")
    assert late.reason is Reason.WINDOW_PASSED
    number.passes(HOUR_MS)
    assert number.is_asked().due_at == number.now_at + WINDOW_MS
    assert number.states == ["THETHAO pending"]


def test_a_late_yes_is_told_the_deadline_that_it_missed() -> None:
    number = Number()
    number.is_asked()
    number.passes(WINDOW_MS)
    number.times_out()
    number.passes(HOUR_MS)
    decision = number.says("Y")
    assert (decision.reason, orders_of(decision)) == (Reason.WINDOW_PASSED, ["late_confirm"])
    assert "21:00 01/07" in number.order.text
    number.passes(DAY_MS)
    assert number.says("Y").reason is Reason.NOTHING_PENDING


@pytest.mark.scenario("S017")
def test_a_yes_counts_before_any_receipt_for_the_prompt() -> None:
    number = Number()
    number.is_asked()
    number.says("Y")
    assert number.states == ["THETHAO active"]
    number.reads("DELIVERED")
    assert number.states == ["THETHAO active"]


def test_the_entry_of_a_confirmation_is_kept_under_the_request_that_it_confirms() -> None:
    number = Number()
    lapsed = number.is_asked("NHAC")
    number.passes(HOUR_MS)
    request = number.is_asked()
    number.passes(WINDOW_MS - HOUR_MS)
    decision = number.says("Y THETHAO")
    assert ends_of(decision) == ["NHAC expired"]
    assert lapsed.id != decision.request_id == request.id
