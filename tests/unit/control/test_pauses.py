"""Services whose prompt is unfit are stopped once, as soon as the store takes a stop."""

import asyncio
from types import SimpleNamespace
from typing import cast

import pytest
from msgspec import structs

from tests.unit.decide.example import GAME, POLICY, SPORT, Number, catalogue_of, rules_of
from twofold.catalog.canonical import digest, from_json, to_json
from twofold.commit import Committer
from twofold.control import Paused, Pauses
from twofold.decide import Decision
from twofold.domain.catalogue import Catalogue, Note
from twofold.domain.clock import Clock
from twofold.domain.reason import Reason
from twofold.store.errors import StoreUnavailable
from twofold.store.ledger import Sweep
from twofold.store.port import Store

LACKING = rules_of(policy=structs.replace(POLICY, prompt_fields=("age_statement",)))
WHY = "its prompt may not be sent: confirm_request (vi): age_statement is missing"


class Ledger:
    """A ledger in memory; its commits may fail, so that nothing of them is kept."""

    def __init__(self, catalogue: Catalogue, failures: int = 0) -> None:
        self.kept = [to_json(catalogue)]
        self.notes: list[Note] = []
        self.sweeps: list[Sweep] = []
        self.failures = failures
        self.is_open = False
        self._before = (0, 0, 0)

    async def begin(self) -> int:
        assert not self.is_open, "nothing may be left open"
        self.is_open = True
        self._before = (len(self.kept), len(self.notes), len(self.sweeps))
        return len(self.kept)

    async def commit(self) -> None:
        if self.failures:
            self.failures -= 1
            raise StoreUnavailable("the disk is full")
        self.is_open = False

    async def rollback(self) -> None:
        kept, notes, sweeps = self._before
        del self.kept[kept:], self.notes[notes:], self.sweeps[sweeps:]
        self.is_open = False

    async def newest_catalogue(self) -> tuple[int, bytes, bytes]:
        return len(self.kept), digest(self.kept[-1]), self.kept[-1]

    async def add_catalogue(self, _at: int, _digest: bytes, document: bytes, note: Note) -> int:
        self.kept.append(document)
        self.notes.append(note)
        return len(self.kept)

    async def latest_entry_at(self) -> int:
        return 0

    async def add_sweep(self, sweep: Sweep) -> None:
        self.sweeps.append(sweep)


class At:
    """A clock that stands, and never makes anybody wait."""

    def now(self) -> int:
        return 7

    async def wait(self, _until_at: int | None, _wake: object) -> None:
        await asyncio.sleep(0)


def pauses_of(ledger: Ledger) -> Pauses:
    """What stops services in a ledger."""
    committer = SimpleNamespace(rules=LACKING)
    return Pauses(cast("Store", ledger), cast("Committer", committer), cast("Clock", At()))


async def paused(ledger: Ledger, *decisions: Decision) -> tuple[Pauses, list[Paused]]:
    """Let decisions be committed, and have what is unfit stopped."""
    pauses = pauses_of(ledger)
    told: list[Paused] = []
    pauses.on_paused.append(told.append)
    pauses.on_committed(list(decisions))
    await pauses.work()
    assert pauses.is_idle
    return pauses, told


@pytest.mark.scenario("S082")
async def test_a_service_whose_prompt_is_unfit_is_stopped_with_what_it_lacks_and_swept() -> None:
    ledger = Ledger(catalogue_of(SPORT))
    decision = Number(LACKING).says("DK THETHAO")
    assert decision.reason is Reason.PROMPT_UNFIT
    pauses, told = await paused(ledger, decision, Number(LACKING).says("TK"))
    assert told == [Paused("THETHAO", 2, WHY)]
    (stop,) = from_json(ledger.kept[-1], 2).stops
    assert (stop.kind, stop.name, stop.by, stop.why) == ("service", "THETHAO", "twofold", WHY)
    assert [(note.act, note.by) for note in ledger.notes] == [("stop", "twofold")]
    assert [(sweep.name, sweep.revision) for sweep in ledger.sweeps] == [("THETHAO", 2)]
    assert (pauses.unfit, pauses.paused) == (1, 1)


@pytest.mark.scenario("S082")
async def test_however_many_ask_for_it_a_service_is_stopped_and_told_of_once() -> None:
    ledger = Ledger(catalogue_of(SPORT))
    decisions = [Number(LACKING).says("DK THETHAO") for _ in range(3)]
    pauses, told = await paused(ledger, *decisions)
    again, told_again = await paused(ledger, *decisions)
    assert (len(told), told_again, len(ledger.kept)) == (1, [], 2)
    assert (pauses.unfit, pauses.paused, again.paused) == (3, 1, 0)


async def test_what_is_found_unfit_while_it_runs_is_stopped_at_once_each_time() -> None:
    pauses = pauses_of(Ledger(catalogue_of(SPORT, GAME)))
    told: asyncio.Queue[Paused] = asyncio.Queue()
    pauses.on_paused.append(told.put_nowait)
    running = asyncio.create_task(pauses.run())
    for service, short_code in (("THETHAO", "9166"), ("GAME", "1579")):
        pauses.on_committed([Number(LACKING).says(f"DK {service}", short_code)])
        async with asyncio.timeout(10):
            assert (await told.get()).service == service
    running.cancel()


async def test_a_store_that_takes_no_stop_now_takes_it_later() -> None:
    ledger = Ledger(catalogue_of(SPORT), failures=2)
    _, told = await paused(ledger, Number(LACKING).says("DK THETHAO"))
    assert [one.revision for one in told] == [2]
    assert (len(ledger.sweeps), ledger.is_open) == (1, False)


async def test_a_service_that_is_sold_no_more_needs_no_stop() -> None:
    ledger = Ledger(catalogue_of())
    pauses, told = await paused(ledger, Number(LACKING).says("DK THETHAO"))
    assert (told, pauses.paused, len(ledger.kept)) == ([], 0, 1)
