"""Named points at which a test may crash the process; free when off.

The code declares a point where dying would be worst (`crash_point("commit.written")`).
The world and the SIGKILL tests arm one; nothing else ever does.
"""

from collections.abc import Callable
from typing import Final

POINTS: Final = (
    "commit.begun",
    "commit.loaded",
    "commit.decided",
    "commit.written",
    "commit.committed",
    "commit.acknowledged",
    "deliver.submitting",
    "deliver.submitted",
    "deliver.responded",
)
"""Every point of a conversation; a test checks that each is reached."""

SWEPT: Final = "sweep.stepped"
"""The point of a sweep, each time that it keeps how far it came."""

_armed: Callable[[str], None] | None = None


def crash_point(name: str) -> None:
    """Pass a named point; when a test has armed one, it may not return."""
    if _armed is not None:
        _armed(name)


def arm(action: Callable[[str], None] | None) -> None:
    """Have `action` called with the name of each point that is passed; None turns it off."""
    global _armed  # noqa: PLW0603 - one switch for the whole process is what a crash is about
    _armed = action
