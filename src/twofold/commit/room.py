"""What may leave with the commit that orders it."""

from collections.abc import Container
from typing import Protocol


class Room(Container[str], Protocol):
    """Which orders of a batch may be handed out with it, by short code."""

    def take(self, source: str) -> None:
        """One more is handed out."""


class Seats:
    """Room for so many, whatever their short code: where nothing is carried over any link."""

    def __init__(self, left: int) -> None:
        """Begin with that many."""
        self._left = left

    def __contains__(self, source: object) -> bool:
        """Whether one is left."""
        return self._left > 0

    def take(self, source: str) -> None:  # noqa: ARG002 - they are taken wherever they are
        """One fewer is left."""
        self._left -= 1
