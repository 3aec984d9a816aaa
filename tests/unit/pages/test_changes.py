"""A reader is told that something changed, misses nothing, and is let go when the server stops."""

import pytest

from twofold.pages.sim import changes as module
from twofold.pages.sim.changes import Changes

CHANGED = b"event: changed\ndata:\n\n"


async def test_a_change_while_another_is_being_told_is_told_next() -> None:
    changes = Changes()
    stream = changes.stream()
    assert await anext(stream) == b"retry: 1000\n\n"
    changes.touch()
    assert await anext(stream) == CHANGED
    changes.touch()
    assert await anext(stream) == CHANGED
    await stream.aclose()


async def test_silence_is_told_as_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HEARTBEAT_S", 0.0)
    changes = Changes()
    stream = changes.stream()
    await anext(stream)
    assert await anext(stream) == b": here\n\n"
    await stream.aclose()


async def test_a_stream_ends_with_the_server_and_leaves_no_reader_behind() -> None:
    changes = Changes()
    stream = changes.stream()
    await anext(stream)
    changes.end()
    assert [event async for event in stream] == []
    changes.touch()
    assert not changes.is_full


async def test_there_are_no_more_readers_than_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_STREAMS", 1)
    changes = Changes()
    stream = changes.stream()
    await anext(stream)
    assert changes.is_full
    await stream.aclose()
    assert not changes.is_full
