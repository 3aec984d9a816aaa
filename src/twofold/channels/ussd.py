"""What is typed into a USSD session, as the words that it stands for.

A code is dialled whole, `*9166*THETHAO#` or `*123*HUY*THETHAO#`, or words are typed into a screen.
"""

import re
from typing import Final

_DIALLED: Final = re.compile(r"\s*[*#]+(?P<code>\d+)(?P<rest>(?:[*#].*)?)", re.DOTALL)
_BETWEEN: Final = re.compile(r"[*#\s]+")


def words_dialled(text: str) -> str:
    """The words of what was dialled, without the code that leads here; a typed text as it is."""
    dialled = _DIALLED.fullmatch(text)
    return text if dialled is None else _BETWEEN.sub(" ", dialled["rest"]).strip()
