"""The few PDUs of the load generator, as bytes with holes: made and read without building objects.

Only what a bench needs: numbers of one length, one short code, texts of one octet a character.
Anything else is for the real codec in `twofold.protocol`.
SMPP 3.4 gives the layouts (4.4.1, 4.6.1).
"""

from struct import Struct
from typing import Final, NamedTuple

HEADER: Final = Struct(">IIII")
GENERIC_NACK: Final = 0x80000000
BINDS: Final = (0x00000001, 0x00000002, 0x00000009)
SUBMIT_SM: Final = 0x00000004
DELIVER_SM: Final = 0x00000005
UNBIND: Final = 0x00000006
ENQUIRE_LINK: Final = 0x00000015
RESPONSE: Final = 0x80000000
ESME_RINVCMDID: Final = 0x00000003
ESME_RINVPASWD: Final = 0x0000000E
ESME_RX_T_APPN: Final = 0x00000064

_UDHI: Final = 0x40
_MESSAGE_PAYLOAD: Final = 0x0424
_UCS2: Final = 8
_TLV: Final = Struct(">HH")


class Submitted(NamedTuple):
    """What the generator wants to know of a submit_sm; `text` without the user data header."""

    msisdn: bytes
    registered: bool
    text: bytes
    reference: int
    parts: int


def read_submit(data: bytes, start: int, end: int) -> Submitted:
    """Read the submit_sm whose header begins at `start` and which ends before `end`."""
    at = data.index(0, start + 16) + 3
    at = data.index(0, at) + 3
    stop = data.index(0, at)
    msisdn = data[at:stop]
    esm_class = data[stop + 1]
    at = data.index(0, stop + 4) + 1
    at = data.index(0, at) + 1
    registered, coding, length = data[at], data[at + 2], data[at + 4]
    text = data[at + 5 : at + 5 + length]
    if not length:
        text = _payload(data, at + 5, end)
    reference, parts = 0, 1
    if esm_class & _UDHI and text[1] == 0:
        reference, parts = text[3], text[4]
        text = text[text[0] + 1 :]
    if coding == _UCS2:
        text = text.decode("utf-16-be", "replace").encode("ascii", "replace")
    return Submitted(msisdn, bool(registered & 1), text, reference, parts)


def _payload(data: bytes, at: int, end: int) -> bytes:
    """Find the message_payload TLV, empty when there is none."""
    while at + 4 <= end:
        tag, length = _TLV.unpack_from(data, at)
        if tag == _MESSAGE_PAYLOAD:
            return data[at + 4 : at + 4 + length]
        at += 4 + length
    return b""


class MobileOriginated:
    """The deliver_sm of one text to one short code, from any number."""

    def __init__(self, short_code: str, text: str) -> None:
        octets = text.encode("ascii")
        self._before = b"\0\1\1"
        self._after = b"".join(
            (
                b"\0\0\1",
                short_code.encode("ascii"),
                b"\0\0\0\0\0\0\0\0\0\0",
                bytes([len(octets)]),
                octets,
            )
        )

    def body(self, msisdn: bytes) -> bytes:
        """Give the body of this text from that number: always the same bytes."""
        return self._before + msisdn + self._after


class Receipts:
    """Delivery receipts, as text and as TLVs (SMPP 3.4, 5.3.2.26, 5.3.2.35 and appendix B)."""

    def __init__(self, short_code: str) -> None:
        self._between = b"\0\0\1" + short_code.encode("ascii") + b"\0\4\0\0\0\0\0\0\0\0"

    def body(self, msisdn: bytes, message_id: bytes, date: bytes) -> bytes:
        """Say that `message_id` (8 characters) reached `msisdn` at `date` (YYMMDDhhmm)."""
        text = b"id:%b sub:001 dlvrd:001 submit date:%b done date:%b stat:DELIVRD err:000 text:" % (
            message_id,
            date,
            date,
        )
        return b"".join(
            (
                b"\0\1\1",
                msisdn,
                self._between,
                bytes([len(text)]),
                text,
                b"\x00\x1e\x00\x09",
                message_id,
                b"\0\x04\x27\x00\x01\x02",
            )
        )


def deliver(body: bytes, sequence: int) -> bytes:
    """Put the header before the body of a deliver_sm."""
    return HEADER.pack(16 + len(body), DELIVER_SM, 0, sequence) + body


def submitted(sequence: int, message_id: bytes) -> bytes:
    """Answer a submit_sm with an id of 8 characters."""
    return HEADER.pack(25, SUBMIT_SM | RESPONSE, 0, sequence) + message_id + b"\0"


def answer(command: int, status: int, sequence: int, body: bytes = b"") -> bytes:
    """Answer any other request."""
    return HEADER.pack(16 + len(body), command, status, sequence) + body


def read_bind(data: bytes, start: int) -> tuple[str, str]:
    """Give system_id and password of a bind whose header begins at `start`."""
    first = data.index(0, start + 16)
    second = data.index(0, first + 1)
    return data[start + 16 : first].decode("latin-1"), data[first + 1 : second].decode("latin-1")
