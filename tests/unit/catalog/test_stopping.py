"""The stop switch: who may stop and resume what, and what an import leaves as it is."""

from collections.abc import Iterator

import pytest
from msgspec import structs

from tests.unit.catalog.market import SMALL, ZONE, changed, read
from twofold.catalog.canonical import digest, from_json, to_json
from twofold.catalog.export import to_toml
from twofold.catalog.intake import Overwrites, Taken, take_catalogue
from twofold.catalog.stopping import (
    CannotStop,
    Stopped,
    account_of,
    approve_resume,
    propose_resume,
    signed,
    stop,
)
from twofold.domain.catalogue import Act, Catalogue, Note, StopKind
from twofold.store.sqlite import SqliteStore, migrate, open_database

FILE = Note(Act.IMPORT, "catalog.toml", "an", "")
PARTNER, SERVICE = StopKind.PARTNER, StopKind.SERVICE


@pytest.fixture
def store() -> Iterator[SqliteStore]:
    """Give a store with nothing in it."""
    connection = open_database(":memory:")  # type: ignore[arg-type]
    migrate(connection, 0)
    yield SqliteStore(connection)
    connection.close()


async def take(store: SqliteStore, text: str = SMALL, *, force: bool = False) -> Taken:
    """Import a file."""
    return await take_catalogue(store, read(text), lambda: 1_000, FILE, force=force)


async def stop_abc(store: SqliteStore, at: int = 2_000) -> Stopped:
    """Stop the only partner."""
    return await stop(store, PARTNER, "abc", lambda: at, by="an", why="complaints")


async def newest(store: SqliteStore) -> Catalogue:
    """What is in force."""
    kept = await store.newest_catalogue()
    assert kept is not None
    return from_json(kept[2], kept[0])


async def test_a_stop_is_a_revision_a_line_of_the_ledger_and_a_sweep(store: SqliteStore) -> None:
    await take(store)
    stopped = await stop_abc(store)
    catalogue = await newest(store)
    assert (stopped.revision, stopped.services, stopped.is_new) == (2, 1, True)
    assert catalogue.stop_of("abc", "GAME") == stopped.stop
    assert catalogue.stop_of("xyz", "GAME") is None
    assert (await store.revisions(9))[-1] == (2, 2_000, "stop", "partner abc", "an", "complaints")
    sweep = await store.next_sweep()
    assert sweep is not None
    assert (sweep.revision, sweep.name, sweep.paused_ms) == (2, "abc", 0)


async def test_a_stop_of_a_service_leaves_its_partner_alone(store: SqliteStore) -> None:
    await take(store)
    await stop(store, SERVICE, "GAME", lambda: 5, by="an", why="x")
    catalogue = await newest(store)
    assert catalogue.stop_of("abc", "GAME") is not None
    assert catalogue.stop_of("abc", "NHAC") is None


async def test_what_is_stopped_already_stays_as_it_is(store: SqliteStore) -> None:
    await take(store)
    first, again = await stop_abc(store), await stop_abc(store, 9_000)
    assert (again.is_new, again.revision, again.stop) == (False, first.revision, first.stop)


@pytest.mark.parametrize(
    ("kind", "name", "by", "why", "says"),
    [
        (PARTNER, "abd", "an", "x", "no partner is called abd; did you mean abc?"),
        (SERVICE, "CHESS", "an", "x", "no service is called CHESS"),
        (PARTNER, "abc", " ", "x", "--by must be one line of 1 to 100 characters"),
        (PARTNER, "abc", "an", "", "--reason must be one line of 1 to 500 characters"),
        (PARTNER, "abc", "an", "a\nb", "--reason must be one line"),
    ],
)
async def test_a_stop_that_names_nothing_changes_nothing(
    store: SqliteStore, kind: StopKind, name: str, by: str, why: str, says: str
) -> None:
    await take(store)
    with pytest.raises(CannotStop, match=says):
        await stop(store, kind, name, lambda: 5, by=by, why=why)
    assert len(await store.revisions(9)) == 1
    await take(store, changed(("5000", "5001")))


async def test_an_import_never_lifts_a_stop(store: SqliteStore) -> None:
    """Neither of the same file, nor of another, nor one that undoes what was changed by hand."""
    await take(store)
    await stop_abc(store)
    assert not (await take(store)).is_new
    assert (await take(store, changed(("5000", "5001")))).is_new
    assert (await take(store, changed(("5000", "5002")), force=True)).is_new
    assert [held.name for held in (await newest(store)).stops] == ["abc"]


async def test_an_import_refuses_to_undo_what_was_changed_by_hand(store: SqliteStore) -> None:
    await take(store)
    catalogue = await newest(store)
    named = structs.replace(catalogue.services["GAME"], name="Another name")
    by_hand = to_json(structs.replace(catalogue, services={"GAME": named}))
    await store.add_catalogue(2_000, digest(by_hand), by_hand, Note(Act.STOP, "", "an", ""))
    same = await take(store)
    assert (same.revision, same.is_new) == (2, False)
    with pytest.raises(Overwrites, match="service GAME"):
        await take(store, changed(("5000", "5001")))
    assert (await newest(store)).services["GAME"].name == "Another name"
    assert (await take(store, changed(("5000", "5001")), force=True)).is_new


async def test_a_stop_ends_by_two_people(store: SqliteStore) -> None:
    await take(store)
    await stop_abc(store)
    number = await propose_resume(store, PARTNER, "abc", lambda: 3_000, by="An", why="mended")
    assert (await newest(store)).stops
    for same in ("An", " an", "AN ", "an (account root)"):
        with pytest.raises(CannotStop, match="somebody else"):
            await approve_resume(store, number, lambda: 4_000, by=same)
    revision, _ = await approve_resume(store, number, lambda: 5_000, by="Binh")
    assert (await newest(store)).stops == ()
    line = (await store.revisions(9))[-1]
    assert line == (revision, 5_000, "resume", "partner abc", "Binh", "mended (proposed by An)")
    assert await store.proposals() == []
    with pytest.raises(CannotStop, match=f"no proposal {number} waits"):
        await approve_resume(store, number, lambda: 6_000, by="Cuong")


def test_the_ledger_names_the_account_where_somebody_gave_another_name() -> None:
    assert signed("an", "an") == signed("an", "AN") == "an"
    assert signed("an", "root") == "an (account root)"
    assert (account_of("an (account root)"), account_of("an")) == ("root", "an")


async def test_only_what_is_stopped_can_go_on(store: SqliteStore) -> None:
    await take(store)
    with pytest.raises(CannotStop, match="partner abc is not stopped"):
        await propose_resume(store, PARTNER, "abc", lambda: 3_000, by="an", why="x")


async def test_a_revision_is_never_older_than_what_was_decided_before_it(
    store: SqliteStore,
) -> None:
    """The demo's clock is ahead of a command's."""
    await take(store)
    store._cursor.execute(  # noqa: SLF001 - an entry from the future, as an engine would write it
        "INSERT INTO entries VALUES (7, 99000, 1, 0, 0, 'account_set', zeroblob(16), "
        "zeroblob(32), x'')"
    )
    assert (await stop_abc(store)).stop.since_at == 99_000


async def test_an_export_says_what_is_stopped_and_can_be_imported(store: SqliteStore) -> None:
    await take(store)
    await stop_abc(store)
    text = to_toml(await newest(store), ZONE)
    assert text.startswith("# Stopped: partner abc, 1970-01-01 08:00:02, by an: complaints\n")
    assert to_json(read(text)) == to_json(read(SMALL))
