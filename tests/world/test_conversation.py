"""One whole conversation, with the engine killed wherever it can be killed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.world.conversation import played
from twofold.domain.crash import POINTS
from twofold.world.world import World

SEEDS = range(1, 13)
SOAK_SEEDS = range(100, 130)


def disturbed(world: World) -> None:
    """Let the network be slow, and cut what is written as it likes."""
    world.delays_ms = (0.1, world.chance("disturb").choice((1, 20, 300, 900)))


def dies_at(point: str, time: int) -> Callable[[World], None]:
    return lambda world: world.crash_at(point, time)


def dies_after(*steps: int) -> Callable[[World], None]:
    def prepare(world: World) -> None:
        world.steps_to_live = list(steps)

    return prepare


@pytest.mark.parametrize("seed", SEEDS)
def test_a_conversation_goes_well_whatever_the_network_does(tmp_path: Path, seed: int) -> None:
    world = played(tmp_path, seed, disturbed)
    assert world.bytes_carried > 1_000
    assert world.crashes == []


@pytest.mark.parametrize("point", POINTS)
def test_a_crash_at_each_named_point_changes_nothing_for_the_subscriber(
    tmp_path: Path, point: str
) -> None:
    passes = played(tmp_path / "0", 1).points_passed[point]
    assert passes >= 4, "a conversation has four texts each way"
    for time in range(1, passes + 1):
        world = played(tmp_path / str(time), 1, dies_at(point, time))
        assert len(world.crashes) == 1, f"{point}, time {time}"


def test_a_crash_at_any_step_changes_nothing_for_the_subscriber(tmp_path: Path) -> None:
    died = die_at_steps(tmp_path, 2, step_by=1)
    assert died > 50, "the engine has as many steps as handles, and each was its last once"


@pytest.mark.parametrize("seed", range(3, 7))
def test_a_crash_during_recovery_changes_nothing_either(tmp_path: Path, seed: int) -> None:
    chance = World(seed, folder=tmp_path / "chance").chance("steps")
    for number in range(5):
        steps = [chance.randrange(1, 80), chance.randrange(1, 40), chance.randrange(1, 60)]
        played(tmp_path / str(number), seed, dies_after(*steps))


@pytest.mark.soak
@pytest.mark.parametrize("seed", SOAK_SEEDS)
def test_a_crash_at_any_step_of_any_seed(tmp_path: Path, seed: int) -> None:
    assert die_at_steps(tmp_path, seed, step_by=1) > 50


@pytest.mark.soak
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("seed", SOAK_SEEDS)
def test_a_crash_at_any_point_of_any_seed(tmp_path: Path, seed: int, point: str) -> None:
    passes = played(tmp_path / "0", seed, disturbed).points_passed[point]
    for time in range(1, passes + 1):
        played(tmp_path / str(time), seed, dies_at(point, time))


def die_at_steps(folder: Path, seed: int, *, step_by: int) -> int:
    """Play again and again, each engine dying a step later, until one lives to the end."""
    step = 0
    while True:
        step += step_by
        world = played(folder / str(step), seed, dies_after(step))
        if not world.crashes:
            return step
