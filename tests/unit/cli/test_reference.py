"""docs/reference/cli.md lists every command with its options; `make golden` writes it anew."""

from collections.abc import Iterator
from typing import Any

import typer

from tests.plugins.golden import Compare
from twofold.cli.main import app

HEAD = """\
# Commands

The program is `.venv/bin/twofold`.
This page is written by `make golden` from the program's own help, and a test holds it to that.

Every command but `demo` and `init` takes `--config FILE` (`twofold.toml` if absent).
`twofold --version` prints which one it is.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | it failed: one line on stderr for each thing that is wrong, saying what to do |
| 2 | wrong use: the command line means nothing, and `--help` says what would |
| 130 | interrupted |

| command | what it does | options |
|---|---|---|
"""


def commands(group: Any, path: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - typer's own
    """Walk the commands, depth first, in the order of the help."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def page() -> str:
    """Write the page."""
    found = commands(typer.main.get_command(app), "twofold")
    return HEAD + "".join(
        f"| `{path}{_arguments(command)}` | {_says(command)} | {_options(command)} |\n"
        for path, command in found
    )


def _says(command: Any) -> str:  # noqa: ANN401 - typer's own
    return " ".join(command.help.split())


def _arguments(command: Any) -> str:  # noqa: ANN401 - typer's own
    named = (one.metavar for one in command.params if one.param_type_name == "argument")
    return "".join(f" {name}" for name in named)


def _options(command: Any) -> str:  # noqa: ANN401 - typer's own
    return "; ".join(
        f"`{one.opts[0]}`: {one.help.rstrip('.')}"
        for one in command.params
        if one.param_type_name == "option" and one.name != "config"
    )


def test_the_page_lists_every_command(golden: Compare) -> None:
    golden("../../docs/reference/cli.md", page())


def test_every_command_that_needs_a_configuration_takes_one() -> None:
    without = [
        path
        for path, command in commands(typer.main.get_command(app), "")
        if not any(one.name == "config" for one in command.params)
    ]
    assert without == [" demo", " init"]
