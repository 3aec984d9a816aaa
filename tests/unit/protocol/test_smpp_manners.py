"""Message ids: an answer and its receipts may write the same number in different ways."""

import pytest

from twofold.protocol.smpp.manners import ReceiptId, awaited_id

SAME = [
    (ReceiptId.AS_IS, "0000A001", "a001"),
    (ReceiptId.AS_IS, "f81d4fae-7dec-11d0", "F81D4FAE-7DEC-11D0"),
    (ReceiptId.AS_IS, "000", "000"),
    (ReceiptId.HEX, "1234567890", "499602D2"),
    (ReceiptId.HEX, "1234567890", "00000000499602d2"),
    (ReceiptId.DEC, "499602D2", "1234567890"),
    (ReceiptId.DEC, "0x499602D2"[2:], "01234567890"),
    (ReceiptId.DEC, "not-a-number", "NOT-A-NUMBER"),
]


@pytest.mark.parametrize(("form", "answered", "in_receipt"), SAME)
def test_an_id_is_known_again(form: ReceiptId, answered: str, in_receipt: str) -> None:
    assert awaited_id(answered, form, in_receipt=False) == awaited_id(
        in_receipt, form, in_receipt=True
    )


@pytest.mark.parametrize("form", ReceiptId)
def test_different_ids_stay_different(form: ReceiptId) -> None:
    ids = ["1", "10", "100", "11", "A", "1A", "A1"]
    assert len({awaited_id(id_, form, in_receipt=True) for id_ in ids}) == len(ids)
