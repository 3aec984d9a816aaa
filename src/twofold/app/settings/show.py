"""What is in force and where it came from, with secrets hidden: `twofold config show`."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Final

from pydantic.fields import FieldInfo

from twofold.app.settings import fields as kind
from twofold.app.settings.layers import KeyPath, Layers, write_path
from twofold.app.settings.schema import SECRET, VENDOR_TLV, Configuration, Section
from twofold.app.settings.tree import Settings, Shown
from twofold.catalog.durations import write_duration

HIDDEN: Final = "••••••"


def show(settings: Settings) -> str:
    """Write one line a key: its path, its effective value, and what set it."""
    keys = max(len(row.key) for row in settings.shown)
    values = max(len(row.value) for row in settings.shown)
    lines = (f"{row.key:<{keys}}  {row.value:<{values}}  {row.origin}" for row in settings.shown)
    return "\n".join(lines)


def shown_rows(effective: Configuration, layers: Layers) -> tuple[Shown, ...]:
    """Make the rows of `config show`."""
    rows = (
        Shown(write_path(path), _shown(field, value), _origin(path, layers))
        for path, field, value in _leaves(effective)
    )
    return tuple(rows)


def write_value(value: object) -> str:
    """Write a value as TOML would hold it; an absent one as `-`."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(write_value, value))}]"
    return str(value) if isinstance(value, int) else f'"{value}"'


def write_default(field: FieldInfo, value: object) -> str:
    """Write a value of one field, durations as ISO 8601 and tags in hexadecimal."""
    if isinstance(value, int) and kind.DURATION in field.metadata:
        return write_value(write_duration(value))
    if isinstance(value, int) and VENDOR_TLV in field.metadata:
        return f"0x{value:04X}"
    return write_value(value.value if isinstance(value, StrEnum) else value)


def _shown(field: FieldInfo, value: object) -> str:
    return HIDDEN if field.json_schema_extra == SECRET else write_default(field, value)


def _leaves(given: Configuration) -> Iterator[tuple[KeyPath, FieldInfo, object]]:
    """Walk the keys in the order of the schema."""
    for name in Configuration.model_fields:
        held = getattr(given, name)
        if isinstance(held, list):
            for index, item in enumerate(held):
                yield from _keys((name, index), item)
        else:
            yield from _keys((name,), held)


def _keys(path: KeyPath, section: Section) -> Iterable[tuple[KeyPath, FieldInfo, object]]:
    fields = type(section).model_fields
    return (((*path, name), field, getattr(section, name)) for name, field in fields.items())


def _origin(path: KeyPath, layers: Layers) -> str:
    """Say where a value came from; an item of a list that a variable set counts for the list."""
    if variable := layers.variable(path):
        return variable
    node: object = layers.values
    for part in path:
        if isinstance(node, Mapping) and part not in node:
            return "default"
        assert isinstance(node, Mapping | list)
        node = node[part]  # type: ignore[index]
    return "file"
