"""The kinds of value that a setting can be, each with the sentence that says what it must be.

Each kind is a pydantic validator of its own, so that a fault reads `must be 1..65535` whatever was
written there.
Numbers may also come as text, since the environment knows nothing else.
"""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import PlainValidator
from pydantic_core import PydanticCustomError

from twofold.catalog.durations import parse_duration
from twofold.catalog.packs import pack_names

SHORT_CODE: Final = re.compile(r"[0-9]{3,8}", re.ASCII)
_ORIGIN: Final = re.compile(r"[a-z0-9][a-z0-9.-]*(/[A-Za-z0-9._-]+)*", re.ASCII)
_HOST: Final = re.compile(r"[A-Za-z0-9._:-]{1,253}", re.ASCII)
_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,31}", re.ASCII)
_NO_TEXT: Final = re.compile(r"[^ -~]")
_WORDS: Final = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def wrong(must: str) -> PydanticCustomError:
    """Make the error that says what a value must be."""
    return PydanticCustomError("wrong", "{must}", {"must": must})


def _validator(read: Callable[[object], object], must: str) -> PlainValidator:
    """Make a validator of a function that returns None for what it cannot take."""

    def validate(value: object) -> object:
        found = read(value)
        if found is None:
            raise wrong(must)
        return found

    return PlainValidator(validate)


def whole(least: int, most: int, *, tells: str = "") -> PlainValidator:
    """Take a whole number from `least` to `most`."""

    def read(value: object) -> int | None:
        number = _number(value)
        return number if number is not None and least <= number <= most else None

    return _validator(read, f"must be {tells or f'{least}..{most}'}")


def matching(pattern: re.Pattern[str], must: str) -> PlainValidator:
    """Take text of one form."""

    def read(value: object) -> str | None:
        return value if isinstance(value, str) and pattern.fullmatch(value) else None

    return _validator(read, must)


def ascii_text(most: int, *, least: int = 1) -> PlainValidator:
    """Take printable ASCII, as SMPP's C-octet strings hold it."""

    def read(value: object) -> str | None:
        if not isinstance(value, str) or _NO_TEXT.search(value):
            return None
        return value if least <= len(value) <= most else None

    return _validator(read, f"must be text of {least} to {most} ASCII characters")


def text(most: int) -> PlainValidator:
    """Take one line of text."""

    def read(value: object) -> str | None:
        fits = isinstance(value, str) and 0 < len(value.strip()) <= most and value.isprintable()
        return value.strip() if isinstance(value, str) and fits else None

    return _validator(read, f"must be one line of text, {most} characters at most")


def choice(kind: type[StrEnum], *, later: frozenset[str] = frozenset()) -> PlainValidator:
    """Take one of a few words; `later` are those that a later version will know."""
    known = " or ".join(f'"{word.value}"' for word in kind if word not in later)

    def read(value: object) -> StrEnum | None:
        if isinstance(value, str) and value in later:
            raise wrong(f"is not supported by this version, which knows {known}")
        return kind(value) if isinstance(value, str) and value in set(kind) else None

    return _validator(read, f"must be {known}")


def _read_switch(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    return _WORDS.get(value.lower()) if isinstance(value, str) else None


def _read_duration(value: object) -> int | None:
    return parse_duration(value) if isinstance(value, str) else None


def _read_zone(value: object) -> str | None:
    try:
        return ZoneInfo(value).key if isinstance(value, str) and value else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _read_pack(value: object) -> str | None:
    return value if isinstance(value, str) and value in pack_names() else None


def _read_database(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    if value.startswith(("postgresql:", "postgres:")):
        raise wrong("PostgreSQL is not supported by this version; use sqlite:///var/twofold.db")
    scheme, _, path = value.partition(":///")
    fits = scheme == "sqlite" and path and path.isprintable() and not path.endswith("/")
    return value if fits and not set("?#") & set(path) else None


def _read_url(value: object) -> str | None:
    if not isinstance(value, str) or _NO_TEXT.search(value):
        return None
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        return None
    bare = not (parts.query or parts.fragment or parts.username)
    return value.rstrip("/") if usable and bare and " " not in value else None


def _read_path(value: object) -> str | None:
    fits = isinstance(value, str) and value and value.isprintable() and not value.endswith("/")
    return value if isinstance(value, str) and fits else None


def read_short_codes(value: object) -> tuple[str, ...] | None:
    """Read a list of short codes, or one text with commas between; None when it is neither."""
    codes = value.replace(",", " ").split() if isinstance(value, str) else value
    if not isinstance(codes, list) or not codes:
        return None
    if not all(isinstance(code, str) and SHORT_CODE.fullmatch(code) for code in codes):
        return None
    if len(set(codes)) < len(codes):
        raise wrong("names a short code twice; name each once")
    return tuple(codes)


def _number(value: object) -> int | None:
    """Read a whole number; text may be hexadecimal with 0x."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if not isinstance(value, str) or len(value) > 20:  # noqa: PLR2004 - digits of 64 bits
        return None
    try:
        return int(value, 0)
    except ValueError:
        return None


SWITCH: Final = _validator(_read_switch, "must be true or false")
DURATION: Final = _validator(_read_duration, 'must be an ISO 8601 duration such as "PT30S"')
ZONE: Final = _validator(_read_zone, 'must be a time zone such as "Asia/Ho_Chi_Minh"')
PACK: Final = _validator(_read_pack, "must be a rule pack that is here: " + ", ".join(pack_names()))
DATABASE: Final = _validator(_read_database, 'must be a file such as "sqlite:///var/twofold.db"')
URL: Final = _validator(_read_url, 'must be an address such as "http://127.0.0.1:8080"')
PATH: Final = _validator(_read_path, "must be a file's path")
SHORT_CODES: Final = _validator(
    read_short_codes, 'must be a list of 3 to 8 digits each, such as ["9166"]'
)
SHORT_CODE_TEXT: Final = matching(SHORT_CODE, 'must be 3 to 8 digits in quotes, such as "123"')
COUNTRY_CODE: Final = matching(
    re.compile(r"[1-9][0-9]{0,2}", re.ASCII), 'must be 1 to 3 digits in quotes, such as "84"'
)
HOTLINE: Final = matching(
    re.compile(r"\+?[0-9]{3,15}", re.ASCII),
    'must be a number to call in quotes, such as "18001091"',
)
CURRENCY: Final = matching(
    re.compile(r"[A-Z]{3}", re.ASCII),
    'must be the three letters of a currency (ISO 4217), such as "VND"',
)
HOST: Final = matching(_HOST, 'must be a host name or address, such as "127.0.0.1"')
NAME: Final = matching(_NAME, 'must be a short name in small letters, such as "main"')
ORIGIN: Final = matching(_ORIGIN, 'must be a name such as "twofold.example/vas"')
