"""What went wrong, as RFC 9457 problems: one shape for all that is not done.

The `type` ends in the name of a `Reason`, where the core refused, or of a `Fault`, where the call
did not come so far.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct
from starlette.responses import JSONResponse

from twofold.domain.reason import EXPLANATIONS, Reason, problem_type

MEDIA_TYPE: Final = "application/problem+json"
PATH: Final = "/api/problems/"
"""Where each type is explained."""


class Fault(StrEnum):
    """Why a call did not come as far as a decision."""

    INVALID_REQUEST = "INVALID_REQUEST"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    KEY_MISSING = "KEY_MISSING"
    KEY_IN_PROGRESS = "KEY_IN_PROGRESS"
    KEY_REUSED = "KEY_REUSED"
    BODY_TOO_SLOW = "BODY_TOO_SLOW"
    BODY_TOO_LARGE = "BODY_TOO_LARGE"
    BODY_NOT_JSON = "BODY_NOT_JSON"
    INVALID_FIELDS = "INVALID_FIELDS"
    TOO_MANY_BAD_TOKENS = "TOO_MANY_BAD_TOKENS"
    INTERNAL = "INTERNAL"
    AWAY = "AWAY"


class Meaning(Struct, frozen=True):
    """The status of a fault, and what it says."""

    status: int
    title: str


F = Fault

FAULTS: Final[Mapping[Fault, Meaning]] = {
    F.INVALID_REQUEST: Meaning(400, "The request cannot be read."),
    F.UNAUTHENTICATED: Meaning(401, "No valid token: send Authorization: Bearer TOKEN."),
    F.FORBIDDEN: Meaning(403, "The token's role may not do this."),
    F.NOT_FOUND: Meaning(404, "There is nothing here that this token may see."),
    F.METHOD_NOT_ALLOWED: Meaning(405, "The method is not offered here."),
    F.KEY_MISSING: Meaning(400, "The header Idempotency-Key is missing or malformed."),
    F.KEY_IN_PROGRESS: Meaning(409, "A call with this Idempotency-Key is still under way."),
    F.KEY_REUSED: Meaning(422, "This Idempotency-Key was used for another call."),
    F.BODY_TOO_SLOW: Meaning(408, "The body did not come whole in time."),
    F.BODY_TOO_LARGE: Meaning(413, "The body is longer than is taken."),
    F.BODY_NOT_JSON: Meaning(415, "A body is JSON: send Content-Type: application/json."),
    F.INVALID_FIELDS: Meaning(422, "A field is missing, unknown or malformed."),
    F.TOO_MANY_BAD_TOKENS: Meaning(429, "Too many calls without a valid token."),
    F.INTERNAL: Meaning(500, "A fault of ours; it is logged under the request id."),
    F.AWAY: Meaning(503, "Nothing can be decided at the moment: try again, with the same key."),
}

FORBIDDEN: Final = frozenset({Reason.NOT_OWN_SERVICE, Reason.UNTRUSTED_SOURCE})
"""Refusals for who asks, and not for how things stand."""

RETRY_S: Final = 2


class Problem(Exception):
    """A call that is not done."""

    def __init__(
        self,
        kind: Fault | Reason,
        detail: str = "",
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        **more: Any,  # noqa: ANN401 - members of the problem
    ) -> None:
        """Say what went wrong; `errors` names fields, `more` are further members."""
        super().__init__(kind.name)
        self.kind = kind
        self.headers = dict(headers or {})
        self.body = describe(kind, detail, errors) | more

    @property
    def status(self) -> int:
        """The status code."""
        return int(self.body["status"])

    def answer(self, request_id: str) -> JSONResponse:
        """The response."""
        if self.kind is Fault.UNAUTHENTICATED:
            self.headers["WWW-Authenticate"] = 'Bearer realm="twofold"'
        if self.kind is Fault.BODY_TOO_SLOW:
            self.headers["Connection"] = "close"
        if self.kind in {Fault.AWAY, Fault.KEY_IN_PROGRESS, Fault.TOO_MANY_BAD_TOKENS}:
            self.headers["Retry-After"] = str(RETRY_S)
        return JSONResponse(
            self.body | {"request_id": request_id},
            self.status,
            headers=self.headers,
            media_type=MEDIA_TYPE,
        )


def describe(
    kind: Fault | Reason, detail: str, errors: Sequence[Mapping[str, str]]
) -> dict[str, Any]:
    """The members of a problem."""
    if isinstance(kind, Fault):
        name, status, title = kind.value, FAULTS[kind].status, FAULTS[kind].title
    else:
        name, title = problem_type(kind), EXPLANATIONS[kind].doc
        status = 403 if kind in FORBIDDEN else 409
    body: dict[str, Any] = {"type": PATH + name, "title": title, "status": status}
    if detail:
        body["detail"] = detail
    if errors:
        body["errors"] = list(errors)
    return body
