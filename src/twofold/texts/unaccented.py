"""From accented Vietnamese to what a plain phone shows: marks stripped, đ made d.

A letter is one septet then; accented, the text would be UCS-2 and need 2.5 times the segments.
"""

import unicodedata
from typing import Final

from twofold.protocol.gsm import is_gsm

_LETTERS: Final = str.maketrans("đĐðÐ’‘“”–—", "dDdD''\"\"--")


def unaccented(text: str) -> str:
    """Strip the marks of letters and write đ as d; what has no plain form stays as it is."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def sendable(value: str) -> str:
    """Write a value from a file so that it fits inside a text: one line, GSM-7.

    A character without a GSM-7 form becomes a question mark; `lint` names it at import.
    """
    line = " ".join(unaccented(value).split())
    return line if is_gsm(line) else "".join(char if is_gsm(char) else "?" for char in line)
