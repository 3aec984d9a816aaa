"""Texts as SMS carry them: GSM 03.38, UCS-2 and Latin-1, cut into segments, and back.

GSM texts are one septet an octet, unpacked, as SMPP's data_coding 0 has them; an SMSC packs them.
Reading is wide and never raises where an MO may be anything; writing names the character it cannot.
"""

import codecs
from collections.abc import Callable, Mapping
from typing import Final

from msgspec import Struct

from twofold.protocol.gsm_tables import DEFAULT, ESCAPE, EXTENSION, GAP, LOCKING, SINGLE

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


class Shift(Struct, frozen=True):
    """The national alphabets of a message, from its header (TS 23.040, 9.2.3.24.15 and .16)."""

    locking: int = 0
    single: int = 0


class Concatenation(Struct, frozen=True):
    """Which part of which message this is, from a user data header (TS 23.040, 9.2.3.24.1, .8)."""

    reference: int
    total: int
    number: int


NO_SHIFT: Final = Shift()

_CONCATENATED: Final = 0x00
_CONCATENATED_16: Final = 0x08
_SINGLE_SHIFT: Final = 0x24
_LOCKING_SHIFT: Final = 0x25
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
        return _decode_escaped(octets, DEFAULT, EXTENSION)
    return "".join([DEFAULT[code] for code in octets])


def decode_shifted(octets: bytes, shift: Shift) -> str:
    """Read a GSM text in national alphabets.

    Raises UndecodableText where one is not known here, or a septet has no character in it.
    """
    locking, single = LOCKING.get(shift.locking), SINGLE.get(shift.single)
    if locking is None or single is None or not octets.isascii():
        raise UndecodableText("a national alphabet that is not known, or an octet over 0x7F")
    text = _decode_escaped(octets, locking, single)
    if GAP in text:
        raise UndecodableText("a septet without a character in its national alphabet")
    return text


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


def decode_short_message(
    octets: bytes, data_coding: int, shift: Shift = NO_SHIFT, default: str = ""
) -> str | None:
    """Read a message's text by its data_coding (SMPP 3.4, 5.2.19; TS 23.038, section 4).

    `default` names the codec that an SMSC means by data_coding 0, "" for GSM 03.38.
    None when it is no text, or no valid one: its octets are then all there is to keep.
    """
    read = _READERS.get(data_coding)
    if read is None:
        return None
    try:
        if default and data_coding == GSM_DATA_CODING:
            return octets.decode(default)
        if (shift.locking or shift.single) and read is decode:
            return decode_shifted(octets, shift)
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
    elements = _elements(payload[1:end])
    if elements is None:
        return None
    found = None
    for element, value in elements:
        found = _concatenation(element, value) or found
    return found, payload[end:]


def shift_of(payload: bytes) -> Shift:
    """Read from a user data header which national alphabets the text is in."""
    elements = _elements(payload[1 : payload[0] + 1]) if payload else None
    shifts = {element: value[0] for element, value in elements or () if len(value) == 1}
    locking, single = shifts.get(_LOCKING_SHIFT, 0), shifts.get(_SINGLE_SHIFT, 0)
    return Shift(locking, single) if locking or single else NO_SHIFT


def _elements(header: bytes) -> list[tuple[int, bytes]] | None:
    """Take a header's information elements apart; None when one runs past its end."""
    found = []
    at = 0
    while at < len(header):
        end = at + 2 + header[at + 1] if at + 1 < len(header) else len(header) + 1
        if end > len(header):
            return None
        found.append((header[at], header[at + 2 : end]))
        at = end
    return found


def _decode_escaped(octets: bytes, alphabet: str, extension: Mapping[int, str]) -> str:
    """Read a GSM text in which some septets may be escaped."""
    characters = []
    escaped = False
    for code in octets:
        if escaped:
            characters.append(" " if code == ESCAPE else extension.get(code, alphabet[code]))
            escaped = False
        elif code == ESCAPE:
            escaped = True
        else:
            characters.append(alphabet[code])
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
    # The general groups of TS 23.038, plain or to be deleted by the handset, with or without a
    # class (texts that flash, or go to the SIM); what is compressed, or data, is no text.
    **dict.fromkeys((*range(0x10, 0x14), *range(0x40, 0x44), *range(0x50, 0x54)), decode),
    **dict.fromkeys(
        (*range(0x18, 0x1C), *range(0x48, 0x4C), *range(0x58, 0x5C)), _codec("utf-16-be")
    ),
    # Message waiting, in GSM or UCS-2, and the group of message classes.
    **dict.fromkeys((*range(0xC0, 0xE0), *range(0xF0, 0xF4)), decode),
    **dict.fromkeys(range(0xE0, 0xF0), _codec("utf-16-be")),
}
