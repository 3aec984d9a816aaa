"""The bytes of one PDU of each kind, as they leave; `make golden` rewrites them."""

import pytest

from tests.plugins.golden import Compare
from twofold.protocol.smpp import decode, encode
from twofold.protocol.smpp import pdus as p
from twofold.protocol.smpp.constants import CommandStatus, DataCoding, EsmClass, Tag

MESSAGE_ID = ((Tag.RECEIPTED_MESSAGE_ID, b"00000042\0"), (Tag.MESSAGE_STATE, b"\x02"))
SC_VERSION = ((Tag.SC_INTERFACE_VERSION, b"\x34"),)

PDUS: dict[str, p.Pdu] = {
    "bind_receiver": p.BindReceiver(1, "twofold", "secret", "VAS", address_range="^9166$"),
    "bind_transmitter": p.BindTransmitter(1, "twofold", "secret", "VAS"),
    "bind_transceiver": p.BindTransceiver(1, "twofold", "secret"),
    "bind_receiver_resp": p.BindReceiverResp(1, 0, "smsc", SC_VERSION),
    "bind_transmitter_resp": p.BindTransmitterResp(1, 0, "smsc", SC_VERSION),
    "bind_transceiver_resp": p.BindTransceiverResp(1, CommandStatus.ESME_RINVPASWD),
    "unbind": p.Unbind(2),
    "unbind_resp": p.UnbindResp(2),
    "enquire_link": p.EnquireLink(3),
    "enquire_link_resp": p.EnquireLinkResp(3),
    "generic_nack": p.GenericNack(4, CommandStatus.ESME_RINVCMDID),
    "submit_sm": p.SubmitSm(
        5,
        source_addr="9166",
        dest_addr_ton=1,
        dest_addr_npi=1,
        destination_addr="84912345678",
        validity_period="000000115900000R",
        registered_delivery=1,
        short_message=b"Soan Y gui 9166",
    ),
    "submit_sm_resp": p.SubmitSmResp(5, 0, "00000042"),
    "submit_sm_resp_throttled": p.SubmitSmResp(5, CommandStatus.ESME_RTHROTTLED),
    "deliver_sm": p.DeliverSm(
        6,
        source_addr_ton=1,
        source_addr_npi=1,
        source_addr="84912345678",
        destination_addr="9166",
        data_coding=DataCoding.UCS2,
        short_message="Có".encode("utf-16-be"),
    ),
    "deliver_sm_receipt": p.DeliverSm(
        7,
        source_addr="84912345678",
        destination_addr="9166",
        esm_class=EsmClass.DELIVERY_RECEIPT,
        short_message=b"id:00000042 stat:DELIVRD",
        tlvs=MESSAGE_ID,
    ),
    "deliver_sm_resp": p.DeliverSmResp(6, CommandStatus.ESME_RX_T_APPN),
    "data_sm": p.DataSm(
        9,
        service_type="USSD",
        source_addr_ton=1,
        source_addr_npi=1,
        source_addr="84912345678",
        destination_addr="9166",
        data_coding=DataCoding.LATIN_1,
        tlvs=((0x1401, b"42"), (Tag.MESSAGE_PAYLOAD, b"DK THETHAO")),
    ),
    "data_sm_receipt": p.DataSm(
        10,
        source_addr="84912345678",
        destination_addr="9166",
        esm_class=EsmClass.DELIVERY_RECEIPT,
        tlvs=MESSAGE_ID,
    ),
    "data_sm_resp": p.DataSmResp(9, CommandStatus.ESME_RX_T_APPN),
    "unknown": p.Unknown(8, 0, 0x0111, b"broadcast_sm is not spoken"),
}


@pytest.mark.parametrize("name", sorted(PDUS))
def test_the_octets_of_each_pdu_are_as_reviewed(name: str, golden: Compare) -> None:
    octets = encode(PDUS[name])
    rows = [octets[at : at + 16].hex(" ") for at in range(0, len(octets), 16)]
    golden(f"pdus/{name}.hex", "\n".join(rows) + "\n")
    assert decode(octets) == PDUS[name]


def test_every_kind_of_pdu_has_its_golden_octets() -> None:
    assert {type(pdu) for pdu in PDUS.values()} == set(p.Pdu.__args__)
