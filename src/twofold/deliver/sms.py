"""Texts out: an order becomes one submit_sm a part, and the SMSC's answers become its outcome.

Nothing is submitted twice here: whether to try again is decided, never guessed.
A text goes out whole where its link can ever take all its parts at once; else part by part, with
nothing in between.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from twofold.deliver.writing import parts_of, pdus_in, pdus_of, screen_of, validity_of
from twofold.domain.clock import Clock
from twofold.domain.crash import crash_point
from twofold.domain.orders import (
    Delivered,
    Order,
    OrderKind,
    Outcome,
    Rejected,
    RetryAt,
    Unknown,
)
from twofold.links.sessions import Sessions
from twofold.links.smpp import CONNECTION_LOST, SmppLink
from twofold.protocol.smpp.constants import CommandStatus, status_name
from twofold.protocol.smpp.errors import LocalProtocolError
from twofold.protocol.smpp.manners import USUAL, Manners, awaited_id
from twofold.protocol.smpp.pdus import GenericNack, SubmitSm, SubmitSmResp
from twofold.protocol.smpp.ussd import last_screen

PASSING: Final = frozenset(
    {
        CommandStatus.ESME_RTHROTTLED,
        CommandStatus.ESME_RMSGQFUL,
        CommandStatus.ESME_RX_T_APPN,
        CommandStatus.ESME_RSYSERR,
    }
)
"""Refusals that pass: try the same text later."""

BACK_OFF_MS: Final = 1_000
BACK_OFF_MAX_MS: Final = 60_000

Report = Callable[[Order, Outcome], None]


class InFlight(Struct):
    """A text whose parts are with the SMSC; `parts` are the ids that it gave them."""

    order: Order
    smsc: str
    parts: list[str]
    unanswered: int
    """Parts that are unsent, or whose answers are out."""
    unsent: deque[tuple[int, SubmitSm]]
    refused: int | None = None
    lost: str = ""


class SmsCarrier:
    """Carries texts over the links that serve their short code."""

    def __init__(
        self,
        links: Sequence[SmppLink],
        clock: Clock,
        report: Report,
        manners: Mapping[str, Manners],
        sessions: Sessions,
    ) -> None:
        """Report each order's outcome once; `manners` has the habits of the SMSCs, by link."""
        self._sessions = sessions
        self.in_flight = 0
        self._sending: dict[int, int] = {}
        """Texts under way, by number."""
        self._held: dict[int, list[Callable[[], None]]] = {}
        self._unfinished: dict[str, InFlight] = {}
        """By link: the text of which parts still wait for room."""
        self._clock = clock
        self._report = report
        self._manners = manners
        self._by_name = {link.name: link for link in links}
        self._links: dict[str, list[SmppLink]] = {}
        for link in links:
            for short_code in link.settings.short_codes:
                self._links.setdefault(short_code, []).append(link)

    def carry(self, order: Order) -> bool:
        """Hand a text to a link; False: none has room now. A text that is too late is refused."""
        if order.kind is OrderKind.ANSWER_USSD:
            return self._answer_session(order)
        if order.source not in self._links:
            retry_at = self._clock.now() + BACK_OFF_MAX_MS
            self._report(order, RetryAt(retry_at, f"no SMSC serves {order.source}"))
            return True
        link = self._link_for(order)
        if link is None:
            return False
        manners = self._manners_of(link)
        parts = parts_of(order.text, manners.default_coding)
        validity = validity_of(order.until_at, self._clock.now(), manners)
        if validity is None:
            self._report(order, Rejected("its time was over before it could be sent"))
            return True
        count = pdus_in(parts, manners)
        unsent = deque(enumerate(pdus_of(order, parts, validity, manners)))
        self._begin(link, InFlight(order, link.name, [""] * count, count, unsent))
        return True

    def _answer_session(self, order: Order) -> bool:
        """Show a screen in the session that waits for it, over the link that brought it."""
        session = self._sessions.of_order(order.id)
        link = None if session is None else self._by_name[session.smsc]
        if session is None or link is None or not link.is_up:
            self._report(order, Rejected("the USSD session is over"))
            return True
        if link.room <= 0 or link.name in self._unfinished:
            # It must not wait in a queue: what was dialled may be no short code, and the queue of
            # what has none is that of charges and questions.
            retry_at = self._clock.now() + BACK_OFF_MS
            self._report(order, RetryAt(retry_at, "the link has no room for the screen"))
            return True
        coding, octets = screen_of(order.text, self._manners_of(link).default_coding)
        unsent = deque([(0, last_screen(session, coding, octets))])
        self._begin(link, InFlight(order, link.name, [""], 1, unsent))
        return True

    def _begin(self, link: SmppLink, flight: InFlight) -> None:
        """Put a text under way."""
        msisdn = flight.order.msisdn
        self.in_flight += 1
        self._sending[msisdn] = self._sending.get(msisdn, 0) + 1
        crash_point("deliver.submitting")
        self._submit(link, flight)
        crash_point("deliver.submitted")

    def go_on(self, link: SmppLink) -> None:
        """Submit what is left of a text, now that there is room; or give it up with the link."""
        flight = self._unfinished.pop(link.name, None)
        if flight is None:
            return
        if link.is_up:
            self._submit(link, flight)
        else:
            flight.refused = CommandStatus.ESME_RTHROTTLED
            self._drop_unsent(flight)

    def serves(self, short_code: str) -> bool:
        """Say whether a link for that short code is up."""
        return any(link.is_up for link in self._links.get(short_code, ()))

    def hold(self, msisdn: int, go_on: Callable[[], None]) -> bool:
        """Keep a receipt until the number's texts under way are answered; False: there are none.

        A receipt may overtake the answer that names its text, and would not be known before.
        """
        if msisdn not in self._sending:
            return False
        self._held.setdefault(msisdn, []).append(go_on)
        return True

    def answered(self, context: object, pdu: SubmitSmResp | GenericNack) -> None:
        """The SMSC's answer to one part."""
        flight, part = self._part(context)
        crash_point("deliver.responded")
        if isinstance(pdu, SubmitSmResp) and pdu.command_status == CommandStatus.ESME_ROK:
            flight.parts[part] = pdu.message_id
        else:
            flight.refused = pdu.command_status
            self._drop_unsent(flight)
        self._settle_part(flight)

    def lost(self, context: object, why: str) -> None:
        """No answer will come for one part."""
        flight, _ = self._part(context)
        flight.lost = why
        self._drop_unsent(flight)
        self._settle_part(flight)

    def _part(self, context: object) -> tuple[InFlight, int]:
        """What was given to the link."""
        assert isinstance(context, tuple)
        flight, part = context
        assert isinstance(flight, InFlight)
        return flight, part

    def _manners_of(self, link: SmppLink) -> Manners:
        """The habits of the SMSC at the other end."""
        return self._manners.get(link.name, USUAL)

    def _link_for(self, order: Order) -> SmppLink | None:
        """The link with the most room, if that is enough to begin with."""
        best: SmppLink | None = None
        most = 0
        for link in self._links.get(order.source, ()):
            room = link.room
            if room <= most:
                continue
            if room >= most_at_once(link) or room >= self._pdus_of(order, link):
                best, most = link, room
        return None if best is None or best.name in self._unfinished else best

    def _pdus_of(self, order: Order, link: SmppLink) -> int:
        """How many submit_sm a text takes on a link."""
        manners = self._manners_of(link)
        return pdus_in(parts_of(order.text, manners.default_coding), manners)

    def _submit(self, link: SmppLink, flight: InFlight) -> None:
        """Submit what there is room for; a part that the link does not take was not sent."""
        while flight.unsent and link.room > 0:
            part, pdu = flight.unsent.popleft()
            if refusal := submitted(link, pdu, (flight, part)):
                flight.refused = refusal
                self._drop_unsent(flight)
                self._settle_part(flight)
        if flight.unsent:
            self._unfinished[link.name] = flight

    def _drop_unsent(self, flight: InFlight) -> None:
        """Send nothing more of a text that cannot become whole any more."""
        if self._unfinished.get(flight.smsc) is flight:
            del self._unfinished[flight.smsc]
        for _ in range(len(flight.unsent)):
            flight.unsent.popleft()
            self._settle_part(flight)

    def _settle_part(self, flight: InFlight) -> None:
        """When all parts are answered or lost, say how it went."""
        flight.unanswered -= 1
        if flight.unanswered == 0:
            self.in_flight -= 1
            self._report(flight.order, self._outcome(flight))
            self._release(flight.order.msisdn)

    def _release(self, msisdn: int) -> None:
        """One text fewer is under way; the last one lets go what was held for it."""
        left = self._sending.pop(msisdn) - 1
        if left:
            self._sending[msisdn] = left
            return
        for go_on in self._held.pop(msisdn, ()):
            go_on()

    def _outcome(self, flight: InFlight) -> Outcome:
        """Accepted whole, refused whole, or unknown: one that is half out is not refused."""
        if flight.lost:
            return Unknown(flight.lost, was_cut=flight.lost == CONNECTION_LOST)
        if flight.refused is None:
            return self._delivered(flight)
        if any(flight.parts):
            return Unknown("the SMSC took some parts and refused others")
        why = status_name(flight.refused)
        if flight.refused in PASSING:
            wait_ms = min(BACK_OFF_MS << min(flight.order.attempts, 6), BACK_OFF_MAX_MS)
            return RetryAt(self._clock.now() + wait_ms, why)
        return Rejected(why)

    def _delivered(self, flight: InFlight) -> Delivered:
        """It was accepted whole; say by which ids receipts will name its parts."""
        form = self._manners.get(flight.smsc, USUAL).receipt_id
        awaited = [awaited_id(part, form, in_receipt=False) for part in flight.parts]
        differ = awaited != flight.parts
        return Delivered(flight.smsc, tuple(flight.parts), tuple(awaited) if differ else ())


def most_at_once(link: SmppLink) -> int:
    """How many parts a link takes at once when it is at rest."""
    settings = link.settings
    return min(settings.window, settings.tps_max or settings.window)


def submitted(link: SmppLink, pdu: SubmitSm, context: tuple[InFlight, int]) -> int:
    """Hand one part to a link; 0, or why it was certainly not sent."""
    try:
        return 0 if link.submit(pdu, context) else CommandStatus.ESME_RTHROTTLED
    except LocalProtocolError:
        return CommandStatus.ESME_RINVDSTADR
