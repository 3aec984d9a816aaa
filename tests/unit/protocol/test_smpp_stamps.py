"""Times and SIMs in vendors' TLVs: no standard says how, so every form that is met is read."""

from zoneinfo import ZoneInfo

import pytest

from twofold.protocol.smpp.stamps import parse_imsi, parse_stamp

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
AT = 1_773_453_600_000
"""2026-03-14, two in the morning UTC and nine where the SMSC is."""

FORMS = [
    b"260314020000000+",
    b"260314090000028+",
    b"260314020000000+\0",
    b"260314090000",
    b"20260314090000\0",
    b"1773453600",
    b"1773453600000",
    (AT // 1000).to_bytes(4, "big"),
    AT.to_bytes(8, "big"),
    bytes.fromhex("62304190000082"),
    bytes.fromhex("62304120000000"),
]


@pytest.mark.parametrize("value", FORMS)
def test_a_time_is_read_in_every_form(value: bytes) -> None:
    assert parse_stamp(value, ZONE) == AT


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"\0",
        b"later",
        b"269914020000000+",
        b"269914090000",
        b"12345",
        b"\xff" * 7,
        b"\xff" * 8,
    ],
)
def test_what_is_no_time_is_none(value: bytes) -> None:
    assert parse_stamp(value, ZONE) is None


@pytest.mark.parametrize("value", [b"452010123456789", b"452010123456789\0"])
def test_a_sim_is_read_in_digits(value: bytes) -> None:
    assert parse_imsi(value) == "452010123456789"


def test_semi_octets_are_swapped_and_filled() -> None:
    assert parse_imsi(bytes.fromhex("54021032547698f0")) == "452001234567890"


@pytest.mark.parametrize("value", [b"", b"1234", b"not a sim", b"1" * 16, b"\xff" * 8])
def test_what_is_no_sim_is_none(value: bytes) -> None:
    assert parse_imsi(value) == ""
