"""What a caller sees of a request and of the subscription that it became."""

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from twofold.api.desk import Desk
from twofold.domain.ids import reference
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState, SubscriptionState
from twofold.domain.subscriber import Channel, Request, Subscriber, Subscription
from twofold.domain.terms import Period
from twofold.store.looking import EndedRow, SettledRow

EXAMPLE_ID: Final = "1B7QK0FZ3M8"


class View(BaseModel):
    """Something that is shown."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(description="Opaque; a subscription has its request's.", examples=[EXAMPLE_ID])
    service: str = Field(description="The service's code.", examples=["THETHAO"])
    channel: Channel = Field(description="Where the first yes came from.")
    short_code: str = Field(examples=["9166"])
    price_minor: int = Field(description="A period's price, VAT included.", examples=[2000])
    currency: str = Field(description="ISO 4217, whose minor unit counts.", examples=["VND"])
    requested_at: datetime


class SubscriptionView(View):
    """A confirmed request."""

    state: SubscriptionState
    period: str = Field(description="ISO 8601.", examples=["P1D"])
    auto_renew: bool | None = Field(description="Null once it is over.")
    confirmed_at: datetime
    started_at: datetime | None
    renews_at: datetime | None
    ended_at: datetime | None
    reason: str | None = Field(description="Why it is suspended or ended.")


class RequestView(View):
    """The first yes, and what became of it."""

    state: RequestState
    deadline: datetime | None = Field(
        description="Until when a reply counts; null until the SMSC has accepted the prompt."
    )
    reason: str | None = Field(description="Why it was refused, or how it ended.")
    subscription: SubscriptionView | None = Field(description="Set once it is confirmed.")


class Viewer:
    """Shows what a desk can see, in the operator's own time."""

    def __init__(self, desk: Desk) -> None:
        """Look through `desk`."""
        self.desk = desk
        self._zone = ZoneInfo(desk.operator.time_zone)
        self._currency = desk.operator.currency

    def owner(self, request_id: int, after: Subscriber | None) -> tuple[str, RequestView] | None:
        """The partner of a request, and what is to be seen of it; `after` spares the reading."""
        live = self._live(request_id, after)
        if isinstance(live, Request):
            return live.partner, self.request(live)
        if isinstance(live, Subscription):
            return live.partner, self.confirmed(live)
        if (settled := self.desk.reader.settled(request_id)) is not None:
            return settled.partner, self._settled(settled)
        if (ended := self.desk.reader.ended(request_id)) is not None:
            return ended.partner, self._ended(ended)
        return None

    def request(self, held: Request) -> RequestView:
        """An open request; from its deadline on it is shown as what it will be."""
        is_over = held.is_over(self.desk.now())
        return RequestView(
            **self._basics(held, held.terms.price_minor),
            state=RequestState.EXPIRED if is_over else held.state,
            deadline=None if held.opened_at is None else self.time(held.deadline_at),
            reason=Reason.NO_CONFIRMATION.name if is_over else None,
            subscription=None,
        )

    def subscription(self, held: Subscription) -> SubscriptionView:
        """A live subscription."""
        return SubscriptionView(
            **self._basics(held, held.terms.price_minor),
            state=held.state,
            period=held.terms.period.iso,
            auto_renew=held.terms.auto_renew,
            confirmed_at=self.time(held.confirmed_at),
            started_at=self._maybe(held.started_at),
            renews_at=self._maybe(held.renews_at),
            ended_at=None,
            reason=None if held.reason is None else held.reason.name,
        )

    def confirmed(self, held: Subscription) -> RequestView:
        """The request that a live subscription was."""
        return self._became(self.subscription(held), held.opened_at, held.policy)

    def _became(self, shown: SubscriptionView, opened_at: int, policy_id: str) -> RequestView:
        policy = self.desk.rules.policies.get(policy_id)
        return RequestView(
            **shown.model_dump(include=set(View.model_fields)),
            state=RequestState.CONFIRMED,
            deadline=None if policy is None else self.time(opened_at + policy.window_ms),
            reason=None,
            subscription=shown,
        )

    def _settled(self, row: SettledRow) -> RequestView:
        return RequestView(
            **self._basics(row, row.price_minor),
            state=RequestState(row.state),
            deadline=None if row.opened_at is None else self.time(row.due_at),
            reason=None if row.reason is None else Reason(row.reason).name,
            subscription=None,
        )

    def _ended(self, row: EndedRow) -> RequestView:
        shown = SubscriptionView(
            **self._basics(row, row.price_minor),
            state=SubscriptionState.ENDED,
            period=Period(row.period_days).iso,
            auto_renew=None,
            confirmed_at=self.time(row.confirmed_at),
            started_at=self._maybe(row.started_at),
            renews_at=None,
            ended_at=self.time(row.ended_at),
            reason=Reason(row.reason).name,
        )
        return self._became(shown, row.opened_at, row.policy)

    def _live(self, request_id: int, after: Subscriber | None) -> Request | Subscription | None:
        """The open request or live subscription of an id; its first entry says whose it is."""
        if after is not None:
            return after.request(request_id) or after.subscription(request_id)
        told = self.desk.reader.decided(request_id)
        if told is None:
            return None
        live: list[Request | Subscription] = [
            *self.desk.reader.requests(told.msisdn),
            *self.desk.reader.subscriptions(told.msisdn),
        ]
        return next((held for held in live if held.id == request_id), None)

    def _basics(
        self, held: Request | Subscription | SettledRow | EndedRow, price_minor: int
    ) -> dict[str, Any]:
        """What is shown of anything, whether it is open, on or over."""
        return {
            "id": reference(held.id),
            "service": held.service,
            "channel": Channel(held.channel),
            "short_code": held.short_code,
            "price_minor": price_minor,
            "currency": self._currency,
            "requested_at": self.time(held.requested_at),
        }

    def time(self, at: int) -> datetime:
        """A time as it is shown."""
        return datetime.fromtimestamp(at / 1000, self._zone)

    def _maybe(self, at: int | None) -> datetime | None:
        return None if at is None else self.time(at)
