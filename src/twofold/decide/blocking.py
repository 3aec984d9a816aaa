"""What a number's row says of it: its own lock, its language, and what the operator feeds."""

from msgspec import structs

from twofold.decide.answers import on_not_understood, plain, reply
from twofold.decide.decision import Draft
from twofold.decide.numbers import LEFT
from twofold.domain.events import MessageReceived, NumberFlagged
from twofold.domain.reason import Reason
from twofold.domain.subscriber import Flag


def on_block(draft: Draft, event: MessageReceived) -> None:
    """`CHAN`: no new service until the subscriber opens the lock; what is on goes on."""
    flag(draft, Flag.BLOCKED, is_set=True, at=event.effective_at)
    reply(draft, "blocked_on", plain(draft, "blocked_on"), event.short_code)


def on_unblock(draft: Draft, event: MessageReceived) -> None:
    """`MO`: the lock is opened by nobody but who holds the SIM."""
    flag(draft, Flag.BLOCKED, is_set=False, at=event.effective_at)
    reply(draft, "blocked_off", plain(draft, "blocked_off"), event.short_code)


def on_language(draft: Draft, event: MessageReceived, language: str) -> None:
    """`EN` or `VI`: all texts are in that language from now on, if the policy has it."""
    if language not in draft.rules.policy.languages:
        return on_not_understood(draft, event, Reason.NOT_UNDERSTOOD)
    if language != draft.subscriber.language:
        draft.subscriber = structs.replace(draft.subscriber, language=language)
    return reply(draft, "language_set", plain(draft, "language_set"), event.short_code)


def on_number_flagged(draft: Draft, event: NumberFlagged) -> None:
    """The operator says something of a number, or takes it back.

    What counts is when it was so: reports come late, again, and after the number changed hands.
    """
    line, before = draft.subscriber.line, draft.subscriber.flags
    latest_at = max(line.flagged_at(event.flag), line.held_at)
    if line.standing in LEFT or event.happened_at < latest_at:
        return draft.refuse(Reason.SETTLED_BEFORE)
    flag(draft, event.flag, is_set=event.is_set, at=event.happened_at)
    if draft.subscriber.flags == before:
        draft.refuse(Reason.SETTLED_BEFORE)
    return None


def flag(draft: Draft, which: Flag, *, is_set: bool, at: int = 0) -> None:
    """Set or lift a flag; the number's row is written only if that changes it.

    `at` is kept with what people and other systems say, by which a later report is told apart.
    """
    subscriber = draft.subscriber
    before = subscriber.flags
    after = before | which if is_set else before & ~which
    if not at and after == before:
        return
    line = subscriber.line
    if at > line.flagged_at(which):
        others = [held for held in line.flagged if held[0] != which]
        line = structs.replace(line, flagged=tuple(sorted([*others, (int(which), at)])))
    if after != before or line is not subscriber.line:
        draft.subscriber = structs.replace(subscriber, flags=after, line=line)
