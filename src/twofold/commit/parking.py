"""An event that could not be decided, in a form that can always be kept.

Whatever made the decision fail may make writing the event down fail as well; then an engine that
insists on its bytes would die of it, and meet it again at its next start.
"""

from typing import Final

import msgspec

from twofold.domain.events import Event
from twofold.store.port import Parked

WHY_MAX: Final = 500

_encoder: Final = msgspec.json.Encoder(enc_hook=repr)
"""What nobody foresaw is kept in words."""


def parked_of(event: Event, error: Exception) -> Parked:
    """Write an event down, with what went wrong."""
    why = keepable(f"{type(error).__name__}: {error}"[:WHY_MAX])
    return Parked(event.id, event.at, event.msisdn, why.decode(), written(event))


def written(event: Event) -> bytes:
    """The event as JSON, else as Python would show it."""
    try:
        return _encoder.encode(event)
    except Exception:  # noqa: BLE001 - there is no form that it may not fail in, but one
        return keepable(repr(event))


def keepable(text: str) -> bytes:
    """A text in UTF-8, whatever it holds: half a surrogate pair is no character of any text."""
    return text.encode("utf-8", "backslashreplace")
