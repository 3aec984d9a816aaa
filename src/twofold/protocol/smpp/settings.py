"""What a session is told about its link: which side it is, what it carries, how long it waits."""

from enum import Enum, StrEnum, auto

from msgspec import Struct

from twofold.protocol.smpp.constants import INTERFACE_VERSION


class Role(Enum):
    """Which side of the link this is."""

    ESME = auto()
    """The one that binds, submits messages and takes deliveries."""
    SMSC = auto()
    """The one that is bound to."""


class State(Enum):
    """How far a session is (2.2)."""

    OPEN = auto()
    BINDING = auto()
    BOUND = auto()
    UNBINDING = auto()
    CLOSED = auto()


class BindMode(StrEnum):
    """What a bound link carries, seen from the ESME."""

    TRANSCEIVER = "transceiver"
    TRANSMITTER = "transmitter"
    RECEIVER = "receiver"


class SessionSettings(Struct, frozen=True, kw_only=True):
    """How one link behaves; durations are seconds."""

    system_id: str
    password: str = ""
    system_type: str = ""
    bind: BindMode = BindMode.TRANSCEIVER
    interface_version: int = INTERFACE_VERSION
    window: int = 50
    """How many of our requests may be unanswered at once."""
    enquire_after: float = 30.0
    """Silence after which we ask whether the peer is there."""
    response_timeout: float = 10.0
    """How long any answer may take: to a request, a bind, an unbind, an enquire_link."""
    stall_timeout: float = 30.0
    """How long one PDU may take from its first octet to its last."""
    max_pdu_bytes: int = 65_536

    def __repr__(self) -> str:
        """Show whose link it is, never the password."""
        return f"SessionSettings(system_id={self.system_id!r}, bind={self.bind!s})"
