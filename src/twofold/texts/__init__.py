"""What is said to subscribers: SMS templates, rendering, and the lint that keeps every fact in."""

from twofold.texts.cutting import cut
from twofold.texts.faults import Fault
from twofold.texts.lint import lint_texts
from twofold.texts.listing import ListLine
from twofold.texts.texts import Texts, compile_texts

__all__ = ["Fault", "ListLine", "Texts", "compile_texts", "cut", "lint_texts"]
