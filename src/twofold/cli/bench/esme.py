"""The smallest ESME that plays whole journeys: codec and session, no rules, nothing rendered.

What happened in a turn of the loop is kept first, by whoever keeps it, and answered after that.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import Final, cast

from twofold.channels.smpp import message_key
from twofold.cli.bench.sample import SMSC, Happened, Journey, Sample
from twofold.domain.clock import Clock
from twofold.domain.ids import IdSource
from twofold.protocol.smpp import events as e
from twofold.protocol.smpp.constants import CommandStatus, Npi, RegisteredDelivery, Ton
from twofold.protocol.smpp.pdus import DeliverSm, SubmitSm, SubmitSmResp
from twofold.protocol.smpp.receipts import parse_receipt
from twofold.protocol.smpp.session import Role, Session, SessionSettings

_KIND: Final = 0x3C
_SHORT_CODE: Final = "9166"
_VALIDITY: Final = "000000115900000R"

Keep = Callable[[list[tuple[Happened, Journey]], int], None]
"""Makes a batch of events durable; its second argument is the time, ms UTC."""


class BareEsme(asyncio.Protocol):
    """Answers each message, asks after a DK and welcomes after a Y."""

    def __init__(self, sample: Sample, settings: SessionSettings, clock: Clock, keep: Keep) -> None:
        """Take `keep` before each answer."""
        self.batches = 0
        self.events = 0
        self._sample = sample
        self._session = Session(Role.ESME, settings)
        self._clock = clock
        self._keep = keep
        self._ids = IdSource()
        self._journeys: dict[int, Journey] = {}
        self._sent: dict[str, tuple[Happened, Journey]] = {}
        """By message id: what its receipt means."""
        self._happened: list[tuple[Happened, Journey]] = []
        self._sequences: list[int] = []
        """The deliver_sm of the batch, each to be answered."""
        self._now_at = 0
        self._waiting = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Bind."""
        self._transport = cast("asyncio.Transport", transport)
        self._loop = asyncio.get_running_loop()
        found = transport.get_extra_info("socket")
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._session.bind(self._loop.time())
        self._transport.write(self._session.data_to_send())

    def data_received(self, data: bytes) -> None:
        """Take what came; it is kept and answered once in a turn of the loop."""
        self._now_at = self._clock.now()
        for event in self._session.receive(data, self._loop.time()):
            if type(event) is e.RequestReceived and type(event.pdu) is DeliverSm:
                self._hear(event.pdu)
            elif type(event) is e.ResponseReceived and type(event.pdu) is SubmitSmResp:
                self._accepted(event.context, event.pdu)
        if not self._waiting:
            self._waiting = True
            self._loop.call_soon(self._turn)

    def _hear(self, pdu: DeliverSm) -> None:
        self._sequences.append(pdu.sequence_number)
        if pdu.esm_class & _KIND:
            receipt = parse_receipt(pdu)
            assert receipt is not None
            self._note(*self._sent.pop(receipt.message_id))
            return
        number = int(pdu.source_addr)
        if pdu.short_message.startswith(b"DK"):
            journey = self._journeys[number] = Journey(number)
            event = Happened.ASKED
        else:
            journey = self._journeys.pop(number)
            event = Happened.CONFIRMED
        journey.key = message_key(SMSC, pdu, pdu.short_message, None)
        self._note(event, journey)

    def _accepted(self, context: object, pdu: SubmitSmResp) -> None:
        event, journey = cast("tuple[Happened, Journey]", context)
        welcome = event is Happened.WELCOME_ACCEPTED
        journey.message_ids[welcome] = pdu.message_id
        done = Happened.WELCOME_DELIVERED if welcome else Happened.PROMPT_DELIVERED
        self._sent[pdu.message_id] = (done, journey)
        self._note(event, journey)

    def _note(self, event: Happened, journey: Journey) -> None:
        journey.ids[event] = self._ids.next(self._now_at)
        self._happened.append((event, journey))

    def _turn(self) -> None:
        """Keep what has come, then answer it."""
        self._waiting = False
        happened, sequences = self._happened, self._sequences
        if not happened:
            return
        self._happened, self._sequences = [], []
        self._keep(happened, self._now_at)
        self.batches += 1
        self.events += len(happened)
        for sequence in sequences:
            self._session.respond(sequence, CommandStatus.ESME_ROK)
        for event, journey in happened:
            if event is Happened.ASKED:
                self._submit(self._sample.prompt, (Happened.PROMPT_ACCEPTED, journey))
            elif event is Happened.CONFIRMED:
                self._submit(self._sample.welcome, (Happened.WELCOME_ACCEPTED, journey))
        self._transport.write(self._session.data_to_send())

    def _submit(self, text: bytes, context: tuple[Happened, Journey]) -> None:
        pdu = SubmitSm(
            source_addr=_SHORT_CODE,
            dest_addr_ton=Ton.INTERNATIONAL,
            dest_addr_npi=Npi.ISDN,
            destination_addr=str(context[1].number),
            validity_period=_VALIDITY,
            registered_delivery=RegisteredDelivery.FINAL,
            short_message=text,
        )
        self._session.request(pdu, self._loop.time(), context)
