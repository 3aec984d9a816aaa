"""The catalogue file as a world reads it: what was checked once is not checked again.

Worlds begin by the hundred with the same few files, and to render every text for every service
would take most of a short one's time. What was read depends on nothing else than the arguments.
"""

from functools import lru_cache
from pathlib import Path
from typing import Final

from twofold.catalog.faults import Fault
from twofold.catalog.file import parse_catalogue
from twofold.catalog.rows import Market
from twofold.domain.catalogue import Catalogue

_KEPT: Final = 64


def read_catalogue(file: Path, revision: int, market: Market) -> Catalogue | tuple[Fault, ...]:
    """Read a catalogue file that is there as `revision`, or say all that is wrong with it."""
    return _parsed(file.read_bytes(), revision, market)


@lru_cache(_KEPT)
def _parsed(content: bytes, revision: int, market: Market) -> Catalogue | tuple[Fault, ...]:
    return parse_catalogue(content, revision, market)
