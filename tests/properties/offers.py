"""What may be sold in a machine's market, under which policies, and what follows from that."""

from collections.abc import Collection, Mapping
from typing import Final

from msgspec import structs

from tests.properties.life import Ledger
from tests.unit.decide.example import (
    HOUR_MS,
    OPERATOR,
    OUTSIDE,
    POLICY,
    SERVICES,
    SPORT,
    WINDOW_MS,
    rules_of,
)
from twofold.decide import Decision, Rules
from twofold.decide.keywords import Keywords
from twofold.domain.catalogue import Catalogue, Service, Stage
from twofold.domain.orders import OrderKind, OrderState
from twofold.domain.policy import LowerPrice, Policy, ReplyMode
from twofold.domain.states import RequestState
from twofold.texts import compile_texts

OFFERS: Final = tuple(
    (sport, *SERVICES[1:])
    for sport in (
        SPORT,
        structs.replace(SPORT, terms=structs.replace(SPORT.terms, price_minor=3_000)),
        structs.replace(SPORT, terms=structs.replace(SPORT.terms, price_minor=1_000)),
        structs.replace(SPORT, terms=structs.replace(SPORT.terms, period_days=7)),
        structs.replace(SPORT, terms=structs.replace(SPORT.terms, auto_renew=False)),
        structs.replace(SPORT, partner="xyz"),
        structs.replace(SPORT, stage=Stage.OFF),
    )
)
"""As it is first; dearer, cheaper, for longer, not renewed, by another partner, off the air."""

GROUP: Final = frozenset({"THETHAO", "NHAC"})
"""Two packages of one group, where a market has groups."""

POLICIES: Final = (
    POLICY,
    structs.replace(POLICY, lower_price=LowerPrice.TAKE),
    structs.replace(POLICY, reply_mode=ReplyMode.PACKAGE, expiry_notice=True),
    structs.replace(POLICY, reply_mode=ReplyMode.CODE),
    structs.replace(POLICY, reply_mode=ReplyMode.CODE, lower_price=LowerPrice.TAKE),
    structs.replace(POLICY, code_from_minor=5_000, lower_price=LowerPrice.TAKE),
)
"""The bare word, the service's name, a code, and a code for what is dear."""

NEXT_WINDOW_MS: Final = 6 * HOUR_MS
NEXT: Final = tuple(
    structs.replace(policy, id="vn-next", window_ms=NEXT_WINDOW_MS) for policy in POLICIES
)
"""What may come into force on a day: a version keeps its own window for what began under it."""

WINDOWS: Final = {POLICY.id: WINDOW_MS, "vn-next": NEXT_WINDOW_MS}


def grouped(services: tuple[Service, ...]) -> tuple[Service, ...]:
    """The same services, two of them packages of one group."""
    return tuple(
        structs.replace(held, group="tin") if held.code in GROUP else held for held in services
    )


def rules_under(
    policy: Policy, versions: tuple[Policy, ...], catalogue: Catalogue, *, asks_accounts: bool
) -> Rules:
    """The rules of a catalogue while `policy` is in force."""
    return structs.replace(
        rules_of(catalogue),
        policy=policy,
        policies={held.id: held for held in versions},
        keywords=Keywords(policy),
        texts=compile_texts(OPERATOR, policy, catalogue),
        accounts_inside=not asks_accounts,
        charge_horizon_ms=OUTSIDE.charge_horizon_ms if asks_accounts else None,
    )


def hold_sales(
    ledger: Ledger,
    decision: Decision,
    sold: Mapping[str, Service],
    off: Collection[str],
    takes_lower: Collection[str] = (),
) -> None:
    """What is asked, confirmed or charged is sold at this moment, on those terms; `off` is not.

    Under the policies of `takes_lower` a yes may start at a lower price, and at nothing else.
    """
    for change in decision.changes:
        if change.after is RequestState.CONFIRMED:
            assert change.service not in off
            asked, service = ledger.asked[change.id], sold[change.service]
            now_minor = service.terms.price_minor
            if asked.policy in takes_lower and now_minor < asked.terms.price_minor:
                assert structs.replace(asked.terms, price_minor=now_minor) == service.terms
            else:
                assert asked.terms == service.terms
            assert asked.partner == service.partner
            asked.agreed_minor = now_minor
    moved = decision.order_change
    claimed = [moved.order] if moved is not None and moved.order is not None else []
    for order in (*decision.orders, *claimed):
        is_out = order.state is OrderState.CLAIMED
        if is_out and order.kind in {OrderKind.SEND_PROMPT, OrderKind.CHARGE}:
            code = ledger.asked[order.request_id].service
            assert code in sold
            assert code not in off
        if order.kind in {OrderKind.CHARGE, OrderKind.REFUND}:
            assert order.amount_minor == ledger.asked[order.request_id].agreed_minor
    for debit in decision.debits:
        asked = ledger.asked[debit.subscription_id]
        assert abs(debit.amount_minor) == asked.agreed_minor
        if debit.kind is OrderKind.CHARGE:
            assert asked.service not in off
