"""The files that `twofold init` writes and the demo sells from; the suite checks them."""

from importlib.resources import files
from typing import Final

EXAMPLES: Final = ("twofold.toml", "catalog.toml")


def example(name: str) -> str:
    """Read an example file, one of `EXAMPLES`."""
    assert name in EXAMPLES, name
    return files(__name__).joinpath(name).read_text("utf-8")
