"""Rules over what has been decided: they watch, decide nothing themselves, and act by a stop."""

from twofold.control.pauses import Paused, Pauses
from twofold.control.strays import Strays

__all__ = ["Paused", "Pauses", "Strays"]
