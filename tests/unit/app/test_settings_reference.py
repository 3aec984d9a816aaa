"""docs/reference/configuration.md lists every key of the schema; `make golden` writes it anew."""

from collections.abc import Iterator

from pydantic.fields import FieldInfo

from tests.plugins.golden import Compare
from twofold.app.settings.schema import LISTS, Section, sections
from twofold.app.settings.show import write_default
from twofold.catalog.example import example

HEAD = """\
# Configuration

One TOML file, `twofold.toml` unless `--config` names another.
This page is written by `make golden` from the schema, and a test holds it to that.

Paths in the file are relative to it.
Durations are ISO 8601 (`PT30S`), from days to seconds.
Every key is also an environment variable, which wins over the file.
So `http.port` is `TWOFOLD_HTTP__PORT`, and `smsc[0].port` is `TWOFOLD_SMSC__0__PORT`.
A list may be written there with commas: `TWOFOLD_SMSC__0__SHORT_CODES=123,9166`.
Keep the passwords of SMSCs in the environment rather than in the file.

Everything that is wrong is told at once, each fault under its key path.
An unknown key is told with the nearest known one.
`twofold config show` prints every value in force and where it came from, secrets hidden.
`twofold init` writes a file to begin with:

```toml
"""


def page() -> str:
    """Write the page."""
    return HEAD + example("twofold.toml") + "```\n" + "".join(map(_section, sections()))


def _section(name: str) -> str:
    section = sections()[name]
    heading = f"[[{name}]]" if name in LISTS else f"[{name}]"
    says = (section.__doc__ or "").strip().splitlines()[0]
    table = ("| key | what | default | variable |", "|---|---|---|---|", *_rows(name, section))
    return "\n".join([f"\n## {heading}\n", f"{says}\n", *table, ""])


def _rows(name: str, section: type[Section]) -> Iterator[str]:
    place = f"{name}__0" if name in LISTS else name
    for key, field in section.model_fields.items():
        variable = f"TWOFOLD_{place}__{key}".upper()
        yield f"| `{key}` | {field.description} | {_default(field)} | `{variable}` |"


def _default(field: FieldInfo) -> str:
    if not field.is_required():
        written = write_default(field, field.default)
        return "none" if written == "-" else f"`{written}`"
    assert field.examples, "a required key has an example"
    return f"required, such as `{write_default(field, field.examples[0])}`"


def test_the_page_lists_every_key_with_its_default(golden: Compare) -> None:
    golden("../../docs/reference/configuration.md", page())


def test_every_key_says_what_it_is_for() -> None:
    silent = [
        f"{name}.{key}"
        for name, section in sections().items()
        for key, field in section.model_fields.items()
        if not field.description
    ]
    assert silent == []
