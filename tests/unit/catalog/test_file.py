"""catalog.toml: what a good one gives, and what each wrong row is told, all of it at once."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.unit.catalog.market import EXAMPLE, MARKET, SMALL, ZONE, changed, faults, read
from twofold.catalog.file import MAX_BYTES, MAX_ROWS, read_catalogue
from twofold.domain.catalogue import Alias, Catalogue, Stage
from twofold.domain.terms import Terms

GAME = "service[0] GAME (line 15): "
CERTIFICATE = "certificate[0] 1/GCN (line 7): "
PARTNER = "partner[0] abc (line 2): "


def test_the_example_sells_what_the_demo_promises() -> None:
    catalogue = read(EXAMPLE)
    thethao = catalogue.services["THETHAO"]
    assert (thethao.short_code, thethao.partner) == ("9166", "abc")
    assert thethao.terms == Terms(2_000, 1, auto_renew=True)
    assert catalogue.services["NHAC"].terms == Terms(10_000, 30, auto_renew=True)
    game = catalogue.services["GAME"]
    assert (game.short_code, game.partner, game.terms.period_days) == ("1579", "xyz", 7)
    assert catalogue.services["TRUYEN"].stage is Stage.OFF
    now_at = int(datetime(2026, 11, 24, tzinfo=ZoneInfo(ZONE)).timestamp() * 1000)
    certified = {
        code: catalogue.is_certified(service.partner, now_at)
        for code, service in catalogue.services.items()
    }
    assert certified == {
        "THETHAO": True,
        "NHAC": True,
        "GAME": True,
        "TRUYEN": True,
        "BOITOAN": False,
    }


def test_a_certificate_is_good_from_local_midnight_through_its_last_day() -> None:
    catalogue = read(SMALL)
    first = datetime(2026, 1, 1, tzinfo=ZoneInfo(ZONE))
    last = datetime(2028, 12, 31, tzinfo=ZoneInfo(ZONE))
    begins, ends = (int(moment.timestamp() * 1000) for moment in (first, last + timedelta(days=1)))
    states = [catalogue.is_certified("abc", at) for at in (begins - 1, begins, ends - 1, ends)]
    assert states == [False, True, True, False]


def test_a_code_and_its_aliases_name_one_service() -> None:
    text = SMALL + 'aliases = ["CHOI", {word = "OK", whole = true}]\ngroup = "fun"\nage = 18\n'
    catalogue = read(text + 'trial = "P7D"\n')
    game = catalogue.services["GAME"]
    assert game.aliases == (Alias("CHOI"), Alias("OK", whole=True))
    assert (game.group, game.trial_days, game.age) == ("fun", 7, 18)
    assert catalogue.words == {"GAME": "GAME", "CHOI": "GAME", "OK": "GAME"}
    assert catalogue.find("CHOI") is game


def test_the_catalogue_has_the_revision_it_is_read_as() -> None:
    assert read(SMALL).revision == 1


CODE_MUST = "must be 2 to 12 letters A-Z and digits, a letter first"
NAMED_ROWS = [
    (("price = 5000", "price = 0"), "price: must be a whole number above 0, VAT included, is 0"),
    (("price = 5000", "price = -1"), "price: must be a whole number above 0, VAT included, is -1"),
    (
        ("price = 5000", "price = 1.5"),
        "price: must be a whole number above 0, VAT included, is 1.5",
    ),
    (
        ("price = 5000", 'price = "5"'),
        'price: must be a whole number above 0, VAT included, is "5"',
    ),
    (
        ("price = 5000", "price = true"),
        "price: must be a whole number above 0, VAT included, is true",
    ),
    (("price = 5000\n", ""), "price: is missing; it must be a whole number above 0, VAT included"),
    (('"P7D"', '"P1M"'), 'period: must be whole days, such as "P1D" or "P30D", is "P1M"'),
    (('"P7D"', '"PT12H"'), 'period: must be whole days, such as "P1D" or "P30D", is "PT12H"'),
    (('"P7D"', "7"), 'period: must be whole days, such as "P1D" or "P30D", is 7'),
    (("renew = true", 'renew = "yes"'), 'auto_renew: must be true or false, is "yes"'),
    (('"on"', '"live"'), 'stage: must be "off" or "shadow" or "pilot" or "on", is "live"'),
    (('"1579"', "1579"), 'short_code: must be 3 to 8 digits, such as "9166", is 1579'),
    (('"1579"', '"15a9"'), 'short_code: must be 3 to 8 digits, such as "9166", is "15a9"'),
    (
        ('"1579"', '"8099"'),
        (
            'short_code: "8099" is carried by no SMSC; correct it, or add it to short_codes '
            "in the configuration"
        ),
    ),
    (('"1579"', '"123"'), 'short_code: "123" is for looking up, and takes no DK and no Y'),
    (
        ('partner = "abc"\nname', 'partner = "abd"\nname'),
        'partner: no partner has the id "abd"; add a [[partner]] or correct it',
    ),
    (("auto_renew", "autorenew"), 'autorenew: unknown key; did you mean "auto_renew"?'),
    (('stage = "on"', 'stage = "on"\nage = 0'), "age: must be years from 1 to 99, is 0"),
    (
        ('stage = "on"', 'stage = "on"\ntrial = "1w"'),
        'trial: must be whole days, such as "P1D" or "P30D", is "1w"',
    ),
    (
        ('stage = "on"', 'stage = "on"\naliases = "CHOI"'),
        "aliases: must be a list of 16 words at most",
    ),
    (('stage = "on"', 'stage = "on"\naliases = ["choi"]'), f'aliases[0]: {CODE_MUST}, is "choi"'),
    (
        ('stage = "on"', 'stage = "on"\naliases = ["CHOI", "STOP"]'),
        'aliases[1]: "STOP" alone is a keyword already; choose another',
    ),
    (
        ('stage = "on"', 'stage = "on"\naliases = [{word = "CHOI", hole = true}]'),
        'aliases[0].hole: unknown key; did you mean "whole"?',
    ),
    (
        ('stage = "on"', 'stage = "on"\naliases = [{word = "CHOI", whole = 1}]'),
        "aliases[0].whole: must be true or false, is 1",
    ),
    (
        ('stage = "on"', 'stage = "on"\naliases = ["GAME"]'),
        f'aliases[0]: "GAME" names {GAME[:-2]} already; choose another',
    ),
]


@pytest.mark.parametrize(("change", "line"), NAMED_ROWS)
def test_a_wrong_key_of_a_service_is_named_with_what_to_do(
    change: tuple[str, str], line: str
) -> None:
    found = faults(changed(change))
    assert GAME + line in found
    # What follows from the fault may be told too, but nothing else of the row.
    assert all(fault.startswith(GAME) for fault in found)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("HUY", '"HUY" alone is a keyword already; choose another'),
        ("TK", '"TK" alone is a keyword already; choose another'),
        ("YES", '"YES" alone is a keyword already; choose another'),
        ("DK", '"HUY DK" means something else already; choose another'),
        ("DKGAME", '"DKGAME" alone is a keyword already; choose another'),
        ("ALL", '"HUY ALL" means something else already; choose another'),
        ("TATCA", '"HUY TATCA" means something else already; choose another'),
        ("GOI", '"HUY GOI" means something else already; choose another'),
        ("KN", '"KN" alone is a keyword already; choose another'),
    ],
)
def test_a_code_that_a_subscriber_would_mean_otherwise_is_refused(code: str, says: str) -> None:
    row = f"service[0] {code} (line 15): code: "
    assert row + says in faults(changed(('"GAME"', f'"{code}"')))


@pytest.mark.parametrize("code", ["g", "game", "1GAME", "GA ME", "ĐỐ", "G" * 13, ""])
def test_a_code_is_what_a_plain_phone_can_send(code: str) -> None:
    found = faults(changed(('"GAME"', f'"{code}"')))
    assert any(f'code: {CODE_MUST}, is "{code}"' in fault for fault in found)


def test_a_row_without_a_code_is_named_by_its_place() -> None:
    found = faults(changed(('code = "GAME"\n', "")))
    assert found == [f"service[0] (line 15): code: is missing; it {CODE_MUST}"]


OTHER_ROWS = [
    (
        ("2028-12-31", "2025-12-31"),
        f"{CERTIFICATE}valid_until: must not be before valid_from, 2026-01-01, is 2025-12-31",
    ),
    (
        ("2026-01-01", '"2026-01-01"'),
        (
            f"{CERTIFICATE}valid_from: must be a date without quotes from 2000 to 2100, "
            'such as 2026-01-01, is "2026-01-01"'
        ),
    ),
    (
        ("2026-01-01", "2026-01-01T00:00:00"),
        (
            f"{CERTIFICATE}valid_from: must be a date without quotes from 2000 to 2100, "
            "such as 2026-01-01, is 2026-01-01 00:00:00"
        ),
    ),
    (
        ("2028-12-31", "9999-12-31"),
        (
            f"{CERTIFICATE}valid_until: must be a date without quotes from 2000 to 2100, "
            "such as 2026-01-01, is 9999-12-31"
        ),
    ),
    (
        ('partner = "abc"\nnumber', 'partner = "abd"\nnumber'),
        f'{CERTIFICATE}partner: no partner has the id "abd"; add a [[partner]] or correct it',
    ),
    (
        ('"19001000"', '"call us"'),
        f'{PARTNER}hotline: must be a number to call, such as "19001000", is "call us"',
    ),
    (
        ('"ABC Media"', '"ABC\\nMedia"'),
        f'{PARTNER}name: must be one line of text, 40 characters at most, is "ABC�Media"',
    ),
]


@pytest.mark.parametrize(("change", "line"), OTHER_ROWS)
def test_a_wrong_partner_or_certificate_is_named(change: tuple[str, str], line: str) -> None:
    assert faults(changed(change)) == [line]


def test_what_is_there_twice_names_the_first() -> None:
    assert faults(SMALL + SMALL) == [
        f'partner[1] abc (line 25): id: is "abc", as {PARTNER[:-2]} is; give each its own',
        (
            f'certificate[1] 1/GCN (line 30): number: is "1/GCN", as {CERTIFICATE[:-2]} is; '
            "give each its own"
        ),
        f'service[1] GAME (line 38): code: "GAME" names {GAME[:-2]} already; choose another',
    ]


def test_a_service_that_cannot_be_told_in_two_segments_is_refused() -> None:
    found = faults(changed(('"Game vui"', '"Game 😀 vui"')))
    assert found == [f"{GAME}'😀' has no GSM-7 form; write it in plain letters"]
    promotion = faults(changed(('"Game vui"', '"Game khuyến mãi"')))
    assert any("khuyen mai" in fault and fault.startswith(GAME) for fault in promotion)


def test_all_faults_are_told_at_once() -> None:
    text = changed(("price = 5000", "price = 0"), ('"P7D"', '"x"'), ("2028", "2020"))
    assert faults(text + "[[servise]]\n") == [
        'servise: unknown key; did you mean "service"?',
        f"{CERTIFICATE}valid_until: must not be before valid_from, 2026-01-01, is 2020-12-31",
        f"{GAME}price: must be a whole number above 0, VAT included, is 0",
        f'{GAME}period: must be whole days, such as "P1D" or "P30D", is "x"',
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", f"catalog.toml: must have 1 to {MAX_ROWS} rows, each headed as [[service]]"),
        ("[[partner]]\nid = abc", "catalog.toml: is not TOML: Invalid value (at line 2, column 6)"),
        (b"[[partner]]\n# \xff", "catalog.toml: is not UTF-8 text (line 2); save it as UTF-8"),
        ("x = " + "[" * 5000, "catalog.toml: is nested too deeply to be a catalogue"),
        (b" " * (MAX_BYTES + 1), f"catalog.toml: is larger than {MAX_BYTES} bytes; divide it"),
        (
            "partner = []\n" + "[[service]]\n" * (MAX_ROWS + 1),
            f"catalog.toml: must have 1 to {MAX_ROWS} rows, each headed as [[service]]",
        ),
    ],
)
def test_a_file_that_is_no_catalogue_is_told_why(text: str | bytes, line: str) -> None:
    assert faults(text) == [line]


def test_a_table_of_the_wrong_shape_is_told_its_form() -> None:
    assert faults("service = 3\n" + SMALL[: SMALL.index("[[service]]")]) == [
        "service: must be tables, each headed [[service]]"
    ]


def test_rows_written_inline_are_named_without_a_line() -> None:
    found = faults('partner = [{id = "abc", name = "ABC"}]')
    assert found == [
        'partner[0] abc: hotline: is missing; it must be a number to call, such as "19001000"'
    ]


def test_a_header_inside_a_text_leaves_the_rows_without_lines() -> None:
    found = faults(changed(('"Game vui"', '"""\\\n[[service]]\n"""')))
    assert [fault.split(": ")[0] for fault in found] == ["service[0] GAME"]


def test_two_partners_may_have_certificates_of_one_number() -> None:
    certificate = SMALL[SMALL.index("[[certificate]]") : SMALL.index("[[service]]")]
    other = '[[partner]]\nid = "xyz"\nname = "XYZ"\nhotline = "190"\n'
    catalogue = read(SMALL + other + certificate.replace('"abc"', '"xyz"'))
    assert {partner: len(held) for partner, held in catalogue.certificates.items()} == {
        "abc": 1,
        "xyz": 1,
    }


def test_a_file_that_cannot_be_read_is_told_why(tmp_path: Path) -> None:
    missing = read_catalogue(tmp_path / "none.toml", 1, MARKET)
    folder = read_catalogue(tmp_path, 1, MARKET)
    assert not isinstance(missing, Catalogue)
    assert not isinstance(folder, Catalogue)
    assert "cannot be read (No such file or directory)" in str(missing[0])
    assert "cannot be read (Is a directory)" in str(folder[0])
