"""What a session tells its owner, one frozen struct each, and what it must do."""

from typing import TypeAlias

from msgspec import Struct

from twofold.protocol.smpp.pdus import (
    Bind,
    DataSmResp,
    DeliverSm,
    DeliverSmResp,
    GenericNack,
    Pdu,
    SubmitSm,
    SubmitSmResp,
)


class Bound(Struct, frozen=True):
    """The SMSC took our bind: requests may be sent."""

    peer_system_id: str


class BindRefused(Struct, frozen=True):
    """The SMSC refused our bind; the session is open, and bound to nothing."""

    command_status: int


class BindRequested(Struct, frozen=True):
    """An ESME wants to bind: answer with `accept_bind` or `refuse_bind`."""

    pdu: Bind


class RequestReceived(Struct, frozen=True):
    """A message came (deliver_sm or data_sm to an ESME, submit_sm to an SMSC): `respond` to it."""

    pdu: DeliverSm | SubmitSm


class ResponseReceived(Struct, frozen=True):
    """The peer answered the request that was sent with `context`."""

    context: object
    pdu: SubmitSmResp | DeliverSmResp | DataSmResp | GenericNack


class RequestTimedOut(Struct, frozen=True):
    """The request sent with `context` was not answered in time: its outcome is unknown."""

    context: object


class LateResponse(Struct, frozen=True):
    """An answer to nothing that is awaited: it timed out before, or never was ours."""

    pdu: Pdu


class CommandDenied(Struct, frozen=True):
    """The peer sent a command that nobody speaks, and was answered with a generic_nack."""

    command_id: int


class EnquireLinkReceived(Struct, frozen=True):
    """The peer asked whether we are there, and was answered."""

    at: float


class EnquireLinkAnswered(Struct, frozen=True):
    """The peer answered our enquire_link: it has read whatever was sent before `enquired_at`.

    Octets of one link arrive in order, so this is the proof that earlier answers of ours arrived.
    """

    enquired_at: float


class PeerUnbound(Struct, frozen=True):
    """The peer ended the session, and was answered; `Closing` follows."""


class Closing(Struct, frozen=True):
    """The session is over: write what `data_to_send` still gives, close the link, call `lost`."""

    reason: str


SessionEvent: TypeAlias = (
    Bound
    | BindRefused
    | BindRequested
    | RequestReceived
    | ResponseReceived
    | RequestTimedOut
    | LateResponse
    | CommandDenied
    | EnquireLinkReceived
    | EnquireLinkAnswered
    | PeerUnbound
    | Closing
)
