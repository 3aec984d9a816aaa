"""The real link and the SMSC stand-in in one world: a crash at any step of the link is outlived."""

import asyncio

from tests.unit.links.rig import ACCOUNT, NUMBER, Heard, link_settings
from tests.unit.world.rig import PORT, world
from twofold.links.smpp import SmppLink
from twofold.peers.phones import Phones
from twofold.peers.smsc import Smsc, SmscSettings
from twofold.world.loop import Process, VirtualLoop


async def send(loop: VirtualLoop) -> int:
    """Start the SMSC, and a phone that writes as soon as it may; give the answer's status."""
    now_ms = 1_767_225_600_000
    smsc = Smsc(SmscSettings((ACCOUNT,), retry_after_s=1.0), lambda: now_ms)
    await smsc.start("127.0.0.1", PORT)
    phones = Phones(smsc, lambda: now_ms + int(loop.time() * 1000))
    return await phones.send(NUMBER, "9166", "DK THETHAO")


def start_engine(loop: VirtualLoop) -> tuple[Process, Heard]:
    """Start a process that keeps a link up."""
    engine, heard = loop.process("engine"), Heard()
    heard.link = SmppLink(link_settings(PORT), heard, lambda: 0.5)
    engine.spawn(heard.link.run())
    return engine, heard


def play(seed: int, crash_at: int) -> tuple[int, int, int]:
    """Crash the engine at a step and start it anew; say who heard the message, and all steps."""

    async def main() -> tuple[int, int, int]:
        sending = loop.process("smsc").spawn(send(loop))
        first, before = start_engine(loop)
        if crash_at:
            loop.kill_at(first, crash_at)
            loop.on_kill.append(lambda _: loop.call_later(1, restarted.set_result, None))
            await restarted
            _, after = start_engine(loop)
        else:
            after = Heard()
        async with asyncio.timeout(60):
            assert await sending == 0
        await asyncio.sleep(0.1)
        return len(before.messages), len(after.messages), loop.steps_of(first)

    with world(seed) as (loop, network):
        restarted: asyncio.Future[None] = loop.create_future()
        played = loop.run_until_complete(main())
        assert network.bytes_by_port[PORT] > 100
        return played


def test_a_message_is_heard_wherever_the_link_is_crashed() -> None:
    heard = set()
    for seed in range(3):
        once, _, steps = play(seed, crash_at=0)
        assert once == 1
        assert steps > 5
        for step in range(1, steps + 1):
            before, after, _ = play(seed, crash_at=step)
            heard.add((before, after))
    # Not yet, by the second alone; answered, and the answer lost or not, by the first.
    assert {(0, 1), (1, 1)} <= heard <= {(0, 1), (1, 1), (1, 0)}
