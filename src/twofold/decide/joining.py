"""The first yes, through whatever channel: it opens a request, and the subscriber is asked.

A subscriber's own `DK` and a request that another channel brings are one path, and no channel
skips the prompt.
A `DK` that is refused is answered by a text.
Another channel hears the reason, and shows it: the subscriber, who may know of nothing, hears
nothing.
"""

from msgspec import Struct, structs

from twofold.decide.answers import about, hint, on_not_understood, reply
from twofold.decide.checking import check_request
from twofold.decide.confirming import withdraw
from twofold.decide.decision import Draft
from twofold.decide.guards import guard, tell_guarded
from twofold.decide.modes import in_its_mode
from twofold.decide.packages import replaced_by
from twofold.decide.prompting import order_prompt
from twofold.decide.sims import UNKNOWN, known_sim, mark_of
from twofold.decide.validity import (
    off_air,
    refusal_now,
    refused_standing,
    stopped,
    unfit_prompt,
)
from twofold.domain.catalogue import Service
from twofold.domain.events import MessageReceived, Proof, Requested
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState
from twofold.domain.subscriber import Channel, Copies, Request, Subscriber, Subscription
from twofold.domain.terms import DAY_MS


class Asking(Struct, frozen=True, gc=False):
    """How a wish came: all that guards and the request need to know of its channel."""

    channel: Channel
    requested_at: int
    language: str
    answered_from: str = ""
    """The short code that texts back come from; empty where the channel is told, and not the
    subscriber."""
    partner: str = ""
    """The partner that asks; empty for the subscriber and the operator."""
    proof: Proof | None = None
    sim: int = UNKNOWN
    """The SIM that asks; UNKNOWN where the channel knows none."""


def on_join(draft: Draft, event: MessageReceived, code: str) -> None:
    """A subscriber's own SMS asks for a service."""
    asking = Asking(
        Channel.SMS,
        event.effective_at,
        draft.subscriber.language,
        answered_from=event.short_code,
        sim=mark_of(draft.subscriber, event),
    )
    service = draft.rules.catalogue.find(code)
    if service is None:
        draft.refuse(Reason.UNKNOWN_SERVICE)
        return not_on_air(draft, asking, code)
    is_on = any(held.service == service.code for held in draft.subscriber.subscriptions)
    if service.short_code != event.short_code and not is_on:
        draft.refuse(Reason.WRONG_SHORT_CODE)
        return reply(
            draft, "wrong_short_code", about(draft, "wrong_short_code", service), event.short_code
        )
    return join(draft, asking, service)


def on_requested(draft: Draft, event: Requested) -> None:
    """Another channel asks for a service in the subscriber's name."""
    assert event.channel is not Channel.SMS, "an SMS is heard over our own bind alone"
    service = draft.rules.catalogue.find(event.service.upper())
    if service is None:
        return draft.refuse(Reason.UNKNOWN_SERVICE)
    if event.partner not in {"", service.partner}:
        return draft.refuse(Reason.NOT_OWN_SERVICE)
    if not int.__repr__(event.msisdn).startswith(draft.rules.operator.country_code):
        return draft.refuse(Reason.NUMBER_NOT_OURS)
    language = event.language or draft.subscriber.language
    asking = Asking(event.channel, event.at, language, partner=event.partner, proof=event.proof)
    return join(draft, asking, service)


def join(draft: Draft, asking: Asking, service: Service) -> None:
    """Who has the service, or was asked already, is not asked anew."""
    for held in draft.subscriber.subscriptions:
        if held.service == service.code:
            return already(draft, asking, service, held)
    for open_request in draft.subscriber.requests:
        if open_request.service == service.code:
            return ask_again(draft, asking, open_request, service)
    return open_request_for(draft, asking, service)


def on_other(draft: Draft, event: MessageReceived, word: str) -> None:
    """A text that is no keyword may be an alias that stands alone, on its own short code."""
    service = draft.rules.catalogue.find(word) if word else None
    aliases = service.aliases if service and service.short_code == event.short_code else ()
    if any(alias.word == word and alias.whole for alias in aliases):
        return on_join(draft, event, word)
    return on_not_understood(draft, event, Reason.NOT_UNDERSTOOD)


def open_request_for(draft: Draft, asking: Asking, service: Service) -> None:
    """Open a request on today's terms and ask, or refuse it."""
    rules, event = draft.rules, draft.event
    request = Request(
        id=event.id,
        service=service.code,
        partner=service.partner,
        short_code=service.short_code,
        channel=asking.channel,
        language=asking.language,
        state=RequestState.WAITING_PROMPT,
        requested_at=asking.requested_at,
        terms=service.terms,
        revision=rules.revision,
        policy=rules.policy.id,
        due_at=event.at + rules.policy.prompt_max_wait_ms,
        names_service=must_name_service(
            with_aside(draft), service, event.at, rules.policy.bare_yes_memory_ms
        ),
        replaces=replaced_by(draft.subscriber, service, rules) or earlier_offer(draft),
        sim=asking.sim or known_sim(draft.subscriber),
    )
    if refusal := refused_standing(draft.subscriber):
        draft.refuse_request(structs.replace(request, state=RequestState.REFUSED), refusal)
        return not_served(draft, asking, service)
    if refusal := off_air(service, rules, event.at) or unfit_prompt(request, rules):
        draft.refuse_request(structs.replace(request, state=RequestState.REFUSED), refusal)
        return not_on_air(draft, asking, service.code)
    if refusal := guard(draft, service, asking.channel, is_proved=asking.proof is not None):
        draft.refuse_request(structs.replace(request, state=RequestState.REFUSED), refusal)
        return tell_guarded(draft, service, asking.answered_from, refusal)
    request = in_its_mode(draft, request)
    if rules.asks_number:
        return check_request(draft, request)
    draft.add_request(request)
    return order_prompt(draft, request)


def ask_anew(draft: Draft) -> None:
    """A yes to terms that have changed asks about today's: a request and a window of its own.

    It came as the subscriber's own SMS, through whatever channel the first wish had come.
    """
    request = draft.asked_anew
    if request is None:
        return
    asking = Asking(
        Channel.SMS,
        draft.event.at,
        request.language,
        answered_from=request.short_code,
        sim=request.sim,
    )
    open_request_for(draft, asking, draft.rules.catalogue.services[request.service])


def earlier_offer(draft: Draft) -> str:
    """The service whose earlier offer the yes was said to; empty where it was to none."""
    return "" if draft.asked_anew is None else draft.asked_anew.service


def with_aside(draft: Draft) -> Subscriber:
    """The number with all that may still be answered."""
    requests = (*draft.aside, *draft.subscriber.requests)
    return structs.replace(draft.subscriber, requests=requests) if draft.aside else draft.subscriber


def must_name_service(
    subscriber: Subscriber, service: Service, now_at: int, memory_ms: int
) -> bool:
    """Say whether a bare yes could mean something else.

    It could where another service on that short code was asked about lately.
    """
    since_at = now_at - min(memory_ms, DAY_MS)
    return (
        any(_is_other(held.service, held.short_code, service) for held in subscriber.requests)
        or any(
            _is_other(held.service, held.short_code, service) and held.confirmed_at >= since_at
            for held in subscriber.subscriptions
        )
        or any(
            _is_other(line.service, line.short_code, service) and line.at >= since_at
            for line in subscriber.memory.settled
        )
    )


def _is_other(code: str, short_code: str, service: Service) -> bool:
    """Say whether it is another service on the same short code."""
    return short_code == service.short_code and code != service.code


def ask_again(draft: Draft, asking: Asking, request: Request, service: Service) -> None:
    """Asking twice is one request; the subscriber's own SMS repeats a prompt that is long gone.

    Where nobody knows whether either copy arrived, there is no third: a fresh request takes over.
    """
    event = draft.event
    draft.request_id = request.id
    policy = draft.rules.policies[request.policy]
    if (
        asking.channel is not Channel.SMS
        or request.state is not RequestState.PENDING
        or request.order_id
        or event.at - (request.opened_at or 0) < policy.resend_min_gap_ms
    ):
        return draft.refuse(Reason.REQUEST_OPEN)
    if request.copies < policy.prompt_max_copies:
        draft.refuse(Reason.REQUEST_OPEN)
        return order_prompt(draft, request)
    if may_arrive(request):
        return draft.refuse(Reason.REQUEST_OPEN)
    if refusal := refusal_now(request, draft.rules, event.at):
        return withdraw(draft, request, refusal)
    draft.settle(request, RequestState.UNDELIVERABLE, Reason.PROMPT_UNCERTAIN)
    return open_request_for(draft, asking, service)


def may_arrive(request: Request) -> bool:
    """Say whether the SMSC has accepted a copy, and has not reported that it failed."""
    known = request.copies_known or Copies()
    is_first_whole = request.parts_left > 0 and not known.has_first_failed
    is_second_whole = known.second_id != 0 and not known.has_second_failed
    return request.delivered_at is not None or is_first_whole or is_second_whole


def already(draft: Draft, asking: Asking, service: Service, held: Subscription) -> None:
    """Add nothing and charge nothing; say so, unless the first answer is still to come."""
    draft.request_id = held.id
    if held.reason is Reason.SUBSCRIBER_DISPUTED:
        draft.refuse(Reason.SUBSCRIBER_DISPUTED)
        return disputed(draft, asking, service)
    if refusal := stopped(held, draft.rules):
        draft.refuse(refusal)
        return not_on_air(draft, asking, service.code)
    if held.renews_at is None:
        return draft.refuse(Reason.REQUEST_OPEN)
    draft.refuse(Reason.ALREADY_ACTIVE)
    if not asking.answered_from:
        return None
    text = draft.rules.texts.about(
        "already", draft.subscriber.language, service.on(held.terms), when_at=held.renews_at
    )
    return reply(draft, "already", text, service.short_code)


def not_served(draft: Draft, asking: Asking, service: Service) -> None:
    """Say that the number itself may start nothing now."""
    if asking.answered_from:
        text = about(draft, "number_not_served", service)
        reply(draft, "number_not_served", text, asking.answered_from)


def disputed(draft: Draft, asking: Asking, service: Service) -> None:
    """What a complaint holds is not joined anew until that is answered."""
    if asking.answered_from:
        hint(draft, "disputed", about(draft, "disputed", service), asking.answered_from)


def not_on_air(draft: Draft, asking: Asking, code: str) -> None:
    """Say that nothing answers to that code now; no guess is made."""
    if asking.answered_from:
        text = draft.rules.texts.plain("not_on_air", draft.subscriber.language, code=code)
        reply(draft, "not_on_air", text, asking.answered_from)
