"""What a check finds, and what it may be told to look for."""

from enum import IntEnum

from msgspec import Struct

from twofold.domain.ids import reference
from twofold.domain.msisdn import mask


class Invariant(IntEnum):
    """What is always true; the numbers are those of docs/explanation/decisions.md."""

    CONSENT = 1
    """No subscription without a request, a prompt and a confirmation inside the window."""
    MONEY = 2
    """No charge before that, none twice, none above the price, none after a stop."""
    ONCE = 3
    """However often a message comes, it has one effect."""
    ENDING = 4
    """Each request ends exactly once, and nothing that is due is forgotten."""
    KEPT = 5
    """What was acknowledged is never lost."""
    STOP = 6
    """From a stop's commit on, nothing of what it stops is prompted, confirmed or charged."""
    PROOF = 8
    """A changed entry is found."""
    HOT = 11
    """What is settled, old or given up is pruned: hot tables stay in proportion to what is live."""
    TENURE = 12
    """Nothing of one holder of a number reaches the next."""


class Violation(Struct, frozen=True):
    """One thing that should never be; printed, the number is masked."""

    invariant: Invariant
    msisdn: int
    """0 where it is about no number."""
    request_id: int
    """The request or subscription; for an entry, its id; 0 where there is none."""
    what: str

    def __str__(self) -> str:
        """Say it in one line."""
        number = f"{mask(self.msisdn)}" if self.msisdn else ""
        about = f"{reference(self.request_id)}" if self.request_id else ""
        told = " ".join(part for part in (number, about) if part)
        return f"invariant {int(self.invariant)}: {told + ': ' if told else ''}{self.what}"


class Acknowledged(Struct, frozen=True):
    """An MO that was answered with ESME_ROK, as whoever sent it recorded it."""

    msisdn: int
    short_code: str
    raw: bytes
