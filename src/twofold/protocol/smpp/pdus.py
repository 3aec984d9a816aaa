"""The PDUs of SMPP 3.4 that this project speaks, one frozen struct each.

Fields are named and ordered as on the wire, but `sequence_number` comes first; a session assigns it
when it sends a request.
C-octet strings are `str`, one character an octet (Latin-1, so that any octet survives); texts are
`bytes`.
TLVs are (tag, value) in the order in which they came, unknown ones included.
Any other command is `Unknown`, with its body as it came.
"""

from typing import TypeAlias

from msgspec import Struct

from twofold.protocol.smpp.constants import INTERFACE_VERSION, Tag

Tlvs: TypeAlias = tuple[tuple[int, bytes], ...]


class _Bind(Struct, frozen=True, gc=False):
    """What all three binds carry (4.1)."""

    sequence_number: int = 0
    system_id: str = ""
    password: str = ""
    system_type: str = ""
    interface_version: int = INTERFACE_VERSION
    addr_ton: int = 0
    addr_npi: int = 0
    address_range: str = ""

    def __repr__(self) -> str:
        """Show who binds, never the password."""
        return f"{type(self).__name__}({self.sequence_number}, system_id={self.system_id!r})"


class BindReceiver(_Bind, frozen=True, gc=False):
    """Ask for a link on which messages are only received (4.1.3)."""


class BindTransmitter(_Bind, frozen=True, gc=False):
    """Ask for a link on which messages are only submitted (4.1.1)."""


class BindTransceiver(_Bind, frozen=True, gc=False):
    """Ask for a link that carries messages both ways (4.1.5)."""


class _BindResp(Struct, frozen=True, gc=False):
    """What all three answers to a bind carry; a refusal may come without a body (4.1.2)."""

    sequence_number: int = 0
    command_status: int = 0
    system_id: str = ""
    tlvs: Tlvs = ()


class BindReceiverResp(_BindResp, frozen=True, gc=False):
    """The answer to bind_receiver (4.1.4)."""


class BindTransmitterResp(_BindResp, frozen=True, gc=False):
    """The answer to bind_transmitter (4.1.2)."""


class BindTransceiverResp(_BindResp, frozen=True, gc=False):
    """The answer to bind_transceiver (4.1.6)."""


class Unbind(Struct, frozen=True, gc=False):
    """End the use of a link (4.2.1)."""

    sequence_number: int = 0


class UnbindResp(Struct, frozen=True, gc=False):
    """The answer to unbind (4.2.2)."""

    sequence_number: int = 0
    command_status: int = 0


class EnquireLink(Struct, frozen=True, gc=False):
    """Ask whether the peer is still there (4.11.1)."""

    sequence_number: int = 0


class EnquireLinkResp(Struct, frozen=True, gc=False):
    """The answer to enquire_link (4.11.2)."""

    sequence_number: int = 0
    command_status: int = 0


class GenericNack(Struct, frozen=True, gc=False):
    """The answer to what could not be understood (4.3.1)."""

    sequence_number: int = 0
    command_status: int = 0


class _Message(Struct, frozen=True, gc=False):
    """What submit_sm and deliver_sm carry alike (4.4.1, 4.6.1)."""

    sequence_number: int = 0
    service_type: str = ""
    source_addr_ton: int = 0
    source_addr_npi: int = 0
    source_addr: str = ""
    dest_addr_ton: int = 0
    dest_addr_npi: int = 0
    destination_addr: str = ""
    esm_class: int = 0
    protocol_id: int = 0
    priority_flag: int = 0
    schedule_delivery_time: str = ""
    validity_period: str = ""
    registered_delivery: int = 0
    replace_if_present_flag: int = 0
    data_coding: int = 0
    sm_default_msg_id: int = 0
    short_message: bytes = b""
    tlvs: Tlvs = ()

    @property
    def payload(self) -> bytes:
        """The text's octets, wherever they ride: in short_message or in message_payload."""
        if self.short_message or not self.tlvs:
            return self.short_message
        return self.tlv(Tag.MESSAGE_PAYLOAD) or b""

    def tlv(self, tag: int) -> bytes | None:
        """Find the value of the first TLV with this tag."""
        for found, value in self.tlvs:
            if found == tag:
                return value
        return None


class SubmitSm(_Message, frozen=True, gc=False):
    """A message to a subscriber (4.4.1).

    A short_message of more than 254 octets is sent as message_payload, and read back through
    `payload`.
    """


class DeliverSm(_Message, frozen=True, gc=False):
    """A message from a subscriber, or a delivery receipt (4.6.1)."""


class DataSm(DeliverSm, frozen=True, gc=False):
    """The same as deliver_sm, as some SMSCs bring it (4.7.1).

    On the wire it has no short_message, no times and no flags: its text rides in message_payload,
    into which a short_message is put when it is sent, and is read back through `payload`.
    """


class SubmitSmResp(Struct, frozen=True, gc=False):
    """The answer to submit_sm: the SMSC's id of the message, none when it refused (4.4.2)."""

    sequence_number: int = 0
    command_status: int = 0
    message_id: str = ""
    tlvs: Tlvs = ()


class DeliverSmResp(Struct, frozen=True, gc=False):
    """The answer to deliver_sm; its message_id is unused (4.6.2)."""

    sequence_number: int = 0
    command_status: int = 0
    message_id: str = ""
    tlvs: Tlvs = ()


class DataSmResp(Struct, frozen=True, gc=False):
    """The answer to data_sm; its message_id is the SMSC's, unused where an ESME answers (4.7.2)."""

    sequence_number: int = 0
    command_status: int = 0
    message_id: str = ""
    tlvs: Tlvs = ()


class Unknown(Struct, frozen=True, gc=False):
    """A command that this codec does not read."""

    sequence_number: int
    command_status: int
    command_id: int
    body: bytes = b""


Bind: TypeAlias = BindReceiver | BindTransmitter | BindTransceiver
BindResp: TypeAlias = BindReceiverResp | BindTransmitterResp | BindTransceiverResp
Pdu: TypeAlias = (
    Bind
    | BindResp
    | Unbind
    | UnbindResp
    | EnquireLink
    | EnquireLinkResp
    | GenericNack
    | SubmitSm
    | SubmitSmResp
    | DeliverSm
    | DeliverSmResp
    | DataSm
    | DataSmResp
    | Unknown
)
