"""What is always true, checked over a whole store from its evidence, its rows and its money."""

from twofold.checks.check import check
from twofold.checks.violation import Acknowledged, Invariant, Violation

__all__ = ["Acknowledged", "Invariant", "Violation", "check"]
