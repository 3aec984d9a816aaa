"""What one SMSC link is set to: an `[[smsc]]` table of the configuration, whole and checked."""

import ssl
from typing import Final, Literal

from msgspec import Struct

_DURATIONS: Final = (
    "enquire_after_s",
    "response_timeout_s",
    "stall_timeout_s",
    "connect_timeout_s",
)


class LinkSettings(Struct, frozen=True):
    """How to reach one SMSC, and how hard it may be used.

    Fields that the standard limits (SMPP 3.4, 5.2) are checked where they are encoded.
    """

    name: str
    """Unique among the links; it stands in events, logs and metrics."""
    host: str
    port: int
    system_id: str
    password: str
    system_type: str = ""
    bind: Literal["transceiver", "transmitter_receiver"] = "transceiver"
    """One connection for both ways, or one for each."""
    binds: int = 1
    """How many of them, or of each."""
    short_codes: tuple[str, ...] = ()
    window: int = 50
    """Requests of ours that may wait for their answers at once, on each bind."""
    tps_max: int = 0
    """Texts in any one second over all binds; 0 sets no limit."""
    enquire_after_s: float = 30.0
    """Silence after which the peer is asked whether it is still there."""
    response_timeout_s: float = 10.0
    """Time after which a request's outcome is unknown."""
    stall_timeout_s: float = 20.0
    """Time that one PDU may take from its first octet to its last."""
    connect_timeout_s: float = 5.0
    """Time that reaching the host may take; the bind itself has `response_timeout_s`."""
    tls: ssl.SSLContext | None = None
    """How the SMSC is known and we to it; None: nothing is encrypted."""
    tls_name: str = ""
    """The name that its certificate must have; empty: `host`."""

    def __post_init__(self) -> None:
        """Refuse what could never work."""
        if self.window < 1:
            raise ValueError(f"window of {self.name}: at least 1")
        if self.binds < 1:
            raise ValueError(f"binds of {self.name}: at least 1")
        if self.tps_max < 0:
            raise ValueError(f"tps_max of {self.name}: 0 or more")
        for field in _DURATIONS:
            if getattr(self, field) <= 0:
                raise ValueError(f"{field} of {self.name}: more than 0")
