"""What examples say better than properties: the standard's own bytes, and every refusal."""

import struct

import pytest

from twofold.protocol.smpp import (
    BadBody,
    FramingError,
    LocalProtocolError,
    RemoteProtocolError,
    decode,
    encode,
)
from twofold.protocol.smpp import pdus as p
from twofold.protocol.smpp.constants import CommandStatus, Tag


def frame(command_id: int, body: bytes = b"", *, status: int = 0, number: int = 9) -> bytes:
    return struct.pack(">IIII", 16 + len(body), command_id, status, number) + body


def test_the_standards_example_of_a_bind_is_read_and_written() -> None:
    # SMPP 3.4, section 3.2.3: the one PDU that the standard spells out in octets.
    octets = bytes.fromhex(
        "0000002F 00000002 00000000 00000001"
        "53 4D 50 50 33 54 45 53 54 00 73 65 63 72 65 74 30 38 00"
        "53 55 42 4D 49 54 31 00 00 01 01 00"
    )
    bind = p.BindTransmitter(1, "SMPP3TEST", "secret08", "SUBMIT1", 0, 1, 1, "")
    assert decode(octets) == bind
    assert encode(bind) == octets


def test_a_message_with_both_times_is_read() -> None:
    body = (
        b"CMT\0\1\x01" + b"9166\0" + b"\1\1" + b"84912345678\0" + b"\3\1\2"
        b"260101000000000+\0" + b"000000115900000R\0" + b"\1\0\x08\0" + b"\4" + b"\0Y\0!"
    )
    assert decode(frame(4, body)) == p.SubmitSm(
        9, "CMT", 1, 1, "9166", 1, 1, "84912345678", 3, 1, 2,
        "260101000000000+", "000000115900000R", 1, 0, 8, 0, b"\0Y\0!",
    )  # fmt: skip


def test_unknown_tlvs_are_passed_over_in_their_order() -> None:
    tlvs = ((0x3FFF, b"vendor"), (int(Tag.USSD_SERVICE_OP), b"\x02"), (0x3FFF, b""))
    read = decode(encode(p.DeliverSm(tlvs=tlvs)))
    assert isinstance(read, p.DeliverSm)
    assert read.tlvs == tlvs
    assert read.tlv(Tag.USSD_SERVICE_OP) == b"\x02"
    assert read.tlv(Tag.MESSAGE_STATE) is None


def test_a_long_text_rides_in_message_payload() -> None:
    long = bytes(range(256))
    read = decode(encode(p.SubmitSm(short_message=long)))
    assert isinstance(read, p.SubmitSm)
    assert read.short_message == b""
    assert read.tlvs == ((Tag.MESSAGE_PAYLOAD, long),)
    assert read.payload == long


def test_a_text_of_254_octets_stays_in_short_message() -> None:
    read = decode(encode(p.SubmitSm(short_message=b"x" * 254)))
    assert isinstance(read, p.SubmitSm)
    assert read.short_message == read.payload == b"x" * 254
    assert read.tlvs == ()


def test_a_message_without_any_text_has_an_empty_payload() -> None:
    assert p.DeliverSm().payload == b""
    assert p.DeliverSm(tlvs=((Tag.MESSAGE_STATE, b"\2"),)).payload == b""


def test_the_text_of_a_data_sm_rides_in_message_payload_whatever_its_length() -> None:
    for text in (b"Y", bytes(range(256))):
        read = decode(encode(p.DataSm(short_message=text, tlvs=((0x1401, b"id"),))))
        assert isinstance(read, p.DataSm)
        assert (read.short_message, read.payload) == (b"", text)
        assert read.tlvs == ((0x1401, b"id"), (Tag.MESSAGE_PAYLOAD, text))


def test_a_data_sm_is_read_octet_by_octet() -> None:
    # SMPP 3.4, table 4-21: no short_message, no times, and three numbers after the addresses.
    body = b"CMT\0\1\x0184912345678\0\0\x019166\0\x04\1\x08" + b"\x04\x24\0\2\0Y"
    assert decode(frame(0x103, body)) == p.DataSm(
        9, "CMT", 1, 1, "84912345678", 0, 1, "9166", 4, registered_delivery=1, data_coding=8,
        tlvs=((Tag.MESSAGE_PAYLOAD, b"\0Y"),),
    )  # fmt: skip


@pytest.mark.parametrize(
    "command_id", [0x8000_0004, 0x8000_0005, 0x8000_0001, 0x8000_0009, 0x8000_0103]
)
def test_an_answer_may_come_without_its_body(command_id: int) -> None:
    read = decode(frame(command_id, status=0x58))
    assert isinstance(
        read,
        p.SubmitSmResp
        | p.DeliverSmResp
        | p.DataSmResp
        | p.BindReceiverResp
        | p.BindTransceiverResp,
    )
    assert read.command_status == CommandStatus.ESME_RTHROTTLED


def test_a_refused_submit_is_answered_without_a_body() -> None:
    assert encode(p.SubmitSmResp(9, CommandStatus.ESME_RTHROTTLED)) == frame(
        0x8000_0004, status=0x58
    )
    assert encode(p.SubmitSmResp(9, 0, "a1")) == frame(0x8000_0004, b"a1\0")
    assert encode(p.DeliverSmResp(9, 0x64)) == frame(0x8000_0005, b"\0", status=0x64)


def test_a_status_that_nobody_listed_is_kept_as_a_number() -> None:
    assert decode(frame(0x8000_0000, status=0x0000_0410)) == p.GenericNack(9, 0x410)


@pytest.mark.parametrize("command_id", [0x0000_0003, 0x0000_0111, 0x8000_0111, 0xDEAD_BEEF])
def test_a_command_that_is_not_spoken_is_unknown_and_not_an_error(command_id: int) -> None:
    octets = frame(command_id, b"any\0thing", status=3)
    assert decode(octets) == p.Unknown(9, 3, command_id, b"any\0thing")
    assert encode(decode(octets)) == octets


def test_a_body_is_read_from_a_memoryview_too() -> None:
    assert decode(memoryview(frame(0x15))) == p.EnquireLink(9)


def test_the_number_given_to_encode_replaces_the_pdus_own() -> None:
    assert decode(encode(p.SubmitSm(1, source_addr="9166"), 77)) == p.SubmitSm(
        77, source_addr="9166"
    )


@pytest.mark.parametrize(
    "octets", [b"", frame(0x15)[:15], frame(0x15) + b"\0", frame(0x15, b"ab")[:-1]]
)
def test_a_length_that_is_not_the_frames_is_a_framing_error(octets: bytes) -> None:
    with pytest.raises(FramingError) as caught:
        decode(octets)
    assert caught.value.command_status == CommandStatus.ESME_RINVCMDLEN
    assert caught.value.sequence_number == (9 if len(octets) >= 16 else 0)


DATA = b"\0\0\09166\0\0\0849\0\0\0\0"
MESSAGE = b"\0\0\09166\0\0\0849\0\0\0\0\0\0\0\0\0\0\2hi"


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(frame(5, MESSAGE[:-1]), id="a text past the end"),
        pytest.param(frame(5, MESSAGE[:-3]), id="no sm_length"),
        pytest.param(frame(5, b"\0\0\0" + b"1" * 40), id="an address without its NUL"),
        pytest.param(frame(5, b""), id="no body at all"),
        pytest.param(frame(5, MESSAGE + b"\4"), id="a TLV cut in its tag"),
        pytest.param(frame(5, MESSAGE + b"\4\x24\0"), id="a TLV cut in its length"),
        pytest.param(frame(5, MESSAGE + b"\4\x24\0\2x"), id="a TLV past the end"),
        pytest.param(frame(0x103, DATA[:-1]), id="a data_sm cut in its numbers"),
        pytest.param(frame(0x103, DATA[:12]), id="a data_sm cut in an address"),
        pytest.param(frame(0x103, b""), id="a data_sm without a body"),
        pytest.param(frame(0x103, DATA + b"\4\x24\0\2x"), id="a payload past the end"),
        pytest.param(frame(0x8000_0103, b"id"), id="a data_sm_resp without its NUL"),
        pytest.param(frame(0x8000_0004, b"id"), id="a message_id without its NUL"),
        pytest.param(frame(0x8000_0005, b"\1"), id="a deliver_sm_resp without its NUL"),
        pytest.param(frame(9, b"me\0pw\0type\0\x34\0"), id="a bind cut in its numbers"),
        pytest.param(frame(0x8000_0009, b"smsc"), id="a system_id without its NUL"),
    ],
)
def test_a_field_past_the_end_of_its_pdu_is_a_bad_body(octets: bytes) -> None:
    with pytest.raises(BadBody) as caught:
        decode(octets)
    assert isinstance(caught.value, RemoteProtocolError)
    assert caught.value.command_status == CommandStatus.ESME_RINVMSGLEN
    assert caught.value.sequence_number == 9


@pytest.mark.parametrize(
    "pdu",
    [
        p.SubmitSm(service_type="123456"),
        p.SubmitSm(source_addr="9" * 21),
        p.SubmitSm(destination_addr="9" * 21),
        p.SubmitSm(destination_addr="84\x00912"),
        p.SubmitSm(source_addr="91\x0066"),
        p.SubmitSm(destination_addr="Đ"),
        p.SubmitSm(source_addr="Đ"),
        p.SubmitSm(source_addr_ton=256),
        p.SubmitSm(dest_addr_npi=-1),
        p.SubmitSm(esm_class=256),
        p.SubmitSm(data_coding=-1),
        p.SubmitSm(validity_period="000000115900000"),
        p.SubmitSm(validity_period="000000115900000Z"),
        p.SubmitSm(validity_period="00000011590000\x00R"),
        p.SubmitSm(schedule_delivery_time="tomorrow at noon"),
        p.SubmitSm(short_message=b"x", tlvs=((Tag.MESSAGE_PAYLOAD, b"y"),)),
        p.SubmitSm(short_message=b"x" * 255, tlvs=((Tag.MESSAGE_PAYLOAD, b"y"),)),
        p.SubmitSm(short_message=b"x" * 65_536),
        p.SubmitSm(tlvs=((65_536, b""),)),
        p.SubmitSm(tlvs=((1, b"x" * 65_536),)),
        p.SubmitSm(sequence_number=-1),
        p.DataSm(short_message=b"x", tlvs=((Tag.MESSAGE_PAYLOAD, b"y"),)),
        p.DataSm(destination_addr="9" * 21),
        p.DataSm(data_coding=256),
        p.SubmitSmResp(message_id="x" * 65),
        p.SubmitSmResp(command_status=-1),
        p.BindReceiver(system_id="x" * 16),
        p.BindReceiver(password="x" * 9),
        p.BindReceiver(system_type="x" * 13),
        p.BindReceiver(address_range="x" * 41),
        p.BindReceiverResp(system_id="x" * 16),
        p.EnquireLink(sequence_number=2**32),
        p.Unknown(1, 0, 2**32),
    ],
    ids=repr,
)
def test_what_the_standard_forbids_is_not_sent(pdu: p.Pdu) -> None:
    with pytest.raises(LocalProtocolError):
        encode(pdu)


def test_a_password_is_never_printed() -> None:
    assert "hunter2" not in repr(p.BindTransceiver(1, "me", "hunter2"))
