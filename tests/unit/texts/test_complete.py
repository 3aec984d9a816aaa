"""No moment of a subscriber's way is without its text, in every language, at its longest too."""

from collections.abc import Iterator

import pytest
from msgspec import structs

from tests.unit.texts.examples import (
    ABC,
    LINK,
    OPERATOR,
    POLICY,
    PROOF,
    RENEWS_AT,
    SPORT,
    UNTIL_AT,
    VARYING,
    catalogue_of,
    line_of,
)
from twofold.domain.catalogue import Service
from twofold.domain.terms import Terms
from twofold.protocol.gsm import is_gsm, segment
from twofold.texts import Texts, compile_texts
from twofold.texts.sources import ABOUT, FIELDS, LANGUAGES, load

MOMENTS = {
    "asked": "confirm_request",
    "asked, from a page": "confirm_request_link",
    "a yes that may mean several": "confirm_which",
    "on": "activated",
    "refused by the subscriber": "declined",
    "over without an answer": "expired",
    "a yes too late": "late_confirm",
    "an answer to nothing": "nothing_pending",
    "asked for again while on": "already",
    "not paid": "low_balance",
    "soon to renew": "renew_notice",
    "stopped": "cancel_ack",
    "a stop of nothing in particular": "cancel_which",
    "looked up, nothing on": "tk_empty",
    "looked up": "tk_list",
    "help": "help",
    "stopped by the operator": "stopped_by_operator",
    "complained about": "complaint_open",
    "complaint upheld": "complaint_upheld",
    "complaint not upheld": "complaint_rejected",
    "signing in": "otp",
    "a question afterwards": "feedback",
    "not on the air": "not_on_air",
    "asked for too often": "try_later",
    "shut for new services": "blocked_on",
}
"""Every moment at which the operator owes the subscriber a text, and its key."""

LONGEST = structs.replace(
    SPORT,
    code="TINHOT7",
    name="Tin thể thao 24h mới",
    short_code="91660",
    terms=Terms(100_000, 7, auto_renew=True),
)
"""A service whose name has 20 letters, its code 7 and its price 14: `100.000d/7 ngay`."""

PROVIDER = structs.replace(ABC, name="Trò chơi ABCDE")
MAY_BE_TWO = frozenset({"confirm_request_link", "activated"})
"""What may take a second SMS with such names rather than leave something out; and the lists."""


def longest_texts(language: str) -> Iterator[tuple[str, str]]:
    """Render every text but prompts and lists with names, price and code at their longest."""
    texts = compile_texts(OPERATOR, POLICY, catalogue_of(LONGEST, partners=(PROVIDER,)))
    for key in ABOUT:
        yield key, texts.about(key, language, LONGEST, **VARYING.get(key, {}))
    yield "confirm_request_link", texts.link_prompt(LONGEST, language, UNTIL_AT, LINK)
    for key in ("complaint_open", "complaint_status", "complaint_rejected"):
        yield key, texts.complaint(key, language, LONGEST.name, PROOF, by_at=UNTIL_AT)
    amount = {"amount_minor": 100_000}
    yield (
        "complaint_upheld",
        texts.complaint("complaint_upheld", language, LONGEST.name, PROOF, **amount),
    )
    for key in ("nothing_pending", "help", "blocked_on", "nothing_to_stop", "language_set"):
        yield key, texts.plain(key, language)
    yield "otp", texts.plain("otp", language, otp="000000", minutes="10")
    yield "not_on_air", texts.plain("not_on_air", language, code="TINHOT7")
    yield "confirm_which", texts.which(language, ("TINHOT7",), "91660")
    yield (
        "cancel_which",
        texts.plain("cancel_which", language, codes=("TINHOT7",), short_code="91660"),
    )
    yield "tk_empty", texts.empty_listing(language, 1_000_000)


@pytest.mark.parametrize("moment", MOMENTS)
def test_every_moment_has_its_text_in_every_language(moment: str) -> None:
    key = MOMENTS[moment]
    assert key in FIELDS
    for language in LANGUAGES:
        assert load(language).authored[key].strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_its_longest_a_text_is_still_plain_and_as_short_as_it_should_be(language: str) -> None:
    rendered = dict(longest_texts(language))
    assert [key for key, text in rendered.items() if not is_gsm(text)] == []
    long = {key for key, text in rendered.items() if len(segment(text).parts) > 1}
    assert long <= MAY_BE_TWO
    assert all(len(segment(text).parts) <= 2 for text in rendered.values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", ["", "4821"])
def test_a_prompt_with_a_link_states_what_any_prompt_must(language: str, code: str) -> None:
    texts = compile_texts(OPERATOR, POLICY, catalogue_of(LONGEST, SPORT, partners=(PROVIDER,)))
    for service in (LONGEST, SPORT):
        text = texts.link_prompt(service, language, UNTIL_AT, LINK, code=code)
        judged = (service, language, False, UNTIL_AT, code)
        assert texts.validate_prompt(text, *judged) == ()
        assert LINK in text.split()
        without = text.replace(" gom VAT", "").replace(" incl VAT", "")
        assert texts.validate_prompt(without, *judged)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_prompt_without_a_link_has_none(language: str) -> None:
    texts = compile_texts(OPERATOR, POLICY, catalogue_of(SPORT))
    assert "http" not in texts.prompt(SPORT, language, names_service=False, until_at=UNTIL_AT)


def test_a_text_on_a_complaint_needs_the_fields_that_it_says() -> None:
    texts = compile_texts(OPERATOR, POLICY, catalogue_of(SPORT))
    with pytest.raises(KeyError, match="amount"):
        texts.complaint("complaint_upheld", "vi", SPORT.name, PROOF)
    with pytest.raises(KeyError, match="by"):
        texts.complaint("complaint_open", "vi", SPORT.name, PROOF, amount_minor=1)


def lists(texts: Texts, service: Service, language: str) -> Iterator[str]:
    """Render the lists with one such service."""
    yield texts.listing(language, [line_of(service, RENEWS_AT)], 1_000_000)
    yield texts.ended_all(language, [service.name], UNTIL_AT, PROOF)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_of_one_long_name_takes_two_sms_at_most(language: str) -> None:
    texts = compile_texts(OPERATOR, POLICY, catalogue_of(LONGEST, partners=(PROVIDER,)))
    for text in lists(texts, LONGEST, language):
        assert len(segment(text).parts) <= 2
