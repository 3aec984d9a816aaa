"""Telling whoever looks at the page that something changed; never what: they look again.

Nothing is kept for a reader: a slow one costs nothing, and one that lost its line misses nothing.
"""

import asyncio
from collections.abc import AsyncGenerator
from typing import Final

MAX_STREAMS: Final = 64
STREAM_S: Final = 300.0
"""A stream ends after this, and the browser opens the next."""

HEARTBEAT_S: Final = 15.0
GAP_S: Final = 0.1
"""A reader is told this often at most."""

RETRY_MS: Final = 1_000


class Changes:
    """What happened since a reader looked last: something or nothing."""

    def __init__(self) -> None:
        """Begin with no readers."""
        self._readers: list[asyncio.Event] = []
        self._is_over = False

    @property
    def is_full(self) -> bool:
        """Whether there are as many readers as may be."""
        return len(self._readers) >= MAX_STREAMS

    def touch(self, *_: object) -> None:
        """Say that something changed."""
        for reader in self._readers:
            reader.set()

    def end(self) -> None:
        """End every stream: the server stops."""
        self._is_over = True
        self.touch()

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """The events of one reader, as Server-Sent Events (WHATWG HTML, section 9.2)."""
        reader = asyncio.Event()
        self._readers.append(reader)
        try:
            loop = asyncio.get_running_loop()
            until = loop.time() + STREAM_S
            yield b"retry: %d\n\n" % RETRY_MS
            while not self._is_over and loop.time() < until:
                has_changed = await _is_set(reader)
                # Before the reader is told: what changes while that is under way is told next.
                reader.clear()
                yield b"event: changed\ndata:\n\n" if has_changed else b": here\n\n"
                await asyncio.sleep(GAP_S)
        finally:
            self._readers.remove(reader)


async def _is_set(reader: asyncio.Event) -> bool:
    """Wait for a change, for the length of a heartbeat."""
    try:
        async with asyncio.timeout(HEARTBEAT_S):
            return await reader.wait()
    except TimeoutError:
        return False
