"""PDUs to bytes and back: the hot path of the gateway, twelve PDUs a journey.

Rules: any bytes give a PDU or a RemoteProtocolError, never another exception; what the standard
forbids to send gives a LocalProtocolError.
Reading is wider than writing: over-long strings, unknown numbers and unknown TLVs from a peer are
taken as they come, so that a careless SMSC can still be talked to.
Messages are read and written flat, without a loop over field descriptions: that is several times
faster, and these two functions decide how many journeys an engine can carry.
"""

from collections.abc import Callable
from functools import lru_cache, partial
from struct import Struct
from struct import error as struct_error
from typing import Any, Final, TypeVar

from twofold.protocol.smpp import pdus as p
from twofold.protocol.smpp.constants import (
    HEADER_BYTES,
    SHORT_MESSAGE_MAX,
    CommandId,
    CommandStatus,
    Tag,
)
from twofold.protocol.smpp.errors import BadBody, FramingError, LocalProtocolError

_HEADER: Final = Struct(">IIII")
_TLV: Final = Struct(">HH")
_TON_NPI: Final = Struct("BB")
_BEFORE_TIMES: Final = Struct("4B")
_AFTER_TIMES: Final = Struct("5B")
_BIND_NUMBERS: Final = Struct("3B")
_DATA_NUMBERS: Final = Struct("3B")
"""esm_class, registered_delivery and data_coding of a data_sm."""
_AFTER_ADDRESSES: Final = Struct("10B")
"""esm_class to sm_length while both times are empty, which is nearly always."""
_EMPTY_RESPONSE: Final = Struct(">IIIIB")
"""A response whose only field is an empty string."""

_ROK: Final = int(CommandStatus.ESME_ROK)
_SUBMIT_SM: Final = int(CommandId.SUBMIT_SM)
_DELIVER_SM: Final = int(CommandId.DELIVER_SM)
_SUBMIT_SM_RESP: Final = int(CommandId.SUBMIT_SM_RESP)
_DELIVER_SM_RESP: Final = int(CommandId.DELIVER_SM_RESP)
_DATA_SM_RESP: Final = int(CommandId.DATA_SM_RESP)
_MESSAGE_PAYLOAD: Final = int(Tag.MESSAGE_PAYLOAD)

_ADDRESS_MAX: Final = 20
_TIME_LENGTH: Final = 16

_M = TypeVar("_M", p.SubmitSm, p.DeliverSm)
_B = TypeVar("_B", p.BindReceiver, p.BindTransmitter, p.BindTransceiver)
_R = TypeVar("_R", p.BindReceiverResp, p.BindTransmitterResp, p.BindTransceiverResp)


def decode(frame: bytes | memoryview) -> p.Pdu:
    """Read one whole PDU, header included.

    Raises FramingError when command_length is not the frame's, and BadBody when a field runs past
    its end.
    """
    if type(frame) is not bytes:
        frame = bytes(frame)
    size = len(frame)
    if size < HEADER_BYTES:
        raise FramingError("a PDU shorter than its header", CommandStatus.ESME_RINVCMDLEN, 0)
    length, command_id, status, number = _HEADER.unpack_from(frame)
    if length != size:
        raise FramingError(
            f"command_length {length} on {size} octets", CommandStatus.ESME_RINVCMDLEN, number
        )
    read = _READERS.get(command_id)
    if read is None:
        return p.Unknown(number, status, command_id, frame[HEADER_BYTES:])
    try:
        return read(frame, status, number)
    except (ValueError, IndexError, struct_error) as error:
        raise BadBody(
            f"command 0x{command_id:08x}: {error}", CommandStatus.ESME_RINVMSGLEN, number
        ) from None


def encode(pdu: p.Pdu, sequence_number: int | None = None) -> bytes:
    """Write a PDU, under `sequence_number` in place of its own where one is given.

    Raises LocalProtocolError when a field is too long, out of range or not in Latin-1.
    """
    number = pdu.sequence_number if sequence_number is None else sequence_number
    try:
        return _WRITERS[type(pdu)](pdu, number)
    except (struct_error, UnicodeEncodeError) as error:
        raise LocalProtocolError(f"{type(pdu).__name__}: {error}") from None


# --- reading --------------------------------------------------------------------------------------


def _read_message(kind: type[_M], frame: bytes, number: int) -> _M:
    """Read submit_sm or deliver_sm (4.4.1, 4.6.1)."""
    text = frame.decode("latin-1")  # one call for all strings: slices of it are cheap
    find = frame.index
    at = find(0, 16)
    service_type = text[16:at]
    source_ton = frame[at + 1]
    source_npi = frame[at + 2]
    end = find(0, at + 3)
    source = text[at + 3 : end]
    dest_ton = frame[end + 1]
    dest_npi = frame[end + 2]
    at = find(0, end + 3)
    destination = text[end + 3 : at]
    esm, protocol, priority, schedule, validity, registered, replace, coding, default, length = (
        _AFTER_ADDRESSES.unpack_from(frame, at + 1)
    )
    schedule_time = validity_period = ""
    if schedule or validity:
        end = find(0, at + 4)
        schedule_time = text[at + 4 : end]
        at = find(0, end + 1)
        validity_period = text[end + 1 : at]
        registered, replace, coding, default, length = frame[at + 1 : at + 6]
        at += 6
    else:
        at += 11
    end = at + length
    size = len(frame)
    if end > size:
        raise ValueError("short_message runs past the end")
    return kind(
        number, service_type, source_ton, source_npi, source, dest_ton, dest_npi, destination,
        esm, protocol, priority, schedule_time, validity_period, registered, replace, coding,
        default, frame[at:end], () if end == size else _read_tlvs(frame, end),
    )  # fmt: skip


def _read_tlvs(frame: bytes, at: int) -> p.Tlvs:
    """Read the optional parameters that follow a body, to the end of the PDU (3.2.4)."""
    size = len(frame)
    tlvs = []
    while at < size:
        tag, length = _TLV.unpack_from(frame, at)
        at += 4
        if at + length > size:
            raise ValueError(f"TLV 0x{tag:04x} runs past the end")
        tlvs.append((tag, frame[at : at + length]))
        at += length
    return tuple(tlvs)


def _read_submit_sm(frame: bytes, _status: int, number: int) -> p.SubmitSm:
    return _read_message(p.SubmitSm, frame, number)


def _read_deliver_sm(frame: bytes, _status: int, number: int) -> p.DeliverSm:
    return _read_message(p.DeliverSm, frame, number)


def _read_data_sm(frame: bytes, _status: int, number: int) -> p.DataSm:
    """Read data_sm (4.7.1)."""
    service_type, at = _read_string(frame, HEADER_BYTES)
    source_ton, source_npi = frame[at], frame[at + 1]
    source, at = _read_string(frame, at + 2)
    dest_ton, dest_npi = frame[at], frame[at + 1]
    destination, at = _read_string(frame, at + 2)
    esm_class, registered, coding = _DATA_NUMBERS.unpack_from(frame, at)
    return p.DataSm(
        number, service_type, source_ton, source_npi, source, dest_ton, dest_npi, destination,
        esm_class, registered_delivery=registered, data_coding=coding,
        tlvs=_read_tlvs(frame, at + _DATA_NUMBERS.size),
    )  # fmt: skip


def _read_data_sm_resp(frame: bytes, status: int, number: int) -> p.DataSmResp:
    """Read the answer to data_sm; a refusal may come without a body, as others do."""
    if len(frame) == HEADER_BYTES:
        return p.DataSmResp(number, status)
    message_id, at = _read_string(frame, HEADER_BYTES)
    return p.DataSmResp(number, status, message_id, _read_tlvs(frame, at))


def _read_submit_sm_resp(frame: bytes, status: int, number: int) -> p.SubmitSmResp:
    """Read the SMSC's answer; a refusal has no body (4.4.2), a careless SMSC sends none ever."""
    if len(frame) == HEADER_BYTES:
        return p.SubmitSmResp(number, status)
    end = frame.index(0, 16)
    message_id = frame[16:end].decode("latin-1")
    if end + 1 == len(frame):
        return p.SubmitSmResp(number, status, message_id)
    return p.SubmitSmResp(number, status, message_id, _read_tlvs(frame, end + 1))


def _read_deliver_sm_resp(frame: bytes, status: int, number: int) -> p.DeliverSmResp:
    if len(frame) == HEADER_BYTES:
        return p.DeliverSmResp(number, status)
    if len(frame) == HEADER_BYTES + 1 and frame[HEADER_BYTES] == 0:
        return p.DeliverSmResp(number, status)
    message_id, at = _read_string(frame, HEADER_BYTES)
    return p.DeliverSmResp(number, status, message_id, _read_tlvs(frame, at))


def _bind_reader(kind: type[_B]) -> Callable[[bytes, int, int], _B]:
    def read(frame: bytes, _status: int, number: int) -> _B:
        system_id, at = _read_string(frame, HEADER_BYTES)
        password, at = _read_string(frame, at)
        system_type, at = _read_string(frame, at)
        version, ton, npi = frame[at : at + 3]
        address_range, _ = _read_string(frame, at + 3)
        return kind(number, system_id, password, system_type, version, ton, npi, address_range)

    return read


def _bind_resp_reader(kind: type[_R]) -> Callable[[bytes, int, int], _R]:
    def read(frame: bytes, status: int, number: int) -> _R:
        if len(frame) == HEADER_BYTES:
            return kind(number, status)
        system_id, at = _read_string(frame, HEADER_BYTES)
        return kind(number, status, system_id, _read_tlvs(frame, at))

    return read


def _read_string(frame: bytes, at: int) -> tuple[str, int]:
    """Read one C-octet string; return it and where the next field begins."""
    end = frame.index(0, at)
    return frame[at:end].decode("latin-1"), end + 1


_READERS: Final[dict[int, Callable[[bytes, int, int], p.Pdu]]] = {
    _DELIVER_SM: _read_deliver_sm,
    _SUBMIT_SM: _read_submit_sm,
    _SUBMIT_SM_RESP: _read_submit_sm_resp,
    _DELIVER_SM_RESP: _read_deliver_sm_resp,
    CommandId.DATA_SM: _read_data_sm,
    CommandId.DATA_SM_RESP: _read_data_sm_resp,
    CommandId.ENQUIRE_LINK: lambda _frame, _status, number: p.EnquireLink(number),
    CommandId.ENQUIRE_LINK_RESP: lambda _frame, status, number: p.EnquireLinkResp(number, status),
    CommandId.UNBIND: lambda _frame, _status, number: p.Unbind(number),
    CommandId.UNBIND_RESP: lambda _frame, status, number: p.UnbindResp(number, status),
    CommandId.GENERIC_NACK: lambda _frame, status, number: p.GenericNack(number, status),
    CommandId.BIND_RECEIVER: _bind_reader(p.BindReceiver),
    CommandId.BIND_TRANSMITTER: _bind_reader(p.BindTransmitter),
    CommandId.BIND_TRANSCEIVER: _bind_reader(p.BindTransceiver),
    CommandId.BIND_RECEIVER_RESP: _bind_resp_reader(p.BindReceiverResp),
    CommandId.BIND_TRANSMITTER_RESP: _bind_resp_reader(p.BindTransmitterResp),
    CommandId.BIND_TRANSCEIVER_RESP: _bind_resp_reader(p.BindTransceiverResp),
}


# --- writing --------------------------------------------------------------------------------------


def _write_message(command_id: int, pdu: p.SubmitSm | p.DeliverSm, number: int) -> bytes:
    """Write submit_sm or deliver_sm."""
    text = pdu.short_message
    tlvs = _write_tlvs(pdu.tlvs) if pdu.tlvs else b""
    if len(text) > SHORT_MESSAGE_MAX or (tlvs and text):
        text, tlvs = _place_text(pdu, tlvs)
    destination = pdu.destination_addr.encode("latin-1")
    if len(destination) > _ADDRESS_MAX or 0 in destination:
        raise LocalProtocolError("destination_addr is over 20 octets, or has a NUL")
    body = b"".join((
        _write_route(
            pdu.service_type, pdu.source_addr_ton, pdu.source_addr_npi, pdu.source_addr,
            pdu.dest_addr_ton, pdu.dest_addr_npi,
        ),
        destination,
        _BEFORE_TIMES.pack(0, pdu.esm_class, pdu.protocol_id, pdu.priority_flag),
        _write_time(pdu.schedule_delivery_time) if pdu.schedule_delivery_time else b"\0",
        _write_time(pdu.validity_period) if pdu.validity_period else b"\0",
        _AFTER_TIMES.pack(
            pdu.registered_delivery, pdu.replace_if_present_flag, pdu.data_coding,
            pdu.sm_default_msg_id, len(text),
        ),
        text,
        tlvs,
    ))  # fmt: skip
    return _HEADER.pack(HEADER_BYTES + len(body), command_id, _ROK, number) + body


@lru_cache(maxsize=1024)
def _write_route(
    service_type: str,
    source_ton: int,
    source_npi: int,
    source: str,
    dest_ton: int,
    dest_npi: int,
) -> bytes:
    """Write what comes before the destination's digits: the same few octets for most messages."""
    return b"".join(
        (
            _write_string("service_type", service_type, 5),
            _TON_NPI.pack(source_ton, source_npi),
            _write_string("source_addr", source, _ADDRESS_MAX),
            _TON_NPI.pack(dest_ton, dest_npi),
        )
    )


def _place_text(pdu: p.SubmitSm | p.DeliverSm, tlvs: bytes) -> tuple[bytes, bytes]:
    """Say what goes into short_message and what into the TLVs: never a text in both (5.3.2.32)."""
    text = pdu.short_message
    if pdu.tlv(_MESSAGE_PAYLOAD) is not None:
        raise LocalProtocolError("a text both in short_message and in message_payload")
    if len(text) <= SHORT_MESSAGE_MAX:
        return text, tlvs
    return b"", tlvs + _write_tlvs(((_MESSAGE_PAYLOAD, text),))


def _write_data_sm(pdu: p.DataSm, number: int) -> bytes:
    """Write data_sm: its text as message_payload, behind all other TLVs (4.7.1)."""
    tlvs = pdu.tlvs
    if pdu.short_message:
        if pdu.tlv(_MESSAGE_PAYLOAD) is not None:
            raise LocalProtocolError("a text both in short_message and in message_payload")
        tlvs = (*tlvs, (_MESSAGE_PAYLOAD, pdu.short_message))
    body = b"".join((
        _write_route(
            pdu.service_type, pdu.source_addr_ton, pdu.source_addr_npi, pdu.source_addr,
            pdu.dest_addr_ton, pdu.dest_addr_npi,
        ),
        _write_string("destination_addr", pdu.destination_addr, _ADDRESS_MAX),
        _DATA_NUMBERS.pack(pdu.esm_class, pdu.registered_delivery, pdu.data_coding),
        _write_tlvs(tlvs),
    ))  # fmt: skip
    return _HEADER.pack(HEADER_BYTES + len(body), CommandId.DATA_SM, _ROK, number) + body


def _write_tlvs(tlvs: p.Tlvs) -> bytes:
    """Write optional parameters; a value over 65,535 octets is refused."""
    return b"".join([_TLV.pack(tag, len(value)) + value for tag, value in tlvs])


def _write_time(value: str) -> bytes:
    """Write an absolute or relative time of 16 characters and its NUL (7.1.1)."""
    if len(value) != _TIME_LENGTH or not (value.isascii() and value[:15].isdecimal()):
        raise LocalProtocolError(f"{value!r} is no time of SMPP")
    if value[15] not in "+-R":
        raise LocalProtocolError(f"{value!r} is neither an absolute nor a relative time")
    return value.encode("ascii") + b"\0"


def _write_string(field: str, value: str, longest: int) -> bytes:
    """Write a C-octet string of at most `longest` octets, and its NUL."""
    octets = value.encode("latin-1")
    if len(octets) > longest or 0 in octets:
        raise LocalProtocolError(f"{field} is over {longest} octets, or has a NUL")
    return octets + b"\0"


def _write_response(
    command_id: int,
    pdu: p.SubmitSmResp | p.DeliverSmResp | p.DataSmResp,
    number: int,
    *,
    bare: bool,
) -> bytes:
    """Write the answer to a message; `bare` leaves the body off."""
    if bare:
        return _HEADER.pack(HEADER_BYTES, command_id, pdu.command_status, number)
    if not (pdu.message_id or pdu.tlvs):
        return _EMPTY_RESPONSE.pack(HEADER_BYTES + 1, command_id, pdu.command_status, number, 0)
    body = _write_string("message_id", pdu.message_id, 64) + _write_tlvs(pdu.tlvs)
    return _HEADER.pack(HEADER_BYTES + len(body), command_id, pdu.command_status, number) + body


def _write_submit_sm_resp(pdu: p.SubmitSmResp, number: int) -> bytes:
    """Write the answer to submit_sm, without a body where it is a refusal (4.4.2)."""
    bare = pdu.command_status != _ROK and not pdu.message_id and not pdu.tlvs
    return _write_response(_SUBMIT_SM_RESP, pdu, number, bare=bare)


def _write_bind(command_id: int, pdu: p.Bind, number: int) -> bytes:
    body = b"".join(
        (
            _write_string("system_id", pdu.system_id, 15),
            _write_string("password", pdu.password, 8),
            _write_string("system_type", pdu.system_type, 12),
            _BIND_NUMBERS.pack(pdu.interface_version, pdu.addr_ton, pdu.addr_npi),
            _write_string("address_range", pdu.address_range, 40),
        )
    )
    return _HEADER.pack(HEADER_BYTES + len(body), command_id, _ROK, number) + body


def _write_bind_resp(command_id: int, pdu: p.BindResp, number: int) -> bytes:
    """Write the answer to a bind, without a body where it is a bare refusal (4.1.2)."""
    body = b""
    if pdu.command_status == _ROK or pdu.system_id or pdu.tlvs:
        body = _write_string("system_id", pdu.system_id, 15) + _write_tlvs(pdu.tlvs)
    return _HEADER.pack(HEADER_BYTES + len(body), command_id, pdu.command_status, number) + body


def _request_writer(command_id: int) -> Callable[[Any, int], bytes]:
    """Write a request that is its header alone."""
    return lambda _pdu, number: _HEADER.pack(HEADER_BYTES, command_id, _ROK, number)


def _response_writer(command_id: int) -> Callable[[Any, int], bytes]:
    """Write an answer that is its header alone."""
    return lambda pdu, number: _HEADER.pack(HEADER_BYTES, command_id, pdu.command_status, number)


def _write_unknown(pdu: p.Unknown, number: int) -> bytes:
    header = _HEADER.pack(HEADER_BYTES + len(pdu.body), pdu.command_id, pdu.command_status, number)
    return header + pdu.body


_WRITERS: Final[dict[type, Callable[[Any, int], bytes]]] = {
    p.SubmitSm: partial(_write_message, _SUBMIT_SM),
    p.DeliverSm: partial(_write_message, _DELIVER_SM),
    p.SubmitSmResp: _write_submit_sm_resp,
    p.DeliverSmResp: partial(_write_response, _DELIVER_SM_RESP, bare=False),
    p.DataSm: _write_data_sm,
    p.DataSmResp: partial(_write_response, _DATA_SM_RESP, bare=False),
    p.EnquireLink: _request_writer(CommandId.ENQUIRE_LINK),
    p.EnquireLinkResp: _response_writer(CommandId.ENQUIRE_LINK_RESP),
    p.Unbind: _request_writer(CommandId.UNBIND),
    p.UnbindResp: _response_writer(CommandId.UNBIND_RESP),
    p.GenericNack: _response_writer(CommandId.GENERIC_NACK),
    p.BindReceiver: partial(_write_bind, CommandId.BIND_RECEIVER),
    p.BindTransmitter: partial(_write_bind, CommandId.BIND_TRANSMITTER),
    p.BindTransceiver: partial(_write_bind, CommandId.BIND_TRANSCEIVER),
    p.BindReceiverResp: partial(_write_bind_resp, CommandId.BIND_RECEIVER_RESP),
    p.BindTransmitterResp: partial(_write_bind_resp, CommandId.BIND_TRANSMITTER_RESP),
    p.BindTransceiverResp: partial(_write_bind_resp, CommandId.BIND_TRANSCEIVER_RESP),
    p.Unknown: _write_unknown,
}
