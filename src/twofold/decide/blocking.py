"""What a number's row says of it: its own lock, its language, and what the operator feeds."""

from msgspec import structs

from twofold.decide.answers import on_not_understood, plain, reply
from twofold.decide.decision import Draft
from twofold.domain.events import MessageReceived, NumberFlagged
from twofold.domain.reason import Reason
from twofold.domain.subscriber import Flag


def on_block(draft: Draft, event: MessageReceived) -> None:
    """`CHAN`: no new service until the subscriber opens the lock; what is on goes on."""
    flag(draft, Flag.BLOCKED, is_set=True)
    reply(draft, "blocked_on", plain(draft, "blocked_on"), event.short_code)


def on_unblock(draft: Draft, event: MessageReceived) -> None:
    """`MO`: the lock is opened by nobody but who holds the SIM."""
    flag(draft, Flag.BLOCKED, is_set=False)
    reply(draft, "blocked_off", plain(draft, "blocked_off"), event.short_code)


def on_language(draft: Draft, event: MessageReceived, language: str) -> None:
    """`EN` or `VI`: all texts are in that language from now on, if the policy has it."""
    if language not in draft.rules.policy.languages:
        return on_not_understood(draft, event, Reason.NOT_UNDERSTOOD)
    if language != draft.subscriber.language:
        draft.subscriber = structs.replace(draft.subscriber, language=language)
    return reply(draft, "language_set", plain(draft, "language_set"), event.short_code)


def on_number_flagged(draft: Draft, event: NumberFlagged) -> None:
    """The operator says something of a number, or takes it back."""
    flag(draft, event.flag, is_set=event.is_set)


def flag(draft: Draft, which: Flag, *, is_set: bool) -> None:
    """Set or lift a flag; the number's row is written only if that changes it."""
    before = draft.subscriber.flags
    after = before | which if is_set else before & ~which
    if after != before:
        draft.subscriber = structs.replace(draft.subscriber, flags=after)
