"""At most one package of a group is on: another one takes its place, and the prompt says so.

The old one goes on until the new one is paid and on, so that a change that fails changes nothing.
A request whose prompt did not say what a yes would end starts nothing any more.
"""

from twofold.decide.answers import about, notify, proof, reply
from twofold.decide.decision import Draft
from twofold.decide.owing import remember_owed
from twofold.decide.rules import Rules
from twofold.domain.catalogue import Service
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState
from twofold.domain.subscriber import Request, Subscriber, Subscription


def replaced_by(subscriber: Subscriber, service: Service, rules: Rules) -> str:
    """The code of the package that a service would take the place of; empty where none is on."""
    for held in subscriber.subscriptions:
        if shares_group(held.service, service, rules):
            return held.service
    return ""


def shares_group(code: str, service: Service, rules: Rules) -> bool:
    """Say whether it is another package of the same group."""
    if service.group is None or code == service.code:
        return False
    other = rules.catalogue.services.get(code)
    return other is not None and other.group == service.group


def withdraw_others(draft: Draft, service: Service) -> None:
    """One of a group was chosen: what the prompts of the others say is no longer so."""
    for request in draft.subscriber.requests:
        if is_void_beside(request, service, draft.rules):
            draft.settle(request, RequestState.WITHDRAWN, Reason.PACKAGE_CHANGED)
            other = draft.rules.catalogue.services[request.service]
            text = about(draft, "other_package", other)
            reply(draft, "other_package", text, request.short_code)
    for request in draft.aside:
        if is_void_beside(request, service, draft.rules):
            draft.expire_aside(request)


def is_void_beside(request: Request, chosen: Service, rules: Rules) -> bool:
    """Say whether a request's prompt did not say that a yes would end what was chosen now."""
    return request.replaces != chosen.code and shares_group(request.service, chosen, rules)


def end_replaced(draft: Draft, started: Subscription, service: Service) -> None:
    """The new package is on: the old one ends, is charged no more, and its holder is told.

    One that was chosen later, and is not paid yet, stays: it takes the place of this one then.
    """
    for held in draft.subscriber.subscriptions:
        if is_older(held, started) and shares_group(held.service, service, draft.rules):
            remember_owed(draft, [held])
            draft.end(held, Reason.PACKAGE_CHANGED)
            old = draft.rules.catalogue.services[held.service]
            text = draft.rules.texts.about(
                "replaced",
                draft.subscriber.language,
                old,
                by_at=draft.event.at,
                proof=proof(draft.event.id),
            )
            notify(draft, "replaced", text, held.short_code, held.id)


def is_older(held: Subscription, started: Subscription) -> bool:
    """Say whether it was agreed to before the one that starts."""
    return (held.confirmed_at, held.id) < (started.confirmed_at, started.id)
