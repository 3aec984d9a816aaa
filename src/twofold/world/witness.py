"""What everybody outside saw, held against what the engine keeps: the judge of a world.

Rules: nothing here asks the engine; the store's rows and evidence, the phones and the people's own
memory speak. Whatever is found names the number's owner and what is wrong.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct, field

from twofold.catalog.packs import load_policy
from twofold.checks import Acknowledged, check
from twofold.domain.ids import reference
from twofold.domain.msisdn import mask
from twofold.domain.orders import OrderKind
from twofold.domain.states import RequestState, SubscriptionState
from twofold.evidence.entry import Entry
from twofold.store.sqlite.records import SqliteRecords
from twofold.world.people import Person, Said
from twofold.world.world import World

COPIES_MAX: Final = 2
DRIFT_MS: Final = 2_000
"""What a machine's clock may be wrong by without anybody noticing."""

ESME_ROK: Final = 0


def complaints(world: World, people: Sequence[Person], *, at_rest: bool = False) -> list[str]:
    """All that is not as it must be; `at_rest`: everything has had its time, nothing may be due."""
    found = list(in_the_store(world, people, at_rest=at_rest))
    for person in people:
        entries = world.entries(person.number)
        own = [
            *at_their_times(world, entries),
            *on_the_phone(person, entries),
            *by_the_wishes(person, entries),
            *in_the_account(world, person),
            *(untold(world, person, entries) if at_rest else ()),
        ]
        found += [f"{mask(int(person.number))}: {what}" for what in own]
    return found


def in_the_store(world: World, people: Sequence[Person], *, at_rest: bool) -> Iterator[str]:
    """The invariants 1 to 5, by evidence, rows and money."""
    windows = {
        policy.id: policy.window_ms
        for policy in load_policy(world.settings.policy).versions.values()
    }
    kept = [message for person in people for message in acknowledged(person)]
    records = SqliteRecords(world.reading)
    now_at = world.now() if at_rest else None
    for violation in check(records, windows, now_at=now_at, acknowledged=kept):
        yield str(violation)


def acknowledged(person: Person) -> Iterator[Acknowledged]:
    """Each delivery that the engine answered with ESME_ROK must have left an entry."""
    for message in person.wrote:
        if message.status == ESME_ROK and (raw := message.raw) is not None:
            for _ in range(message.deliveries):
                yield Acknowledged(int(person.number), message.short_code, raw)


def at_their_times(world: World, entries: Sequence[Entry]) -> Iterator[str]:
    """Nothing was decided at a time that had not come, or after what came later."""
    latest = 0
    for entry in entries:
        if entry.at > world.true_now() + DRIFT_MS:
            yield f"{entry.kind} at {entry.at}, which is still to come"
        if entry.at < latest - DRIFT_MS:
            yield f"{entry.kind} at {entry.at}, after something at {latest}"
        latest = max(latest, entry.at)


class Ordered(Struct):
    """What ordered one text: requests that it asks about, orders, and of which kinds these are."""

    requests: set[str] = field(default_factory=set)
    orders: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)

    @property
    def copies_max(self) -> int | None:
        """How many copies may have arrived; None for notices, which are repeated until accepted."""
        if OrderKind.SEND_NOTICE in self.kinds:
            return None
        replies = 0 if OrderKind.SEND_PROMPT in self.kinds else len(self.orders)
        return COPIES_MAX * (len(self.requests) + replies)


def on_the_phone(person: Person, entries: Sequence[Entry]) -> Iterator[str]:
    """No text out of nowhere, and no more copies of prompts and answers than may be."""
    ordered: dict[str, Ordered] = {}
    for entry in entries:
        for sent in entry.sent:
            if sent.text:
                line = ordered.setdefault(sent.text, Ordered())
                line.orders.add(sent.order)
                line.kinds.add(sent.kind)
                if sent.kind == OrderKind.SEND_PROMPT:
                    line.requests.add(sent.request or entry.request)
    for text, copies in Counter(person.texts).items():
        line = ordered.get(text, Ordered())
        if not line.orders:
            yield f"a text that no decision ordered: {text!r}"
        elif line.copies_max is not None and copies > line.copies_max:
            yield f"{copies} copies of what {line.copies_max} may arrive of: {text!r}"


def by_the_wishes(person: Person, entries: Sequence[Entry]) -> Iterator[str]:
    """Nothing is asked for or confirmed more often than the person did."""
    became = Counter(
        change.after if change.before else "asked"
        for entry in entries
        for change in entry.changes
        if not (change.before == "" and change.after == SubscriptionState.ACTIVATING)
    )
    wishes = Counter(message.meant for message in person.wrote)
    if became["asked"] > wishes[Said.JOIN]:
        yield f"{became['asked']} requests by {wishes[Said.JOIN]} messages"
    if became[RequestState.CONFIRMED] > wishes[Said.YES]:
        yield f"{became[RequestState.CONFIRMED]} confirmations by {wishes[Said.YES]} messages"


def in_the_account(world: World, person: Person) -> Iterator[str]:
    """The balance is what the opening balance and the debits make it."""
    taken = sum(debit["amount"] for debit in world.debits(person.number))
    due = world.settings.charging.opening_balance_minor - taken
    if world.balance(person.number) != due:
        yield f"the account holds {world.balance(person.number)} and should hold {due}"


def untold(world: World, person: Person, entries: Sequence[Entry]) -> Iterator[str]:
    """Whoever has a service on was welcomed to it, with the proof that names it.

    A welcome that the SMSC took and could not bring is its own affair, and said in a receipt.
    """
    missed = {
        entry.request
        for entry in entries
        if entry.kind == "receipt_arrived" and entry.heard.detail != "DELIVERED"
    }
    for subscription in world.subscriptions(person.number):
        proof = reference(subscription.id)
        told = proof in missed or any(proof in text for text in person.texts)
        if subscription.state is SubscriptionState.ACTIVE and not told:
            yield f"{subscription.service} is on and its welcome never arrived"
