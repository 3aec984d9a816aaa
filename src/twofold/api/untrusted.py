"""Calls that claim to be the subscriber's reply: refused, kept in evidence, and alarmed.

The second yes is an SMS over our own bind.
No event that a call can make confirms anything, so nothing has to be kept out here: this is
where the attempt is noticed.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import APIRouter, Request

from twofold.access.tokens import Caller
from twofold.api.calling import TheCaller, TheDesk, decoded
from twofold.api.desk import Desk
from twofold.api.problems import Problem
from twofold.domain.events import ReplyClaimed
from twofold.domain.msisdn import parse_msisdn
from twofold.domain.reason import Reason

router = APIRouter(include_in_schema=False)

KEPT_BYTES: Final = 2_048

CLAIMING: Final = frozenset(
    {"code", "confirm", "confirmation", "confirmed", "consent", "event", "kind", "message", "mo"}
    | {"raw", "reply", "short_code", "state", "text", "type", "yes"}
)
"""Fields that no body has, and that only somebody who would speak for a subscriber sends."""


@router.post("/v1/confirmations")
@router.post("/v1/replies")
@router.post("/v1/messages")
async def confirm(request: Request, caller: TheCaller, desk: TheDesk) -> None:
    """Refuse what claims to be a reply."""
    await note(desk, caller, await request.body())
    raise Problem(Reason.UNTRUSTED_SOURCE)


@router.post("/v1/requests/{request_id}/confirm")
@router.post("/v1/requests/{request_id}/confirmation")
async def confirm_request(
    request: Request, caller: TheCaller, desk: TheDesk, request_id: str
) -> None:
    """Refuse what claims to be a reply to a request."""
    told = desk.reader.decided(desk.id_of(request_id))
    await note(desk, caller, await request.body(), 0 if told is None else told.msisdn)
    raise Problem(Reason.UNTRUSTED_SOURCE)


async def claims_a_reply(request: Request, errors: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether a body has a field that claims one, and take note of it."""
    caller = request.scope["state"].get("caller")
    claiming = any(
        error["type"] == "extra_forbidden" and str(error["loc"][-1]).lower() in CLAIMING
        for error in errors
    )
    if caller is None or not claiming:
        return False
    await note(request.app.state.desk, caller, await request.body())
    return True


async def note(desk: Desk, caller: Caller, body: bytes, msisdn: int = 0) -> None:
    """Keep the attempt in the evidence of the number that it names, and raise the alarm."""
    number = msisdn or number_in(body, desk.operator.country_code)
    if number:
        now_at = desk.now()
        raw = body[:KEPT_BYTES]
        await desk.note(
            ReplyClaimed(desk.next_id(), now_at, number, caller.channel, caller.partner, raw)
        )
    desk.alarm(caller.owner, Reason.UNTRUSTED_SOURCE, number)


def number_in(body: bytes, country_code: str) -> int:
    """The number that a body names; 0 where it names none."""
    try:
        said = decoded(body)
    except Problem:
        return 0
    named = said.get("msisdn") if isinstance(said, dict) else None
    return int(parse_msisdn(named, country_code) or 0) if isinstance(named, str) else 0
