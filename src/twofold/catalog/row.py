"""One row of a catalogue file, read key by key; what is wrong is a fault, and reading goes on."""

import re
from datetime import date, datetime
from typing import Final

from twofold.catalog.faults import Fault, quoted, unknown_key

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100


class Row:
    """A table of the file; `faults` collects what is wrong with it.

    A method that reads a key returns None, and adds a fault, when the value cannot be used.
    """

    def __init__(self, where: str, values: dict[str, object], faults: list[Fault]) -> None:
        self.where = where
        self._values = values
        self._faults = faults

    def wrong(self, key: str, says: str) -> None:
        """Add a fault of one key."""
        self._faults.append(Fault(f"{self.where}: {key}", says))

    def get(self, key: str) -> object:
        """Read a key as it stands; None when it is absent."""
        return self._values.get(key)

    def has(self, key: str) -> bool:
        """Say whether an optional key is there."""
        return key in self._values

    def matching(self, key: str, pattern: re.Pattern[str], must: str) -> str | None:
        """Read text of one form."""
        value = self._required(key, must)
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        self._must(key, value, must)
        return None

    def line(self, key: str, most: int) -> str | None:
        """Read one line of text."""
        must = f"must be one line of text, {most} characters at most"
        value = self._required(key, must)
        if isinstance(value, str) and 0 < len(value) <= most and _is_line(value):
            return value
        self._must(key, value, must)
        return None

    def whole(self, key: str, least: int, most: int, must: str) -> int | None:
        """Read a whole number."""
        value = self._required(key, must)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self._must(key, value, must)
        return None

    def switch(self, key: str, must: str) -> bool | None:
        """Read true or false."""
        value = self._required(key, must)
        if isinstance(value, bool):
            return value
        self._must(key, value, must)
        return None

    def day(self, key: str) -> date | None:
        """Read a date without a time."""
        must = f"must be a date without quotes from {FIRST_YEAR} to {LAST_YEAR}, such as 2026-01-01"
        value = self._required(key, must)
        plain = isinstance(value, date) and not isinstance(value, datetime)
        if plain and isinstance(value, date) and FIRST_YEAR <= value.year <= LAST_YEAR:
            return value
        self._must(key, value, must)
        return None

    def choice(self, key: str, known: tuple[str, ...]) -> str | None:
        """Read one of a few words."""
        must = "must be " + " or ".join(f'"{word}"' for word in known)
        value = self._required(key, must)
        if isinstance(value, str) and value in known:
            return value
        self._must(key, value, must)
        return None

    def only(self, known: tuple[str, ...]) -> None:
        """Add a fault for each key that means nothing here."""
        for key in self._values:
            if key not in known:
                self.wrong(quoted(key).strip('"'), unknown_key(key, known))

    def _required(self, key: str, must: str) -> object:
        if key not in self._values:
            self.wrong(key, f"is missing; it {must}")
        return self.get(key)

    def _must(self, key: str, value: object, must: str) -> None:
        """Add the fault, unless the key's absence is one already."""
        if key in self._values:
            self.wrong(key, f"{must}, is {quoted(value)}")


def _is_line(text: str) -> bool:
    return text.isprintable() and text == text.strip()
