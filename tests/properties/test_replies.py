"""Whatever anybody writes: only the accepted forms confirm, and no word of refusal ever does."""

import unicodedata
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import structs

from tests.unit.decide.example import POLICY, RULES, Number, rules_of
from twofold.domain.policy import ReplyMode

BY_CODE: Final = rules_of(policy=structs.replace(POLICY, reply_mode=ReplyMode.CODE))
CODE: Final = "1000000"
"""Stands for the code that the prompt printed; no text has so many digits by itself."""

WORDS: Final = ("Y", "YES", "CO", "DONGY", "DONG Y", "OK", "XN")
NOES: Final = ("N", "NO", "K", "KO", "KHONG", "TC", "TU CHOI", "TUCHOI", "HUY", "STOP", "TAT")
PIECES: Final = st.sampled_from(
    [*WORDS, *NOES, "THETHAO", "Có", "Đồng", "ý", "Không", "hủy", "У", "Υ", "DK", "?", "4821", CODE]
)
GAPS: Final = st.sampled_from(["", " ", "  ", ".", ",", "-", ":", "\n", "\u200b", "!", "?", "/"])
TEXTS: Final = st.one_of(
    st.text(max_size=20),
    st.lists(st.tuples(PIECES, GAPS), max_size=5).map(
        lambda parts: "".join(piece + gap for piece, gap in parts)
    ),
)


def plain(text: str) -> str:
    """What a reader sees: no marks, no case, one blank between words, nothing at the edges.

    Written apart from the program's own, and looser: it may only see more forms than that one.
    """
    seen = "".join(char for char in text if unicodedata.category(char) not in {"Cf", "Mn"})
    bare = unicodedata.normalize("NFKD", seen.translate(str.maketrans("đĐðÐƉɖ", "dDdDDd")))
    kept = "".join(char for char in bare if unicodedata.category(char) not in {"Mn", "Me"})
    return " ".join(kept.upper().split()).strip(" .,;:!\"'()[]<>*_-~/")


def accepted(text: str, code: str) -> bool:
    """Say whether it is one of the accepted forms: a word, or a word and what the prompt asked."""
    said = plain(text)
    named = {code} if code else {"THETHAO"}
    forms = {
        word + gap + name
        for word in WORDS
        for name in named
        for gap in ("", " ", ".", ",", "-", ":")
    }
    alone = {code} if code else set(WORDS[:5])
    squeezed = said
    for mark in ".,-:":
        squeezed = squeezed.replace(f"{mark} ", mark).replace(f" {mark}", mark)
    while any(pair in squeezed for pair in ("..", ",,", "--", "::")):
        for mark in ".,-:":
            squeezed = squeezed.replace(mark * 2, mark)
    return said in forms | alone or squeezed in forms


def confirms(number: Number, text: str) -> bool:
    """Say whether the text starts the service."""
    number.passes(60_000)
    number.says(text)
    return bool(number.subscriber.subscriptions)


@given(text=TEXTS)
@example(text="Y HUY THETHAO")
@example(text="У THETHAO")
@example(text="Y?")
@example(text="OK")
@pytest.mark.scenario("S028", "S029", "S030")
def test_what_is_not_an_accepted_form_never_confirms(text: str) -> None:
    number = Number(RULES)
    number.is_asked()
    if not any(mark in text for mark in ".,-:"):
        assert accepted(text, "") or not confirms(number, text)
    elif confirms(number, text):
        assert set(plain(text)) <= set("YESCODNGOKXTHA .,-:")


@given(text=TEXTS)
@example(text=CODE)
@example(text=f"Y {CODE}?")
@example(text=f"У {CODE}")
@example(text="Y THETHAO")
@pytest.mark.scenario("S025", "S030", "S034")
def test_without_the_code_nothing_confirms_where_a_code_is_asked_for(text: str) -> None:
    number = Number(BY_CODE)
    held = number.is_asked().code
    assert held is not None
    said = text.replace(CODE, held.digits)
    if confirms(number, said):
        assert held.digits in plain(said)
        assert set(plain(said)) <= set("YESCODNGOKX .,-:" + held.digits)


@given(no=st.sampled_from(NOES), before=TEXTS, after=TEXTS)
@pytest.mark.scenario("S027", "S028")
def test_a_text_with_a_word_of_refusal_never_confirms(no: str, before: str, after: str) -> None:
    for rules in (RULES, BY_CODE):
        number = Number(rules)
        held = number.is_asked().code
        text = f"{before} {no} {after}"
        said = text if held is None else text.replace(CODE, held.digits)
        assert not confirms(number, said)
