"""What the SMSC stand-in has to deliver to ESMEs: MOs and receipts, kept until they are taken.

A delivery is sent over any line of its ESME that receives and has room, and sent again, the same
octets under another sequence number, when it was not answered, when the ESME asked for that, and
when the line broke.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

from twofold.peers.line import Line
from twofold.protocol.smpp import pdus as p
from twofold.protocol.smpp.constants import CommandStatus

PUT_OFF: Final = frozenset(
    {CommandStatus.ESME_RX_T_APPN, CommandStatus.ESME_RMSGQFUL, CommandStatus.ESME_RTHROTTLED}
)
"""Answers after which the SMSC tries again; after any other error it drops the message."""


class Delivery:
    """One deliver_sm on its way; `answers` are the statuses that the ESME gave, in order."""

    __slots__ = ("answered", "answers", "pdu", "sent", "system_id")

    def __init__(
        self, system_id: str, pdu: p.DeliverSm, answered: Callable[[int], None] | None = None
    ) -> None:
        self.system_id = system_id
        self.pdu = pdu
        self.sent = 0
        """How often it was sent."""
        self.answers: list[int] = []
        self.answered = answered
        """Called with each status."""


class Deliveries:
    """All deliveries of one SMSC, in the order of each ESME's queue."""

    def __init__(self, retry_after_s: float, changed: Callable[[], None]) -> None:
        self.retry_after_s = retry_after_s
        self.by_data_sm = False
        """Whether everything is brought by data_sm."""
        self.resent = 0
        self._changed = changed
        self._lines: dict[str, list[Line]] = {}
        self._waiting: dict[str, deque[Delivery]] = {}
        self._open = 0

    @property
    def under_way(self) -> int:
        """How many are not settled: waiting, sent, or put off."""
        return self._open

    def add(self, delivery: Delivery) -> None:
        """Deliver something new."""
        self._open += 1
        self._waiting.setdefault(delivery.system_id, deque()).append(delivery)
        self.send(delivery.system_id)

    def line_bound(self, line: Line) -> None:
        """Use a line that receives."""
        self._lines.setdefault(line.system_id, []).append(line)
        self.send(line.system_id)

    def line_closed(self, line: Line, unanswered: list[object]) -> None:
        """Put what a line left unanswered before all that waits, in its order."""
        lines = self._lines.get(line.system_id, [])
        if line in lines:
            lines.remove(line)
        left = [delivery for delivery in unanswered if isinstance(delivery, Delivery)]
        self._waiting.setdefault(line.system_id, deque()).extendleft(reversed(left))
        self.send(line.system_id)

    def send(self, system_id: str) -> None:
        """Send what waits, as far as there is room; lines take turns."""
        waiting = self._waiting.get(system_id)
        lines = self._lines.get(system_id)
        while waiting and lines:
            line = next((line for line in lines if line.can_deliver), None)
            if line is None:
                return
            lines.remove(line)
            lines.append(line)
            delivery = waiting.popleft()
            self.resent += delivery.sent > 0
            delivery.sent += 1
            line.deliver(as_data_sm(delivery.pdu) if self.by_data_sm else delivery.pdu, delivery)

    def settled(self, delivery: Delivery, status: int) -> None:
        """Take an answer: done, dropped, or once more later."""
        delivery.answers.append(status)
        if delivery.answered is not None:
            delivery.answered(status)
        if status in PUT_OFF:
            self.again(delivery)
            return
        self._open -= 1
        self._changed()

    def again(self, delivery: Delivery) -> None:
        """Deliver the same once more, after `retry_after_s`."""
        loop = asyncio.get_running_loop()
        loop.call_later(self.retry_after_s, self._requeue, delivery)

    def _requeue(self, delivery: Delivery) -> None:
        self._waiting.setdefault(delivery.system_id, deque()).append(delivery)
        self.send(delivery.system_id)


def as_data_sm(pdu: p.DeliverSm) -> p.DataSm:
    """The same message in the other command: what that has no field for is left out."""
    return p.DataSm(
        service_type=pdu.service_type,
        source_addr_ton=pdu.source_addr_ton,
        source_addr_npi=pdu.source_addr_npi,
        source_addr=pdu.source_addr,
        dest_addr_ton=pdu.dest_addr_ton,
        dest_addr_npi=pdu.dest_addr_npi,
        destination_addr=pdu.destination_addr,
        esm_class=pdu.esm_class,
        registered_delivery=pdu.registered_delivery,
        data_coding=pdu.data_coding,
        short_message=pdu.short_message,
        tlvs=pdu.tlvs,
    )
