"""A conversation with a crash, a USSD session and another SIM.

What this prints must depend on its seed alone.

python traced_conversation.py SEED FOLDER
"""

import sys
from hashlib import sha256
from pathlib import Path

from twofold.world.people import Person, Said
from twofold.world.sims import replace_sim
from twofold.world.world import World

NUMBER = "84912345678"


def say(line: str) -> None:
    """Print a line for the test to compare."""
    sys.stdout.write(line + "\n")


async def main(world: World) -> None:
    """Talk and dial, have another SIM, and die in the midst of it."""
    person = Person(world, NUMBER)
    await person.until_heard("soan Y", "9166", "DK THETHAO", Said.JOIN)
    person.dial("9166", "Y")
    replace_sim(world, NUMBER)
    await person.until_heard("SIM cua QK vua duoc doi", "9166", "Y", Said.YES)
    assert await person.hears("soan Y", since=len(person.texts), within_ms=4_000_000)
    world.crash_at("commit.written")
    await person.until_heard("thanh cong", "9166", "Y", Said.YES)
    await person.until_heard("THETHAO", "123", "TK")
    await world.settle()
    rows = world.reader.entries_since(0)
    told = sha256(repr(rows).encode()).hexdigest()
    say(f"{len(person.screens)} screen, {len(rows)} entries {told}")


if __name__ == "__main__":
    digest = sha256()

    def note(line: str) -> None:
        """Take a step of the trace in; it has a checksum of all octets on the wire."""
        digest.update(line.encode() + b"\n")
        if " died " in line:
            say(line)

    tells_sims = {"TWOFOLD_SMSC__0__MO_IMSI_TLV": "0x1403"}
    played = World(int(sys.argv[1]), folder=Path(sys.argv[2]), settings=tells_sims, trace=note)
    played.restarts_after_ms = 700
    played.play(main)
    say(f"{played.bytes_carried} octets {played.loop.steps} steps {digest.hexdigest()}")
