"""Whether a word may name a service without taking the place of a keyword.

The judge is the program's own reader of texts: a word is free if it is still read as a code after
`DK`, `HUY`, `N` and every yes, and if it alone is read as nothing.
"""

import re
from typing import Final

from twofold.decide.keywords import Keywords, Word
from twofold.domain.policy import Policy

CODE: Final = re.compile(r"[A-Z][A-Z0-9]{1,11}", re.ASCII)
CODE_MUST: Final = "must be 2 to 12 letters A-Z and digits, a letter first"

RESERVED: Final = ("DNC", "DKQC")
"""Words that belong to other short codes."""


class TakenWords:
    """The keywords of one policy, asked whether a code or alias would be mistaken for one."""

    def __init__(self, policy: Policy) -> None:
        self._keywords = Keywords(policy)
        yes = sorted(policy.accept_words | policy.accept_words_with_code)
        self._stops = dict.fromkeys(("HUY", policy.stop_word))
        self._meant = (("DK", Word.JOIN), *((word, Word.YES) for word in yes))

    def collision(self, word: str) -> str | None:
        """Say with which keyword a word would be mistaken; None when with none."""
        if word in RESERVED or self._keywords.understand(word).word is not Word.OTHER:
            return f'"{word}" alone is a keyword already'
        for keyword, meant in (*((stop, Word.STOP) for stop in self._stops), ("N", Word.NO)):
            wish = self._keywords.understand(f"{keyword} {word}")
            if (wish.word, wish.words) != (meant, (word,)):
                return f'"{keyword} {word}" means something else already'
        for keyword, meant in self._meant:
            wish = self._keywords.understand(f"{keyword} {word}")
            if (wish.word, wish.code) != (meant, word):
                return f'"{keyword} {word}" means something else already'
        return None
