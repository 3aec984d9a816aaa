"""The people of a world: each has a phone, remembers what it wrote, and reads what it gets.

They know what subscribers know: the texts. What they wrote and saw acknowledged is the yardstick
for what the engine keeps.
"""

from enum import Enum, auto
from typing import Final

from msgspec import Struct

from twofold.protocol.gsm import segment
from twofold.world.world import World

MINUTE_MS: Final = 60_000


class Said(Enum):
    """What a person meant by a message."""

    JOIN = auto()
    YES = auto()
    OTHER = auto()


class Message(Struct):
    """One message that a person wrote; `deliveries` is how often the SMSC was told to bring it."""

    meant: Said
    at: int
    short_code: str
    text: str
    deliveries: int
    status: int | None = None
    """The engine's answer, once there is one."""

    @property
    def raw(self) -> bytes | None:
        """Its octets on the wire; None when it goes in several parts."""
        parts = segment(self.text).parts
        return parts[0] if len(parts) == 1 else None


class Person:
    """A subscriber with a phone."""

    def __init__(self, world: World, number: str) -> None:
        """Own a number."""
        self.world = world
        self.number = number
        self.wrote: list[Message] = []

    @property
    def texts(self) -> list[str]:
        """All that reached the phone, oldest first."""
        return [str(message["text"]) for message in self.world.phones.received(self.number)]

    async def write(
        self, short_code: str, text: str, *, meant: Said = Said.OTHER, times: int = 1
    ) -> int:
        """Send a message and wait until the engine has answered for it."""
        message = Message(meant, self.world.true_now(), short_code, text, times)
        self.wrote.append(message)
        message.status = await self.world.phones.send(self.number, short_code, text, times=times)
        return message.status

    async def join(self, service: str, short_code: str, *, times: int = 1) -> int:
        """Ask for a service: the first yes."""
        return await self.write(short_code, f"DK {service}", meant=Said.JOIN, times=times)

    async def agree(self, short_code: str, service: str = "", *, times: int = 1) -> int:
        """Say yes to a prompt: the second one."""
        text = f"Y {service}".strip()
        return await self.write(short_code, text, meant=Said.YES, times=times)

    async def hears(self, fragment: str, *, since: int = 0, within_ms: int = MINUTE_MS) -> bool:
        """Wait for a text with that in it among those after the first `since`."""
        until = self.world.loop.time() + within_ms / 1000
        while not any(fragment in text for text in self.texts[since:]):
            left_s = until - self.world.loop.time()
            if left_s <= 0:
                return False
            try:
                await self.world.phones.wait_for(self.number, len(self.texts) + 1, left_s)
            except TimeoutError:
                return False
        return True

    async def until_heard(
        self, fragment: str, short_code: str, text: str, meant: Said = Said.OTHER
    ) -> None:
        """Write, and write again each minute without that answer, as people do."""
        since = len(self.texts)
        for _ in range(TRIES):
            await self.write(short_code, text, meant=meant)
            if await self.hears(fragment, since=since):
                return
        raise NoAnswer(f"{text!r} was answered by {self.texts[since:]}")


TRIES: Final = 15


class NoAnswer(AssertionError):
    """A person gave up: the engine never gave the answer that it owes."""
