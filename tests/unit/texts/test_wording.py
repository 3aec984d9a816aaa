"""What each text says, word for word, and the words that people and programs rely on."""

import re

import pytest

from tests.plugins.golden import Compare
from tests.unit.texts.examples import SPORT, every_text, example_texts, prompt_of
from twofold.domain.reason import EXPLANATIONS
from twofold.protocol.gsm import is_gsm, segment, septets
from twofold.texts.review import first_segment

TEXTS = example_texts()
SAID = {language: dict(every_text(TEXTS, language)) for language in ("vi", "en")}
VI = SAID["vi"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_text_is_worded_as_reviewed(language: str, golden: Compare) -> None:
    blocks = (
        f"## {key} ({septets(text)} septets, {len(segment(text).parts)} SMS)\n{text}\n"
        for key, text in SAID[language].items()
    )
    golden(f"texts/{language}.txt", "\n".join(blocks))


def test_the_example_prompt_fits_one_segment_to_the_last_septet() -> None:
    assert VI["confirm_request"] == (
        "DK Tin the thao 24h (ABC Media) 2.000d/ngay gom VAT, tu gia han."
        " Dong y: soan Y gui 9166 truoc 21:05 14/03."
        " Bo qua: KHONG mat phi. Huy: HUY THETHAO. LH 18001091"
    )
    assert septets(VI["confirm_request"]) == 160


@pytest.mark.parametrize("key", ["confirm_request", "activated"])
@pytest.mark.parametrize("word", ["gui 9166", "2.000d/ngay", "VAT", "gia han", "HUY THETHAO"])
def test_prompt_and_welcome_have_the_words_that_stay(key: str, word: str) -> None:
    assert word in VI[key]


@pytest.mark.parametrize("text", [VI[key] for key in VI if key.startswith("confirm_request")])
def test_every_prompt_says_in_its_first_segment_how_to_agree_and_that_silence_is_free(
    text: str,
) -> None:
    assert "Bo qua: KHONG mat phi" in first_segment(text)
    assert "soan Y" in first_segment(text)


OWNERS = {
    "soan Y": ("confirm_request",),
    "thanh cong": ("activated",),
    "dang dung": ("already", "tk_list"),
    "da huy": ("cancel_ack", "cancelled", "cancel_all_ack"),
    "khong dung": ("tk_empty", "tk_list of a request that waits"),
    "het han": ("expired", "late_confirm"),
    "da tu choi": ("declined",),
    "Khong co yeu cau": ("nothing_pending",),
    "cho xac nhan": ("tk_list with a request that waits", "tk_list of a request that waits"),
}
"""Words by which texts are told apart, and the texts that have them."""


@pytest.mark.parametrize("word", OWNERS)
def test_a_telling_word_stands_in_its_own_texts_and_in_no_other(word: str) -> None:
    owners = OWNERS[word]
    found = [key for key, text in VI.items() if word in text]
    assert set(owners) <= set(found)
    assert [key for key in found if not key.startswith(owners)] == []


@pytest.mark.parametrize("key", ["cancelled", "declined", "expired", "late_confirm", "withdrawn"])
def test_a_text_on_a_request_that_came_to_nothing_says_so(key: str) -> None:
    assert "dang ky, khong mat phi" in VI[key]


def test_a_failed_charge_says_not_joined_and_that_money_comes_back() -> None:
    assert "chua dang ky duoc" in VI["charge_failed"]
    assert "QK duoc hoan tien" in VI["charge_failed"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_text_is_written_in_plain_letters(language: str) -> None:
    assert [key for key, text in SAID[language].items() if not is_gsm(text)] == []
    assert [key for key, text in SAID[language].items() if not text.isascii()] == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_not_a_list_or_a_long_prompt_fits_one_segment(language: str) -> None:
    long = [key for key, text in SAID[language].items() if len(segment(text).parts) > 1]
    may_be = (
        *("confirm_request naming", "confirm_request with a code", "confirm_request, not"),
        *("confirm_request from an age", "confirm_request instead", "confirm_request on terms"),
        "confirm_request_link",
        *("activated, not", "tk_list", "confirm_which of 2, one by code"),
    )
    assert [key for key in long if not key.startswith(may_be)] == []


def test_a_prompt_that_names_the_service_asks_for_its_code() -> None:
    named = prompt_of(TEXTS, SPORT, names_service=True)
    assert "soan Y THETHAO gui 9166" in named
    assert len(segment(named).parts) == 2


def test_every_reason_that_is_told_has_its_text() -> None:
    told = {explanation.text for explanation in EXPLANATIONS.values() if explanation.text}
    assert told - VI.keys() == {"confirm_which"}
    assert any(key.startswith("confirm_which") for key in VI)


def test_no_text_is_empty_or_has_a_field_left_open() -> None:
    for texts in SAID.values():
        assert [key for key, text in texts.items() if not text or "{" in text] == []


DOUBTFUL = {
    r"(?<!dang )(?<!khong )\bdung\b(?! dich vu)": "dừng and dùng: write ngừng, or đăng ký",
    r"\bnhan Y\b": "nhắn and nhận: write gửi",
    r"\bthu them \d": "thử thêm and thu thêm: write còn",
    r"\bthay (?!doi|cho)": "thay and thấy: write thay cho",
    r"\bdo khong thu\b": "đó and do: write này",
    r"\bLa\?": "lạ and là: ask something else",
}
"""What a plain phone shows of two different words, and what to write instead."""


@pytest.mark.parametrize("doubtful", DOUBTFUL)
def test_no_text_can_be_read_as_something_else_without_its_marks(doubtful: str) -> None:
    assert [key for key, text in VI.items() if re.search(doubtful, text)] == [], DOUBTFUL[doubtful]
