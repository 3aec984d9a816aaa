"""A call is decided once for its key, wherever the process dies and whatever the store does."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.unit.commit.rig import FIRST, Bench, bench, constraint
from tests.unit.decide.example import NOW_AT, OPERATOR
from twofold.api import desk as desks
from twofold.api.desk import Answer, Call, Desk, Said
from twofold.api.problems import Fault, Problem
from twofold.domain.clock import Signal
from twofold.domain.events import MessageReceived, Proof, ProofKind, Requested
from twofold.domain.reason import Reason
from twofold.domain.subscriber import Channel
from twofold.store.errors import StoreUnavailable
from twofold.store.sqlite import SqliteCallers, SqliteReader

CALL = Call("app:", "key-1", bytes(32))
PROOF = Proof(ProofKind.SESSION, "s-1")


class Stopped:
    """A clock that stands."""

    def now(self) -> int:
        return NOW_AT

    def is_sound(self) -> bool:
        return True

    async def wait(self, until_at: int | None, wake: Signal) -> None:
        raise NotImplementedError


class Rig:
    """A desk on a real file, and the committer behind it."""

    def __init__(self, engine: Bench) -> None:
        self.engine = engine
        self.callers = SqliteCallers(engine.connection)
        self.asked: list[Requested] = []
        self.desk = self.started()

    def started(self) -> Desk:
        """Start a desk, as a process that comes back does."""
        return Desk(
            self.engine.committer,
            Stopped(),
            self.engine.ids,
            reader=SqliteReader(self.engine.connection),
            callers=self.callers,
            operator=OPERATOR,
            alarm=lambda _owner, _reason, _msisdn: None,
        )

    def dies_and_comes_back(self) -> None:
        """Forget all that was in memory."""
        self.engine.committer._lanes.take(1_000, self.engine.rules)  # noqa: SLF001 - a dead process has no queue
        self.desk = self.started()

    def event(self, id_: int, at: int) -> Requested:
        """Ask for a service, and remember which event that was."""
        self.asked.append(
            Requested(id_, at, FIRST, Channel.APP, "", "THETHAO", language=None, proof=PROOF)
        )
        return self.asked[-1]

    def call(self, call: Call = CALL) -> "asyncio.Task[Answer]":
        """Call; the answer says what the core said."""
        return asyncio.create_task(self.desk.once(call, self.event, told))

    async def answered(self, call: Call = CALL) -> Answer:
        """Call, decide, and give the answer."""
        task = self.call(call)
        await asyncio.sleep(0)
        await self.engine.settle()
        return await task

    def requests(self) -> int:
        """How many requests there are."""
        return len(self.engine.rows("SELECT id FROM requests"))

    def reservations(self) -> list[tuple[int, int | None]]:
        """The events of the keys that are known, and what they were answered."""
        rows = self.engine.rows("SELECT event_id, status FROM idempotency_keys")
        return [(row[0], row[1]) for row in rows]


def told(said: Said) -> Answer:
    """Write what was said as an answer."""
    reason = "" if said.reason is None else said.reason.name
    return Answer(201 if said.reason is None else 409, f"{reason} {said.request_id}".encode())


@contextmanager
def rig(folder: Path) -> Iterator[Rig]:
    """Open a desk on a fresh file."""
    with bench(folder) as engine:
        yield Rig(engine)


@pytest.mark.scenario("S067")
async def test_the_same_call_again_is_answered_to_the_letter_and_decides_nothing(
    tmp_path: Path,
) -> None:
    with rig(tmp_path) as at:
        first = await at.answered()
        again = await at.answered()
        assert (again, first.status) == (first, 201)
        assert (len(at.asked), at.requests()) == (1, 1)


@pytest.mark.scenario("S067")
async def test_another_call_with_the_same_key_is_refused(tmp_path: Path) -> None:
    with rig(tmp_path) as at:
        await at.answered()
        with pytest.raises(Problem) as refused:
            await at.answered(Call(CALL.owner, CALL.key, bytes(31) + b"\1"))
        assert refused.value.kind is Fault.KEY_REUSED
        assert at.requests() == 1


async def test_a_call_that_is_under_way_is_not_begun_again(tmp_path: Path) -> None:
    with rig(tmp_path) as at:
        first = at.call()
        await asyncio.sleep(0)
        with pytest.raises(Problem) as refused:
            await at.desk.once(CALL, at.event, told)
        assert refused.value.kind is Fault.KEY_IN_PROGRESS
        await at.engine.settle()
        assert (await first).status == 201
        assert (await at.answered()).status == 201
        assert len(at.asked) == 1


async def test_a_death_after_the_reservation_lets_the_next_try_be_decided(tmp_path: Path) -> None:
    with rig(tmp_path) as at:
        lost = at.call()
        await asyncio.sleep(0)
        lost.cancel()
        at.dies_and_comes_back()
        assert at.reservations() == [(at.asked[0].id, None)]
        answer = await at.answered()
        assert (answer.status, at.requests()) == (201, 1)
        assert at.reservations() == [(at.asked[1].id, 201)]
        assert at.asked[1].id > at.asked[0].id


async def test_a_death_between_the_decision_and_its_answer_repeats_the_answer(
    tmp_path: Path,
) -> None:
    with rig(tmp_path) as at:
        lost = at.call()
        await asyncio.sleep(0)
        await at.engine.settle()
        lost.cancel()
        at.dies_and_comes_back()
        assert at.reservations() == [(at.asked[0].id, None)]
        answer = await at.answered()
        assert answer == Answer(201, f" {at.asked[0].id}".encode())
        assert (len(at.asked), at.requests()) == (1, 1)


async def test_a_refusal_is_repeated_after_a_death_as_well(tmp_path: Path) -> None:
    with rig(tmp_path) as at:
        await at.answered(Call(CALL.owner, "another", bytes(32)))
        lost = at.call()
        await asyncio.sleep(0)
        await at.engine.settle()
        lost.cancel()
        at.dies_and_comes_back()
        answer = await at.answered()
        assert answer.body.startswith(Reason.REQUEST_OPEN.name.encode())
        assert len(at.asked) == 2


async def test_while_the_store_is_away_nothing_is_half_done(tmp_path: Path) -> None:
    with rig(tmp_path) as at:
        at.engine.store.failures["begin"] = [StoreUnavailable("away"), StoreUnavailable("away")]
        with pytest.raises(Problem) as refused:
            await at.answered()
        assert refused.value.kind is Fault.AWAY
        assert at.requests() == 0
        at.engine.store.failures.clear()
        assert (await at.answered()).status == 201
        assert at.requests() == 1


async def test_under_overload_a_call_is_put_off_before_anything_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with rig(tmp_path) as at:
        with monkeypatch.context() as patched:
            patched.setattr(at.engine.committer, "refuses", lambda _event: True)
            with pytest.raises(Problem) as refused:
                await at.answered()
        assert (refused.value.kind, at.reservations()) == (Fault.AWAY, [])
        assert refused.value.answer("R1").headers["retry-after"] == "2"
        assert (await at.answered()).status == 201


async def test_an_answer_that_cannot_be_kept_is_given_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with rig(tmp_path) as at:

        async def full(*_: object) -> None:
            raise StoreUnavailable("the disk is full")

        with monkeypatch.context() as patched:
            patched.setattr(at.callers, "answer", full)
            first = await at.answered()
        assert first.status == 201
        assert await at.answered() == first
        assert (len(at.asked), at.requests()) == (1, 1)


async def test_an_event_that_is_parked_is_a_fault_of_ours(tmp_path: Path) -> None:
    with rig(tmp_path) as at:
        at.engine.store.failures["write"] = [constraint(), constraint()]
        with pytest.raises(Problem) as failed:
            await at.answered()
        assert failed.value.kind is Fault.INTERNAL


async def test_a_decision_that_takes_too_long_is_found_by_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "DECIDED_WITHIN_S", 0.0)
    with rig(tmp_path) as at:
        with pytest.raises(Problem) as refused:
            await at.desk.once(CALL, at.event, told)
        assert refused.value.kind is Fault.AWAY
        with pytest.raises(Problem) as refused:
            await at.desk.once(CALL, at.event, told)
        assert refused.value.kind is Fault.KEY_IN_PROGRESS
        await at.engine.settle()
        assert (await at.answered()).body == f" {at.asked[0].id}".encode()
        assert (len(at.asked), at.requests()) == (1, 1)


@pytest.mark.scenario("S101")
async def test_an_event_that_no_call_may_make_is_not_let_in(tmp_path: Path) -> None:
    with rig(tmp_path) as at:
        where = (64, NOW_AT, FIRST, "9166", "main", 0, b"Y", "Y", bytes(8))
        said = MessageReceived(*where, key_is_sure=True, effective_at=NOW_AT)
        with pytest.raises(AssertionError):
            await at.desk.note(said)
        assert at.engine.committer.is_idle
