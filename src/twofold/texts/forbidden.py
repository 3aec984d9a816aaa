"""Words that a text about a purchase may not have, and a period that is not the service's.

Findings are as in `review`.
"""

import re
from collections.abc import Iterator
from typing import Final

from twofold.texts.review import Finding

_PROMOTION: Final = re.compile(
    r"\[(?:QC|AD)\]"
    r"|\b(?:khuyen mai|uu dai|giam gia|giam \d+%|trung thuong|trung giai|qua tang|co hoi|mien cuoc"
    r"|tang (?:ngay|ban|QK|them|kem)|re nhat|duy nhat hom nay|nhanh tay"
    r"|discounts?|promo|special offer|prizes?|win|winners?|bonus|gifts?|cheapest|hurry)\b",
    re.IGNORECASE,
)
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


def review_words(text: str) -> Iterator[Finding]:
    """Find promotion, links and second purposes; `text` is as it is sent, without accents."""
    if match := _PROMOTION.search(text):
        yield f'"{match[0]}" is promotion', "a text about a purchase may hold none: reword it"
    if match := _URL.search(text):
        yield f'"{match[0]}" is a link', "people are taught not to tap links: leave it out"
    if match := _SECOND_PURPOSE.search(text):
        yield f'"{match[0]}" asks for a second consent', "one yes is for one purpose: leave it out"


def review_periods(text: str, period_days: int) -> Iterator[Finding]:
    """Find words for a period that is not the one that is charged."""
    for pattern, days in _PERIODS:
        match = pattern.search(text)
        if match and period_days not in days:
            what = f'"{match[0]}" contradicts a period of {period_days} days'
            yield what, "say the period that is charged"
