"""`twofold doctor`: what it looks at, what it finds, what it says to do, and that it only reads."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.checks.lively import lively
from tests.unit.commit.rig import Bench, bench
from twofold.catalog.example import EXAMPLES, example
from twofold.checks import Invariant
from twofold.cli import doctor
from twofold.cli.failures import Failure
from twofold.domain.terms import DAY_MS
from twofold.store.records import Standing


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """An installation whose engine has just committed, at its own time."""
    for name in EXAMPLES:
        (tmp_path / name).write_text(example(name), encoding="utf-8")
    (tmp_path / "var").mkdir()
    with bench(tmp_path / "var") as opened:
        monkeypatch.setattr(doctor, "now_ms", lambda: opened.now_at)
        yield opened


def examine(folder: Path, *, deep: bool = False) -> int:
    """Run it on an installation."""
    return doctor.examine(folder / "twofold.toml", deep=deep)


async def test_an_installation_that_is_well_is_said_to_be(
    made: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await lively(made)
    assert examine(tmp_path, deep=True) == 0
    told = capsys.readouterr().out
    assert "WRONG" not in told
    assert told.endswith("nothing is wrong\n")
    counts = made.rows("SELECT (SELECT count(*) FROM entries), (SELECT count(*) FROM debits)")[0]
    assert (
        f"reading {counts[0]} entries, 2 requests, 2 subscriptions and {counts[1]} debits" in told
    )


async def test_what_was_asked_under_another_pack_is_held_against_that_one(
    made: Bench, tmp_path: Path
) -> None:
    await lively(made)
    config = tmp_path / "twofold.toml"
    written = config.read_text(encoding="utf-8")
    assert 'policy = "vn"' in written
    config.write_text(written.replace('policy = "vn"', 'policy = "za"'), encoding="utf-8")
    assert examine(tmp_path, deep=True) == 0


def test_without_a_database_it_says_how_to_make_one(tmp_path: Path) -> None:
    for name in EXAMPLES:
        (tmp_path / name).write_text(example(name), encoding="utf-8")
    with pytest.raises(Failure, match="make it with twofold migrate up"):
        examine(tmp_path)


def test_a_schema_that_is_behind_is_named(made: Bench, tmp_path: Path) -> None:
    made.connection.execute("DELETE FROM migrations WHERE number > 12")
    with pytest.raises(Failure, match="run twofold migrate up"):
        examine(tmp_path)


LATE = {
    "parked": "INSERT INTO parked VALUES (1, 1, 84912000001, 'x', x'7b7d')",
    "unresolved": "UPDATE orders SET state = 'unresolved'",
    "requests_due": "UPDATE requests SET due_at = opened_at, printed_until_at = opened_at",
    "orders_due": "UPDATE orders SET state = 'waiting', due_at = 1",
    "orphaned": "INSERT INTO epochs VALUES (7, 1)",
    "complaints_due": "UPDATE complaints SET opened_at = 1, answer_by_at = 2",
    "sweeps_due": "INSERT INTO sweeps VALUES (9, 'partner', 'abc', 1, 0, 0, 0, NULL)",
}


@pytest.mark.parametrize("what", LATE)
async def test_what_stands_where_it_should_not_stay_is_found_and_told_what_to_do_about(
    made: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    await lively(made)
    made.says("KN THETHAO")
    await made.settle()
    made.connection.execute("DELETE FROM orders WHERE id <> (SELECT min(id) FROM orders)")
    assert examine(tmp_path) == 0
    made.now_at += 2 * 60_000
    made.connection.execute(LATE[what])
    assert examine(tmp_path) == 1
    says, to_do = doctor.STANDS[what]
    told = capsys.readouterr().out
    assert f"WRONG  1 {says}\n       do: {to_do}\n" in told
    assert told.count("WRONG") == 1
    assert told.endswith("found: 1\n")


def test_everything_that_may_stand_is_explained_and_tried() -> None:
    assert set(doctor.STANDS) == set(Standing._fields) == set(LATE)


def test_every_invariant_that_needs_no_witness_is_told_of() -> None:
    assert set(doctor.HOLDS) == set(Invariant) - {Invariant.KEPT}


async def test_what_breaks_an_invariant_is_told_without_the_number(
    made: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await lively(made)
    made.connection.execute("UPDATE debits SET amount_minor = amount_minor + 1")
    assert examine(tmp_path, deep=True) == 1
    told = capsys.readouterr().out
    assert "WRONG  2: nothing is charged before that, twice, above the price" in told
    assert "a charge is not in evidence" in told
    assert doctor.REPORT in told
    assert "84912000001" not in told


@pytest.mark.parametrize(
    ("insert", "table"),
    [
        ("INSERT INTO mo_keys VALUES (1, x'01', 84912000001, 1, 1)", "mo_keys"),
        ("INSERT INTO sent VALUES ('m', 'a', 84912000001, 0, 1, 1, 'k', 1)", "sent"),
        (
            "INSERT INTO idempotency_keys VALUES ('o', 'k', zeroblob(32), 1, 1, NULL, NULL)",
            "idempotency_keys",
        ),
        (
            "INSERT INTO fragments VALUES (84912000001, '9166', 1, 2, 1, 0, 0, 0, 0, x'00', 1, 1)",
            "fragments",
        ),
        (
            (
                "INSERT INTO orders VALUES"
                " (1, '', 1, 0, 0, 9, 1, '', '', '', 0, 0, 0, 'waiting', 1, '')"
            ),
            "orders",
        ),
    ],
)
async def test_what_was_to_be_pruned_and_is_there_still_is_found(
    made: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str], insert: str, table: str
) -> None:
    await lively(made)
    made.connection.execute(insert)
    assert examine(tmp_path, deep=True) == 1
    told = capsys.readouterr().out
    assert f"invariant 11: 1 rows of {table} are left over from more than a day ago" in told


async def test_what_is_a_day_old_may_be_there_still(made: Bench, tmp_path: Path) -> None:
    hour = (made.now_at - DAY_MS) // 3_600_000
    made.connection.execute("INSERT INTO mo_keys VALUES (?, x'01', 84912000001, 1, 1)", (hour,))
    assert examine(tmp_path, deep=True) == 0


async def test_a_long_list_is_cut_and_counted(
    made: Bench,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await lively(made)
    monkeypatch.setattr(doctor, "SHOWN_MAX", 3)
    made.connection.execute("UPDATE entries SET hash = zeroblob(32)")
    assert examine(tmp_path, deep=True) == 1
    (entries,) = made.rows("SELECT count(*) FROM entries")[0]
    told = capsys.readouterr().out
    assert told.count("the entry is not what was hashed") == 3
    assert f"       and {entries - 3} more\n" in told


async def test_it_reads_beside_an_engine_in_the_middle_of_a_batch(
    made: Bench, tmp_path: Path
) -> None:
    await lively(made)
    made.connection.execute("BEGIN IMMEDIATE")
    made.connection.execute("DELETE FROM subscriptions")
    assert examine(tmp_path, deep=True) == 0
    made.connection.execute("ROLLBACK")


def test_a_damaged_file_is_told(
    made: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made.connection.execute("PRAGMA writable_schema = ON")
    made.connection.execute("UPDATE sqlite_schema SET rootpage = 3 WHERE name = 'requests_due'")
    assert examine(tmp_path, deep=True) == 1
    told = capsys.readouterr().out
    assert "WRONG  the file: " in told
    assert "restore a backup" in told
