"""What a text means, before anything is known of who sent it: consent is narrow, refusal is wide.

A text is normalized (marks stripped, full-width made ASCII, zero-width removed, upper-case, blanks collapsed, edge
punctuation trimmed) and then matched as a whole; a yes is never found inside a longer text.
A question mark is never trimmed: a question is no yes.
"""

import re
import unicodedata
from enum import Enum, auto
from functools import lru_cache
from typing import Final

from msgspec import Struct


class Word(Enum):
    """What the sender wants."""

    JOIN = auto()
    YES = auto()
    NO = auto()
    STOP = auto()
    STOP_ALL = auto()
    LIST = auto()
    HELP = auto()
    OTHER = auto()


class Wish(Struct, frozen=True):
    """A text understood: the word, what followed it (a service's code, upper-case), and whether TC was what was said."""

    word: Word
    code: str = ""
    refusal_or_list: bool = False
    """`TC` refuses what is pending, and lists where nothing is."""


MAX_TEXT: Final = 1_600
"""Longer texts are no keyword; ten concatenated segments hold no more."""

_D_STROKE: Final = str.maketrans("đĐÐðƉɖ", "dDDdDd")
_ZERO_WIDTH: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e"))
_EDGES: Final = " .,;:!\"'()[]<>*_-~/"
_CODE: Final = r"(?P<code>[A-Z][A-Z0-9]{0,15})"

_YES: Final = frozenset({"Y", "YES", "CO", "DONG Y", "DONGY"})
_NO: Final = frozenset({"N", "NO", "KHONG", "K", "KO", "TU CHOI", "TUCHOI", "KHONG DONG Y", "K DONG Y", "KO DONG Y"})
_STOP_ALL: Final = frozenset(
    f"{stop} {every}" for stop in ("HUY", "STOP", "TAT", "TC") for every in ("ALL", "TATCA", "TAT CA", "HET")
)
_LIST: Final = frozenset({"TK", "KT", "LIST"})
_HELP: Final = frozenset({"HD", "HELP", "TG", "?"})
_JOIN: Final = re.compile(rf"DK ?{_CODE}")
_YES_CODE: Final = re.compile(rf"(?:Y|YES|CO|DONG Y|DONGY|OK|XN) {_CODE}")
_NO_CODE: Final = re.compile(rf"(?:N|NO|KHONG|TU CHOI|TUCHOI|TC|K) {_CODE}")
_STOP: Final = re.compile(rf"(?:HUY DK|HUY|STOP|TAT)(?: (?:DV )?{_CODE})?(?: .*)?")


def normalize(text: str) -> str:
    """Reduce a text to what is compared: unaccented, upper-case, single blanks, no punctuation at the edges."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.translate(_ZERO_WIDTH)).translate(_D_STROKE)
        text = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(text.upper().split()).strip(_EDGES)


@lru_cache(maxsize=4096)
def understand(text: str) -> Wish:
    """Say what a text asks for; whatever is not clearly something else is `OTHER`."""
    if len(text) > MAX_TEXT:
        return Wish(Word.OTHER)
    said = normalize(text)
    return _exact(said) or _with_code(said) or Wish(Word.OTHER)


def _exact(said: str) -> Wish | None:
    """Match the words that stand alone."""
    if said in _YES:
        return Wish(Word.YES)
    if said in _NO:
        return Wish(Word.NO)
    if said == "TC":
        return Wish(Word.NO, refusal_or_list=True)
    if said in _STOP_ALL:
        return Wish(Word.STOP_ALL)
    if said in _LIST:
        return Wish(Word.LIST)
    return Wish(Word.HELP) if said in _HELP else None


def _with_code(said: str) -> Wish | None:
    """Match a word and the code that follows it."""
    if match := _JOIN.fullmatch(said):
        return Wish(Word.JOIN, match["code"])
    if (match := _YES_CODE.fullmatch(said)) and not _means_no(match["code"]):
        return Wish(Word.YES, match["code"])
    if match := _NO_CODE.fullmatch(said):
        return Wish(Word.NO, match["code"])
    if match := _STOP.fullmatch(said):
        return Wish(Word.STOP, match["code"] or "")
    return None


def _means_no(code: str) -> bool:
    """Say whether what follows a yes takes it back (`Y HUY`)."""
    return code in _NO or code in {"HUY", "STOP", "TAT", "TC"}
