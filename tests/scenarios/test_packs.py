"""A whole way under each rule pack: its own words and window, and what it demands to be told."""

import pytest
from msgspec import Struct, structs

from tests.scenarios.story import Play, Story
from twofold.catalog.packs import pack_names

CATALOGUE = """
[[partner]]
id = "abc"
name = "ABC Media"
hotline = "19001000"

[[certificate]]
partner = "abc"
number = "1/2026"
kind = "content-services"
issuer = "The regulator"
valid_from = 2026-01-01
valid_until = 2028-12-31

[[service]]
code = "CRICKET"
partner = "abc"
name = "Cricket scores"
short_code = "9166"
price = {price}
period = "P1D"
auto_renew = true
stage = "on"
"""


class Market(Struct, frozen=True, kw_only=True):
    """One market: where it is, what its subscribers send, and what they must be told."""

    time_zone: str
    country_code: str
    phone: str
    price: int
    yes: str
    """The reply that the prompt asks for."""
    not_yes: str
    """A yes of other markets, which is none here."""
    stop: str
    window: str
    too_late: str
    prompt: tuple[str, ...]
    welcome: tuple[str, ...]


VINAPHONE = Market(
    time_zone="Asia/Ho_Chi_Minh",
    country_code="84",
    phone="84912345678",
    price=2_000,
    yes="Y",
    not_yes="AGREE",
    stop="HUY CRICKET",
    window="12:00:00",
    too_late="12:00:01",
    prompt=(
        *("Cricket scores (ABC Media)", "2.000d/ngay gom VAT, tu gia han"),
        *("soan Y gui 9166 truoc <12:00:00>", "HUY CRICKET", "18001091"),
    ),
    welcome=(
        *("Cricket scores, 2.000d/ngay gom VAT", "tu gia han <day 24:01:00>"),
        "HUY CRICKET gui 9166",
    ),
)

MARKETS = {
    "vn": VINAPHONE,
    "vn-mobifone": structs.replace(
        VINAPHONE,
        yes="Y CRICKET",
        not_yes="YES",
        window="00:30:00",
        too_late="00:30:01",
        prompt=(
            *("Cricket scores (ABC Media)", "2.000d/ngay gom VAT, tu gia han"),
            *("soan Y CRICKET gui 9166 truoc <00:30:00>", "HUY CRICKET", "18001091"),
        ),
    ),
    "in": Market(
        time_zone="Asia/Kolkata",
        country_code="91",
        phone="919812345678",
        price=500,
        yes="YES",
        not_yes="AGREE",
        stop="STOP CRICKET",
        window="01:00:00",
        too_late="01:00:01",
        prompt=("5.00 INR/day incl GST, auto-renews", "text YES to 9166 by <01:00:00>"),
        welcome=("auto-renews <day 24:01:00>, 5.00 INR taken, 495.00 INR left", "STOP CRICKET"),
    ),
    "id": Market(
        time_zone="Asia/Jakarta",
        country_code="62",
        phone="6281234567890",
        price=20_000,
        yes="YA",
        not_yes="AGREE",
        stop="UNREG CRICKET",
        window="12:00:00",
        too_late="12:00:01",
        prompt=("200.00 IDR/day incl VAT, auto-renews", "text YES to 9166 by <12:00:00>"),
        welcome=("200.00 IDR/day incl VAT", "UNREG CRICKET to 9166", "18001091"),
    ),
    "ie": Market(
        time_zone="Europe/Dublin",
        country_code="353",
        phone="353861234567",
        price=250,
        yes="agree",
        not_yes="YES",
        stop="stop cricket",
        window="24:00:00",
        too_late="24:00:01",
        prompt=("2.50 EUR/day incl VAT", "you are 18+", "text AGREE to 9166 by <24:00:00>"),
        welcome=("2.50 EUR/day incl VAT", "STOP CRICKET to 9166", "18001091"),
    ),
    "za": Market(
        time_zone="Africa/Johannesburg",
        country_code="27",
        phone="27821234567",
        price=500,
        yes="Y <code>",
        not_yes="AGREE",
        stop="STOP CRICKET",
        window="24:00:00",
        too_late="24:00:01",
        prompt=("(ABC Media), 5.00 ZAR/day incl VAT", "text Y ", "to 9166 by <24:00:00>"),
        welcome=("5.00 ZAR/day incl VAT", "STOP CRICKET to 9166", "18001091"),
    ),
}


def play_in(play_once: Play, name: str, table: str) -> Story:
    """Play a story in a market."""
    market = MARKETS[name]
    return play_once(
        table,
        settings={
            "TWOFOLD_OPERATOR__POLICY": name,
            "TWOFOLD_OPERATOR__TIME_ZONE": market.time_zone,
            "TWOFOLD_OPERATOR__COUNTRY_CODE": market.country_code,
        },
        phone=market.phone,
        catalogue=CATALOGUE.format(price=market.price),
    )


def quoted(words: tuple[str, ...]) -> str:
    """Write the words that a message must hold as a table has them."""
    return " ".join(f'"{part}"' for part in words)


@pytest.mark.scenario("S001")
@pytest.mark.parametrize("name", pack_names())
def test_under_each_pack_its_own_yes_starts_and_its_own_stop_ends(
    play_once: Play, name: str
) -> None:
    market = MARKETS[name]
    paid, asked, told = market.price, quoted(market.prompt), quoted(market.welcome)
    table = f"""
    clock    | happens               | state   | reason             | paid   | hears
    00:00:00 | DK CRICKET -> 9166    | pending |                    |        | confirm_request
             |                       |         |                    |        |     {asked}
    00:01:00 | {market.yes} -> 9166  | active  |                    | {paid} | activated
             |                       |         |                    |        |     {told}
    00:02:00 | {market.stop} -> 9166 | ended   | SUBSCRIBER_STOPPED | {paid} | cancel_ack
             |                       |         |                    |        |     "Cricket scores"
    """
    play_in(play_once, name, table)


@pytest.mark.scenario("S004", "S010")
@pytest.mark.parametrize("name", pack_names())
def test_under_each_pack_silence_starts_nothing_and_a_late_yes_neither(
    play_once: Play, name: str
) -> None:
    market = MARKETS[name]
    table = f"""
    clock             | happens              | state   | reason          | hears
    00:00:00          | DK CRICKET -> 9166   | pending |                 | confirm_request
    {market.window}   |                      | expired | NO_CONFIRMATION |
    {market.too_late} | {market.yes} -> 9166 |         | WINDOW_PASSED   | late_confirm
    """
    assert play_in(play_once, name, table).subscriptions == []


@pytest.mark.scenario("S034")
@pytest.mark.parametrize("name", pack_names())
def test_under_each_pack_the_yes_of_another_market_starts_nothing(
    play_once: Play, name: str
) -> None:
    table = f"""
    clock    | happens                         | state   | reason         | hears
    00:00:00 | DK CRICKET -> 9166              | pending |                | confirm_request
    00:01:00 | {MARKETS[name].not_yes} -> 9166 |         | NOT_UNDERSTOOD | help
    """
    assert play_in(play_once, name, table).subscriptions == []


def test_every_pack_has_its_way_played() -> None:
    assert MARKETS.keys() == set(pack_names())
