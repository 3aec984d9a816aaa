"""Whether a service may be joined or confirmed at a given moment."""

from twofold.decide.rules import Rules
from twofold.domain.catalogue import Service, Stage
from twofold.domain.reason import Reason
from twofold.domain.subscriber import Request


def off_air(service: Service | None, rules: Rules, now_at: int) -> Reason | None:
    """Why a service may not be joined or confirmed now; None when it may."""
    if service is None:
        return Reason.UNKNOWN_SERVICE
    if not rules.catalogue.is_certified(service.partner, now_at):
        return Reason.CERTIFICATE_INVALID
    if service.stage is not Stage.ON:
        return Reason.NOT_ROLLED_OUT
    return None


def refusal_now(request: Request, rules: Rules, now_at: int) -> Reason | None:
    """Why an open request may not go on now: off the air, or its terms have changed."""
    service = rules.catalogue.services.get(request.service)
    refusal = off_air(service, rules, now_at)
    if refusal is None and service is not None and service.terms != request.terms:
        return Reason.PRICE_CHANGED
    return refusal
