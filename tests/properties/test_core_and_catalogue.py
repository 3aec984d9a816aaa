"""Core and catalogue together: whatever comes in whatever order, it is as it must always be.

Chance alone seldom comes far on the way from a wish to a service, so that way is walked here again
and again, and at each step of it something may come between.
"""

from typing import Final

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import rule

from tests.properties.life import OPENING_MINOR, OUTCOMES
from tests.properties.market import HOUR_MS, NUMBER, SOLD, Market
from tests.properties.offers import OFFERS
from tests.properties.sims import SIMS
from tests.unit.decide.example import CERTIFICATES
from twofold.decide.numbers import LEFT
from twofold.domain.catalogue import StopKind
from twofold.domain.events import AccountSet
from twofold.domain.numbers import NumberChange
from twofold.domain.subscriber import Channel, Flag

PARTNER: Final = (StopKind.PARTNER, "abc")
TERMS: Final = {f"terms {which}": which for which in range(1, len(OFFERS))}
SAID: Final = (
    "KN",
    "KN THETHAO",
    "HUY",
    "HUY THETHAO",
    "HUY ALL",
    "N",
    "CHAN",
    "TK",
    "Y",
    "DK NHAC",
)
NUMBERS_OWN: Final = {kind.value: kind for kind in NumberChange}
PASSES_MS: Final = {
    "a blink": 1,
    "ten minutes": 10 * 60_000,
    "nearly six hours": 6 * HOUR_MS - 1,
    "six hours": 6 * HOUR_MS,
    "nearly twelve hours": 12 * HOUR_MS - 1,
    "twelve hours": 12 * HOUR_MS,
    "a day": 24 * HOUR_MS,
}
OTHERS: Final = (
    *("a price by date", "a cheaper one by date", "another policy", "no certificate"),
    *("a stop", "a stop of the service", "a stop, swept", "a stop and its end"),
    *("a death", "a resend", "another package", "a sale elsewhere", "an end elsewhere"),
    *("a failed text", "a guess", "three guesses", "a yes again", "no room", "what is due"),
)
OFFERED: Final = (*TERMS, *OTHERS[:4])
"""What changes the offer."""

DIALLED: Final = {"a dialled wish": "{}", "a dialled yes": "Y {}", "a dialled stop": "HUY {}"}
ANOTHER_SIM: Final = "another SIM"
HITCHES: Final = (ANOTHER_SIM, *OTHERS, *DIALLED, *TERMS, *SAID, *NUMBERS_OWN, *PASSES_MS)
TWO = st.sampled_from([("THETHAO", "NHAC"), ("NHAC", "THETHAO")])
HITCH = st.one_of(st.just(""), st.just(""), st.sampled_from(HITCHES))
"""What comes between two steps; mostly it is nothing."""


class Hindered(Market):
    """The market, and subscribers who are on their way when something comes between."""

    @rule(
        number=NUMBER,
        service=SOLD,
        hitches=st.tuples(HITCH, HITCH, HITCH, HITCH),
        money=st.sampled_from([*OUTCOMES, "delivered", "delivered"]),
        is_mended=st.sampled_from([True, True, False]),
        is_dialled=st.booleans(),
    )
    def goes_its_way(
        self,
        number: int,
        service: str,
        hitches: tuple[str, str, str, str],
        money: str,
        *,
        is_mended: bool,
        is_dialled: bool = False,
    ) -> None:
        """From the wish to the welcome, with up to four hitches."""
        if is_mended:
            self.mends(number)
        life, to = self.lives[number], "1579" if service == "GAME" else "9166"
        asked, answered, agreed, paid = hitches
        if is_dialled:
            self.submit(life.dialled(f"DK {service}", to))
        else:
            self.submit(life.message(f"DK {service}", to, str(self.ids.next(self.now_at))))
        self.comes_between(number, service, asked)
        self.clears(number)
        self.submit(life.outcome("prompt", "delivered"))
        self.comes_between(number, service, answered)
        self.submit(life.message(life.reply_to(service), to))
        self.comes_between(number, service, agreed)
        self.clears(number)
        self.submit(life.outcome("money", money))
        self.comes_between(number, service, paid)
        self.waits(10_000)
        self.claims_what_is_due()
        self.submit(life.outcome("money", "delivered"))
        self.submit(life.outcome("notice", "delivered"))

    @rule(number=NUMBER, service=SOLD, one=st.sampled_from(HITCHES), at_step=st.integers(0, 3))
    def meets_one_hitch(self, number: int, service: str, one: str, at_step: int) -> None:
        """All is well but for one thing."""
        hitches = tuple(one if step == at_step else "" for step in range(4))
        self.goes_its_way(number, service, hitches, "delivered", is_mended=True)

    @rule(number=NUMBER, service=SOLD, offer=st.sampled_from(OFFERED), is_kept=st.booleans())
    def agrees_to_another_offer(
        self, number: int, service: str, offer: str, *, is_kept: bool
    ) -> None:
        """What is sold changes between the prompt and the yes."""
        hitches = ("", offer, "", "a yes again" if is_kept else "")
        self.goes_its_way(number, service, hitches, "delivered", is_mended=True)

    @rule(
        number=NUMBER, services=TWO, one=st.sampled_from(HITCHES), money=st.sampled_from(OUTCOMES)
    )
    def changes_its_package(
        self, number: int, services: tuple[str, str], one: str, money: str
    ) -> None:
        """Two of a group, one after the other, and what is charged for them comes as it comes."""
        self.mends(number)
        for service in services:
            self.joins(number, service)
            self.comes_between(number, service, one)
            self.waits(1)
        self.submit(self.lives[number].outcome("money", money))
        self.claims_what_is_due()
        self.submit(self.lives[number].outcome("money", "delivered"))

    @rule(number=NUMBER, one=st.sampled_from(HITCHES), other=st.sampled_from(HITCHES))
    def has_it_and_meets_two(self, number: int, one: str, other: str) -> None:
        """What is on meets two things, and another wish."""
        self.mends(number)
        self.joins(number, "THETHAO")
        self.comes_between(number, "THETHAO", one)
        self.comes_between(number, "THETHAO", other)
        self.joins(number, "NHAC")

    def mends(self, number: int) -> None:
        """All is sold again as at first, nothing is stopped, and the number may ask and can pay."""
        self.lives[number].imsi = SIMS[0]
        self.certificates, self.dated, self.room = CERTIFICATES, (), 100
        self.sells(0)
        while self.stops:
            self.lets_it_go_on(0)
        self.sweeps_all()
        self.at(self.now_at + 24 * HOUR_MS)
        self.decides_what_is_due()
        self.changes(number, NumberChange.UNBARRED, 0)
        if self.last.after.line.standing in LEFT:
            self.changes(number, NumberChange.PORTED_IN, 0)
        for flag in Flag:
            self.is_flagged(number, flag, is_set=False)
        self.submit(AccountSet(self.ids.next(self.now_at), self.now_at, number, OPENING_MINOR))
        self.lives[number].ledger.balance_minor = OPENING_MINOR
        self.at(self.now_at + 1)

    def comes_between(self, number: int, service: str, hitch: str) -> None:
        """Have one thing happen."""
        if hitch in TERMS:
            self.sells(TERMS[hitch])
        elif hitch in SAID:
            id_ = str(self.ids.next(self.now_at))
            self.submit(self.lives[number].message(hitch, "9166", id_))
        elif hitch in DIALLED:
            self.submit(self.lives[number].dialled(DIALLED[hitch].format(service), "9166"))
        elif hitch == ANOTHER_SIM:
            self.lives[number].imsi = SIMS[1]
        elif hitch in NUMBERS_OWN:
            self.changes(number, NUMBERS_OWN[hitch], 0)
        elif hitch in PASSES_MS:
            self.at(self.now_at + PASSES_MS[hitch])
        elif hitch:
            self.is_done_by_others(number, service, hitch)

    def is_done_by_others(  # noqa: C901, PLR0912 - one line a hitch
        self, number: int, service: str, hitch: str
    ) -> None:
        """What the desk, other channels, the links or the machine do."""
        match hitch:
            case "a price by date":
                self.has_another_price_from(service, 1, 3_000)
                self.asks_what_is_on(number)
                self.at(self.now_at + 1)
            case "a cheaper one by date":
                self.has_another_price_from(service, 1, 1_000)
                self.asks_what_is_on(number)
                self.at(self.now_at + 1)
            case "another policy":
                self.has_another_policy_from(1)
                self.asks_what_is_on(number)
                self.at(self.now_at + 1)
            case "no certificate":
                self.has_its_certificate_end(0)
            case "a stop":
                self.stops_it(PARTNER)
            case "a stop of the service":
                self.stops_it((StopKind.SERVICE, "THETHAO"))
            case "a stop, swept":
                self.stops_it(PARTNER)
                self.sweeps_all()
            case "a stop and its end":
                self.stops_it(PARTNER)
                self.lets_it_go_on(0)
            case "a death":
                self.dies_and_starts_again()
            case "a resend":
                self.is_delivered_again(number)
            case "another package":
                self.joins(number, "NHAC" if service == "THETHAO" else "THETHAO")
            case "a sale elsewhere":
                self.is_asked_for_elsewhere(number, Channel.PARTNER, service)
            case "an end elsewhere":
                self.is_ended_elsewhere(number, 0, Channel.CARE)
            case "a failed text":
                self.is_reported_twice(number, 1)
            case "a guess":
                self.guesses(number, "4821", 1)
            case "three guesses":
                self.guesses(number, "4821", 3)
            case "a yes again":
                self.agrees_as_printed(number, service, 0)
            case "no room":
                self.has_room(0)
            case "what is due":
                self.goes_to_the_next_deadline()
            case _:
                raise AssertionError(hitch)


TestMarket = Hindered.TestCase
TestMarket.settings = settings(max_examples=50, stateful_step_count=30, deadline=None)


class HinderedAtLength(Hindered):
    """The same, for minutes."""


TestMarketAtLength = pytest.mark.soak(HinderedAtLength.TestCase)
TestMarketAtLength.settings = settings(TestMarket.settings, max_examples=2_000)
