"""The machine's clock, watched: what happens when it jumps."""

from twofold.app.clock import JUMP_MS, SETTLED_MS, SystemClock

WALL_AT = 1_773_453_600_000
HOUR_MS = 3_600_000


class Machine:
    """A wall clock that can be set, and the time since boot, which cannot."""

    def __init__(self) -> None:
        self.wall_ms, self.boot_ms = WALL_AT, 5_000
        self.clock = SystemClock(lambda: self.wall_ms, lambda: self.boot_ms)

    def run(self, ms: int) -> None:
        self.wall_ms += ms
        self.boot_ms += ms


def test_a_clock_that_runs_on_is_sound_and_tells_the_wall_clocks_time() -> None:
    machine = Machine()
    machine.run(HOUR_MS)
    assert (machine.clock.is_sound(), machine.clock.now()) == (True, WALL_AT + HOUR_MS)


def test_a_jump_either_way_never_shows_in_the_time_that_is_told() -> None:
    for jump_ms in (-HOUR_MS, -JUMP_MS - 1, JUMP_MS + 1, HOUR_MS):
        machine = Machine()
        machine.wall_ms += jump_ms
        machine.run(1_000)
        assert (machine.clock.is_sound(), machine.clock.now()) == (False, WALL_AT + 1_000)


def test_after_a_jump_both_clocks_must_agree_for_a_minute() -> None:
    machine = Machine()
    machine.wall_ms += HOUR_MS
    assert not machine.clock.is_sound()
    machine.wall_ms -= HOUR_MS
    assert not machine.clock.is_sound()
    machine.run(SETTLED_MS - 1)
    assert not machine.clock.is_sound()
    machine.run(1)
    assert machine.clock.is_sound()


def test_a_small_step_is_followed() -> None:
    machine = Machine()
    machine.wall_ms += JUMP_MS
    assert (machine.clock.is_sound(), machine.clock.now()) == (True, WALL_AT + JUMP_MS)
