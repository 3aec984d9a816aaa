"""The two forms of time in SMPP 3.4 (7.1.1): "YYMMDDhhmmsstnnp", and relative with an R at its end.

Everything is rounded down, so that nothing on the wire is later than what it was made from.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

RELATIVE_MAX_MS: Final = 31 * 86_400_000
"""What is written at most: a month has no length of its own, and no SMSC keeps a text longer."""

_FORM: Final = re.compile(r"(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d)(\d\d)([-+R])", re.ASCII)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_YEAR: Final = 365
_MONTH: Final = 30


def relative_validity(remaining_ms: int) -> str | None:
    """Write how long an SMSC may keep trying, in whole seconds and never longer than given.

    None when not one second is left: a zero, or nothing, would let an SMSC use its own default.
    Longer than 31 days is cut to 31 days.
    """
    seconds = min(remaining_ms, RELATIVE_MAX_MS) // 1000
    return _relative(seconds) if seconds >= 1 else None


@lru_cache(maxsize=64)
def _relative(seconds: int) -> str:
    """Write a span; the texts of one second have as long to live as one another."""
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    day, hour = divmod(hours, 24)
    return f"0000{day:02}{hour:02}{minute:02}{second:02}000R"


def absolute_validity(expires_at: int) -> str:
    """Write a moment (ms UTC) in UTC, rounded down to tenths of a second."""
    moment = _EPOCH + timedelta(milliseconds=expires_at)
    return f"{moment:%y%m%d%H%M%S}{moment.microsecond // 100_000}00+"


def parse_relative(text: str) -> int | None:
    """Read a relative time in ms, a year as 365 days and a month as 30; None when it is not one."""
    match = _FORM.fullmatch(text)
    if match is None or match[9] != "R":
        return None
    year, month, day, hour, minute, second = (int(match[part]) for part in range(1, 7))
    days = year * _YEAR + month * _MONTH + day
    return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000


def parse_absolute(text: str) -> int | None:
    """Read an absolute time in ms UTC, its years from 2000 on; None when it is not one."""
    match = _FORM.fullmatch(text)
    if match is None or match[9] == "R":
        return None
    year, month, day, hour, minute, second, tenth, quarters = (
        int(match[part]) for part in range(1, 9)
    )
    try:
        local = datetime(2000 + year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    offset = timedelta(minutes=15 * quarters)
    moment = local - offset if match[9] == "+" else local + offset
    return (moment - _EPOCH) // _MILLISECOND + 100 * tenth
