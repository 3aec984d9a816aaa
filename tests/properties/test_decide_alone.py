"""`decide` alone, in random order: what it lets out is always what the subscriber agreed to."""

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec import structs

from tests.properties.dialled import DIALLED
from tests.properties.life import (
    KINDS,
    LONG_PAUSES_MS,
    OPENING_MINOR,
    OUTCOMES,
    PAUSES_MS,
    REPORTS,
    SHORT_CODES,
    TEXTS,
    Life,
)
from tests.properties.offers import hold_sales
from tests.properties.sims import SIMS
from tests.unit.decide.example import (
    CHANCE,
    NOW_AT,
    NUMBER,
    OUTSIDE,
    SERVICES,
    SPORT,
    catalogue_of,
    rules_of,
)
from twofold.commit.room import Seats
from twofold.decide import Decision, Rules, decide, wants_grievances, wants_spending
from twofold.domain.catalogue import Stage
from twofold.domain.events import (
    AccountAsked,
    Claim,
    DeadlinePassed,
    Event,
    OrderFellDue,
    OrderOverdue,
)
from twofold.domain.orders import OrderKind
from twofold.domain.subscriber import Channel, Grievances, Subscriber
from twofold.domain.terms import MINUTE_MS

DEARER = structs.replace(SPORT, terms=structs.replace(SPORT.terms, price_minor=3_000))
STOPPED = structs.replace(SPORT, stage=Stage.OFF)
OTHERS = SERVICES[1:]
CATALOGUES = (
    catalogue_of(*SERVICES),
    catalogue_of(DEARER, *OTHERS, revision=2),
    catalogue_of(STOPPED, *OTHERS, revision=3),
    catalogue_of(*OTHERS, revision=4),
)
INSIDE = tuple(
    structs.replace(rules_of(catalogue), opening_balance_minor=OPENING_MINOR)
    for catalogue in CATALOGUES
)
ASKING = tuple(
    structs.replace(rules, accounts_inside=False, charge_horizon_ms=OUTSIDE.charge_horizon_ms)
    for rules in INSIDE
)


HITCHES = (
    *("", "", "answers lost", "refused, then taken", "refused after a yes"),
    *("hanging past its timer", "not delivered", "a yes from before", "sold otherwise"),
    *("a dialled yes", "another SIM", "another SIM, asked later", "a third SIM"),
)
"""What may come between asking and agreeing."""


class NumberAlone(RuleBasedStateMachine):
    """One number, its SMSC and its charging system."""

    def __init__(self) -> None:
        super().__init__()
        self.life = Life(NUMBER, NOW_AT)
        self.subscriber = Subscriber(NUMBER)
        self.market: Rules = INSIDE[0]
        self.leaving = True
        self.grievances = Grievances()
        self.charging = "inside"
        """Whose money it is: `asked` are the embedded accounts, asked by an order."""

    def decided(self, before: Subscriber, event: Event) -> Decision:
        """What is decided of an event, by the market as it is."""
        leaving = Seats(self.leaving)
        return decide(before, event, self.market, leaving=leaving, chance=CHANCE)

    def meet(self, event: Event | None) -> None:
        """Decide an event twice, which must give one answer, and hold it against the ledger."""
        if event is None:
            return
        before = self.subscriber
        if wants_spending(event, self.market):
            before = structs.replace(before, spent_minor=0)
        if wants_grievances(event, self.market):
            before = structs.replace(before, grievances=self.grievances)
        decision = decide(before, event, self.market, leaving=Seats(self.leaving), chance=CHANCE)
        assert decision == decide(
            before, event, self.market, leaving=Seats(self.leaving), chance=CHANCE
        )
        self.life.note(decision)
        sold = self.market.catalogue.services
        off = {code for code, service in sold.items() if service.stage is not Stage.ON}
        hold_sales(self.life.ledger, decision, sold, off)
        self.grievances = decision.after.grievances or self.grievances
        self.subscriber = structs.replace(decision.after, grievances=None)

    @initialize(
        charging=st.sampled_from(["inside", "asked", "outside"]),
        leaving=st.booleans(),
        imsi=st.sampled_from(SIMS),
    )
    def is_somewhere(self, charging: str, imsi: str, *, leaving: bool) -> None:
        self.life.imsi = imsi
        self.charging = charging
        self.market = INSIDE[0] if charging == "inside" else ASKING[0]
        self.leaving = leaving

    @rule(
        service=st.sampled_from(["THETHAO", "NHAC"]),
        hitch=st.sampled_from(HITCHES),
        is_dialled=st.booleans(),
    )
    def joins(self, service: str, hitch: str, *, is_dialled: bool = False) -> None:
        """Ask, be asked and agree; or nearly so."""
        write = self.life.dialled if is_dialled else self.life.message
        self.meet(write(f"DK {service}", "9166"))
        self.claims_prompts()
        self.comes_between(service, hitch)
        self.has_its_prompts_answered("delivered")
        early_ms = 120_000 if hitch == "a yes from before" else 0
        self.meet(self.life.message(f"Y {service}", "9166", early_ms=early_ms))

    def comes_between(self, service: str, hitch: str) -> None:  # noqa: C901 - one case a hitch
        """Have one thing happen before the SMSC's answer."""
        match hitch:
            case "answers lost":
                for _ in range(3):
                    self.has_its_prompts_answered("unknown")
                    self.claims_prompts()
            case "refused, then taken":
                self.has_its_prompts_answered("later")
                self.claims_prompts()
            case "refused after a yes":
                self.meet(self.life.message(f"Y {service}", "9166"))
                self.has_its_prompts_answered("later")
            case "hanging past its timer":
                self.life.now_at += 120 * MINUTE_MS
                self.time_out_all()
                self.meet(self.life.message(f"Y {service}", "9166"))
                self.has_its_prompts_answered("refused")
            case "not delivered":
                for _ in range(3):
                    self.has_its_prompts_answered("delivered")
                    self.meet(self.life.receipt(1, "UNDELIVERABLE"))
                    self.claims_prompts()
            case "sold otherwise":
                self.sells_otherwise(2)
            case "a dialled yes":
                self.meet(self.life.dialled(f"Y {service}", "9166"))
                self.has_its_prompts_answered("delivered")
                self.meet(self.life.dialled("Y", "9166"))
            case "another SIM":
                self.has_the_other_sim()
            case "another SIM, asked later" | "a third SIM":
                self.has_the_other_sim()
                self.meet(self.life.message(f"Y {service}", "9166"))
                self.time_out_all()
                self.life.now_at += 60 * MINUTE_MS
                self.time_out_all()
                self.claims_prompts()
                if hitch == "a third SIM":
                    self.has_the_other_sim()

    def has_the_other_sim(self) -> None:
        """Have the other of two SIMs: somebody stole the number, or its owner has it again."""
        self.life.imsi = SIMS[self.life.imsi == SIMS[0]]

    def claims_prompts(self) -> None:
        """Hand out the prompts that wait."""
        for order in list(self.life.waiting.values()):
            if order.kind is OrderKind.SEND_PROMPT:
                self.life.now_at = max(self.life.now_at, order.due_at)
                now_at = self.life.now_at
                self.meet(OrderFellDue(self.life.ids.next(now_at), now_at, NUMBER, order))

    def time_out_all(self) -> None:
        """Tell every timer, due or not."""
        now_at = self.life.now_at
        for held in self.subscriber.requests:
            id_ = self.life.ids.next(now_at)
            self.meet(DeadlinePassed(id_, now_at, NUMBER, held.id, held.due_at))

    @rule()
    def stops_all(self) -> None:
        self.meet(self.life.message("HUY ALL", "123"))

    @rule(text=st.sampled_from(TEXTS), to=st.sampled_from(SHORT_CODES))
    def writes(self, text: str, to: str) -> None:
        self.meet(self.life.message(text, to))

    @rule(text=st.sampled_from([*DIALLED, None]), to=st.sampled_from(SHORT_CODES))
    def dials(self, text: str | None, to: str) -> None:
        self.meet(self.life.dialled(text, to))

    @rule(imsi=st.sampled_from(SIMS))
    def has_another_sim(self, imsi: str) -> None:
        self.life.imsi = imsi

    @rule(service=st.sampled_from(["THETHAO", "NHAC"]))
    def asks(self, service: str) -> None:
        self.meet(self.life.message(f"DK {service}", "9166"))

    @rule(
        channel=st.sampled_from([held for held in Channel if held is not Channel.SMS]),
        service=st.sampled_from(["THETHAO", "nhac", "KHONGCO"]),
    )
    def is_asked_for_elsewhere(self, channel: Channel, service: str) -> None:
        self.meet(self.life.asked(channel, service))

    @rule(claim=st.sampled_from(Claim), service=st.sampled_from(["THETHAO", "NHAC", "GAME"]))
    def is_claimed(self, claim: Claim, service: str) -> None:
        self.stands_as_it_did(self.life.claimed(claim, service))

    @rule(raw=st.sampled_from([b"Y", b"Y THETHAO", b'{"text":"Y"}']))
    def is_spoken_for(self, raw: bytes) -> None:
        self.stands_as_it_did(self.life.spoken_for(raw))

    def stands_as_it_did(self, event: Event) -> None:
        """Whatever others claim, nothing begins, nothing is sent and nothing is charged."""
        before = [held.id for held in self.subscriber.subscriptions]
        decision = decide(
            self.subscriber, event, self.market, leaving=Seats(self.leaving), chance=CHANCE
        )
        self.meet(event)
        assert before == [held.id for held in self.subscriber.subscriptions]
        assert (decision.orders, decision.debits, decision.ended) == ((), (), ())

    @rule(which=st.integers(0, 9), channel=st.sampled_from([Channel.CARE, Channel.APP]))
    def is_ended_elsewhere(self, which: int, channel: Channel) -> None:
        live = [held.id for held in self.subscriber.requests]
        live += [held.id for held in self.subscriber.subscriptions]
        target_id = live[which % len(live)] if live else 64
        self.meet(self.life.cancelled(channel, target_id))

    @rule(
        text=st.sampled_from(["Y", "Y THETHAO", "Y NHAC"]),
        early_ms=st.sampled_from([0, 0, 1, 1_000, 120_000]),
    )
    def agrees(self, text: str, early_ms: int) -> None:
        self.meet(self.life.message(text, "9166", early_ms=early_ms))

    @rule(id_=st.sampled_from(["1", "2"]))
    def agrees_with_an_id(self, id_: str) -> None:
        self.meet(self.life.message("Y", "9166", id_))

    @rule()
    def sends_bytes(self) -> None:
        self.meet(self.life.message(None, "9166"))

    @rule()
    def is_delivered_again(self) -> None:
        self.meet(self.life.again())

    @rule(kind=st.sampled_from(KINDS), how=st.sampled_from(OUTCOMES))
    def is_answered(self, kind: str, how: str) -> None:
        if how == "delivered" and kind == "money" and self.charging == "asked":
            return
        self.meet(self.life.outcome(kind, how))

    @rule(how=st.sampled_from(OUTCOMES))
    def has_its_prompts_answered(self, how: str) -> None:
        for _ in range(len(self.life.out)):
            self.meet(self.life.outcome("prompt", how))

    @rule(back=st.integers(0, 3), state=st.sampled_from(REPORTS))
    def is_reported(self, back: int, state: str) -> None:
        self.meet(self.life.receipt(back, state))

    @rule(wait=st.booleans())
    def claims_what_waits(self, *, wait: bool) -> None:
        for order in list(self.life.waiting.values()):
            if order.due_at > self.life.now_at and not wait:
                continue
            self.life.now_at = max(self.life.now_at, order.due_at)
            now_at = self.life.now_at
            self.meet(OrderFellDue(self.life.ids.next(now_at), now_at, NUMBER, order))

    @precondition(lambda self: self.subscriber.requests)
    @rule(which=st.integers(0, 9), wait=st.booleans())
    def times_out(self, which: int, *, wait: bool) -> None:
        requests = self.subscriber.requests
        request = requests[which % len(requests)]
        if wait:
            self.life.now_at = max(self.life.now_at, request.due_at)
        now_at = self.life.now_at
        self.meet(
            DeadlinePassed(self.life.ids.next(now_at), now_at, NUMBER, request.id, request.due_at)
        )

    @precondition(lambda self: any(o.key == "activated" for o in self.life.out.values()))
    @rule(accepted=st.booleans())
    def waits_for_a_welcome(self, *, accepted: bool) -> None:
        order = next(o for o in self.life.out.values() if o.key == "activated")
        self.subscriber = structs.replace(self.subscriber, unsettled=(order.id,))
        for _ in range(len(self.life.out) if accepted else 0):
            self.meet(self.life.outcome("notice", "delivered"))
        now_at = self.life.now_at
        self.meet(OrderOverdue(self.life.ids.next(now_at), now_at, NUMBER, order))

    @precondition(
        lambda self: (
            self.charging == "asked" and any(is_money(o.kind) for o in self.life.out.values())
        )
    )
    @rule(times=st.integers(1, 2))
    def is_carried_out_by_the_accounts(self, times: int) -> None:
        order = next(o for o in self.life.out.values() if is_money(o.kind))
        del self.life.out[order.id]
        self.subscriber = structs.replace(self.subscriber, unsettled=(order.id,))
        for _ in range(times):
            now_at = self.life.now_at
            self.meet(AccountAsked(self.life.ids.next(now_at), now_at, NUMBER, order))

    @rule(pause_ms=st.sampled_from(PAUSES_MS))
    def waits(self, pause_ms: int) -> None:
        self.life.now_at += pause_ms

    @rule(pause_ms=st.sampled_from(LONG_PAUSES_MS))
    def waits_long(self, pause_ms: int) -> None:
        self.life.now_at += pause_ms

    @rule(which=st.sampled_from([0, 0, 0, 1, 2, 3]))
    def sells_otherwise(self, which: int) -> None:
        self.market = (INSIDE if self.market.accounts_inside else ASKING)[which]

    @rule()
    def has_room_or_none(self) -> None:
        self.leaving = not self.leaving

    @invariant()
    def nothing_is_off_the_books(self) -> None:
        held = self.subscriber.balance_minor
        assert held is structs.replace(Subscriber(0)).balance_minor or (
            held == self.life.ledger.balance_minor
        )


def is_money(kind: OrderKind) -> bool:
    """Whether an order moves money."""
    return kind in {OrderKind.CHARGE, OrderKind.REFUND}


TestNumberAlone = NumberAlone.TestCase
TestNumberAlone.settings = settings(max_examples=200, stateful_step_count=80, deadline=None)


class NumberAloneAtLength(NumberAlone):
    """The same, for minutes."""


TestNumberAloneAtLength = pytest.mark.soak(NumberAloneAtLength.TestCase)
TestNumberAloneAtLength.settings = settings(TestNumberAlone.settings, max_examples=4_000)
