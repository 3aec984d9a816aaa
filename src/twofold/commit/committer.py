"""The one place where anything becomes true: lock, load, decide, write, commit, then acknowledge.

A batch is what has come since the last one; nothing waits to gather.
Later events of a batch see the earlier ones through an overlay of snapshots.
A batch that fails is decided again event by event.
An event that fails alone is parked, acknowledged and alarmed.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from msgspec import Struct

from twofold.commit.admission import FLOOD_LEAST, Backlogs, Serving, cause_of, has_room
from twofold.commit.changes import add_decision, add_difference
from twofold.commit.lanes import Answer, Lane, Lanes, Queued, lane_of
from twofold.commit.parking import parked_of
from twofold.commit.recording import entry_of
from twofold.commit.room import Room
from twofold.decide import Decision, Rules, decide, wants_grievances, wants_spending
from twofold.domain.crash import crash_point
from twofold.domain.events import (
    AccountAsked,
    Event,
    MessageReceived,
    OrderOverdue,
    OutcomeArrived,
    PartReceived,
    PartsAbandoned,
    ReceiptArrived,
)
from twofold.domain.orders import OrderState
from twofold.domain.subscriber import Subscriber
from twofold.store.errors import Conflict, StoreCorrupt, StoreError, StoreUnavailable
from twofold.store.port import Parked, Store, Wanted, Writes

CLOCK_JUMPED: Final = "the clock jumped"
"""Given for `store_away` while the clock, and not the store, holds everything back."""

BATCH_S: Final = 0.020
"""What a batch may take, so that the loop stays lively."""

QUEUE_BATCHES: Final = 16
"""So many batches may wait: a third of a second's deciding, so that what is taken is taken soon."""

ABOUT_ORDERS: Final = (OrderOverdue, AccountAsked)
ABOUT_PARTS: Final = (PartReceived, PartsAbandoned)

CONFLICTS_MAX: Final = 8
"""How often one event is decided again because somebody else changed what was read."""


class CommitterSettings(Struct, frozen=True):
    """How much is taken at once, and how long a store that is away is left alone."""

    batch_max: int = 1_024
    batch_first: int = 128
    """What is taken at once before it is known how long that takes."""
    batch_min: int = 32
    back_off_s: float = 0.5


class Faults(Struct):
    """What went wrong so far, for metrics and `/readyz`."""

    parked: int = 0
    batches_failed: int = 0
    store_away: str = ""


class Committer:
    """Takes events, decides them in batches, and tells everyone concerned once that is durable."""

    def __init__(  # noqa: PLR0913 - the engine's ports, each named where it is wired
        self,
        store: Store,
        rules: Rules,
        *,
        reload: Callable[[Store], Awaitable[Rules]],
        salt: Callable[[], bytes],
        room: Callable[[], Room],
        may_commit: Callable[[], bool],
        epoch: int,
        settings: CommitterSettings | None = None,
    ) -> None:
        """Work on an open store.

        `reload` reads the newest rules inside the batch's transaction, `salt` gives 16 random
        bytes, `room` says what orders may be handed out with a batch, and `may_commit` is false
        while the clock cannot be trusted.
        """
        self.rules = rules
        self.faults = Faults()
        self.decided = 0
        self.batches = 0
        self.on_committed: list[Callable[[list[Decision]], None]] = []
        """Told of each durable batch, once its senders are answered."""
        self.on_parked: list[Callable[[Parked], None]] = []
        """Told of each event that could not be decided: rare, and always a fault of ours."""
        self._store = store
        self._reload = reload
        self._salt = salt
        self._room = room
        self._may_commit = may_commit
        self._epoch = epoch
        self._settings = settings or CommitterSettings()
        self._batch_limit = min(self._settings.batch_first, self._settings.batch_max)
        self.serving = Serving()
        self._lanes = Lanes()
        self.backlogs = Backlogs()
        """Texts that wait for room on the links."""
        self._wake = asyncio.Event()
        self._working = False

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits and nothing is being decided."""
        return not (self._lanes or self._working)

    @property
    def depth(self) -> int:
        """Events that wait."""
        return len(self._lanes)

    def submit(self, event: Event, answer: Answer | None = None, *, kept: bool = True) -> None:
        """Queue an event; `answer` is told of it once."""
        self._lanes.put(Queued(event, answer, kept), self.rules)
        self._wake.set()

    def refuses(self, event: Event) -> bool:
        """Whether there is more than can be decided or carried, and no room for this one.

        Stops and outcomes always have room; requests go first, those of whoever has most before
        all others. The answers to what does wait are withheld until then, and with them the
        windows of those who send: only who goes on regardless is refused.
        """
        waiting, room = len(self._lanes), QUEUE_BATCHES * self._batch_limit
        soon = max(self._batch_limit, self.serving.requests_soon)
        if waiting < min(room, soon) and not self.backlogs.is_any_full(waiting):
            return False
        lane = lane_of(event, self.rules)
        if lane is Lane.CONFIRMATIONS:
            return waiting >= 2 * room
        if lane is not Lane.REQUESTS:
            return False
        party, short_code = cause_of(event, self.rules)
        requests, backlog = self._lanes.requests(self.rules), self.backlogs.of(short_code)
        if waiting >= 2 * room or (waiting >= room and not has_room(party, room, requests)):
            return True
        if requests.held[party] >= FLOOD_LEAST and not has_room(party, soon, requests):
            return True
        is_full = waiting + backlog.total >= backlog.room
        return is_full and not has_room(party, backlog.room, requests, backlog)

    def set_rules(self, rules: Rules) -> None:
        """Judge by other rules of the same catalogue revision from the next batch on."""
        self.rules = rules

    async def run(self) -> None:
        """Decide what comes, for ever."""
        while True:
            await self._woken()
            self._wake.clear()
            while self._lanes:
                await self.work()
                # What the batch set going leaves now, and what came meanwhile joins the next one.
                await asyncio.sleep(0)

    async def _woken(self) -> None:
        """Wait for an event; meanwhile ask a store that was away whether it is back."""
        while self.faults.store_away:
            try:
                async with asyncio.timeout(self._settings.back_off_s):
                    await self._wake.wait()
            except TimeoutError:
                await self._probe()
            else:
                return
        await self._wake.wait()

    async def _probe(self) -> None:
        """Write something that changes nothing: whoever asks is told the truth without an event."""
        if not self._may_commit():
            return
        try:
            await self._store.probe()
        except StoreUnavailable:
            await self._store.rollback()
        else:
            self.faults.store_away = ""

    async def work(self) -> None:
        """Decide one batch."""
        batch = self._lanes.take(self._batch_limit, self.rules)
        self._working = True
        try:
            if self._may_commit():
                await self._commit(batch)
            else:
                await self._wait_for_store(batch, CLOCK_JUMPED)
        finally:
            self._working = False

    async def _commit(self, batch: list[Queued]) -> None:
        """Decide a batch; what fails together is tried alone, in the same order."""
        done = 0
        try:
            if await self._decided_together(batch):
                return
            for queued in batch:
                await self._decide_alone(queued)
                done += 1
        except StoreUnavailable as error:
            await self._store.rollback()
            await self._wait_for_store(batch[done:], str(error))

    async def _decided_together(self, batch: list[Queued]) -> bool:
        """Decide a batch in one transaction; False when it has to be taken apart."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            decisions = await self._decide_and_write(batch)
        except Conflict:
            await self._store.rollback()
            return False
        except StoreError:
            raise
        except Exception:  # noqa: BLE001 - a fault of ours must not take the other events with it
            self.faults.batches_failed += 1
            await self._store.rollback()
            return False
        self._acknowledge(batch, decisions)
        self._adapt(loop.time() - started, len(batch))
        if len(batch) >= self._settings.batch_min:
            self.serving.note(started, loop.time(), len(batch), is_behind=bool(self._lanes))
        return True

    async def _decide_alone(self, queued: Queued) -> None:
        """Decide one event in a transaction of its own, again after a conflict; else park it."""
        failed: Exception | None = None
        for _ in range(CONFLICTS_MAX):
            try:
                decisions = await self._decide_and_write([queued])
            except Conflict as error:
                await self._store.rollback()
                failed = error
                continue
            except StoreError:
                raise
            except Exception as error:  # noqa: BLE001 - as above; this event is the one at fault
                await self._store.rollback()
                failed = error
                break
            self._acknowledge([queued], decisions)
            return
        assert failed is not None
        await self._park(queued, failed)

    async def _decide_and_write(self, batch: list[Queued]) -> list[Decision]:
        """One transaction."""
        store = self._store
        crash_point("commit.begun")
        revision = await store.begin()
        if revision != self.rules.revision or is_outdated(self.rules, batch):
            self.rules = await self._newest_rules(revision)
        before = await store.load(wanted_by(batch, self.rules))
        crash_point("commit.loaded")
        writes = Writes()
        decisions = self._decide(batch, dict(before), writes)
        after = {decision.after.msisdn: decision.after for decision in decisions}
        for number, subscriber in after.items():
            add_difference(before[number], subscriber, writes)
        writes.snapshots = after
        crash_point("commit.decided")
        await store.write(writes, self._epoch)
        crash_point("commit.written")
        await store.commit()
        crash_point("commit.committed")
        return decisions

    async def _newest_rules(self, revision: int) -> Rules:
        """Read the rules that bind from now on; no event is to blame where that fails."""
        try:
            return await self._reload(self._store)
        except StoreError:
            raise
        except Exception as error:
            raise StoreCorrupt(f"catalogue revision {revision} cannot be read: {error}") from error

    def _decide(
        self, batch: list[Queued], overlay: dict[int, Subscriber], writes: Writes
    ) -> list[Decision]:
        """Decide each event on what the ones before it left."""
        decisions = []
        room, rules, salt = self._room(), self.rules, self._salt
        for queued in batch:
            event = queued.event
            chance = salt()
            before = overlay[event.msisdn]
            decision = decide(before, event, rules, leaving=room, chance=chance)
            overlay[event.msisdn] = decision.after
            for order in decision.orders:
                if order.state is OrderState.CLAIMED:
                    room.take(order.source)
            add_decision(decision, writes)
            writes.entries.append(entry_of(decision, rules, chance))
            decisions.append(decision)
        return decisions

    def _acknowledge(self, batch: list[Queued], decisions: list[Decision]) -> None:
        """Tell those who asked, then those who carry on: on the wire the answer goes first."""
        self.faults.store_away = ""
        self.decided += len(decisions)
        self.batches += 1
        for queued, decision in zip(batch, decisions, strict=True):
            if queued.answer is not None:
                queued.answer(decision)
        crash_point("commit.acknowledged")
        for listener in self.on_committed:
            listener(decisions)

    def _adapt(self, took_s: float, size: int) -> None:
        """Keep batches short enough."""
        if took_s > BATCH_S:
            self._batch_limit = max(self._settings.batch_min, int(size * BATCH_S / took_s))
        elif size >= self._batch_limit:
            self._batch_limit = min(self._settings.batch_max, self._batch_limit * 2)

    async def _park(self, queued: Queued, error: Exception) -> None:
        """Keep an event that fails alone, with its bytes, and let its sender go on."""
        parked = parked_of(queued.event, error)
        await self._store.park(parked)
        self.faults.parked += 1
        for listener in self.on_parked:
            listener(parked)
        if queued.answer is not None:
            queued.answer(Decision.parked(queued.event))

    async def _wait_for_store(self, batch: list[Queued], why: str) -> None:
        """The store is away: what can be sent again is not taken, the rest waits in its order."""
        self.faults.store_away = why
        waiting = [queued for queued in batch if queued.kept]
        for queued in batch:
            if not queued.kept and queued.answer is not None:
                queued.answer(None)
        self._lanes.put_back(waiting)
        await asyncio.sleep(self._settings.back_off_s)


def is_outdated(rules: Rules, batch: list[Queued]) -> bool:
    """Say whether other prices or another policy version have begun since the rules were read."""
    until_at = rules.until_at
    return until_at is not None and any(queued.event.at >= until_at for queued in batch)


def wanted_by(batch: list[Queued], rules: Rules) -> Wanted:
    """What must be loaded to decide a batch."""
    numbers: set[int] = set()
    mo_keys: list[bytes] = []
    receipts: dict[str, list[str]] = {}
    spending: set[int] = set()
    complaining: set[int] = set()
    fragments: set[int] = set()
    orders: list[int] = []
    now_at = 0
    for queued in batch:
        event = queued.event
        numbers.add(event.msisdn)
        now_at = max(now_at, event.at)
        if isinstance(event, OutcomeArrived):
            continue
        if isinstance(event, ReceiptArrived):
            receipts.setdefault(event.smsc, []).append(event.message_id)
        elif isinstance(event, MessageReceived):
            if event.key_is_sure:
                mo_keys.append(event.key)
            if wants_spending(event, rules):
                spending.add(event.msisdn)
            elif wants_grievances(event, rules):
                complaining.add(event.msisdn)
        elif isinstance(event, ABOUT_ORDERS):
            orders.append(event.order.id)
        if isinstance(event, ABOUT_PARTS):
            # What the whole message asks for is not known yet.
            fragments.add(event.msisdn)
            spending.add(event.msisdn)
            complaining.add(event.msisdn)
    return Wanted(now_at, numbers, mo_keys, receipts, spending, complaining, fragments, orders)
