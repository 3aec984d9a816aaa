"""Identifiers: 62-bit integers that grow with time, and the reference a person reads aloud.

An id is `milliseconds since 2026 << 20 | sequence << 6 | part`.
Every event takes one id with part 0; what an event gives birth to (its orders) takes the parts
1 to 63, so a decision needs no source of ids of its own.
Ids grow with time, so tables led by them are written at their end only.
"""

from functools import lru_cache
from typing import Final

EPOCH_AT: Final = 1_767_225_600_000
"""2026-01-01T00:00:00Z, in milliseconds since 1970: the zero of all ids."""

PARTS: Final = 64
"""Ids that belong to one event: its own and those of what it gives birth to."""

_TIME_SHIFT: Final = 20
_PART_BITS: Final = 6
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS: Final = tuple(a + b for a in _ALPHABET for b in _ALPHABET)
_DIGITS: Final = {char: value for value, char in enumerate(_ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_REFERENCE_LENGTH: Final = 11


class IdSource:
    """Hands out event ids, each greater than the one before, whatever the clock does."""

    __slots__ = ("_last",)

    def __init__(self, last: int = 0) -> None:
        """Continue after `last`, the greatest id that the store already holds."""
        self._last = last - last % PARTS

    def next(self, now_at: int) -> int:
        """Return the next event id at business time `now_at` (ms UTC)."""
        base = (now_at - EPOCH_AT) << _TIME_SHIFT
        self._last = base if base > self._last else self._last + PARTS
        return self._last


def born_at(id_: int) -> int:
    """When an id was handed out, ms UTC; not before, and seldom later."""
    return (id_ >> _TIME_SHIFT) + EPOCH_AT


def event_of(id_: int) -> int:
    """The id of the event that an id belongs to."""
    return id_ - id_ % PARTS


@lru_cache(maxsize=4096)
def reference(event_id: int) -> str:
    """Write an event's id as a person reads it: 11 characters of Crockford's base 32."""
    value = event_id >> _PART_BITS
    return (
        _ALPHABET[value >> 50 & 31]
        + _PAIRS[value >> 40 & 1023]
        + _PAIRS[value >> 30 & 1023]
        + _PAIRS[value >> 20 & 1023]
        + _PAIRS[value >> 10 & 1023]
        + _PAIRS[value & 1023]
    )


def parse_reference(text: str) -> int | None:
    """Read a reference back, taking O for 0 and I or L for 1; None when it is not one."""
    word = text.strip().upper()
    if len(word) != _REFERENCE_LENGTH or any(char not in _DIGITS for char in word):
        return None
    value = 0
    for char in word:
        value = value << 5 | _DIGITS[char]
    return value << _PART_BITS
