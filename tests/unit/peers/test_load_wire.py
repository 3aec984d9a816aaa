"""The load's hand-made octets, read and written by the real codec."""

import pytest

from twofold.peers import load_wire as wire
from twofold.protocol.smpp import pdus as p
from twofold.protocol.smpp.codec import decode, encode

TEXT = p.SubmitSm(
    9,
    service_type="VAS",
    source_addr="9166",
    destination_addr="84912345678",
    validity_period="000011595900000R",
    registered_delivery=1,
    short_message=b"soan Y",
)
LONG = b"soan Y" + b"x" * 300


def change(**fields: object) -> p.SubmitSm:
    """The text above, with other fields."""
    values = {name: getattr(TEXT, name) for name in TEXT.__struct_fields__}
    return p.SubmitSm(**{**values, **fields})


@pytest.mark.parametrize(
    ("pdu", "expected"),
    [
        (TEXT, (b"84912345678", True, b"soan Y", 0, 1)),
        (change(registered_delivery=0), (b"84912345678", False, b"soan Y", 0, 1)),
        (change(validity_period=""), (b"84912345678", True, b"soan Y", 0, 1)),
        (change(short_message=LONG), (b"84912345678", True, LONG, 0, 1)),
        (
            change(data_coding=8, short_message="soan Y".encode("utf-16-be")),
            (b"84912345678", True, b"soan Y", 0, 1),
        ),
        (
            change(esm_class=0x40, short_message=b"\x05\x00\x03\x07\x02\x01soan Y"),
            (b"84912345678", True, b"soan Y", 7, 2),
        ),
    ],
    ids=["plain", "no receipt", "no validity", "message_payload", "UCS-2", "a part"],
)
def test_a_text_is_read_as_the_codec_wrote_it(
    pdu: p.SubmitSm, expected: tuple[object, ...]
) -> None:
    frame = encode(pdu)
    assert wire.read_submit(b"before" + frame + b"after", 6, 6 + len(frame)) == expected


def test_a_message_is_written_as_the_codec_reads_it() -> None:
    body = wire.MobileOriginated("9166", "DK THETHAO").body(b"84912345678")
    assert decode(wire.deliver(body, 5)) == p.DeliverSm(
        5,
        source_addr_ton=1,
        source_addr_npi=1,
        source_addr="84912345678",
        dest_addr_npi=1,
        destination_addr="9166",
        short_message=b"DK THETHAO",
    )


def test_answers_are_written_as_the_codec_reads_them() -> None:
    assert decode(wire.submitted(5, b"0000000a")) == p.SubmitSmResp(5, 0, "0000000a")
    assert decode(wire.answer(0x80000015, 0, 6)) == p.EnquireLinkResp(6)
    assert decode(wire.answer(0x80000000, 3, 7)) == p.GenericNack(7, 3)
