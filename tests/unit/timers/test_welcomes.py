"""Welcomes that the SMSC has not accepted: when their charge goes back."""

import asyncio
from typing import Any

import pytest
from msgspec import structs

from tests.unit.decide.example import NOW_AT, POLICY, RULES, Number
from twofold.domain.clock import Signal
from twofold.domain.events import OrderOverdue
from twofold.domain.ids import IdSource
from twofold.domain.orders import Order
from twofold.timers.welcomes import Welcomes

UNTIL_MS = POLICY.welcome_until_ms


class Store:
    """A store that holds one welcome."""

    def __init__(self, welcome: Order) -> None:
        self.left = [welcome]

    async def unsettled_orders(self, _key: str, _last_id: int, _limit: int) -> list[Order]:
        found, self.left = self.left, []
        return found


class Committer:
    """One that keeps what it is given, under rules of its own."""

    def __init__(self, welcome_until_ms: int) -> None:
        policy = structs.replace(POLICY, welcome_until_ms=welcome_until_ms)
        self.rules = structs.replace(RULES, policy=policy)
        self.events: list[OrderOverdue] = []

    def submit(self, event: OrderOverdue, _answer: Any) -> None:  # noqa: ANN401 - a callback
        self.events.append(event)


class Waits(Exception):
    """Raised in the place of waiting."""


class Clock:
    """A clock that stands, and tells until when somebody would wait."""

    def __init__(self, now_at: int) -> None:
        self.now_at = now_at
        self.until_at: int | None = None

    def now(self) -> int:
        return self.now_at

    async def wait(self, until_at: int | None, _wake: Signal) -> None:
        self.until_at = until_at
        raise Waits


@pytest.mark.scenario("S024")
@pytest.mark.parametrize("welcome_until_ms", [UNTIL_MS // 2, UNTIL_MS, 2 * UNTIL_MS])
def test_a_welcome_is_overdue_so_long_after_the_start_whatever_policy_began_since(
    welcome_until_ms: int,
) -> None:
    number = Number()
    number.joins()
    welcome, due_at = number.order, NOW_AT + POLICY.welcome_by_ms
    for now_at, overdue in ((NOW_AT, []), (due_at - 1, []), (due_at, [welcome])):
        store, committer, clock = Store(welcome), Committer(welcome_until_ms), Clock(now_at)
        welcomes = Welcomes(store, committer, clock, IdSource())  # type: ignore[arg-type]
        with pytest.raises(Waits):
            asyncio.run(welcomes.run())
        assert [event.order for event in committer.events] == overdue
        assert clock.until_at == (None if overdue else due_at)
