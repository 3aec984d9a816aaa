"""Check the wording that a catalogue has in force at one moment, for every service it is said of.

What is wrong with a service itself is told by `lint`, and what is wrong with a wording by itself by
`wording`.
"""

from collections.abc import Iterator
from typing import Final

from msgspec import structs

from twofold.domain.catalogue import Catalogue, Service
from twofold.domain.policy import Operator, Policy
from twofold.protocol.gsm import SEPTETS_ALONE, septets
from twofold.texts.compiling import compile_texts
from twofold.texts.faults import Fault
from twofold.texts.fields import operator_values
from twofold.texts.forbidden import review_periods
from twofold.texts.lint import lint_said, rendered
from twofold.texts.review import review_size
from twofold.texts.sources import ABOUT, FIELDS, LONG_PROMPT, ONCE, SHORT_PROMPT, Source, complete
from twofold.texts.texts import MAX_OFFERED, Texts
from twofold.texts.wording import differing

LISTED: Final = ("cancel_all", "tk_")
"""How the keys of texts begin that are a part of a list, which may be of any length."""

_CODE: Final = "DICHVUDAINHA"
"""A service's code at its longest."""


def lint_wording(operator: Operator, policy: Policy, catalogue: Catalogue) -> Iterator[Fault]:
    """Find why the wording in force may not be said; a fault of no service has an empty one."""
    texts = compile_texts(operator, policy, catalogue)
    for key in dict.fromkeys(held.key for held in catalogue.wording):
        for language, (what, fix) in differing(texts.sources, key):
            yield Fault("", language, key, what, fix)
    for language, source in texts.sources.items():
        if source.approved:
            yield from _lint_language(texts, language, source)


def as_sent(texts: Texts, key: str, language: str) -> tuple[str, str]:
    """Render a text with what varies at its longest; and the service of which it is longest.

    The prompt for one SMS is that of a service for which it fits one.
    """
    source = texts.sources[language]
    if key not in (*ONCE, *ABOUT):
        return complete(source.templates[key], _longest(texts, source)), ""
    said = []
    for service in texts.catalogue.services.values():
        if key in ONCE:
            text = texts.prompt_by(key, service, language)
        else:
            ((_, text),) = rendered(texts, service, language, (key,))
        if key != SHORT_PROMPT or septets(text) <= SEPTETS_ALONE:
            said.append((septets(text), text, service.code))
    _, text, code = max(said, default=(0, "", ""))
    return text, code


def _lint_language(texts: Texts, language: str, source: Source) -> Iterator[Fault]:
    """Find why approved texts in one language may not be said."""
    keys = source.approved
    always_long = _always_long(texts) if LONG_PROMPT in keys else None
    for service in texts.catalogue.services.values():
        for fault in lint_said(texts, service, language, keys):
            if fault.key in keys:
                yield fault
        yield from _sizes(texts, service, language, source)
        if SHORT_PROMPT in keys:
            text = texts.prompt_by(SHORT_PROMPT, service, language)
            for what, fix in review_periods(text, service.terms.period_days):
                yield Fault(service.code, language, SHORT_PROMPT, what, fix)
        if always_long is not None:
            for fault in lint_said(always_long, service, language, ONCE):
                yield structs.replace(fault, key=LONG_PROMPT)
    yield from _never_short(texts, language, source)
    yield from _plain_sizes(texts, language, source)


def _always_long(texts: Texts) -> Texts:
    """The same texts, whose prompts take the longer wording always: what may come must fit."""
    sources = {
        language: structs.replace(
            source,
            templates={**source.templates, SHORT_PROMPT: source.templates[LONG_PROMPT]},
        )
        for language, source in texts.sources.items()
    }
    return Texts(texts.operator, texts.policy, texts.catalogue, sources, texts.times, texts.version)


def _sizes(texts: Texts, service: Service, language: str, source: Source) -> Iterator[Fault]:
    """Find texts on a service that are longer than the policy allows a prompt to be."""
    keys = [key for key in source.approved if key in ABOUT]
    for key, text in rendered(texts, service, language, keys):
        for what, fix in review_size(text, texts.policy.max_segments):
            yield Fault(service.code, language, key, what, fix)


def _never_short(texts: Texts, language: str, source: Source) -> Iterator[Fault]:
    """Find a prompt for one SMS that fits one for no service."""
    services = texts.catalogue.services.values()
    if SHORT_PROMPT not in source.approved or not services:
        return
    least = min(septets(texts.prompt_by(SHORT_PROMPT, held, language)) for held in services)
    if least > SEPTETS_ALONE:
        what = f"it needs {least} septets at least, and one SMS holds {SEPTETS_ALONE}"
        fix = f"shorten it; what does not fit one SMS is said by {LONG_PROMPT}"
        yield Fault("", language, SHORT_PROMPT, what, fix)


def _plain_sizes(texts: Texts, language: str, source: Source) -> Iterator[Fault]:
    """Find texts on no service that are too long with what varies at its longest."""
    for key in source.approved:
        if key not in (*ONCE, *ABOUT) and not key.startswith(LISTED):
            text = complete(source.templates[key], _longest(texts, source))
            for what, fix in review_size(text, texts.policy.max_segments):
                yield Fault("", language, key, what, fix)


def _longest(texts: Texts, source: Source) -> dict[str, str]:
    """Every field of texts on no service, at its longest."""
    policy, either = texts.policy, source.words.or_.join
    values = dict.fromkeys((field for fields in FIELDS.values() for field in fields), "0" * 11)
    return values | {
        **operator_values(texts.operator, policy),
        "agree": max(source.words.agree.values(), key=len).replace("{yes}", policy.reply_word),
        "by": "00:00 00/00",
        "code": "X" * 20,
        "complaints": either([f"KN {_CODE}"] * MAX_OFFERED),
        "count": "16",
        "digits": "8",
        "replies": either([f"{policy.reply_word} {_CODE}"] * MAX_OFFERED),
        "service_name": "X" * 40,
        "short_code": "0" * 5,
        "stops": either([f"{policy.stop_word} {_CODE}"] * MAX_OFFERED),
        "tries": "9",
    }
