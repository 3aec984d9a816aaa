"""The one way in which a call ends something: a request, or the subscription that it became."""

from collections.abc import Callable

from fastapi import Response
from pydantic import BaseModel

from twofold.access.tokens import Caller
from twofold.api.calling import answered, respond
from twofold.api.desk import Answer, Call, Said
from twofold.api.problems import Fault, Problem
from twofold.api.views import RequestView, Viewer
from twofold.domain.events import CancelRequested


async def ended(
    target_id: int,
    caller: Caller,
    call: Call,
    see: Viewer,
    show: Callable[[RequestView], BaseModel],
) -> Response:
    """End what has that id, if the caller may see it, and show it as it is then."""
    found, told = see.owner(target_id, None), see.desk.reader.decided(target_id)
    if found is None or told is None or not caller.sees(found[0]):
        raise Problem(Fault.NOT_FOUND)

    def event(event_id: int, at: int) -> CancelRequested:
        return CancelRequested(event_id, at, told.msisdn, caller.channel, caller.partner, target_id)

    def answer(_: Said) -> Answer:
        after = see.owner(target_id, None)
        assert after is not None
        return answered(200, show(after[1]))

    return respond(await see.desk.once(call, event, answer))
