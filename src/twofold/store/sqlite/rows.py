"""Between rows and structs: one function each way, columns in the order of the queries."""

from array import array
from struct import Struct
from typing import Any, Final

import apsw
import msgspec

from twofold.decide.decision import Debit, EndedSubscription, SettledRequest
from twofold.domain.numbers import Line
from twofold.domain.orders import Order, OrderKind, OrderState
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState, SubscriptionState
from twofold.domain.subscriber import (
    Channel,
    Complaint,
    ComplaintState,
    Copies,
    Fragment,
    Group,
    HeldReply,
    Memory,
    ReplyCode,
    Request,
    Seen,
    Subscriber,
    Subscription,
)
from twofold.domain.terms import Terms

Row = tuple[Any, ...]

_CHANNELS: Final = {channel.value: channel for channel in Channel}
_REQUEST_STATES: Final = {state.value: state for state in RequestState}
_SUBSCRIPTION_STATES: Final = {state.value: state for state in SubscriptionState}
_ORDER_KINDS: Final = {kind.value: kind for kind in OrderKind}
_ORDER_STATES: Final = {state.value: state for state in OrderState}

_IN_SERVICE: Final = Line()
_SEEN: Final = Struct(">8sqq")

_code = msgspec.json.Decoder(ReplyCode)
_copies = msgspec.json.Decoder(Copies)
_held = msgspec.json.Decoder(HeldReply)
_memory = msgspec.json.Decoder(Memory)
_line = msgspec.json.Decoder(Line)
_json = msgspec.json.Encoder()


def int64s(numbers: list[int]) -> "apsw.CArrayBinding":
    """Numbers as SQLite's carray takes them."""
    return apsw.carray(array("q", numbers))


def memory_from(text: str) -> Memory:
    """Read a number's memory."""
    return _memory.decode(text)


def line_from(text: str) -> Line:
    """Read what was reported of a number."""
    return _line.decode(text)


def number_row(subscriber: Subscriber) -> Row:
    """A number's row; of most numbers nothing was ever reported."""
    memory = _json.encode(subscriber.memory).decode()
    line = None if subscriber.line == _IN_SERVICE else _json.encode(subscriber.line).decode()
    return (
        subscriber.msisdn,
        subscriber.tenure,
        subscriber.language,
        memory,
        subscriber.flags,
        line,
    )


def request_from(row: Row) -> Request:
    """Read an open request; the first two columns are its owner's."""
    (
        _, _, id_, service, partner, short_code, channel, language, state, requested_at,
        price_minor, period_days, auto_renew, revision, policy, due_at, names_service, order_id,
        copies, handed_over_at, printed_until_at, opened_at, parts_left, delivered_at, held, seen,
        copies_known, succeeds, late_ms, code, replaces, sim,
    ) = row  # fmt: skip
    return Request(
        id_, service, partner, short_code, _CHANNELS[channel], language, _REQUEST_STATES[state],
        requested_at, Terms(price_minor, period_days, auto_renew == 1), revision, policy, due_at,
        names_service == 1, order_id, copies, handed_over_at, printed_until_at, opened_at,
        parts_left, delivered_at, None if held is None else _held.decode(held), _seen_from(seen),
        None if copies_known is None else _copies.decode(copies_known), succeeds, late_ms,
        None if code is None else _code.decode(code), replaces, sim,
    )  # fmt: skip


def opened_row(owner: Subscriber, held: Request) -> Row:
    """A new open request."""
    terms = held.terms
    return (
        owner.msisdn, owner.tenure, held.id, held.service, held.partner, held.short_code,
        held.channel, held.language, held.state, held.requested_at, terms.price_minor,
        terms.period_days, terms.auto_renew, held.revision, held.policy, held.due_at,
        held.names_service, held.order_id, held.copies, held.handed_over_at, held.printed_until_at,
        held.opened_at, held.parts_left, held.delivered_at, _held_text(held),
        _seen_blob(held.seen), _copies_text(held), held.succeeds, held.late_ms, _code_text(held),
        held.replaces, held.sim,
    )  # fmt: skip


def changed_row(owner: Subscriber, before: Request, after: Request) -> Row:
    """What an open request became, and which row that is."""
    return (
        after.state, after.due_at, after.order_id, after.copies, after.handed_over_at,
        after.printed_until_at, after.opened_at, after.parts_left, after.delivered_at,
        _held_text(after), _copies_text(after), after.late_ms, _code_text(after), after.sim,
        owner.msisdn, owner.tenure, after.id, before.state,
    )  # fmt: skip


def settled_row(owner: Subscriber, over: SettledRequest) -> Row:
    """A request that ended unconfirmed."""
    held = over.request
    return (
        held.id, owner.msisdn, owner.tenure, held.service, held.partner, held.short_code,
        held.channel, held.state, held.requested_at, held.opened_at, held.deadline_at,
        over.settled_at,
        held.terms.price_minor, held.revision, held.policy, held.copies, over.reason,
    )  # fmt: skip


def subscription_from(row: Row) -> Subscription:
    """Read a live subscription; the first two columns are its owner's."""
    (
        _, _, id_, service, partner, short_code, channel, language, state, price_minor,
        period_days, auto_renew, revision, policy, requested_at, opened_at, confirmed_at,
        started_at, renews_at, order_id, reason, seen, is_returned, paused_at,
    ) = row  # fmt: skip
    return Subscription(
        id_, service, partner, short_code, _CHANNELS[channel], language,
        _SUBSCRIPTION_STATES[state], Terms(price_minor, period_days, auto_renew == 1), revision,
        policy, requested_at, opened_at, confirmed_at, started_at, renews_at, order_id,
        None if reason is None else Reason(reason), _seen_from(seen), is_returned == 1, paused_at,
    )  # fmt: skip


def begun_row(owner: Subscriber, held: Subscription) -> Row:
    """A new subscription."""
    terms = held.terms
    return (
        owner.msisdn, owner.tenure, held.id, held.service, held.partner, held.short_code,
        held.channel, held.language, held.state, terms.price_minor, terms.period_days,
        terms.auto_renew, held.revision, held.policy, held.requested_at, held.opened_at,
        held.confirmed_at, held.started_at, held.renews_at, held.order_id, held.reason,
        _seen_blob(held.seen), held.is_returned, held.paused_at,
    )  # fmt: skip


def resumed_row(owner: Subscriber, before: Subscription, after: Subscription) -> Row:
    """What a live subscription became, and which row that is."""
    return (
        after.state, after.started_at, after.renews_at, after.order_id, after.reason,
        after.is_returned, after.paused_at, owner.msisdn, owner.tenure, after.id, before.state,
    )  # fmt: skip


def ended_row(owner: Subscriber, over: EndedSubscription) -> Row:
    """A subscription that is over."""
    held = over.subscription
    return (
        held.id, owner.msisdn, owner.tenure, held.service, held.partner, held.short_code,
        held.channel, held.terms.price_minor, held.terms.period_days, held.revision, held.policy,
        held.requested_at, held.opened_at, held.confirmed_at, held.started_at, over.ended_at,
        held.reason,
    )  # fmt: skip


def debit_row(debit: Debit) -> Row:
    """Money taken or given back."""
    return (
        debit.subscription_id, debit.kind, debit.period_at, debit.order_id, debit.msisdn,
        debit.tenure, debit.at, debit.amount_minor, debit.service,
    )  # fmt: skip


def complaint_row(held: Complaint) -> Row:
    """A complaint."""
    return (
        held.id, held.msisdn, held.tenure, held.about_id, held.service, held.channel, held.state,
        held.opened_at, held.answer_by_at,
    )  # fmt: skip


def complaint_from(row: Row) -> Complaint:
    """Read a complaint; its number comes first."""
    msisdn, id_, tenure, about_id, service, channel, state, opened_at, answer_by_at = row
    return Complaint(
        id_, msisdn, tenure, about_id, service, _CHANNELS[channel], ComplaintState(state),
        opened_at, answer_by_at,
    )  # fmt: skip


def order_from(row: Row) -> Order:
    """Read an order."""
    kind, state = row[1], row[13]
    return Order(
        row[0], _ORDER_KINDS[kind], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9],
        row[10], row[11], row[12], _ORDER_STATES[state], row[14],
    )  # fmt: skip


def order_row(order: Order, epoch: int) -> Row:
    """A new order."""
    return (
        order.id, order.kind, order.msisdn, order.tenure, order.request_id, order.due_at,
        order.until_at, order.key, order.source, order.text, order.amount_minor, order.period_at,
        order.attempts, order.state, epoch, order.party,
    )  # fmt: skip


def changed_order_row(order: Order, epoch: int) -> Row:
    """What an order became."""
    return (order.due_at, order.until_at, order.text, order.attempts, order.state, epoch, order.id)


def fragment_from(row: Row) -> Fragment:
    """Read a part of a long MO."""
    _, short_code, reference, total, number, tenure, coding, locking, single, octets, at, sent = row
    group = Group(short_code, reference, total)
    return Fragment(group, number, tenure, coding, (locking, single), octets, at, sent)


def fragment_key(msisdn: int, held: Fragment) -> Row:
    """Which row a part is."""
    group = held.group
    return (msisdn, group.short_code, group.reference, group.total, held.number)


def fragment_row(msisdn: int, held: Fragment) -> Row:
    """A part of a long MO."""
    return (
        *fragment_key(msisdn, held), held.tenure, held.data_coding, *held.shift, held.octets,
        held.at, held.effective_at,
    )  # fmt: skip


def _held_text(held: Request) -> str | None:
    """A reply that is kept."""
    return None if held.held is None else _json.encode(held.held).decode()


def _code_text(held: Request) -> str | None:
    """The code that confirms."""
    return None if held.code is None else _json.encode(held.code).decode()


def code_range(digits: str) -> tuple[str, str]:
    """The range in which every code of these digits is kept, however often it was missed."""
    kept = _json.encode(ReplyCode(digits)).decode()
    first = kept[: kept.index(",")]
    return f"{first},", f"{first}-"


def _copies_text(held: Request) -> str | None:
    """What is known of two copies."""
    known = held.copies_known
    return None if known is None else _json.encode(known).decode()


def _seen_from(blob: bytes | None) -> Seen | None:
    """The MO that began a row."""
    return None if blob is None else Seen(*_SEEN.unpack(blob))


def _seen_blob(seen: Seen | None) -> bytes | None:
    """The MO that begins a row: key, time, digest."""
    return None if seen is None else _SEEN.pack(seen.key, seen.at, seen.digest)
