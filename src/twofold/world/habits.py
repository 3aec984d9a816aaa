"""What people do with a phone all day: ask, agree, refuse, stop, look, dial, mistype, repeat."""

import asyncio
import re
from collections.abc import Callable
from random import Random
from typing import Final

from twofold.world.people import Person, Said
from twofold.world.sims import replace_sim

SERVICES: Final = (
    ("THETHAO", "9166"),
    ("THETHAO", "9166"),
    ("NHAC", "9166"),
    ("GAME", "1579"),
    ("TRUYEN", "9166"),
    ("BOITOAN", "9166"),
)
"""Of the example catalogue; the last two may not be joined."""

SHORT_CODES: Final = ("9166", "1579", "123")
PROMPT: Final = re.compile(r"soan (Y(?: [A-Z]+)?) gui (\d+)")
JUNK: Final[tuple[str | bytes, ...]] = (
    "",
    "alo",
    "cho toi hoi 🙂",
    "Y nhung de mai",
    "x" * 200,
    "DK",
    b"\xff\x00\x81",
    "ĐK THỂ THAO",
)

QUIET_S: Final = 1_500.0
"""A person does something about this often."""

LATE_S: Final = 43_200.0
"""The confirmation window of the Vietnamese pack: a reply after this comes too late."""

Weighed = tuple[tuple[int, Callable[[Person, Random], None]], ...]


async def live(person: Person, chance: Random) -> None:
    """Do things for ever; a prompt is answered more often than not."""
    read = 0
    while True:
        await asyncio.sleep(chance.expovariate(1 / QUIET_S))
        news, read = person.texts[read:], len(person.texts)
        prompts = [found for text in news if (found := PROMPT.search(text))]
        if prompts and chance.random() < 0.8:  # noqa: PLR2004 - most people answer
            found = chance.choice(prompts)
            await asyncio.sleep(thinking_s(chance))
            answer(person, chance, found[1], found[2])
        else:
            pick(chance, HABITS)(person, chance)


def thinking_s(chance: Random) -> float:
    """How long a person thinks about a prompt: seconds, hours, or for too long."""
    kind = chance.random()
    if kind < 0.6:  # noqa: PLR2004
        return chance.uniform(0, 120)
    if kind < 0.9:  # noqa: PLR2004
        return chance.uniform(0, 4 * 3_600)
    return LATE_S + chance.uniform(-600, 600)


def answer(person: Person, chance: Random, yes: str, short_code: str) -> None:
    """Answer a prompt: mostly as it says, and seldom from another SIM than the one that asked."""
    kind = chance.random()
    if chance.random() < 0.15:  # noqa: PLR2004
        replace_sim(person.world, person.number)
    times = 2 if chance.random() < 0.1 else 1  # noqa: PLR2004 - an SMSC that lost the answer
    if kind < 0.7:  # noqa: PLR2004
        person.send(short_code, yes, Said.YES, times=times)
    elif kind < 0.8:  # noqa: PLR2004 - the impatient, the bare and the lost
        person.send(short_code, "Y", Said.YES)
        person.send(short_code, "y", Said.YES)
    elif kind < 0.9:  # noqa: PLR2004
        person.send(chance.choice(SHORT_CODES), yes.lower(), Said.YES)
    elif kind < 0.95:  # noqa: PLR2004 - dialling confirms nothing
        person.dial(short_code, yes)
    else:
        person.send(short_code, "N", times=times)


def join(person: Person, chance: Random) -> None:
    """Ask for something, mostly where it is served."""
    service, short_code = chance.choice(SERVICES)
    if chance.random() < 0.1:  # noqa: PLR2004
        short_code = chance.choice(SHORT_CODES)
    times = chance.choice((1, 1, 1, 1, 2, 3))
    person.send(short_code, f"DK {service}", Said.JOIN, times=times)


def join_all(person: Person, _chance: Random) -> None:
    """Ask for everything at once."""
    for service, short_code in SERVICES[1:4]:
        person.send(short_code, f"DK {service}", Said.JOIN)


def hesitate(person: Person, chance: Random) -> None:
    """Ask, refuse and ask again within seconds: three wishes, not one."""
    service, short_code = chance.choice(SERVICES)
    person.send(short_code, f"DK {service}", Said.JOIN)
    person.send(short_code, "N")
    person.send(short_code, f"DK {service}", Said.JOIN)


def agree(person: Person, chance: Random) -> None:
    """Say yes to nothing in particular."""
    text = chance.choice(("Y", "YES", "dong y", "co", "OK THETHAO", "Y NHAC", "Y GAME"))
    person.send(chance.choice(SHORT_CODES), text, Said.YES)


def stop(person: Person, chance: Random) -> None:
    """Stop something."""
    service, _ = chance.choice(SERVICES)
    text = chance.choice((f"HUY {service}", f"HUY {service}", "HUY", "HUY ALL", "STOP"))
    person.send(chance.choice(SHORT_CODES), text, times=chance.choice((1, 1, 1, 2)))


def look(person: Person, chance: Random) -> None:
    """Ask what is on."""
    person.send(chance.choice(SHORT_CODES), "TK")


def dial(person: Person, chance: Random) -> None:
    """Dial a wish, a yes, a stop or a look-up."""
    service, short_code = chance.choice(SERVICES)
    words = chance.choice((service, f"DK {service}", "Y", f"Y {service}", f"HUY {service}", "TK"))
    meant = Said.JOIN if words in {service, f"DK {service}"} else Said.OTHER
    person.dial(short_code, words, meant)


def mumble(person: Person, chance: Random) -> None:
    """Write what nobody understands."""
    person.send(chance.choice(SHORT_CODES), chance.choice(JUNK))


def write_long(person: Person, chance: Random) -> None:
    """Write what takes several SMS: a wish with a long blank in it, or a yes in a long text."""
    service, short_code = chance.choice(SERVICES)
    kind = chance.random()
    if kind < 0.4:  # noqa: PLR2004
        person.send(short_code, f"DK{' ' * 170}{service}", Said.JOIN)
    elif kind < 0.6:  # noqa: PLR2004
        person.send(short_code, f"HUY{' ' * 170}{service}")
    else:
        person.send(short_code, f"{'toi khong biet ' * 12} Y {service} {'nhe ' * 30}", times=2)


HABITS: Final[Weighed] = (
    (40, join),
    (4, join_all),
    (5, hesitate),
    (6, agree),
    (18, stop),
    (10, look),
    (10, dial),
    (8, mumble),
    (4, write_long),
)


def pick(chance: Random, weighed: Weighed) -> Callable[[Person, Random], None]:
    """Choose by weight."""
    weights = [weight for weight, _ in weighed]
    return chance.choices([habit for _, habit in weighed], weights)[0]
