"""What stops a start: a line for each fault that names it and says what to do, and an exit code."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from tests.faults.serving import Installation, serving
from twofold.peers.smsc import Account, Smsc, SmscSettings

NO_SMSC: Final = 1
"""A port on which nothing listens."""


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """An installation whose SMSC is away."""
    made = Installation(tmp_path / "twofold", NO_SMSC)
    yield made
    made.close()


async def refused(installation: Installation, **how: Any) -> tuple[int, list[str]]:  # noqa: ANN401
    """Start it where it cannot start; give its exit code and what it says on standard error."""
    async with serving(installation, by_name=True, **how) as server:
        await server.until(lambda: bool(server.said) or server.process.returncode is not None)
        assert server.said == [], "it started"
        return await server.ended(), server.complained


def revisions(database: Path) -> int:
    """Count the catalogues that were imported."""
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute("SELECT count(*) FROM catalogues").fetchone()[0])


async def test_a_second_engine_names_the_process_of_the_first(installation: Installation) -> None:
    async with serving(installation) as first:
        await first.ready()
        second = Installation(installation.folder, NO_SMSC)
        says = (
            f"twofold: another engine (process {first.process.pid}) runs on "
            f"{installation.database}: stop it first, or name another database"
        )
        assert await refused(second) == (1, [says])
        assert (await first.get("/readyz"))[0] == 200
        assert await first.stop() == 0
    async with serving(second) as follower:
        await follower.ready()
    second.close()


async def test_the_lock_of_a_killed_engine_stops_nobody(installation: Installation) -> None:
    async with serving(installation) as first:
        await first.ready()
        first.process.kill()
        await first.ended()
    async with serving(installation) as second:
        await second.ready()


async def test_a_folder_that_cannot_be_written_is_named(installation: Installation) -> None:
    folder = installation.database.parent
    folder.mkdir(mode=0o555)
    says = (
        f"twofold: {folder} cannot be written by this user: "
        "change its owner or mode, or name another folder in [database] url"
    )
    assert await refused(installation, as_anyone=True) == (1, [says])
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["twofold.db", "twofold.db.engine"])
async def test_a_file_that_cannot_be_written_is_named(
    installation: Installation, name: str
) -> None:
    async with serving(installation) as server:
        await server.ready()
        await server.stop()
    file = installation.database.with_name(name)
    file.chmod(0o444)
    says = f"twofold: {file} cannot be written by this user: change its owner or its mode"
    assert await refused(installation, as_anyone=True) == (1, [says])


async def test_a_port_in_use_is_named(installation: Installation) -> None:
    installation.occupy_port()
    says = (
        f"twofold: 127.0.0.1:{installation.http_port} cannot be listened on "
        "(Address already in use): stop what uses it, or choose another port"
    )
    assert await refused(installation) == (1, [says])
    assert not installation.database.exists()


async def test_a_database_whose_schema_is_behind_asks_for_migrate_up(
    installation: Installation,
) -> None:
    installation.database.parent.mkdir()
    with closing(sqlite3.connect(installation.database)) as connection:
        connection.execute("CREATE TABLE of_an_older_program (id INTEGER)")
    says = (
        f"twofold: the schema of {installation.database} is behind this program: "
        "run twofold migrate up"
    )
    assert await refused(installation) == (1, [says])
    assert installation.run("migrate", "up").returncode == 0
    async with serving(installation) as server:
        await server.ready()


async def test_a_database_that_a_kill_left_empty_gets_its_schema(
    installation: Installation,
) -> None:
    installation.database.parent.mkdir()
    installation.database.touch()
    async with serving(installation) as server:
        await server.ready()


async def test_a_file_that_is_no_database_is_left_alone(installation: Installation) -> None:
    installation.database.parent.mkdir()
    installation.database.write_bytes(b"not a database at all, but somebody's letters" * 99)
    before = installation.database.read_bytes()
    says = (
        f"twofold: {installation.database} is damaged or is no Twofold database: "
        "restore a backup, or name another file"
    )
    assert await refused(installation) == (1, [says])
    assert installation.database.read_bytes() == before


async def test_each_fault_of_a_catalogue_is_named_by_its_row_and_nothing_is_imported(
    installation: Installation,
) -> None:
    good = installation.catalogue.read_text()
    bad = good.replace("price = 2000", "price = -1").replace('period = "P30D"', 'period = "soon"')
    installation.catalogue.write_text(bad)
    code, says = await refused(installation)
    assert code == 1
    assert len(says) == 2
    assert says[0].startswith(
        f"twofold: {installation.catalogue}: service[0] THETHAO (line 46): price"
    )
    assert says[1].startswith(
        f"twofold: {installation.catalogue}: service[1] NHAC (line 57): period"
    )
    assert revisions(installation.database) == 0
    installation.catalogue.write_text(good)
    async with serving(installation) as server:
        await server.ready()
        await server.stop()
    installation.catalogue.write_text(bad)
    assert await refused(installation) == (1, says)
    assert revisions(installation.database) == 1


async def test_a_catalogue_that_is_not_there_is_named(installation: Installation) -> None:
    installation.catalogue.unlink()
    code, says = await refused(installation)
    assert (code, len(says)) == (1, 1)
    assert says[0].startswith(f"twofold: {installation.catalogue}: no such catalogue")


@pytest.mark.parametrize("roles", ["web,night", "night", ","])
async def test_a_role_that_nobody_has_is_wrong_use(installation: Installation, roles: str) -> None:
    code, says = await refused(installation, arguments=f"--roles {roles}")
    assert (code, len(says)) == (2, 1)
    assert "no role is called" in says[0]
    assert "--roles" in says[0]


async def test_a_wrong_password_is_told_and_does_not_stop_the_rest(tmp_path: Path) -> None:
    smsc = Smsc(SmscSettings((Account("twofold", "another", ("9166",)),)), lambda: 0)
    await smsc.start()
    installation = Installation(tmp_path, smsc.port)
    async with serving(installation) as server:
        await server.ready()
        await server.until(lambda: bool(server.logged("link_down")))
        (down,) = server.logged("link_down")
        assert (down["smsc"], down["reason"]) == ("main", "bind refused: ESME_RINVPASWD")
        assert down["level"] == "warning"
        assert "correct system_id and password" in down["advice"]
        status, answer = await server.get("/readyz")
        assert (status, answer["ready"]) == (200, True)
        assert answer["smsc"] == {"main": "down: bind refused: ESME_RINVPASWD"}
        assert await server.stop() == 0
        assert not [line for line in server.complained if "secret" in line]
    installation.close()
    await smsc.stop()


async def test_an_smsc_that_is_away_is_told_once_and_its_return_too(tmp_path: Path) -> None:
    smsc = Smsc(SmscSettings((Account("twofold", "secret", ("9166",)),)), lambda: 0)
    await smsc.start()
    await smsc.stop()
    installation = Installation(tmp_path, smsc.port)
    async with serving(installation) as server:
        await server.until(lambda: bool(server.logged("link_down")))
        assert server.logged("link_down")[0]["reason"] == "cannot connect: Connection refused"
        await smsc.start()
        await server.until(lambda: bool(server.logged("link_up")))
        assert len(server.logged("link_down")) == 1
        assert (await server.get("/readyz"))[1]["smsc"] == {"main": "up"}
        await smsc.stop()
        await server.until(lambda: len(server.logged("link_down")) == 2)
        assert await server.stop() == 0
    installation.close()


async def test_the_stand_ins_are_nowhere_unless_they_are_asked_for(
    installation: Installation,
) -> None:
    async with serving(installation) as server:
        await server.ready()
        for path in ("/sim", "/sim/events", "/sim/messages?msisdn=84912000001", "/static/sim.js"):
            assert (await server.get(path))[0] == 404, path
