"""Questions about numbers: asked of whoever knows, each with one outcome and in its time.

A prefix never proves that a number is ours, since numbers are ported: a port answers that.
An MO over our own bind proves it, and so does the confirmation; other channels have it asked.
"""

import asyncio
from collections.abc import Awaitable, Callable
from enum import Enum, auto
from typing import Final, Protocol

from msgspec import Struct

from twofold.domain.clock import Clock
from twofold.domain.ids import born_at
from twofold.domain.orders import Delivered, Order, Outcome, Rejected, Unknown
from twofold.domain.policy import Policy
from twofold.domain.reason import Reason
from twofold.domain.subscriber import Channel

STARTING: Final = "starting"


class Ownership(Enum):
    """Whose network a number is in."""

    OURS = auto()
    NOT_OURS = auto()
    UNKNOWN = auto()
    """Nobody can be asked: the confirming MO will prove it, or nothing starts."""


class NoAnswer(Exception):
    """The other system did not say; the message says why, without the number."""


class NumberPort(Protocol):
    """Whoever knows about numbers. Methods raise NoAnswer; times are ms UTC."""

    async def ownership(self, msisdn: int) -> Ownership:
        """Whose network the number is in now."""

    async def is_recycled(self, msisdn: int, since_at: int) -> bool:
        """Whether it was given to somebody else since then."""

    async def is_sim_changed(self, msisdn: int, since_at: int, now_at: int) -> bool:
        """Whether its SIM was changed since then."""


class Nobody:
    """Fulfils `NumberPort` where the operator has nobody asked."""

    async def ownership(self, _msisdn: int) -> Ownership:
        """The confirming MO will prove it."""
        return Ownership.UNKNOWN

    async def is_recycled(self, _msisdn: int, _since_at: int) -> bool:
        """Nobody says so."""
        return False

    async def is_sim_changed(self, _msisdn: int, _since_at: int, _now_at: int) -> bool:
        """Nobody says so."""
        return False


class Question(Struct, frozen=True):
    """One question, as an order asks it."""

    msisdn: int
    is_proved_ours: bool
    held_since_at: int
    sim_since_at: int


class NumbersCarrier:
    """Carries questions to a port; what has no answer in time is unknown."""

    def __init__(
        self,
        port: NumberPort,
        clock: Clock,
        report: Callable[[Order, Outcome], None],
        policy: Callable[[], Policy],
        *,
        timeout_s: float,
    ) -> None:
        """Report each order's outcome once; `policy` is the one in force."""
        self._port = port
        self._clock = clock
        self._report = report
        self._policy = policy
        self._timeout_s = timeout_s
        self._asking: set[asyncio.Task[Outcome]] = set()

    def carry(self, order: Order) -> bool:
        """Ask; how many are out is bounded by what the outbox hands out."""
        task = asyncio.get_running_loop().create_task(self._outcome(order))
        self._asking.add(task)
        task.add_done_callback(lambda done: self._done(order, done))
        return True

    async def close(self) -> None:
        """Leave what has no answer yet to the next start, for which it is unknown."""
        left, self._asking = self._asking, set()
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _done(self, order: Order, task: "asyncio.Task[Outcome]") -> None:
        if task not in self._asking:
            return
        self._asking.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        outcome = task.result() if error is None else Unknown(f"it failed: {type(error).__name__}")
        self._report(order, outcome)

    async def _outcome(self, order: Order) -> Outcome:
        """What the port says of one number."""
        try:
            async with asyncio.timeout(self._timeout_s):
                refusal = await self._refusal(self._question(order))
        except TimeoutError:
            return Unknown("no answer in time")
        except NoAnswer as error:
            return Unknown(str(error))
        return Delivered() if refusal is None else Rejected(refusal.name.lower(), refusal)

    def _question(self, order: Order) -> Question:
        """A change of SIM counts from the request on, or for as long before it as the policy says.

        The policy's delay is also that after which a request is asked about anew.
        """
        is_start = order.key == STARTING
        return Question(
            order.msisdn,
            is_proved_ours=is_start or order.source == Channel.SMS.value,
            held_since_at=order.period_at,
            sim_since_at=born_at(order.request_id)
            if is_start
            else self._clock.now() - self._policy().sim_change_delay_ms,
        )

    async def _refusal(self, question: Question) -> Reason | None:
        """The first reason that speaks against it, in the order of their precedence."""
        port, number = self._port, question.msisdn
        asked: tuple[tuple[Reason, Callable[[], Awaitable[bool]]], ...] = (
            (Reason.NUMBER_RECYCLED, lambda: port.is_recycled(number, question.held_since_at)),
            (
                Reason.SIM_CHANGED,
                lambda: port.is_sim_changed(number, question.sim_since_at, self._clock.now()),
            ),
        )
        for reason, ask in asked:
            if await ask():
                return reason
        if question.is_proved_ours or await port.ownership(number) is not Ownership.NOT_OURS:
            return None
        return Reason.NUMBER_NOT_OURS
