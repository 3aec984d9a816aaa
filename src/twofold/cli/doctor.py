"""`twofold doctor`: what is wrong with an installation, and what to do about it.

It only reads, through a connection that cannot write, beside an engine that may run.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

from twofold.catalog.packs import all_versions
from twofold.checks import Invariant, Violation, check
from twofold.checks.check import GRACE_MS, VIOLATIONS_MAX
from twofold.cli.database import now_ms
from twofold.cli.failures import FAILED, Failure
from twofold.cli.files import load_config
from twofold.store.records import Standing
from twofold.store.sqlite import open_database, pending_migrations
from twofold.store.sqlite.records import SqliteRecords

SHOWN_MAX: Final = 20
"""So many violations of each invariant are printed; the rest are counted."""

STANDS: Final[Mapping[str, tuple[str, str]]] = {
    "parked": (
        "events could not be decided by a fault of this program, and are kept with their bytes",
        "report what column why of table parked says; nothing came of them, and nothing is lost",
    ),
    "unresolved": (
        "charges or refunds have an outcome that nobody knows",
        "ask the charging system about the orders in state unresolved; none is repeated by itself",
    ),
    "requests_due": (
        "requests are past due",
        "start an engine (twofold serve), or see /readyz for what holds it back",
    ),
    "orders_due": (
        "orders wait past their time",
        "start an engine (twofold serve), or see /readyz for the SMSC that is down",
    ),
    "orphaned": (
        "orders were claimed by an engine that is gone",
        "start an engine: what it finds claimed has an unknown outcome, and is settled as that",
    ),
    "complaints_due": (
        "complaints were to be answered by now",
        "answer them: their services stay held, and uncharged, until then",
    ),
    "sweeps_due": (
        "sweeps began more than an hour ago and are not done",
        "see twofold catalog log; the stop itself binds, its subscribers are not all told",
    ),
}
"""What each count of `Standing` means, and what to do."""

HOLDS: Final[Mapping[Invariant, str]] = {
    Invariant.CONSENT: "nothing is on without a request, a prompt and a yes in time",
    Invariant.MONEY: "nothing is charged before that, twice, above the price or after the end",
    Invariant.ONCE: "however often a message comes, it has one effect",
    Invariant.ENDING: "each request ends once, and nothing that is due is forgotten",
    Invariant.STOP: "nothing goes on after its stop",
    Invariant.PROOF: "no entry of evidence was changed",
    Invariant.HOT: "what is old is pruned",
    Invariant.TENURE: "nothing of one holder of a number reaches the next",
}
"""What is checked, by invariant; what was acknowledged is known to the SMSC alone."""

DO: Final[Mapping[Invariant, str]] = {
    Invariant.ENDING: "if it is past due, start an engine; else report it, with this output",
    Invariant.HOT: "an engine prunes every hour while it runs: start one and look again",
    Invariant.PROOF: "the file was changed by hand or is damaged: compare it with a backup",
}
"""What to do about a violation; of the others: `REPORT`."""

REPORT: Final = "stop the service concerned (twofold stop service), and report it with this output"


def examine(config: Path, *, deep: bool) -> int:
    """Print what was looked at and what was found; give the exit code."""
    settings = load_config(config)
    path = settings.database.path
    if not path.exists():
        raise Failure(f"{path} is not there yet; make it with twofold migrate up")
    with closing(open_database(path, read_only=True)) as connection:
        if pending_migrations(connection):
            raise Failure(f"the schema of {path} is behind this program; run twofold migrate up")
        records = SqliteRecords(connection)
        print(f"{path}: the schema is this program's")
        found = tell_file(records) if deep else 0
        if not found:
            found = tell_standing(records.standing(now_ms() - GRACE_MS))
            found += tell_invariants(records) if deep else 0
    print(f"found: {found}" if found else "nothing is wrong")
    return FAILED if found else 0


def tell_standing(standing: Standing) -> int:
    """Print what stands where it should not stay; give how many kinds of it there are."""
    found = 0
    for name, rows in standing._asdict().items():
        what, to_do = STANDS[name]
        if rows:
            found += 1
            print(f"WRONG  {rows} {what}\n       do: {to_do}")
        else:
            print(f"ok     0 {what}")
    return found


def tell_file(records: SqliteRecords) -> int:
    """Have SQLite check its own file; give how many faults it names."""
    faults = records.damage(SHOWN_MAX)
    if not faults:
        print("ok     the file is whole")
        return 0
    for fault in faults:
        print(f"WRONG  the file: {fault}")
    print("       do: stop the engine and restore a backup")
    return len(faults)


def tell_invariants(records: SqliteRecords) -> int:
    """Hold everything against the evidence; give how many violations there are."""
    with records.snapshot():
        counts = records.counts()
    print(
        f"reading {counts.entries} entries, {counts.requests} requests, "
        f"{counts.subscriptions} subscriptions and {counts.debits} debits"
    )
    windows = {name: policy.window_ms for name, policy in all_versions().items()}
    violations = check(records, windows, now_at=now_ms(), on_part=tell_part)
    for line in lines_of(violations):
        print(line)
    if len(violations) == VIOLATIONS_MAX:
        print(f"       there may be more: no more than {VIOLATIONS_MAX} are looked for")
    return len(violations)


def lines_of(violations: list[Violation]) -> Iterator[str]:
    """Say of each invariant that it holds, or what breaks it."""
    broken = Counter(violation.invariant for violation in violations)
    for invariant, holds in HOLDS.items():
        if not broken[invariant]:
            yield f"ok     {int(invariant)}: {holds}"
            continue
        yield f"WRONG  {int(invariant)}: {holds}: {broken[invariant]} violations"
        told = [str(violation) for violation in violations if violation.invariant is invariant]
        yield from (f"       {line}" for line in told[:SHOWN_MAX])
        if len(told) > SHOWN_MAX:
            yield f"       and {len(told) - SHOWN_MAX} more"
        yield f"       do: {DO.get(invariant, REPORT)}"


def tell_part(done: int, parts: int) -> None:
    """Say how far a long check is, to whoever watches."""
    if parts > 1:
        print(f"part {done} of {parts}", file=sys.stderr)
