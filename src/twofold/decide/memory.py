"""What a number remembers: a few lines of each kind, the latest, and never for long."""

from collections.abc import Iterable
from typing import Final

from msgspec import structs

from twofold.domain.policy import Policy
from twofold.domain.subscriber import Memory, Owed, Seen, Settled, Unwanted, UsedCode
from twofold.domain.terms import DAY_MS

MAX_MEMORY: Final = 8
"""Lines of each kind that a number remembers."""

FORGET_MS: Final = 2 * 3_600_000
"""Without an id, no SMSC resends an MO later than this."""

SILENCES: Final = 2
"""So many prompts for a service left unanswered in a row are as good as a no."""


def with_settled(memory: Memory, line: Settled, now_at: int | None = None) -> Memory:
    """Add what ended, and forget what did so more than a day ago."""
    since_at = (line.at if now_at is None else now_at) - DAY_MS
    recent = tuple(held for held in memory.settled if held.at > since_at)
    return structs.replace(memory, settled=(*recent[-MAX_MEMORY + 1 :], line))


def with_used(memory: Memory, code: UsedCode) -> Memory:
    """Add a code whose request is over, and forget those of more than a day ago."""
    recent = tuple(held for held in memory.codes if code.at - held.at < DAY_MS)
    return structs.replace(memory, codes=(*recent[-MAX_MEMORY + 1 :], code))


def with_seen(memory: Memory, seen: Seen, now_at: int) -> Memory:
    """Add an MO, the latest time of each that is the same, and forget what nobody resends."""
    recent = tuple(
        held
        for held in memory.seen
        if now_at - held.at < FORGET_MS and (held.key, held.digest) != (seen.key, seen.digest)
    )
    return structs.replace(memory, seen=(*recent[-MAX_MEMORY + 1 :], seen))


def with_owed(memory: Memory, paid: Iterable[Owed], since_at: int) -> Memory:
    """Add what was paid, and forget what began before `since_at`: its welcome is settled."""
    recent = [owed for owed in (*memory.owed, *paid) if owed.started_at > since_at]
    return structs.replace(memory, owed=tuple(recent[-MAX_MEMORY:]))


def without_owed(memory: Memory, owed: Owed) -> Memory:
    """Forget what is settled: given back, or earned by its welcome."""
    return structs.replace(memory, owed=tuple(held for held in memory.owed if held != owed))


def after_no(memory: Memory, service: str, at: int, policy: Policy) -> Memory:
    """The subscriber refused a service: other channels leave it alone for a while."""
    return _with_unwanted(
        memory, Unwanted(service, 0, at, at + policy.rest_after_no_ms), at, policy
    )


def after_silence(memory: Memory, service: str, at: int, policy: Policy) -> Memory:
    """A prompt was not answered: the second time in a row says enough."""
    rest_ms, before = policy.rest_after_silence_ms, unwanted(memory, service)
    silences, rests_until_at = 1, 0
    if before is not None and at - before.at < rest_ms:
        silences, rests_until_at = before.silences + 1, before.rests_until_at
    if silences >= SILENCES:
        rests_until_at = at + rest_ms
    return _with_unwanted(memory, Unwanted(service, silences, at, rests_until_at), at, policy)


def without_unwanted(memory: Memory, service: str) -> Memory:
    """The subscriber said yes: what was refused before is wanted now."""
    if unwanted(memory, service) is None:
        return memory
    kept = tuple(held for held in memory.unwanted if held.service != service)
    return structs.replace(memory, unwanted=kept)


def unwanted(memory: Memory, service: str) -> Unwanted | None:
    """What is remembered of refusals of a service."""
    return next((held for held in memory.unwanted if held.service == service), None)


def _with_unwanted(memory: Memory, line: Unwanted, at: int, policy: Policy) -> Memory:
    """Add or replace a service's line, and forget what no longer matters."""
    kept = tuple(
        held
        for held in memory.unwanted
        if held.service != line.service
        and (held.rests_until_at > at or at - held.at < policy.rest_after_silence_ms)
    )
    return structs.replace(memory, unwanted=(*kept[-MAX_MEMORY + 1 :], line))
