"""The operating log: a JSON line on standard error for each thing that someone may have to act on.

Rules: an event of `EVENTS` and key/values in the words of the glossary; a number only as `Msisdn`,
which prints masked; nothing secret. What happens once for each message is counted by the metrics
and never logged.
"""

import logging
from collections.abc import Mapping
from typing import Any, Final, TextIO

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor

from twofold.app.settings.tree import Secret
from twofold.domain.msisdn import Msisdn

EVENTS: Final[Mapping[str, str]] = {
    "engine_ready": "The database is open, the catalogue read, and events are decided.",
    "engine_stopping": "It was told to stop: links unbind, and what has come is decided.",
    "engine_stopped": "It has let go of the database.",
    "link_up": "The link to an SMSC is bound.",
    "link_down": "A link is not bound: why, and what to do; it is tried again by itself.",
    "bind_up": "One of several binds of a link is bound (again): `bind` is its number.",
    "bind_down": "One of several binds is not bound: why; the link goes on with the others.",
    "link_throttled": "An SMSC refuses texts that come too fast: `times` since the last look.",
    "link_puzzled": "An SMSC sent commands that nobody speaks; each was answered generic_nack.",
    "smsc_clock_skewed": "An SMSC's messages are all late or all early: its times are ignored.",
    "smsc_clock_settled": "An SMSC's clock agrees with ours again: its times count.",
    "overloaded": "More came than has room: requests are put off, `times` since the last look.",
    "overload_over": "Nothing was put off for a minute.",
    "store_away": "The database takes nothing: why; nothing is acknowledged.",
    "store_back": "The database takes commits again; `away_s` is how long it did not.",
    "event_parked": "An event could not be decided, by a fault of ours; it is kept whole.",
    "service_paused": "A service's prompt may not be sent: `reason` says what it lacks; the "
    "program has stopped the service, as an operator would, by this `revision`.",
    "text_left_out": "An approved text cannot be filled in by this program: `reason` says why; "
    "the program's own text is said in its place.",
    "call_failed": "A call over HTTP was not carried out, by a fault of ours or the store's.",
    "stray_code": "A reply code came from another number than the one that was asked for it: "
    "both are named; one such line may be a slip, many from one number are none.",
    "partner_alarm": "A caller asked for what nobody may have: money or content without a consent, "
    "to be the subscriber's reply, or one prompt more than a number gets in an hour or a day.",
    "sweep_began": "Behind a stop, or its end, every number that it hits is decided and told.",
    "sweep_done": "A sweep is through: `swept` numbers were looked at.",
    "clock_jumped": "The machine's clock jumped: nothing is committed until it has settled.",
    "clock_settled": "The clock has agreed with the time since boot for a minute: work goes on.",
}
"""Every event, and what it means; docs/reference/log.md lists them."""

FIRST: Final = ("at", "level", "event")

Log = FilteringBoundLogger


def open_log(stream: TextIO) -> Log:
    """Make the log; what libraries log as warnings or worse becomes lines of the same shape."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.format_exc_info,
        printable,
    ]
    line = structlog.processors.JSONRenderer(ensure_ascii=False)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, line],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    log: Log = structlog.wrap_logger(
        structlog.PrintLogger(stream),
        processors=[known_event, *shared, line],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    return log


def known_event(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Hold every line to the list: an event that nobody can look up helps nobody."""
    assert event["event"] in EVENTS, event["event"]
    return event


def printable(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Mask numbers and hide secrets, which JSON would print as what they are underneath."""
    first = [name for name in FIRST if name in event]
    rest = [name for name in event if name not in FIRST]
    return {name: _shown(event[name]) for name in (*first, *rest)}


def _shown(value: Any) -> Any:  # noqa: ANN401 - a value of any kind may be logged
    return str(value) if isinstance(value, Msisdn | Secret) else value
