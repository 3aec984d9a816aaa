"""What falls due becomes an event like any other."""

from twofold.timers.deadlines import Deadlines
from twofold.timers.sweeps import Progress, Sweeps
from twofold.timers.welcomes import Welcomes

__all__ = ["Deadlines", "Progress", "Sweeps", "Welcomes"]
