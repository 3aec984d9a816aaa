"""Judge: pure functions from (snapshot, event, rules) to a decision, one file a concern.

`decide` shows every case.
"""

from twofold.decide.decide import decide, wants_grievances, wants_spending
from twofold.decide.decision import Decision, Leaving
from twofold.decide.notices import WELCOME
from twofold.decide.rules import Rules

__all__ = [
    "WELCOME",
    "Decision",
    "Leaving",
    "Rules",
    "decide",
    "wants_grievances",
    "wants_spending",
]
