"""One SMPP link without its socket, for either side: bytes and times in, events and bytes out.

Rules: the session reads no clock and never waits; its owner hands in octets and the time (seconds
of any steady clock), writes what `data_to_send` gives once a turn, and ticks at `next_tick_at`.
What belongs to the link alone is answered here: enquire_link, unbind, commands that nobody speaks.
Messages are answered by the owner, in any order and as late as it likes.
States are those of SMPP 3.4, section 2.2, with the two waits of a bind and an unbind between them.
"""

from collections.abc import Callable
from math import inf
from struct import Struct as Octets
from typing import Any, ClassVar, Final, TypeAlias

from twofold.protocol.smpp import events as e
from twofold.protocol.smpp import pdus as p
from twofold.protocol.smpp.codec import decode, encode
from twofold.protocol.smpp.constants import (
    HEADER_BYTES,
    SEQUENCE_NUMBER_MAX,
    CommandId,
    CommandStatus,
    Tag,
)
from twofold.protocol.smpp.errors import FramingError, LocalProtocolError, RemoteProtocolError
from twofold.protocol.smpp.settings import BindMode, Role, SessionSettings, State

__all__ = ["BindMode", "Role", "Session", "SessionSettings", "State"]


_LENGTH: Final = Octets(">I")
_NUMBER: Final = Octets(">12xI")

_BINDS: Final[dict[BindMode, type[p.Bind]]] = {
    BindMode.TRANSCEIVER: p.BindTransceiver,
    BindMode.TRANSMITTER: p.BindTransmitter,
    BindMode.RECEIVER: p.BindReceiver,
}
_MODES: Final[dict[type[p.Bind], BindMode]] = {kind: mode for mode, kind in _BINDS.items()}
_BIND_RESPS: Final[dict[type[p.Bind], type[p.BindResp]]] = {
    p.BindTransceiver: p.BindTransceiverResp,
    p.BindTransmitter: p.BindTransmitterResp,
    p.BindReceiver: p.BindReceiverResp,
}

_UNANSWERED_COMMANDS: Final = frozenset(
    {
        CommandId.ALERT_NOTIFICATION,
        CommandId.OUTBIND,
        CommandId.QUERY_SM_RESP,
        CommandId.REPLACE_SM_RESP,
        CommandId.CANCEL_SM_RESP,
        CommandId.SUBMIT_MULTI_RESP,
    }
)
"""Commands without a response, and responses to what we never send.

A generic_nack of a response would carry a number of ours, and deny a request of the peer's own.
"""


_Handler: TypeAlias = Callable[["Session", Any, float, list[e.SessionEvent]], None]


class Session:
    """One link's side of SMPP 3.4; made anew for each connection."""

    def __init__(self, role: Role, settings: SessionSettings) -> None:
        self.role = role
        self.settings = settings
        self.state = State.OPEN
        self._out: list[bytes] = []
        self._unanswered: dict[int, tuple[float, object]] = {}
        """By sequence number, oldest first: when the request was sent, and its context."""
        self._answered_by = p.SubmitSmResp if role is Role.ESME else p.DeliverSmResp
        self._came_by_data_sm: set[int] = set()
        """Numbers of what came by data_sm and is not answered: data_sm_resp answers it."""
        self._number = 0
        self._sends: type[p.SubmitSm | p.DeliverSm] | None = None
        self._hears: type[p.SubmitSm | p.DeliverSm] | None = None
        """Which requests each side may send, None while not bound."""
        self._awaited: tuple[int, float] | None = None
        """The number and time of the bind or unbind that is unanswered."""
        self._enquired: tuple[int, float] | None = None
        """The number and time of the enquire_link that is unanswered."""
        self._heard_at = -inf
        self._opened_at: float | None = None
        self._partial = bytearray()
        self._partial_since = inf
        self._needed = HEADER_BYTES
        """How many octets the partial PDU must have before it is worth another look."""

    @property
    def room(self) -> int:
        """How many requests may be sent now."""
        return self.settings.window - len(self._unanswered) if self._sends is not None else 0

    @property
    def unanswered(self) -> int:
        """How many of our requests the peer has not answered."""
        return len(self._unanswered)

    # --- what the owner wants sent ----------------------------------------------------------------

    def bind(self, now: float) -> None:
        """Ask the SMSC for a bind; `Bound`, `BindRefused` or, unanswered, `Closing` follows."""
        if self.role is not Role.ESME or self.state is not State.OPEN:
            raise LocalProtocolError(f"an {self.role.name} that is {self.state.name} cannot bind")
        wanted = self.settings
        pdu = _BINDS[wanted.bind](
            0, wanted.system_id, wanted.password, wanted.system_type, wanted.interface_version
        )
        self._awaited = (self._send(pdu), now)
        self.state = State.BINDING

    def accept_bind(self, pdu: p.Bind, system_id: str) -> None:
        """Take the bind that `BindRequested` brought; requests may follow at once."""
        version = ((int(Tag.SC_INTERFACE_VERSION), bytes((self.settings.interface_version,))),)
        self._answer_bind(pdu, CommandStatus.ESME_ROK, system_id, version)
        self.state = State.BOUND
        self._open_traffic(_MODES[type(pdu)])

    def refuse_bind(self, pdu: p.Bind, status: int) -> None:
        """Refuse the bind that `BindRequested` brought; the ESME may try again on the same link."""
        self._answer_bind(pdu, status, "", ())
        self.state = State.OPEN

    def unbind(self, now: float) -> None:
        """End the session; no request may follow, and `Closing` comes with the peer's answer."""
        if self.state is not State.BOUND:
            raise LocalProtocolError(f"a session that is {self.state.name} cannot unbind")
        self._awaited = (self._send(p.Unbind()), now)
        self.state = State.UNBINDING
        self._sends = self._hears = None

    def request(self, pdu: p.SubmitSm | p.DeliverSm, now: float, context: object) -> int:
        """Send a message under a number of its own, which is returned.

        `context` comes back with the answer, the time-out or the loss of the link, exactly once.
        Raises LocalProtocolError when not bound for it, when the window is full, or when the
        message cannot be encoded; then nothing was sent.
        """
        is_delivery = type(pdu) is p.DataSm and self._sends is p.DeliverSm
        if type(pdu) is not self._sends and not is_delivery:
            raise LocalProtocolError(
                f"{type(pdu).__name__} may not be sent while {self.state.name}"
            )
        if len(self._unanswered) >= self.settings.window:
            raise LocalProtocolError("the window is full")
        number = self._send(pdu)
        self._unanswered[number] = (now, context)
        return number

    def respond(self, sequence_number: int, command_status: int, message_id: str = "") -> bool:
        """Answer a message that was received; False, and nothing sent, when the session is over."""
        if self.state is not State.BOUND and self.state is not State.UNBINDING:
            return False
        answer: type[p.DeliverSmResp | p.DataSmResp | p.SubmitSmResp]
        answer = p.DeliverSmResp if self.role is Role.ESME else p.SubmitSmResp
        if self._came_by_data_sm and sequence_number in self._came_by_data_sm:
            self._came_by_data_sm.remove(sequence_number)
            answer = p.DataSmResp
        self._out.append(encode(answer(sequence_number, command_status, message_id)))
        return True

    def enquire(self, now: float) -> None:
        """Ask the peer for a sign of life, unless one is awaited; `EnquireLinkAnswered` follows."""
        if self.state is State.BOUND and self._enquired is None:
            self._enquired = (self._send(p.EnquireLink()), now)

    @property
    def has_to_send(self) -> bool:
        """Whether octets wait to be written."""
        return bool(self._out)

    def data_to_send(self) -> bytes:
        """Take all octets that wait to be written."""
        octets = b"".join(self._out)
        self._out.clear()
        return octets

    def lost(self) -> list[object]:
        """End the session with its connection; the contexts of all unanswered requests."""
        contexts = [context for _, context in self._unanswered.values()]
        self._unanswered.clear()
        self._out.clear()
        self._close()
        return contexts

    # --- what the peer sent -----------------------------------------------------------------------

    def receive(self, data: bytes, now: float) -> list[e.SessionEvent]:
        """Take octets as they came, in pieces of any size; never raises, whatever they are."""
        events: list[e.SessionEvent] = []
        if self.state is State.CLOSED:
            return events
        self._heard_at = now
        partial = self._partial
        resumed = bool(partial)
        if resumed:
            partial += data
            if len(partial) < self._needed:
                return events
            data = bytes(partial)
            partial.clear()
        try:
            at = self._read_frames(data, now, events)
        except RemoteProtocolError as error:
            nack = p.GenericNack(error.sequence_number, error.command_status)
            self._out.append(encode(nack))
            self._closing(str(error), events)
            return events
        if at == len(data):
            self._partial_since = inf
        else:
            partial += data[at:]
            if at or not resumed:
                self._partial_since = now
        return events

    def _read_frames(self, data: bytes, now: float, events: list[e.SessionEvent]) -> int:
        """Read every whole PDU; where the first incomplete one begins, if more may come."""
        at = 0
        size = len(data)
        longest = self.settings.max_pdu_bytes
        while size - at >= HEADER_BYTES:
            length: int = _LENGTH.unpack_from(data, at)[0]
            if not HEADER_BYTES <= length <= longest:
                (number,) = _NUMBER.unpack_from(data, at)
                raise FramingError(
                    f"command_length {length}", CommandStatus.ESME_RINVCMDLEN, number
                )
            end = at + length
            if end > size:
                self._needed = length
                return at
            pdu = decode(data[at:end])
            self._HANDLERS[type(pdu)](self, pdu, now, events)
            at = end
            if self.state is State.CLOSED:
                return size
        self._needed = HEADER_BYTES
        return at

    def _on_request(
        self, pdu: p.SubmitSm | p.DeliverSm, _now: float, events: list[e.SessionEvent]
    ) -> None:
        if type(pdu) is self._hears:
            events.append(e.RequestReceived(pdu))
            return
        answer = p.DeliverSmResp if type(pdu) is p.DeliverSm else p.SubmitSmResp
        self._out.append(encode(answer(pdu.sequence_number, self._status_unheard())))

    def _status_unheard(self) -> CommandStatus:
        """How a message out of place is refused; while we unbind, it comes by the next bind."""
        leaving = self.state is State.UNBINDING and self.role is Role.ESME
        return CommandStatus.ESME_RX_T_APPN if leaving else CommandStatus.ESME_RINVBNDSTS

    def _on_data_sm(self, pdu: p.DataSm, _now: float, events: list[e.SessionEvent]) -> None:
        """Take it as the deliver_sm that it is to us; nobody submits by data_sm here."""
        number = pdu.sequence_number
        if self.role is Role.SMSC:
            self._deny(CommandId.DATA_SM, number, events)
        elif self._hears is p.DeliverSm:
            self._came_by_data_sm.add(number)
            events.append(e.RequestReceived(pdu))
        else:
            self._out.append(encode(p.DataSmResp(number, self._status_unheard())))

    def _on_response(
        self,
        pdu: p.SubmitSmResp | p.DeliverSmResp | p.DataSmResp,
        _now: float,
        events: list[e.SessionEvent],
    ) -> None:
        by_data_sm = type(pdu) is p.DataSmResp and self.role is Role.SMSC
        ours = type(pdu) is self._answered_by or by_data_sm
        sent = self._unanswered.pop(pdu.sequence_number, None) if ours else None
        if sent is None:
            events.append(e.LateResponse(pdu))
        else:
            events.append(e.ResponseReceived(sent[1], pdu))

    def _on_nack(self, pdu: p.GenericNack, _now: float, events: list[e.SessionEvent]) -> None:
        """Take a generic_nack as the answer to whatever has its number."""
        number = pdu.sequence_number
        sent = self._unanswered.pop(number, None)
        if sent is not None:
            events.append(e.ResponseReceived(sent[1], pdu))
        elif self._enquired is not None and self._enquired[0] == number:
            self._enquiry_answered(self._enquired[1], events)
        elif self._awaited is None or self._awaited[0] != number:
            events.append(e.LateResponse(pdu))
        elif self.state is State.UNBINDING:
            self._closing("unbound", events)
        else:  # a nack never binds, whatever its status
            self._bind_answered(pdu.command_status or CommandStatus.ESME_RBINDFAIL, "", events)

    def _on_enquire_link(
        self, pdu: p.EnquireLink, now: float, events: list[e.SessionEvent]
    ) -> None:
        self._out.append(encode(p.EnquireLinkResp(pdu.sequence_number)))
        events.append(e.EnquireLinkReceived(now))

    def _on_enquire_link_resp(
        self, pdu: p.EnquireLinkResp, _now: float, events: list[e.SessionEvent]
    ) -> None:
        if self._enquired is not None and self._enquired[0] == pdu.sequence_number:
            self._enquiry_answered(self._enquired[1], events)

    def _on_bind(self, pdu: p.Bind, _now: float, events: list[e.SessionEvent]) -> None:
        if self.role is Role.SMSC and self.state is State.OPEN:
            self.state = State.BINDING
            events.append(e.BindRequested(pdu))
            return
        bound = self.role is Role.SMSC
        status = CommandStatus.ESME_RALYBND if bound else CommandStatus.ESME_RINVBNDSTS
        self._out.append(encode(_BIND_RESPS[type(pdu)](pdu.sequence_number, status)))

    def _on_bind_resp(self, pdu: p.BindResp, _now: float, events: list[e.SessionEvent]) -> None:
        expected = _BIND_RESPS[_BINDS[self.settings.bind]]
        if self._awaits(State.BINDING, pdu.sequence_number) and type(pdu) is expected:
            self._bind_answered(pdu.command_status, pdu.system_id, events)
        else:
            events.append(e.LateResponse(pdu))

    def _on_unbind(self, pdu: p.Unbind, _now: float, events: list[e.SessionEvent]) -> None:
        self._out.append(encode(p.UnbindResp(pdu.sequence_number)))
        events.append(e.PeerUnbound())
        self._closing("the peer unbound", events)

    def _on_unbind_resp(self, pdu: p.UnbindResp, _now: float, events: list[e.SessionEvent]) -> None:
        if self._awaits(State.UNBINDING, pdu.sequence_number):
            self._closing("unbound", events)
        else:
            events.append(e.LateResponse(pdu))

    def _on_unknown(self, pdu: p.Unknown, _now: float, events: list[e.SessionEvent]) -> None:
        if pdu.command_id not in _UNANSWERED_COMMANDS:
            self._deny(pdu.command_id, pdu.sequence_number, events)

    def _deny(self, command_id: int, number: int, events: list[e.SessionEvent]) -> None:
        self._out.append(encode(p.GenericNack(number, CommandStatus.ESME_RINVCMDID)))
        events.append(e.CommandDenied(command_id))

    # --- time -------------------------------------------------------------------------------------

    def tick(self, now: float) -> list[e.SessionEvent]:
        """Do what has fallen due: time requests out, ask a silent peer, give up a dead link."""
        events: list[e.SessionEvent] = []
        if self.state is State.CLOSED:
            return events
        self._time_out_requests(now, events)
        reason = self._dead(now)
        if reason:
            self._closing(reason, events)
        elif self._heard_at + self.settings.enquire_after <= now:
            self.enquire(now)
        return events

    def next_tick_at(self, now: float) -> float:
        """When `tick` has something to do, if nothing comes before; infinity when never."""
        if self.state is State.CLOSED:
            return inf
        timeout = self.settings.response_timeout
        due = self._partial_since + self.settings.stall_timeout
        for sent_at in self._sent_times(now):
            due = min(due, sent_at + timeout)
        if self.state is State.BOUND and self._enquired is None:
            due = min(due, self._heard_at + self.settings.enquire_after)
        return due

    def _sent_times(self, now: float) -> list[float]:
        """When each thing was sent whose answer is awaited; of requests the oldest is enough."""
        awaited = (self._awaited, self._enquired)
        times = [sent[1] for sent in awaited if sent is not None]
        if self._unanswered:
            times.append(next(iter(self._unanswered.values()))[0])
        if self.role is Role.SMSC and self.state is State.OPEN:
            times.append(self._open_since(now))
        return times

    def _open_since(self, now: float) -> float:
        """When this session was first asked about its time: it has no other way to know."""
        if self._opened_at is None:
            self._opened_at = now
        return self._opened_at

    def _time_out_requests(self, now: float, events: list[e.SessionEvent]) -> None:
        timeout = self.settings.response_timeout
        while self._unanswered:
            number, (sent_at, context) = next(iter(self._unanswered.items()))
            if sent_at + timeout > now:
                return
            del self._unanswered[number]
            events.append(e.RequestTimedOut(context))

    def _dead(self, now: float) -> str:
        """Say why the link must be given up, if it must."""
        timeout = self.settings.response_timeout
        if self._partial_since + self.settings.stall_timeout <= now:
            return "a PDU stalled half-way"
        if self._enquired is not None and self._enquired[1] + timeout <= now:
            return "enquire_link was not answered"
        if self._awaited is not None and self._awaited[1] + timeout <= now:
            return f"no answer while {self.state.name}"
        waits_for_bind = self.role is Role.SMSC and self.state is State.OPEN
        if waits_for_bind and self._open_since(now) + timeout <= now:
            return "no bind came"
        return ""

    # --- the parts --------------------------------------------------------------------------------

    def _send(self, pdu: p.Pdu) -> int:
        """Queue a request of ours under the next number."""
        number = self._number % SEQUENCE_NUMBER_MAX + 1
        self._out.append(encode(pdu, number))
        self._number = number
        return number

    def _answer_bind(self, pdu: p.Bind, status: int, system_id: str, tlvs: p.Tlvs) -> None:
        if self.role is not Role.SMSC or self.state is not State.BINDING:
            raise LocalProtocolError(f"no bind is awaited while {self.state.name}")
        answer = _BIND_RESPS[type(pdu)](pdu.sequence_number, status, system_id, tlvs)
        self._out.append(encode(answer))

    def _bind_answered(self, status: int, system_id: str, events: list[e.SessionEvent]) -> None:
        self._awaited = None
        if status != CommandStatus.ESME_ROK:
            self.state = State.OPEN
            events.append(e.BindRefused(status))
            return
        self.state = State.BOUND
        self._open_traffic(self.settings.bind)
        events.append(e.Bound(system_id))

    def _open_traffic(self, mode: BindMode) -> None:
        """Say which messages a bind of this mode carries (2.2.1)."""
        submits = p.SubmitSm if mode is not BindMode.RECEIVER else None
        delivers = p.DeliverSm if mode is not BindMode.TRANSMITTER else None
        if self.role is Role.ESME:
            self._sends, self._hears = submits, delivers
        else:
            self._sends, self._hears = delivers, submits

    def _awaits(self, state: State, number: int) -> bool:
        """Whether this is the number of the bind or unbind that the peer has yet to answer."""
        return self.state is state and self._awaited is not None and self._awaited[0] == number

    def _enquiry_answered(self, enquired_at: float, events: list[e.SessionEvent]) -> None:
        self._enquired = None
        events.append(e.EnquireLinkAnswered(enquired_at))

    def _closing(self, reason: str, events: list[e.SessionEvent]) -> None:
        self._close()
        events.append(e.Closing(reason))

    def _close(self) -> None:
        """Take no more octets and no more requests; what is unanswered waits for `lost`."""
        self.state = State.CLOSED
        self._sends = self._hears = None
        self._awaited = self._enquired = None
        self._came_by_data_sm.clear()
        self._partial.clear()
        self._partial_since = inf

    _HANDLERS: ClassVar[dict[type[p.Pdu], _Handler]] = {
        p.DeliverSm: _on_request,
        p.SubmitSm: _on_request,
        p.SubmitSmResp: _on_response,
        p.DeliverSmResp: _on_response,
        p.DataSm: _on_data_sm,
        p.DataSmResp: _on_response,
        p.GenericNack: _on_nack,
        p.EnquireLink: _on_enquire_link,
        p.EnquireLinkResp: _on_enquire_link_resp,
        p.BindReceiver: _on_bind,
        p.BindTransmitter: _on_bind,
        p.BindTransceiver: _on_bind,
        p.BindReceiverResp: _on_bind_resp,
        p.BindTransmitterResp: _on_bind_resp,
        p.BindTransceiverResp: _on_bind_resp,
        p.Unbind: _on_unbind,
        p.UnbindResp: _on_unbind_resp,
        p.Unknown: _on_unknown,
    }
    """Looked up once a PDU: no chain of tests stands before the commonest ones."""
