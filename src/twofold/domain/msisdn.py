"""A subscriber's number: an integer that masks itself wherever it is printed.

A number is kept with its country code and without a plus (84912345678).
Old forms lead to the same number: national with a leading zero, international with 00 or +, and
numbers from before a country changed its prefixes (Viet Nam, 15 September 2018).
"""

from collections.abc import Mapping
from typing import Final

MIN_DIGITS: Final = 8
MAX_DIGITS: Final = 15
"""ITU-T E.164: an international number has 15 digits at most."""

_VIETNAM_2018: Final[Mapping[str, str]] = {
    **{
        f"12{old}": new
        for old, new in {
            "0": "70",
            "1": "79",
            "2": "77",
            "3": "83",
            "4": "84",
            "5": "85",
            "6": "76",
            "7": "81",
            "8": "78",
            "9": "82",
        }.items()
    },
    **{f"16{digit}": f"3{digit}" for digit in "23456789"},
    "186": "56",
    "188": "58",
    "199": "59",
}
"""Old mobile prefixes of 11-digit national numbers, and the ministry's new ones (22 May 2018)."""

_RENUMBERED: Final[Mapping[str, tuple[int, Mapping[str, str]]]] = {"84": (10, _VIETNAM_2018)}
"""By country code: the length of an old national number without its zero, and its prefixes."""


class Msisdn(int):
    """A number with its country code: shown masked by `str()`, `repr()` and f-strings.

    `digits` shows it whole.
    """

    __slots__ = ()

    @property
    def digits(self) -> str:
        """The whole number, for the wire and for the person it belongs to."""
        return int.__repr__(self)

    def __repr__(self) -> str:
        """Show the country code's place and the last three digits only."""
        return mask(self)

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        """Format the masked form."""
        return format(mask(self), spec)


def mask(msisdn: int) -> str:
    """Write a number so that it may stand in a log, a list or a metric: 84•••••123."""
    digits = int.__repr__(msisdn)
    return f"{digits[:2]}•••••{digits[-3:]}"


def parse_msisdn(text: str, country_code: str) -> Msisdn | None:
    """Read a number as SMSCs, people and partners write it; None when it is not one.

    `country_code` (digits, such as "84") completes national forms.
    """
    if text.isascii() and text.isdigit() and text[0] != "0" and text.startswith(country_code):
        # As SMSCs write nearly all of them.
        digits = text
    else:
        digits = _international(text, country_code)
    if not MIN_DIGITS <= len(digits) <= MAX_DIGITS:
        return None
    return Msisdn(_renumber(digits, country_code))


def _international(text: str, country_code: str) -> str:
    """The digits of a number in any other form, with its country code; empty when it is none."""
    digits = text.strip().replace(" ", "").replace(".", "").replace("-", "").removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return ""
    if digits.startswith("00"):
        return digits[2:]
    if digits.startswith("0"):
        return country_code + digits[1:]
    return digits


def _renumber(digits: str, country_code: str) -> str:
    """Replace a prefix that the country has abolished."""
    length, prefixes = _RENUMBERED.get(country_code, (0, {}))
    if len(digits) != len(country_code) + length:
        return digits
    national = digits.removeprefix(country_code)
    if national == digits:
        return digits
    return country_code + prefixes.get(national[:3], national[:3]) + national[3:]
