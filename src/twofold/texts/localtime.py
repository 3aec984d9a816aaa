"""Times as a subscriber reads them: minutes and days in the operator's zone, always absolute."""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from twofold.domain.terms import MINUTE_MS

_REMEMBERED = 4_096
"""Minutes kept in their written form: most texts of a second share one deadline."""


class LocalTimes:
    """Writes times (ms UTC) in one time zone, to the minute, rounded down."""

    __slots__ = ("_minute", "_zone")

    def __init__(self, time_zone: str) -> None:
        """Take the zone's name in the IANA database; ZoneInfoNotFoundError when it is not there."""
        self._zone = ZoneInfo(time_zone)
        self._minute = lru_cache(maxsize=_REMEMBERED)(self._write)

    def minute(self, at: int) -> str:
        """Write a deadline: `21:05 14/03`."""
        return self._minute(at // MINUTE_MS)

    def day(self, at: int) -> str:
        """Write a date: `14/03`."""
        return self._minute(at // MINUTE_MS)[6:]

    def is_within(self, at: int, from_minute: int, until_minute: int) -> bool:
        """Say whether it is then between two minutes of the local day, the last one left out.

        The hours may go past midnight.
        """
        minute = self._minute_of_day(at)
        if from_minute <= until_minute:
            return from_minute <= minute < until_minute
        return minute >= from_minute or minute < until_minute

    def next_at(self, at: int, minute: int) -> int:
        """The next time after `at` (ms UTC) at which local clocks show this minute of the day."""
        local = datetime.fromtimestamp(at // 1000, self._zone)
        then = local.replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0)
        if then <= local:
            then += timedelta(days=1)
        return int(then.timestamp()) * 1000

    def _minute_of_day(self, at: int) -> int:
        local = datetime.fromtimestamp(at // 1000, self._zone)
        return local.hour * 60 + local.minute

    def _write(self, minutes: int) -> str:
        local = datetime.fromtimestamp(minutes * 60, self._zone)
        return f"{local.hour:02}:{local.minute:02} {local.day:02}/{local.month:02}"
