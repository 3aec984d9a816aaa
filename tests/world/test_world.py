"""The world itself: it plays the real engine, it kills it, and it replays."""

from pathlib import Path

import pytest

from twofold.store.errors import StoreUnavailable
from twofold.world.world import EngineFailed, NeverQuiet, World

NUMBER = "84912345678"


async def converse(world: World) -> list[str]:
    """Join, confirm, look, stop; give the texts received."""
    for short_code, text in (
        ("9166", "DK THETHAO"),
        ("9166", "Y"),
        ("123", "TK"),
        ("9166", "HUY THETHAO"),
    ):
        assert await world.phones.send(NUMBER, short_code, text) == 0
        await world.settle()
    return [message["text"] for message in world.phones.received(NUMBER)]


def test_one_conversation_is_played_over_real_smpp(tmp_path: Path) -> None:
    world = World(1, folder=tmp_path)
    prompt, welcome, listed, stopped = world.play(converse)
    assert "soan Y" in prompt
    assert "thanh cong" in welcome
    assert "THETHAO" in listed
    assert "da huy" in stopped
    assert world.bytes_carried > 1_000


def test_a_day_passes_in_no_time(tmp_path: Path) -> None:
    async def main(world: World) -> int:
        began_at = world.now()
        await world.advance(86_400_000)
        return world.now() - began_at

    assert World(1, folder=tmp_path).play(main) == 86_400_000


def test_an_order_that_nobody_could_carry_yet_is_seen(tmp_path: Path) -> None:
    async def main(world: World) -> None:
        world.smsc.faults.submit = "throttle"
        await world.phones.send(NUMBER, "9166", "DK THETHAO")
        await world.advance(1_000)
        (order,) = world.orders()
        assert (order.key, order.party) == ("confirm_request", "abc")

    World(1, folder=tmp_path).play(main)


def test_what_a_crashed_engine_had_not_committed_is_gone(tmp_path: Path) -> None:
    async def main(world: World) -> None:
        world.crash_at("commit.written")
        sent = world.loop.create_task(world.phones.send(NUMBER, "9166", "DK THETHAO"))
        await world.advance(1_000)
        assert not sent.done()
        assert (world.is_up, world.entries(), world.requests(NUMBER)) == (False, [], [])
        assert await world.restart()
        assert await sent == 0
        await world.settle()
        assert len(world.requests(NUMBER)) == 1
        assert len(world.crashes) == 1

    World(1, folder=tmp_path).play(main)


def test_an_engine_that_fails_by_itself_fails_the_play(tmp_path: Path) -> None:
    async def main(world: World) -> None:
        def fail(_decisions: object) -> None:
            raise RuntimeError("a fault of ours")

        world.engine.committer.on_committed.append(fail)
        await world.phones.send(NUMBER, "9166", "DK THETHAO")

    with pytest.raises(EngineFailed):
        World(1, folder=tmp_path).play(main)


def test_what_never_comes_to_rest_is_named(tmp_path: Path) -> None:
    async def main(world: World) -> None:
        world.crash()
        await world.settle(1)

    with pytest.raises(NeverQuiet, match="the engine is down"):
        World(1, folder=tmp_path).play(main)


def test_an_engine_that_never_lives_for_an_hour_forgets_what_is_old_all_the_same(
    tmp_path: Path,
) -> None:
    async def main(world: World) -> None:
        await converse(world)
        kept = "SELECT count(*) FROM mo_keys"
        assert world.reading.execute(kept).fetchall() != [(0,)]
        for _ in range(52):
            await world.advance(30 * 60_000)
            world.crash()
            assert await world.restart()
        assert world.reading.execute(kept).fetchall() == [(0,)]

    World(1, folder=tmp_path, settings={"TWOFOLD_SMSC__0__MO_ID_TLV": "0x1401"}).play(main)


def test_a_store_that_is_away_when_it_is_to_forget_does_not_end_the_engine(tmp_path: Path) -> None:
    async def main(world: World) -> None:
        tried = []

        async def prune(now_at: int) -> None:
            tried.append(now_at)
            raise StoreUnavailable("the disk is full")

        world.engine.store.prune = prune  # type: ignore[method-assign]
        await world.advance(3 * 3_600_000)
        assert len(tried) == 3
        assert len(await converse(world)) == 4

    World(1, folder=tmp_path).play(main)
