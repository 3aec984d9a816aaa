"""The habits of one SMSC where the standard leaves it a choice.

They are configured; nothing guesses them from traffic.
"""

from enum import StrEnum

from msgspec import Struct


class ReceiptId(StrEnum):
    """How an SMSC writes message ids in receipts, beside how it wrote them in submit_sm_resp."""

    AS_IS = "as_is"
    HEX = "hex"
    """Hexadecimal in receipts, decimal in the answer."""
    DEC = "dec"
    """Decimal in receipts, hexadecimal in the answer."""


class LongMessages(StrEnum):
    """How a text of several parts goes out."""

    UDH = "udh"
    """A user data header in each part (TS 23.040): what handsets join."""
    SAR = "sar"
    """TLVs beside each part (SMPP 3.4, 5.3.2.22): the SMSC writes the header."""
    PAYLOAD = "payload"
    """One submit_sm with message_payload: the SMSC cuts it."""


class Validity(StrEnum):
    """How a text's end of validity is written (7.1.1)."""

    RELATIVE = "relative"
    ABSOLUTE = "absolute"


class DefaultCoding(StrEnum):
    """The alphabet that an SMSC means by data_coding 0."""

    GSM = "gsm"
    LATIN1 = "latin1"
    ASCII = "ascii"


class Manners(Struct, frozen=True):
    """All habits of one SMSC."""

    receipt_id: ReceiptId = ReceiptId.AS_IS
    long_messages: LongMessages = LongMessages.UDH
    validity: Validity = Validity.RELATIVE
    default_coding: DefaultCoding = DefaultCoding.GSM

    @property
    def default_codec(self) -> str:
        """The codec of data_coding 0; "" for GSM 03.38."""
        return {DefaultCoding.LATIN1: "latin-1", DefaultCoding.ASCII: "ascii"}.get(
            self.default_coding, ""
        )


USUAL = Manners()
"""What most SMSCs do."""


def awaited_id(message_id: str, form: ReceiptId, *, in_receipt: bool) -> str:
    """Write an id so that an SMSC's answer and its receipts say the same; padding and case go.

    What is no number of the form that is configured is compared as it is.
    """
    if form is not ReceiptId.AS_IS and message_id.isalnum() and message_id.isascii():
        base = 16 if (form is ReceiptId.HEX) is in_receipt else 10
        try:
            return str(int(message_id, base))
        except ValueError:
            pass
    bare = message_id.strip().upper()
    return bare.lstrip("0") or bare
