"""An ESME that answers by rote: as much of Twofold as the load generator needs to be tested."""

import asyncio
from collections.abc import Callable
from typing import cast

from twofold.protocol.smpp import pdus as p
from twofold.protocol.smpp.codec import decode, encode

PROMPT = b"Yeu cau DK THETHAO: soan Y gui 9166"
WELCOME = b"DK thanh cong THETHAO"

Answer = Callable[[p.DeliverSm], int]


class Replying(asyncio.Protocol):
    """Binds, sends the prompt to who writes DK and the welcome to who writes Y.

    `answer` gives the command_status of a deliver_sm; nothing is sent unless it is 0.
    A negative one withholds the answer.
    """

    def __init__(self, answer: Answer = lambda _: 0, *, password: str = "secret") -> None:
        self.messages: list[bytes] = []
        self.receipts: list[p.DeliverSm] = []
        self.bound: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._answer = answer
        self._password = password
        self._rest = b""
        self._sequence = 1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._send(p.BindTransceiver(1, "twofold", self._password))

    def connection_lost(self, error: Exception | None) -> None:
        del error
        self.closed.set_result(None)

    def data_received(self, data: bytes) -> None:
        self._rest += data
        while len(self._rest) >= 16:
            length = int.from_bytes(self._rest[:4], "big")
            if len(self._rest) < length:
                return
            frame, self._rest = self._rest[:length], self._rest[length:]
            self._take(decode(frame))

    def _take(self, pdu: p.Pdu) -> None:
        match pdu:
            case p.BindTransceiverResp():
                self.bound.set_result(pdu.command_status)
            case p.DeliverSm():
                self._deliver(pdu)

    def _deliver(self, pdu: p.DeliverSm) -> None:
        status = self._answer(pdu)
        if status >= 0:
            self._send(p.DeliverSmResp(pdu.sequence_number, status))
        if pdu.esm_class:
            self.receipts.append(pdu)
        elif status == 0:
            self.messages.append(pdu.short_message)
            for text in self.replies(pdu.short_message):
                self._submit(pdu.source_addr, *text)

    def replies(self, text: bytes) -> list[tuple[bytes, int]]:
        """Give text and esm_class of each submit_sm that follows a message."""
        return [(PROMPT if text.startswith(b"DK") else WELCOME, 0)]

    def _submit(self, to: str, text: bytes, esm_class: int) -> None:
        self._sequence += 1
        self._send(
            p.SubmitSm(
                self._sequence,
                source_addr="9166",
                destination_addr=to,
                esm_class=esm_class,
                registered_delivery=1,
                validity_period="000011595900000R",
                short_message=text,
            )
        )

    def _send(self, pdu: p.Pdu) -> None:
        self.transport.write(encode(pdu))


class InTwoParts(Replying):
    """The same, but each text has two segments, joined by a user data header."""

    def replies(self, text: bytes) -> list[tuple[bytes, int]]:
        whole = super().replies(text)[0][0]
        cut = len(whole) - 8
        return [
            (b"\x05\x00\x03\x07\x02\x01" + whole[:cut], 0x40),
            (b"\x05\x00\x03\x07\x02\x02" + whole[cut:], 0x40),
        ]


class Repeating(Replying):
    """The same, but each text is sent twice, as after an outcome that stayed unknown."""

    def replies(self, text: bytes) -> list[tuple[bytes, int]]:
        return super().replies(text) * 2
