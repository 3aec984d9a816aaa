"""`/api/v1/subscriptions`: what a number has, and how to end it."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from twofold.api.calling import (
    Body,
    Ending,
    Looking,
    TheCall,
    TheDesk,
    TheViewer,
    answered,
    problems,
    respond,
)
from twofold.api.desk import Answer, Said
from twofold.api.problems import Fault, Problem
from twofold.api.views import EXAMPLE_ID, RequestView, SubscriptionView
from twofold.domain.events import CancelRequested
from twofold.domain.states import OPEN_REQUEST

router = APIRouter(tags=["subscriptions"])

Id = Annotated[str, Path(description="The subscription's id.", examples=[EXAMPLE_ID])]


class SearchBody(Body):
    """Whose services to look for; a number never stands in a URL."""

    msisdn: str = Field(min_length=1, max_length=24, examples=["84912345678"])


class Found(BaseModel):
    """All that a number has, oldest first; a partner sees its own."""

    subscriptions: list[SubscriptionView]
    pending: list[RequestView] = Field(description="Requests that are open.")


@router.post(
    "/v1/subscriptions/search",
    responses=problems(),
)
async def search(caller: Looking, body: SearchBody, desk: TheDesk, see: TheViewer) -> Found:
    """Look up what is on and what waits: the same as `TK` tells."""
    msisdn = desk.msisdn(body.msisdn)
    requests = [
        see.request(held) for held in desk.reader.requests(msisdn) if caller.sees(held.partner)
    ]
    return Found(
        subscriptions=[
            see.subscription(held)
            for held in desk.reader.subscriptions(msisdn)
            if caller.sees(held.partner)
        ],
        pending=[shown for shown in requests if shown.state in OPEN_REQUEST],
    )


@router.post(
    "/v1/subscriptions/{subscription_id}/cancel",
    responses=problems(Fault.KEY_MISSING, Fault.KEY_IN_PROGRESS, Fault.KEY_REUSED, Fault.NOT_FOUND),
    response_model=SubscriptionView,
)
async def cancel(
    caller: Ending,
    call: TheCall,
    subscription_id: Id,
    desk: TheDesk,
    see: TheViewer,
) -> Response:
    """End a subscription at once; the subscriber is told by SMS, and is charged no more."""
    target_id = desk.id_of(subscription_id)
    found, told = see.owner(target_id, None), desk.reader.decided(target_id)
    if found is None or told is None or not caller.sees(found[0]) or not found[1].subscription:
        raise Problem(Fault.NOT_FOUND)

    def event(event_id: int, at: int) -> CancelRequested:
        return CancelRequested(event_id, at, told.msisdn, caller.channel, caller.partner, target_id)

    def answer(_: Said) -> Answer:
        after = see.owner(target_id, None)
        assert after is not None
        assert after[1].subscription is not None
        return answered(200, after[1].subscription)

    return respond(await desk.once(call, event, answer))
