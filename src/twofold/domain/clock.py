"""Business time as a port: windows and stored retries ask it; the demo and the world move it."""

from typing import Protocol


class Clock(Protocol):
    """Gives the time and waits for it. Times are ms UTC."""

    def now(self) -> int:
        """The business time."""

    def is_sound(self) -> bool:
        """False while the clock has jumped and not yet settled: nothing may be committed by it."""

    async def wait(self, until_at: int | None, wake: "Signal") -> None:
        """Return when `until_at` has come (None: never) or `wake` is set; it is cleared then."""


class Signal(Protocol):
    """What an `asyncio.Event` offers."""

    def set(self) -> None:
        """Wake who waits."""

    def clear(self) -> None:
        """Forget that it was set."""

    async def wait(self) -> bool:
        """Wait until it is set."""
