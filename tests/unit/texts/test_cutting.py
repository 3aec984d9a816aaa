"""Cutting a list: between lines, nothing lost, and only where it must be cut at all."""

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.texts.examples import LINES, RENEWS_AT, SPORT, example_texts, line_of, prompt_of
from twofold.protocol.gsm import decode, encode, segment
from twofold.texts import cut

TEXTS = example_texts()


def shown(text: str) -> list[str]:
    """Give what a phone that joins nothing shows, an SMS each."""
    return [decode(part) for part in cut(text).parts]


def test_a_list_is_cut_between_its_lines() -> None:
    text = TEXTS.listing("vi", LINES, 62_000)
    first, second, third = shown(text)
    assert first.endswith("(HUY THETHAO)\n")
    assert second.startswith("2 Nhac cho")
    assert second.endswith("(HUY GAME)\n")
    assert third.startswith("4 Nhac cho")
    assert third.endswith("goi 18001091")


def test_a_long_list_is_never_cut_inside_a_line() -> None:
    text = TEXTS.listing("vi", [line_of(SPORT, RENEWS_AT)] * 40, 62_000)
    parts = shown(text)
    assert "".join(parts) == text
    assert [part for part in parts[:-1] if not part.endswith("\n")] == []
    assert max(len(encode(part)) for part in parts) <= 153


def test_a_list_that_fits_one_sms_is_not_cut() -> None:
    text = TEXTS.ended_all("vi", ["Nhạc chờ", "Tin"], RENEWS_AT, "1B7QK0FZ3M8")
    assert shown(text) == [text]
    filled = "x" * 80 + "\n" + "y" * 79
    assert shown(filled) == [filled]


def test_a_text_of_one_line_is_cut_as_any_other() -> None:
    text = prompt_of(TEXTS, SPORT, names_service=True)
    assert cut(text) == segment(text)
    assert len(cut(text).parts) == 2


def test_a_line_longer_than_an_sms_is_cut_where_it_must_be() -> None:
    text = "x" * 161 + "\ny"
    assert cut(text) == segment(text)
    assert len(shown("x" * 152 + "\n" + "y" * 153)) == 2


def test_a_list_of_more_lines_than_parts_is_packed_tight() -> None:
    text = "\n".join(["x" * 100] * 300)
    assert cut(text) == segment(text)


@given(st.lists(st.text("aĐà€^\n ", max_size=90), max_size=12))
def test_the_parts_put_together_are_the_text(lines: list[str]) -> None:
    text = "\n".join(lines)
    whole, parts = segment(text), cut(text)
    assert parts.data_coding == whole.data_coding
    assert b"".join(parts.parts) == b"".join(whole.parts)
    assert all(len(part) <= 160 for part in parts.parts)
