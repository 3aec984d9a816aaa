"""The application under `/api`: its endpoints, its problems and its description."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from typing import Any, Final

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount

from twofold.api import claims, explanations, numbers, requests, subscriptions, untrusted
from twofold.api.calling import KEY_SAYS, FieldError, ProblemView, decoded
from twofold.api.desk import Desk
from twofold.api.guard import BadTokens, Counts, Guard
from twofold.api.problems import Fault, Problem
from twofold.api.views import Viewer
from twofold.domain.ids import reference
from twofold.domain.reason import Reason
from twofold.store.errors import StoreError

ROOT: Final = "/api"

ROUTERS: Final[tuple[APIRouter, ...]] = (
    requests.router,
    subscriptions.router,
    claims.router,
    numbers.router,
    untrusted.router,
    explanations.router,
)
"""Every endpoint."""

ABOUT: Final = """\
Every call becomes an event, and its answer is what was decided.
Nothing here can confirm: the second yes is the subscriber's own SMS.
Calls that change something take an `Idempotency-Key` and may be sent again with it."""

UNDER: Final = re.compile(f"^{ROOT}/(?P<path>.*)$", re.DOTALL)
"""Starlette's own would let a path with a line break escape to whatever answers beside the API."""

REFERENCE: Final = "#/components/schemas/{model}"

SHARED: Final = (FieldError, ProblemView)
"""Shapes of answers that no endpoint returns as its own."""

STATUS_FAULTS: Final = {
    400: Fault.INVALID_REQUEST,
    404: Fault.NOT_FOUND,
    405: Fault.METHOD_NOT_ALLOWED,
}


def api_routes(desk: Desk, counts: Counts, machine_now: Callable[[], int]) -> list[BaseRoute]:
    """The API of one engine; `counts` is told how calls went.

    `machine_now` is the time of the machine, ms UTC, which nobody moves: tokens end by it.
    """
    app = FastAPI(
        title="Twofold",
        version=version("twofold"),
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.desk = desk
    app.state.machine_now = machine_now
    app.state.viewer = Viewer(desk)
    app.state.bad_tokens = BadTokens(asyncio.get_running_loop().time)
    for router in ROUTERS:
        app.include_router(router)
    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http_exception)
    app.add_exception_handler(Exception, on_failure)
    document = JSONResponse(description(app))

    async def openapi(_: Request) -> Response:
        return document

    app.add_route("/openapi.json", openapi, methods=["GET"], include_in_schema=False)
    mount = Mount(ROOT, Guard(app, lambda: reference(desk.next_id()), counts))
    mount.path_regex = UNDER
    return [mount]


def description(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 document, with the paths as they are called from outside."""
    schema = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    schema["paths"] = {ROOT + path: item for path, item in schema["paths"].items()}
    schema["components"]["schemas"] |= {
        model.__name__: model.model_json_schema(ref_template=REFERENCE) for model in SHARED
    }
    return schema


async def on_problem(request: Request, error: Exception) -> Response:
    """Answer with a problem."""
    assert isinstance(error, Problem)
    return error.answer(request.state.request_id)


async def on_invalid(request: Request, error: Exception) -> JSONResponse:
    """Tell all that is wrong with a call at once; what was sent is not repeated."""
    assert isinstance(error, RequestValidationError)
    faults = error.errors()
    if await untrusted.claims_a_reply(request, faults):
        return Problem(Reason.UNTRUSTED_SOURCE).answer(request.state.request_id)
    return (await described(request, faults)).answer(request.state.request_id)


async def described(request: Request, faults: Sequence[Mapping[str, Any]]) -> Problem:
    """The problem of a call that does not fit what its endpoint takes."""
    of_body = [one for one in faults if one["loc"][0] != "header"]
    if any(one["type"] == "json_invalid" for one in of_body):
        return Problem(Fault.INVALID_REQUEST, "The body is no JSON (RFC 8259).")
    body = await request.body()
    if of_body and body and not is_json(request):
        return Problem(Fault.BODY_NOT_JSON)
    errors = [{"pointer": pointer(one["loc"]), "detail": str(one["msg"])} for one in of_body[:20]]
    errors += unread_number(request.app.state.desk, body, errors)
    if len(of_body) == len(faults):
        return Problem(Fault.INVALID_FIELDS, errors=errors)
    key = {"header": "Idempotency-Key", "detail": KEY_SAYS}
    return Problem(Fault.INVALID_FIELDS if errors else Fault.KEY_MISSING, errors=[*errors, key])


def is_json(request: Request) -> bool:
    """Say whether a call says that its body is JSON."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return media_type == "application/json" or media_type.endswith("+json")


def unread_number(
    desk: Desk, body: bytes, errors: Sequence[Mapping[str, str]]
) -> list[dict[str, str]]:
    """What is wrong with the number that a body names, where nothing else is said of it yet."""
    said = decoded(body) if body else None
    named = said.get("msisdn") if isinstance(said, dict) else None
    if not isinstance(named, str) or any(one["pointer"] == "/msisdn" for one in errors):
        return []
    try:
        desk.msisdn(named)
    except Problem as problem:
        return list(problem.body["errors"])
    return []


def pointer(location: tuple[Any, ...]) -> str:
    """A JSON pointer (RFC 6901) to a field of the body."""
    steps = [str(step).replace("~", "~0").replace("/", "~1") for step in location[1:]]
    return "".join(f"/{step[:64]}" for step in steps)


async def on_http_exception(request: Request, error: Exception) -> JSONResponse:
    """Answer what the framework refuses in our one shape."""
    assert isinstance(error, HTTPException)
    kind = STATUS_FAULTS.get(error.status_code, Fault.INVALID_REQUEST)
    detail = {
        Fault.NOT_FOUND: f"No such path: {ROOT}/openapi.json describes those that there are.",
        Fault.METHOD_NOT_ALLOWED: f"Here it is {(error.headers or {}).get('Allow', 'another')}.",
    }.get(kind, "")
    return Problem(kind, detail, headers=error.headers).answer(request.state.request_id)


async def on_failure(request: Request, error: Exception) -> JSONResponse:
    """Answer a fault of ours, or of the store; the guard around the application tells the log."""
    kind = Fault.AWAY if isinstance(error, StoreError) else Fault.INTERNAL
    return Problem(kind).answer(request.state.request_id)
