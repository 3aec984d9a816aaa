"""Bearer tokens: what each role may do, over which channels, and how a token is known again.

A token is 256 random bits, so only its SHA-256 is kept: nothing can be guessed from that, and a
slow hash, which guards what people choose, would guard nothing here.
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest
from typing import Final

from msgspec import Struct

from twofold.domain.subscriber import Channel
from twofold.store.callers import Callers

SECRET_BYTES: Final = 32
PREFIX: Final = "twofold_"
"""By which a leaked token is recognized for what it is."""

MAX_LENGTH: Final = 128


class Role(StrEnum):
    """Whose token it is."""

    PARTNER = "partner"
    CARE = "care"
    APP = "app"
    IVR = "ivr"
    USSD = "ussd"
    OPERATOR = "operator"


class Power(StrEnum):
    """What a call asks for."""

    ASK = "ask"
    """Bring the first yes, and see what became of it."""
    LOOK = "look"
    """See what a number has."""
    END = "end"
    """End a request or subscription for the subscriber."""
    CLAIM = "claim"
    """Say that a service was provided, or should be charged."""
    TELL_OF_NUMBERS = "tell_of_numbers"
    """Say that a number was ported, recycled, transferred or barred."""


_ASKS: Final = frozenset({Power.ASK, Power.LOOK, Power.END})

POWERS: Final[Mapping[Role, frozenset[Power]]] = {
    Role.PARTNER: _ASKS | {Power.CLAIM},
    Role.CARE: _ASKS,
    Role.APP: _ASKS,
    Role.IVR: _ASKS,
    Role.USSD: _ASKS,
    Role.OPERATOR: _ASKS | {Power.TELL_OF_NUMBERS},
}

CHANNELS: Final[Mapping[Role, tuple[Channel, ...]]] = {
    Role.PARTNER: (Channel.PARTNER,),
    Role.CARE: (Channel.CARE,),
    Role.APP: (Channel.APP, Channel.WEB),
    Role.IVR: (Channel.IVR,),
    Role.USSD: (Channel.USSD,),
    Role.OPERATOR: (Channel.CARE, Channel.APP, Channel.WEB, Channel.IVR, Channel.USSD),
}
"""The channels that a role may speak for, its own first; nobody speaks for a subscriber's SMS."""


class NoCaller(StrEnum):
    """Why a token lets nobody in; who has a secret of 256 bits may know what became of it."""

    UNKNOWN = ""
    REVOKED = "This token was revoked: ask the operator for another one."
    EXPIRED = "This token has expired: ask the operator for another one."


class Caller(Struct, frozen=True):
    """Who calls."""

    role: Role
    partner: str
    """Empty unless it is a partner's."""

    @property
    def owner(self) -> str:
        """Whose idempotency keys these are: a new token of the same partner finds them again."""
        return f"{self.role}:{self.partner}"

    @property
    def channel(self) -> Channel:
        """The channel that it speaks for where it names none."""
        return CHANNELS[self.role][0]

    def may(self, power: Power) -> bool:
        """Say whether the role has a power."""
        return power in POWERS[self.role]

    def speaks_for(self, channel: Channel) -> bool:
        """Say whether requests may come from it over a channel."""
        return channel in CHANNELS[self.role]

    def sees(self, partner: str) -> bool:
        """Say whether it may see what is `partner`'s: a partner sees its own and nothing else."""
        return self.partner in {"", partner}


def write_token(secret: bytes) -> str:
    """The token made of 32 random bytes."""
    assert len(secret) == SECRET_BYTES
    return PREFIX + urlsafe_b64encode(secret).rstrip(b"=").decode()


def token_hash(token: str) -> bytes:
    """What is kept of a token."""
    return sha256(token.encode()).digest()


async def find_caller(callers: Callers, token: str, now_at: int) -> Caller | NoCaller:
    """Whose token it is, or why it is nobody's."""
    if len(token) > MAX_LENGTH:
        return NoCaller.UNKNOWN
    hash_ = token_hash(token)
    row = await callers.token(hash_)
    if row is None or not compare_digest(row.hash, hash_):
        return NoCaller.UNKNOWN
    if row.revoked_at is not None:
        return NoCaller.REVOKED
    if row.expires_at is not None and row.expires_at <= now_at:
        return NoCaller.EXPIRED
    return Caller(Role(row.role), row.partner)
