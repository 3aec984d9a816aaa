"""Validity periods: what is written is never later than what was meant."""

import pytest

from twofold.protocol.smpp.times import (
    RELATIVE_MAX_MS,
    absolute_validity,
    parse_absolute,
    parse_relative,
    relative_validity,
)

HOUR_MS = 3_600_000


@pytest.mark.parametrize(
    ("remaining_ms", "text"),
    [
        (12 * HOUR_MS, "000000120000000R"),
        (12 * HOUR_MS - 1, "000000115959000R"),
        (1_999, "000000000001000R"),
        (24 * HOUR_MS, "000001000000000R"),
        (31 * 24 * HOUR_MS, "000031000000000R"),
        (400 * 24 * HOUR_MS, "000031000000000R"),
        (999, None),
        (0, None),
        (-5_000, None),
    ],
)
def test_a_relative_validity_is_whole_seconds_rounded_down(
    remaining_ms: int, text: str | None
) -> None:
    assert relative_validity(remaining_ms) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("000000120000000R", 12 * HOUR_MS),
        ("000031000000000R", RELATIVE_MAX_MS),
        ("000100000000000R", 30 * 24 * HOUR_MS),
        ("010000000000000R", 365 * 24 * HOUR_MS),
        ("", None),
        ("00000012000000R", None),
        ("000000120000000+", None),
        ("0000001२0000000R", None),
        ("000000120000000R\n", None),
    ],
)
def test_a_relative_time_is_read(text: str, expected: int | None) -> None:
    assert parse_relative(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("260101000000000+", 1_767_225_600_000),
        ("260101000000900+", 1_767_225_600_900),
        ("260101070000028+", 1_767_225_600_000),
        ("251231200000016-", 1_767_225_600_000),
        ("260230000000000+", None),
        ("261301000000000+", None),
        ("260101000000000R", None),
        ("yesterday evenin", None),
        ("", None),
    ],
)
def test_an_absolute_time_is_read_with_its_offset(text: str, expected: int | None) -> None:
    assert parse_absolute(text) == expected


def test_an_absolute_validity_is_rounded_down_to_tenths() -> None:
    assert absolute_validity(1_767_225_600_999) == "260101000000900+"
