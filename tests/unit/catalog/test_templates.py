"""Texts by date: what a row must say, whose fault is whose, and how it is kept."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.scenarios.wordings import DECLINED, SHORT, SHORT_EN, template
from tests.unit.catalog.market import MARKET, SMALL, ZONE, changed, faults, read
from twofold.catalog.advice import shown
from twofold.catalog.canonical import digest, from_json, to_json
from twofold.catalog.export import to_toml
from twofold.catalog.rows import MAX_TEXT_DAYS
from twofold.texts import compile_texts
from twofold.texts.sources import load

DAY = "2026-07-01"
ROW = template(DECLINED, DAY, key="declined")
WEEKLY = SHORT.replace("{auto_renew}", "hàng tuần {auto_renew}").replace("OK: ", "")


def midnight(month: int, day: int) -> int:
    """A day of 2026 begins where the operator is."""
    return int(datetime(2026, month, day, tzinfo=ZoneInfo(ZONE)).timestamp()) * 1000


@pytest.mark.parametrize(
    ("at", "says"),
    [
        (midnight(7, 1) - 1, "Chan dich vu moi"),
        (midnight(7, 1), "Khong nhan them"),
        (midnight(8, 1), "Khong nhan nua"),
    ],
)
def test_a_text_is_worded_as_the_newest_template_that_has_begun_says(at: int, says: str) -> None:
    later = template(DECLINED.replace("nhận thêm", "nhận nữa"), "2026-08-01", key="declined")
    catalogue = read(SMALL + later + ROW).at(at)
    texts = compile_texts(MARKET.operator, MARKET.policy, catalogue)
    assert says in texts.about("declined", "vi", catalogue.services["GAME"])
    assert "refused" in texts.about("declined", "en", catalogue.services["GAME"])


def test_the_next_template_is_known_beside_the_next_price() -> None:
    price = '\n[[price]]\nservice = "GAME"\nprice = 6000\nfrom = 2026-08-01\n'
    catalogue = read(SMALL + ROW + price)
    moments = [midnight(7, 1), midnight(8, 1), None]
    assert [catalogue.next_at(at) for at in (0, midnight(7, 1), midnight(8, 1))] == moments


def test_templates_are_a_part_of_what_is_kept_and_compared() -> None:
    catalogue = read(SMALL + ROW)
    assert from_json(to_json(catalogue), 1) == catalogue
    assert digest(to_json(catalogue)) != digest(to_json(read(SMALL)))
    assert b"templates" not in to_json(read(SMALL))


def test_an_export_has_the_templates_and_is_read_as_the_same_catalogue() -> None:
    catalogue = read(SMALL + ROW + template(SHORT, DAY) + template(SHORT_EN, DAY, language="en"))
    written = to_toml(catalogue, ZONE)
    assert written.count("[[template]]\n") == 3
    assert f'text = "{DECLINED}"\nvalid_from = 2026-07-01\n' in written
    assert read(written) == catalogue


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"declined"', '"declind"', 'key: no text has the key "declind"; did you mean "declined"?'),
        ('"vi"', '"fr"', 'language: must be "vi" or "en", is "fr"'),
        (DAY, f'"{DAY}"', "valid_from: must be a date without quotes"),
        ("valid_from", "from", "from: unknown key; known here: key, language, text, valid_from"),
        ("text =", "text = 1 #", "text: must be one line of text, 640 characters at most, is 1"),
        ("{hotline}", "{hotlin}", "text: {hotlin} is no field of declined; did you mean {hotline}"),
        ("{hotline}", "{hotline} {", "text: a brace names no field"),
        ("{hotline}", "18001091", "text: {hotline} is missing; state it"),
        ("{hotline}", "{hotline} 1900", 'text: "1900" is written out; say prices'),
        ("CHAN", "NGUNG", "text: the keyword CHAN is missing; say what to write"),
        ("không mất phí", "cảm ơn", "text: it does not say that nothing is charged"),
        ("đã từ chối", "không nhận", 'text: "da tu choi" is missing; this text is told apart'),
        ("chưa đăng ký", "thành công", 'text: "thanh cong" stands in it; it is said in activated'),
    ],
)
def test_a_template_that_is_wrong_is_told_what(old: str, new: str, says: str) -> None:
    found = faults(SMALL + ROW.replace(old, new))
    assert all(line.startswith("template[0]") for line in found)
    assert [line for line in found if says in line], found


def test_all_that_is_wrong_is_told_at_once() -> None:
    wrong = template("Khuyến mãi {nam}, xem vnpay.vn", DAY) + template("{}", DAY, key="expired")
    found = faults(changed(("5000", "0")) + wrong)
    for where in ("service[0] GAME", "template[0] confirm_request", "template[1] expired"):
        assert [line for line in found if line.startswith(where)], found
    for says in ("{nam} is no field", "{deadline} stands in it 0 times", "promotion", "is a link"):
        assert [line for line in found if says in line], found


def test_two_wordings_of_a_text_for_one_date_are_refused() -> None:
    (found,) = faults(SMALL + ROW + ROW)
    assert found.startswith("template[1] declined")
    assert "valid_from: is 2026-07-01, as template[0] declined" in found


def test_more_days_than_anybody_plans_are_refused() -> None:
    rows = [ROW.replace("2026", str(2030 + year)) for year in range(MAX_TEXT_DAYS + 1)]
    (found,) = faults(SMALL + "".join(rows))
    assert f"valid_from: texts change on {MAX_TEXT_DAYS} days already; remove some" in found


@pytest.mark.scenario("S084")
def test_a_wording_must_fit_every_price_that_holds_while_it_is_in_force() -> None:
    """The service is weekly, and daily from September on: "weekly" holds until then only."""
    daily = '\n[[price]]\nservice = "GAME"\nprice = 700\nperiod = "P1D"\nfrom = 2026-09-01\n'
    weekly, plain = template(WEEKLY, DAY), template(SHORT, "2026-09-01")
    read(SMALL + weekly)
    read(SMALL + weekly + daily + plain)
    (found,) = faults(SMALL + weekly + daily)
    assert "template[0] confirm_request" in found
    assert 'of GAME: "hang tuan" contradicts a period of 1 days' in found


@pytest.mark.scenario("S083")
def test_a_prompt_for_one_sms_that_fits_one_for_no_service_is_refused() -> None:
    polite = SHORT.replace("LH", "Kính mong Quý khách đọc kỹ trước khi đồng ý. LH")
    (found,) = faults(SMALL + template(polite, DAY))
    assert "septets at least, and one SMS holds 160; shorten it" in found


@pytest.mark.scenario("S083")
def test_a_longer_prompt_that_is_not_needed_today_is_checked_all_the_same() -> None:
    own = load("vi").authored["confirm_request_long"]
    late = own.replace("{no_charge}. ", "") + " {no_charge}."
    (found,) = faults(SMALL + template(late, DAY, key="confirm_request_long"))
    assert "of GAME: that silence costs nothing is not in the first segment" in found


def test_a_service_that_fits_no_text_is_its_own_fault_and_not_that_of_a_wording() -> None:
    (found,) = faults(changed(("Game vui", "Game khuyen mai")) + ROW)
    assert found.startswith("service[0] GAME")


@pytest.mark.scenario("S086")
def test_what_one_language_states_more_the_other_states_too() -> None:
    dear = DECLINED.replace("{service_name}", "{service_name} ({price})")
    english = load("en").authored["declined"].replace("{service_name}", "{service_name} ({price})")
    row = template(dear, DAY, key="declined")
    (found,) = faults(SMALL + row)
    assert "{price} is not in the text in en" in found
    read(SMALL + row + template(english, DAY, key="declined", language="en"))
    late = template(english, "2026-08-01", key="declined", language="en")
    assert "{price} is not in the text in en" in faults(SMALL + row + late)[0]


def test_a_text_is_shown_at_its_longest_and_the_short_prompt_only_where_it_is_sent() -> None:
    """The catalogue has a service whose prompt fits one SMS, and one whose prompt needs two."""
    service = SMALL[SMALL.index("[[service]]") :].replace('"GAME"', '"GAMEMOI"')
    two = SMALL + service.replace("Game vui", "Game vui muoi hai tro choi khac nhau")
    own = load("vi").authored["confirm_request_long"]
    rows = template(SHORT, DAY) + template(own, DAY, key="confirm_request_long")
    told = [says.splitlines() for _, says in shown(read(two + rows), MARKET)]
    assert "1 SMS at its longest, of GAME" in told[0][0]
    assert told[0][1].startswith("  DK Game vui (ABC Media) 5.000d/7 ngay gom VAT")
    assert "2 SMS at its longest, of GAMEMOI" in told[1][0]
    assert told[1][1].startswith("  Yeu cau DK Game vui muoi hai tro choi khac nhau (ABC Media)")
