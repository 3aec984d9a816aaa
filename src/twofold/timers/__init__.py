"""What falls due becomes an event like any other."""

from twofold.timers.deadlines import Deadlines
from twofold.timers.welcomes import Welcomes

__all__ = ["Deadlines", "Welcomes"]
