"""Texts that the SMSC stand-in has taken, on their way to handsets that may be off.

Validity is judged by business time, which may be moved; every text ends once: delivered, expired
or undeliverable.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from twofold.protocol.smpp import pdus as p
from twofold.protocol.smpp.constants import MessageState
from twofold.protocol.smpp.times import parse_absolute, parse_relative

VALIDITY_UNSAID_MS: Final = 3 * 86_400_000
"""What this SMSC allows a text that says nothing: three days."""


class Text(Struct, eq=False):
    """One submit_sm that was taken; times are milliseconds UTC of the business clock."""

    message_id: str
    pdu: p.SubmitSm
    system_id: str
    taken_at: int
    valid_until: int
    state: MessageState = MessageState.ENROUTE
    ended_at: int = 0
    receipt_id: str = ""
    """Its id as receipts write it."""
    receipt: str | None = None
    """The state that its last receipt named, None while none was sent."""


def valid_until(pdu: p.SubmitSm, now: int) -> int | None:
    """Say until when a text may be delivered; None when its validity_period is no time."""
    if not pdu.validity_period:
        return now + VALIDITY_UNSAID_MS
    length = parse_relative(pdu.validity_period)
    if length is not None:
        return now + length
    return parse_absolute(pdu.validity_period)


class Handsets:
    """Which handsets are off, and what waits for them."""

    def __init__(self, now: Callable[[], int], ended: Callable[[Text], None]) -> None:
        self._now = now
        self._ended = ended
        self._off: dict[str, list[Text]] = {}
        self._timer: asyncio.TimerHandle | None = None

    def take(self, text: Text) -> None:
        """Bring a text to its handset, or keep it while that is off."""
        waiting = self._off.get(text.pdu.destination_addr)
        if text.valid_until <= self._now():
            self._end(text, MessageState.EXPIRED)
        elif waiting is None:
            self._end(text, MessageState.DELIVERED)
        else:
            waiting.append(text)
            self._wait()

    def fail(self, text: Text) -> None:
        """Let a text reach nobody."""
        self._end(text, MessageState.UNDELIVERABLE)

    def off(self, msisdn: str) -> None:
        """Switch a handset off: texts wait until their validity ends."""
        self._off.setdefault(msisdn, [])

    def on(self, msisdn: str) -> None:
        """Switch a handset on: what still waits comes, in its order."""
        for text in self._off.pop(msisdn, []):
            self.take(text)

    def clock_moved(self) -> None:
        """Expire what the business clock has left behind."""
        now = self._now()
        for msisdn, waiting in self._off.items():
            self._off[msisdn] = [text for text in waiting if text.valid_until > now]
            for text in waiting:
                if text.valid_until <= now:
                    self._end(text, MessageState.EXPIRED)
        self._wait()

    def close(self) -> None:
        """Stop waiting."""
        if self._timer is not None:
            self._timer.cancel()

    def _wait(self) -> None:
        """Look again when the first of the waiting texts expires, should the clock just run."""
        self.close()
        ends = [text.valid_until for waiting in self._off.values() for text in waiting]
        if ends:
            wait_s = max(0, min(ends) - self._now()) / 1000
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(wait_s + 0.001, self.clock_moved)

    def _end(self, text: Text, state: MessageState) -> None:
        text.state = state
        text.ended_at = self._now()
        self._ended(text)
