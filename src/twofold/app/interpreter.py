"""How the interpreter is set for an engine: what costs much and serves nobody is put aside."""

import gc
import sys
from enum import EnumType


def settle_interpreter() -> None:
    """Set it once all modules are loaded, before the first event."""
    look_members_up_directly()
    settle_garbage()


def settle_garbage() -> None:
    """Leave what start-up made out of later collections, and collect seldom.

    Decisions leave no cycles behind.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def look_members_up_directly() -> None:
    """Find `Reason.RESENT` as any other attribute of a class is found, as Python 3.12 does.

    Python 3.11 keeps members in their class as well, and yet asks a hook of older versions on the
    way to each: 5 % of an engine's work (docs/adr/0016-enum-members-without-a-hook.md).
    """
    if sys.version_info < (3, 12) and hasattr(EnumType, "__getattr__"):
        del EnumType.__getattr__
