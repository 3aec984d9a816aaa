"""Prices by date: from a local midnight on a service costs something else, and all is checked."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.unit.catalog.market import PRICED, SMALL, ZONE, faults, read
from twofold.catalog.canonical import digest, to_json
from twofold.catalog.rows import MAX_PRICES
from twofold.domain.terms import Terms

ROW = '\n[[price]]\nservice = "GAME"\nprice = 6000\nfrom = 2026-07-01\n'


def midnight(month: int, day: int) -> int:
    """A day of 2026 begins where the operator is."""
    return int(datetime(2026, month, day, tzinfo=ZoneInfo(ZONE)).timestamp()) * 1000


@pytest.mark.parametrize(
    ("at", "terms"),
    [
        (midnight(4, 1) - 1, Terms(5_000, 7, auto_renew=True)),
        (midnight(4, 1), Terms(700, 1, auto_renew=True)),
        (midnight(7, 1) - 1, Terms(700, 1, auto_renew=True)),
        (midnight(7, 1), Terms(6_000, 7, auto_renew=True)),
    ],
)
def test_a_service_has_the_terms_of_the_newest_price_that_has_begun(at: int, terms: Terms) -> None:
    """A price without a period has the service's own, whatever another price had."""
    assert read(PRICED).at(at).services["GAME"].terms == terms


def test_the_next_price_is_known_and_after_the_last_there_is_none() -> None:
    catalogue = read(PRICED)
    assert catalogue.next_at(0) == midnight(4, 1)
    assert catalogue.next_at(midnight(4, 1)) == midnight(7, 1)
    assert catalogue.next_at(midnight(7, 1)) is None


def test_a_catalogue_without_dated_prices_is_the_same_at_any_moment() -> None:
    catalogue = read(SMALL)
    assert catalogue.at(midnight(7, 1)) is catalogue
    assert b"prices" not in to_json(catalogue)


def test_a_dated_price_is_another_document_in_whatever_order_it_stands() -> None:
    first, second = ROW, ROW.replace("07-01", "08-01")
    assert to_json(read(SMALL + first + second)) == to_json(read(SMALL + second + first))
    assert digest(to_json(read(SMALL + first))) != digest(to_json(read(SMALL)))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"GAME"', '"GAMES"', 'service: no service has the code "GAMES"; add a [[service]]'),
        ("6000", "0", "price: must be a whole number above 0, VAT included, is 0"),
        ("from = 2026-07-01", "", "from: is missing; it must be a date without quotes"),
        ("2026-07-01", '"2026-07-01"', "from: must be a date without quotes"),
        ("from =", 'period = "P1M"\nfrom =', "period: must be whole days"),
        ("from =", "until = 2026-08-01\nfrom =", "until: unknown key"),
    ],
)
def test_a_dated_price_that_is_wrong_is_told_what(old: str, new: str, says: str) -> None:
    found = faults(SMALL + ROW.replace(old, new))
    assert len(found) == 1
    assert found[0].startswith("price[0] GAME")
    assert says in found[0]


def test_two_prices_for_one_date_are_refused() -> None:
    (found,) = faults(SMALL + ROW + ROW.replace("6000", "7000"))
    assert "price[1] GAME" in found
    assert "from: is 2026-07-01, as price[0] GAME" in found


def test_more_prices_than_anybody_plans_are_refused() -> None:
    rows = [ROW.replace("2026", str(2030 + year)) for year in range(MAX_PRICES + 1)]
    (found,) = faults(SMALL + "".join(rows))
    assert f'"GAME" has {MAX_PRICES} dated prices; remove some' in found


def test_a_period_that_the_name_contradicts_later_is_refused_today() -> None:
    daily = SMALL.replace('"Game vui"', '"Game hang tuan"')
    read(daily)
    found = faults(daily + ROW.replace("from", 'period = "P1D"\nfrom'))
    assert all("contradicts a period of 1 days" in fault for fault in found)
