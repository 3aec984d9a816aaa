"""`/api/v1/charges` and `/deliveries`: what a partner claims, which is nothing without a consent.

A charge is always refused: each period is charged by the platform.
A delivery is kept in evidence beside the subscription that it is for.
"""

from datetime import datetime
from typing import Final

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from twofold.access.tokens import Caller
from twofold.api.calling import (
    Body,
    Claiming,
    TheVisit,
    Visit,
    answered,
    problems,
    refused,
    respond,
)
from twofold.api.desk import Answer, Said
from twofold.api.problems import Fault
from twofold.api.views import EXAMPLE_ID
from twofold.domain.events import Claim, ServiceClaimed
from twofold.domain.ids import parse_reference, reference
from twofold.domain.reason import Reason

router = APIRouter(tags=["claims"])

MAX_AMOUNT_MINOR: Final = 10**12
NOBODYS: Final = 1
"""An id that no subscription has: what is named is none."""


REFUSAL = (
    "`CONSENT_REQUIRED`: this number has no active subscription of the partner's; the attempt is "
    "kept in evidence and raises an alarm."
)
_FAULTS = (Fault.KEY_MISSING, Fault.KEY_IN_PROGRESS, Fault.KEY_REUSED)


class ClaimBody(Body):
    """For whom, for what, and under which reference of the partner's."""

    msisdn: str = Field(min_length=1, max_length=24, examples=["84912345678"])
    service: str = Field(min_length=1, max_length=24, examples=["THETHAO"])
    reference: str = Field(
        min_length=1, max_length=80, description="The partner's own.", examples=["news-2026-03-01"]
    )
    subscription: str | None = Field(
        default=None,
        min_length=11,
        max_length=11,
        description="The subscription that it is for; refused if it is not the active one.",
        examples=[EXAMPLE_ID],
    )


class ChargeBody(ClaimBody):
    """What a partner would have charged."""

    amount_minor: int = Field(gt=0, le=MAX_AMOUNT_MINOR, examples=[2000])


class DeliveryView(BaseModel):
    """A delivery that was taken note of."""

    subscription: str = Field(examples=[EXAMPLE_ID])
    service: str
    reference: str
    noted_at: datetime


@router.post(
    "/v1/charges",
    status_code=409,
    response_class=Response,
    responses=problems(
        *_FAULTS,
        refusal=f"{REFUSAL}\n\n`PERIODS_CHARGED_HERE`: each period is charged by the platform.",
    ),
)
async def charge(caller: Claiming, visit: TheVisit, body: ChargeBody) -> Response:
    """Ask for money: never given, since each period is charged by the platform, once."""
    return await claimed(caller, visit, Claim.CHARGE, body, body.amount_minor)


@router.post(
    "/v1/deliveries",
    status_code=201,
    response_model=DeliveryView,
    responses=problems(*_FAULTS, refusal=REFUSAL),
)
async def deliver(caller: Claiming, visit: TheVisit, body: ClaimBody) -> Response:
    """Say that content is delivered: kept as evidence while the subscription is active."""
    return await claimed(caller, visit, Claim.DELIVERY, body)


async def claimed(
    caller: Caller, visit: Visit, claim: Claim, body: ClaimBody, amount_minor: int = 0
) -> Response:
    """Have a claim decided; one without a consent raises an alarm."""
    desk = visit.desk
    msisdn = desk.msisdn(body.msisdn)
    named = body.subscription
    subscription_id = 0 if named is None else parse_reference(named) or NOBODYS

    def event(id_: int, at: int) -> ServiceClaimed:
        return ServiceClaimed(
            *(id_, at, msisdn, caller.channel, caller.partner, claim),
            *(body.service, body.reference, subscription_id, amount_minor),
        )

    def answer(said: Said) -> Answer:
        if said.reason is None:
            return answered(
                201,
                DeliveryView(
                    subscription=reference(said.request_id),
                    service=body.service.upper(),
                    reference=body.reference,
                    noted_at=visit.see.time(desk.now()),
                ),
            )
        if said.reason is Reason.CONSENT_REQUIRED:
            desk.alarm(caller.owner, said.reason, msisdn)
        return refused(said.reason, visit.request_id)

    return respond(await desk.once(visit.call, event, answer))
