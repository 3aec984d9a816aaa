"""What every endpoint needs of a call: the desk, who calls, and what makes it the same call again.

Dependencies are coroutines: FastAPI would run anything else in a thread.
"""

from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from typing import Annotated, Any, Final, cast

import msgspec
from fastapi import Depends, Header, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from msgspec import Struct
from pydantic import BaseModel, ConfigDict, Field

from twofold.access.tokens import Caller, NoCaller, Power, find_caller
from twofold.api.desk import Answer, Call, Desk
from twofold.api.problems import FAULTS, MEDIA_TYPE, Fault, Problem
from twofold.api.views import Viewer
from twofold.domain.reason import Reason

KEY: Final = r'^"?[\x21\x23-\x7e]{1,255}"?$'
"""The draft sends a quoted string; without the quotes it is taken as well."""

KEY_SAYS: Final = "must have 1 to 255 visible ASCII characters, your own for each call"


class Body(BaseModel):
    """What a call may say: nothing unknown, nothing of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class FieldError(BaseModel):
    """What is wrong with one field of the body, or with a header."""

    pointer: str | None = Field(
        default=None, description="A JSON pointer into the body.", examples=["/msisdn"]
    )
    header: str | None = Field(default=None, examples=["Idempotency-Key"])
    detail: str = Field(examples=["must be a phone number"])


class ProblemView(BaseModel):
    """RFC 9457."""

    type: str = Field(
        description="Ends in the name of the reason.", examples=["/api/problems/ALREADY_ACTIVE"]
    )
    title: str
    status: int = Field(examples=[409])
    detail: str | None = None
    errors: list[FieldError] | None = None
    request_id: str = Field(description="By which the log finds the call.")
    request: dict[str, Any] | None = Field(default=None, description="What it is about.")


ANYWHERE: Final = (
    *(Fault.INVALID_REQUEST, Fault.INVALID_FIELDS, Fault.UNAUTHENTICATED, Fault.FORBIDDEN),
    *(Fault.BODY_TOO_SLOW, Fault.BODY_TOO_LARGE, Fault.BODY_NOT_JSON),
    *(Fault.TOO_MANY_BAD_TOKENS, Fault.INTERNAL, Fault.AWAY),
)
"""Problems that any endpoint may have."""


def problems(*kinds: Fault, refusal: str = "") -> dict[int | str, dict[str, Any]]:
    """Describe the problems of an endpoint; `refusal` says when the core refuses."""
    said: dict[int, list[str]] = {}
    for kind in dict.fromkeys((*kinds, *ANYWHERE)):
        said.setdefault(FAULTS[kind].status, []).append(f"`{kind}`: {FAULTS[kind].title}")
    if refusal:
        said.setdefault(409, []).insert(0, refusal)
    schema = {"$ref": "#/components/schemas/ProblemView"}
    return {
        status: {"description": "\n\n".join(lines), "content": {MEDIA_TYPE: {"schema": schema}}}
        for status, lines in sorted(said.items())
    }


async def desk_of(request: Request) -> Desk:
    """The desk that the application was made with."""
    return cast("Desk", request.app.state.desk)


async def viewer_of(request: Request) -> Viewer:
    """The viewer that the application was made with."""
    return cast("Viewer", request.app.state.viewer)


TheDesk = Annotated[Desk, Depends(desk_of)]
TheViewer = Annotated[Viewer, Depends(viewer_of)]

_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="Made by `twofold token create`; its role says what may be done with it.",
)


async def caller_of(
    request: Request,
    desk: TheDesk,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Caller:
    """Who calls; raises the problem of a token that is none."""
    caller: Caller | NoCaller = NoCaller.UNKNOWN
    if given is not None:
        now_at = request.app.state.machine_now()
        caller = await find_caller(desk.callers, given.credentials, now_at)
    if isinstance(caller, NoCaller):
        address = request.client.host if request.client else ""
        request.app.state.bad_tokens.note(address)
        raise Problem(Fault.UNAUTHENTICATED, caller.value)
    request.scope["state"]["caller"] = caller
    return caller


TheCaller = Annotated[Caller, Depends(caller_of)]


def may(power: Power) -> Callable[..., Awaitable[Caller]]:
    """A dependency that gives the caller where its role has a power."""

    async def allowed(caller: TheCaller) -> Caller:
        if not caller.may(power):
            raise Problem(Fault.FORBIDDEN)
        return caller

    return allowed


Asking = Annotated[Caller, Depends(may(Power.ASK))]
Looking = Annotated[Caller, Depends(may(Power.LOOK))]
Ending = Annotated[Caller, Depends(may(Power.END))]
Claiming = Annotated[Caller, Depends(may(Power.CLAIM))]
TellingOfNumbers = Annotated[Caller, Depends(may(Power.TELL_OF_NUMBERS))]


async def call_of(
    request: Request,
    caller: TheCaller,
    key: Annotated[
        str,
        Header(
            alias="Idempotency-Key",
            pattern=KEY,
            description="Makes it the same call however often it is sent, for a day.",
            examples=["8e03978e-40d5-43dd-bc93-6894a57f9324"],
        ),
    ],
) -> Call:
    """The call as it is known again: its owner, its key, and the hash of what it asks for."""
    body = await request.body()
    said = msgspec.json.encode(decoded(body) if body else None, order="sorted")
    digest = sha256(f"{request.method} {request.url.path}\n".encode() + said).digest()
    return Call(caller.owner, key.strip('"'), digest)


def decoded(body: bytes) -> Any:  # noqa: ANN401 - JSON of any shape
    """Read a body; raises the problem of one that is no JSON, or is nested absurdly."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Problem(Fault.INVALID_REQUEST, "The body is no JSON (RFC 8259).") from None


TheCall = Annotated[Call, Depends(call_of)]


class Visit(Struct, frozen=True):
    """All of that at once, for an endpoint that changes something."""

    desk: Desk
    see: Viewer
    call: Call
    request_id: str


async def visit_of(request: Request, desk: TheDesk, see: TheViewer, call: TheCall) -> Visit:
    """What an endpoint that changes something works with."""
    return Visit(desk, see, call, request.state.request_id)


TheVisit = Annotated[Visit, Depends(visit_of)]


def answered(status: int, body: BaseModel) -> Answer:
    """An answer that shows something."""
    return Answer(status, body.model_dump_json().encode())


def refused(reason: Reason, request_id: str, shown: BaseModel | None = None) -> Answer:
    """An answer that says why the core refused, and what that is about."""
    more: Mapping[str, Any] = {} if shown is None else {"request": shown.model_dump(mode="json")}
    problem = Problem(reason, **more)
    return Answer(problem.status, bytes(problem.answer(request_id).body))


def respond(answer: Answer) -> Response:
    """Send an answer, fresh or kept."""
    is_problem = answer.status >= FAULTS[Fault.INVALID_REQUEST].status
    media_type = MEDIA_TYPE if is_problem else "application/json"
    return Response(answer.body, answer.status, media_type=media_type)
