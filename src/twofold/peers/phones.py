"""Phones on the SMSC stand-in: people write, and read whole messages.

What is shown is what was on the wire: parts are joined only once all of them are there, and a text
that never reached its handset is never shown.
"""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any, Final, Literal

from msgspec import Struct

from twofold.peers.smsc import Smsc
from twofold.peers.texts import Text
from twofold.protocol.gsm import Segments, decode_short_message, encode, segment, with_udh
from twofold.protocol.smpp import pdus as p
from twofold.protocol.smpp.constants import EsmClass, Npi, Tag, Ton
from twofold.protocol.smpp.parts import read_part
from twofold.protocol.smpp.times import absolute_validity

_WRITERS: Final[dict[int, Callable[[str], bytes]]] = {
    0: encode,
    3: lambda text: text.encode("latin-1"),
    8: lambda text: text.encode("utf-16-be"),
}


STAMP_MS: Final = 100
"""The grain of an absolute SMPP time."""


Long = Literal["udh", "udh16", "sar", "payload"]
Written = tuple[int, bytes, p.Tlvs]
"""esm_class, short_message and TLVs of one part."""


class _Message(Struct, frozen=True):
    """One whole message: `texts` are the parts of an MT, none for an MO."""

    sender: str
    to: str
    text: str | None
    at: int
    segments: int
    data_coding: int
    texts: tuple[Text, ...] = ()
    imsi: str = ""
    """The SIM card that an MO came from; empty for an MT, and where the SMSC tells none."""

    def shown(self) -> dict[str, Any]:
        """Give it as `/sim/messages` has it; `text` is None when the octets are no text."""
        first = self.texts[0] if self.texts else None
        return {
            "direction": "mt" if first else "mo",
            "from": self.sender,
            "to": self.to,
            "text": self.text,
            "at": datetime.fromtimestamp(self.at / 1000, UTC).isoformat(timespec="milliseconds"),
            "segments": self.segments,
            "data_coding": self.data_coding,
            "validity_period": first.pdu.validity_period if first else None,
            "message_id": first.message_id if first else None,
            "receipt": self.texts[-1].receipt if first else None,
            "imsi": self.imsi or None,
        }


class Phones:
    """All phones of one SMSC. A number is written in digits, with its country code."""

    def __init__(self, smsc: Smsc, now: Callable[[], int]) -> None:
        self._smsc = smsc
        self._now = now
        self._messages: dict[str, list[_Message]] = {}
        self._parts: dict[tuple[str, str, int, int], dict[int, Text]] = {}
        self._watchers: list[tuple[str, int, asyncio.Future[None]]] = []
        self._references = count(1)
        self._ids = count(1)
        self.changed: Callable[[], None] = lambda: None
        """Called when a phone has written or received something."""
        self._stamped_at = 0
        self.long_messages: Long = "udh"
        """How the SMSC hands on what a phone sent in parts."""
        self.shuffle: Callable[[list[Written]], None] | None = None
        """Puts the parts of a message into another order."""
        smsc.reached = self._take

    async def send(
        self,
        msisdn: str,
        short_code: str,
        content: str | bytes,
        *,
        data_coding: int | None = None,
        smsc_time: int | None = None,
        imsi: str | None = None,
        times: int = 1,
    ) -> int:
        """Write a message and await the ESME's answer: its command_status.

        A text is sent in the GSM alphabet or else in UCS-2, in parts when it is long; octets, and
        a text with a `data_coding` given, as they are, in one message. `smsc_time` (ms UTC) needs
        an SMSC that has a TLV for it, and so does `imsi`: that SIM is in the phone from then on.
        `times` delivers the same message so often, as an SMSC does that lost the answers; of
        several answers the first error is given. KeyError: no ESME serves that short code.
        """
        at = self._stamp() if smsc_time is None else smsc_time
        if smsc_time is not None and not self._smsc.settings.mo_time_tlv:
            raise ValueError("this SMSC gives no times: set mo_time_tlv")
        segments = _segments(content, data_coding)
        self._smsc.served_by(short_code)
        if imsi is not None:
            self._smsc.sims.put_in(msisdn, imsi)
        pdus = self._pdus(msisdn, short_code, segments, at)
        waiting = [self._originate(pdu) for _ in range(times) for pdu in pdus]
        self._keep(msisdn, short_code, content, pdus)
        statuses = [await answer for answer in waiting]
        return next((status for status in statuses if status), 0)

    def messages(self, msisdn: str) -> list[dict[str, Any]]:
        """Give all that this number wrote and received, oldest first, as `/sim/messages` does."""
        return [message.shown() for message in self._messages.get(msisdn, [])]

    def received(self, msisdn: str) -> list[dict[str, Any]]:
        """Give what this number received, oldest first."""
        return [shown for shown in self.messages(msisdn) if shown["direction"] == "mt"]

    def forget(self, msisdn: str) -> None:
        """Empty the memory of one phone."""
        self._messages.pop(msisdn, None)

    async def wait_for(self, msisdn: str, number: int, timeout_s: float) -> list[dict[str, Any]]:
        """Wait until this number has received so many whole messages, or raise TimeoutError."""
        if len(self.received(msisdn)) < number:
            happened = asyncio.get_running_loop().create_future()
            self._watchers.append((msisdn, number, happened))
            async with asyncio.timeout(timeout_s):
                await happened
        return self.received(msisdn)

    def _stamp(self) -> int:
        """The SMSC's time of a message: no two have the same tenth of a second."""
        if self._smsc.settings.mo_time_tlv:
            self._stamped_at = max(self._now(), self._stamped_at + STAMP_MS)
            return self._stamped_at
        return self._now()

    # -- writing -------------------------------------------------------------------------------

    def _pdus(self, msisdn: str, short_code: str, segments: Segments, at: int) -> list[p.DeliverSm]:
        reference = next(self._references)
        written = list(_written(segments.parts, reference, self.long_messages))
        if self.shuffle is not None and len(written) > 1:
            self.shuffle(written)
        return [
            p.DeliverSm(
                source_addr_ton=Ton.INTERNATIONAL,
                source_addr_npi=Npi.ISDN,
                source_addr=msisdn,
                dest_addr_npi=Npi.ISDN,
                destination_addr=short_code,
                esm_class=esm_class,
                data_coding=segments.data_coding,
                short_message=part,
                tlvs=tlvs + self._tlvs(msisdn, at),
            )
            for esm_class, part, tlvs in written
        ]

    def _tlvs(self, msisdn: str, at: int) -> p.Tlvs:
        """Give what this SMSC says of an MO besides its text: the same each time it is resent."""
        settings = self._smsc.settings
        tlvs: list[tuple[int, bytes]] = []
        if settings.mo_id_tlv:
            tlvs.append((settings.mo_id_tlv, b"%016x" % next(self._ids)))
        if settings.mo_time_tlv:
            stamp = absolute_validity(at + self._smsc.skew_ms)
            tlvs.append((settings.mo_time_tlv, stamp.encode()))
        return (*tlvs, *self._smsc.sims.tlvs(msisdn))

    def _keep(
        self, msisdn: str, short_code: str, content: str | bytes, pdus: list[p.DeliverSm]
    ) -> None:
        coding = pdus[0].data_coding
        text = content if isinstance(content, str) else decode_short_message(content, coding)
        imsi = self._smsc.sims.imsi(msisdn)
        message = _Message(msisdn, short_code, text, self._now(), len(pdus), coding, imsi=imsi)
        self._messages.setdefault(msisdn, []).append(message)
        self.changed()

    def _originate(self, pdu: p.DeliverSm) -> "asyncio.Future[int]":
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def answered(status: int) -> None:
            if not answer.done():
                answer.set_result(status)

        self._smsc.originate(pdu, answered)
        return answer

    # -- reading -------------------------------------------------------------------------------

    def _take(self, text: Text) -> None:
        """Take what reached a handset; a message is whole once all its parts are there."""
        pdu = text.pdu
        part = read_part(pdu)
        if part is None or part.concatenation is None:
            self._received([text], part.octets if part else pdu.payload)
            return
        place = part.concatenation
        key = (pdu.destination_addr, pdu.source_addr, place.reference, place.total)
        parts = self._parts.setdefault(key, {})
        parts[place.number] = text
        if len(parts) == place.total:
            del self._parts[key]
            ordered = [parts[number] for number in sorted(parts)]
            self._received(ordered, b"".join(_octets(text) for text in ordered))

    def _received(self, texts: list[Text], octets: bytes) -> None:
        pdu = texts[0].pdu
        message = _Message(
            pdu.source_addr,
            pdu.destination_addr,
            decode_short_message(octets, pdu.data_coding),
            max(text.ended_at for text in texts),
            len(texts),
            pdu.data_coding,
            tuple(texts),
        )
        self._messages.setdefault(pdu.destination_addr, []).append(message)
        self._wake(pdu.destination_addr)
        self.changed()

    def _wake(self, msisdn: str) -> None:
        has = len(self.received(msisdn))
        left = []
        for watcher in self._watchers:
            of, number, happened = watcher
            if of == msisdn and number <= has:
                if not happened.done():
                    happened.set_result(None)
            else:
                left.append(watcher)
        self._watchers = left


def _written(parts: tuple[bytes, ...], reference: int, manner: Long) -> Iterator[Written]:
    """Say of each part that it is one."""
    total = len(parts)
    if total == 1:
        yield 0, parts[0], ()
    elif manner == "payload":
        yield 0, b"", ((int(Tag.MESSAGE_PAYLOAD), b"".join(parts)),)
    elif manner == "sar":
        for number, part in enumerate(parts, start=1):
            tlvs = (
                (int(Tag.SAR_MSG_REF_NUM), (reference & 0xFFFF).to_bytes(2, "big")),
                (int(Tag.SAR_TOTAL_SEGMENTS), bytes((total,))),
                (int(Tag.SAR_SEGMENT_SEQNUM), bytes((number,))),
            )
            yield 0, part, tlvs
    elif manner == "udh16":
        head = bytes((6, 8, 4)) + (reference & 0xFFFF).to_bytes(2, "big")
        for number, part in enumerate(parts, start=1):
            yield EsmClass.UDH_INDICATOR, head + bytes((total, number)) + part, ()
    else:
        for part in with_udh(parts, reference & 0xFF):
            yield EsmClass.UDH_INDICATOR, part, ()


def _segments(content: str | bytes, data_coding: int | None) -> Segments:
    if isinstance(content, bytes):
        return Segments(data_coding or 0, (content,))
    if data_coding is None:
        return segment(content)
    return Segments(data_coding, (_WRITERS[data_coding](content),))


def _octets(text: Text) -> bytes:
    part = read_part(text.pdu)
    return part.octets if part else b""
