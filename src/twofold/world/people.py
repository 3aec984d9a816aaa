"""The people of a world: each has a phone, remembers what it wrote, and reads what it gets.

They know what subscribers know: the texts. What they wrote and saw acknowledged is the yardstick
for what the engine keeps.
"""

import asyncio
from enum import Enum, auto
from typing import Final

from msgspec import Struct

from twofold.domain.msisdn import mask
from twofold.peers.dialling import Session
from twofold.protocol.gsm import segment
from twofold.world.world import World

MINUTE_MS: Final = 60_000
TRIES: Final = 15
ESME_ROK: Final = 0


class NoAnswer(AssertionError):
    """A person gave up: the engine never gave the answer that it owes."""


class Said(Enum):
    """What a person meant by a message."""

    JOIN = auto()
    YES = auto()
    OTHER = auto()


class Message(Struct):
    """One message that a person wrote, or what one dialled.

    `deliveries` is how often the SMSC was told to bring it.
    """

    meant: Said
    at: int
    short_code: str
    text: str | bytes
    deliveries: int
    status: int | None = None
    """The engine's answer, once there is one."""
    words: str = ""
    """What was dialled, as the words that it stands for; nothing where it is an SMS."""
    session: Session | None = None
    """The USSD session in which it was dialled, once that is over."""

    @property
    def is_acknowledged(self) -> bool:
        """Whether the engine said that it has it."""
        status = self.status if self.session is None else self.session.status
        return status == ESME_ROK

    @property
    def raw(self) -> bytes | None:
        """Its octets on the wire; None when it goes in several parts."""
        if isinstance(self.text, bytes):
            return self.text
        parts = segment(self.text).parts
        return parts[0] if len(parts) == 1 else None


class Person:
    """A subscriber with a phone."""

    def __init__(self, world: World, number: str) -> None:
        """Own a number."""
        self.world = world
        self.number = number
        self.wrote: list[Message] = []
        self.screens: list[str | None] = []
        """What USSD sessions showed, oldest first."""
        self._sending: list[asyncio.Task[int]] = []
        self._session: asyncio.Task[None] | None = None

    @property
    def texts(self) -> list[str]:
        """All that reached the phone, oldest first."""
        return [str(message["text"]) for message in self.world.phones.received(self.number)]

    def send(
        self, short_code: str, text: str | bytes, meant: Said = Said.OTHER, *, times: int = 1
    ) -> "asyncio.Task[int]":
        """Send a message, which the SMSC delivers so many times; people do not wait for answers."""
        message = Message(meant, self.world.true_now(), short_code, text, times)
        self.wrote.append(message)
        self.world.tell(f"{mask(int(self.number))} writes {text!r} to {short_code}, {times} times")
        task = self.world.loop.create_task(self._sent(message))
        self._sending.append(task)
        return task

    async def _sent(self, message: Message) -> int:
        message.status = await self.world.phones.send(
            self.number, message.short_code, message.text, times=message.deliveries
        )
        return message.status

    def dial(self, short_code: str, words: str, meant: Said = Said.OTHER) -> None:
        """Dial words, unless a session is under way still: a phone shows one at a time."""
        if self._session is not None and not self._session.done():
            return
        typed = "*".join(("", short_code, *words.split())) + "#"
        message = Message(meant, self.world.true_now(), short_code, typed, 1, words=words)
        self.wrote.append(message)
        self.world.tell(f"{mask(int(self.number))} dials {typed}")
        self._session = self.world.loop.create_task(self._dialled(message, typed))

    async def _dialled(self, message: Message, typed: str) -> None:
        message.session = session = await self.world.dialling.ring(self.number, typed)
        if session.screen is not None:
            self.screens.append(session.screen.text)

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
        self,
        fragment: str,
        short_code: str,
        text: str,
        meant: Said = Said.OTHER,
        *,
        tries: int = TRIES,
    ) -> None:
        """Write, and write again each minute without that answer, as people do."""
        since = len(self.texts)
        for _ in range(tries):
            self.send(short_code, text, meant)
            if await self.hears(fragment, since=since):
                return
        raise NoAnswer(f"{text!r} was answered by {self.texts[since:]}")
