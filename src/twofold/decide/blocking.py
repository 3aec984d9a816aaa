"""The subscriber's own lock on new services: `CHAN` shuts it, `MO` opens it."""

from twofold.decide.answers import on_help
from twofold.decide.decision import Draft
from twofold.domain.events import MessageReceived


def on_block(draft: Draft, event: MessageReceived) -> None:
    """No new service may be asked for until the subscriber opens the lock."""
    on_help(draft, event)


def on_unblock(draft: Draft, event: MessageReceived) -> None:
    """New services may be asked for again."""
    on_help(draft, event)
