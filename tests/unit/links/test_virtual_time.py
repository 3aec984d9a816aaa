"""How long a link waits for what, on the world's virtual time and network."""

import asyncio
from collections.abc import Callable, Coroutine
from random import Random

import pytest

from tests.unit.links.rig import ACCOUNT, Heard, Rig, link_settings, running
from twofold.links.smpp import SmppLink
from twofold.peers.smsc import SmscSettings
from twofold.protocol.smpp.constants import CommandStatus
from twofold.world.loop import VirtualLoop
from twofold.world.network import Network

PORT = 2775

Scene = Callable[[Rig, Network], Coroutine[None, None, None]]


def play(scene: Scene) -> None:
    """Play a scene with an SMSC that listens; links are for the scene to run."""
    loop = VirtualLoop(Random(7))
    network = Network(loop, Random(8))

    async def prepared() -> None:
        both = Rig(SmscSettings((ACCOUNT,)))
        await both.smsc.start(port=PORT)
        async with asyncio.timeout(3600):
            await scene(both, network)
        await both.smsc.stop()

    try:
        loop.run_until_complete(prepared())
        assert loop.unhandled == []
    finally:
        loop.close()


def now() -> float:
    return asyncio.get_running_loop().time()


class Attempts:
    """A chance of nothing, which notes when it is asked: at the end of each attempt."""

    def __init__(self) -> None:
        self.ended_at: list[float] = []

    def __call__(self) -> float:
        self.ended_at.append(now())
        return 0.0

    def waits(self) -> list[float]:
        """What passed between two attempts, to a tenth of a second."""
        pairs = zip(self.ended_at, self.ended_at[1:], strict=False)
        return [round(later - earlier, 1) for earlier, later in pairs]


async def run_for(both: Rig, seconds: float, jitter: Callable[[], float]) -> SmppLink:
    """Run a link for so long, and close it."""
    link = both.link = both.heard.link = SmppLink(link_settings(PORT), both.heard, jitter)
    task = asyncio.create_task(link.run())
    await asyncio.sleep(seconds)
    await link.close(5.0)
    await task
    return link


def test_a_port_that_refuses_is_tried_every_four_seconds_in_the_end() -> None:
    async def scene(both: Rig, network: Network) -> None:
        network.refuse(PORT)
        attempts = Attempts()
        await run_for(both, 18.0, attempts)
        assert attempts.waits() == [0.5, 1.0, 2.0, 4.0, 4.0, 4.0]

    play(scene)


def test_refused_binds_are_repeated_at_the_same_pace() -> None:
    async def scene(both: Rig, _: Network) -> None:
        both.smsc.faults.refuse_binds = CommandStatus.ESME_RBINDFAIL
        attempts = Attempts()
        link = await run_for(both, 18.0, attempts)
        assert attempts.waits() == [0.5, 1.0, 2.0, 4.0, 4.0, 4.0]
        assert link.stats.refused_binds == 7

    play(scene)


def test_a_link_that_was_bound_comes_back_after_half_a_second() -> None:
    async def scene(both: Rig, network: Network) -> None:
        network.refuse(PORT)
        asyncio.get_running_loop().call_later(16.0, network.accept, PORT)
        attempts = Attempts()
        link = both.heard.link = SmppLink(link_settings(PORT), both.heard, attempts)
        task = asyncio.create_task(link.run())
        await both.heard.up()
        cut_at = now()
        network.cut()
        await both.heard.down()
        await both.heard.up()
        assert 0.5 <= now() - cut_at < 0.6
        await link.close(5.0)
        await task

    play(scene)


def test_a_host_that_does_not_answer_is_given_up_and_found_again() -> None:
    async def scene(both: Rig, network: Network) -> None:
        network.partition()
        attempts = Attempts()
        link = both.heard.link = SmppLink(link_settings(PORT), both.heard, attempts)
        task = asyncio.create_task(link.run())
        await asyncio.sleep(14.0)
        assert attempts.waits() == [5.5]
        assert link.stats.last_error == "cannot connect: no answer"
        network.heal()
        healed_at = now()
        await both.heard.up()
        assert now() - healed_at <= 10.0
        await link.close(5.0)
        await task

    play(scene)


@pytest.mark.parametrize("after_s", [0.0, 0.0005, 0.002, 0.01])
def test_a_link_closed_while_it_connects_leaves_nothing_behind(after_s: float) -> None:
    async def scene(both: Rig, network: Network) -> None:
        network.delay_ms = (1.0, 1.0)
        began = now()
        link = await run_for(both, after_s, Attempts())
        assert now() - began < 0.1
        assert (link.is_up, link.room) == (False, 0)
        await both.smsc.wait_until(lambda: not both.smsc.lines)

    play(scene)


def test_a_silent_line_is_given_up_after_enquiry_and_time_out() -> None:
    async def scene(both: Rig, network: Network) -> None:
        async with running(both, PORT):
            await both.heard.up()
            await asyncio.sleep(1.0)
            silent_at = now()
            fault = network.partition()
            both.submit("unheard")
            await both.heard.until(lambda: bool(both.heard.lost))
            assert both.heard.lost == [("unheard", "no answer in time")]
            assert 10.0 <= now() - silent_at < 10.1
            await both.heard.down()
            assert 39.0 <= now() - silent_at < 40.0
            network.heal(fault)
            await both.heard.up()
            assert both.link.stats.reconnects == 1

    play(scene)


def test_no_connection_is_remembered_once_it_is_gone() -> None:
    async def scene(both: Rig, network: Network) -> None:
        async with running(both, PORT):
            for _ in range(3):
                await both.heard.up()
                network.cut()
                await both.heard.down()
            await both.heard.up()
            assert [*both.link._connections] == [4]  # noqa: SLF001 - what is kept is not shown

    play(scene)


def test_rests_double_while_throttled_and_start_small_after_a_text_was_taken() -> None:
    async def scene(both: Rig, _: Network) -> None:
        async with running(both, PORT):
            await both.heard.up()
            rests = [await rest(both) for _ in range(3)]
            both.smsc.faults.submit = "ok"
            both.submit("taken")
            await both.heard.until(lambda: both.statuses()[-1:] == [0])
            rests.append(await rest(both))
            assert rests == [0.25, 0.5, 1.0, 0.25]

    play(scene)


async def rest(both: Rig) -> float:
    """Be throttled once; say how long there was no room then."""
    both.smsc.faults.submit = "throttle"
    throttled = both.link.stats.throttled
    rooms = len(both.heard.rooms)
    assert both.submit("throttled")
    await both.heard.until(lambda: both.link.stats.throttled > throttled)
    began = now()
    assert both.link.room == 0
    await both.heard.until(lambda: len(both.heard.rooms) > rooms)
    return round(now() - began, 2)


def test_the_rate_is_used_to_the_full_and_never_exceeded() -> None:
    async def scene(both: Rig, _: Network) -> None:
        sent_at: list[float] = []
        async with running(both, PORT, tps_max=20):
            await both.heard.up()
            began = now()
            while now() - began < 10.0:
                while both.submit(len(sent_at)):
                    sent_at.append(now())
                both.heard.rooms.clear()
                await both.heard.until(lambda: bool(both.heard.rooms))
        assert 180 <= len(sent_at) <= 220
        pairs = zip(sent_at, sent_at[20:], strict=False)
        assert all(earlier + 1.0 <= later for earlier, later in pairs)

    play(scene)


def test_a_listener_that_hears_nothing_is_no_reason_to_stop() -> None:
    async def scene(both: Rig, network: Network) -> None:
        heard = Heard()
        heard.link = SmppLink(link_settings(PORT), heard, lambda: 1.0)
        task = asyncio.create_task(heard.link.run())
        await heard.up()
        network.cut()
        await asyncio.sleep(3600.0 / 2)
        assert heard.link.is_up
        assert heard.changes == [True, False, True]
        await heard.link.close(1.0)
        await task
        assert both.smsc.lines == []

    play(scene)
