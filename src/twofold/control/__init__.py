"""Rules over what has been decided: cross-checks that watch, and never decide themselves."""

from twofold.control.strays import Strays

__all__ = ["Strays"]
