"""`twofold world run`: random life in a simulated world, on nothing but this program."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from twofold.cli.failures import Failure
from twofold.world.run import Unsound, run


def play(seed: int, hours: float, people: int) -> None:
    """Live, and print what the life was like; fails where an invariant fell."""
    began = time.monotonic()
    with TemporaryDirectory(prefix="twofold-world-") as folder:
        try:
            lived = run(seed, Path(folder), hours=hours, people=people, tell=print)
        except Unsound as unsound:
            raise Failure(*map(str, unsound.args)) from unsound
    for line in lived.lines():
        print(line)
    print(f"  sound; {time.monotonic() - began:.1f} s of real time")
