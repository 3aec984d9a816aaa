"""Words that a text about a purchase may not have, and a period that is not the service's.

Findings are as in `review`.
The patterns are in small letters and search a text in small letters: to have each ignore the case
took most of the time in which a catalogue is checked.
"""

import re
from collections.abc import Iterator
from typing import Final

from twofold.texts.review import Finding

_PROMOTION: Final = re.compile(
    r"\[(?:qc|ad)\]"
    r"|\b(?:khuyen mai|uu dai|giam gia|giam \d+%|trung thuong|trung giai|qua tang|co hoi|mien cuoc"
    r"|tang (?:ngay|ban|qk|them|kem)|re nhat|duy nhat hom nay|nhanh tay"
    r"|discounts?|promo|special offer|prizes?|win|winners?|bonus|gifts?|cheapest|hurry)\b"
)
_SECOND_PURPOSE: Final = re.compile(
    r"\b(?:du lieu|thong tin ca nhan|nhan (?:tin )?quang cao|dong y cho"
    r"|personal data|marketing|consent to)\b"
)
"""One yes is for one purpose (Decree 13/2023/ND-CP, article 11)."""

_URL: Final = re.compile(
    r"https?:|www\.|\b[a-z0-9-]+\.(?:com|net|org|info|vn|mobi|me|ly|gl|io|app|xyz|top)\b"
)
_PERIODS: Final[tuple[tuple[re.Pattern[str], range], ...]] = (
    (re.compile(r"(?:hang|moi|theo) ngay|\bdaily\b|\bper day\b|/ngay|/day\b"), range(1, 2)),
    (re.compile(r"(?:hang|moi|theo) tuan|\bweekly\b|\bper week\b|/tuan|/week\b"), range(7, 8)),
    (
        re.compile(r"(?:hang|moi|theo) thang|\bmonthly\b|\bper month\b|/thang|/month\b"),
        range(28, 32),
    ),
)
"""Words that say a period, with the days that they may mean."""


def review_words(text: str) -> Iterator[Finding]:
    """Find promotion, links and second purposes; `text` is as it is sent, without accents."""
    small = text.lower()
    if match := _PROMOTION.search(small):
        yield (
            f"{_quoted(text, match)} is promotion",
            "a text about a purchase may hold none: reword it",
        )
    if match := _URL.search(small):
        yield (
            f"{_quoted(text, match)} is a link",
            "people are taught not to tap links: leave it out",
        )
    if match := _SECOND_PURPOSE.search(small):
        what = f"{_quoted(text, match)} asks for a second consent"
        yield what, "one yes is for one purpose: leave it out"


def review_periods(text: str, period_days: int) -> Iterator[Finding]:
    """Find words for a period that is not the one that is charged."""
    small = text.lower()
    for pattern, days in _PERIODS:
        match = pattern.search(small)
        if match and period_days not in days:
            what = f"{_quoted(text, match)} contradicts a period of {period_days} days"
            yield what, "say the period that is charged"


def _quoted(text: str, match: re.Match[str]) -> str:
    """Quote what was found as it is written: a plain letter is as long when it is small."""
    return f'"{text[slice(*match.span())]}"'
