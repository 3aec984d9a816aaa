"""A store in which something happened, what a check finds in it, and a forger of its evidence."""

import json

from tests.unit.commit.rig import FIRST, Bench
from tests.unit.decide.example import WINDOW_MS
from twofold.checks import check
from twofold.domain.events import OutcomeArrived
from twofold.domain.orders import Delivered, Order, OrderKind, Outcome
from twofold.evidence.entry import entry_hash
from twofold.store.sqlite.records import SqliteRecords

WINDOWS = {"vn-2024": WINDOW_MS}


def outcome_of(order: Order) -> Outcome:
    """What the SMSC says to an order when all is well."""
    return Delivered("main", (f"m{order.id}",))


async def play(made: Bench, *texts: str, msisdn: int = FIRST) -> None:
    """Say some texts, and have all that is ordered accepted."""
    for text in texts:
        made.says(text, msisdn)
        await answer(made)
        made.now_at += 60_000


async def answer(made: Bench, outcome: Outcome | None = None) -> None:
    """Decide what waits, and answer for the orders that it gave birth to."""
    for decision in await made.settle():
        for order in decision.orders:
            if order.kind is not OrderKind.CHARGE:
                said = outcome or outcome_of(order)
                made.submit(OutcomeArrived(made.next_id(), made.now_at, order.msisdn, order, said))
    await made.settle()


async def lively(made: Bench) -> None:
    """Four numbers: one with a service, one that stopped, one that waits, one that declined."""
    await play(made, "DK THETHAO", "Y", "TK")
    await play(made, "DK NHAC", "Y", "HUY", msisdn=FIRST + 1)
    await play(made, "DK THETHAO", msisdn=FIRST + 2)
    await play(made, "DK THETHAO", "N", msisdn=FIRST + 3)


def found(made: Bench, **options: object) -> list[str]:
    """What is wrong, without the number."""
    violations = check(SqliteRecords(made.connection), WINDOWS, **options)  # type: ignore[arg-type]
    return [f"{int(held.invariant)} {held.what}" for held in violations]


def rewrite(made: Bench, kind_: str, *, seal: bool = True, **changed: object) -> None:
    """Change fields of the newest entry of a kind, and hash it anew as a forger could."""
    ((id_, salt, document),) = made.rows(
        "SELECT id, salt, document FROM entries WHERE kind = ? ORDER BY id DESC LIMIT 1", kind_
    )
    entry = json.loads(document)
    for name, value in changed.items():
        *path, last = name.split("__")
        place = entry
        for step in path:
            place = place[int(step) if step.isdigit() else step]
        place[last] = value
    written = json.dumps(entry, separators=(",", ":")).encode()
    made.connection.execute(
        "UPDATE entries SET document = ?, hash = CASE WHEN ? THEN ? ELSE hash END WHERE id = ?",
        (written, seal, entry_hash(salt, written), id_),
    )
