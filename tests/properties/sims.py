"""Which SIM each wish came from as far as binds told, and what a yes from another one may not do.

This is a second account beside the engine's: it keeps whole IMSIs, and makes no mark of them.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct, field

from tests.unit.decide.example import POLICY
from twofold.decide import Decision
from twofold.domain.events import MessageReceived
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState
from twofold.domain.subscriber import Request, Subscriber

SIMS: Final = ("452010000000001", "452010000000002", "")
"""The first one, another, and a bind that tells none."""


class Sims(Struct):
    """Who asked, by request; empty where no bind told."""

    asked: dict[int, str] = field(default_factory=dict)
    not_before: dict[int, int] = field(default_factory=dict)
    """When what takes another request up again may be asked about."""

    def note(self, before: Subscriber, decision: Decision) -> None:
        """Learn from a decision, and hold it against what is known."""
        event = decision.event
        imsi = event.imsi if isinstance(event, MessageReceived) else ""
        at = event.effective_at if isinstance(event, MessageReceived) else event.at
        seen = [held for held in before.requests if not held.is_over(at)]
        if type(event) is MessageReceived and decision.reason is not Reason.RESENT:
            for request in seen:
                self.asked[request.id] = self.asked[request.id] or imsi
        self._hold_ended(decision, imsi)
        over = {held.request.id for held in decision.settled}
        others = [held for held in seen if held.id not in over]
        for request in decision.after.requests:
            if request.id not in self.asked:
                self._begin(request, decision, imsi, others)

    def may_agree(self, request_id: int, imsi: str) -> bool:
        """Whether a yes of this SIM counts; where either is not known, nothing is proved."""
        return "" in {imsi, self.asked[request_id]} or imsi == self.asked[request_id]

    def _hold_ended(self, decision: Decision, imsi: str) -> None:
        """A yes ends what another SIM asked for, and nothing else; it is taken up again once."""
        if not isinstance(decision.event, MessageReceived):
            return
        for over in decision.settled:
            if over.reason is Reason.SIM_CHANGED:
                assert not self.may_agree(over.request.id, imsi), "the same SIM is no change"
                keys = [order.key for order in decision.orders]
                again = [held for held in decision.after.requests if is_again(held, over.request)]
                assert len(again) == keys.count("asked_later")
                assert again or over.request.succeeds or "not_on_air" in keys

    def _begin(
        self, request: Request, decision: Decision, imsi: str, others: Sequence[Request]
    ) -> None:
        """A request began: by a SIM, by what it takes up, or by what the number's others know."""
        if request.succeeds:
            assert request.succeeds not in self.not_before, "it is taken up again only once"
            self.not_before[request.id] = decision.event.at + POLICY.sim_change_delay_ms
            self.asked[request.id] = imsi
            return
        taken_up = [
            self.asked[over.request.id]
            for over in decision.settled
            if over.request.state is RequestState.WITHDRAWN
            and over.request.service == request.service
        ]
        known = [self.asked[held.id] for held in reversed(others)]
        told = [one for one in (imsi, *taken_up, *known) if one]
        self.asked[request.id] = told[0] if told else ""


def is_again(request: Request, over: Request) -> bool:
    """Whether a request takes up another that a change of SIM ended."""
    return request.succeeds == over.id
