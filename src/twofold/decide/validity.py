"""Whether a service may be joined, confirmed or charged at a given moment, and a number join it."""

from collections.abc import Mapping
from typing import Final

from twofold.decide.rules import Rules
from twofold.domain.catalogue import Service, Stage, StopKind
from twofold.domain.numbers import Standing
from twofold.domain.reason import Reason
from twofold.domain.subscriber import Request, Subscriber, Subscription

STOPS: Final = {
    StopKind.PARTNER: Reason.PARTNER_SUSPENDED,
    StopKind.SERVICE: Reason.SERVICE_SUSPENDED,
}
"""What an operator's stop is called where it refuses or ends something."""

REFUSED_STANDING: Final[Mapping[Standing, Reason]] = {
    Standing.BARRED: Reason.NUMBER_BARRED,
    Standing.PORTED_OUT: Reason.NUMBER_PORTED_OUT,
    Standing.TERMINATED: Reason.NUMBER_TERMINATED,
}
"""Why a number that stands so may start nothing."""


def refused_standing(subscriber: Subscriber) -> Reason | None:
    """Why the number may start nothing now; None when it may."""
    return REFUSED_STANDING.get(subscriber.line.standing)


def stopped(held: Request | Subscription, rules: Rules) -> Reason | None:
    """Why what a number has may not go on at all: the operator has stopped it."""
    stop = rules.catalogue.stop_of(held.partner, held.service)
    return None if stop is None else STOPS[stop.kind]


def off_air(service: Service | None, rules: Rules, now_at: int) -> Reason | None:
    """Why a service may not be joined or confirmed now; None when it may."""
    if service is None:
        return Reason.UNKNOWN_SERVICE
    if stop := rules.catalogue.stop_of(service.partner, service.code):
        return STOPS[stop.kind]
    if not rules.catalogue.is_certified(service.partner, now_at):
        return Reason.CERTIFICATE_INVALID
    if service.stage is not Stage.ON:
        return Reason.NOT_ROLLED_OUT
    return None


def off_sale(held: Request | Subscription, rules: Rules, now_at: int) -> Reason | None:
    """Why what was asked for may not start now: stopped, or off the air."""
    service = rules.catalogue.services.get(held.service)
    return stopped(held, rules) or off_air(service, rules, now_at)


def refusal_now(request: Request, rules: Rules, now_at: int) -> Reason | None:
    """Why an open request may not go on now: stopped, off the air, or not what was asked about."""
    if refusal := off_sale(request, rules, now_at):
        return refusal
    service = rules.catalogue.services[request.service]
    if service.terms != request.terms:
        return Reason.PRICE_CHANGED
    return Reason.PARTNER_CHANGED if service.partner != request.partner else None


def unfit_prompt(request: Request, rules: Rules) -> Reason | None:
    """Why the request's prompt may not be sent: it lacks what the policy demands of it.

    A catalogue whose prompts are unfit is refused at its import; this holds where policy or texts
    have become stricter since, and then the service is not sold until they agree.
    """
    service = rules.catalogue.services[request.service]
    code = "" if request.code is None else request.code.digits
    faults = rules.texts.prompt_faults(
        service, request.language, request.names_service, code, request.replaces
    )
    return Reason.PROMPT_UNFIT if faults else None
