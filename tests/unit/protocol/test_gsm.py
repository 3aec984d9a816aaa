"""The alphabet against the standard's own table, and where texts are cut."""

import pytest

from twofold.protocol.gsm import (
    Concatenation,
    TextTooLong,
    UndecodableText,
    UnencodableCharacter,
    decode,
    decode_short_message,
    encode,
    is_gsm,
    segment,
    septets,
    split_udh,
    with_udh,
)
from twofold.protocol.gsm_tables import DEFAULT, EXTENSION

# 3GPP TS 23.038, section 6.2.1, copied column by column: b7b6b5 across, b4 to b1 down.
COLUMNS = [
    "@£$¥èéùìòÇ\nØø\rÅå",
    "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ",
    " !\"#¤%&'()*+,-./",
    "0123456789:;<=>?",
    "¡ABCDEFGHIJKLMNO",
    "PQRSTUVWXYZÄÖÑÜ§",
    "¿abcdefghijklmno",
    "pqrstuvwxyzäöñüà",
]


def test_the_alphabet_is_the_standards() -> None:
    assert "".join(COLUMNS) == DEFAULT
    assert len(set(DEFAULT)) == 128
    assert not set(EXTENSION.values()) & set(DEFAULT)


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        ("DK THETHAO", b"DK THETHAO"),
        ("@", b"\x00"),
        ("_", b"\x11"),
        ("$", b"\x02"),
        ("2.000đ"[:5], b"2.000"),
        ("à la carte", b"\x7f la carte"),
        ("€", b"\x1be"),
        ("[x]", b"\x1b<x\x1b>"),
        ("{}\\|^~", b"\x1b(\x1b)\x1b/\x1b@\x1b\x14\x1b="),
        ("a\r\nb", b"a\r\nb"),
        ("", b""),
    ],
)
def test_texts_are_written_and_read_by_the_table(text: str, octets: bytes) -> None:
    assert encode(text) == octets
    assert decode(octets) == text
    assert septets(text) == len(octets)


@pytest.mark.parametrize(
    ("text", "character", "position"),
    [("soạn Y", "ạ", 2), ("`", "`", 0), ("ab\tc", "\t", 2), ("€ç", "ç", 1), ("\x1b", "\x1b", 0)],
)
def test_the_first_character_outside_the_alphabet_is_named(
    text: str, character: str, position: int
) -> None:
    with pytest.raises(UnencodableCharacter) as caught:
        encode(text)
    assert (caught.value.character, caught.value.position) == (character, position)
    assert not is_gsm(text)


def test_an_unknown_escape_leaves_the_characters_own_meaning() -> None:
    assert decode(b"a\x1bbc") == "abc"
    assert decode(b"a\x1b\x00") == "a@"


def test_an_escape_before_another_or_at_the_end_is_a_blank() -> None:
    assert decode(b"a\x1b\x1bb") == "a b"
    assert decode(b"a\x1b") == "a "


def test_an_octet_over_seven_bits_is_no_gsm_text() -> None:
    with pytest.raises(UndecodableText):
        decode(b"caf\xe9")


@pytest.mark.parametrize(
    ("octets", "data_coding", "text"),
    [
        pytest.param(b"\x00\x02", 0x00, "@$", id="default alphabet"),
        pytest.param(b"a@b", 0x01, "a@b", id="IA5"),
        pytest.param(b"caf\xe9", 0x03, "café", id="Latin-1"),
        pytest.param("Đồng ý 👍".encode("utf-16-be"), 0x08, "Đồng ý 👍", id="UCS-2"),
        pytest.param(b"\xd4\xd0", 0x06, "да", id="Cyrillic"),
        pytest.param(b"\xe0", 0x07, "א", id="Hebrew"),
        pytest.param(b"\x00", 0x10, "@", id="class 0, default alphabet"),
        pytest.param(b"\x01\x11", 0x18, "đ", id="class 0, UCS-2"),
        pytest.param(b"\x00", 0xF1, "@", id="class 1, default alphabet"),
        pytest.param(b"caf\xe9", 0x00, None, id="octets over seven bits"),
        pytest.param(b"\x80", 0x01, None, id="no IA5"),
        pytest.param(b"\0Y\0", 0x08, None, id="half a UCS-2 unit"),
        pytest.param(b"\xd8\x3d\0Y", 0x08, None, id="half a surrogate pair"),
        pytest.param(b"Y", 0x02, None, id="octets"),
        pytest.param(b"Y", 0x04, None, id="octets, the other way"),
        pytest.param(b"Y", 0xF5, None, id="class 1, eight bits"),
        pytest.param(b"Y", 0x99, None, id="reserved"),
    ],
)
def test_a_text_is_read_by_its_data_coding_or_not_at_all(
    octets: bytes, data_coding: int, text: str | None
) -> None:
    assert decode_short_message(octets, data_coding) == text


def lengths(text: str) -> list[int]:
    return [len(part) for part in segment(text).parts]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        pytest.param("", [0], id="nothing is one message"),
        pytest.param("x" * 160, [160], id="160 septets fit one"),
        pytest.param("x" * 161, [153, 8], id="161 do not"),
        pytest.param("x" * 306, [153, 153], id="306 fit two"),
        pytest.param("x" * 307, [153, 153, 1], id="307 do not"),
        pytest.param("€" * 80, [160], id="80 extension characters fit one"),
        pytest.param("€" * 81, [152, 10], id="none is cut in two"),
        pytest.param("x" * 152 + "€" + "x" * 20, [152, 22], id="an escape at the cut moves on"),
        pytest.param("x" * 151 + "€" + "x" * 20, [153, 20], id="one that ends there stays"),
        pytest.param("đ" * 70, [140], id="70 units fit one"),
        pytest.param("đ" * 71, [134, 8], id="71 do not"),
        pytest.param("đ" * 134, [134, 134], id="134 fit two"),
        pytest.param("đ" * 66 + "👍" * 5, [132, 20], id="no surrogate pair is cut in two"),
        pytest.param("đ" + "👍" * 35, [134, 8], id="a pair that ends at the cut stays"),
        pytest.param("👍" * 35, [140], id="35 pairs fit one"),
    ],
)
def test_a_text_is_cut_where_the_standard_says(text: str, parts: list[int]) -> None:
    assert lengths(text) == parts


def test_one_character_outside_the_alphabet_makes_the_whole_text_ucs2() -> None:
    assert segment("Soan Y").data_coding == 0
    assert segment("Soạn Y").data_coding == 8


def test_a_text_of_more_than_255_parts_is_refused() -> None:
    assert len(segment("x" * 153 * 255).parts) == 255
    with pytest.raises(TextTooLong):
        segment("x" * (153 * 255 + 1))


def test_a_lone_surrogate_is_named_and_not_sent() -> None:
    with pytest.raises(UnencodableCharacter) as caught:
        segment("đ\ud83d")
    assert (caught.value.character, caught.value.position) == ("\ud83d", 1)


def test_parts_are_joined_by_a_header_of_six_octets() -> None:
    assert with_udh((b"one", b"two"), 0xAB) == (
        b"\x05\x00\x03\xab\x02\x01one",
        b"\x05\x00\x03\xab\x02\x02two",
    )


def test_one_part_alone_has_no_header() -> None:
    assert with_udh((b"alone",), 7) == (b"alone",)


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        pytest.param(
            b"\x05\x00\x03\xab\x02\x01one", (Concatenation(0xAB, 2, 1), b"one"), id="8 bits"
        ),
        pytest.param(
            b"\x06\x08\x04\x01\x02\x03\x03x", (Concatenation(0x102, 3, 3), b"x"), id="16 bits"
        ),
        pytest.param(
            b"\x0b\x05\x04\x0b\x84\x23\xf0\x00\x03\x01\x02\x02x",
            (Concatenation(1, 2, 2), b"x"),
            id="after ports",
        ),
        pytest.param(b"\x06\x05\x04\x0b\x84\x23\xf0x", (None, b"x"), id="ports alone"),
        pytest.param(b"\x00text", (None, b"text"), id="an empty header"),
        pytest.param(b"\x05\x00\x03\x01\x02\x00x", (None, b"x"), id="part nought"),
        pytest.param(b"\x05\x00\x03\x01\x02\x03x", (None, b"x"), id="part three of two"),
        pytest.param(b"\x05\x00\x03\x01\x00\x00x", (None, b"x"), id="part nought of nought"),
        pytest.param(b"\x04\x00\x02\x01\x01x", (None, b"x"), id="an element of the wrong length"),
        pytest.param(b"\x05\x00\x03\x01\x02\x02", (Concatenation(1, 2, 2), b""), id="no text"),
        pytest.param(b"", None, id="no header at all"),
        pytest.param(b"\x05\x00\x03\x01", None, id="a header past the end"),
        pytest.param(b"\x05\x00\x09\x01\x02\x02x", None, id="an element past the header"),
        pytest.param(b"\x01\x00x", None, id="half an element"),
        pytest.param(b"\x01\x00", None, id="half an element and nothing after it"),
    ],
)
def test_a_header_is_read_or_the_payload_left_alone(
    payload: bytes, expected: tuple[Concatenation | None, bytes] | None
) -> None:
    assert split_udh(payload) == expected
