"""Everything that a store holds, for whoever checks it: a port that each engine's store fulfils.

Rows come in parts: all numbers with one remainder, so that what one part holds fits in memory.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from twofold.store.port import EntryRow


class Part(NamedTuple):
    """The numbers whose remainder by `parts` is `part`."""

    parts: int
    part: int


class RequestRow(NamedTuple):
    """A request, open or ended unconfirmed."""

    id: int
    msisdn: int
    service: str
    state: str
    opened_at: int | None
    due_at: int
    tenure: int


class SubscriptionRow(NamedTuple):
    """A subscription, live or ended."""

    id: int
    msisdn: int
    service: str
    short_code: str
    state: str
    price_minor: int
    period_days: int
    revision: int
    opened_at: int
    tenure: int


class DebitRow(NamedTuple):
    """Money taken for one period of a subscription, or given back (negative)."""

    subscription_id: int
    msisdn: int
    kind: str
    period_at: int
    amount_minor: int
    tenure: int


class Counts(NamedTuple):
    """How much there is: what a check of everything has to read."""

    entries: int
    requests: int
    """Open, or ended unconfirmed."""
    subscriptions: int
    """Live, or over."""
    debits: int


class Standing(NamedTuple):
    """What stands where it should not stay: each is a number of rows."""

    parked: int
    """Events that could not be decided by a fault of ours."""
    unresolved: int
    """Charges and refunds whose outcome stayed unknown."""
    requests_due: int
    orders_due: int
    orphaned: int
    """Orders that an engine which is gone had claimed."""
    complaints_due: int
    """Complaints that were to be answered by now."""
    sweeps_due: int
    """Sweeps that began more than an hour ago and are not done."""


class Records(Protocol):
    """A store, read as a whole. Methods raise the errors of `store.errors`."""

    def snapshot(self) -> AbstractContextManager[None]:
        """Keep what is read from changing until the end of the block."""

    def size(self) -> int:
        """How many requests there ever were."""

    def tenures(self, part: Part) -> Iterator[tuple[int, int]]:
        """Numbers that changed hands, and which tenure of each this is."""

    def requests(self, part: Part) -> Iterator[RequestRow]:
        """Open requests."""

    def settled(self, part: Part) -> Iterator[RequestRow]:
        """Requests that ended unconfirmed."""

    def subscriptions(self, part: Part) -> Iterator[SubscriptionRow]:
        """Live subscriptions."""

    def ended(self, part: Part) -> Iterator[SubscriptionRow]:
        """Subscriptions that are over."""

    def debits(self, part: Part) -> Iterator[DebitRow]:
        """Money taken and given back."""

    def entries(self, part: Part) -> Iterator[EntryRow]:
        """Evidence, each number's in the order of its decisions."""

    def parked(self, part: Part) -> Iterator[bytes]:
        """Events that could not be decided, as JSON."""

    def revisions(self) -> Iterator[tuple[int, int]]:
        """Of each catalogue revision: the greatest entry that was there before it, and itself."""

    def left_over(self, before_at: int) -> Iterator[tuple[str, int]]:
        """By hot table: how many rows it was to lose before a moment (ms UTC)."""

    def counts(self) -> Counts:
        """How much there is."""

    def standing(self, due_by_at: int) -> Standing:
        """What stands where it should not stay; what fell due by a moment (ms UTC) is late."""

    def catalogue(self, revision: int) -> bytes | None:
        """The document of a catalogue revision."""
