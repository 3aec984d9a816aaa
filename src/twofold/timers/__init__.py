"""What falls due becomes an event like any other."""

from twofold.timers.deadlines import Deadlines
from twofold.timers.fragments import Fragments
from twofold.timers.sweeps import Progress, Sweeps
from twofold.timers.welcomes import Welcomes

__all__ = ["Deadlines", "Fragments", "Progress", "Sweeps", "Welcomes"]
