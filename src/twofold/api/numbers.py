"""`/api/v1/numbers`: what the operator's own systems report of a number itself.

What happened to it (`events`), and what is so of it until they say otherwise (`flags`).
"""

from datetime import UTC, datetime
from enum import StrEnum
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
from twofold.api.desk import Answer, Desk, Said
from twofold.api.problems import Fault, Problem
from twofold.domain.events import NumberChanged, NumberFlagged
from twofold.domain.numbers import NumberChange
from twofold.domain.reason import Reason
from twofold.domain.subscriber import TOLD_FLAGS
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


HappenedAt = Annotated[
    AwareDatetime,
    BeforeValidator(written),
    Field(
        strict=False,
        description="When it happened (RFC 3339, with an offset).",
        examples=["2026-03-14T09:00:00+07:00"],
    ),
]


class NumberEventBody(Body):
    """One report; sent again, or too late, it changes nothing."""

    msisdn: str = Field(min_length=1, max_length=24, examples=["84912345678"])
    kind: NumberChange = Field(strict=False, examples=["recycled"])
    at: HappenedAt


class NumberEventView(BaseModel):
    """What a report did."""

    kind: NumberChange
    effect: bool = Field(description="False where it was known before, or something later was.")


class NumberFlag(StrEnum):
    """What the operator's systems may say of a number."""

    CHILD_LINE = "child_line"
    """The contract is for a child."""
    PARENTAL_LOCK = "parental_lock"
    """A parent has locked it for what costs something."""
    DO_NOT_CALL = "do_not_call"
    """It is on the national do-not-call register."""


NOT_TOLD: Final = {
    "blocked": "is the subscriber's own: CHAN by SMS shuts the number, MO opens it, nothing else",
    "no_sms": "is seen from receipts: a text of the number, or one that arrives, lifts it",
}
"""What else is known of a number, and why no call sets it."""


def told(value: object) -> object:
    """Say whose a flag is that is not the operator's."""
    if isinstance(value, str) and value in NOT_TOLD:
        raise ValueError(f"{value} {NOT_TOLD[value]}")
    return value


class NumberFlagBody(Body):
    """One flag, set or lifted; sent again, or too late, it changes nothing."""

    msisdn: str = Field(min_length=1, max_length=24, examples=["84912345678"])
    flag: Annotated[
        NumberFlag, Field(strict=False, examples=["do_not_call"]), BeforeValidator(told)
    ]
    is_set: bool = Field(alias="set", description="False lifts it.", examples=[True])
    at: HappenedAt


class NumberFlagView(BaseModel):
    """What a report did."""

    flag: NumberFlag
    effect: bool = Field(description="False where it was so already, or something later is known.")


ONCE: Final = problems(
    Fault.KEY_MISSING, Fault.KEY_IN_PROGRESS, Fault.KEY_REUSED, Fault.INVALID_FIELDS
)


@router.post("/v1/numbers/events", responses=ONCE, response_model=NumberEventView)
async def report(
    _caller: TellingOfNumbers, call: TheCall, body: NumberEventBody, desk: TheDesk
) -> Response:
    """Report that a number changed hands, network or SIM, or was barred or given up."""
    msisdn, happened_at = desk.msisdn(body.msisdn), come(desk, body.at)

    def event(id_: int, at: int) -> NumberChanged:
        more_ids = tuple(desk.next_id() for _ in range(MORE_IDS))
        return NumberChanged(id_, at, msisdn, body.kind, happened_at, more_ids)

    def answer(said: Said) -> Answer:
        effect = said.reason is not Reason.SETTLED_BEFORE
        return answered(200, NumberEventView(kind=body.kind, effect=effect))

    return respond(await desk.once(call, event, answer))


FLAGS: Final = {NumberFlag((flag.name or "").lower()): flag for flag in TOLD_FLAGS}


@router.post("/v1/numbers/flags", responses=ONCE, response_model=NumberFlagView)
async def say_of_number(
    _caller: TellingOfNumbers, call: TheCall, body: NumberFlagBody, desk: TheDesk
) -> Response:
    """Say that a number is a child's, is locked by a parent or is on the do-not-call register."""
    msisdn, happened_at = desk.msisdn(body.msisdn), come(desk, body.at)

    def event(id_: int, at: int) -> NumberFlagged:
        return NumberFlagged(id_, at, msisdn, FLAGS[body.flag], body.is_set, happened_at)

    def answer(said: Said) -> Answer:
        effect = said.reason is not Reason.SETTLED_BEFORE
        return answered(200, NumberFlagView(flag=body.flag, effect=effect))

    return respond(await desk.once(call, event, answer))


def come(desk: Desk, at: datetime) -> int:
    """A time in ms UTC; raises the problem of one that is still to come."""
    happened_at = int(at.astimezone(UTC).timestamp() * 1000)
    if not 0 < happened_at <= desk.now() + AHEAD_MS:
        says = {"pointer": "/at", "detail": "must be a time that has come"}
        raise Problem(Fault.INVALID_FIELDS, errors=[says])
    return happened_at
