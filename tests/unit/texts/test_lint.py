"""The lint: each fault of a service's texts is found, named and told once."""

from collections.abc import Callable

import pytest
from msgspec import structs

from tests.unit.texts.examples import (
    ABC,
    GAME,
    MUSIC,
    OPERATOR,
    POLICY,
    SPORT,
    UNTIL_AT,
    catalogue_of,
    example_texts,
    prompt_of,
)
from twofold.domain.catalogue import Partner, Service
from twofold.domain.policy import Operator
from twofold.domain.terms import Terms
from twofold.texts import Fault, lint_texts
from twofold.texts.fields import STATED_BY

TEXTS = example_texts()


def found(
    service: Service = SPORT, partner: Partner = ABC, operator: Operator = OPERATOR
) -> list[str]:
    """Lint one service and give what was found, each fault on a line."""
    catalogue = catalogue_of(service, partners=(partner,))
    return [str(fault) for fault in lint_texts(operator, POLICY, catalogue)]


def named(name: str, **changes: object) -> Service:
    """Make a service of another name."""
    return structs.replace(SPORT, name=name, **changes)


def test_the_example_catalogue_is_clean() -> None:
    assert lint_texts(OPERATOR, POLICY, catalogue_of(SPORT, MUSIC, GAME)) == ()


@pytest.mark.parametrize(
    "name",
    [
        "Nhạc khuyến mãi",
        "Trúng thưởng",
        "Giảm giá 50%",
        "Ưu đãi",
        "Quà tặng",
        "[QC] Nhạc",
        "WIN it",
    ],
)
def test_promotion_in_a_name_is_found_and_told_once(name: str) -> None:
    faults = found(named(name))
    assert len(faults) == 1
    assert "is promotion" in faults[0]


@pytest.mark.parametrize("name", ["Nhạc miễn phí", "Free music"])
def test_a_name_that_makes_the_price_look_like_none_is_found(name: str) -> None:
    (fault,) = found(named(name))
    assert "makes a price look like none" in fault


@pytest.mark.parametrize("name", ["Nhac.vn", "http://a.b", "www.nhac", "tai game.mobi ngay"])
def test_a_link_is_found(name: str) -> None:
    (fault,) = found(named(name))
    assert "is a link" in fault


@pytest.mark.scenario("S085")
def test_promotion_and_links_of_a_provider_are_found_too() -> None:
    assert "is promotion" in found(partner=Partner("abc", "Khuyến mãi", "1"))[0]
    assert "is a link" in found(partner=Partner("abc", "abc.com", "1"))[0]


@pytest.mark.scenario("S085")
@pytest.mark.parametrize("name", ["Nhạc và nhận quảng cáo", "Đồng ý cho xử lý dữ liệu"])
def test_a_second_purpose_is_found(name: str) -> None:
    (fault,) = found(named(name))
    assert "asks for a second consent" in fault


@pytest.mark.scenario("S084")
@pytest.mark.parametrize(
    ("name", "days"),
    [("Tin hằng ngày", 7), ("Tin hàng tuần", 1), ("Truyện hằng tháng", 7), ("Daily news", 30)],
)
def test_a_period_that_is_not_the_charged_one_is_found(name: str, days: int) -> None:
    faults = found(named(name, terms=Terms(2_000, days, auto_renew=True)))
    assert len(faults) == 1
    assert f"contradicts a period of {days} days" in faults[0]


@pytest.mark.parametrize(
    ("name", "days"), [("Tin hằng ngày", 1), ("Tin hàng tuần", 7), ("Truyện hằng tháng", 30)]
)
def test_a_period_that_is_the_charged_one_is_fine(name: str, days: int) -> None:
    assert found(named(name, terms=Terms(2_000, days, auto_renew=True))) == []


def test_a_letter_without_a_plain_form_is_found_and_told_once() -> None:
    (fault,) = found(named("Nhạc 🎵"))
    assert "'🎵' has no GSM-7 form" in fault


@pytest.mark.parametrize("name", ["Nhạc\nchờ", "Nhạc  chờ", " Nhạc", "Nhạc\x07"])
def test_a_name_of_more_than_one_line_is_found(name: str) -> None:
    assert any("line breaks, control characters or blanks" in fault for fault in found(named(name)))


def test_a_name_that_is_missing_is_found_in_every_text() -> None:
    faults = found(named(""))
    assert "THETHAO:  (): the name is empty; name it" in faults
    assert any("confirm_request (vi): service_name is missing" in fault for fault in faults)
    assert any("declined (en): service_name is missing" in fault for fault in faults)


@pytest.mark.scenario("S083")
def test_a_prompt_that_needs_more_sms_than_allowed_is_found() -> None:
    faults = found(named("Tin " * 60 + "cuối"))
    assert any("it needs 3 SMS, 2 are allowed" in fault for fault in faults)
    assert len(faults) == len(set(faults))


def test_a_price_too_far_behind_is_found() -> None:
    faults = found(partner=Partner("abc", "Công ty " * 8 + "A", "1"))
    assert any("price is not within the first 100 characters" in fault for fault in faults)


def test_a_no_charge_pushed_out_of_the_first_segment_is_found() -> None:
    faults = found(named("Tin thể thao " * 9 + "24h"))
    assert any("silence costs nothing is not in the first segment" in fault for fault in faults)


def test_an_operator_without_a_hotline_is_found_in_prompt_and_welcome() -> None:
    faults = found(operator=structs.replace(OPERATOR, hotline=""))
    for key in ("confirm_request", "activated"):
        for language in ("vi", "en"):
            assert any(f"{key} ({language}): hotline is missing" in fault for fault in faults)


BREAKS: dict[str, Callable[[str], str]] = {
    "service_name": lambda text: text.replace("Tin the thao 24h", "Tin the thao"),
    "package": lambda text: text.replace("HUY THETHAO", "HUY"),
    "provider_name": lambda text: text.replace(" (ABC Media)", ""),
    "price_incl_vat": lambda text: text.replace(" gom VAT", ""),
    "period": lambda text: text.replace("2.000d/ngay", "2.000d"),
    "auto_renew": lambda text: text.replace("tu gia han", "khong tu gia han"),
    "reply_syntax": lambda text: text.replace("soan Y gui 9166", "soan Y gui 91660"),
    "deadline": lambda text: text.replace("21:05 14/03", "21:06 14/03"),
    "cancel_syntax": lambda text: text.replace("HUY THETHAO", "HUY THETHAO2"),
    "hotline": lambda text: text.replace("18001091", "1800109"),
}


@pytest.mark.parametrize("name", POLICY.prompt_fields)
def test_a_prompt_without_a_field_is_found(name: str) -> None:
    good = prompt_of(TEXTS, SPORT)
    broken = BREAKS[name](good)
    assert broken != good
    faults = TEXTS.validate_prompt(broken, SPORT, "vi", names_service=False, until_at=UNTIL_AT)
    assert f"{name} is missing" in [fault.what for fault in faults]


def test_a_price_inside_another_number_is_not_the_price() -> None:
    text = prompt_of(TEXTS, SPORT).replace(" 2.000d/ngay", " 12.000d/ngay")
    faults = TEXTS.validate_prompt(text, SPORT, "vi", names_service=False, until_at=UNTIL_AT)
    assert "period is missing" in [fault.what for fault in faults]


def test_a_good_prompt_has_no_fault_in_either_form() -> None:
    for service in (SPORT, MUSIC, GAME):
        for language in ("vi", "en"):
            for names in (False, True):
                text = prompt_of(TEXTS, service, language, names_service=names)
                faults = TEXTS.validate_prompt(text, service, language, names, UNTIL_AT)
                assert faults == ()


def test_a_bare_yes_is_a_fault_where_the_service_must_be_named() -> None:
    text = prompt_of(TEXTS, SPORT)
    faults = TEXTS.validate_prompt(text, SPORT, "vi", names_service=True, until_at=UNTIL_AT)
    assert [fault.what for fault in faults] == ["reply_syntax is missing"]


def test_an_accented_prompt_is_a_fault() -> None:
    text = prompt_of(TEXTS, SPORT).replace("Dong y", "Đồng ý")
    faults = TEXTS.validate_prompt(text, SPORT, "vi", names_service=False, until_at=UNTIL_AT)
    assert "has no GSM-7 form" in faults[0].what
    assert "it needs 3 SMS, 2 are allowed" in [fault.what for fault in faults]


def test_every_field_that_a_pack_may_demand_is_known() -> None:
    demanded = (
        *(*POLICY.prompt_fields, *POLICY.welcome_fields),
        *(*POLICY.renewal_fields, *POLICY.cancel_fields),
    )
    assert set(demanded) <= STATED_BY.keys()


def test_a_fault_reads_as_one_line() -> None:
    fault = Fault("NHAC", "vi", "activated", "hotline is missing", "state it")
    assert str(fault) == "NHAC: activated (vi): hotline is missing; state it"
