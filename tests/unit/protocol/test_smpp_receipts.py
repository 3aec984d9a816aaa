"""Receipts as SMSCs write them, and as subscribers would forge them."""

import pytest

from twofold.protocol.smpp.constants import DataCoding, EsmClass, MessageState, Tag
from twofold.protocol.smpp.pdus import DeliverSm, Tlvs
from twofold.protocol.smpp.receipts import STAT, Receipt, is_receipt, parse_receipt, receipt_text

DELIVERED = MessageState.DELIVERED
USUAL = (
    b"id:0123456789 sub:001 dlvrd:001 submit date:2610010000 done date:2610010001"
    b" stat:DELIVRD err:000 text:Soan Y gui 9166"
)


def receipt(text: bytes = b"", tlvs: Tlvs = (), esm_class: int = 4, coding: int = 0) -> DeliverSm:
    return DeliverSm(esm_class=esm_class, data_coding=coding, short_message=text, tlvs=tlvs)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(USUAL, Receipt("0123456789", DELIVERED, "000", final=True), id="appendix B"),
        pytest.param(
            USUAL.upper(), Receipt("0123456789", DELIVERED, "000", final=True), id="upper case"
        ),
        pytest.param(
            b"stat:UNDELIV err:1f Id: ab-12_x",
            Receipt("ab-12_x", MessageState.UNDELIVERABLE, "1f", final=True),
            id="another order",
        ),
        pytest.param(
            b"id:7 stat:EXPIRED",
            Receipt("7", MessageState.EXPIRED, "", final=True),
            id="missing fields",
        ),
        pytest.param(
            b"id:7 stat:DELIVERED err:", Receipt("7", DELIVERED, "", final=True), id="long form"
        ),
        pytest.param(
            b"id:7 stat:ENROUTE", Receipt("7", MessageState.ENROUTE, "", final=False), id="enroute"
        ),
        pytest.param(
            b"id:7 stat:ACCEPTD",
            Receipt("7", MessageState.ACCEPTED, "", final=False),
            id="accepted",
        ),
        pytest.param(
            b"id:7 stat:WHAT",
            Receipt("7", MessageState.UNKNOWN, "", final=False),
            id="no such state",
        ),
        pytest.param(b"id:7", Receipt("7", MessageState.UNKNOWN, "", final=False), id="no state"),
        pytest.param(
            b"text: hello id:8 stat:DELIVRD",
            Receipt("8", DELIVERED, "", final=True),
            id="the text first",
        ),
        pytest.param(
            b"id:7 stat:REJECTD text:id:8 stat:DELIVRD",
            Receipt("7", MessageState.REJECTED, "", final=True),
            id="a receipt quoted in a receipt",
        ),
        pytest.param(
            b"id:7 stat:DELIVRD text:\xa1 err:666",
            Receipt("7", DELIVERED, "", final=True),
            id="an error in the quoted text",
        ),
        pytest.param(b"stat:DELIVRD err:000", None, id="no id"),
        pytest.param(b"", None, id="nothing"),
        pytest.param(b"\xff\xfe\x00", None, id="no text"),
    ],
)
def test_a_receipt_is_read_from_its_text(text: bytes, expected: Receipt | None) -> None:
    assert parse_receipt(receipt(text)) == expected


def test_tlvs_go_before_the_text() -> None:
    tlvs = ((Tag.RECEIPTED_MESSAGE_ID, b"abc\0"), (Tag.MESSAGE_STATE, b"\x05"))
    expected = Receipt("abc", MessageState.UNDELIVERABLE, "000", final=True, is_id_as_answered=True)
    assert parse_receipt(receipt(USUAL, tlvs)) == expected


@pytest.mark.parametrize("state", [b"", b"\x63", b"\0\2"])
def test_a_state_that_is_not_listed_leaves_the_word_to_the_text(state: bytes) -> None:
    found = parse_receipt(receipt(USUAL, ((Tag.MESSAGE_STATE, state),)))
    assert found == Receipt("0123456789", DELIVERED, "000", final=True)


def test_tlvs_alone_are_a_receipt_even_where_esm_class_forgets_to_say_so() -> None:
    tlvs = (
        (Tag.RECEIPTED_MESSAGE_ID, b"abc"),
        (Tag.MESSAGE_STATE, b"\x02"),
        (Tag.NETWORK_ERROR_CODE, b"\x03\x01\x02"),
    )
    pdu = receipt(b"", tlvs, esm_class=0)
    assert is_receipt(pdu)
    assert parse_receipt(pdu) == Receipt(
        "abc", DELIVERED, "258", final=True, is_id_as_answered=True
    )


def test_a_subscriber_cannot_write_a_receipt() -> None:
    forged = receipt(USUAL, esm_class=0)
    assert not is_receipt(forged)
    assert parse_receipt(forged) is None


@pytest.mark.parametrize("esm_class", [EsmClass.DELIVERY_ACKNOWLEDGEMENT, EsmClass.UDH_INDICATOR])
def test_other_kinds_of_message_are_no_receipts(esm_class: int) -> None:
    assert parse_receipt(receipt(USUAL, esm_class=esm_class)) is None


def test_an_intermediate_notification_is_never_final() -> None:
    found = parse_receipt(receipt(USUAL, esm_class=EsmClass.INTERMEDIATE_NOTIFICATION))
    assert found == Receipt("0123456789", DELIVERED, "000", final=False)


def test_a_receipt_without_an_id_is_still_no_subscribers_text() -> None:
    assert is_receipt(receipt(b"stat:DELIVRD"))


def test_a_receipt_may_come_in_ucs2_or_as_a_payload() -> None:
    expected = Receipt("7", DELIVERED, "", final=True)
    wide = "id:7 stat:DELIVRD".encode("utf-16-be")
    assert parse_receipt(receipt(wide, coding=DataCoding.UCS2)) == expected
    payload = ((Tag.MESSAGE_PAYLOAD, b"id:7 stat:DELIVRD"),)
    assert parse_receipt(receipt(b"", payload)) == expected


@pytest.mark.parametrize("state", MessageState)
def test_what_the_stand_in_writes_is_read_back(state: MessageState) -> None:
    text = receipt_text("42", state, "2610010000", "2610010001", "034")
    found = parse_receipt(receipt(text))
    assert found is not None
    assert (found.message_id, found.state, found.error) == ("42", state, "034")


def test_every_state_has_its_seven_letters() -> None:
    assert set(STAT) == set(MessageState)
    assert {len(stat) for stat in STAT.values()} == {7}


@pytest.mark.parametrize(
    ("code", "has_no_sms"),
    [(b"\x03\0\x0b", True), (b"\x03\0\x0d", True), (b"\x03\0\x1b", False), (b"\x01\0\x0b", False)],
)
def test_the_network_says_whether_a_number_gets_sms_at_all(
    code: bytes,
    has_no_sms: bool,  # noqa: FBT001 - a column
) -> None:
    found = parse_receipt(receipt(USUAL, ((Tag.NETWORK_ERROR_CODE, code),)))
    assert found is not None
    assert found.has_no_sms is has_no_sms
