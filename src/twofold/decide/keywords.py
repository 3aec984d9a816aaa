"""What a text means, before anything is known of who sent it: consent is narrow, refusal is wide.

A text is normalized (marks stripped, full-width made ASCII, zero-width removed, upper-case,
blanks collapsed, edge punctuation trimmed) and then matched as a whole: a yes is never found
inside a longer text.
A question mark is never trimmed: a question is no yes.
"""

import re
import unicodedata
from enum import Enum, auto
from typing import Final

from msgspec import Struct

from twofold.domain.policy import Policy


class Word(Enum):
    """What the sender wants."""

    JOIN = auto()
    YES = auto()
    NO = auto()
    STOP = auto()
    STOP_ALL = auto()
    LIST = auto()
    HELP = auto()
    COMPLAIN = auto()
    """`KN` with a service's code, or with the id of a complaint or proof."""
    BLOCK = auto()
    UNBLOCK = auto()
    OTHER = auto()


class Wish(Struct, frozen=True):
    """A text understood: the word, and the service's code or the id (upper-case) after it."""

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
_BETWEEN: Final = r"[ .,:-]"
"""What people put between a word and the code."""

_STOP_WORDS: Final = ("HUY DK", "HUY", "STOP", "TAT")
_STOP_ALL: Final = frozenset(
    f"{stop} {every}"
    for stop in ("HUY", "STOP", "TAT", "TC")
    for every in ("ALL", "TATCA", "TAT CA", "HET")
)
_REFUSE_OR_LIST: Final = "TC"
_LIST: Final = frozenset({"TK", "KT", "LIST"})
_HELP: Final = frozenset({"HD", "HELP", "TG", "?"})
_BLOCK: Final = frozenset({"CHAN"})
_UNBLOCK: Final = frozenset({"MO", "MO CHAN", "BO CHAN"})
_JOIN: Final = re.compile(rf"DK{_BETWEEN}*{_CODE}")
_STOP: Final = re.compile(rf"(?:{'|'.join(_STOP_WORDS)})(?: (?:DV )?{_CODE})?(?: .*)?")
_COMPLAIN: Final = re.compile(rf"KN(?:{_BETWEEN}+(?:DV )?(?P<code>[A-Z0-9]{{1,16}})(?: .*)?)?")
"""A complaint is free and protects, so what is said after the code does no harm."""

_REMEMBERED: Final = 4_096
"""Texts whose meaning is kept: nearly all traffic is a few dozen of them."""


def normalize(text: str) -> str:
    """Reduce a text to what is compared: no marks, upper-case, single blanks, trimmed edges."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.translate(_ZERO_WIDTH)).translate(_D_STROKE)
        text = "".join(
            char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)
        )
    return " ".join(text.upper().split()).strip(_EDGES)


class Keywords:
    """The words of one policy; what is not clearly something else is `OTHER`."""

    def __init__(self, policy: Policy) -> None:
        """Compile the policy's words of consent and refusal."""
        self._yes = policy.accept_words
        self._no = policy.refuse_words - {_REFUSE_OR_LIST, *_STOP_WORDS}
        yes_words = policy.accept_words | policy.accept_words_with_code
        self._not_after_yes = policy.refuse_words | policy.accept_words | {*_STOP_WORDS}
        # The longest word first, since a code may follow it without a blank.
        yes = "|".join(map(re.escape, sorted(yes_words, key=lambda word: (-len(word), word))))
        no = "|".join(map(re.escape, sorted(policy.refuse_words - {*_STOP_WORDS})))
        self._yes_code = re.compile(rf"(?:{yes}){_BETWEEN}*{_CODE}")
        self._no_code = re.compile(rf"(?:{no}){_BETWEEN}+{_CODE}")
        self._known: dict[str, Wish] = {}

    def understand(self, text: str) -> Wish:
        """Say what a text asks for."""
        known = self._known.get(text)
        if known is None:
            known = Wish(Word.OTHER) if len(text) > MAX_TEXT else self._read(normalize(text))
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[text] = known
        return known

    def _read(self, said: str) -> Wish:
        """Match a normalized text as a whole."""
        return self._alone(said) or self._with_code(said) or Wish(Word.OTHER)

    def _alone(self, said: str) -> Wish | None:
        """Match the words that stand alone."""
        if said in self._yes:
            return Wish(Word.YES)
        if said in self._no:
            return Wish(Word.NO)
        if said == _REFUSE_OR_LIST:
            return Wish(Word.NO, refusal_or_list=True)
        if said in _STOP_ALL:
            return Wish(Word.STOP_ALL)
        if said in _LIST:
            return Wish(Word.LIST)
        if said in _BLOCK:
            return Wish(Word.BLOCK)
        if said in _UNBLOCK:
            return Wish(Word.UNBLOCK)
        return Wish(Word.HELP) if said in _HELP else None

    def _with_code(self, said: str) -> Wish | None:
        """Match a word and the code that follows it; a yes that is taken back is none."""
        if match := _JOIN.fullmatch(said):
            return Wish(Word.JOIN, match["code"])
        if match := self._yes_code.fullmatch(said):
            return None if match["code"] in self._not_after_yes else Wish(Word.YES, match["code"])
        if match := self._no_code.fullmatch(said):
            return Wish(Word.NO, match["code"])
        if match := _STOP.fullmatch(said):
            return Wish(Word.STOP, match["code"] or "")
        if match := _COMPLAIN.fullmatch(said):
            return Wish(Word.COMPLAIN, match["code"] or "")
        return None
