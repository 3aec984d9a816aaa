"""Money: the first period is charged after the confirmation and before the service is active, once.

The embedded prepaid accounts live in the same database: their debit is part of the decision.
A charging system outside is asked by an order, and answers by an outcome: unknown is not failed.
"""

from collections.abc import Mapping
from typing import Final

from msgspec import UNSET, structs

from twofold.decide.answers import about, notify, proof
from twofold.decide.decision import Debit, Draft, OrderChange
from twofold.decide.owing import owed_for
from twofold.decide.packages import end_replaced
from twofold.decide.validity import off_sale, refused_standing, stopped
from twofold.domain.catalogue import Service, Stage
from twofold.domain.events import AccountAsked, AccountSet, OrderFellDue, OutcomeArrived
from twofold.domain.orders import (
    Delivered,
    Order,
    OrderKind,
    OrderState,
    Rejected,
    RetryAt,
    Unknown,
)
from twofold.domain.reason import Reason
from twofold.domain.states import SubscriptionState
from twofold.domain.subscriber import Owed, Subscription
from twofold.domain.terms import Terms

FOREVER_AT: Final = 1 << 52
RETRY_MS: Final = 5_000

TOLD: Final[Mapping[Reason, str]] = {
    Reason.LOW_BALANCE: "low_balance",
    Reason.SIM_CHANGED: "sim_changed",
    Reason.CHECK_UNANSWERED: "not_checked",
    Reason.NUMBER_BARRED: "number_not_served",
    Reason.NUMBER_NOT_OURS: "number_not_served",
}
"""Why a service did not start, where that is not the charge."""


def charge_first_period(draft: Draft, subscription: Subscription, service: Service) -> None:
    """Take the price of the first period: now where the accounts are ours, else by an order."""
    if draft.rules.accounts_inside:
        return take(draft, subscription, service, draft.next_id())
    horizon_ms = draft.rules.charge_horizon_ms
    order = draft.order(
        OrderKind.CHARGE,
        until_at=FOREVER_AT if horizon_ms is None else draft.event.at + horizon_ms,
        request_id=subscription.id,
        key=subscription.service,
        amount_minor=subscription.terms.price_minor,
        period_at=subscription.confirmed_at,
    )
    return draft.put_subscription(structs.replace(subscription, order_id=order.id))


def take(draft: Draft, subscription: Subscription, service: Service, order_id: int) -> None:
    """Debit the embedded account, never below zero, and go on."""
    price_minor = subscription.terms.price_minor
    balance_minor = balance(draft)
    if balance_minor < price_minor:
        return fail(draft, subscription, Reason.LOW_BALANCE)
    draft.subscriber = structs.replace(draft.subscriber, balance_minor=balance_minor - price_minor)
    draft.debits.append(
        Debit(
            subscription.id,
            subscription.confirmed_at,
            OrderKind.CHARGE,
            order_id,
            draft.subscriber.msisdn,
            draft.subscriber.tenure,
            draft.event.at,
            price_minor,
            subscription.service,
        )
    )
    return start(draft, subscription, service, balance_minor - price_minor)


def balance(draft: Draft) -> int:
    """What the embedded account holds; one that was never used holds the opening balance."""
    held = draft.subscriber.balance_minor
    return draft.rules.opening_balance_minor if held is UNSET else held


def start(
    draft: Draft, subscription: Subscription, service: Service, balance_minor: int | None = None
) -> None:
    """The period is paid: the service is on, and the subscriber is told.

    `balance_minor` is what is left, where the accounts are ours.
    """
    event, terms = draft.event, subscription.terms
    renews_at = event.at + terms.period.duration_ms
    draft.put_subscription(
        structs.replace(
            subscription,
            state=SubscriptionState.ACTIVE,
            started_at=event.at,
            renews_at=renews_at,
            order_id=0,
        )
    )
    policy = draft.rules.policies[subscription.policy]
    draft.order(
        OrderKind.SEND_NOTICE,
        until_at=event.at + policy.welcome_until_ms,
        request_id=subscription.id,
        key="activated",
        source=subscription.short_code,
        party=subscription.partner,
        text=draft.rules.texts.welcome(
            service.on(terms),
            subscription.language,
            renews_at,
            proof(subscription.id),
            balance_minor,
        ),
    )
    end_replaced(draft, subscription, service)


def fail(draft: Draft, subscription: Subscription, reason: Reason) -> None:
    """Nothing was taken, or it is not known: the service does not start, and one text says so."""
    draft.refuse(reason)
    draft.end(structs.replace(subscription, order_id=0), reason)
    tell_unstarted(draft, subscription, reason)


def tell_unstarted(draft: Draft, subscription: Subscription, reason: Reason) -> None:
    """One text says why a service is not on, and that nothing is charged for it."""
    service = draft.rules.catalogue.services.get(subscription.service)
    if service is None:
        key, code = "not_on_air", subscription.service
        text = draft.rules.texts.plain(key, draft.subscriber.language, code=code)
    else:
        key = TOLD.get(reason, "charge_failed")
        text = about(draft, key, service)
    notify(draft, key, text, subscription.short_code, subscription.id)


def on_account_asked(draft: Draft, event: AccountAsked) -> None:
    """The embedded accounts carry out an order that came to them from outside the decision."""
    order = event.order
    draft.order_change = OrderChange(order.id, None)
    if order.id not in draft.subscriber.unsettled:
        draft.request_id = order.request_id
        return draft.refuse(Reason.SETTLED_BEFORE)
    if order.kind is OrderKind.REFUND:
        return credit(draft, order)
    subscription = charged_by(draft, order)
    if subscription is None:
        return None
    if refusal := refusal_to_start(draft, subscription):
        return fail(draft, subscription, refusal)
    return take(draft, subscription, draft.rules.catalogue.services[subscription.service], order.id)


def on_account_set(draft: Draft, event: AccountSet) -> None:
    """A balance was set; what waits for money is not charged by that."""
    draft.subscriber = structs.replace(draft.subscriber, balance_minor=event.balance_minor)


def charged_by(draft: Draft, order: Order) -> Subscription | None:
    """The subscription that still waits for this charge."""
    draft.request_id = order.request_id
    subscription = draft.subscriber.subscription(order.request_id)
    if subscription is not None and subscription.order_id == order.id:
        return subscription
    draft.refuse(Reason.SETTLED_BEFORE)
    return None


def on_charge_fell_due(draft: Draft, event: OrderFellDue) -> None:
    """A waiting charge goes out only while its subscription waits for it and may be sold."""
    order = event.order
    subscription = charged_by(draft, order)
    if subscription is None:
        return leave(draft, order)
    refusal = refusal_to_start(draft, subscription)
    if event.at < order.until_at and refusal is None:
        return draft.claim(order)
    return give_up(draft, subscription, order, refusal)


def refusal_to_start(draft: Draft, subscription: Subscription) -> Reason | None:
    """Why nothing may be taken for it now; None when it may."""
    return refused_standing(draft.subscriber) or off_sale(subscription, draft.rules, draft.event.at)


def give_up(
    draft: Draft, subscription: Subscription, order: Order, refusal: Reason | None = None
) -> None:
    """Try a charge no more: its service does not start."""
    leave(draft, order)
    reason = Reason.CHARGE_UNKNOWN if order.attempts else refusal or Reason.CHARGE_REFUSED
    return fail(draft, subscription, reason)


def leave(draft: Draft, order: Order) -> None:
    """Settle a charge that nobody wants; one of which a try may have taken it is kept in sight."""
    unresolved = structs.replace(order, state=OrderState.UNRESOLVED)
    draft.order_change = OrderChange(order.id, unresolved if order.attempts else None)


def on_charge_outcome(draft: Draft, event: OutcomeArrived) -> None:
    """What the charging system said, or that it said nothing."""
    order, outcome = event.order, event.outcome
    draft.order_change = OrderChange(order.id, None)
    if order.kind is OrderKind.REFUND:
        return on_refund_outcome(draft, order, outcome)
    subscription = charged_by(draft, order)
    if subscription is None:
        return refund_if_taken(draft, order, outcome)
    match outcome:
        case Delivered():
            return on_taken(draft, subscription, order)
        case Rejected():
            return fail(draft, subscription, outcome.reason or Reason.CHARGE_REFUSED)
        case RetryAt():
            return put_off(draft, subscription, order, outcome.at)
        case Unknown():
            return repeat_or_leave(draft, subscription, order)


def on_taken(draft: Draft, subscription: Subscription, order: Order) -> None:
    """The period is paid; what was stopped meanwhile, or has no name any more, does not start."""
    service = draft.rules.catalogue.services.get(subscription.service)
    refusal = refused_standing(draft.subscriber) or stopped(subscription, draft.rules)
    if service is not None and refusal is None:
        return start(draft, subscription, service)
    order_refund(draft, order)
    return fail(draft, subscription, refusal or Reason.UNKNOWN_SERVICE)


def put_off(draft: Draft, subscription: Subscription, order: Order, at: int) -> None:
    """Nothing was taken now; later it may be, unless the service may not start any more.

    An earlier try of unknown outcome may have taken it all the same, and only the same id finds
    that out; else the next one takes a new id, which has not been tried yet.
    """
    refusal = refusal_to_start(draft, subscription)
    if refusal is not None or at >= order.until_at:
        return give_up(draft, subscription, order, refusal)
    waiting = structs.replace(order, due_at=at, state=OrderState.WAITING)
    if order.attempts:
        draft.order_change = OrderChange(order.id, waiting)
        return None
    anew = structs.replace(waiting, id=draft.next_id())
    draft.orders.append(anew)
    return draft.put_subscription(structs.replace(subscription, order_id=anew.id))


def repeat_or_leave(draft: Draft, subscription: Subscription, order: Order) -> None:
    """Repeat a charge under its id while the charging system knows it; then it is reconciled."""
    again_at = draft.event.at + RETRY_MS
    tried = tried_again(order)
    if again_at >= order.until_at:
        return give_up(draft, subscription, tried)
    waiting = structs.replace(tried, due_at=again_at, state=OrderState.WAITING)
    draft.order_change = OrderChange(order.id, waiting)
    return None


def tried_again(order: Order) -> Order:
    """A charge of which one more try has an unknown outcome."""
    return structs.replace(order, attempts=order.attempts + 1)


def refund_if_taken(
    draft: Draft, order: Order, outcome: Delivered | RetryAt | Rejected | Unknown
) -> None:
    """Nothing wants this charge any more: what was taken goes back, what is unknown is kept."""
    match outcome:
        case Delivered():
            order_refund(draft, order)
        case Unknown():
            leave(draft, tried_again(order))
        case RetryAt():
            leave(draft, order)
        case Rejected():
            pass


def refund_period(draft: Draft, subscription: Subscription) -> None:
    """Give back what the subscription's first period cost."""
    refund_owed(draft, owed_for(subscription, draft.subscriber.tenure))


def refund_owed(draft: Draft, owed: Owed) -> None:
    """Give a first period back to the holder who paid for it."""
    charge = Order(
        0,
        OrderKind.CHARGE,
        draft.subscriber.msisdn,
        owed.tenure,
        owed.subscription_id,
        0,
        0,
        key=owed.service,
        amount_minor=owed.amount_minor,
        period_at=owed.period_at,
    )
    order_refund(draft, charge)


def order_refund(draft: Draft, charge: Order) -> None:
    """Give a charge back, here and now where the accounts are ours, else by an order."""
    if draft.rules.accounts_inside:
        return credit(draft, structs.replace(charge, id=draft.next_id()))
    draft.order(
        OrderKind.REFUND,
        until_at=FOREVER_AT,
        request_id=charge.request_id,
        key=charge.key,
        amount_minor=charge.amount_minor,
        period_at=charge.period_at,
        tenure=charge.tenure,
    )
    return None


def credit(draft: Draft, refund: Order) -> None:
    """Put money back into the embedded account, and tell the subscriber.

    A former holder's account is closed: their money is booked as given back, and the present
    holder gets none of it.
    """
    draft.request_id = refund.request_id
    subscriber = draft.subscriber
    if refund.tenure == subscriber.tenure:
        balance_minor = balance(draft) + refund.amount_minor
        draft.subscriber = structs.replace(subscriber, balance_minor=balance_minor)
    draft.debits.append(
        Debit(
            refund.request_id,
            refund.period_at,
            OrderKind.REFUND,
            refund.id,
            subscriber.msisdn,
            refund.tenure,
            draft.event.at,
            -refund.amount_minor,
            refund.key,
        )
    )
    tell_refund(draft, refund)


def tell_refund(draft: Draft, refund: Order) -> None:
    """Each refund sends the subscriber an SMS, unless they no longer have the number."""
    if refund.tenure != draft.subscriber.tenure:
        return
    service = draft.rules.catalogue.services.get(refund.key) or what_was_paid(draft, refund)
    language, amount_minor = draft.subscriber.language, refund.amount_minor
    text = draft.rules.texts.about("refund", language, service, amount_minor=amount_minor)
    notify(draft, "refund", text, service.short_code, refund.request_id)


def what_was_paid(draft: Draft, refund: Order) -> Service:
    """What a refund knows of a service that is sold no more: its code, and what a period cost."""
    code, look_up = refund.key, draft.rules.operator.lookup_code
    terms = Terms(refund.amount_minor, 1, auto_renew=False)
    return Service(code, "", code, look_up, terms, Stage.OFF)


def on_refund_outcome(
    draft: Draft, order: Order, outcome: Delivered | RetryAt | Rejected | Unknown
) -> None:
    """A refund is repeated under its id until the charging system has answered for it."""
    draft.request_id = order.request_id
    match outcome:
        case Delivered():
            tell_refund(draft, order)
        case RetryAt() | Unknown():
            again_at = outcome.at if isinstance(outcome, RetryAt) else draft.event.at + RETRY_MS
            waiting = structs.replace(
                order, due_at=again_at, attempts=order.attempts + 1, state=OrderState.WAITING
            )
            draft.order_change = OrderChange(order.id, waiting)
        case Rejected():
            draft.order_change = OrderChange(
                order.id, structs.replace(order, state=OrderState.UNRESOLVED)
            )
