"""The two places a setting can come from: the TOML file, and over it the environment.

Every key of the file is also a variable: `http.port` is `TWOFOLD_HTTP__PORT`, `smsc[0].port` is
`TWOFOLD_SMSC__0__PORT`.
A variable whose name has no double underscore is none of ours.
pydantic-settings is not used for this: it replaces lists instead of laying variables over their
items, passes over unknown variables in silence, gives up at the first that it cannot read, and does
not say where a value came from.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from twofold.catalog.faults import Fault

PREFIX: Final = "TWOFOLD_"
MAX_BYTES: Final = 1 << 20
MAX_DEPTH: Final = 4
"""Parts of a key path, such as `smsc[0].short_codes[1]`."""

KeyPath = tuple[str | int, ...]
Tree = dict[str, object]


class Layers(Struct, frozen=True):
    """The file with the environment laid over it; `variables` names the variable that set a key."""

    values: Tree
    variables: Mapping[KeyPath, str]
    faults: tuple[Fault, ...]

    def variable(self, path: KeyPath) -> str | None:
        """Name the variable that set the value at `path`, or a part of it."""
        for set_path, name in self.variables.items():
            if set_path[: len(path)] == path:
                return name
        return None


def write_path(path: KeyPath) -> str:
    """Write a key path as people read it: `smsc[1].port`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def read_toml(path: Path) -> Tree | Fault:
    """Read a TOML file of at most 1 MiB, or say why it cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            return Fault(str(path), f"is larger than {MAX_BYTES} bytes, which no configuration is")
        return tomllib.loads(content.decode())
    except OSError as error:
        return Fault(str(path), f"cannot be read ({error.strerror}); name another with --config")
    except UnicodeDecodeError as error:
        return Fault(str(path), f"is not UTF-8 text (byte {error.start}); save it as UTF-8")
    except RecursionError:
        return Fault(str(path), "is nested too deeply to be a configuration")
    except ValueError as error:
        return Fault(str(path), f"is not TOML: {error}")


def overlay(values: Tree, environ: Mapping[str, str]) -> Layers:
    """Lay the variables over the file's values; `values` is changed."""
    variables: dict[KeyPath, str] = {}
    faults: list[Fault] = []
    for path, name in sorted(_named(environ).items(), key=lambda item: _order(item[0])):
        says = _put(values, path, environ[name])
        if says is None:
            variables[path] = name
        else:
            faults.append(Fault(name, says))
    return Layers(values, variables, tuple(faults))


def _named(environ: Mapping[str, str]) -> dict[KeyPath, str]:
    """Give the variables that name a setting, by the path they name."""
    found: dict[KeyPath, str] = {}
    for name in environ:
        if name.startswith(PREFIX) and "__" in name:
            parts = name.removeprefix(PREFIX).lower().split("__")
            found[tuple(int(part) if _is_index(part) else part for part in parts)] = name
    return found


def _is_index(part: str) -> bool:
    return part.isascii() and part.isdigit() and len(part) <= 3  # noqa: PLR2004 - a list of 999


def _order(path: KeyPath) -> tuple[tuple[bool, int, str], ...]:
    """Order paths so that item 0 comes before item 1, and 2 before 10."""
    return tuple((True, part, "") if isinstance(part, int) else (False, 0, part) for part in path)


def _put(values: Tree, path: KeyPath, value: str) -> str | None:
    """Set one value; None when that is done, else what is wrong with the variable's name."""
    if len(path) > MAX_DEPTH or not all(part != "" for part in path):
        return "names no setting"
    node: object = values
    for depth, part in enumerate(path):
        last = depth == len(path) - 1
        if isinstance(node, dict) and isinstance(part, str):
            if last:
                node[part] = value
                return None
            node = node.setdefault(part, [] if isinstance(path[depth + 1], int) else {})
        elif isinstance(node, list) and isinstance(part, int):
            if part > len(node):
                return (
                    f"there is no {write_path(path[: depth + 1])}; the next free is [{len(node)}]"
                )
            if part == len(node):
                node.append(value if last else {})
            elif last:
                node[part] = value
            node = node[part]
        else:
            return "names no setting; a list's items are numbered, a section's keys not"
    return None
