"""The project's documents as lines of prose, code and links."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import ROOT

FENCE = "```"


def documents() -> list[Path]:
    """Give every document of the project, those at its top included."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def prose(text: str) -> Iterator[tuple[int, str]]:
    """Give the numbered lines that are sentences: no code blocks, tables or quotations."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(FENCE):
            inside = not inside
        elif not inside and not line.startswith(("|", ">", "#")):
            yield number, line


def code(text: str) -> Iterator[str]:
    """Give what a document says in code: the lines of blocks, and the spans between backticks."""
    inside = False
    for line in text.splitlines():
        if line.startswith(FENCE):
            inside = not inside
        elif inside:
            yield line.strip()
        else:
            yield from re.findall(r"`([^`]+)`", line)
