"""Events: facts that came in, each with its id and the business time (ms UTC) of its reception."""

from typing import Final

from msgspec import Struct

from twofold.domain.orders import Order, Outcome

ALL_KNOWN_AT: Final = 1 << 62


class Event(Struct, frozen=True):
    """What all events have. Events of one number are decided one after another."""

    id: int
    at: int
    msisdn: int


class MessageReceived(Event, frozen=True):
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


class OutcomeArrived(Event, frozen=True):
    """How an order went."""

    order: Order
    outcome: Outcome


class ReceiptArrived(Event, frozen=True):
    """A delivery receipt for a text of ours."""

    smsc: str
    message_id: str
    state: str
    """The name of the SMPP message state, such as DELIVERED (SMPP 3.4, section 5.2.28)."""
    is_final: bool
    raw: bytes


class DeadlinePassed(Event, frozen=True):
    """A request's timer fell due."""

    request_id: int
    due_at: int


class OrderFellDue(Event, frozen=True):
    """A waiting order may be handed out now: claiming it is a decision, and may drop it."""

    order: Order


class OrderOverdue(Event, frozen=True):
    """A notice was not accepted by the time that the policy sets for it."""

    order: Order


class AccountAsked(Event, frozen=True):
    """The embedded prepaid accounts are asked to carry out a charge or a refund."""

    order: Order


class AccountSet(Event, frozen=True):
    """Whoever keeps the embedded accounts set a balance: a top-up, or the demo."""

    balance_minor: int
