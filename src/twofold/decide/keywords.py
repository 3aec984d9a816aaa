"""What a text means, before anything is known of who sent it: consent is narrow, refusal is wide.

A text is normalized (marks stripped, full-width made ASCII, what is not seen removed, upper-case,
blanks collapsed, edge punctuation trimmed).
A yes is then the whole message, never a part of one.
A stop or a no may have words around it: those that follow are given on (`Wish.words`), since only
who knows the number can say whether they name a service.
A question mark is never trimmed: a question is no yes, and no refusal either.
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
    LANGUAGE = auto()
    """The language of all texts from now on: `vi`, `en`."""
    OTHER = auto()


class Wish(Struct, frozen=True):
    """A text understood: the word, and what followed it, upper-case."""

    word: Word
    code: str = ""
    """The service's code, the prompt's code or an id; of a text not understood, its only word."""
    words: tuple[str, ...] = ()
    """What followed a stop or a no, without the words that mean nothing."""
    refusal_or_list: bool = False
    """`TC` refuses what is pending, and lists where nothing is."""
    denies_joining: bool = False
    """`toi khong dang ky`: a no to what waits, and a complaint of what is on."""


MAX_TEXT: Final = 1_600
"""Longer texts are no keyword; ten concatenated segments hold no more."""

MAX_WORDS: Final = 16
"""So many words after a stop or a no are looked at."""

_D_STROKE: Final = str.maketrans("đĐÐðƉɖ", "dDDdDd")
_UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u180b-\u180e\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]"
)
"""Characters of no width: they change nothing that a reader sees."""

_OVERLAY: Final = 1
"""Unicode's combining class of strokes through a letter."""

_EDGES: Final = " .,;:!\"'()[]<>*_-~/"
_CODE: Final = r"(?P<code>[A-Z][A-Z0-9]{0,15})"
_BETWEEN: Final = r"[ .,:-]"
"""What people put between a word and the code."""

_APART: Final = re.compile(r"[\s.,:;!/()\[\]\"'*_~-]+")
"""What separates the words around a stop or a no."""

_STOP_WORDS: Final = frozenset({"HUY", "STOP", "TAT"})
"""Understood in every market, beside the policy's own."""

_JOINED: Final = re.compile(r"(?: (?:PHAI|HE|TOI|MINH|EM|CO))* (?:DANG KY|DK)\b")
"""What follows the no of one who never joined; whoever does not want to join says so otherwise."""

_GLUED_STOP: Final = re.compile(r"HUY([A-Z0-9]{2,16}|[0-9])")
_ALL: Final = frozenset({("ALL",), ("TATCA",), ("TAT", "CA"), ("HET",), ("TAT", "HET")})
_REFUSE_OR_LIST: Final = "TC"
_LIST: Final = frozenset({"TK", "KT", "LIST"})
_HELP: Final = frozenset({"HD", "HELP", "TG", "?"})
_BLOCK: Final = frozenset({"CHAN"})
_LANGUAGES: Final = {
    "VI": "vi", "TIENG VIET": "vi", "EN": "en", "ENGLISH": "en", "TIENG ANH": "en",
}  # fmt: skip
"""What asks for a language, as a whole message: none of it is a word of consent or of refusal."""

_UNBLOCK: Final = frozenset({"MO", "MO CHAN", "BO CHAN"})

FILLERS: Final = frozenset({
    "A", "AH", "ANH", "CAM", "CHI", "CHO", "CUA", "DI", "DICH", "DK", "DUM", "DUNG",
    "DV", "EM", "GIUM", "GIUP", "GOI", "HO", "IT", "LAM", "LAP", "LIEN", "LONG", "LUON",
    "MINH", "MUON", "MY", "NAY", "NGAY", "NHA", "NHE", "NOW", "NUA", "ON", "PLEASE", "PLS",
    "SERVICE", "THANK", "THANKS", "THE", "THIS", "TOI", "TUC", "VOI", "VU", "VUI", "XIN", "YOU",
})  # fmt: skip
"""Words that name no service; no code or alias may be one of them."""

_QUIET_ABOUT: Final = frozenset({"KHONG", "KO", "K"})
"""`HUY, khong dung nua`: a no after a stop adds nothing."""

_JOIN: Final = re.compile(rf"DK{_BETWEEN}*{_CODE}")
_COMPLAIN: Final = re.compile(rf"KN(?:{_BETWEEN}+(?:DV )?(?P<code>[A-Z0-9]{{1,16}})(?: .*)?)?")
"""A complaint is free and protects, so what is said after the code does no harm."""

_ONE_WORD: Final = re.compile(_CODE)
_REMEMBERED: Final = 4_096
"""Texts whose meaning is kept: nearly all traffic is a few dozen of them."""


def normalize(text: str) -> str:
    """Reduce a text to what is compared: no marks, upper-case, single blanks, trimmed edges."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _UNSEEN.sub("", text)).translate(_D_STROKE)
        text = "".join(char for char in unicodedata.normalize("NFKD", text) if not is_mark(char))
    return " ".join(text.upper().split()).strip(_EDGES)


def is_mark(char: str) -> bool:
    """Say whether it is a mark beside a letter; a stroke through one is not: `Y` crossed out."""
    return unicodedata.combining(char) > _OVERLAY


class Keywords:
    """The words of one policy; what is not clearly something else is `OTHER`."""

    def __init__(self, policy: Policy) -> None:
        """Compile the policy's words of consent and refusal."""
        self._yes = policy.accept_words
        self._stops = _STOP_WORDS | {policy.stop_word}
        self._no = policy.refuse_words - self._stops - {_REFUSE_OR_LIST}
        yes_words = policy.accept_words | policy.accept_words_with_code
        self._not_after_yes = policy.refuse_words | policy.accept_words | self._stops
        number = rf"(?P<code>[0-9]{{{policy.code_digits}}})"
        yes_number = rf"(?:{_any(yes_words)}){_BETWEEN}*"
        self._yes_number = re.compile(f"(?:{yes_number}){'?' * policy.code_alone_ok}{number}")
        self._yes_code = re.compile(rf"(?:{_any(yes_words)}){_BETWEEN}*{_CODE}")
        no, glued = _any(policy.refuse_words - self._stops), f"[0-9]{{{policy.code_digits}}}$"
        self._refusal = re.compile(f"(?P<no>{no})(?:(?![A-Z0-9])|(?={glued}))")
        self._languages = policy.languages if len(policy.languages) > 1 else ()
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
        """Match a normalized text: what must be whole first, then what may have words around."""
        wish = self._alone(said) or self._with_code(said) or self._among_words(said)
        if wish is None:
            match = _ONE_WORD.fullmatch(said)
            wish = Wish(Word.OTHER, match["code"] if match else "")
        return wish

    def _alone(self, said: str) -> Wish | None:
        """Match the words that stand alone."""
        if said in self._yes:
            return Wish(Word.YES)
        if said in self._no:
            return Wish(Word.NO)
        if said == _REFUSE_OR_LIST:
            return Wish(Word.NO, refusal_or_list=True)
        if said in _LIST:
            return Wish(Word.LIST)
        if said in _BLOCK:
            return Wish(Word.BLOCK)
        if said in _UNBLOCK:
            return Wish(Word.UNBLOCK)
        if _LANGUAGES.get(said) in self._languages:
            return Wish(Word.LANGUAGE, _LANGUAGES[said])
        return Wish(Word.HELP) if said in _HELP else None

    def _with_code(self, said: str) -> Wish | None:
        """Match a word and the code that follows it; a yes that is taken back is none."""
        if match := _JOIN.fullmatch(said):
            return Wish(Word.JOIN, match["code"])
        if match := self._yes_number.fullmatch(said):
            return Wish(Word.YES, match["code"])
        if match := self._yes_code.fullmatch(said):
            return None if match["code"] in self._not_after_yes else Wish(Word.YES, match["code"])
        if match := _COMPLAIN.fullmatch(said):
            return Wish(Word.COMPLAIN, match["code"] or "")
        return None

    def _among_words(self, said: str) -> Wish | None:
        """Match a stop, a look-up or a no that may have words around it: none of them costs."""
        words = _words_of(said)
        if words and words[0] in self._stops:
            return _stop(words[1:])
        if words and words[0] in _LIST:
            return Wish(Word.LIST)
        if len(words) == 1 and (match := _GLUED_STOP.fullmatch(words[0])):
            return _stop((match[1],))
        return self._refusal_in(" ".join(words))

    def _refusal_in(self, said: str) -> Wish | None:
        """Match a no and what follows; a question is none."""
        match = self._refusal.match(said)
        if match is None or "?" in said:
            return None
        after = said[match.end() :]
        words = _meaningful(tuple(after.split()))
        is_tc = match["no"] == _REFUSE_OR_LIST
        if is_tc and words in _ALL:
            return Wish(Word.STOP_ALL)
        denies = not is_tc and _JOINED.match(after) is not None
        return Wish(Word.NO, words=words, refusal_or_list=is_tc, denies_joining=denies)


def words_of(name: str) -> tuple[str, ...]:
    """Cut a service's name into the words by which a text may mean it."""
    return _meaningful(tuple(word for word in _APART.split(normalize(name)) if word))


def _any(choices: frozenset[str]) -> str:
    """Match one of the words, the longest first: a code may follow without a blank."""
    return "|".join(map(re.escape, sorted(choices, key=lambda word: (-len(word), word))))


def _words_of(said: str) -> tuple[str, ...]:
    """Cut a text into words, without the politeness before the first that says something."""
    words = [word for word in _APART.split(said.replace("?", " ? ")) if word][: MAX_WORDS + 1]
    while words and words[0] in FILLERS:
        del words[0]
    return tuple(words)


def _meaningful(words: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out what names no service."""
    return tuple(word for word in words if word not in FILLERS)


def _stop(following: tuple[str, ...]) -> Wish:
    """A stop and what follows it: everything, or what the words name."""
    words = tuple(word for word in _meaningful(following) if word not in _QUIET_ABOUT)
    if words in _ALL:
        return Wish(Word.STOP_ALL)
    return Wish(Word.STOP, words=words)
