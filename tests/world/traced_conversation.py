"""A conversation with a crash: what this prints must depend on its seed alone.

python traced_conversation.py SEED FOLDER
"""

import sys
from hashlib import sha256
from pathlib import Path

from twofold.world.people import Person, Said
from twofold.world.world import World

NUMBER = "84912345678"


def say(line: str) -> None:
    """Print a line for the test to compare."""
    sys.stdout.write(line + "\n")


async def main(world: World) -> None:
    """Talk, and die in the midst of it."""
    person = Person(world, NUMBER)
    await person.until_heard("soan Y", "9166", "DK THETHAO", Said.JOIN)
    world.crash_at("commit.written")
    await person.until_heard("thanh cong", "9166", "Y", Said.YES)
    await person.until_heard("THETHAO", "123", "TK")
    await world.settle()
    rows = world.reader.entries_since(0)
    say(f"{len(rows)} entries {sha256(repr(rows).encode()).hexdigest()}")


if __name__ == "__main__":
    digest = sha256()

    def note(line: str) -> None:
        """Take a step of the trace in; it has a checksum of all octets on the wire."""
        digest.update(line.encode() + b"\n")
        if " died " in line:
            say(line)

    played = World(int(sys.argv[1]), folder=Path(sys.argv[2]), trace=note)
    played.restarts_after_ms = 700
    played.play(main)
    say(f"{played.bytes_carried} octets {played.loop.steps} steps {digest.hexdigest()}")
