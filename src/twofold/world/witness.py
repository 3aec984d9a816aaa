"""What everybody outside saw, held against what the engine keeps: the judge of a world.

Rules: nothing here asks the engine; the store's rows and evidence, the phones and the people's own
memory speak. Whatever is found names the number's owner and what is wrong.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct, field

from twofold.catalog.packs import all_versions
from twofold.checks import Acknowledged, check
from twofold.domain.ids import reference
from twofold.domain.msisdn import mask
from twofold.domain.orders import OrderKind, OrderState
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState, SubscriptionState
from twofold.evidence.entry import Entry
from twofold.store.sqlite.records import SqliteRecords
from twofold.world.people import Person, Said
from twofold.world.world import World

COPIES_MAX: Final = 2
PART_ENDS: Final = (153, 67)
"""Where the first part of a long text ends, in septets or in UCS-2."""

SILENCE: Final = "no answer in time"
RESEND_MS: Final = 10_000
LATE_MS: Final = 60_000
DRIFT_MS: Final = 2_000
"""What a machine's clock may be wrong by without anybody noticing."""

DIALLED: Final = "ussd_received"
HEARD: Final = frozenset({"message_received", DIALLED})
STARTS: Final = frozenset({RequestState.CONFIRMED, SubscriptionState.ACTIVATING})
SIM_TEXTS: Final = frozenset({"asked_later", "sim_changed", "not_on_air"})
"""What a yes from another SIM may be answered by."""


def complaints(world: World, people: Sequence[Person], *, at_rest: bool = False) -> list[str]:
    """All that is not as it must be; `at_rest`: everything has had its time, nothing may be due."""
    found = list(in_the_store(world, people, at_rest=at_rest))
    found += left_behind(world) if at_rest else ()
    for person in people:
        entries = world.entries(person.number)
        own = [
            *at_their_times(world, entries),
            *on_the_phone(person, entries),
            *on_the_screen(person, entries),
            *by_the_wishes(person, entries),
            *by_its_own_sim(entries),
            *(obeyed_once(person, entries) if has_ids(world) else answered_once(entries)),
            *in_the_account(world, person),
            *(untold(world, person, entries) if at_rest else ()),
        ]
        found += [f"{mask(int(person.number))}: {what}" for what in own]
    return found


def in_the_store(world: World, people: Sequence[Person], *, at_rest: bool) -> Iterator[str]:
    """The invariants 1 to 6, by evidence, rows and money."""
    windows = {name: policy.window_ms for name, policy in all_versions().items()}
    kept = [message for person in people for message in acknowledged(person)]
    records = SqliteRecords(world.reading)
    now_at = world.now() if at_rest else None
    for violation in check(records, windows, now_at=now_at, acknowledged=kept):
        yield str(violation)


def acknowledged(person: Person) -> Iterator[Acknowledged]:
    """Each delivery that the engine answered with ESME_ROK must have left an entry."""
    for message in person.wrote:
        if message.is_acknowledged and (raw := message.raw) is not None:
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

    key: str = ""
    requests: set[str] = field(default_factory=set)
    orders: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)

    def copies_max(self, cut: Counter[str]) -> int | None:
        """How many copies may have arrived; None for notices, which are repeated until accepted.

        An answer goes out once more for each line that broke under it.
        """
        if OrderKind.SEND_NOTICE in self.kinds:
            return None
        if OrderKind.SEND_PROMPT in self.kinds:
            return COPIES_MAX * len(self.requests)
        return COPIES_MAX * len(self.orders) + cut[self.key]


def on_the_phone(person: Person, entries: Sequence[Entry]) -> Iterator[str]:
    """No text out of nowhere, and no more copies of prompts and answers than may be."""
    ordered: dict[str, Ordered] = {}
    cut: Counter[str] = Counter()
    for entry in entries:
        cut[entry.heard.key] += entry.heard.detail.startswith("unknown")
        cut[entry.heard.key] -= entry.heard.detail.endswith(SILENCE)
        for sent in entry.sent:
            if sent.text and sent.kind != OrderKind.ANSWER_USSD:
                line = ordered.setdefault(sent.text, Ordered(sent.key))
                line.orders.add(sent.order)
                line.kinds.add(sent.kind)
                line.requests.add(sent.request or entry.request)
    for text, copies in Counter(person.texts).items():
        if text not in ordered:
            if copies > 1 or not is_mixed(text, ordered):
                yield f"a text that no decision ordered: {text!r}"
            continue
        most = ordered[text].copies_max(cut)
        if most is not None and copies > most:
            yield f"{copies} copies of what {most} may arrive of: {text!r}"


def on_the_screen(person: Person, entries: Sequence[Entry]) -> Iterator[str]:
    """Each screen of a session was ordered for it, and no session started or charged anything."""
    ordered = Counter(
        sent.text for entry in entries for sent in entry.sent if sent.kind == OrderKind.ANSWER_USSD
    )
    for text, times in Counter(person.screens).items():
        if text is None or times > ordered[text]:
            yield f"{times} sessions showed {text!r}, which {ordered[text or '']} decisions ordered"
    for entry in entries:
        if entry.kind == DIALLED:
            started = any(change.after in STARTS for change in entry.changes)
            if started or any(money.amount_minor > 0 for money in entry.debits):
                yield f"what was dialled, {entry.heard.text!r}, started something or was charged"


def by_its_own_sim(entries: Sequence[Entry]) -> Iterator[str]:
    """A yes is from the SIM that asked, as far as both are told; from another it is told so.

    The engine tells SIMs apart by sixteen bits (ADR 0015), so that one change in 65,536 is found
    here.
    """
    asked: dict[str, str] = {}
    held: dict[str, str] = {}
    for entry in entries:
        imsi, is_mo = entry.heard.imsi, entry.kind == "message_received"
        if is_mo and entry.reason == Reason.PROMPT_UNANSWERED.name:
            held[entry.request] = imsi
        for change in entry.changes:
            wish = asked.setdefault(change.request, imsi)
            said = imsi if is_mo else held.get(change.request, "")
            is_other = "" not in {wish, said} and wish != said
            if change.after == RequestState.CONFIRMED and is_other:
                yield f"{change.service} was asked for by one SIM and confirmed by another"
        if is_mo and entry.reason == Reason.SIM_CHANGED.name:
            over = [one for one in entry.changes if one.after == RequestState.WITHDRAWN]
            if any(asked[one.request] == imsi for one in over):
                yield "the SIM that asked was taken for another one"
            if not SIM_TEXTS & {sent.key for sent in entry.sent}:
                yield f"{entry.heard.text!r} from another SIM was answered by nothing"


def is_mixed(text: str, ordered: Mapping[str, Ordered]) -> bool:
    """Say whether a handset joined halves of two texts whose other halves the network lost.

    One octet tells long texts apart (3GPP TS 23.040, 9.2.3.24.1): that happens, seldom.
    """
    return any(
        any(text[:end] == whole[:end] for whole in ordered)
        and any(text[end:] == whole[end:] for whole in ordered if len(whole) > end)
        for end in PART_ENDS
    )


def by_the_wishes(person: Person, entries: Sequence[Entry]) -> Iterator[str]:
    """Nothing is asked for or confirmed more often than the person did.

    Without message ids, `DK`, `N`, `DK` that are resent together after a crash are wishes again
    (rule 8b): a request more is let pass if its message came more often than it was written. A
    confirmation more is not.
    """
    became = Counter(
        change.after if change.before else "asked"
        for entry in entries
        for change in entry.changes
        if not (change.before == "" and change.after == SubscriptionState.ACTIVATING)
    )
    asked, agreed = (
        [message for message in person.wrote if message.meant is meant]
        for meant in (Said.JOIN, Said.YES)
    )
    heard = Counter(entry.heard.text for entry in entries if entry.kind in HEARD)
    written = Counter(m.words or m.text for m in asked for _ in range(m.deliveries))
    resent = sum(max(0, heard[str(text)] - times) for text, times in written.items())
    resent += sum(map(asked_anew, entries))
    if became["asked"] > len(asked) + resent:
        yield f"{became['asked']} requests by {len(asked)} messages, {resent} of them resent"
    if became[RequestState.CONFIRMED] > len(agreed):
        yield f"{became[RequestState.CONFIRMED]} confirmations by {len(agreed)} messages"


def asked_anew(entry: Entry) -> int:
    """How many requests took up others that ended here: terms, or the SIM, had changed."""
    over = {c.service for c in entry.changes if c.after == RequestState.WITHDRAWN}
    return sum(not change.before and change.service in over for change in entry.changes)


def has_ids(world: World) -> bool:
    """Whether the bind gives each message an id, or its time, which tells every resend."""
    smsc = world.settings.smsc[0]
    return smsc.mo_id_tlv is not None or smsc.mo_time_tlv is not None


def obeyed_once(person: Person, entries: Sequence[Entry]) -> Iterator[str]:
    """With ids, no message is obeyed more often than it was written."""
    written = Counter((m.short_code, m.raw) for m in person.wrote if not m.words)
    obeyed = Counter(
        (entry.heard.short_code, entry.heard.raw)
        for entry in entries
        if entry.kind == "message_received" and entry.reason != Reason.RESENT.name
    )
    for message, times in obeyed.items():
        if message in written and times > written[message]:
            yield f"{message[1]!r} was written {written[message]} times and obeyed {times} times"


def answered_once(entries: Sequence[Entry]) -> Iterator[str]:
    """The same message again, at once and with nothing in between, is one message (rule 8b)."""
    last: Entry | None = None
    for entry in entries:
        if entry.kind != "message_received":
            last = None if entry.changes else last
            continue
        again = last is not None and last.heard.raw == entry.heard.raw
        if again and is_resent(last, entry) and entry.reason != Reason.RESENT.name:
            yield f"{entry.heard.text!r} came again within seconds and was obeyed again"
        last = entry


def is_resent(last: Entry | None, entry: Entry) -> bool:
    """Say whether two equal messages are one by all that the bind tells."""
    if last is None or entry.at - last.at >= RESEND_MS:
        return False
    before, now = last.heard, entry.heard
    return (before.short_code, before.data_coding) == (now.short_code, now.data_coding)


def left_behind(world: World) -> Iterator[str]:
    """When everything has had its time, no order is under way or past due."""
    for order in world.orders():
        if order.state is OrderState.CLAIMED:
            yield f"{mask(order.msisdn)}: {order.kind} {order.key} was claimed and forgotten"
        elif order.state is OrderState.WAITING and order.due_at < world.true_now() - LATE_MS:
            yield f"{mask(order.msisdn)}: {order.kind} {order.key} is past due"


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
