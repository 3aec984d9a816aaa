"""Where a call becomes an event, and a decision an answer: the API's one way to the core.

Rule 6: a key is reserved with the hash of its call, then the event is committed, then the answer
is kept.
A crash between any two of them is mended by the next try: the reservation names the event, and its
entry says whether it was decided.
"""

import asyncio
from collections.abc import Callable
from hmac import compare_digest
from typing import Final

from msgspec import Struct

from twofold.api.problems import Fault, Problem
from twofold.commit import Committer
from twofold.decide import Decision, Rules
from twofold.domain.clock import Clock
from twofold.domain.events import (
    CancelRequested,
    Event,
    NumberChanged,
    NumberFlagged,
    ReplyClaimed,
    Requested,
    ServiceClaimed,
)
from twofold.domain.ids import IdSource, parse_reference
from twofold.domain.msisdn import parse_msisdn
from twofold.domain.numbers import Line
from twofold.domain.policy import Operator
from twofold.domain.reason import Reason
from twofold.domain.subscriber import Subscriber
from twofold.store.callers import Callers
from twofold.store.errors import StoreError
from twofold.store.looking import Reader

HEARD: Final = (
    Requested,
    CancelRequested,
    ServiceClaimed,
    ReplyClaimed,
    NumberChanged,
    NumberFlagged,
)
"""The events that a call can make. What a subscriber says is none of them."""

Alarm = Callable[[str, Reason, int], None]
"""Told whose token it was, what was overstepped, and the number; 0 where none was named."""

DECIDED_WITHIN_S: Final = 20.0
"""After this a call is told to try again; what was decided meanwhile is found by its key."""


class Call(Struct, frozen=True):
    """What makes a call the same call again."""

    owner: str
    key: str
    digest: bytes
    """SHA-256 of what is asked for."""


class Said(Struct, frozen=True):
    """What the core said: nothing was refused where there is no reason."""

    reason: Reason | None
    request_id: int
    after: Subscriber | None
    """The number after it; None where that must be read."""


class Answer(Struct, frozen=True):
    """A response to be sent, and kept for the next time."""

    status: int
    body: bytes


class Desk:
    """Takes calls to the core and answers them from what was decided."""

    def __init__(
        self,
        committer: Committer,
        clock: Clock,
        ids: IdSource,
        *,
        reader: Reader,
        callers: Callers,
        operator: Operator,
        alarm: Alarm,
    ) -> None:
        """Work with one engine; `alarm` is told of calls for what nobody may have."""
        self.reader = reader
        self.callers = callers
        self.operator = operator
        self.alarm = alarm
        self._committer = committer
        self._clock = clock
        self._ids = ids
        self._under_way: set[tuple[str, str]] = set()

    @property
    def rules(self) -> Rules:
        """The rules in force."""
        return self._committer.rules

    def now(self) -> int:
        """Business time, ms UTC."""
        return self._clock.now()

    def next_id(self) -> int:
        """An id that nothing else has."""
        return self._ids.next(self.now())

    def msisdn(self, text: str, pointer: str = "/msisdn") -> int:
        """Read a number that a body names; an event has a bare integer."""
        found = parse_msisdn(text, self.operator.country_code)
        if found is None:
            raise Problem(
                Fault.INVALID_FIELDS,
                errors=[{"pointer": pointer, "detail": "must be a phone number"}],
            )
        return int(found)

    def id_of(self, reference: str) -> int:
        """Read an id that a path names."""
        found = parse_reference(reference)
        if found is None:
            raise Problem(Fault.NOT_FOUND)
        return found

    async def once(
        self,
        call: Call,
        event: Callable[[int, int], Event],
        answer: Callable[[Said], Answer],
    ) -> Answer:
        """Have the core decide what `event` makes of an id and a time, once for each key."""
        place = (call.owner, call.key)
        held = await self.callers.key(*place)
        said = None
        if held is not None:
            if not compare_digest(held.digest, call.digest):
                raise Problem(Fault.KEY_REUSED)
            if held.status is not None and held.answer is not None:
                return Answer(held.status, held.answer)
            if place in self._under_way:
                raise Problem(Fault.KEY_IN_PROGRESS)
            said = self._said_before(held.event_id)
        if said is None:
            said = await self._decide(call, event)
        answered = answer(said)
        try:
            await self.callers.answer(*place, answered.status, answered.body)
        except StoreError:
            # It is decided: the next try with this key reads that from evidence.
            return answered
        return answered

    async def _decide(self, call: Call, event: Callable[[int, int], Event]) -> Said:
        """Reserve the key, then have the event decided."""
        place, now_at = (call.owner, call.key), self.now()
        made = event(self._ids.next(now_at), now_at)
        if self._committer.refuses(made):
            raise Problem(Fault.AWAY)
        await self.callers.reserve(*place, call.digest, made.id, now_at)
        self._under_way.add(place)
        return await self._submit(made, lambda: self._under_way.discard(place))

    async def note(self, event: Event) -> Said:
        """Have an event decided that needs no key, since nothing can come of it."""
        return await self._submit(event, lambda: None)

    async def _submit(self, event: Event, done: Callable[[], None]) -> Said:
        """Queue an event and wait for its decision; `done` is called whenever that comes."""
        assert isinstance(event, HEARD), type(event)
        assert type(event.msisdn) is int
        decided = asyncio.get_running_loop().create_future()

        def hear(decision: Decision | None) -> None:
            done()
            if not decided.done():
                decided.set_result(decision)

        self._committer.submit(event, hear, kept=False)
        try:
            async with asyncio.timeout(DECIDED_WITHIN_S):
                decision = await decided
        except TimeoutError:
            raise Problem(Fault.AWAY) from None
        if decision is None:
            raise Problem(Fault.AWAY)
        return said_by(decision)

    def _said_before(self, event_id: int) -> Said | None:
        """What was decided of an event before a crash; None where it was not."""
        told = self.reader.decided(event_id)
        if told is None:
            return None
        reason = Reason[told.reason] if told.reason else None
        return Said(reason, parse_reference(told.request) or 0, None)


def said_by(decision: Decision) -> Said:
    """What a decision means to whoever asked; one that was parked is a fault of ours."""
    did_something = decision.request_id or decision.after.line != Line()
    if decision.reason is None and not did_something:
        raise Problem(Fault.INTERNAL)
    return Said(decision.reason, decision.request_id, decision.after)
