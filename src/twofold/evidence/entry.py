"""One line of evidence: what came in, was decided and was sent, as bytes hashed as they stand.

The document is RFC 8785 (JCS) JSON: the fields of each struct stand in alphabetical order, numbers
are integers below 2^53, ids are references, bytes are base64.
It is private; what is published is made from its hash.
"""

from hashlib import sha256

import msgspec
from msgspec import Struct

SALT_BYTES = 16
"""Random bytes that keep a hash from being guessed; once erased, the hash says nothing."""

_encoder = msgspec.json.Encoder()


class Sent(Struct, frozen=True, gc=False, omit_defaults=True):
    """An order that the decision gave birth to, with the exact text."""

    amount_minor: int = 0
    key: str = ""
    kind: str = ""
    order: str = ""
    request: str = ""
    """What it serves, where that is not what the entry is about."""
    source: str = ""
    template: str = ""
    """Of a prompt: which template the text was made from, in which language and version."""
    text: str = ""
    until_at: int = 0


class Change(Struct, frozen=True, gc=False, omit_defaults=True):
    """A request or subscription that the decision changed."""

    after: str
    before: str = ""
    request: str = ""
    service: str = ""


class Money(Struct, frozen=True, gc=False):
    """What was taken from the embedded account, or given back (negative), for which period."""

    amount_minor: int
    order: str
    period_at: int
    request: str
    service: str


class Via(Struct, frozen=True, gc=False, omit_defaults=True):
    """What was asked over another channel than an SMS, who asked, and the proof that was named."""

    amount_minor: int = 0
    channel: str = ""
    claim: str = ""
    """`charge` or `delivery`, where a partner claims one."""
    language: str = ""
    partner: str = ""
    proof: str = ""
    proof_ref: str = ""
    reference: str = ""
    """The partner's own for what it claims."""
    service: str = ""
    target: str = ""
    """The request or subscription that is to end."""


class Heard(Struct, frozen=True, gc=False, omit_defaults=True):
    """What came in: a message as it came, or how an order of ours went."""

    data_coding: int = 0
    detail: str = ""
    effective_at: int = 0
    imsi: str = ""
    key: str = ""
    message_ids: tuple[str, ...] = ()
    order: str = ""
    """Which order it is that went so, fell due or is asked about."""
    raw: bytes = b""
    short_code: str = ""
    smsc: str = ""
    smsc_at: int = 0
    """When the SMSC says that it got the message, where it says so and is believed."""
    text: str | None = None
    via: Via | None = None


class Entry(Struct, frozen=True, gc=False, omit_defaults=True):
    """What one decision leaves behind, and under which rules it was made."""

    at: int
    changes: tuple[Change, ...] = ()
    complaint: str = ""
    """The complaint that was opened or answered, and where it stands."""
    debits: tuple[Money, ...] = ()
    heard: Heard = Heard()
    kind: str = ""
    msisdn: int = 0
    policy: str = ""
    reason: str = ""
    request: str = ""
    revision: int = 0
    sent: tuple[Sent, ...] = ()
    templates: str = ""
    """The versions of all texts by which those that are sent were made."""
    tenure: int = 0
    version: int = 1


def encode_entry(entry: Entry) -> bytes:
    """Write the document."""
    return _encoder.encode(entry)


def entry_hash(salt: bytes, document: bytes) -> bytes:
    """SHA-256(salt ‖ document), 32 bytes: names an entry, and its public leaf commits to it."""
    return sha256(salt + document).digest()
