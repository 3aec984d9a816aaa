"""`/api/v1/requests`: the first yes that a channel brings, and what became of it."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import ConfigDict, Field

from twofold.api import untrusted
from twofold.api.calling import (
    Asking,
    Body,
    Ending,
    Looking,
    TheCall,
    TheDesk,
    TheViewer,
    answered,
    problems,
    refused,
    respond,
)
from twofold.api.desk import Answer, Said
from twofold.api.ending import ended
from twofold.api.problems import Fault, Problem
from twofold.api.views import EXAMPLE_ID, RequestView
from twofold.domain.events import Proof, ProofKind, Requested
from twofold.domain.reason import Reason
from twofold.domain.subscriber import Channel

router = APIRouter(tags=["requests"])

Id = Annotated[str, Path(description="The request's id.", examples=[EXAMPLE_ID])]


class Language(StrEnum):
    """The languages that a prompt is written in."""

    VI = "vi"
    EN = "en"


class ProofBody(Body):
    """The channel's own trace of the first yes; it is kept as evidence and confirms nothing."""

    kind: ProofKind = Field(strict=False)
    ref: str = Field(min_length=1, max_length=200, examples=["s-20260301-77"])


class RequestBody(Body):
    """A wish for a service, in a subscriber's name."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "msisdn": "84912345678",
                    "service": "THETHAO",
                    "channel": "partner",
                    "proof": {"kind": "session", "ref": "s-20260301-77"},
                }
            ]
        }
    )

    msisdn: str = Field(min_length=1, max_length=24, examples=["84912345678"])
    service: str = Field(
        min_length=1, max_length=24, description="A code or an alias.", examples=["THETHAO"]
    )
    channel: Channel = Field(
        strict=False, description="Bound to the token's role.", examples=["partner"]
    )
    language: Language | None = Field(
        default=None, strict=False, description="Of the prompt; the subscriber's if absent."
    )
    proof: ProofBody | None = None


@router.post(
    "/v1/requests",
    status_code=201,
    responses={
        200: {"model": RequestView, "description": "One is open already: the same id."},
        **problems(
            Fault.KEY_MISSING,
            Fault.KEY_IN_PROGRESS,
            Fault.KEY_REUSED,
            refusal="The core refuses; `type` ends in the reason.",
        ),
    },
    response_model=RequestView,
)
async def ask(
    request: Request,
    caller: Asking,
    call: TheCall,
    body: RequestBody,
    desk: TheDesk,
    see: TheViewer,
) -> Response:
    """Ask for a service: the subscriber gets the prompt, and nothing starts without their reply."""
    if body.channel is Channel.SMS:
        await untrusted.note(desk, caller, await request.body())
        raise Problem(Reason.UNTRUSTED_SOURCE)
    if not caller.speaks_for(body.channel):
        raise Problem(Fault.FORBIDDEN, "The token's role does not speak for this channel.")
    msisdn = desk.msisdn(body.msisdn)
    proof = None if body.proof is None else Proof(body.proof.kind, body.proof.ref)
    language = None if body.language is None else body.language.value

    def event(id_: int, at: int) -> Requested:
        return Requested(
            *(id_, at, msisdn, body.channel, caller.partner, body.service, language, proof)
        )

    def answer(said: Said) -> Answer:
        found = see.owner(said.request_id, said.after) if said.request_id else None
        shown = found[1] if found is not None and caller.sees(found[0]) else None
        if said.reason in {None, Reason.REQUEST_OPEN} and shown is not None:
            return answered(201 if said.reason is None else 200, shown)
        assert said.reason is not None
        if said.reason is Reason.SUBSCRIBER_RATE_LIMIT:
            desk.alarm(caller.owner, said.reason, msisdn)
        return refused(said.reason, request.state.request_id, shown)

    return respond(await desk.once(call, event, answer))


@router.get(
    "/v1/requests/{request_id}",
    responses=problems(Fault.NOT_FOUND),
)
async def see_request(
    caller: Looking, request_id: Id, desk: TheDesk, see: TheViewer
) -> RequestView:
    """See what became of a request."""
    found = see.owner(desk.id_of(request_id), None)
    if found is None or not caller.sees(found[0]):
        raise Problem(Fault.NOT_FOUND)
    return found[1]


@router.post(
    "/v1/requests/{request_id}/cancel",
    responses=problems(Fault.KEY_MISSING, Fault.KEY_IN_PROGRESS, Fault.KEY_REUSED, Fault.NOT_FOUND),
    response_model=RequestView,
)
async def cancel_request(
    caller: Ending,
    call: TheCall,
    request_id: Id,
    desk: TheDesk,
    see: TheViewer,
) -> Response:
    """End a request, or the subscription that it became; what is over stays as it is."""
    return await ended(desk.id_of(request_id), caller, call, see, lambda shown: shown)
