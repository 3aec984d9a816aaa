"""SMPP 3.4 without IO: PDUs, their codec, a session for either side, receipts and times."""

from twofold.protocol.smpp.codec import decode, encode
from twofold.protocol.smpp.errors import (
    BadBody,
    FramingError,
    LocalProtocolError,
    ProtocolError,
    RemoteProtocolError,
)
from twofold.protocol.smpp.session import BindMode, Role, Session, SessionSettings, State

__all__ = [
    "BadBody",
    "BindMode",
    "FramingError",
    "LocalProtocolError",
    "ProtocolError",
    "RemoteProtocolError",
    "Role",
    "Session",
    "SessionSettings",
    "State",
    "decode",
    "encode",
]
