"""The national alphabets of 3GPP TS 23.038, annex A, cell by cell where they differ from others."""

import unicodedata

import pytest

from twofold.protocol.gsm import (
    Shift,
    UndecodableText,
    decode_shifted,
    decode_short_message,
    shift_of,
)
from twofold.protocol.gsm_tables import ESCAPE, GAP, LOCKING, SINGLE

SCRIPTS = {
    4: "BENGALI",
    5: "GUJARATI",
    6: "DEVANAGARI",
    7: "KANNADA",
    8: "MALAYALAM",
    9: "ORIYA",
    10: "GURMUKHI",
    11: "TAMIL",
    12: "TELUGU",
    13: "ARABIC",
}


@pytest.mark.parametrize("language", sorted(LOCKING))
def test_an_alphabet_has_128_septets_and_no_character_twice(language: int) -> None:
    alphabet = LOCKING[language]
    assert len(alphabet) == 128
    assert alphabet[ESCAPE] == "\x1b"
    letters = alphabet.replace(GAP, "")
    assert len(set(letters)) == len(letters)


def test_the_languages_are_those_of_the_standard() -> None:
    assert sorted(LOCKING) == [0, 1, 3, *range(4, 14)]
    assert sorted(SINGLE) == list(range(14))
    for extension in SINGLE.values():
        assert set(extension) <= set(range(128)) - {ESCAPE}


@pytest.mark.parametrize(("language", "script"), SCRIPTS.items())
def test_what_is_no_ascii_is_a_letter_of_the_languages_own_script(
    language: int, script: str
) -> None:
    letters = [char for char in LOCKING[language] if not char.isascii() and char != GAP]
    assert letters
    for letter in letters:
        assert unicodedata.name(letter).startswith(script)


@pytest.mark.parametrize(("language", "script"), SCRIPTS.items())
def test_the_ten_digits_of_the_script_stand_in_order_after_an_escape(
    language: int, script: str
) -> None:
    digits = [char for _code, char in sorted(SINGLE[language].items()) if char.isdigit()]
    assert [unicodedata.digit(digit) for digit in digits] == list(range(10))
    assert all(script in unicodedata.name(digit) for digit in digits)


# Annex A.3.4 to A.3.13: a letter of each alphabet from the first column, the middle and the last.
@pytest.mark.parametrize(
    ("language", "letters"),
    [
        (4, {0x00: "\u0981", 0x15: "ক", 0x60: "\u09ce", 0x7F: "ৱ"}),
        (5, {0x03: "અ", 0x15: "ક", 0x60: "ૐ", 0x7F: "૱"}),
        (6, {0x03: "अ", 0x3C: "\u0929", 0x4D: "ह", 0x60: "ॐ", 0x7F: "ॿ"}),
        (7, {0x01: "\u0c82", 0x15: "ಕ", 0x4F: "ಽ", 0x7F: "\u0ce3"}),
        (8, {0x03: "അ", 0x2E: ".", 0x48: "ഴ", 0x7F: "൹"}),
        (9, {0x00: "\u0b01", 0x49: "ଵ", 0x60: "\u0b56", 0x7F: "\u0b63"}),
        (10, {0x03: "ਅ", 0x47: "\u0a33", 0x4A: "\u0a36", 0x7F: "ੴ"}),
        (11, {0x02: "ஃ", 0x3C: "ன", 0x60: "ௐ", 0x7F: "௹"}),
        (12, {0x00: "\u0c01", 0x45: "ఱ", 0x60: "\u0c55", 0x7F: "\u0c63"}),
        (13, {0x00: "ا", 0x12: "ځ", 0x3C: "ښ", 0x59: "ی", 0x7F: "\u0670"}),
    ],
)
def test_letters_stand_where_the_standard_has_them(language: int, letters: dict[int, str]) -> None:
    assert {code: LOCKING[language][code] for code in letters} == letters
    assert LOCKING[language][0x28:0x2A] == ")("
    assert LOCKING[language][0x2C] == ","


# Annex A.2.4 to A.2.13.
@pytest.mark.parametrize(
    ("language", "letters"),
    [
        (4, {0x19: "০", 0x1A: "১", 0x1C: "২", 0x24: "\u09df", 0x34: "৺"}),
        (5, {0x19: "।", 0x1C: "૦", 0x25: "૯"}),
        (6, {0x1A: "॥", 0x1C: "०", 0x2C: "\u0958", 0x3A: "ॱ"}),
        (7, {0x26: "ೞ", 0x2A: "ೲ", 0x3C: "["}),
        (8, {0x26: "൰", 0x2E: "ൺ", 0x34: "ൿ"}),
        (9, {0x20: "୪", 0x26: "\u0b5c", 0x2C: "ୱ"}),
        (10, {0x26: "\u0a59", 0x2D: "\u0a75"}),
        (11, {0x24: "௮", 0x25: "௯", 0x2E: "௺"}),
        (12, {0x1C: "౦", 0x26: "ౘ", 0x32: "౿"}),
        (13, {0x19: "\u0600", 0x26: "،", 0x33: "؟", 0x3F: "۔", 0x65: "€"}),
    ],
)
def test_escaped_letters_stand_where_the_standard_has_them(
    language: int, letters: dict[int, str]
) -> None:
    assert {code: SINGLE[language][code] for code in letters} == letters
    assert (SINGLE[language][0x00], SINGLE[language][0x41], SINGLE[language][0x5A]) == tuple("@AZ")


@pytest.mark.parametrize(
    ("language", "octets", "text"),
    [
        (6, b"\x4d\x50\x08 \x0a", "हाऊ \n"),
        (6, b"\x1bS\x1bT\x1bO\x1bP \x1b\x1d", "STOP १"),
        (13, b"\x56\x00\x50\x1b\x3f", "ہاں۔"),
        (13, b"\x1bH\x1bU\x1bY \x1b\x1c", "HUY ۰"),
        (6, b"\x1bay", "ay"),
    ],
)
def test_a_message_is_read_in_the_alphabets_its_header_names(
    language: int, octets: bytes, text: str
) -> None:
    header = bytes((6, 0x24, 1, language, 0x25, 1, language))
    assert shift_of(header + octets) == Shift(language, language)
    assert decode_short_message(octets, 0, shift_of(header + octets)) == text


@pytest.mark.parametrize("octets", [b"Y\x0c", b"\x11", b"Y\x1b\x5b"])
def test_a_septet_without_a_character_leaves_no_text(octets: bytes) -> None:
    assert decode_short_message(octets, 0, Shift(12, 12)) is None
    with pytest.raises(UndecodableText):
        decode_shifted(octets, Shift(12, 12))


def test_of_the_two_cells_on_which_sources_differ_one_is_read_and_one_is_no_text() -> None:
    """The standard prints in Kannada's 24 the letter of 3D; its sisters have a DDA there."""
    assert decode_short_message(b"\x24\x3d", 0, Shift(locking=7)) == "ಡಪ"
    sisters = [LOCKING[language][0x24] for language in (4, 5, 6, 7, 8, 9, 10, 12)]
    assert all(unicodedata.name(letter).endswith("LETTER DDA") for letter in sisters)
    assert decode_short_message(b"5\x1be", 0, Shift(0, 12)) is None
    assert decode_short_message(b"5\x1be", 0, Shift(0, 11)) == "5€"


@pytest.mark.parametrize("language", [2, 14, 15, 255])
def test_a_locking_alphabet_that_nobody_has_leaves_no_text(language: int) -> None:
    assert decode_short_message(b"Y", 0, Shift(locking=language)) is None


@pytest.mark.parametrize("language", [14, 255])
def test_an_escaped_alphabet_that_nobody_has_leaves_no_text(language: int) -> None:
    assert decode_short_message(b"Y", 0, Shift(single=language)) is None
