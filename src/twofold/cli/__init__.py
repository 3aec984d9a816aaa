"""`twofold …`: every command, thin; an expected failure is one line on stderr."""

from twofold.cli.main import main

__all__ = ["main"]
