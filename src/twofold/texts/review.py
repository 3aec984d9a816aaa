"""Judge one rendered text: all demanded fields, in plain letters, where a reader sees them.

Findings are pairs: what is wrong, and what to do about it.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from twofold.protocol.gsm import GSM_DATA_CODING, decode, is_gsm, segment
from twofold.texts.fields import missing, stands_in
from twofold.texts.sources import Words

SEEN_FIRST: Final = 100
"""Characters within which service and price must stand: what a plain phone shows at once."""

SHORTEN: Final = "shorten the names, or the text"

Finding = tuple[str, str]


def review_prompt(
    text: str,
    names: tuple[str, ...],
    max_segments: int,
    values: Mapping[str, str],
    words: Words,
) -> tuple[Finding, ...]:
    """Find everything for which a prompt must not be sent."""
    return (
        *review_fields(text, names, values, words),
        *review_letters(text),
        *_review_places(text, values),
        *review_size(text, max_segments),
    )


def review_fields(
    text: str, names: tuple[str, ...], values: Mapping[str, str], words: Words
) -> Iterator[Finding]:
    """Find the fields that a text does not state."""
    for name in missing(text, names, values, words):
        yield f"{name} is missing", f"state {name} in template and catalogue"


def review_letters(text: str) -> Iterator[Finding]:
    """Find letters that would turn the whole text into UCS-2, and values that have lost one."""
    if not is_gsm(text):
        letters = "".join(char for char in text if not is_gsm(char))
        yield f"{letters!r} has no GSM-7 form", "write it in plain letters"


def _review_places(text: str, values: Mapping[str, str]) -> Iterator[Finding]:
    """Find what a reader would see too late: service and price, and that silence costs nothing."""
    start = text[:SEEN_FIRST]
    for name in ("service_name", "price"):
        if not stands_in(values[name], start):
            what = f"{name} is not within the first {SEEN_FIRST} characters"
            yield what, "shorten the names of service and provider, or the text"
    if values["no_charge"] not in first_segment(text):
        yield (
            "that silence costs nothing is not in the first segment",
            SHORTEN,
        )


def review_size(text: str, max_segments: int) -> Iterator[Finding]:
    """Find a prompt that is longer than the policy allows."""
    count = len(segment(text).parts)
    if count > max_segments:
        yield f"it needs {count} SMS, {max_segments} are allowed", SHORTEN


def first_segment(text: str) -> str:
    """Give what the first SMS of a text holds."""
    cut = segment(text)
    is_plain = cut.data_coding == GSM_DATA_CODING
    return decode(cut.parts[0]) if is_plain else cut.parts[0].decode("utf-16-be")
