"""What a batch writes: how each number changed, and what its decisions gave birth to."""

from msgspec import UNSET, structs

from twofold.decide.decision import Decision, OrderChange
from twofold.domain.subscriber import Subscriber
from twofold.store.port import Writes


def add_difference(before: Subscriber, after: Subscriber, writes: Writes) -> None:
    """Add what changed of one number: each row once, however many events touched it."""
    if after.requests is not before.requests:
        add_requests(before, after, writes)
    if after.subscriptions is not before.subscriptions:
        add_subscriptions(before, after, writes)
    if after.fragments is not before.fragments:
        add_fragments(before, after, writes)
    if (
        after.memory is not before.memory
        or after.language != before.language
        or after.tenure != before.tenure
        or after.flags != before.flags
        or after.line is not before.line
    ):
        writes.numbers.append(after)
    held, left = (before.tenure, before.balance_minor), (after.tenure, after.balance_minor)
    if left != held and after.balance_minor is not UNSET:
        writes.accounts.append(after)


def add_fragments(before: Subscriber, after: Subscriber, writes: Writes) -> None:
    """Keep and drop parts of long messages."""
    for held in before.fragments:
        if held not in after.fragments:
            writes.dropped_fragments.append((before.msisdn, held))
    for held in after.fragments:
        if held not in before.fragments:
            writes.kept_fragments.append((after.msisdn, held))


def add_requests(before: Subscriber, after: Subscriber, writes: Writes) -> None:
    """Open, change and close requests."""
    for request in after.requests:
        held = before.request(request.id)
        if held is None:
            writes.opened.append((after, request))
        elif held is not request:
            writes.changed.append((after, held, request))
    for held in before.requests:
        if after.request(held.id) is None:
            writes.closed.append((before, held))


def add_subscriptions(before: Subscriber, after: Subscriber, writes: Writes) -> None:
    """Begin, change and close subscriptions."""
    for subscription in after.subscriptions:
        held = before.subscription(subscription.id)
        if held is None:
            writes.begun.append((after, subscription))
        elif held is not subscription:
            writes.resumed.append((after, held, subscription))
    for held in before.subscriptions:
        if after.subscription(held.id) is None:
            writes.stopped.append((before, held))


def add_decision(decision: Decision, writes: Writes) -> None:
    """Add what one decision gave birth to; most have little, so only what is there is looked at."""
    after = decision.after
    if after.tenure != decision.tenure:
        # What ended was the former holder's.
        after = structs.replace(after, tenure=decision.tenure)
    if decision.orders:
        writes.new_orders.extend(decision.orders)
    if decision.order_change is not None:
        add_order_change(decision.order_change, writes)
    if decision.accepted is not None or decision.reported is not None:
        add_receipts(decision, writes)
    if decision.seen is not None:
        writes.seen.append((after.msisdn, decision.seen))
    if decision.settled:
        writes.settled.extend([(after, over) for over in decision.settled])
    if decision.ended:
        writes.ended.extend([(after, over) for over in decision.ended])
    if decision.debits:
        writes.debits.extend(decision.debits)
    if decision.complaint is not None:
        writes.complaints.append(decision.complaint)


def add_order_change(change: OrderChange, writes: Writes) -> None:
    """Settle an order, or let it wait for another try."""
    if change.order is None:
        writes.settled_orders.append(change.order_id)
    else:
        writes.changed_orders.append(change.order)


def add_receipts(decision: Decision, writes: Writes) -> None:
    """Await the receipts of an accepted text; one that comes in the same batch leaves no row."""
    if (accepted := decision.accepted) is not None:
        for message_id in accepted.message_ids:
            writes.awaited[accepted.smsc, message_id] = accepted.order
    if (reported := decision.reported) is not None:
        place = (reported.smsc, reported.message_id)
        if writes.awaited.pop(place, None) is None:
            writes.reported.append(place)
