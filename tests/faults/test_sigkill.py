"""kill -9 at each step of the flow, under load: nothing acknowledged is lost, nothing done twice.

Real processes, real sockets, a real file. The engine dies at a named point in the middle of a load,
is started again, and the load goes on: what it had not been answered, it sends again.
"""

import signal
from pathlib import Path
from typing import Final

import pytest

from tests.faults.killing import loaded
from tests.faults.ledger import assert_acknowledged_is_kept, assert_whole
from tests.faults.serving import serving

JOURNEYS: Final = 300
RATE: Final = 600.0

MIDDLE: Final = 400
"""Of 600 texts: past all prompts and some welcomes, however few batches a slow machine makes."""

STEPS: Final = {
    "load": f"commit.loaded@deliver.submitted:{MIDDLE}",
    "decide": f"commit.decided@deliver.submitted:{MIDDLE}",
    "write": f"commit.written@deliver.submitted:{MIDDLE}",
    "commit": f"commit.committed@deliver.submitted:{MIDDLE}",
    "acknowledge": f"commit.acknowledged@deliver.submitted:{MIDDLE}",
    "hand over": f"deliver.submitting:{MIDDLE}",
    "submit": f"deliver.submitted:{MIDDLE}",
    "response": f"deliver.responded:{MIDDLE}",
}
"""Each step of the flow, by the point at which the engine dies.

Texts are counted, whose number the load gives; that of the batches depends on the machine.
"""


@pytest.mark.parametrize("point", STEPS.values(), ids=STEPS.keys())
async def test_an_engine_killed_under_load_loses_nothing_and_does_nothing_twice(
    tmp_path: Path, point: str
) -> None:
    async with loaded(tmp_path, JOURNEYS, RATE) as (load, installation):
        async with serving(installation, crash_at=point) as doomed:
            assert await load.sees_die(doomed) == -signal.SIGKILL
        await load.gone.wait()
        assert 0 < load.report.journeys < JOURNEYS, "the kill was to come in the middle"
        assert_acknowledged_is_kept(installation.database, load.record)
        async with serving(installation) as server:
            report = await load.finished()
            assert await server.stop() == 0
            assert server.troubles() == []
        assert (report.journeys, report.left, report.refused) == (JOURNEYS, 0, 0)
        assert report.resent > 0
        assert_whole(installation.database, JOURNEYS, load.record)


async def test_an_engine_killed_again_while_it_recovers_loses_nothing(tmp_path: Path) -> None:
    async with loaded(tmp_path, JOURNEYS, RATE) as (load, installation):
        for point in ("deliver.submitted:250", "commit.written:1", "commit.committed:1"):
            async with serving(installation, crash_at=point) as doomed:
                assert await load.sees_die(doomed) == -signal.SIGKILL
            assert_acknowledged_is_kept(installation.database, load.record)
        async with serving(installation) as server:
            report = await load.finished()
            assert await server.stop() == 0
        assert (report.journeys, report.left) == (JOURNEYS, 0)
        assert_whole(installation.database, JOURNEYS, load.record)


async def test_the_load_itself_finds_the_engine_whole_when_nothing_kills_it(tmp_path: Path) -> None:
    async with loaded(tmp_path, JOURNEYS, RATE) as (load, installation), serving(installation) as s:
        report = await load.finished()
        assert await s.stop() == 0
        await load.gone.wait()
    assert (report.journeys, report.resent, report.again, report.unexpected) == (JOURNEYS, 0, 0, 0)
    assert_whole(installation.database, JOURNEYS, load.record)
