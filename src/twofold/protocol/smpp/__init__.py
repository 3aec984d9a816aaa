"""SMPP 3.4 without IO: PDUs, their codec, a session for either side, receipts and times."""

from twofold.protocol.smpp.codec import decode, encode
from twofold.protocol.smpp.errors import (
    BadBody,
    FramingError,
    LocalProtocolError,
    ProtocolError,
    RemoteProtocolError,
)

__all__ = [
    "BadBody",
    "FramingError",
    "LocalProtocolError",
    "ProtocolError",
    "RemoteProtocolError",
    "decode",
    "encode",
]
