"""SMPP in: a deliver_sm is an MO or a receipt, becomes an event, and is answered after the commit.

An MO that cannot be decoded is kept as bytes and acknowledged.
`ESME_RX_T_APPN` asks the SMSC to try again: the store is away.
Under overload answers are withheld first, and what there is no room for is put off.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, tzinfo
from hashlib import blake2b
from math import inf
from typing import Final, Protocol

from msgspec import Struct

from twofold.channels.punctuality import Outages, SmscClock, Timing
from twofold.channels.ussd import words_dialled
from twofold.commit import Committer
from twofold.decide import Decision
from twofold.domain.clock import Clock
from twofold.domain.events import MessageReceived, PartReceived, ReceiptArrived, UssdReceived
from twofold.domain.ids import IdSource
from twofold.domain.msisdn import parse_msisdn
from twofold.domain.subscriber import Fragment, Group
from twofold.links.listener import Ticket
from twofold.links.sessions import Sessions
from twofold.protocol.gsm import decode_short_message
from twofold.protocol.smpp.constants import CommandStatus, DataCoding, EsmClass
from twofold.protocol.smpp.manners import USUAL, Manners, awaited_id
from twofold.protocol.smpp.parts import read_part
from twofold.protocol.smpp.pdus import DeliverSm
from twofold.protocol.smpp.receipts import Receipt, is_receipt, parse_receipt
from twofold.protocol.smpp.stamps import parse_imsi, parse_stamp
from twofold.protocol.smpp.ussd import TYPED, is_ussd, session_of

KEY_BYTES: Final = 8
COMMIT_MS: Final = 1_000
"""An MO is answered within this of its coming, or the link is in trouble."""

DATA_CODINGS: Final = {"latin-1": int(DataCoding.LATIN_1), "ascii": int(DataCoding.IA5)}
"""What an SMSC means by data_coding 0, as the standard would write it."""

_TYPE_MASK: Final = 0x3C
_UDHI: Final = int(EsmClass.UDH_INDICATOR)
_OK: Final = CommandStatus.ESME_ROK
_TRY_AGAIN: Final = CommandStatus.ESME_RX_T_APPN


class Answerer(Protocol):
    """The link's side of an answer."""

    @property
    def answers_arrived_before(self) -> float:
        """The moment of the loop's clock before which all answers have arrived."""

    def respond(self, ticket: Ticket, status: int) -> None:
        """Answer a deliver_sm."""


class VendorTlvs(Struct, frozen=True):
    """The tags under which an SMSC says what the standard has no field for; None: it does not."""

    id: int | None = None
    time: int | None = None
    imsi: int | None = None


NO_TLVS: Final = VendorTlvs()


class ChannelStats(Struct):
    """Counts for the metrics."""

    messages: int = 0
    receipts: int = 0
    ussd: int = 0
    """Messages of USSD sessions; one that ends a session is acknowledged, and nothing else."""
    busy: int = 0
    """Messages that were put off, because more came than can be decided or answered."""
    refused_sources: int = 0
    """Messages whose sender is no number: acknowledged, kept nowhere, counted."""


class SmppChannel:
    """Turns what one SMSC delivers into events."""

    def __init__(  # noqa: PLR0913 - the engine's ports, each named where it is wired
        self,
        smsc: str,
        link: Answerer,
        committer: Committer,
        clock: Clock,
        ids: IdSource,
        *,
        country_code: str,
        tlvs: VendorTlvs = NO_TLVS,
        zone: tzinfo = UTC,
        manners: Manners = USUAL,
        outages: Outages | None = None,
        busy_status: int = _TRY_AGAIN,
        hold: Callable[[int, Callable[[], None]], bool],
        sessions: Sessions,
    ) -> None:
        """Hear the SMSC named `smsc`, whose times are in `zone` where they name none.

        `busy_status` answers what there is no room for.
        `hold` keeps a receipt back while a text to its number is unanswered.
        `sessions` keeps a USSD session until its screen is carried.
        """
        self.stats = ChannelStats()
        self._smsc = smsc
        self._link = link
        self._committer = committer
        self._clock = clock
        self._ids = ids
        self._country_code = country_code
        self._tlvs = tlvs
        self._zone = zone
        self._manners = manners
        self._codec = manners.default_codec
        self.outages = outages or Outages(clock.now())
        self.smsc_clock = SmscClock(self.outages)
        self._busy_status = busy_status
        self._hold = hold
        self._sessions = sessions
        self._proved = -inf
        self._answered_before_at = 0

    def hear(self, ticket: Ticket, pdu: DeliverSm) -> None:
        """Take one deliver_sm."""
        msisdn = parse_msisdn(pdu.source_addr, self._country_code)
        if msisdn is None:
            self.stats.refused_sources += 1
            self._link.respond(ticket, _OK)
        elif pdu.esm_class & _TYPE_MASK or is_receipt(pdu):
            self._hear_receipt(ticket, pdu, int(msisdn))
        elif is_ussd(pdu):
            self._hear_ussd(ticket, pdu, int(msisdn))
        else:
            self._hear_message(ticket, pdu, int(msisdn))

    def _hear_message(self, ticket: Ticket, pdu: DeliverSm, msisdn: int) -> None:
        """An MO: durable before it is answered."""
        self.stats.messages += 1
        now_at = self._clock.now()
        raw = pdu.payload
        own_id = self._own_id(pdu)
        timing = self._timing(pdu, now_at)
        text, fragment = self._read(pdu, raw, now_at, timing)
        fields = (
            self._ids.next(now_at),
            now_at,
            msisdn,
            pdu.destination_addr,
            self._smsc,
            pdu.data_coding,
            raw,
            text,
            message_key(self._smsc, pdu, raw, own_id),
            own_id is not None,
            timing.effective_at,
            self._known_answered(now_at),
            timing.smsc_at,
            self._imsi(pdu),
        )
        event = MessageReceived(*fields) if fragment is None else PartReceived(*fields, fragment)
        self._submit(ticket, event)

    def _hear_ussd(self, ticket: Ticket, pdu: DeliverSm, msisdn: int) -> None:
        """What was typed into a USSD session: decided like a message, and answered on its screen.

        Nothing here has a time or an id: a session is now, and whoever repeats it means it twice.
        """
        self.stats.ussd += 1
        session = session_of(pdu, self._smsc)
        if session.operation not in TYPED:
            self._link.respond(ticket, _OK)
            return
        now_at = self._clock.now()
        raw = pdu.payload
        text = decode_short_message(raw, pdu.data_coding, default=self._codec)
        event = UssdReceived(
            self._ids.next(now_at),
            now_at,
            msisdn,
            pdu.destination_addr,
            self._smsc,
            pdu.data_coding,
            raw,
            None if text is None else words_dialled(text),
            message_key(self._smsc, pdu, raw, session.info),
            False,  # noqa: FBT003 - key_is_sure, between the fields around it
            now_at,
            imsi=self._imsi(pdu),
        )
        self._sessions.open(event.id, now_at, session)
        self._submit(ticket, event)

    def _submit(self, ticket: Ticket, event: MessageReceived) -> None:
        """Have it decided and then answered, or put it off."""
        if self._committer.refuses(event):
            self.stats.busy += 1
            self._link.respond(ticket, self._busy_status)
        else:
            self._committer.submit(event, self._answer(ticket), kept=False)

    def _read(
        self, pdu: DeliverSm, raw: bytes, now_at: int, timing: Timing
    ) -> tuple[str | None, Fragment | None]:
        """The text of a whole message, or which part of a longer one it is."""
        codec = self._codec
        if not (pdu.tlvs or pdu.esm_class & _UDHI):
            return decode_short_message(raw, pdu.data_coding, default=codec), None
        part = read_part(pdu)
        if part is None:
            return None, None
        place = part.concatenation
        if place is None or place.total == 1:
            return decode_short_message(part.octets, pdu.data_coding, part.shift, codec), None
        group = Group(pdu.destination_addr, place.reference, place.total)
        coding = pdu.data_coding or DATA_CODINGS.get(codec, 0)
        shift = (part.shift.locking, part.shift.single)
        sent_at = timing.effective_at
        return None, Fragment(group, place.number, 0, coding, shift, part.octets, now_at, sent_at)

    def _own_id(self, pdu: DeliverSm) -> bytes | None:
        """What tells this message from all others: its id, else its time."""
        for tag in (self._tlvs.id, self._tlvs.time):
            if tag is not None and (value := pdu.tlv(tag)) is not None:
                return value
        return None

    def _timing(self, pdu: DeliverSm, now_at: int) -> Timing:
        """When it counts as sent."""
        tag = self._tlvs.time
        value = None if tag is None else pdu.tlv(tag)
        smsc_at = None if value is None else parse_stamp(value, self._zone)
        return Timing(now_at) if smsc_at is None else self.smsc_clock.judge(smsc_at, now_at)

    def _imsi(self, pdu: DeliverSm) -> str:
        """Whose SIM sent it."""
        value = None if self._tlvs.imsi is None else pdu.tlv(self._tlvs.imsi)
        return "" if value is None else parse_imsi(value)

    def _known_answered(self, now_at: int) -> int:
        """The business time before which MOs were answered for good; it outlives a connection."""
        proved = self._link.answers_arrived_before
        if proved > -inf and proved != self._proved:
            self._proved = proved
            ago_ms = int((asyncio.get_running_loop().time() - proved) * 1000)
            self._answered_before_at = now_at - ago_ms - COMMIT_MS
        return self._answered_before_at

    def _hear_receipt(self, ticket: Ticket, pdu: DeliverSm, msisdn: int) -> None:
        """A receipt; another message about a message is acknowledged and passed over."""
        self.stats.receipts += 1
        receipt = parse_receipt(pdu)
        if receipt is None:
            self._link.respond(ticket, _OK)
            return
        if not self._hold(msisdn, lambda: self._submit_receipt(ticket, pdu, msisdn, receipt)):
            self._submit_receipt(ticket, pdu, msisdn, receipt)

    def _submit_receipt(
        self, ticket: Ticket, pdu: DeliverSm, msisdn: int, receipt: Receipt
    ) -> None:
        """Have a receipt decided."""
        now_at = self._clock.now()
        event = ReceiptArrived(
            self._ids.next(now_at),
            now_at,
            msisdn,
            self._smsc,
            awaited_id(
                receipt.message_id,
                self._manners.receipt_id,
                in_receipt=not receipt.is_id_as_answered,
            ),
            receipt.state.name,
            receipt.final,
            pdu.payload,
            receipt.has_no_sms,
        )
        self._committer.submit(event, self._answer(ticket), kept=False)

    def _answer(self, ticket: Ticket) -> Callable[[Decision | None], None]:
        """Answer a deliver_sm when its event is durable, or ask for it again."""
        link, outages = self._link, self.outages

        def answer(decision: Decision | None) -> None:
            if decision is None:
                link.respond(ticket, _TRY_AGAIN)
                outages.store_away(self._clock.now())
            else:
                link.respond(ticket, _OK)
                if outages.is_store_away:
                    outages.store_back(self._clock.now())

        return answer


def message_key(smsc: str, pdu: DeliverSm, raw: bytes, own_id: bytes | None) -> bytes:
    """8 bytes, equal for two deliveries of one message: all that it says, and its id if it has one.

    An id alone would not do: an SMSC's ids may begin anew.
    """
    said = b"\0".join(
        (
            pdu.source_addr.encode("latin-1"),
            pdu.destination_addr.encode("latin-1"),
            bytes((pdu.data_coding,)),
            raw,
        )
    )
    if own_id is not None:
        said = b"\0".join((smsc.encode(), own_id, said))
    return blake2b(said, digest_size=KEY_BYTES).digest()
