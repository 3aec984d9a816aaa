"""Orders: things to do outside, and how they went."""

from enum import StrEnum

from msgspec import Struct

from twofold.domain.reason import Reason


class OrderKind(StrEnum):
    """What is to be done."""

    SEND_PROMPT = "send_prompt"
    """Ask. At most two copies may ever reach the handset."""
    SEND_NOTICE = "send_notice"
    """A text that must arrive (welcome, stopped, refund): repeated until accepted, while valid."""
    SEND_REPLY = "send_reply"
    """An answer that is worth little later: tried while it is fresh."""
    ANSWER_USSD = "answer_ussd"
    """The screen that answers and ends a USSD session: shown once, and worth nothing afterwards."""
    ASK_NUMBER = "ask_number"
    """Whether the number, or its SIM, is still who it was: a question, which may be repeated."""
    CHARGE = "charge"
    REFUND = "refund"


class OrderState(StrEnum):
    """Where an order stands; a settled one is deleted, and its story is in evidence."""

    CLAIMED = "claimed"
    WAITING = "waiting"
    UNRESOLVED = "unresolved"
    """A charge whose outcome stayed unknown: kept for reconciliation, never repeated."""


class Order(Struct, frozen=True, gc=False):
    """One order: a text has `text` and `source` (its short code), a charge has `amount_minor`."""

    id: int
    kind: OrderKind
    msisdn: int
    tenure: int
    request_id: int
    """The request or subscription that it serves; 0 for a plain answer."""
    due_at: int
    """Not before."""
    until_at: int
    """No attempt after; a text's validity ends with it."""
    key: str = ""
    """Which text (the template's key), or the service charged for."""
    source: str = ""
    text: str = ""
    amount_minor: int = 0
    period_at: int = 0
    """When the period begins that is charged, or whose charge is given back.

    Of a question: since when the number must have had the same holder.
    """
    attempts: int = 0
    """Attempts so far that ended without a final outcome."""
    state: OrderState = OrderState.WAITING
    party: str = ""
    """Whose turn it takes where texts wait for room: its partner's; empty: the operator's own."""


class Delivered(Struct, frozen=True, gc=False, tag="delivered"):
    """It is done: the SMSC accepted the text (one id a part), or the money was taken or given."""

    smsc: str = ""
    message_ids: tuple[str, ...] = ()
    awaited_ids: tuple[str, ...] = ()
    """The same as receipts are looked up by; empty: as they are."""


class RetryAt(Struct, frozen=True, gc=False, tag="retry_at"):
    """It certainly did not happen, and may later."""

    at: int
    why: str


class Rejected(Struct, frozen=True, gc=False, tag="rejected"):
    """It certainly did not happen, and will not; `reason` is what that means to the subscriber."""

    why: str
    reason: Reason | None = None


class Unknown(Struct, frozen=True, gc=False, tag="unknown"):
    """It may have happened: the answer is lost. Unknown is not failed."""

    why: str
    was_cut: bool = False
    """Whether the line or the engine broke, so that nothing says that the other side is silent."""


Outcome = Delivered | RetryAt | Rejected | Unknown
