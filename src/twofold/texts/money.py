"""Amounts and prices as one language writes them in an SMS.

Amounts are integer minor units of an ISO 4217 currency.
The Vietnamese đồng has exponent 0 and is written `d`.
Any other currency is written with its three letters.
"""

from collections.abc import Mapping
from typing import Final

from twofold.domain.terms import Terms
from twofold.texts.sources import Words

_EXPONENTS: Final[Mapping[str, int]] = {
    "VND": 0, "JPY": 0, "KRW": 0, "CLP": 0, "XAF": 0, "XOF": 0, "UGX": 0, "RWF": 0,
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}  # fmt: skip
"""ISO 4217 currencies whose minor unit is not a hundredth."""


def amount(amount_minor: int, currency: str, words: Words) -> str:
    """Write an amount: `2.000d`, `1.234,50 EUR`."""
    figures = digits(amount_minor, currency, words.thousands, words.decimal)
    return f"{figures}{words.currency}" if currency == "VND" else f"{figures} {currency}"


def digits(amount_minor: int, currency: str, thousands: str, decimal: str) -> str:
    """Write the figures of an amount, with as many decimals as its currency has: `1.234,50`."""
    exponent = _EXPONENTS.get(currency, 2)
    whole, part = divmod(amount_minor, 10**exponent)
    figures = f"{whole:,}".replace(",", thousands)
    return f"{figures}{decimal}{part:0{exponent}}" if exponent else figures


def price(terms: Terms, currency: str, words: Words) -> str:
    """Write a price with its period, which never stand apart: `2.000d/ngay`, `10.000d/30 ngay`."""
    days = terms.period_days
    period = words.day if days == 1 else words.days.replace("{days}", str(days))
    return f"{amount(terms.price_minor, currency, words)}/{period}"
