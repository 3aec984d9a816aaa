"""Rendering: times, amounts, periods, languages, and what may be shown back."""

import pytest
from msgspec import structs

from tests.unit.texts.examples import (
    GAME,
    MUSIC,
    OPERATOR,
    POLICY,
    PROOF,
    RENEWS_AT,
    SPORT,
    UNTIL_AT,
    at,
    catalogue_of,
    example_texts,
    prompt_of,
)
from twofold.domain.terms import Terms
from twofold.texts import compile_texts
from twofold.texts.money import amount, price
from twofold.texts.sources import load
from twofold.texts.unaccented import sendable, unaccented

TEXTS = example_texts()
VI, EN = load("vi").words, load("en").words


def test_a_deadline_is_printed_in_the_operators_time_rounded_down_to_the_minute() -> None:
    late = TEXTS.prompt(SPORT, "vi", names_service=False, until_at=UNTIL_AT + 59_999)
    assert late == prompt_of(TEXTS, SPORT)
    assert "truoc 21:05 14/03" in late


@pytest.mark.parametrize(
    ("zone", "said"), [("UTC", "14:05 14/03"), ("Asia/Kathmandu", "19:50 14/03")]
)
def test_another_operators_time_zone_gives_another_deadline(zone: str, said: str) -> None:
    operator = structs.replace(OPERATOR, time_zone=zone)
    texts = compile_texts(operator, POLICY, catalogue_of(SPORT))
    assert f"truoc {said}." in prompt_of(texts, SPORT)


def test_a_deadline_after_midnight_has_the_next_days_date() -> None:
    text = TEXTS.prompt(SPORT, "vi", names_service=False, until_at=at(1, 1, 0, 0))
    assert "truoc 00:00 01/01" in text


@pytest.mark.parametrize(
    ("terms", "vietnamese", "english"),
    [
        (Terms(2_000, 1, auto_renew=True), "2.000d/ngay", "2,000d/day"),
        (Terms(10_000, 30, auto_renew=True), "10.000d/30 ngay", "10,000d/30 days"),
        (Terms(5_000, 7, auto_renew=True), "5.000d/7 ngay", "5,000d/7 days"),
        (Terms(0, 1, auto_renew=True), "0d/ngay", "0d/day"),
        (Terms(1_250_000, 365, auto_renew=True), "1.250.000d/365 ngay", "1,250,000d/365 days"),
    ],
)
def test_a_price_stands_with_its_period(terms: Terms, vietnamese: str, english: str) -> None:
    assert price(terms, "VND", VI) == vietnamese
    assert price(terms, "VND", EN) == english


def test_other_currencies_have_their_own_minor_units() -> None:
    assert amount(123_450, "EUR", VI) == "1.234,50 EUR"
    assert amount(5, "USD", EN) == "0.05 USD"
    assert amount(1_500, "JPY", EN) == "1,500 JPY"
    assert amount(1_500, "KWD", EN) == "1.500 KWD"


def test_a_service_that_does_not_renew_says_so_and_when_it_ends() -> None:
    assert "khong tu gia han." in prompt_of(TEXTS, GAME)
    assert "khong tu gia han, ket thuc 15/03." in TEXTS.welcome(GAME, "vi", RENEWS_AT, PROOF)


def test_an_unknown_language_is_served_in_vietnamese() -> None:
    assert prompt_of(TEXTS, SPORT, "fr") == prompt_of(TEXTS, SPORT, "vi")
    assert TEXTS.plain("help", "fr") == TEXTS.plain("help", "vi")
    said = TEXTS.template_version("help", "fr")
    assert said == TEXTS.template_version("help", "vi") == f"help vi {load('vi').version}"
    assert TEXTS.version == f"vi {load('vi').version}, en {load('en').version}"


def test_new_terms_under_the_same_code_are_never_answered_from_memory() -> None:
    dearer = structs.replace(SPORT, terms=Terms(3_000, 1, auto_renew=True))
    for _ in range(2):
        assert "2.000d/ngay" in prompt_of(TEXTS, SPORT)
        assert "3.000d/ngay" in prompt_of(TEXTS, dearer)
        assert "2.000d/ngay" in TEXTS.about("low_balance", "vi", SPORT)
        assert "3.000d/ngay" in TEXTS.about("low_balance", "vi", dearer)


def test_what_is_kept_in_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twofold.texts.texts._KEPT_MAX", 3)
    texts = example_texts()
    for language in "abcdefgh":
        assert prompt_of(texts, SPORT, language) == prompt_of(TEXTS, SPORT)
    assert len(texts._prompts) <= 3  # noqa: SLF001 - memory has no other face


@pytest.mark.parametrize("code", ["BOITOAN", "A", "1" * 20])
def test_an_unknown_code_is_shown_back(code: str) -> None:
    assert f"Dich vu {code} hien" in TEXTS.plain("not_on_air", "vi", code=code)


@pytest.mark.parametrize(
    "code", ["", "A" * 21, "<script>", "abc", "A B", "A\n", "HUY.VN", "ĐẸP", "١٢", "{proof}"]
)
def test_what_does_not_look_like_a_code_is_never_shown_back(code: str) -> None:
    assert TEXTS.plain("not_on_air", "vi", code=code).startswith("Dich vu nay hien")
    assert TEXTS.plain("not_on_air", "en", code=code).startswith("This service is")


def test_a_reply_offers_five_codes_at_most_and_counts_them_all() -> None:
    codes = tuple(f"DV{number}" for number in range(1, 9))
    text = TEXTS.which("vi", codes, "9166")
    assert "QK co 8 yeu cau" in text
    assert "Y DV1 hoac Y DV2 hoac Y DV3 hoac Y DV4 hoac Y DV5 gui 9166" in text
    assert "DV6" not in text
    assert "TK gui 123" in text


def test_a_stop_that_is_not_clear_lists_what_may_be_stopped() -> None:
    text = TEXTS.plain("cancel_which", "vi", codes=tuple("ABCDEFG"), short_code="9166")
    assert "HUY A hoac HUY B hoac HUY C hoac HUY D hoac HUY E gui 9166" in text


def test_a_field_too_few_or_too_many_is_a_programmers_error() -> None:
    with pytest.raises(AssertionError):
        TEXTS.about("declined", "vi", SPORT, by_at=UNTIL_AT)
    with pytest.raises(AssertionError):
        TEXTS.about("cancel_ack", "vi", SPORT, by_at=UNTIL_AT)
    with pytest.raises(KeyError):
        TEXTS.about("late_confirm", "vi", SPORT, when_at=UNTIL_AT)
    with pytest.raises(KeyError):
        TEXTS.plain("cancel_which", "vi", codes=("NHAC",))


def test_a_service_may_have_the_name_of_a_field() -> None:
    odd = structs.replace(MUSIC, name="{proof} {deadline}")
    texts = compile_texts(OPERATOR, POLICY, catalogue_of(odd))
    assert "{proof} {deadline}" in prompt_of(texts, odd)
    assert f"Ma xac nhan {PROOF}" in texts.welcome(odd, "vi", RENEWS_AT, PROOF)


@pytest.mark.parametrize(
    ("accented", "plain"),
    [
        ("Đường phố Việt Nam ở Huế", "Duong pho Viet Nam o Hue"),
        ("ĐỒNG Ý", "DONG Y"),
        ("de\u0301p", "dep"),
        ("“Ngày–đêm”", '"Ngay-dem"'),
        ("Tin 24h", "Tin 24h"),
    ],
)
def test_marks_are_stripped(accented: str, plain: str) -> None:
    assert unaccented(accented) == plain


def test_a_value_is_one_line_of_letters_that_every_phone_has() -> None:
    assert sendable(" Nhạc\n\tchờ \x00") == "Nhac cho ?"
    assert sendable("Nhạc 🎵 日") == "Nhac ? ?"
