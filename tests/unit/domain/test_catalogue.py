"""Certificates end where they say, and a word leads to one service."""

import pytest

from tests.unit.decide.example import CERTIFICATES, SERVICES, SPORT, catalogue_of
from twofold.domain.terms import DAY_MS, Period

SOLD = catalogue_of(*SERVICES)
VALID = CERTIFICATES[0]


@pytest.mark.parametrize(
    ("at", "valid"),
    [
        (VALID.valid_from_at - 1, False),
        (VALID.valid_from_at, True),
        (VALID.valid_until_at - 1, True),
        (VALID.valid_until_at, False),
    ],
)
def test_a_certificate_is_valid_from_its_first_instant_to_before_its_last(
    at: int,
    valid: bool,  # noqa: FBT001 - a column
) -> None:
    assert VALID.is_valid(at) is valid
    assert SOLD.is_certified("abc", at) is valid


def test_a_partner_without_a_certificate_is_not_certified() -> None:
    assert not SOLD.is_certified("nobody", VALID.valid_from_at)


def test_a_code_leads_to_its_service_and_any_other_word_to_none() -> None:
    assert SOLD.find("THETHAO") == SPORT
    assert SOLD.find("thethao") is None
    assert SOLD.find("") is None


def test_a_period_is_written_as_iso_8601_and_lasts_whole_days() -> None:
    assert (Period(30).iso, Period(7).duration_ms) == ("P30D", 7 * DAY_MS)
    assert SPORT.terms.period == Period(1)
