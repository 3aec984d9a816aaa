"""Replies with a code: what is said of a missing one, and what a wrong one costs."""

from collections.abc import Sequence

from msgspec import structs

from twofold.decide.answers import about, reply
from twofold.decide.decision import Draft
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState
from twofold.domain.subscriber import Request


def ask_for_code(draft: Draft, request: Request) -> None:
    """A yes without the code confirms nothing; the code itself stands in the prompt alone."""
    draft.refuse(Reason.CODE_MISSING)
    draft.request_id = request.id
    service, language = (
        draft.rules.catalogue.services.get(request.service),
        draft.subscriber.language,
    )
    if service is None:
        text = draft.rules.texts.plain("not_on_air", language, code=request.service)
        return reply(draft, "not_on_air", text, request.short_code)
    text = draft.rules.texts.about("confirm_code", language, service, digits=digits_of(request))
    return reply(draft, "confirm_code", text, request.short_code)


def count_wrong(draft: Draft, requests: Sequence[Request]) -> None:
    """A wrong code counts against each request that it may have meant; too many end it."""
    draft.refuse(Reason.WRONG_CODE)
    tries = [tries_left(draft, request) - 1 for request in requests]
    for request, left in zip(requests, tries, strict=True):
        assert request.code is not None
        missed = structs.replace(
            request, code=structs.replace(request.code, wrong=request.code.wrong + 1)
        )
        if left > 0:
            draft.put_request(missed)
            draft.request_id = draft.request_id or request.id
        else:
            use_up(draft, missed)
    if any(left > 0 for left in tries):
        tell_tries_left(draft, requests[0], min(left for left in tries if left > 0))


def tries_left(draft: Draft, request: Request) -> int:
    """How many wrong codes the request still stands."""
    assert request.code is not None
    return draft.rules.policies[request.policy].code_max_wrong - request.code.wrong


def use_up(draft: Draft, request: Request) -> None:
    """The last try was wrong too: the request is over, and a new one has a new code."""
    draft.settle(request, RequestState.CANCELLED, Reason.CODES_USED_UP)
    service = draft.rules.catalogue.services.get(request.service)
    if service is not None:
        reply(draft, "code_used_up", about(draft, "code_used_up", service), request.short_code)


def tell_tries_left(draft: Draft, request: Request, left: int) -> None:
    """Say that the code was wrong and how often another may be."""
    text = draft.rules.texts.plain(
        "wrong_code",
        draft.subscriber.language,
        tries=str(left),
        digits=digits_of(request),
        short_code=request.short_code,
    )
    reply(draft, "wrong_code", text, request.short_code)


def digits_of(request: Request) -> str:
    """How long the code is, as texts say it."""
    assert request.code is not None
    return str(len(request.code.digits))
