"""What belongs to a process, and what a crash leaves of it: nothing that runs, and no noise."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from random import Random

import pytest

from tests.unit.world.rig import silence, world
from twofold.world.loop import Stuck, VirtualLoop

HOURS_S = 12 * 3600.0


async def tick(ticks: list[float]) -> None:
    """Tick each second, and say so when it ends."""
    loop = asyncio.get_running_loop()
    try:
        while True:
            ticks.append(loop.time())
            await asyncio.sleep(1)
    finally:
        ticks.append(-1.0)


async def waiting() -> AsyncIterator[int]:
    """Give one number, and wait for ever with a `finally` that must not run."""
    try:
        yield 1
        await asyncio.get_running_loop().create_future()
    finally:
        await asyncio.sleep(0)
        raise AssertionError("the dead were finalized")


def test_what_a_process_creates_belongs_to_it() -> None:
    async def inner(seen: list[str]) -> None:
        seen.append(loop.running.name)

    async def outer(seen: list[str]) -> None:
        loop.call_soon(lambda: seen.append(loop.running.name))
        loop.call_later(1, lambda: seen.append(loop.running.name))
        done = loop.create_future()
        done.add_done_callback(lambda _: seen.append(loop.running.name))
        done.set_result(None)
        await asyncio.create_task(inner(seen))
        await asyncio.sleep(2)

    async def main() -> tuple[list[str], int]:
        seen: list[str] = []
        engine = loop.process("engine")
        await engine.spawn(outer(seen))
        engine.run(loop.call_soon, lambda: seen.append(loop.running.name))
        await asyncio.sleep(1)
        assert loop.running is loop.world
        return seen, loop.steps_of(engine)

    with world() as (loop, _):
        seen, steps = loop.run_until_complete(main())
        assert seen == ["engine"] * 5
        # Three steps of the outer task, one of the inner, four callbacks, one end of the sleep.
        assert steps == 9


def test_a_process_wakes_another_without_owning_its_steps() -> None:
    async def give(gift: "asyncio.Future[str]") -> None:
        gift.set_result(loop.running.name)
        loop.crash()

    async def take(gift: "asyncio.Future[str]") -> tuple[str, str]:
        return await gift, loop.running.name

    async def main() -> tuple[str, str]:
        gift: asyncio.Future[str] = loop.create_future()
        taker = loop.process("taker").spawn(take(gift))
        loop.process("giver").spawn(give(gift))
        return await taker

    with world() as (loop, _):
        assert loop.run_until_complete(main()) == ("giver", "taker")


def test_the_dead_never_run_again() -> None:
    async def main() -> list[float]:
        engine, ticks, other = loop.process("engine"), list[float](), list[float]()
        engine.spawn(tick(ticks))
        engine.run(loop.call_later, 5, ticks.append, 5.5)
        engine.run(loop.call_soon, ticks.append, 0.5)
        loop.process("other").spawn(tick(other))
        await asyncio.sleep(2.5)
        engine.run(loop.call_soon, ticks.append, 2.5)
        loop.kill(engine)
        before = loop.steps_of(engine)
        gc.collect()
        await asyncio.sleep(HOURS_S)
        assert loop.steps_of(engine) == before
        assert len(other) > HOURS_S
        return ticks

    with world() as (loop, _):
        assert sorted(loop.run_until_complete(main())) == [0.0, 0.5, 1.0, 2.0]


def test_a_dead_task_that_is_woken_stays_dead() -> None:
    async def wait(gate: "asyncio.Future[None]", went: list[str]) -> None:
        with suppress(asyncio.CancelledError):
            await gate
        went.append("on")

    async def main() -> list[str]:
        went: list[str] = []
        engine, gates = loop.process("engine"), [loop.create_future() for _ in range(3)]
        tasks = [engine.spawn(wait(gate, went)) for gate in gates]
        await asyncio.sleep(1)
        gates[0].set_result(None)  # woken before the crash, and not yet run
        loop.kill(engine)
        gates[1].set_result(None)
        tasks[2].cancel()
        await asyncio.sleep(1)
        return went

    with world() as (loop, _):
        assert loop.run_until_complete(main()) == []


def test_a_crash_makes_no_noise(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise ValueError("nobody asks")

    async def listen() -> None:
        async for _ in waiting():
            pass

    async def tidy() -> None:
        gate = asyncio.get_running_loop().create_future()
        try:
            try:
                try:
                    await asyncio.sleep(HOURS_S)
                finally:
                    await gate
            finally:
                await gate
        finally:
            await asyncio.get_running_loop().create_task(fail())

    async def engine(kept: list[object]) -> None:
        lost = asyncio.get_running_loop().create_future()
        lost.set_exception(ValueError("never retrieved"))
        kept += [asyncio.create_task(code()) for code in (fail, listen, tidy, tidy)]
        kept.append(lost)
        await asyncio.sleep(HOURS_S)
        kept.clear()

    async def main(loop: VirtualLoop) -> None:
        process = loop.process("engine")
        process.spawn(engine([]))
        await asyncio.sleep(1)
        process.spawn(tidy())  # dead before its first step
        loop.kill(process)
        gc.collect()
        await asyncio.sleep(HOURS_S)

    with silence(caplog), world() as (loop, _):
        loop.run_until_complete(main(loop))


def test_the_end_of_the_world_makes_no_noise_either(caplog: pytest.LogCaptureFixture) -> None:
    async def main(loop: VirtualLoop) -> None:
        loop.process("engine").spawn(tick([]))
        kept = asyncio.create_task(tick([]))
        await asyncio.wait([kept], timeout=3)

    with silence(caplog), world() as (loop, _):
        loop.run_until_complete(main(loop))


def test_a_process_can_be_crashed_at_each_of_its_steps() -> None:
    async def work(done: list[int]) -> None:
        for number in range(5):
            await asyncio.sleep(0.1)
            await asyncio.create_task(asyncio.sleep(0))
            done.append(number)

    async def main(loop: VirtualLoop, crash_at: int) -> tuple[int, list[int], bool]:
        process, done = loop.process("engine"), list[int]()
        if crash_at:
            loop.kill_at(process, crash_at)
        process.spawn(work(done))
        await asyncio.sleep(10)
        return loop.steps_of(process), done, process.alive

    def play(crash_at: int) -> tuple[int, list[int], bool, list[str]]:
        trace: list[str] = []
        with world(trace=trace.append) as (loop, _):
            played = loop.run_until_complete(main(loop, crash_at))
        return *played, [line for line in trace if line.split()[1] == "engine"]

    steps, all_done, alive, undisturbed = play(0)
    assert (alive, all_done) == (True, [0, 1, 2, 3, 4])
    assert steps == len(undisturbed) > 20
    seen = set()
    for step in range(1, steps + 1):
        ran, done, alive, trace = play(step)
        assert (alive, ran) == (False, step - 1)
        assert trace == undisturbed[: step - 1]
        seen.add(len(done))
    assert seen >= {0, 1, 2, 3, 4}


def test_a_step_that_was_passed_cannot_be_chosen() -> None:
    with world() as (loop, _):
        engine = loop.process("engine")
        engine.spawn(asyncio.sleep(1))
        loop.run_until_complete(asyncio.sleep(0.5))
        with pytest.raises(AssertionError, match="engine has done 1 steps"):
            loop.kill_at(engine, 1)


def test_a_crash_unwinds_its_step_and_what_the_rest_of_it_asks_for_is_not_done() -> None:
    async def die(went: list[str], at_this_point: Callable[[], object]) -> None:
        try:
            went.append("to the crash")
            at_this_point()
            went.append("past the crash")
        finally:
            loop.call_soon(went.append, "soon")
            loop.call_later(1, went.append, "later")
            loop.create_task(tick([]))
            went.append("unwound")

    async def main() -> list[str]:
        went: list[str] = []
        engine = loop.process("engine")
        engine.spawn(die(went, loop.crash))
        engine.run(loop.call_later, 0.5, loop.crash)
        await asyncio.sleep(5)
        assert not engine.alive
        return went

    with world() as (loop, _):
        assert loop.run_until_complete(main()) == ["to the crash", "unwound"]


def test_a_crash_in_a_callback_is_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    with silence(caplog), world() as (loop, _):
        engine = loop.process("engine")
        engine.run(loop.call_soon, loop.crash)
        loop.run_until_complete(asyncio.sleep(1))
        assert not engine.alive


def test_the_living_are_heard_right_after_a_crash() -> None:
    loop = VirtualLoop(Random(1))
    loop.process("engine").run(loop.call_soon, loop.crash)
    loop.stop()
    loop.run_forever()
    loop.call_exception_handler({"message": "from outside"})
    assert loop.unhandled == [{"message": "from outside"}]
    loop.close()


def test_the_timers_of_the_dead_do_not_move_time() -> None:
    async def main() -> None:
        engine = loop.process("engine")
        engine.spawn(asyncio.sleep(HOURS_S))
        await asyncio.sleep(1)
        loop.kill(engine)
        await loop.create_future()

    with world() as (loop, _):
        with pytest.raises(Stuck, match=r"at 1\.0 s"):
            loop.run_until_complete(main())
        assert loop.time() == 1.0


def test_the_dead_are_waited_for_by_nobody() -> None:
    async def main() -> int:
        engine = loop.process("engine")
        task = engine.spawn(asyncio.sleep(1))
        await asyncio.sleep(0.5)
        assert task in asyncio.all_tasks()
        loop.kill(engine)
        return len(asyncio.all_tasks())

    with world() as (loop, _):
        assert loop.run_until_complete(main()) == 1


def test_a_death_is_told_at_its_instant_and_once() -> None:
    async def main() -> list[tuple[str, float, bool]]:
        told: list[tuple[str, float, bool]] = []
        loop.on_kill.append(lambda dead: told.append((dead.name, loop.time(), dead.alive)))
        engine = loop.process("engine")
        await asyncio.sleep(3)
        loop.kill(engine)
        loop.kill(engine)
        return told

    with world() as (loop, _):
        assert loop.run_until_complete(main()) == [("engine", 3.0, False)]


def test_a_name_is_free_again_after_a_death() -> None:
    with world() as (loop, _):
        first = loop.process("engine")
        with pytest.raises(AssertionError, match="engine"):
            loop.process("engine")
        loop.kill(first)
        second = loop.process("engine")
        assert (first.alive, second.alive) == (False, True)
        with pytest.raises(AssertionError, match="engine is dead"):
            first.run(print)
        code = asyncio.sleep(1)
        with pytest.raises(AssertionError, match="engine is dead"):
            first.spawn(code)
        code.close()


def test_the_world_does_not_die() -> None:
    with world() as (loop, _), pytest.raises(AssertionError, match="does not die"):
        loop.kill(loop.world)


def test_a_spawned_task_that_nobody_keeps_lives_on() -> None:
    async def main() -> int:
        ticks: list[float] = []

        async def wait_for_ever() -> None:
            try:
                await asyncio.get_running_loop().create_future()
            finally:
                ticks.append(-1.0)

        loop.process("engine").spawn(wait_for_ever())
        await asyncio.sleep(1)
        gc.collect()
        return len(ticks)

    with world() as (loop, _):
        assert loop.run_until_complete(main()) == 0
