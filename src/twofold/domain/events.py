"""Events: facts that came in, each with its id and the business time (ms UTC) of its reception."""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from twofold.domain.catalogue import StopKind
from twofold.domain.numbers import NumberChange
from twofold.domain.orders import Order, Outcome
from twofold.domain.subscriber import NOTHING, Channel, Flag, Fragment, Group

ALL_KNOWN_AT: Final = 1 << 62


class Event(Struct, frozen=True, gc=False):
    """What all events have. Events of one number are decided one after another."""

    id: int
    at: int
    msisdn: int


class MessageReceived(Event, frozen=True, gc=False):
    """An MO: the subscriber's own SMS, over our own bind."""

    short_code: str
    smsc: str
    data_coding: int
    raw: bytes
    """The short message as it came."""
    text: str | None
    """`raw` decoded by its data coding; None where it is no text."""
    key: bytes
    """8 bytes that are equal for two deliveries of one message."""
    key_is_sure: bool
    """Whether the bind gives messages an id, so that equal keys prove a resend."""
    effective_at: int
    """The time that counts for the window: the SMSC's where it is given and trusted, else `at`."""
    answered_before_at: int = ALL_KNOWN_AT
    """Our answers to what came before this have arrived for certain; 0 where nothing is known."""
    smsc_at: int | None = None
    """When the SMSC says that it got the message, where that may be believed; later than `LATE_MS`
    ago, it does not count and is kept for review."""
    imsi: str = ""
    """Whose SIM sent it, where the bind tells."""


class UssdReceived(MessageReceived, frozen=True, gc=False):
    """What was typed into a USSD session: `text` are its words, `short_code` is what was dialled.

    It comes from the SIM as an MO does, and yet is none: it never confirms.
    """


class PartReceived(MessageReceived, frozen=True, gc=False):
    """One part of a longer MO; `raw` is all of it, `text` nothing: it says nothing by itself."""

    fragment: Fragment = NOTHING


class PartsAbandoned(Event, frozen=True, gc=False):
    """The other parts of a long MO did not come in time."""

    group: Group


class ProofKind(StrEnum):
    """What shows that whoever asked had the subscriber before them."""

    OTP = "otp"
    SESSION = "session"
    CALLER_ID = "caller_id"
    RECORDING = "recording"


class Proof(Struct, frozen=True, gc=False):
    """A channel's own trace of the first yes, by which it can be found there; it confirms nothing.

    The second yes is an SMS whatever stands here.
    """

    kind: ProofKind
    ref: str


class Asked(Event, frozen=True, gc=False):
    """What is asked for over another channel than the subscriber's own SMS."""

    channel: Channel
    partner: str
    """Whose token asks; empty where it is the operator's own."""


class Requested(Asked, frozen=True, gc=False):
    """The first yes, brought by a channel: a wish for a service, which is then asked about."""

    service: str
    """The code or alias, as it was written."""
    language: str | None
    """The language for the prompt; None for the subscriber's."""
    proof: Proof | None


class CancelRequested(Asked, frozen=True, gc=False):
    """A channel ends a request or subscription for the subscriber."""

    target_id: int
    """The request's id, which is the subscription's as well."""


class Claim(StrEnum):
    """What a partner says of a service of its own."""

    CHARGE = "charge"
    """That a period should be charged."""
    DELIVERY = "delivery"
    """That content was, or is about to be, delivered."""


class ServiceClaimed(Asked, frozen=True, gc=False):
    """A partner asks for money, or says that it delivers: neither is anything without a consent."""

    claim: Claim
    service: str
    reference: str
    """The partner's own, by which both sides find it again."""
    subscription_id: int = 0
    """Under which subscription; 0 where the partner does not say."""
    amount_minor: int = 0


class ReplyClaimed(Asked, frozen=True, gc=False):
    """A call claims to be the subscriber's reply: it never is, whatever it says."""

    raw: bytes
    """The call's body as it came, cut where it is long."""


class OutcomeArrived(Event, frozen=True, gc=False):
    """How an order went."""

    order: Order
    outcome: Outcome


class ReceiptArrived(Event, frozen=True, gc=False):
    """A delivery receipt for a text of ours."""

    smsc: str
    message_id: str
    state: str
    """The name of the SMPP message state, such as DELIVERED (SMPP 3.4, section 5.2.28)."""
    is_final: bool
    raw: bytes
    has_no_sms: bool = False
    """Whether the network says that the number cannot get SMS at all, or may not."""


class DeadlinePassed(Event, frozen=True, gc=False):
    """A request's timer fell due."""

    request_id: int
    due_at: int
    tenure: int = 0
    """Under which the request was opened."""


class OrderFellDue(Event, frozen=True, gc=False):
    """A waiting order may be handed out now: claiming it is a decision, and may drop it."""

    order: Order


class OrderOverdue(Event, frozen=True, gc=False):
    """A notice was not accepted by the time that the policy sets for it."""

    order: Order


class CatalogueSwept(Event, frozen=True, gc=False):
    """A sweep came to a number: what it holds is brought in line with the catalogue in force."""

    revision: int
    """The revision that the sweep follows: a stop, or the end of one."""
    kind: StopKind
    name: str
    """What was stopped or resumed: a partner's id, or a service's code."""
    paused_ms: int = 0
    """How long it had been stopped, where that is over; 0 where it begins."""


class AccountAsked(Event, frozen=True, gc=False):
    """The embedded prepaid accounts are asked to carry out a charge or a refund."""

    order: Order


class AccountSet(Event, frozen=True, gc=False):
    """Whoever keeps the embedded accounts set a balance: a top-up, or the demo."""

    balance_minor: int


class NumberFlagged(Event, frozen=True, gc=False):
    """The operator's own systems say something of a number, or take it back.

    Never that it is shut for new services: `Flag.BLOCKED` is the subscriber's own.
    """

    flag: Flag
    is_set: bool
    happened_at: int


class NumberChanged(Event, frozen=True, gc=False):
    """The operator's systems report what happened to the number itself.

    Reports may come twice and out of order: what counts is when it happened.
    """

    kind: NumberChange
    happened_at: int
    more_ids: tuple[int, ...] = ()
    """Event ids of the same source, for requests that follow; the first takes the event's own."""
