"""The store's port: what a batch asks for and writes, and what the timers and the outbox read.

Every engine's store fulfils it and passes one contract suite.
SQLite's never suspends; PostgreSQL's awaits its server.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from msgspec import Struct

from twofold.decide.decision import Debit, EndedSubscription, SettledRequest
from twofold.domain.orders import Order
from twofold.domain.subscriber import (
    Complaint,
    Fragment,
    Group,
    Request,
    Seen,
    Subscriber,
    Subscription,
)
from twofold.domain.terms import LATE_MS
from twofold.store.ledger import Ledger

HELD_MAX_MS: Final = 3_600_000 - LATE_MS
"""Replies that were sent in time are waited for until an hour after the deadline, at most."""


class Wanted(Struct):
    """What a batch must load: numbers, and what some of its events need besides the snapshot."""

    now_at: int
    numbers: set[int]
    mo_keys: list[bytes]
    """Keys of MOs whose bind gives them an id."""
    receipts: dict[str, list[str]]
    """Message ids by SMSC."""
    spending: set[int]
    """Numbers whose answer tells what they spent."""
    complaining: set[int]
    """Numbers whose complaints matter, and what they may complain about."""
    fragments: set[int]
    """Numbers whose parts of long MOs are wanted."""
    orders: list[int]
    """Orders of which it matters whether they are settled."""


class EntryRow(Struct, frozen=True, gc=False):
    """One entry, as stored."""

    id: int
    at: int
    msisdn: int
    tenure: int
    request_id: int
    kind: str
    salt: bytes
    hash: bytes
    document: bytes


class Writes(Struct):
    """All that a batch writes. A changed row names the state it was read in."""

    numbers: list[Subscriber] = []
    accounts: list[Subscriber] = []
    opened: list[tuple[Subscriber, Request]] = []
    changed: list[tuple[Subscriber, Request, Request]] = []
    """Whose, before, after."""
    closed: list[tuple[Subscriber, Request]] = []
    begun: list[tuple[Subscriber, Subscription]] = []
    resumed: list[tuple[Subscriber, Subscription, Subscription]] = []
    """Live subscriptions that changed: whose, before, after."""
    stopped: list[tuple[Subscriber, Subscription]] = []
    settled: list[tuple[Subscriber, SettledRequest]] = []
    ended: list[tuple[Subscriber, EndedSubscription]] = []
    debits: list[Debit] = []
    complaints: list[Complaint] = []
    """Opened or answered, as they are now."""
    seen: list[tuple[int, Seen]] = []
    kept_fragments: list[tuple[int, Fragment]] = []
    """Parts of long MOs, by number."""
    dropped_fragments: list[tuple[int, Fragment]] = []
    new_orders: list[Order] = []
    changed_orders: list[Order] = []
    settled_orders: list[int] = []
    awaited: dict[tuple[str, str], Order] = {}
    """Receipts that are awaited from now on: the order that each is for, by SMSC and message id."""
    reported: list[tuple[str, str]] = []
    """Receipts that came for texts of earlier batches."""
    entries: list[EntryRow] = []
    snapshots: Mapping[int, Subscriber] = {}
    """Every number of the batch as it is left: a store may keep it instead of loading it again."""


class Parked(Struct, frozen=True):
    """An event that could not be decided."""

    id: int
    at: int
    msisdn: int
    why: str
    event: bytes


class Store(Ledger, Protocol):
    """One engine's door to its database. Methods raise the errors of `store.errors`."""

    async def begin(self) -> int:
        """Begin a batch; the newest catalogue revision."""

    async def load(self, wanted: Wanted) -> dict[int, Subscriber]:
        """The snapshots of all numbers wanted."""

    async def write(self, writes: Writes, epoch: int) -> None:
        """Write a batch; claims are made in the name of `epoch`."""

    async def commit(self) -> None:
        """Make it durable; only then may anything be acknowledged."""

    async def rollback(self) -> None:
        """Undo the batch, if one is open."""

    async def probe(self) -> None:
        """Make durable what changes nothing; StoreUnavailable says that it cannot be."""

    async def park(self, parked: Parked) -> None:
        """Keep an event that could not be decided, once, however often it is handed over."""

    async def begin_epoch(self, now_at: int) -> int:
        """Name this start of the engine."""

    async def asked_for_code(self, code: str, short_code: str, limit: int) -> Sequence[int]:
        """Numbers with an open request on that short code whose prompt printed that code."""

    async def greatest_id(self) -> int:
        """The greatest event id in use."""

    async def punctual_minutes(self, within_ms: int) -> Sequence[tuple[str, int, int]]:
        """What the latest evidence says of each SMSC's clock: its name, a minute, and a lag in ms.

        The lag is the least of that minute's messages, of those alone that came within `within_ms`
        of their sending.
        """

    async def due_requests(
        self, now_at: int, limit: int, *, held: Sequence[str] = ()
    ) -> Sequence[tuple[int, int, int, int]]:
        """Number, request id, due time and tenure of open requests that fell due, oldest first.

        Pending ones on the short codes `held` are left out until `HELD_MAX_MS` after it.
        """

    async def due_fragments(self, until_at: int, limit: int) -> Sequence[tuple[int, Group]]:
        """Numbers, and long MOs of theirs of which a part came by then and others are missing.

        What is kept of those that became whole by then is forgotten.
        """

    async def count_fragments(self) -> int:
        """How many parts are kept."""

    async def next_request_due(self) -> int | None:
        """When the next timer falls due."""

    async def due_parties(self, now_at: int) -> Sequence[tuple[str, str]]:
        """Short codes and parties of which orders may be handed out, each pair once, in order.

        Orders that are no texts have no short code: what they have as `source` stands here.
        """

    async def due_orders(self, now_at: int, source: str, party: str, limit: int) -> Sequence[Order]:
        """Waiting orders of one short code and party that may be handed out, oldest first."""

    async def next_order_due(self) -> int | None:
        """When the next waiting order falls due."""

    async def unsettled_orders(self, key: str, after_id: int, limit: int) -> Sequence[Order]:
        """Orders of one key that are not settled, after an id: what a start must go on watching."""

    async def orphaned_orders(self, epoch: int, after_id: int, limit: int) -> Sequence[Order]:
        """Orders claimed by engines before `epoch`, after an id."""

    async def prune(self, now_at: int) -> None:
        """Forget old MO and idempotency keys, and receipts that never came."""

    def close(self) -> None:
        """Let go of the database."""
