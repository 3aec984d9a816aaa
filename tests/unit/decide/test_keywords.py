"""What a text means: consent is narrow, refusal is wide, and both are whole messages."""

import pytest

from tests.unit.decide.example import POLICY
from twofold.decide.keywords import MAX_TEXT, Keywords, Wish, Word, normalize

MEANT = {
    Wish(Word.YES): [
        "Y",
        "y",
        " Y ",
        "Y.",
        "Y!",
        "yes",
        "CO",
        "Có",
        "có",
        "co\r\n",
        "DONGY",
        "Dong y",
        "Đồng ý",
        "Ðồng ý",
        "đồng  ý",
        "Ｙ",
        "Y\u200b",
    ],
    Wish(Word.YES, "THETHAO"): [
        "Y THETHAO",
        "y thethao",
        "ok thethao",
        "Dong y THETHAO.",
        "XN THETHAO",
        "Y  THETHAO",
        "ĐỒNG Ý THETHAO",
        "YTHETHAO",
        "Y.THETHAO",
        "Y-THETHAO.",
        "Yes: THETHAO",
        "DONGYTHETHAO",
    ],
    Wish(Word.NO): [
        "N",
        "n",
        "no",
        "K",
        "ko",
        "Khong",
        "Không",
        "không đồng ý",
        "K dong y",
        "KO DONG Y",
        "Từ chối",
        "tuchoi",
        "khong, cam on",
        "no thanks",
        "N please",
    ],
    Wish(Word.NO, denies_joining=True): ["khong dk nhe", "toi khong DK dich vu nay"],
    Wish(Word.NO, words=("DANG", "KY"), denies_joining=True): [
        "toi khong dang ky",
        "Tôi không đăng ký!",
    ],
    Wish(Word.NO, words=("PHAI", "DANG", "KY"), denies_joining=True): ["không phải tôi đăng ký"],
    Wish(Word.NO, refusal_or_list=True): ["TC", "tc."],
    Wish(Word.NO, words=("THETHAO",)): [
        "N THETHAO",
        "khong thethao",
        "N-THETHAO",
        "toi khong muon dk thethao",
    ],
    Wish(Word.NO, words=("THETHAO",), refusal_or_list=True): ["TC THETHAO", "TC-thethao"],
    Wish(Word.NO, words=("PHAI",)): ["khong phai toi", "Không phải tôi!"],
    Wish(Word.NO, words=("4821",)): ["khong dong y 4821", "N 4821", "N-4821.", "ko: 4821"],
    Wish(Word.JOIN, "THETHAO"): [
        "DK THETHAO",
        "dk thethao",
        "DKTHETHAO",
        "DK.THETHAO",
        "Đk  THETHAO.",
    ],
    Wish(Word.STOP): [
        *("HUY", "Hủy", "HUỶ", "stop", "TAT", "HUY DK", "stop please", "Huy di", "please stop"),
        *("Hủy đi ạ!", "cho tôi hủy dịch vụ này", "xin huy giup em", "HUY KHONG DUNG NUA"),
    ],
    Wish(Word.STOP, words=("THETHAO",)): [
        *("HUY THETHAO", "huy dv thethao", "stop THETHAO", "HUY THETHAO ngay lap tuc"),
        *("HUY DK THETHAO", "HUYTHETHAO", "HUY.THETHAO", "huy-thethao", "toi muon huy thethao"),
    ],
    Wish(Word.STOP, words=("1",)): ["HUY 1", "huy1", "HUY DV 1"],
    Wish(Word.STOP, words=("THAO", "TIN")): ["HUY thao tin"],
    Wish(Word.STOP, words=("?",)): ["HUY?"],
    Wish(Word.STOP, words=("NAO",)): ["huy the nao"],
    Wish(Word.STOP_ALL): [
        *("HUY ALL", "HUY TATCA", "huy tất cả", "TC TATCA", "STOP ALL", "HUY HET", "TC all"),
        *("HUY TAT CA DICH VU", "stop all please", "HUYALL", "HUYTATCA", "tat het di"),
    ],
    Wish(Word.LIST): ["TK", "tk", "TK.", "KT", "list", "TK 123", "tk gui 123"],
    Wish(Word.COMPLAIN, "THETHAO"): [
        "KN THETHAO",
        "kn thethao",
        "KN-THETHAO",
        "kn dv thethao",
        "KN THETHAO toi khong dang ky",
    ],
    Wish(Word.COMPLAIN, "02M8K4N1Q7T"): ["KN 02M8K4N1Q7T", "kn 02m8k4n1q7t."],
    Wish(Word.COMPLAIN, "2041"): ["KN-2041"],
    Wish(Word.COMPLAIN): ["KN", "kn."],
    Wish(Word.BLOCK): ["CHAN", "chặn", "Chan."],
    Wish(Word.UNBLOCK): ["MO", "mở", "mở chặn", "bo chan"],
    Wish(Word.HELP): ["HD", "help", "TG", "?", "? "],
}
"""Every text that asks for something, by what it asks for."""

MEANINGLESS = [
    *("", " ", "😀", "Y?", "Y a?", "gia bao nhieu", "Y HUY", "Y HUY THETHAO", "Y THETHAO N"),
    *("Dong y nhung khong gia han", "У", "Υ", "OK", "XN", "toi dong y", "DK", "DK ", "YY"),
    *(
        "Y N",
        "Y TC",
        "Y KHONG",
        "DK 123",
        "Y THETHAO 2",
        "YHUY",
        "Y.N",
        "CON",
        "OKY",
        *("Y\u0336", "Y\u0338", "Y\u20dd", "\u028f", "Y\x00"),
        *("KNTHETHAO", "N?", "Khong?", "khong phai the a?", "lam sao de huy", "dung gui nua"),
        "CHAN DOI",
        "mo cua",
        "Y" * (MAX_TEXT + 1),
    ),
]
"""Texts that must not be taken for consent, nor for anything else."""


@pytest.mark.parametrize(
    ("text", "wish"), [(text, wish) for wish, texts in MEANT.items() for text in texts]
)
@pytest.mark.scenario("S025", "S026", "S027", "S093")
def test_a_text_asks_for_what_it_says(text: str, wish: Wish) -> None:
    assert Keywords(POLICY).understand(text) == wish


@pytest.mark.parametrize("text", MEANINGLESS)
@pytest.mark.scenario("S028", "S029", "S030", "S032")
def test_what_is_not_clearly_a_word_is_none(text: str) -> None:
    assert Keywords(POLICY).understand(text).word is Word.OTHER


def test_a_question_is_never_a_yes() -> None:
    assert normalize("Y?") == "Y?"


def test_normalizing_twice_changes_nothing() -> None:
    for text in ["  Đồng   ý! ", "«Ｙ»", "Hủy.", "A\u0301"]:
        assert normalize(normalize(text)) == normalize(text)


def test_a_text_that_was_understood_before_is_understood_alike() -> None:
    keywords = Keywords(POLICY)
    assert keywords.understand("DK NHAC") is keywords.understand("DK NHAC")


def test_what_is_remembered_is_bounded() -> None:
    keywords = Keywords(POLICY)
    first = keywords.understand("DK NHAC")
    for number in range(5_000):
        keywords.understand(f"DK A{number}")
    assert keywords.understand("DK NHAC") == first
    assert keywords.understand("DK NHAC") is not first
