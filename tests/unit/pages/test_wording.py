"""Both languages say the same things, and write money and times their own way."""

import re
from string import Formatter

import pytest

from tests.architecture.sources import ROOT
from twofold.commit.recording import KINDS
from twofold.domain.orders import OrderKind
from twofold.domain.states import RequestState, SubscriptionState
from twofold.pages.wording import LANGUAGES, Words, read_words, spoken
from twofold.texts.sources import FIELDS

NOON_AT = 1_700_000_000_000
"""2023-11-14 22:13:20 UTC."""


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys_with_the_same_fields() -> None:
    vi, en = read_words("vi"), read_words("en")
    assert list(vi) == list(en)
    assert [key for key in vi if fields(vi[key]) != fields(en[key])] == []


def test_no_words_are_left_empty() -> None:
    assert [key for lang in LANGUAGES for key, said in read_words(lang).items() if not said] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_words(language: str) -> None:
    states = [state.value for state in (*RequestState, *SubscriptionState)]
    words = Words(language, "Asia/Ho_Chi_Minh", "VND")
    assert [state for state in states if f"state.{state}" not in words] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_kind_of_entry_and_order_has_words(language: str) -> None:
    page = (ROOT / "docs" / "reference" / "texts.md").read_text()
    texts = re.findall(r"(?m)^\| (\w+) \| [^|]+ \|$", page)
    assert {"activated", "cancel_all_ack", "tk_list", "ussd_asked"} <= set(texts)
    names = [f"text.{key}" for key in texts if key != "key"]
    names += [f"order.{kind}" for kind in OrderKind]
    names += [f"kind.{kind}" for kind in KINDS.values() if kind != "outcome_arrived"]
    said = read_words(language)
    assert [name for name in names if name not in said] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_without_words_is_shown_as_it_is(language: str) -> None:
    assert Words(language, "UTC", "VND").name("text", "brand_new") == "brand new"
    assert FIELDS, "the texts have keys"


@pytest.mark.parametrize(
    ("language", "currency", "amount"),
    [
        ("en", "INR", "1,234.50 INR"),
        ("vi", "EUR", "1.234,50 EUR"),
        ("en", "JPY", "123,450 JPY"),
        ("en", "KWD", "123.450 KWD"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency(
    language: str, currency: str, amount: str
) -> None:
    assert Words(language, "UTC", currency).amount(123_450) == amount


@pytest.mark.parametrize(
    ("language", "amount", "minute", "left"),
    [
        ("vi", "1.234.567đ", "05:13 15/11", "11 h 59 phút"),
        ("en", "1,234,567đ", "05:13 15 Nov", "11 h 59 min"),
    ],
)
def test_money_and_times_are_written_as_the_language_does(
    language: str, amount: str, minute: str, left: str
) -> None:
    words = Words(language, "Asia/Ho_Chi_Minh", "VND")
    assert words.amount(1_234_567) == amount
    assert words.minute(NOON_AT) == minute
    assert words.left(12 * 3_600_000 - 1) == left
    assert words.offset(NOON_AT) == "+07:00"
    assert words.second(NOON_AT) == "05:13:20"
    assert words.exact(NOON_AT + 7) == "2023-11-15 05:13:20.007"


def test_another_currency_is_written_by_its_letters() -> None:
    assert Words("en", "UTC", "JPY").amount(1_000) == "1,000 JPY"


@pytest.mark.parametrize(
    ("wished", "accepted", "language"),
    [
        ("en", "vi", "en"),
        ("", "en-US,en;q=0.9", "en"),
        ("", "fr, vi;q=0.8, en;q=0.7", "vi"),
        ("xx", "", "vi"),
        ("", "fr", "vi"),
    ],
)
def test_the_address_decides_the_language_before_the_browser(
    wished: str, accepted: str, language: str
) -> None:
    assert spoken(wished, accepted) == language
