"""Check every text for every service of a catalogue before it is taken, never at run time.

Texts are rendered with the catalogue's own values, and with what varies at its longest.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from twofold.domain.catalogue import Catalogue, Service
from twofold.domain.policy import Operator, Policy
from twofold.texts.compiling import compile_texts
from twofold.texts.faults import Fault
from twofold.texts.forbidden import review_periods, review_words
from twofold.texts.review import Finding, review_letters
from twofold.texts.sources import ABOUT, KEYS, ONCE
from twofold.texts.texts import Texts
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

_FREE_IN_A_NAME: Final = re.compile(r"mien phi|\bfree\b", re.IGNORECASE)


def lint_texts(
    operator: Operator, policy: Policy, catalogue: Catalogue, codes: Collection[str] | None = None
) -> tuple[Fault, ...]:
    """Check every text in every language for every service; faults come in catalogue order.

    With `codes`, for those services alone.
    """
    texts = compile_texts(operator, policy, catalogue)
    found = (
        fault
        for service in catalogue.services.values()
        if codes is None or service.code in codes
        for fault in lint_service(texts, service)
    )
    return tuple(dict.fromkeys(found))


def lint_service(texts: Texts, service: Service) -> Iterator[Fault]:
    """Check what a service brings to its texts, and then each of them."""
    names = _names(texts, service)
    for what, fix in names:
        yield Fault(service.code, "", "", what, fix)
    for language in texts.sources:
        yield from lint_said(texts, service, language, KEYS, with_words=not names)


def lint_said(
    texts: Texts, service: Service, language: str, keys: Collection[str], *, with_words: bool = True
) -> Iterator[Fault]:
    """Check those texts on a service in a language; its names may be left to be blamed alone."""
    if not {*ONCE}.isdisjoint(keys):
        for names_service, code in _asked(texts):
            for replaces in ("", service.code, *longest_other(texts, service)):
                yield from texts.prompt_faults(service, language, names_service, code, replaces)
    for key, text in rendered(texts, service, language, keys):
        if key in ONCE:
            yield from _faults(service, language, key, review_letters(text))
        else:
            yield from texts.validate(key, text, service, language, _BALANCE_MINOR)
        if with_words:
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
    yield from review_words(text)
    yield from review_periods(text, service.terms.period_days)


def rendered(
    texts: Texts, service: Service, language: str, keys: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Render those texts that are on one service, with what varies at its longest.

    A prompt that names another package is left to `prompt_faults`: the words in that name are that
    package's own.
    """
    for names_service, code in _asked(texts) if not {*ONCE}.isdisjoint(keys) else ():
        asked = (service, language, names_service)
        yield texts.prompt_template(*asked, code), texts.prompt(*asked, _UNTIL_AT, code)
    if "activated" in keys:
        yield "activated", texts.welcome(service, language, _UNTIL_AT, _PROOF, _BALANCE_MINOR)
    if "cancel_all" in keys:
        yield "cancel_all", texts.ended_all(language, [service.name], _UNTIL_AT, _PROOF)
    for key in ABOUT:
        if key not in keys or key == "activated":
            continue
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
