"""The first yes: what `DK` opens, and what it is refused for."""

from collections.abc import Callable

import pytest
from msgspec import structs

from tests.unit.decide.example import (
    GAME,
    HOUR_MS,
    MUSIC,
    NOW_AT,
    POLICY,
    SERVICES,
    SPORT,
    WINDOW_MS,
    Number,
    catalogue_of,
    ends_of,
    money_of,
    orders_of,
    rules_of,
)
from twofold.domain.catalogue import Alias
from twofold.domain.orders import Delivered, Order, OrderState, Unknown
from twofold.domain.reason import Reason
from twofold.domain.subscriber import Channel
from twofold.domain.terms import DAY_MS, MINUTE_MS

LOST = Unknown("no answer")
REFUSED = [
    ("DK KHONGCO", "9166", Reason.UNKNOWN_SERVICE, "not_on_air", []),
    ("DK THETHAO", "1579", Reason.WRONG_SHORT_CODE, "wrong_short_code", []),
    ("DK THETHAO", "123", Reason.WRONG_SHORT_CODE, "wrong_short_code", []),
    ("DK BOITOAN", "9166", Reason.CERTIFICATE_INVALID, "not_on_air", ["BOITOAN refused"]),
    ("DK TRUYEN", "9166", Reason.NOT_ROLLED_OUT, "not_on_air", ["TRUYEN refused"]),
]


@pytest.mark.parametrize(("text", "to", "reason", "key", "ends"), REFUSED)
@pytest.mark.scenario("S057")
def test_a_request_that_may_not_be_is_refused_with_one_text(
    text: str, to: str, reason: Reason, key: str, ends: list[str]
) -> None:
    number = Number()
    decision = number.says(text, to)
    assert decision.reason is reason
    assert orders_of(decision) == [key]
    assert ends_of(decision) == ends
    assert number.states == []
    assert money_of(decision) == []


@pytest.mark.scenario("S001")
def test_a_request_is_asked_about_and_nothing_else_happens() -> None:
    number = Number()
    decision = number.says("DK THETHAO")
    assert number.states == ["THETHAO waiting_prompt"]
    assert orders_of(decision) == ["confirm_request"]
    assert number.order.state is OrderState.CLAIMED
    assert money_of(decision) == []
    request = number.request
    assert (request.terms, request.revision, request.policy) == (SPORT.terms, 1, "vn-2024")
    assert (request.channel, request.requested_at) == (Channel.SMS, NOW_AT)
    assert (request.copies, request.handed_over_at) == (1, NOW_AT)
    for fact in ("Tin the thao", "ABC Media", "2.000d/ngay gom VAT", "tu gia han", "soan Y gui"):
        assert fact in number.order.text


def test_a_request_that_no_link_has_room_for_waits_unwritten() -> None:
    number = Number(leaving=False)
    number.says("DK THETHAO")
    assert (number.order.state, number.order.text) == (OrderState.WAITING, "")
    assert (number.request.copies, number.request.handed_over_at) == (0, None)
    assert number.order.until_at == number.request.due_at == NOW_AT + 2 * HOUR_MS


@pytest.mark.scenario("S053")
@pytest.mark.parametrize(("at", "is_open"), [(NOW_AT - 1, True), (NOW_AT, False)])
def test_a_certificate_ends_at_its_last_instant(at: int, is_open: bool) -> None:  # noqa: FBT001
    number = Number()
    number.now_at = at
    number.says("DK BOITOAN")
    assert (number.states == ["BOITOAN waiting_prompt"]) is is_open


@pytest.mark.scenario("S037", "S043")
def test_asking_twice_is_one_request_and_one_prompt() -> None:
    number = Number()
    first = number.says("DK THETHAO")
    again = number.says("dk thethao")
    assert again.reason is Reason.REQUEST_OPEN
    assert orders_of(again) == []
    assert again.request_id == first.request_id
    assert number.states == ["THETHAO waiting_prompt"]


@pytest.mark.parametrize(("after_ms", "sent"), [(599_999, []), (600_000, ["confirm_request"])])
def test_who_asks_again_later_gets_the_same_prompt_again(after_ms: int, sent: list[str]) -> None:
    number = Number()
    number.is_asked()
    first = number.request
    number.passes(after_ms)
    decision = number.says("DK THETHAO")
    assert decision.reason is Reason.REQUEST_OPEN
    assert orders_of(decision) == sent
    assert number.request.printed_until_at == first.printed_until_at
    assert number.request.due_at == first.due_at


@pytest.mark.scenario("S020")
def test_a_third_prompt_of_one_request_is_never_sent() -> None:
    number = Number()
    number.is_asked()
    number.passes(HOUR_MS)
    first = number.says("DK THETHAO").orders[0]
    number.hears(first)
    number.passes(HOUR_MS)
    assert orders_of(number.says("DK THETHAO")) == []
    assert number.request.copies == 2


def lost_twice() -> Number:
    """Nobody knows whether either copy of the prompt arrived."""
    number = Number()
    number.says("DK THETHAO")
    number.hears(number.order, LOST)
    number.claims(number.retried)
    number.hears(number.retried, LOST)
    return number


def test_who_asks_again_while_both_copies_are_in_doubt_is_asked_afresh() -> None:
    number = lost_twice()
    old = number.request
    number.passes(10 * MINUTE_MS)
    decision = number.says("DK THETHAO")
    assert (ends_of(decision), orders_of(decision)) == (
        ["THETHAO undeliverable"],
        ["confirm_request"],
    )
    assert decision.settled[0].reason is Reason.PROMPT_UNCERTAIN
    number.hears(number.order)
    fresh = number.request
    assert (fresh.id != old.id, fresh.copies, fresh.opened_at) == (True, 1, number.now_at)
    number.says("Y")
    assert number.subscription.id == fresh.id


def test_copies_in_doubt_are_given_their_time_to_arrive() -> None:
    number = lost_twice()
    number.passes(10 * MINUTE_MS - 1)
    decision = number.says("DK THETHAO")
    assert (decision.reason, orders_of(decision)) == (Reason.REQUEST_OPEN, [])


def test_a_copy_that_the_smsc_took_is_not_in_doubt() -> None:
    number = Number()
    number.says("DK THETHAO")
    number.hears(number.order, LOST)
    number.claims(number.retried)
    number.hears(number.retried)
    number.passes(HOUR_MS)
    decision = number.says("DK THETHAO")
    assert (decision.reason, orders_of(decision)) == (Reason.REQUEST_OPEN, [])


def test_copies_in_doubt_of_what_is_no_longer_on_offer_end_with_the_old_terms() -> None:
    number = lost_twice()
    number.passes(HOUR_MS)
    dearer = structs.replace(SPORT, terms=structs.replace(SPORT.terms, price_minor=3_000))
    number.rules = rules_of(catalogue_of(dearer, revision=2))
    assert ends_of(number.says("DK THETHAO")) == ["THETHAO withdrawn"]


def test_both_copies_of_a_prompt_say_the_same_to_the_letter() -> None:
    number = Number()
    number.says("DK THETHAO")
    first: Order = number.order
    number.hears(first)
    number.passes(HOUR_MS)
    number.says("DK THETHAO")
    assert (number.order.text, number.order.until_at) == (first.text, first.until_at)


def test_a_second_copy_opens_no_second_window() -> None:
    number = Number()
    opened = number.is_asked()
    number.passes(HOUR_MS)
    number.says("DK THETHAO")
    number.hears(number.order, Delivered("main", ("m2",)))
    held = number.request
    assert (held.copies, held.opened_at, held.due_at) == (2, opened.opened_at, opened.due_at)
    number.passes(WINDOW_MS - HOUR_MS)
    number.says("Y")
    assert (number.decision.reason, number.states) == (Reason.WINDOW_PASSED, [])


@pytest.mark.scenario("S070")
def test_who_has_the_service_gets_nothing_added_and_nothing_charged() -> None:
    number = Number()
    number.joins()
    decision = number.says("DK THETHAO")
    assert decision.reason is Reason.ALREADY_ACTIVE
    assert orders_of(decision) == ["already"]
    assert money_of(decision) == []
    assert number.states == ["THETHAO active"]


def test_the_bare_yes_is_offered_where_it_can_mean_one_thing_only() -> None:
    number = Number()
    assert number.is_asked().names_service is False


def test_a_second_request_on_the_short_code_must_be_named() -> None:
    number = Number()
    number.is_asked()
    request = number.is_asked("NHAC")
    assert request.names_service is True
    assert number.is_asked("GAME", "1579").names_service is False


def let_expire(number: Number) -> None:
    """Let the window pass."""
    number.passes(12 * HOUR_MS)
    number.times_out()


LATELY: dict[str, Callable[[Number], object]] = {
    "confirmed": lambda number: number.says("Y"),
    "declined": lambda number: number.says("N"),
    "cancelled": lambda number: number.says("HUY THETHAO"),
    "expired": let_expire,
    "confirmed and stopped": lambda number: (number.says("Y"), number.says("HUY")),
}


@pytest.mark.parametrize("ended", LATELY)
@pytest.mark.parametrize(("after_ms", "named"), [(DAY_MS - 1, True), (DAY_MS + 1, False)])
def test_for_a_day_an_answered_request_takes_the_bare_yes_away_from_another(
    ended: str,
    after_ms: int,
    named: bool,  # noqa: FBT001 - a column
) -> None:
    number = Number()
    number.is_asked()
    LATELY[ended](number)
    number.passes(after_ms)
    assert number.is_asked("NHAC").names_service is named


def test_an_answered_request_of_the_same_service_leaves_the_bare_yes() -> None:
    number = Number()
    number.is_asked()
    number.says("N")
    assert number.is_asked().names_service is False


def test_an_alias_asks_for_the_service_that_it_names() -> None:
    services = catalogue_of(*SERVICES)
    aliased = structs.replace(services, words={**services.words, "BONGDA": "THETHAO"})
    number = Number(rules_of(aliased))
    number.says("DK BONGDA")
    assert number.states == ["THETHAO waiting_prompt"]


@pytest.mark.scenario("S056")
def test_a_request_keeps_the_policy_that_it_began_under() -> None:
    number = Number()
    number.says("DK THETHAO")
    shorter = structs.replace(POLICY, id="vn-2027", window_ms=6 * HOUR_MS)
    newer = rules_of(policy=shorter)
    number.rules = structs.replace(newer, policies={POLICY.id: POLICY, shorter.id: shorter})
    number.hears(number.order)
    assert number.request.due_at == NOW_AT + 12 * HOUR_MS
    number.says("DK NHAC")
    assert number.subscriber.requests[1].policy == "vn-2027"


def test_terms_are_those_of_the_day_of_the_request() -> None:
    number = Number(rules_of(catalogue_of(MUSIC, revision=7)))
    assert (number.is_asked("NHAC").terms, number.request.revision) == (MUSIC.terms, 7)


def with_an_alias(word: str, *, whole: bool) -> Number:
    """A number in a market where that word means NHAC."""
    music = structs.replace(MUSIC, aliases=(Alias(word, whole=whole),))
    return Number(rules_of(catalogue_of(SPORT, music, GAME)))


@pytest.mark.scenario("S039")
def test_a_yes_word_that_is_an_alias_asks_for_the_service_and_starts_nothing() -> None:
    number = with_an_alias("OK", whole=True)
    assert orders_of(number.says("ok")) == ["confirm_request"]
    assert number.states == ["NHAC waiting_prompt"]


@pytest.mark.scenario("S039")
def test_with_a_code_after_it_that_word_is_a_yes_to_what_waits() -> None:
    number = with_an_alias("OK", whole=True)
    number.is_asked()
    number.is_asked("NHAC")
    number.says("OK")
    assert number.states == ["THETHAO pending", "NHAC pending"]
    number.says("OK THETHAO")
    assert number.states == ["NHAC pending", "THETHAO active"]


@pytest.mark.parametrize(("whole", "to"), [(False, "9166"), (True, "1579"), (True, "123")])
def test_an_alias_stands_alone_only_if_it_may_and_on_its_own_short_code(
    whole: bool,  # noqa: FBT001 - a column
    to: str,
) -> None:
    number = with_an_alias("OK", whole=whole)
    decision = number.says("OK", to)
    assert (decision.reason, orders_of(decision)) == (Reason.NOT_UNDERSTOOD, ["help"])


@pytest.mark.scenario("S070")
@pytest.mark.parametrize("said", ["DK THETHAO", "Y THETHAO"])
def test_what_is_on_is_said_to_be_on_whatever_short_code_it_is_asked_for(said: str) -> None:
    number = Number()
    number.joins()
    decision = number.says(said, "1579")
    assert (decision.reason, orders_of(decision)) == (Reason.ALREADY_ACTIVE, ["already"])
