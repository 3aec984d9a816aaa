"""Texts as SMS carry them: GSM 03.38, UCS-2 and Latin-1, cut into segments, and back.

GSM texts are one septet an octet, unpacked, as SMPP's data_coding 0 has them; an SMSC packs them.
Reading is wide and never raises where an MO may be anything; writing names the character it cannot.
"""

import codecs
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from twofold.protocol.gsm_tables import DEFAULT, ESCAPE, EXTENSION

GSM_DATA_CODING: Final = 0x00
UCS2_DATA_CODING: Final = 0x08

SEPTETS_ALONE: Final = 160
SEPTETS_IN_PART: Final = 153
UNITS_ALONE: Final = 70
UNITS_IN_PART: Final = 67
"""What one message holds, alone or beside a header of six octets (3GPP TS 23.040, 9.2.3.24.1)."""
PARTS_MAX: Final = 255
"""The header counts parts in one octet."""


class TextError(ValueError):
    """A text that cannot be sent as it is."""


class UnencodableCharacter(TextError):
    """The first character that the alphabet lacks, and where it stands."""

    def __init__(self, character: str, position: int) -> None:
        super().__init__(f"{character!r} at {position} is not in the alphabet")
        self.character = character
        self.position = position


class TextTooLong(TextError):
    """A text that needs more than 255 parts."""


class UndecodableText(ValueError):
    """Octets that are no text of the alphabet."""


class Segments(Struct, frozen=True):
    """A text, encoded and cut: each part fits one SMS, its header included where it needs one."""

    data_coding: int
    parts: tuple[bytes, ...]


class Concatenation(Struct, frozen=True):
    """Which part of which message this is, from a user data header (TS 23.040, 9.2.3.24.1, .8)."""

    reference: int
    total: int
    number: int


_CONCATENATED: Final = 0x00
_CONCATENATED_16: Final = 0x08
_HIGH_SURROGATE: Final = 0xD8

_ESCAPED: Final = {character: bytes((ESCAPE, code)) for code, character in EXTENSION.items()}
_TO_GSM: Final[dict[int, bytes]] = {
    **{ord(char): bytes((code,)) for code, char in enumerate(DEFAULT) if code != ESCAPE},
    **{ord(char): octets for char, octets in _ESCAPED.items()},
}
_SAME_IN_ASCII: Final = bytes(
    code for code in range(128) if code != ESCAPE and ord(DEFAULT[code]) == code
)
"""The octets that mean the same in ASCII: most texts are made of nothing else."""


def encode(text: str) -> bytes:
    """Write a text in the GSM alphabet, a septet an octet, extension characters as two.

    Raises UnencodableCharacter with the first character that the alphabet lacks.
    """
    if text.isascii():
        octets = text.encode("ascii")
        if not octets.translate(None, _SAME_IN_ASCII):
            return octets
    try:
        return codecs.charmap_encode(text, "strict", _TO_GSM)[0]
    except UnicodeEncodeError as error:
        raise UnencodableCharacter(text[error.start], error.start) from None


def decode(octets: bytes) -> str:
    """Read a GSM text, a septet an octet; raises UndecodableText on an octet over 0x7F.

    As TS 23.038 asks, an escape before an unknown septet leaves that septet's own character, and an
    escape before another, or at the end, is a blank.
    """
    if not octets.translate(None, _SAME_IN_ASCII):
        return octets.decode("ascii")
    if not octets.isascii():
        raise UndecodableText("an octet over 0x7F in a GSM text")
    if ESCAPE in octets:
        return _decode_escaped(octets)
    return "".join([DEFAULT[code] for code in octets])


def septets(text: str) -> int:
    """Count the septets of a text; raises UnencodableCharacter where it has none."""
    return len(encode(text))


def is_gsm(text: str) -> bool:
    """Say whether a text can be written in the GSM alphabet."""
    try:
        encode(text)
    except UnencodableCharacter:
        return False
    return True


def decode_short_message(octets: bytes, data_coding: int) -> str | None:
    """Read a message's text by its data_coding (SMPP 3.4, 5.2.19; TS 23.038, section 4).

    None when it is no text, or no valid one: its octets are then all there is to keep.
    """
    read = _READERS.get(data_coding)
    if read is None:
        return None
    try:
        return read(octets)
    except ValueError:
        return None


def segment(text: str) -> Segments:
    """Write a text in the GSM alphabet, or else in UCS-2, and cut it into as few SMS as may be.

    No extension character and no surrogate pair is cut in two. Raises TextTooLong over 255 parts,
    and UnencodableCharacter for a lone surrogate.
    """
    try:
        octets = encode(text)
    except UnencodableCharacter:
        return segment_ucs2(text)
    return Segments(GSM_DATA_CODING, _cut(octets, SEPTETS_ALONE, SEPTETS_IN_PART, _in_escape))


def segment_ucs2(text: str) -> Segments:
    """Write a text in UCS-2 and cut it, whatever it holds; the errors are those of `segment`."""
    parts = _cut(_encode_ucs2(text), 2 * UNITS_ALONE, 2 * UNITS_IN_PART, _in_surrogates)
    return Segments(UCS2_DATA_CODING, parts)


def with_udh(parts: tuple[bytes, ...], reference: int) -> tuple[bytes, ...]:
    """Put before each part the header that joins it to the others; one part alone needs none.

    `reference` (0 to 255) tells this message from others to the same handset. The messages that
    carry these octets must have the UDH bit of esm_class set.
    """
    if len(parts) == 1:
        return parts
    head = bytes((5, _CONCATENATED, 3, reference, len(parts)))
    return tuple(head + bytes((number,)) + part for number, part in enumerate(parts, start=1))


def split_udh(payload: bytes) -> tuple[Concatenation | None, bytes] | None:
    """Take the user data header off a payload: which part this is, if it says, and the text.

    None when the header runs past its end: then nothing in it can be trusted.
    """
    if not payload or payload[0] >= len(payload):
        return None
    end = payload[0] + 1
    found = None
    at = 1
    while at < end:
        if at + 2 > end or at + 2 + payload[at + 1] > end:
            return None
        element, value = payload[at], payload[at + 2 : at + 2 + payload[at + 1]]
        found = _concatenation(element, value) or found
        at += 2 + len(value)
    return found, payload[end:]


def _decode_escaped(octets: bytes) -> str:
    """Read a GSM text in which some septets are escaped."""
    characters = []
    escaped = False
    for code in octets:
        if escaped:
            characters.append(" " if code == ESCAPE else EXTENSION.get(code, DEFAULT[code]))
            escaped = False
        elif code == ESCAPE:
            escaped = True
        else:
            characters.append(DEFAULT[code])
    return "".join(characters) + (" " if escaped else "")


def _encode_ucs2(text: str) -> bytes:
    try:
        return text.encode("utf-16-be")
    except UnicodeEncodeError as error:
        raise UnencodableCharacter(text[error.start], error.start) from None


def _cut(
    octets: bytes, alone: int, in_part: int, inside: Callable[[bytes, int], int]
) -> tuple[bytes, ...]:
    """Cut octets into parts; `inside` says how far a cut must step back to split no character."""
    if len(octets) <= alone:
        return (octets,)
    parts = []
    at = 0
    while at < len(octets):
        end = at + in_part
        if end < len(octets):
            end -= inside(octets, end)
        parts.append(octets[at:end])
        at = end
    if len(parts) > PARTS_MAX:
        raise TextTooLong(f"a text of {len(parts)} parts")
    return tuple(parts)


def _in_escape(octets: bytes, end: int) -> int:
    return 1 if octets[end - 1] == ESCAPE else 0


def _in_surrogates(octets: bytes, end: int) -> int:
    return 2 if octets[end - 2] & 0xFC == _HIGH_SURROGATE else 0


def _concatenation(element: int, value: bytes) -> Concatenation | None:
    """Read a concatenation element, with a reference of one octet or two; others say nothing here.

    One that counts from nothing, or past its own total, is passed over (TS 23.040, 9.2.3.24.1).
    """
    if (element, len(value)) not in {(_CONCATENATED, 3), (_CONCATENATED_16, 4)}:
        return None
    total, number = value[-2:]
    if not 1 <= number <= total:
        return None
    return Concatenation(int.from_bytes(value[:-2], "big"), total, number)


def _codec(name: str) -> Callable[[bytes], str]:
    return lambda octets: octets.decode(name)


_READERS: Final[dict[int, Callable[[bytes], str]]] = {
    0x00: decode,
    0x01: _codec("ascii"),
    0x03: _codec("latin-1"),
    0x06: _codec("iso8859-5"),
    0x07: _codec("iso8859-8"),
    0x08: _codec("utf-16-be"),
    # The groups of TS 23.038 that name a message class: texts that flash, or go to the SIM.
    **dict.fromkeys((*range(0x10, 0x14), *range(0xF0, 0xF4)), decode),
    **dict.fromkeys(range(0x18, 0x1C), _codec("utf-16-be")),
}
