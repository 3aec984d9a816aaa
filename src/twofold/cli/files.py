"""The files of an installation: its configuration, and the examples to begin with."""

import os
from pathlib import Path

from twofold.app.settings import InvalidSettings, Settings, load_settings
from twofold.catalog.example import EXAMPLES, example
from twofold.cli.failures import Failure


def load_config(file: Path) -> Settings:
    """Read the configuration with the environment over it; every fault is a line of the failure."""
    if not file.is_file():
        raise Failure(f"{file}: no such file; name yours with --config, or make one: twofold init")
    try:
        return load_settings(file, os.environ)
    except InvalidSettings as invalid:
        raise Failure(*(fault.in_file(file) for fault in invalid.faults)) from None


def write_examples(folder: Path) -> None:
    """Write the example files into `folder`, or fail and leave everything as it was."""
    there = [folder / name for name in EXAMPLES if (folder / name).exists()]
    if there:
        raise Failure(
            *(f"{file}: is there already and stays as it is; name another folder" for file in there)
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in EXAMPLES:
            with (folder / name).open("x", encoding="utf-8") as file:
                file.write(example(name))
            print(f"wrote {folder / name}")
    except OSError as error:
        says = error.strerror or str(error)
        raise Failure(
            f"{folder}: nothing can be written there ({says}); "
            "name a folder of your own: twofold init DIR"
        ) from None
    config = folder / EXAMPLES[0]
    print(f"""
Next:
  1. say in {config} who you are and where your SMSC is
  2. twofold config show --config {config}
  3. twofold catalog check {folder / EXAMPLES[1]} --config {config}
  4. twofold serve --config {config}""")
