"""Whether a service may be joined, confirmed or charged at a given moment."""

from typing import Final

from twofold.decide.rules import Rules
from twofold.domain.catalogue import Service, Stage, StopKind
from twofold.domain.reason import Reason
from twofold.domain.subscriber import Request, Subscription

STOPS: Final = {
    StopKind.PARTNER: Reason.PARTNER_SUSPENDED,
    StopKind.SERVICE: Reason.SERVICE_SUSPENDED,
}
"""What an operator's stop is called where it refuses or ends something."""


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


def refusal_now(request: Request, rules: Rules, now_at: int) -> Reason | None:
    """Why an open request may not go on now: stopped, off the air, or not what was asked about."""
    service = rules.catalogue.services.get(request.service)
    refusal = stopped(request, rules) or off_air(service, rules, now_at)
    if refusal is None and service is not None:
        if service.terms != request.terms:
            return Reason.PRICE_CHANGED
        if service.partner != request.partner:
            return Reason.PARTNER_CHANGED
    return refusal


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
