"""Whoever asked is told of an event that could not be decided, once it is kept."""

from pathlib import Path

from tests.unit.commit.rig import FIRST, bench, constraint
from twofold.store.port import Parked


async def test_a_parked_event_is_told_of_once_it_is_kept(tmp_path: Path) -> None:
    told: list[tuple[Parked, int]] = []
    with bench(tmp_path) as made:

        def hear(parked: Parked) -> None:
            told.append((parked, made.rows("SELECT count(*) FROM parked")[0][0]))

        made.committer.on_parked.append(hear)
        made.store.failures["write"] = [constraint(), constraint()]
        bad = made.says("DK THETHAO")
        await made.settle()
        ((parked, kept),) = told
        assert (parked.id, parked.msisdn, kept) == (bad.id, FIRST, 1)
        assert parked.why == "ConstraintError: CHECK constraint failed"
