"""Durations as people write them in files: ISO 8601, days to seconds.

Nothing is taken whose length depends on the calendar.
"""

import re
from typing import Final

from twofold.domain.terms import DAY_MS

MAX_DURATION_MS: Final = 366 * DAY_MS
_DURATION: Final = re.compile(
    r"P(?=.)(?:(\d{1,9})D)?(?:T(?=.)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?", re.ASCII
)
_UNITS_MS: Final = (DAY_MS, 3_600_000, 60_000, 1_000)


def parse_duration(text: str) -> int | None:
    """Read a duration such as `PT12H` or `P1DT6H` as milliseconds; None when it is not one.

    Months and years have no fixed length, weeks are written as days, fractions are not needed:
    none is taken.
    Neither is nothing (`PT0S`), nor more than 366 days.
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    counts = (int(count or 0) for count in match.groups())
    total = sum(count * unit for count, unit in zip(counts, _UNITS_MS, strict=True))
    return total if 0 < total <= MAX_DURATION_MS else None


def parse_days(text: str) -> int | None:
    """Read a duration of whole days (`P1D`, `P30D`) as their number; None when it is not one."""
    duration_ms = parse_duration(text)
    if duration_ms is None or duration_ms % DAY_MS or "T" in text:
        return None
    return duration_ms // DAY_MS


def write_duration(duration_ms: int) -> str:
    """Write milliseconds (whole seconds) as ISO 8601, in the largest units that keep it exact."""
    days, rest = divmod(duration_ms, DAY_MS)
    parts = []
    for letter, unit in zip("HMS", _UNITS_MS[1:], strict=True):
        count, rest = divmod(rest, unit)
        parts.append(f"{count}{letter}" if count else "")
    assert rest == 0, duration_ms
    clock = "".join(parts)
    return "P" + (f"{days}D" if days else "") + (f"T{clock}" if clock or not days else "")
