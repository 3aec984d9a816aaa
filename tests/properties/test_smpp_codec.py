"""The codec says the same both ways, and no bytes whatever make it fail in any way but its own."""

import struct
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from twofold.protocol.smpp import RemoteProtocolError, decode, encode
from twofold.protocol.smpp import pdus as p
from twofold.protocol.smpp.constants import CommandId, Tag

u32 = st.integers(0, 0xFFFF_FFFF)
octet = st.integers(0, 255)
times = st.one_of(st.just(""), st.from_regex(r"[0-9]{15}[-+R]", fullmatch=True))
tags = st.integers(0, 0xFFFF).filter(lambda tag: tag != Tag.MESSAGE_PAYLOAD)
tlvs = st.lists(st.tuples(tags, st.binary(max_size=40)), max_size=4).map(tuple)


def string(longest: int) -> st.SearchStrategy[str]:
    latin_1 = st.characters(min_codepoint=1, max_codepoint=255)
    return st.text(latin_1, max_size=longest)


def messages(kind: Callable[..., p.SubmitSm | p.DeliverSm]) -> st.SearchStrategy[p.Pdu]:
    return st.builds(
        kind, u32, string(5), octet, octet, string(20), octet, octet, string(20), octet, octet,
        octet, times, times, octet, octet, octet, octet, st.binary(max_size=254), tlvs,
    )  # fmt: skip


def data_messages() -> st.SearchStrategy[p.Pdu]:
    """Whose text rides in a TLV, or is not there."""
    text = st.lists(st.tuples(st.just(Tag.MESSAGE_PAYLOAD), st.binary(max_size=300)), max_size=1)
    all_tlvs = st.builds(lambda more, found: (*more, *found), tlvs, text)
    return st.builds(
        p.DataSm, u32, string(5), octet, octet, string(20), octet, octet, string(20), octet,
        registered_delivery=octet, data_coding=octet, tlvs=all_tlvs,
    )  # fmt: skip


def binds(kind: Callable[..., p.Bind]) -> st.SearchStrategy[p.Pdu]:
    return st.builds(kind, u32, string(15), string(8), string(12), octet, octet, octet, string(40))


def answers(kind: Callable[..., p.Pdu], longest: int) -> st.SearchStrategy[p.Pdu]:
    return st.builds(kind, u32, u32, string(longest), tlvs)


every_pdu = st.one_of(
    messages(p.SubmitSm),
    messages(p.DeliverSm),
    binds(p.BindReceiver),
    binds(p.BindTransmitter),
    binds(p.BindTransceiver),
    answers(p.BindReceiverResp, 15),
    answers(p.BindTransmitterResp, 15),
    answers(p.BindTransceiverResp, 15),
    answers(p.SubmitSmResp, 64),
    answers(p.DeliverSmResp, 64),
    data_messages(),
    answers(p.DataSmResp, 64),
    st.builds(p.Unbind, u32),
    st.builds(p.UnbindResp, u32, u32),
    st.builds(p.EnquireLink, u32),
    st.builds(p.EnquireLinkResp, u32, u32),
    st.builds(p.GenericNack, u32, u32),
    st.builds(p.Unknown, u32, u32, st.just(0x0111), st.binary(max_size=40)),
)


@given(every_pdu)
def test_what_was_written_is_read_back(pdu: p.Pdu) -> None:
    octets = encode(pdu)
    assert decode(octets) == pdu
    assert struct.unpack_from(">I", octets) == (len(octets),)


@given(st.binary(min_size=255, max_size=2_000), tlvs)
def test_a_long_text_is_read_back_through_its_payload(text: bytes, others: p.Tlvs) -> None:
    read = decode(encode(p.SubmitSm(short_message=text, tlvs=others)))
    assert isinstance(read, p.SubmitSm)
    assert read.payload == text
    assert read.tlvs == (*others, (Tag.MESSAGE_PAYLOAD, text))


def decodes_or_is_refused(octets: bytes) -> None:
    try:
        decode(octets)
    except RemoteProtocolError as error:
        refused = error
    else:
        return
    assert refused.command_status != 0


@given(st.binary(max_size=200))
def test_any_bytes_are_a_pdu_or_refused(octets: bytes) -> None:
    decodes_or_is_refused(octets)


@given(st.sampled_from(CommandId), st.binary(max_size=120))
def test_any_body_under_a_right_header_is_a_pdu_or_refused(command: CommandId, body: bytes) -> None:
    decodes_or_is_refused(struct.pack(">IIII", 16 + len(body), command, 0, 1) + body)


@given(every_pdu, st.data())
def test_a_pdu_with_its_octets_changed_is_a_pdu_or_refused(pdu: p.Pdu, data: st.DataObject) -> None:
    octets = bytearray(encode(pdu))
    for _ in range(data.draw(st.integers(1, 4))):
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(octet)
    decodes_or_is_refused(bytes(octets))


@given(every_pdu, st.data())
def test_a_pdu_cut_short_is_a_pdu_or_refused(pdu: p.Pdu, data: st.DataObject) -> None:
    octets = encode(pdu)
    cut = data.draw(st.integers(16, len(octets)))
    decodes_or_is_refused(struct.pack(">I", cut) + octets[4:cut])
