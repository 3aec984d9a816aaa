"""From a decision to its entry of evidence: what came in, what was decided, and what went out."""

from collections.abc import Mapping
from typing import Final

from msgspec import structs

from twofold.decide.decision import Change, Debit, Decision
from twofold.decide.rules import Rules
from twofold.domain.events import (
    AccountAsked,
    AccountSet,
    CancelRequested,
    CatalogueSwept,
    DeadlinePassed,
    Event,
    MessageReceived,
    NumberChanged,
    NumberFlagged,
    OrderFellDue,
    OrderOverdue,
    OutcomeArrived,
    PartReceived,
    PartsAbandoned,
    ReceiptArrived,
    ReplyClaimed,
    Requested,
    ServiceClaimed,
    UssdReceived,
)
from twofold.domain.ids import reference
from twofold.domain.orders import Delivered, Order, OrderKind, OrderState, Outcome
from twofold.domain.subscriber import Channel, Complaint
from twofold.evidence.entry import Change as ChangeLine
from twofold.evidence.entry import Entry, Heard, Money, Sent, Via, encode_entry, entry_hash
from twofold.store.port import EntryRow

KINDS: Final[Mapping[type[Event], str]] = {
    MessageReceived: "message_received",
    UssdReceived: "ussd_received",
    PartReceived: "part_received",
    PartsAbandoned: "parts_abandoned",
    Requested: "requested",
    CancelRequested: "cancel_requested",
    ServiceClaimed: "service_claimed",
    ReplyClaimed: "reply_claimed",
    OutcomeArrived: "outcome_arrived",
    ReceiptArrived: "receipt_arrived",
    DeadlinePassed: "deadline_passed",
    OrderFellDue: "order_fell_due",
    OrderOverdue: "order_overdue",
    CatalogueSwept: "catalogue_swept",
    AccountAsked: "account_asked",
    AccountSet: "account_set",
    NumberFlagged: "number_flagged",
    NumberChanged: "number_changed",
}
"""The kind of an entry, by event."""

NOTHING_HEARD: Final = Heard()
BY_USSD: Final = Via(channel=Channel.USSD)


def entry_of(decision: Decision, rules: Rules, salt: bytes) -> EntryRow:
    """Write the entry of one decision."""
    event = decision.event
    kind = KINDS[type(event)]
    document = encode_entry(describe(decision, rules, kind))
    return EntryRow(
        event.id,
        event.at,
        event.msisdn,
        decision.tenure,
        decision.request_id,
        kind,
        salt,
        entry_hash(salt, document),
        document,
    )


def describe(decision: Decision, rules: Rules, kind: str) -> Entry:
    """The entry's document."""
    after, reason = decision.after, decision.reason
    changes = decision.changes
    sent = sent_lines(decision, rules)
    return Entry(
        decision.event.at,
        tuple([change_line(change) for change in changes]) if changes else (),
        "" if decision.complaint is None else complaint_line(decision.complaint),
        tuple([money_line(debit) for debit in decision.debits]) if decision.debits else (),
        heard(decision.event),
        kind,
        after.msisdn,
        rules.policy.id,
        "" if reason is None else reason.name,
        reference(decision.request_id) if decision.request_id else "",
        rules.catalogue.revision,
        sent,
        rules.texts.version if sent else "",
        decision.tenure,
    )


def heard(event: Event) -> Heard:
    """What came in, as it came."""
    match event:
        case MessageReceived():
            return Heard(
                event.data_coding,
                "",
                event.effective_at,
                event.imsi,
                "",
                (),
                "",
                event.raw,
                event.short_code,
                event.smsc,
                event.smsc_at or 0,
                event.text,
                BY_USSD if isinstance(event, UssdReceived) else None,
            )
        case OutcomeArrived():
            return heard_outcome(event.order, event.outcome)
        case ReceiptArrived():
            return Heard(
                detail=event.state, message_ids=(event.message_id,), raw=event.raw, smsc=event.smsc
            )
        case PartsAbandoned():
            group = event.group
            said = f"{group.total} parts under {group.reference}"
            return Heard(detail=said, short_code=group.short_code)
        case OrderFellDue() | OrderOverdue() | AccountAsked():
            return Heard(key=event.order.key, order=str(event.order.id))
        case Requested() | CancelRequested() | ServiceClaimed():
            return Heard(via=via(event))
        case ReplyClaimed():
            return Heard(raw=event.raw, via=Via(channel=event.channel, partner=event.partner))
        case _:
            return heard_of_number(event)


def heard_of_number(event: Event) -> Heard:
    """What somebody else said of the number, or did to it."""
    match event:
        case NumberChanged():
            return Heard(detail=event.kind.value, effective_at=event.happened_at)
        case CatalogueSwept():
            return Heard(detail=f"{event.kind} {event.name}, revision {event.revision}")
        case AccountSet():
            return Heard(detail=str(event.balance_minor))
        case NumberFlagged():
            said = f"{event.flag.name} {'on' if event.is_set else 'off'}".lower()
            return Heard(detail=said, effective_at=event.happened_at)
        case _:
            return NOTHING_HEARD


def via(event: Requested | CancelRequested | ServiceClaimed) -> Via:
    """Who asked for what over another channel."""
    who = Via(channel=event.channel, partner=event.partner)
    match event:
        case Requested(proof=proof):
            return structs.replace(
                who,
                language=event.language or "",
                proof="" if proof is None else proof.kind,
                proof_ref="" if proof is None else proof.ref,
                service=event.service,
            )
        case CancelRequested():
            return structs.replace(who, target=reference(event.target_id))
        case _:
            return structs.replace(
                who,
                amount_minor=event.amount_minor,
                claim=event.claim,
                reference=event.reference,
                service=event.service,
                target=reference(event.subscription_id) if event.subscription_id else "",
            )


def heard_outcome(order: Order, outcome: Outcome) -> Heard:
    """How an order went: which text or charge, and the ids that the SMSC gave it."""
    key, name = order.key, str(order.id)
    if isinstance(outcome, Delivered):
        return Heard(0, "delivered", 0, "", key, outcome.message_ids, name, smsc=outcome.smsc)
    return Heard(detail=f"{type(outcome).__name__.lower()}: {outcome.why}", key=key, order=name)


def change_line(change: Change) -> ChangeLine:
    """One change of state."""
    return ChangeLine(change.after, change.before or "", reference(change.id), change.service)


def complaint_line(complaint: Complaint) -> str:
    """A complaint that was opened or answered: what it is known by, and where it stands."""
    return f"{reference(complaint.id)} {complaint.state}"


def money_line(debit: Debit) -> Money:
    """Money taken or given back."""
    return Money(
        debit.amount_minor,
        str(debit.order_id),
        debit.period_at,
        reference(debit.subscription_id),
        debit.service,
    )


def sent_lines(decision: Decision, rules: Rules) -> tuple[Sent, ...]:
    """What was ordered, and a waiting order that was claimed, each with its exact text."""
    if decision.orders:
        return tuple([sent_line(order, decision, rules) for order in decision.orders])
    change = decision.order_change
    if change is not None and change.order is not None and change.order.state is OrderState.CLAIMED:
        return (sent_line(change.order, decision, rules),)
    return ()


def sent_line(order: Order, decision: Decision, rules: Rules) -> Sent:
    """One order; what it serves is said where that is not what the decision is about."""
    served = order.request_id
    return Sent(
        order.amount_minor,
        order.key,
        order.kind,
        str(order.id),
        reference(served) if served and served != decision.request_id else "",
        order.source,
        prompted_by(order, decision, rules) if order.kind is OrderKind.SEND_PROMPT else "",
        order.text,
        order.until_at,
    )


def prompted_by(order: Order, decision: Decision, rules: Rules) -> str:
    """The template that this decision made a prompt from; one that waits has no text yet."""
    request = decision.after.request(order.request_id)
    if request is None or not order.text:
        return ""
    texts, code = rules.texts, request.code
    key = texts.prompt_template(
        rules.catalogue.services[request.service],
        request.language,
        request.names_service,
        "" if code is None else code.digits,
        request.replaces,
    )
    return texts.template_version(key, request.language)
