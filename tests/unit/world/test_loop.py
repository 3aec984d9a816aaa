"""Time that jumps, order that chance decides, and an end to runs that would have none."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from random import Random

import pytest

from tests.unit.world.rig import world
from twofold.world.loop import Stuck, TooManySteps, VirtualLoop

SEEDS = range(20)


async def wake(count: int) -> str:
    """Wake tasks side by side; say in which order they went."""
    start = asyncio.Event()
    went: list[str] = []

    async def go(name: str) -> None:
        await start.wait()
        went.append(name)

    tasks = [asyncio.create_task(go(chr(ord("a") + number))) for number in range(count)]
    await asyncio.sleep(1)
    start.set()
    await asyncio.gather(*tasks)
    return "".join(went)


def test_twelve_hours_pass_in_a_few_steps() -> None:
    with world() as (loop, _):
        loop.run_until_complete(asyncio.sleep(12 * 3600))
        assert loop.time() == 12 * 3600
        assert loop.steps < 10


def test_time_stands_still_while_anything_is_ready() -> None:
    async def spin() -> float:
        loop = asyncio.get_running_loop()
        loop.call_later(0.001, lambda: None)
        for _ in range(1000):
            await asyncio.sleep(0)
        return loop.time()

    with world() as (loop, _):
        assert loop.run_until_complete(spin()) == 0.0


def test_timers_fire_by_time_and_at_one_instant_in_the_order_asked_for() -> None:
    async def main() -> list[str]:
        loop, fired = asyncio.get_running_loop(), list[str]()
        for name, delay in (("c", 2.0), ("a", 1.0), ("d", 2.0), ("b", 1.0), ("e", 2.0)):
            loop.call_later(delay, fired.append, name)
        await asyncio.sleep(3)
        return fired

    for seed in SEEDS:
        with world(seed) as (loop, _):
            assert loop.run_until_complete(main()) == ["a", "b", "c", "d", "e"]


def test_a_cancelled_timer_neither_fires_nor_moves_time() -> None:
    async def main() -> float:
        loop = asyncio.get_running_loop()
        loop.call_later(1, pytest.fail, "fired").cancel()
        await asyncio.sleep(0.5)
        return loop.time()

    with world() as (loop, _):
        assert loop.run_until_complete(main()) == 0.5
        with pytest.raises(Stuck):
            loop.run_until_complete(loop.create_future())
        assert loop.time() == 0.5


def test_a_cancelled_callback_does_not_run_and_is_no_step() -> None:
    async def main() -> int:
        loop = asyncio.get_running_loop()
        loop.call_soon(pytest.fail, "ran").cancel()
        await asyncio.sleep(0)
        return 1

    with world() as (loop, _):
        assert loop.run_until_complete(main()) == 1
        assert loop.steps == 3  # two of the task, and what stops the loop


def test_timers_that_were_cancelled_are_not_kept_for_their_hour() -> None:
    async def main(loop: VirtualLoop) -> tuple[int, list[int]]:
        fired: list[int] = []
        for number in range(20_000):
            timer = loop.call_later(3600 + number, fired.append, number)
            if number % 1000:
                timer.cancel()
        kept = len(loop._timers)  # noqa: SLF001 - what is kept is the point
        await asyncio.sleep(30_000)
        return kept, fired

    with world() as (loop, _):
        kept, fired = loop.run_until_complete(main(loop))
        assert kept < 2000
        assert fired == list(range(0, 20_000, 1000))


def test_callbacks_run_in_the_order_asked_for_whatever_the_seed() -> None:
    async def main() -> list[int]:
        ran: list[int] = []
        for number in range(10):
            asyncio.get_running_loop().call_soon(ran.append, number)
        await asyncio.sleep(0)
        return ran

    for seed in SEEDS:
        with world(seed) as (loop, _):
            assert loop.run_until_complete(main()) == list(range(10))


def test_chance_decides_which_woken_task_goes_first() -> None:
    orders = set()
    for seed in SEEDS:
        with world(seed) as (loop, _):
            orders.add(loop.run_until_complete(wake(3)))
    assert orders == {"abc", "acb", "bac", "bca", "cab", "cba"}


def test_a_seed_repeats() -> None:
    for seed in SEEDS:
        went = set()
        for _ in range(3):
            with world(seed) as (loop, _):
                went.add(loop.run_until_complete(wake(6)))
        assert len(went) == 1


def test_no_task_overtakes_a_callback_that_was_asked_for_before_it() -> None:
    async def main() -> list[str]:
        loop, went = asyncio.get_running_loop(), list[str]()

        async def go(name: str) -> None:
            went.append(name)

        tasks = []
        for number in range(4):
            tasks.append(asyncio.create_task(go(f"task {number}")))
            loop.call_soon(went.append, f"callback {number}")
        await asyncio.gather(*tasks)
        return went

    expected = [f"{kind} {number}" for number in range(4) for kind in ("task", "callback")]
    for seed in SEEDS:
        with world(seed) as (loop, _):
            assert loop.run_until_complete(main()) == expected


def test_the_order_in_which_a_set_woke_its_tasks_leaves_no_mark() -> None:
    async def main(turned: Callable[[list[asyncio.Future[None]]], None]) -> list[int]:
        went: list[int] = []

        async def go(number: int, gate: asyncio.Future[None]) -> None:
            await gate
            went.append(number)

        gates = [asyncio.get_running_loop().create_future() for _ in range(6)]
        tasks = [asyncio.create_task(go(number, gate)) for number, gate in enumerate(gates)]
        await asyncio.sleep(1)
        turned(gates)
        for gate in gates:
            gate.set_result(None)
        await asyncio.gather(*tasks)
        return went

    for seed in SEEDS:
        with world(seed) as (loop, _):
            one = loop.run_until_complete(main(lambda _: None))
        with world(seed) as (loop, _):
            other = loop.run_until_complete(main(lambda gates: gates.reverse()))
        assert one == other


def test_a_run_that_can_never_end_says_who_waits_and_where() -> None:
    async def waits_for_ever() -> None:
        await asyncio.get_running_loop().create_future()

    async def main(loop: VirtualLoop) -> None:
        await asyncio.sleep(5)
        await loop.process("engine").spawn(waits_for_ever(), "committer")

    with world() as (loop, _):
        with pytest.raises(Stuck) as stuck:
            loop.run_until_complete(main(loop))
        said = str(stuck.value)
        assert said.startswith("at 5.0 s nothing can happen any more; 2 wait: world: world-1 in ")
        assert "engine: committer in " in said
        assert "waits_for_ever:" in said


def test_a_run_that_spins_is_ended() -> None:
    loop = VirtualLoop(Random(1), max_steps=1000)

    def spin() -> None:
        loop.call_soon(spin)

    spin()
    with pytest.raises(TooManySteps, match=r"1000 steps by 0.0 s; last: <Process world"):
        loop.run_forever()
    assert loop.steps == 1001
    loop.close()


def test_stopping_does_not_move_time() -> None:
    with world() as (loop, _):
        loop.call_later(5, pytest.fail, "fired")
        loop.stop()
        loop.run_forever()
        assert loop.time() == 0.0


def test_a_callback_from_elsewhere_runs_too() -> None:
    with world() as (loop, _):
        loop.call_soon_threadsafe(loop.stop)
        loop.run_forever()
        assert loop.steps == 1


@pytest.mark.parametrize(
    ("outside", "refusal"),
    [
        (lambda _: asyncio.to_thread(print), RuntimeError),
        (lambda loop: loop.getaddrinfo("localhost", 80), RuntimeError),
        (lambda _: asyncio.create_subprocess_exec("true"), NotImplementedError),
        (
            lambda loop: loop.create_datagram_endpoint(
                asyncio.DatagramProtocol, local_addr=("127.0.0.1", 0)
            ),
            NotImplementedError,
        ),
    ],
)
def test_nothing_of_the_outside_is_let_in(
    outside: Callable[[VirtualLoop], Coroutine[object, object, object]],
    refusal: type[Exception],
) -> None:
    async def main(loop: VirtualLoop) -> None:
        with pytest.raises(refusal):
            await outside(loop)

    with world() as (loop, _):
        loop.run_until_complete(main(loop))


def test_there_are_no_signals() -> None:
    with world() as (loop, _), pytest.raises(NotImplementedError):
        loop.add_signal_handler(signal.SIGTERM, print)


def test_what_failed_unnoticed_is_known_when_the_loop_closes() -> None:
    async def fail() -> None:
        raise ValueError("unnoticed")

    async def main(loop: VirtualLoop) -> asyncio.Task[None]:
        task = loop.process("engine").spawn(fail())
        await asyncio.sleep(1)
        return task

    loop = VirtualLoop(Random(1))
    task = loop.run_until_complete(main(loop))
    loop.call_soon(lambda: 1 / 0)
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    thrown, unretrieved = loop.unhandled
    assert isinstance(thrown["exception"], ZeroDivisionError)
    assert unretrieved["task"] is task
    assert isinstance(task.exception(), ValueError)


def test_a_runner_may_own_the_loop() -> None:
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(Random(1))) as runner:
        runner.run(asyncio.sleep(3600))
        assert runner.get_loop().time() == 3600
