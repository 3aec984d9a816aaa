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
    problems,
)
from twofold.api.ending import ended
from twofold.api.problems import Fault, Problem
from twofold.api.views import EXAMPLE_ID, RequestView, SubscriptionView
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
    found = see.owner(target_id, None)
    if found is None or not found[1].subscription:
        raise Problem(Fault.NOT_FOUND)
    return await ended(target_id, caller, call, see, subscription_of)


def subscription_of(shown: RequestView) -> SubscriptionView:
    """What a confirmed request became."""
    assert shown.subscription is not None
    return shown.subscription
