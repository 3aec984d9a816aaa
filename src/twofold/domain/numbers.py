"""What happens to a number itself: it changes hands or SIMs, is barred, leaves, and returns.

A holder's time on a number is a tenure.
Whatever gives the number to another holder, or takes it out of our network, ends the tenure.
"""

from enum import StrEnum

from msgspec import Struct


class NumberChange(StrEnum):
    """What the operator's systems report of a number."""

    PORTED_OUT = "ported_out"
    """Its holder took it to another network."""
    PORTED_IN = "ported_in"
    """It came from another network, of which nothing is assumed."""
    RECYCLED = "recycled"
    """It was given up, and then given to somebody else."""
    TRANSFERRED = "transferred"
    """The contract went to another holder."""
    SIM_CHANGED = "sim_changed"
    """The same holder has another SIM, or somebody who pretends to be the holder has."""
    BARRED = "barred"
    """Suspended, or blocked one way or both."""
    UNBARRED = "unbarred"
    """In service again."""
    TERMINATED = "terminated"
    """The contract is over; nobody has the number."""


class Standing(StrEnum):
    """Whether a number may start anything now."""

    IN_SERVICE = "in_service"
    BARRED = "barred"
    PORTED_OUT = "ported_out"
    TERMINATED = "terminated"


class Line(Struct, frozen=True, array_like=True):
    """What was reported of a number last; the default for nearly all.

    The times are those of the reports, ms UTC, and tell a report that comes again or too late.
    """

    standing: Standing = Standing.IN_SERVICE
    standing_at: int = 0
    held_at: int = 0
    """When the present tenure began; 0 where nobody said."""
    sim_at: int = 0
    """When the SIM was changed."""
    flagged: tuple[tuple[int, int], ...] = ()
    """Each flag that somebody set or lifted, by its value, and when that was."""

    def flagged_at(self, flag: int) -> int:
        """When a flag was set or lifted last; 0 where nobody said."""
        return next((at for value, at in self.flagged if value == flag), 0)
