"""A wording that an operator approved, in the place of the program's own text.

It must state all that the program's own text states.
That is judged when a catalogue is imported.
What a later program cannot fill in all the same is left out, and its own text is said: whoever
stops a service gets an answer, whatever was approved.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from hashlib import sha256
from typing import Final

from msgspec import structs

from twofold.domain.catalogue import VERSION_DIGITS, DatedTemplate
from twofold.texts.faults import Fault
from twofold.texts.forbidden import review_words
from twofold.texts.review import Finding, review_letters
from twofold.texts.sources import (
    FIELDS,
    KEYS,
    ONCE,
    Source,
    cut_at_fields,
    fields_of,
    load,
    varying,
)
from twofold.texts.unaccented import unaccented

_FIELD: Final = re.compile(r"\{[a-z_]+\}")
_NUMBER: Final = re.compile(r"\d+")
_KEYWORD: Final = re.compile(r"(?<!\w)(?:DK|HUY|TK|KN|CHAN|MO|ALL)(?!\w)")
"""What a subscriber is told to write; `ĐK` with its accent is a word of the language."""

_FREE: Final = re.compile(
    r"khong (?:bi )?(?:mat|thu) (?:them )?phi|khong bi tru tien"
    r"|no charge|(?:not|nothing).{0,20}charged|none will charge",
    re.IGNORECASE,
)
"""That nothing is charged."""

_FREE_OF_CHARGE: Final = re.compile(r"mien phi|\bfree\b", re.IGNORECASE)
_FREE_CALL: Final = re.compile(r"\{hotline\} \((?:mien phi|free)\)", re.IGNORECASE)

TELLING: Final[Mapping[str, Mapping[str, str]]] = {
    "vi": {
        "activated": "thanh cong",
        "already": "dang dung",
        "cancel_ack": "da huy",
        "cancelled": "da huy",
        "cancel_all": "da huy",
        "declined": "da tu choi",
        "expired": "het han",
        "late_confirm": "het han",
        "nothing_pending": "Khong co yeu cau",
        "tk_empty": "khong dung",
    }
}
"""Words by which people and programs tell texts apart, by language and text."""

SENT_WORDS: Final = ("stop", "yes")
"""Fields that only write a word which other fields write, too: a language may do without them."""

ALONE: Final = {"thanh cong": "activated"}
"""Such words that no other text may have."""


def unusable(key: str, text: str) -> Iterator[Finding]:
    """Find why a wording cannot be filled in: then it is not approved, and not said."""
    if key not in KEYS:
        yield f"there is no text {key}", "remove it"
        return
    known = FIELDS[key]
    template = cut_at_fields(text)
    for field in sorted({*fields_of(template)} - {*known}):
        near = get_close_matches(field, known, n=1)
        names = ", ".join(f"{{{name}}}" for name in sorted(known))
        hint = f"did you mean {{{near[0]}}}?" if near else f"it may say {names}"
        yield f"{{{field}}} is no field of {key}", hint
    for field in varying(key):
        if (times := fields_of(template).count(field)) != 1:
            yield f"{{{field}}} stands in it {times} times", "say it exactly once"
    if any(bracket in literal for literal in template[::2] for bracket in "{}"):
        yield "a brace names no field", "write fields as {service_name}"


def review_wording(language: str, key: str, text: str) -> Iterator[Finding]:
    """Find what is wrong with a wording, whatever service it will be said of."""
    own = load(language)
    yield from unusable(key, text)
    yield from _review_facts(own, key, text)
    plain = unaccented(text)
    yield from review_letters(plain)
    yield from review_words(plain)
    if key in (*ONCE, "activated") and _FREE_OF_CHARGE.search(_FREE_CALL.sub("", plain)):
        yield "it calls something free that costs money", "only the call to {hotline} is free"


def _review_facts(own: Source, key: str, text: str) -> Iterator[Finding]:
    """Find what the program's own text states and this one does not, or the other way round."""
    said, kept = fields_of(cut_at_fields(text)), fields_of(own.templates[key])
    for field in dict.fromkeys(kept):
        if field not in said and field not in varying(key):
            yield f"{{{field}}} is missing", "state it, as the program's own text does"
    literal, literal_kept = _FIELD.sub(" ", text), _FIELD.sub(" ", own.authored[key])
    numbers, numbers_kept = ({*_NUMBER.findall(one)} for one in (literal, literal_kept))
    for number in sorted(numbers - numbers_kept):
        yield f'"{number}" is written out', "say prices, numbers and times by their fields"
    for number in sorted(numbers_kept - numbers):
        yield f'"{number}" is missing', "state it, as the program's own text does"
    for word in sorted({*_KEYWORD.findall(literal_kept)} - {*_KEYWORD.findall(literal)}):
        yield f"the keyword {word} is missing", "say what to write, as the program's own text does"
    plain, plain_kept = unaccented(literal), unaccented(literal_kept)
    if _FREE.search(plain_kept) and not _FREE.search(plain):
        yield "it does not say that nothing is charged", "state it, as the program's own text does"
    yield from _review_telling(own.language, key, plain)


def _review_telling(language: str, key: str, plain: str) -> Iterator[Finding]:
    """Find that a text could be taken for another one."""
    telling = TELLING.get(language, {})
    if (word := telling.get(key)) and word not in plain:
        yield f'"{word}" is missing', "this text is told apart by it: keep it"
    for word, owner in ALONE.items():
        if word in telling.values() and key != owner and word in plain:
            yield f'"{word}" stands in it', f"it is said in {owner} alone: reword it"


def differing(sources: Mapping[str, Source], key: str) -> Iterator[tuple[str, Finding]]:
    """Find what a wording states in one language and not in another: the language, and what."""
    said = {
        language: {*fields_of(held.templates[key])} - {*SENT_WORDS}
        for language, held in sources.items()
    }
    for language, held in sources.items():
        if key not in held.approved:
            continue
        for other in sources:
            for field in sorted(said[language] - said[other]):
                what = f"{{{field}}} is not in the text in {other}"
                yield language, (what, "state the same in every language from the same day on")


def worded(own: Source, wording: Sequence[DatedTemplate]) -> tuple[Source, tuple[Fault, ...]]:
    """Put approved wordings in the place of the program's own; say which cannot be filled in."""
    said: dict[str, DatedTemplate] = {}
    left_out = []
    for held in wording:
        if held.language != own.language:
            continue
        found = [*unusable(held.key, held.text)]
        left_out += [Fault("", own.language, held.key, what, fix) for what, fix in found]
        if not found:
            said[held.key] = held
    if not said:
        return own, tuple(left_out)
    names = "".join(f"{key} {held.version}\n" for key, held in sorted(said.items()))
    source = structs.replace(
        own,
        approval=f"+{sha256(names.encode()).hexdigest()[:VERSION_DIGITS]}",
        templates={**own.templates, **{k: cut_at_fields(h.text) for k, h in said.items()}},
        authored={**own.authored, **{key: held.text for key, held in said.items()}},
        approved={key: held.version for key, held in said.items()},
    )
    return source, tuple(left_out)
