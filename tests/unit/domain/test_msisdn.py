"""One subscriber, however the number is written; and never the whole number where it is printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twofold.domain.msisdn import Msisdn, mask, parse_msisdn

SAME = ["84912345678", "+84912345678", "0912345678", "0084912345678", " 0912.345.678 "]
SAME += ["+84 912-345-678"]
RENUMBERED = {
    "0123 456 7890": 84834567890,
    "84162 345 6789": 84323456789,
    "01201234567": 84701234567,
    "+841881234567": 84581234567,
    "0199 123 4567": 84591234567,
}
NONE = ["", "VinaPhone", "9166", "12", "+", "84912a45678", "8491234567890123", "٠٩١٢٣٤٥٦٧٨"]


@pytest.mark.scenario("S041")
@pytest.mark.parametrize("text", SAME)
def test_every_form_of_a_number_is_the_same_number(text: str) -> None:
    assert parse_msisdn(text, "84") == 84912345678


@pytest.mark.scenario("S041")
@pytest.mark.parametrize(("text", "number"), RENUMBERED.items())
def test_a_prefix_that_the_country_abolished_leads_to_the_new_one(text: str, number: int) -> None:
    assert parse_msisdn(text, "84") == number


def test_another_country_keeps_its_prefixes() -> None:
    assert parse_msisdn("4412345678901", "44") == 4412345678901
    assert parse_msisdn("+4412345678901", "84") == 4412345678901


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_msisdn(text, "84") is None


@given(st.integers(10_000_000, 999_999_999_999_999))
def test_a_number_that_is_printed_is_masked(number: int) -> None:
    held = Msisdn(number)
    for shown in (str(held), repr(held), f"{held}", f"{held:>20}".strip(), f"{[held]}"[1:-1]):
        assert shown == mask(number)
        assert str(number) not in shown
    assert held.digits == str(number)
    assert held == number
