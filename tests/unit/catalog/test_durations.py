"""Durations in files: ISO 8601 with a fixed length, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twofold.catalog.durations import parse_days, parse_duration, write_duration

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000


@pytest.mark.parametrize(
    ("text", "duration_ms"),
    [
        ("PT12H", 12 * HOUR),
        ("PT10M", 10 * MINUTE),
        ("P1D", DAY),
        ("P1DT6H", DAY + 6 * HOUR),
        ("PT1H30M5S", 90 * MINUTE + 5 * SECOND),
        ("P366D", 366 * DAY),
    ],
)
def test_a_duration_is_read(text: str, duration_ms: int) -> None:
    assert parse_duration(text) == duration_ms


@pytest.mark.parametrize(
    "text",
    [
        *("", "P", "PT", "P1DT", "12H", "pt12h", "PT12", "P1W", "P1M", "P1Y", "PT0S", "P0D"),
        *("PT1.5H", "-PT1H", "PT1H ", "PT5M1H", "P367D", "PT٣H", "P1D\n"),
    ],
)
def test_what_has_no_fixed_length_is_no_duration(text: str) -> None:
    assert parse_duration(text) is None


@pytest.mark.parametrize(
    ("text", "days"), [("P1D", 1), ("P30D", 30), ("PT24H", None), ("P1DT1H", None), ("P1M", None)]
)
def test_a_period_is_whole_days(text: str, days: int | None) -> None:
    assert parse_days(text) == days


@given(st.integers(1, 366 * 86_400))
def test_what_is_written_is_read_again(seconds: int) -> None:
    assert parse_duration(write_duration(seconds * SECOND)) == seconds * SECOND
