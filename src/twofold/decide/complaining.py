"""A complaint by SMS: `KN` and a service's code stops its charges, `KN` and a proof's id asks."""

from twofold.decide.answers import on_help
from twofold.decide.decision import Draft
from twofold.domain.events import MessageReceived


def on_complaint(draft: Draft, event: MessageReceived, about: str) -> None:
    """The subscriber complains about a service's code or asks after an id; bare, how to."""
    del about
    on_help(draft, event)
