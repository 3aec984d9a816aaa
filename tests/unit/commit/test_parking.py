"""Whoever asked is told of an event that could not be decided, once it is kept."""

from pathlib import Path

from msgspec import structs

from tests.unit.commit.rig import FIRST, bench, constraint
from twofold.domain.msisdn import Msisdn
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


async def test_an_event_that_holds_what_nobody_foresaw_is_parked_and_work_goes_on(
    tmp_path: Path,
) -> None:
    with bench(tmp_path) as made:
        made.says("DK THETHAO", Msisdn(FIRST))
        made.says("DK THETHAO", FIRST + 1)
        await made.settle()
        assert made.committer.faults.parked == 1
        assert made.rows("SELECT msisdn FROM requests") == [(FIRST + 1,)]
        ((event,),) = made.rows("SELECT event FROM parked")
        assert str(FIRST) not in event.decode()


async def test_an_event_that_cannot_be_written_as_text_is_parked_all_the_same(
    tmp_path: Path,
) -> None:
    with bench(tmp_path) as made:
        half = structs.replace(made.message("DK THETHAO"), text="DK \ud800")
        made.committer.submit(half)
        made.says("DK THETHAO", FIRST + 1)
        await made.settle()
        assert made.committer.faults.parked == 1
        assert made.rows("SELECT msisdn FROM requests") == [(FIRST + 1,)]
        ((why, event),) = made.rows("SELECT why, event FROM parked")
        assert "surrogates not allowed" in why
        assert "DK \\ud800" in event.decode()


async def test_an_event_whose_parking_was_not_acknowledged_is_parked_once(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        made.store.failures["write"] = [constraint() for _ in range(4)]
        event = made.says("DK THETHAO", kept=True)
        await made.settle()
        made.committer.submit(event)
        await made.settle()
        assert made.committer.faults.parked == 2
        assert made.rows("SELECT id FROM parked") == [(event.id,)]
