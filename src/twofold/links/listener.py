"""What a link tells the engine, and what it keeps count of."""

from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from twofold.protocol.smpp.pdus import DeliverSm, GenericNack, SubmitSmResp

if TYPE_CHECKING:
    from twofold.links.smpp import SmppLink


class Ticket(Struct, frozen=True, gc=False):
    """The right to answer one deliver_sm: void once its connection is gone."""

    link: str
    """The name of the link over which it came."""
    connection: int
    """Which of the link's connections: they are numbered from 1 on, over its whole life."""
    sequence_number: int


class Listener(Protocol):
    """The engine's side of a link. Calls come from the loop and must not block.

    None of them may raise: a connection whose listener fails is cut and bound again.
    """

    def message_received(self, ticket: Ticket, pdu: DeliverSm) -> None:
        """Take an MO or a receipt; `link.respond` answers it, now, later or never.

        What is never answered holds the SMSC back: its window closes.
        """

    def submit_answered(self, context: object, pdu: SubmitSmResp | GenericNack) -> None:
        """Hear the SMSC's answer to a text, whatever its status."""

    def submit_lost(self, context: object, why: str) -> None:
        """Learn that a text's outcome stays unknown: no answer in time, or the line broke."""

    def link_changed(self, link: "SmppLink") -> None:
        """See a link come up or go down."""

    def room_appeared(self, link: "SmppLink") -> None:
        """Go on submitting: `room` was 0 when last asked, and is not now."""


class LinkStats(Struct):
    """Counts since the link was made, for the metrics; `last_error` is in words, for `/system`."""

    mo: int = 0
    """deliver_sm received, receipts included."""
    mt: int = 0
    """submit_sm sent."""
    answered: int = 0
    """submit_sm answered, whatever the status."""
    throttled: int = 0
    lost: int = 0
    """submit_sm whose outcome stayed unknown."""
    late: int = 0
    """Answers that came after they had been given up, or that answer nothing."""
    enquired: int = 0
    """enquire_link received, each answered."""
    denied: int = 0
    """Commands that nobody speaks, each answered with a generic_nack."""
    binds: int = 0
    refused_binds: int = 0
    reconnects: int = 0
    failures: int = 0
    """Connections that could not be made or bound, or that ended without our wish."""
    outages: int = 0
    """How often the link as a whole went down."""
    last_error: str = ""
