"""What goes wrong on the wire, by who must act: they sent nonsense, or we tried to."""

from twofold.protocol.smpp.constants import CommandStatus


class ProtocolError(Exception):
    """Something that SMPP 3.4 does not allow."""


class LocalProtocolError(ProtocolError):
    """We tried to send what the standard forbids, or forbids just then; nothing was sent."""


class RemoteProtocolError(ProtocolError):
    """They sent what cannot be a PDU.

    `command_status` and `sequence_number` are for the generic_nack.
    """

    def __init__(self, message: str, command_status: CommandStatus, sequence_number: int) -> None:
        super().__init__(message)
        self.command_status = command_status
        self.sequence_number = sequence_number


class FramingError(RemoteProtocolError):
    """The command_length is absurd: where the next PDU begins is unknown."""


class BadBody(RemoteProtocolError):
    """A field of the body runs past the end of its PDU."""
