"""However a sender says that a message is one part of several, it is understood alike."""

import pytest

from twofold.protocol.gsm import Concatenation
from twofold.protocol.smpp.constants import EsmClass, Tag
from twofold.protocol.smpp.parts import Part, read_part
from twofold.protocol.smpp.pdus import DeliverSm, Tlvs

HEADED = b"\x05\x00\x03\xab\x02\x01one"


def sar(reference: bytes, total: bytes, number: bytes) -> Tlvs:
    return (
        (Tag.SAR_MSG_REF_NUM, reference),
        (Tag.SAR_TOTAL_SEGMENTS, total),
        (Tag.SAR_SEGMENT_SEQNUM, number),
    )


@pytest.mark.parametrize(
    ("pdu", "expected"),
    [
        pytest.param(DeliverSm(short_message=b"Y"), Part(b"Y"), id="a message alone"),
        pytest.param(
            DeliverSm(esm_class=EsmClass.UDH_INDICATOR, short_message=HEADED),
            Part(b"one", Concatenation(0xAB, 2, 1)),
            id="a header",
        ),
        pytest.param(DeliverSm(short_message=HEADED), Part(HEADED), id="no header without its bit"),
        pytest.param(
            DeliverSm(short_message=b"one", tlvs=sar(b"\x01\x02", b"\x03", b"\x02")),
            Part(b"one", Concatenation(0x102, 3, 2)),
            id="SAR TLVs",
        ),
        pytest.param(
            DeliverSm(short_message=b"one", tlvs=sar(b"\0\1", b"\2", b"\3")),
            Part(b"one"),
            id="part three of two",
        ),
        pytest.param(
            DeliverSm(short_message=b"one", tlvs=sar(b"\0\1", b"\2", b"\1")[:2]),
            Part(b"one"),
            id="half the SAR TLVs",
        ),
        pytest.param(
            DeliverSm(tlvs=((Tag.MESSAGE_PAYLOAD, b"long"),)), Part(b"long"), id="a payload"
        ),
        pytest.param(
            DeliverSm(esm_class=EsmClass.UDH_INDICATOR, tlvs=((Tag.MESSAGE_PAYLOAD, HEADED),)),
            Part(b"one", Concatenation(0xAB, 2, 1)),
            id="a header in a payload",
        ),
        pytest.param(
            DeliverSm(esm_class=EsmClass.UDH_INDICATOR, short_message=b"\x09x"),
            None,
            id="a header past the end",
        ),
    ],
)
def test_a_message_is_taken_apart(pdu: DeliverSm, expected: Part | None) -> None:
    assert read_part(pdu) == expected
