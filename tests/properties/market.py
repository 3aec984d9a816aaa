"""A market on a real file: its desk, its numbers and all that others do to them, in any order.

To the engine's own life this adds channels, the stop switch with its sweeps,
prices with and without a date, partners and certificates, versions of the policy, packages that
replace each other, what happens to the number itself and what another system says of it,
complaints, and a death within a batch.
The market's own model is what was sold and stopped at each commit; it asks no rule of the engine.
"""

import re
from unittest.mock import patch

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import initialize, invariant, precondition, rule
from msgspec import structs

from tests.properties.life import OPEN, OPENING_MINOR, OUTCOMES
from tests.properties.offers import (
    GROUP,
    NEXT,
    OFFERS,
    POLICIES,
    WINDOWS,
    grouped,
    hold_sales,
    rules_under,
)
from tests.properties.test_decide_committed import NUMBERS, Engine
from tests.unit.decide.example import CERTIFICATES, PARTNERS
from twofold.catalog.canonical import assemble, from_json
from twofold.catalog.revising import revising
from twofold.catalog.stopping import approve_resume, propose_resume, stop
from twofold.decide import Decision, Rules
from twofold.decide.sweeping import ON, PAUSED
from twofold.domain.catalogue import (
    Act,
    Catalogue,
    Certificate,
    DatedPrice,
    Note,
    Service,
    Stage,
    StopKind,
)
from twofold.domain.events import CatalogueSwept, MessageReceived, NumberFlagged, Requested
from twofold.domain.numbers import NumberChange
from twofold.domain.policy import LowerPrice, Policy
from twofold.domain.reason import Reason
from twofold.domain.subscriber import Channel, Flag, Request, Subscription
from twofold.domain.terms import MINUTE_MS
from twofold.store.port import Store
from twofold.store.sqlite.reader import SqliteReader

HOUR_MS = 60 * MINUTE_MS
NUMBER = st.sampled_from(NUMBERS)
SOLD = st.sampled_from(["THETHAO", "NHAC", "GAME"])
PAUSE = st.sampled_from([0, 0, 1_000, 31_000])
"""Within, and beyond, what the answer of another system is waited for."""

ELSEWHERE = st.sampled_from([held for held in Channel if held is not Channel.SMS])
STOPPABLE = (
    (StopKind.PARTNER, "abc"),
    (StopKind.PARTNER, "abc"),
    (StopKind.SERVICE, "THETHAO"),
    (StopKind.SERVICE, "NHAC"),
)
CODE = re.compile(r"\((?:HUY|HUY ALL) (\w+)\)")
"""The word that stops a line of the list, in both languages."""


class Died(BaseException):
    """The process was killed here."""


class Market(Engine):
    """Two numbers, one engine, and the operator's desk beside them."""

    def __init__(self) -> None:
        super().__init__()
        self.windows = dict(WINDOWS)
        self.certificates: tuple[Certificate, ...] = CERTIFICATES
        self.versions: tuple[Policy, Policy] = (POLICIES[0], NEXT[0])
        self.next_policy_at = self.now_at + 365 * 24 * HOUR_MS
        self.offered: tuple[Service, ...] = OFFERS[0]
        self.dated: tuple[DatedPrice, ...] = ()
        self.is_grouped = False
        self.asks_number = False
        self.drawn = 0
        self.stops: set[tuple[StopKind, str]] = set()
        self.catalogue: Catalogue
        self.sure: dict[tuple[int, bytes], int] = {}
        """When an MO with an id of its bind was decided first."""
        self.last: Decision

    @initialize(
        asking=st.booleans(),
        room=st.sampled_from([0, 1, 100, 100]),
        policies=st.tuples(st.sampled_from(POLICIES), st.sampled_from(NEXT)),
        is_grouped=st.booleans(),
        asks_number=st.sampled_from([False, False, True]),
    )
    def opens_its_market(
        self,
        *,
        asking: bool,
        room: int,
        policies: tuple[Policy, Policy],
        is_grouped: bool,
        asks_number: bool,
    ) -> None:
        self.versions, self.is_grouped, self.asks_number = policies, is_grouped, asks_number
        super().begins(asking=asking, room=room)
        for life in self.lives.values():
            life.windows, life.is_asked_about = self.windows, asks_number

    def begins(self, *, asking: bool, room: int) -> None:
        """Begin by `opens_its_market` alone."""

    def salt(self) -> bytes:
        """Each decision has another, so that codes differ."""
        self.drawn += 1
        return self.drawn.to_bytes(16)

    async def newest(self, store: Store) -> Rules:
        """The rules of the newest revision at this moment."""
        kept = await store.newest_catalogue()
        assert kept is not None
        catalogue, is_next = from_json(kept[2], kept[0]), self.now_at >= self.next_policy_at
        begins = [catalogue.next_at(self.now_at), None if is_next else self.next_policy_at]
        policy = self.versions[is_next]
        rules = rules_under(
            policy, self.versions, catalogue.at(self.now_at), asks_accounts=self.asking
        )
        return structs.replace(
            rules,
            opening_balance_minor=OPENING_MINOR,
            asks_number=self.asks_number,
            until_at=min((at for at in begins if at is not None), default=None),
        )

    # -- what the market knows ---------------------------------------------------------------------

    @property
    def sold(self) -> Catalogue:
        """What is sold now, at the price of now."""
        return self.catalogue.at(self.now_at)

    def off(self) -> set[str]:
        """The services for which nothing may be asked, confirmed or charged now."""
        return {
            code
            for code, service in self.sold.services.items()
            if service.stage is not Stage.ON
            or self.is_stopped(service.partner, code)
            or not any(
                held.partner == service.partner
                and held.valid_from_at <= self.now_at < held.valid_until_at
                for held in self.certificates
            )
        }

    def is_stopped(self, partner: str, service: str) -> bool:
        """Whether the operator has stopped it."""
        stopped = {(StopKind.PARTNER, partner), (StopKind.SERVICE, service)}
        return bool(self.stops & stopped)

    def note(self, decisions: list[Decision]) -> None:
        """Hold every decision against the market as it was committed, too."""
        super().note(decisions)
        for decision in decisions:
            ledger = self.lives[decision.event.msisdn].ledger
            lower = {held.id for held in self.versions if held.lower_price is LowerPrice.TAKE}
            hold_sales(ledger, decision, self.sold.services, self.off(), lower)
            self.hold_once(decision)
            self.hold_version(decision)
            self.hold_packages(decision)
            hold_flags(decision)
            self.last = decision

    def hold_once(self, decision: Decision) -> None:
        """The same message again has no second effect."""
        event = decision.event
        if not isinstance(event, MessageReceived) or not event.key_is_sure:
            return
        first_at = self.sure.setdefault((event.msisdn, event.key), event.at)
        if first_at != event.at or decision.reason is Reason.RESENT:
            if event.at - first_at < HOUR_MS:
                assert is_idle(decision)
            self.sure[event.msisdn, event.key] = event.at

    def hold_version(self, decision: Decision) -> None:
        """What begins does so under the version in force, and keeps it."""
        in_force = self.versions[self.now_at >= self.next_policy_at].id
        began = {change.id for change in decision.changes if change.before is None}
        for request in decision.after.requests:
            assert request.id not in began or request.policy == in_force

    def hold_packages(self, decision: Decision) -> None:
        """One package of a group is on; it took another's place if its prompt had said so."""
        after = decision.after.subscriptions
        on = [
            held for held in after if self.is_grouped and held.service in GROUP and held.state in ON
        ]
        assert len(on) <= 1, on
        for over in decision.ended:
            if over.subscription.reason is Reason.PACKAGE_CHANGED:
                (started,) = on
                asked = self.lives[decision.event.msisdn].ledger.asked[started.id]
                assert ", thay " in asked.text

    # -- the desk ----------------------------------------------------------------------------------

    @rule(which=st.sampled_from([0, 0, 0, *range(len(OFFERS))]))
    def sells(self, which: int) -> None:
        """Other terms, another partner or stage; a stop outlives it, as every import keeps it."""
        self.offered = grouped(OFFERS[which]) if self.is_grouped else OFFERS[which]
        self.run(self.revise())

    @rule(
        service=SOLD,
        in_ms=st.sampled_from([1, HOUR_MS, 13 * HOUR_MS]),
        price_minor=st.sampled_from([1_000, 2_000, 3_000]),
    )
    def has_another_price_from(self, service: str, in_ms: int, price_minor: int) -> None:
        """A price of a later moment, which begins without a revision of its own."""
        price = DatedPrice(service, self.now_at + in_ms, price_minor)
        if price.from_at not in {held.from_at for held in self.dated}:
            self.dated = (*self.dated, price)[-3:]
        self.run(self.revise())

    @rule(in_ms=st.sampled_from([1, HOUR_MS]))
    def has_another_policy_from(self, in_ms: int) -> None:
        """The next version comes into force then; whoever reads the rules anew knows it."""
        if self.now_at < self.next_policy_at:
            self.next_policy_at = self.now_at + in_ms
            self.run(self.revise())

    @rule(left_ms=st.sampled_from([0, 1, HOUR_MS, 400 * 24 * HOUR_MS]))
    def has_its_certificate_end(self, left_ms: int) -> None:
        """The certificate of the partner whose services are wanted most ends then."""
        first = structs.replace(CERTIFICATES[0], valid_until_at=self.now_at + left_ms)
        self.certificates = (first, *CERTIFICATES[1:])
        self.run(self.revise())

    async def revise(self) -> None:
        """Commit a revision, as an import does."""
        async with revising(self.store, lambda: self.now_at) as draft:
            stops = () if draft.newest is None else draft.newest.stops
            self.catalogue = assemble(
                0, PARTNERS, self.certificates, self.offered, stops, self.dated
            )
            await draft.add(self.catalogue, Note(Act.IMPORT, "", "", ""))

    @rule(what=st.sampled_from(STOPPABLE))
    def stops_it(self, what: tuple[StopKind, str]) -> None:
        self.run(stop(self.store, *what, lambda: self.now_at, by="an", why="complaints"))
        self.stops.add(what)

    @rule(number=NUMBER, how=st.sampled_from(OUTCOMES), what=st.sampled_from(STOPPABLE))
    def stops_what_is_starting(self, number: int, how: str, what: tuple[StopKind, str]) -> None:
        """The money is asked for when the stop comes, and may be asked for again."""
        self.joins(number, "THETHAO")
        self.is_answered(number, "money", how)
        self.stops_it(what)
        self.waits(10_000)
        self.claims_what_is_due()
        self.is_answered(number, "money", "delivered")

    @precondition(lambda self: self.stops)
    @rule(which=st.integers(0, 9))
    def lets_it_go_on(self, which: int) -> None:
        kind, name = what = sorted(self.stops)[which % len(self.stops)]
        self.run(self.resume(kind, name))
        self.stops.remove(what)

    async def resume(self, kind: StopKind, name: str) -> None:
        """One proposes, another approves."""
        number = await propose_resume(
            self.store, kind, name, lambda: self.now_at, by="an", why="mended"
        )
        await approve_resume(self.store, number, lambda: self.now_at, by="binh")

    # -- the sweeps --------------------------------------------------------------------------------

    @rule(rows=st.sampled_from([1, 2_048]), is_kept=st.sampled_from([True, True, False]))
    def sweeps_a_step(self, rows: int, *, is_kept: bool) -> None:
        """One step; what is not kept, as after a death, is done again and has no second effect."""
        sweep = self.run(self.store.next_sweep())
        if sweep is None:
            return
        numbers, upto = self.run(self.store.step_of(sweep, rows))
        about = (sweep.revision, sweep.kind, sweep.name, sweep.paused_ms)
        for number in numbers:
            for is_again in (False, True):
                id_ = self.ids.next(self.now_at)
                self.submit(CatalogueSwept(id_, self.now_at, number, *about))
                assert is_idle(self.last) or not is_again
        if is_kept:
            after = sweep.after if upto is None else upto
            done_at = self.now_at if upto is None else None
            self.run(self.store.advance_sweep(structs.replace(sweep, after=after), done_at))

    @rule()
    def sweeps_all(self) -> None:
        while self.run(self.store.next_sweep()):
            self.sweeps_a_step(rows=2_048, is_kept=True)

    # -- what is agreed to -------------------------------------------------------------------------

    def joins(self, number: int, service: str) -> None:
        """Ask, be asked and agree, without a hitch."""
        life = self.lives[number]
        self.submit(life.message(f"DK {service}", "9166"))
        self.clears(number)
        self.submit(life.outcome("prompt", "delivered"))
        self.submit(life.message(life.reply_to(service), "9166"))
        self.clears(number)

    def clears(self, number: int) -> None:
        """Hand out what is due; where another system is asked, it has nothing against it."""
        self.claims_what_is_due()
        if (answer := self.lives[number].outcome("question", "delivered")) is not None:
            self.submit(answer)
            self.claims_what_is_due()

    @rule(number=NUMBER, service=SOLD, early_ms=st.sampled_from([0, 0, 0, 1, 120_000]))
    def agrees_as_printed(self, number: int, service: str, early_ms: int) -> None:
        """The reply that the latest prompt for a service asks for, to wherever it says."""
        life = self.lives[number]
        to = "1579" if service == "GAME" else "9166"
        self.submit(life.message(life.reply_to(service), to, early_ms=early_ms))

    @rule(number=NUMBER, digits=st.sampled_from(["1234", "4821"]), times=st.integers(1, 3))
    def guesses(self, number: int, digits: str, times: int) -> None:
        for _ in range(times):
            id_ = str(self.ids.next(self.now_at))
            self.submit(self.lives[number].message(f"Y {digits}", "9166", id_))

    @precondition(lambda self: self.asks_number)
    @rule(number=NUMBER, how=st.sampled_from([*OUTCOMES, "recycled"]), late_ms=PAUSE)
    def is_answered_about_itself(self, number: int, how: str, late_ms: int) -> None:
        """The other system answers, in time or late, or does not."""
        self.at(self.now_at + late_ms)
        self.submit(self.lives[number].outcome("question", how))

    # -- what others do ----------------------------------------------------------------------------

    @rule(number=NUMBER, channel=ELSEWHERE, service=SOLD)
    def is_asked_for_elsewhere(self, number: int, channel: Channel, service: str) -> None:
        self.submit(self.lives[number].asked(channel, service))

    @rule(number=NUMBER, which=st.integers(0, 9), channel=ELSEWHERE)
    def is_ended_elsewhere(self, number: int, which: int, channel: Channel) -> None:
        live = [held.id for held in self.shown(number)] or [64]
        self.submit(self.lives[number].cancelled(channel, live[which % len(live)]))

    @rule(number=NUMBER, flag=st.sampled_from(Flag), is_set=st.booleans())
    def is_flagged(self, number: int, flag: Flag, *, is_set: bool) -> None:
        where = (self.ids.next(self.now_at), self.now_at, number)
        self.submit(NumberFlagged(*where, flag, is_set, happened_at=self.now_at))

    @rule(number=NUMBER, channel=ELSEWHERE, service=SOLD)
    def shuts_itself(self, number: int, channel: Channel, service: str) -> None:
        """Who wrote `CHAN` is asked by no channel, until the number's own `MO`."""
        self.submit(self.lives[number].message("CHAN", "9166", str(self.ids.next(self.now_at))))
        self.is_asked_for_elsewhere(number, channel, service)
        assert not opens(self.last)
        self.submit(self.lives[number].message("MO", "9166", str(self.ids.next(self.now_at))))

    @rule(
        number=NUMBER,
        kind=st.sampled_from(NumberChange),
        ago_ms=st.sampled_from([0, 0, 1, HOUR_MS]),
    )
    def changes(self, number: int, kind: NumberChange, ago_ms: int) -> None:
        """Something happened to the number, which is reported twice."""
        happened_at = self.now_at - ago_ms
        tenures = []
        for is_again in (False, True):
            self.submit(self.lives[number].changed(kind, happened_at))
            assert is_idle(self.last) or not is_again
            tenures.append(self.last.after.tenure)
        assert tenures[0] == tenures[1]

    @rule(number=NUMBER, back=st.integers(1, 3))
    def is_reported_twice(self, number: int, back: int) -> None:
        for is_again in (False, True):
            self.submit(self.lives[number].receipt(back, "UNDELIVERABLE"))
            assert is_idle(self.last) or not is_again

    @rule(
        number=NUMBER,
        text=st.sampled_from(["Y", "Y THETHAO", "HUY", "HUY ALL", "KN THETHAO"]),
        early_ms=st.sampled_from([1, 1_000, 120_000]),
    )
    def says_what_comes_late(self, number: int, text: str, early_ms: int) -> None:
        self.submit(self.lives[number].message(text, "9166", early_ms=early_ms))

    @rule(number=NUMBER, text=st.sampled_from(["DK THETHAO", "Y", "HUY ALL", "KN"]))
    def dies_in_a_batch(self, number: int, text: str) -> None:
        """What was never acknowledged comes again, and has its one effect then."""
        self.committer.submit(self.lives[number].message(text, "9166"))
        with patch.object(self.store, "commit", side_effect=Died), pytest.raises(Died):
            self.run(self.committer.work())
        self.dies_and_starts_again()
        self.submit(self.lives[number].again())

    # -- what is always true -----------------------------------------------------------------------

    def shown(self, number: int) -> list[Request | Subscription]:
        """What the API's reader shows as live."""
        reader = SqliteReader(self.connection)
        open_ones = [held for held in reader.requests(number) if not held.is_over(self.now_at)]
        return [*reader.subscriptions(number), *open_ones]

    @rule(number=NUMBER)
    def has_several_at_once(self, number: int) -> None:
        for service in ("THETHAO", "NHAC"):
            self.joins(number, service)
        self.asks_what_is_on(number)

    @rule(number=NUMBER)
    def asks_what_is_on(self, number: int) -> None:
        """The list by SMS and the API show the same, resent or not."""
        self.submit(self.lives[number].message("TK", "123", str(self.ids.next(self.now_at))))
        self.is_listed(number)

    @rule(number=NUMBER)
    def dials_what_is_on(self, number: int) -> None:
        """So does a USSD session: on its screen, or in the SMS that its screen announces."""
        self.submit(self.lives[number].dialled("TK", "123"))
        self.is_listed(number)

    def is_listed(self, number: int) -> None:
        """The list that was asked for has what the API shows."""
        (order,) = [held for held in self.last.orders if held.key in {"tk_list", "tk_empty"}]
        assert CODE.findall(order.text) == [held.service for held in self.shown(number)]

    @invariant()
    def nothing_is_owed(self) -> None:
        for life in self.lives.values():
            life.hold_owed()

    @precondition(lambda self: self.is_open)
    @invariant()
    def what_is_swept_is_as_the_catalogue_says(self) -> None:
        """Behind a stop nothing waits or is on; behind its end nothing is held for it."""
        if self.run(self.store.next_sweep()) is not None:
            return
        reader = SqliteReader(self.connection)
        for number in NUMBERS:
            for request in reader.requests(number):
                assert not self.is_stopped(request.partner, request.service), request
            for held in reader.subscriptions(number):
                is_stopped = self.is_stopped(held.partner, held.service)
                assert held.state not in ON if is_stopped else held.reason not in PAUSED, held


def is_idle(decision: Decision) -> bool:
    """Whether nothing came of it but its entry."""
    made = (decision.changes, decision.orders, decision.debits, decision.ended, decision.settled)
    return not any(made) and decision.complaint is None


def opens(decision: Decision) -> bool:
    """Whether a request began."""
    return any(change.before is None and change.after in OPEN for change in decision.changes)


def hold_flags(decision: Decision) -> None:
    """No channel opens a request for a number that is shut, nor invites one on the register."""
    event = decision.event
    if not isinstance(event, Requested):
        return
    invites = event.channel in {Channel.PARTNER, Channel.WEB}
    shut = Flag.BLOCKED | (Flag.DO_NOT_CALL if invites else 0)
    assert not (opens(decision) and decision.after.flags & shut)
