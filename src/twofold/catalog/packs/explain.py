"""Rule packs as a compliance officer reads them: each value with its unit and its source.

The sources stand in the packs' own comments, beside the values, and are read from there: a value
that has none is a fault of the pack.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import time
from functools import cache
from typing import Final

from msgspec import Struct

from twofold.catalog.durations import parse_duration
from twofold.catalog.packs import load_policy, pack_names, text_of

UNITS: Final[Mapping[str, str]] = {
    "adult_age": "years",
    "code_digits": "digits",
    "code_from_price": "minor units or more",
    "code_max_wrong": "wrong codes",
    "hints_a_day": "texts of a kind",
    "max_segments": "SMS",
    "prompt_max_copies": "copies",
    "prompts_a_day": "prompts a day",
    "prompts_an_hour": "prompts an hour",
    "quiet_from": "local time",
    "quiet_until": "local time",
    "service_prompts_a_day": "prompts a day",
}
"""What a number or a time counts, by field."""

NOT_VALUES: Final = frozenset({"id", "effective_from", "unmet"})
"""What is told in the heading of a version, or at its end."""

_SPANS: Final = ((86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1_000, "second"))
_KEY: Final = re.compile(r"([a-z_]+) = ")
_ITEM: Final = re.compile(r'\s+"([^"]+)",')
_COMMENT: Final = re.compile(r'(?:[^"#]|"[^"]*")*#(.*)')


class Value(Struct, frozen=True):
    """One value of a version: what it is, in its unit, and where it comes from."""

    field: str
    is_: str
    source: str
    taken_over: str
    """The pack that it is taken over from; empty where it is this one's own."""


def find_version(name: str, now_at: int) -> tuple[str, str] | None:
    """Find the pack and version of an id, or the version of a pack that is in force; or None."""
    if name in pack_names():
        return name, load_policy(name).at(now_at).id
    found = (pack for pack in pack_names() if name in load_policy(pack).versions)
    return next(((pack, name) for pack in found), None)


def values_of(pack: str, version: str) -> Iterator[Value]:
    """Give every value of a version, in the order of its file, those taken over last."""
    written = tomllib.loads(text_of(pack))
    base = written.get("based_on", "")
    index = next(i for i, table in enumerate(written["version"]) if table["id"] == version)
    own = written["version"][index]
    for field in (field for field in own if field not in NOT_VALUES):
        yield Value(field, write_value(field, own[field]), sources_of(pack)[index][field], "")
    if base:
        taken = tomllib.loads(text_of(base))["version"][-1]
        sources = sources_of(base)[-1]
        for field in (field for field in taken if field not in own.keys() | NOT_VALUES):
            yield Value(field, write_value(field, taken[field]), sources[field], base)


def write_value(field: str, value: object) -> str:
    """Write a value for people: durations in words, numbers with their unit."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, time):
        return f"{value:%H:%M} {UNITS[field]}"
    if isinstance(value, int):
        return f"{value} {UNITS[field]}"
    ms = parse_duration(str(value))
    return str(value) if ms is None else f"{_in_words(ms)} ({value})"


@cache
def sources_of(pack: str) -> tuple[Mapping[str, str], ...]:
    """Read the comments of a pack's file: by version and field, where the value comes from.

    Comments beside single items of a list are told with them: `deadline: proposal`.
    """
    versions: list[dict[str, str]] = []
    field = ""
    for line in text_of(pack).splitlines():
        if line.startswith("["):
            field = ""
            if line == "[[version]]":
                versions.append({})
        elif versions and (match := _KEY.match(line)):
            field = match[1]
            versions[-1][field] = _comment(line)
        elif field and (item := _ITEM.match(line)) and (said := _comment(line)):
            versions[-1][field] += f"; {item[1]}: {said}"
    return tuple(versions)


def _comment(line: str) -> str:
    """Give what stands behind the `#` of a line, outside of its texts."""
    match = _COMMENT.match(line)
    return match[1].strip() if match else ""


def _in_words(ms: int) -> str:
    """Write a duration in its largest whole unit."""
    span, name = next((span, name) for span, name in _SPANS if ms % span == 0)
    count = ms // span
    return f"{count} {name}" if count == 1 else f"{count} {name}s"
