"""What pages say, and how they write money and time, in one language.

Each language is one file of `words`; a name that no file knows is shown as it is, so that a new
kind of entry never breaks a page.
"""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from twofold.texts.money import digits

LANGUAGES: Final = ("vi", "en")
"""The first is spoken to whoever asks for none of them."""

_SEPARATORS: Final[Mapping[str, tuple[str, str]]] = {"vi": (".", ","), "en": (",", ".")}
"""Between thousands, and before decimals."""

_DAY: Final[Mapping[str, str]] = {"vi": "{0.day:02}/{0.month:02}", "en": "{0:%d %b}"}
_HOUR_MS: Final = 3_600_000
_MINUTE_MS: Final = 60_000


class Words:
    """One language; called with a key such as `phone.send`."""

    def __init__(self, language: str, time_zone: str, currency: str) -> None:
        """Speak a language, in the operator's zone and currency."""
        self.language = language
        self.time_zone = time_zone
        self.currency = currency
        self._said = read_words(language)
        self._zone = ZoneInfo(time_zone)

    def __call__(self, key: str, /, **fields: object) -> str:
        """Say something; a KeyError names a key or field that is missing."""
        return self._said[key].format_map(fields)

    def __contains__(self, key: str) -> bool:
        """Whether there are words for a key."""
        return key in self._said

    def name(self, group: str, raw: str) -> str:
        """The word for a name of an open list, or the name itself with its underlines as blanks."""
        return self._said.get(f"{group}.{raw}") or raw.replace("_", " ")

    def amount(self, amount_minor: int) -> str:
        """Write an amount: `2.000đ`, `2,000đ`; any other currency by its three letters."""
        figures = digits(amount_minor, self.currency, *_SEPARATORS[self.language])
        return f"{figures}đ" if self.currency == "VND" else f"{figures} {self.currency}"

    def second(self, at: int) -> str:
        """Write a time of the day: `14:05:09`."""
        return f"{self._local(at):%H:%M:%S}"

    def minute(self, at: int) -> str:
        """Write a time with its day: `14:05 12/11`, `14:05 12 Nov`."""
        local = self._local(at)
        return f"{local:%H:%M} {_DAY[self.language].format(local)}"

    def exact(self, at: int) -> str:
        """Write a time to the millisecond, for evidence: `2026-11-28 21:29:20.387`."""
        return f"{self._local(at):%Y-%m-%d %H:%M:%S}.{at % 1000:03}"

    def day(self, at: int) -> str:
        """Write a day: `12/11`, `12 Nov`."""
        return _DAY[self.language].format(self._local(at))

    def left(self, ms: int) -> str:
        """Write how long something lasts yet: `11 h 59 min`."""
        hours, rest_ms = divmod(max(ms, 0), _HOUR_MS)
        minutes = rest_ms // _MINUTE_MS
        unit = "phút" if self.language == "vi" else "min"
        return f"{hours} h {minutes:02} {unit}" if hours else f"{minutes} {unit}"

    def iso(self, at: int) -> str:
        """Write a time for machines."""
        return self._local(at).isoformat(timespec="milliseconds")

    def offset(self, at: int) -> str:
        """How far the zone is from UTC: `+07:00`."""
        return self._local(at).isoformat()[-6:]

    def _local(self, at: int) -> datetime:
        return datetime.fromtimestamp(at / 1000, self._zone)


@cache
def read_words(language: str) -> Mapping[str, str]:
    """Read a language's file: `group.key` to what is said."""
    text = files("twofold.pages").joinpath("words", f"{language}.toml").read_text("utf-8")
    groups: dict[str, dict[str, str]] = tomllib.loads(text)
    return {f"{group}.{key}": said for group, keys in groups.items() for key, said in keys.items()}


def spoken(wished: str, accepted: str) -> str:
    """The language for a visitor: the one the URL names, else the browser's first that we speak."""
    if wished in LANGUAGES:
        return wished
    for part in accepted[:200].split(","):
        tag = part.partition(";")[0].strip().lower()[:2]
        if tag in LANGUAGES:
            return tag
    return LANGUAGES[0]
