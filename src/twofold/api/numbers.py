"""`/api/v1/numbers/events`: what the operator's own systems report of a number itself."""

from datetime import UTC
from typing import Annotated, Final

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field

from twofold.api.calling import (
    Body,
    TellingOfNumbers,
    TheCall,
    TheDesk,
    answered,
    problems,
    respond,
)
from twofold.api.desk import Answer, Said
from twofold.api.problems import Fault, Problem
from twofold.domain.events import NumberChanged
from twofold.domain.numbers import NumberChange
from twofold.domain.reason import Reason
from twofold.domain.terms import MINUTE_MS

router = APIRouter(tags=["numbers"])

AHEAD_MS: Final = 5 * MINUTE_MS
"""What another system's clock may be ahead of ours."""

MORE_IDS: Final = 7
"""Requests that a change of SIM may have asked anew, besides the first."""


def written(value: object) -> object:
    """Take a time as text alone: a number could be seconds or milliseconds."""
    if not isinstance(value, str):
        raise ValueError("must be a time such as 2026-03-14T09:00:00+07:00")  # noqa: TRY004 - pydantic's way
    return value


class NumberEventBody(Body):
    """One report; sent again, or too late, it changes nothing."""

    msisdn: str = Field(min_length=1, max_length=24, examples=["84912345678"])
    kind: NumberChange = Field(strict=False, examples=["recycled"])
    at: Annotated[
        AwareDatetime,
        BeforeValidator(written),
        Field(
            strict=False,
            description="When it happened (RFC 3339, with an offset).",
            examples=["2026-03-14T09:00:00+07:00"],
        ),
    ]


class NumberEventView(BaseModel):
    """What a report did."""

    kind: NumberChange
    effect: bool = Field(description="False where it was known before, or something later was.")


@router.post(
    "/v1/numbers/events",
    responses=problems(
        Fault.KEY_MISSING, Fault.KEY_IN_PROGRESS, Fault.KEY_REUSED, Fault.INVALID_FIELDS
    ),
    response_model=NumberEventView,
)
async def report(
    _caller: TellingOfNumbers, call: TheCall, body: NumberEventBody, desk: TheDesk
) -> Response:
    """Report that a number changed hands, network or SIM, or was barred or given up."""
    msisdn = desk.msisdn(body.msisdn)
    happened_at = int(body.at.astimezone(UTC).timestamp() * 1000)
    if not 0 < happened_at <= desk.now() + AHEAD_MS:
        says = {"pointer": "/at", "detail": "must be a time that has come"}
        raise Problem(Fault.INVALID_FIELDS, errors=[says])

    def event(id_: int, at: int) -> NumberChanged:
        more_ids = tuple(desk.next_id() for _ in range(MORE_IDS))
        return NumberChanged(id_, at, msisdn, body.kind, happened_at, more_ids)

    def answer(said: Said) -> Answer:
        effect = said.reason is not Reason.SETTLED_BEFORE
        return answered(200, NumberEventView(kind=body.kind, effect=effect))

    return respond(await desk.once(call, event, answer))
