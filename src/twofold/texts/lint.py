"""Check every text for every service of a catalogue before it is taken, never at run time.

Texts are rendered with the catalogue's own values, and with what varies at its longest.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from twofold.domain.catalogue import Catalogue, Service
from twofold.domain.policy import Operator, Policy
from twofold.texts.faults import Fault
from twofold.texts.review import Finding, review_letters
from twofold.texts.sources import ABOUT
from twofold.texts.texts import Texts, compile_texts
from twofold.texts.unaccented import unaccented

_UNTIL_AT: Final = 1_798_736_340_000
"""A deadline late in the year; every deadline has the same width."""

_PROOF: Final = "0" * 11
_BALANCE_MINOR: Final = 99_999_999

_LONGEST: Final[Mapping[str, int | str]] = {
    "by_at": _UNTIL_AT,
    "when_at": _UNTIL_AT,
    "proof": _PROOF,
    "amount_minor": _BALANCE_MINOR,
    "digits": "4",
}
"""What varies in texts on one service, at its longest."""

_TAKEN_BY: Final[Mapping[str, str]] = {
    "by": "by_at",
    "renewal": "when_at",
    "proof": "proof",
    "amount": "amount_minor",
    "digits": "digits",
}
"""The argument of `Texts.about` behind each field that varies."""

_PROMOTION: Final = re.compile(
    r"\[(?:QC|AD)\]"
    r"|\b(?:khuyen mai|uu dai|giam gia|giam \d+%|trung thuong|trung giai|qua tang|co hoi|mien cuoc"
    r"|tang (?:ngay|ban|QK|them|kem)|re nhat|duy nhat hom nay|nhanh tay"
    r"|discounts?|promo|special offer|prizes?|win|winners?|bonus|gifts?|cheapest|hurry)\b",
    re.IGNORECASE,
)
_FREE_IN_A_NAME: Final = re.compile(r"mien phi|\bfree\b", re.IGNORECASE)
_SECOND_PURPOSE: Final = re.compile(
    r"\b(?:du lieu|thong tin ca nhan|nhan (?:tin )?quang cao|dong y cho"
    r"|personal data|marketing|consent to)\b",
    re.IGNORECASE,
)
"""One yes is for one purpose (Decree 13/2023/ND-CP, article 11)."""

_URL: Final = re.compile(
    r"https?:|www\.|\b[a-z0-9-]+\.(?:com|net|org|info|vn|mobi|me|ly|gl|io|app|xyz|top)\b",
    re.IGNORECASE,
)
_PERIODS: Final[tuple[tuple[re.Pattern[str], range], ...]] = (
    (
        re.compile(r"(?:hang|moi|theo) ngay|\bdaily\b|\bper day\b|/ngay|/day\b", re.IGNORECASE),
        range(1, 2),
    ),
    (
        re.compile(r"(?:hang|moi|theo) tuan|\bweekly\b|\bper week\b|/tuan|/week\b", re.IGNORECASE),
        range(7, 8),
    ),
    (
        re.compile(
            r"(?:hang|moi|theo) thang|\bmonthly\b|\bper month\b|/thang|/month\b", re.IGNORECASE
        ),
        range(28, 32),
    ),
)
"""Words that say a period, with the days that they may mean."""


def lint_texts(operator: Operator, policy: Policy, catalogue: Catalogue) -> tuple[Fault, ...]:
    """Check every text in every language for every service; faults come in catalogue order."""
    texts = compile_texts(operator, policy, catalogue)
    found = (
        fault for service in catalogue.services.values() for fault in lint_service(texts, service)
    )
    return tuple(dict.fromkeys(found))


def lint_service(texts: Texts, service: Service) -> Iterator[Fault]:
    """Check what a service brings to its texts, and then each of them."""
    names = _names(texts, service)
    for what, fix in names:
        yield Fault(service.code, "", "", what, fix)
    for language in texts.sources:
        for names_service, code in _asked(texts):
            for replaces in ("", service.code, *longest_other(texts, service)):
                yield from texts.prompt_faults(service, language, names_service, code, replaces)
        for key, text in _rendered(texts, service, language):
            if key == "confirm_request":
                yield from _faults(service, language, key, review_letters(text))
            else:
                yield from texts.validate(key, text, service, language, _BALANCE_MINOR)
            if not names:
                yield from _faults(service, language, key, _words(text, service))


def _faults(service: Service, language: str, key: str, found: Iterable[Finding]) -> Iterator[Fault]:
    """Name the text that something was found in."""
    for what, fix in found:
        yield Fault(service.code, language, key, what, fix)


def _asked(texts: Texts) -> tuple[tuple[bool, str], ...]:
    """Every way in which a prompt may ask: the bare word, with the service's code, with a code."""
    return (False, ""), (True, ""), (False, "8" * texts.policy.code_digits)


def _names(texts: Texts, service: Service) -> tuple[Finding, ...]:
    """Check the names that texts quote: a fault there is told once, and not again for each text."""
    provider = texts.catalogue.partners[service.partner].name
    found = (*_name("name", service.name), *_name("provider", provider))
    return (*found, *_words(unaccented(f"{service.name} {provider}"), service))


def _name(field: str, name: str) -> Iterator[Finding]:
    """Check one name."""
    if not name.strip():
        yield f"the {field} is empty", "name it"
    if name != " ".join(name.split()) or not name.isprintable():
        yield f"the {field} has line breaks, control characters or blanks", "write it in one line"
    yield from review_letters(unaccented(name))
    if match := _FREE_IN_A_NAME.search(unaccented(name)):
        yield f'"{match[0]}" in the {field} makes a price look like none', f"reword the {field}"


def _words(text: str, service: Service) -> Iterator[Finding]:
    """Check for words that a text may not have, and for a period that is not the service's."""
    if match := _PROMOTION.search(text):
        yield f'"{match[0]}" is promotion', "a text about a purchase may hold none: reword it"
    if match := _URL.search(text):
        yield f'"{match[0]}" is a link', "people are taught not to tap links: leave it out"
    if match := _SECOND_PURPOSE.search(text):
        yield f'"{match[0]}" asks for a second consent', "one yes is for one purpose: leave it out"
    for pattern, days in _PERIODS:
        match = pattern.search(text)
        if match and service.terms.period_days not in days:
            what = f'"{match[0]}" contradicts a period of {service.terms.period_days} days'
            yield what, "say the period that is charged"


def _rendered(texts: Texts, service: Service, language: str) -> Iterator[tuple[str, str]]:
    """Render every text on one service, with what varies at its longest.

    A prompt that names another package is left to `prompt_faults`: the words in that name are that
    package's own.
    """
    for names_service, code in _asked(texts):
        prompt = texts.prompt(service, language, names_service, _UNTIL_AT, code)
        yield "confirm_request", prompt
    welcome = texts.welcome(service, language, _UNTIL_AT, _PROOF, _BALANCE_MINOR)
    yield "activated", welcome
    yield "cancel_all", texts.ended_all(language, [service.name], _UNTIL_AT, _PROOF)
    for key in (key for key in ABOUT if key != "activated"):
        used = texts.sources[language].templates[key][1::2]
        taken = [_TAKEN_BY[name] for name in used if name in _TAKEN_BY]
        yield key, texts.about(key, language, service, **{name: _LONGEST[name] for name in taken})


def longest_other(texts: Texts, service: Service) -> tuple[str, ...]:
    """The package with the longest name that this one may take the place of, if there is any."""
    others = [
        (len(held.name), held.code)
        for held in texts.catalogue.services.values()
        if service.group and held.group == service.group and held.code != service.code
    ]
    return (max(others)[1],) if others else ()
