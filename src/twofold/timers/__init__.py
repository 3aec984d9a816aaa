"""What falls due becomes an event like any other."""

from twofold.timers.deadlines import Deadlines

__all__ = ["Deadlines"]
