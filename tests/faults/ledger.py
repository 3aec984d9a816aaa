"""What a database must hold after a load, whatever happened to the engine meanwhile.

Looks at a copy of the files, so that looking changes nothing of what a restart finds.
"""

import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec

from twofold.catalog.packs import load_policy
from twofold.checks import Acknowledged, check
from twofold.domain.states import TRANSITIONS
from twofold.evidence.entry import Entry, entry_hash
from twofold.peers.load_journeys import PROMPT, WELCOME, Record
from twofold.store.sqlite import Connection, open_database
from twofold.store.sqlite.records import SqliteRecords

PRICE_MINOR: Final = 2_000
SHORT_CODE: Final = "9166"
WINDOWS: Final = {name: policy.window_ms for name, policy in load_policy("vn").versions.items()}
OPENING_MINOR: Final = 50_000
WHOLE_WAY: Final = ["waiting_prompt", "pending", "confirmed", "activating", "active"]
LEGAL: Final = {
    (str(before or ""), str(after)) for before, afters in TRANSITIONS.items() for after in afters
}


@contextmanager
def copy_of(database: Path) -> Iterator[Connection]:
    """Open a copy of the database as it stands on disk, its log included."""
    folder = database.parent / "copy"
    folder.mkdir()
    for file in database.parent.glob(database.name + "*"):
        if not file.name.endswith("-shm"):
            shutil.copy(file, folder / file.name)
    try:
        with closing(open_database(folder / database.name)) as connection:
            yield connection
    finally:
        shutil.rmtree(folder)


def assert_acknowledged_is_kept(database: Path, record: Record) -> None:
    """See that each MO that was answered ESME_ROK has its effect on the disk (invariant 5)."""
    with copy_of(database) as connection:
        assert_invariants(connection, record)
        requests = _numbers(connection, "requests")
        subscriptions = _numbers(connection, "subscriptions")
        debits = _numbers(connection, "debits")
    asked = {int(number) for number in record.asked}
    confirmed = {int(number) for number in record.confirmed}
    assert asked, "the load had not begun"
    assert asked - requests - subscriptions == set(), "an acknowledged DK left no request"
    assert confirmed - subscriptions == set(), "an acknowledged Y left no subscription"
    assert confirmed - debits == set(), "an acknowledged Y left no debit"


def assert_whole(database: Path, journeys: int, record: Record, unasked: int = 0) -> None:
    """See that each journey came to its end once, its evidence in order.

    `unasked` numbers may wait without a prompt: two copies of it were handed over, the engine died
    over both, and a third might be one too many.
    """
    with copy_of(database) as connection:
        numbers = [row[0] for row in connection.execute("SELECT msisdn FROM subscriptions")]
        assert (len(numbers), len(set(numbers))) == (journeys - unasked, journeys - unasked)
        assert set(numbers) == {int(number) for number in record.texts}
        assert_invariants(connection, record)
        _assert_unasked(connection, unasked)
        _assert_money(connection, set(numbers))
        _assert_settled(connection)
        _assert_evidence(connection, set(numbers))
    _assert_texts(record)


def assert_invariants(connection: Connection, record: Record) -> None:
    """See that the product's own checks find nothing, told each MO that was acknowledged."""
    acknowledged = [
        Acknowledged(int(number), SHORT_CODE, raw)
        for numbers, raw in ((record.asked, b"DK THETHAO"), (record.confirmed, b"Y"))
        for number in numbers
    ]
    found = check(SqliteRecords(connection), WINDOWS, acknowledged=acknowledged)
    assert not found, "\n".join(str(violation) for violation in found[:20])


def _numbers(connection: Connection, table: str) -> set[int]:
    return {row[0] for row in connection.execute(f"SELECT msisdn FROM {table}")}  # noqa: S608


def _assert_unasked(connection: Connection, unasked: int) -> None:
    """Only a request whose two copies were both lost waits."""
    open_requests = connection.execute("SELECT state, copies, parts_left FROM requests").fetchall()
    assert open_requests == [("pending", 2, 0)] * unasked


def _assert_money(connection: Connection, numbers: set[int]) -> None:
    """One debit a number, and the balance is what that leaves."""
    debits = connection.execute("SELECT msisdn, kind, amount_minor FROM debits").fetchall()
    assert sorted(debits) == [(number, "charge", PRICE_MINOR) for number in sorted(numbers)]
    balances = dict(connection.execute("SELECT msisdn, balance_minor FROM accounts"))
    assert balances == dict.fromkeys(numbers, OPENING_MINOR - PRICE_MINOR)


def _assert_settled(connection: Connection) -> None:
    """Nothing else is left over or was parked; every subscription is active."""
    for table in ("settled_requests", "ended_subscriptions", "orders", "parked"):
        assert connection.execute(f"SELECT * FROM {table}").fetchall() == []  # noqa: S608
    states = connection.execute("SELECT DISTINCT state FROM subscriptions").fetchall()
    assert states == [("active",)]


def _assert_evidence(connection: Connection, numbers: set[int]) -> None:
    """The entries of each number tell one journey, and hash to what they are kept under."""
    told: dict[int, list[Entry]] = defaultdict(list)
    rows: list[tuple[Any, ...]] = connection.execute(
        "SELECT msisdn, salt, hash, document FROM entries ORDER BY id"
    ).fetchall()
    for number, salt, digest, document in rows:
        assert digest == entry_hash(salt, document)
        told[number].append(msgspec.json.decode(document, type=Entry))
    for number in numbers:
        _assert_journey(told[number])


def _assert_journey(entries: list[Entry]) -> None:
    """Asked, handed over, confirmed by the number's own Y, and paid, in this order."""
    changes = [change for entry in entries for change in entry.changes]
    assert [change.after for change in changes] == WHOLE_WAY
    assert {(change.before, change.after) for change in changes} <= LEGAL
    assert len({change.request for change in changes}) == 1
    assert sum(debit.amount_minor for entry in entries for debit in entry.debits) == PRICE_MINOR
    (joined,) = (entry for entry in entries if _became(entry, "waiting_prompt"))
    (confirmed,) = (entry for entry in entries if _became(entry, "confirmed"))
    assert joined.heard.text == "DK THETHAO"
    assert _became(confirmed, "active")
    assert confirmed.debits
    answers = [e for e in entries if e.heard.text == "Y"]
    assert answers, "confirmed without a Y"
    assert entries.index(answers[0]) <= entries.index(confirmed)
    copies = _copies(entries[: entries.index(confirmed)])
    assert 1 <= len(copies) <= 2
    assert len(set(copies)) == 1, "a copy printed another deadline"


def _copies(entries: list[Entry]) -> list[str]:
    """The texts of the prompts that may have reached the handset: what was refused did not."""
    copies: list[str] = []
    for entry in entries:
        if entry.heard.key == "confirm_request" and entry.heard.detail.startswith("retryat"):
            copies.pop()
        copies += [s.text for s in entry.sent if s.key == "confirm_request" and s.text]
    return copies


def _became(entry: Entry, state: str) -> bool:
    return any(change.after == state for change in entry.changes)


def _assert_texts(record: Record) -> None:
    """At most two prompts a number, and at least one welcome."""
    prompt, welcome = PROMPT.decode(), WELCOME.decode()
    for texts in record.texts.values():
        assert 1 <= sum(prompt in text for text in texts) <= 2
        assert sum(welcome in text for text in texts) >= 1
