"""What is said to subscribers: SMS templates, rendering, and the lint that keeps every fact in."""

from twofold.texts.approval import as_sent, lint_wording
from twofold.texts.compiling import compile_texts
from twofold.texts.cutting import cut
from twofold.texts.faults import Fault
from twofold.texts.lint import lint_texts
from twofold.texts.listing import ListLine
from twofold.texts.sources import KEYS
from twofold.texts.texts import Texts
from twofold.texts.wording import review_wording

__all__ = [
    "KEYS",
    "Fault",
    "ListLine",
    "Texts",
    "as_sent",
    "compile_texts",
    "cut",
    "lint_texts",
    "lint_wording",
    "review_wording",
]
