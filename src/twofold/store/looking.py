"""The store's port for the API: what a number has, and what became of what was asked for.

Looks are bounded, never part of a decision, and answered at once: nothing waits for a batch.
"""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from twofold.domain.subscriber import Request, Subscription


class SettledRow(Struct, frozen=True):
    """A request that ended unconfirmed."""

    id: int
    msisdn: int
    service: str
    partner: str
    short_code: str
    channel: str
    state: str
    requested_at: int
    opened_at: int | None
    due_at: int
    settled_at: int
    price_minor: int
    reason: int | None


class EndedRow(Struct, frozen=True):
    """A subscription that is over."""

    id: int
    msisdn: int
    service: str
    partner: str
    short_code: str
    channel: str
    price_minor: int
    period_days: int
    policy: str
    requested_at: int
    opened_at: int
    confirmed_at: int
    started_at: int | None
    ended_at: int
    reason: int


class Told(Struct, frozen=True):
    """What the entry of an event says of its decision."""

    msisdn: int
    reason: str
    request: str
    """The reference of what it was about; empty where that is nothing."""


class Reader(Protocol):
    """Looks at one number or one id. Methods raise the errors of `store.errors`."""

    def requests(self, msisdn: int) -> Sequence[Request]:
        """Open requests of a number, oldest first."""

    def subscriptions(self, msisdn: int) -> Sequence[Subscription]:
        """Live subscriptions of a number, oldest first."""

    def decided(self, event_id: int) -> Told | None:
        """What an event was answered; None where it was not decided."""

    def settled(self, request_id: int) -> SettledRow | None:
        """A request that ended unconfirmed."""

    def ended(self, subscription_id: int) -> EndedRow | None:
        """A subscription that is over."""
