"""Which SIM asked, where a bind tells it: a yes from another one is not that person's for certain.

A SIM is known by a mark of sixteen bits, made of its IMSI with number and tenure as the key: enough
to notice another SIM, and far too little to find one, or to tell that two numbers had the same.
The mark stands on the open request alone and goes with it.
A request that came over no SIM takes what the number's other requests know, else the first one
that is heard; where either side knows none, nothing is noticed.
"""

from hashlib import blake2b
from typing import Final

from msgspec import structs

from twofold.decide.answers import about, reply
from twofold.decide.charging import refund_period, tell_unstarted
from twofold.decide.decision import Draft
from twofold.decide.modes import in_its_mode
from twofold.decide.owing import is_unreturned
from twofold.domain.catalogue import Service
from twofold.domain.events import MessageReceived, NumberChanged
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState
from twofold.domain.subscriber import Request, Subscriber, Subscription

MARK_BYTES: Final = 2
UNKNOWN: Final = 0


def mark_of(subscriber: Subscriber, event: MessageReceived) -> int:
    """What the SIM that sent it is known by, 1 to 65,536; UNKNOWN where the bind does not tell."""
    if not event.imsi:
        return UNKNOWN
    key = subscriber.msisdn.to_bytes(8) + subscriber.tenure.to_bytes(8)
    return 1 + int.from_bytes(
        blake2b(event.imsi.encode(), digest_size=MARK_BYTES, key=key).digest()
    )


def known_sim(subscriber: Subscriber) -> int:
    """The SIM that the number's open requests know, the latest first."""
    return next((held.sim for held in reversed(subscriber.requests) if held.sim), UNKNOWN)


def note_sim(draft: Draft, event: MessageReceived) -> None:
    """What came over no SIM is known by the first one that is heard while it is open."""
    if not event.imsi or all(held.sim for held in draft.subscriber.requests):
        return
    before = draft.subscriber
    mark = mark_of(before, event)
    requests = tuple(
        held if held.sim else structs.replace(held, sim=mark) for held in before.requests
    )
    draft.subscriber = structs.replace(before, requests=requests)


def is_from_another_sim(draft: Draft, event: MessageReceived, request: Request) -> bool:
    """Say whether it is proved that another SIM answers than the one that asked."""
    answers = mark_of(draft.subscriber, event)
    return UNKNOWN not in {answers, request.sim} and answers != request.sim


def on_sim_changed(draft: Draft, event: NumberChanged) -> None:
    """What was asked for on the old SIM is asked anew, once, when the policy's delay is over.

    What the new SIM agreed to before the report came is taken back.
    """
    before = draft.subscriber
    line = structs.replace(before.line, sim_at=event.happened_at)
    draft.subscriber = structs.replace(before, line=line)
    ids = iter((event.id, *event.more_ids))
    for request in before.requests:
        if request.requested_at < event.happened_at:
            ask_later(draft, request, next(ids, 0))
    for held in before.subscriptions:
        if held.requested_at < event.happened_at <= held.confirmed_at:
            take_back(draft, held)


def take_back(draft: Draft, subscription: Subscription) -> None:
    """End what one SIM asked for and another one agreed to; nothing stays charged for it.

    A charge that is out is given back when it proves taken.
    """
    draft.refuse(Reason.SIM_CHANGED)
    draft.end(subscription, Reason.SIM_CHANGED)
    tell_unstarted(draft, subscription, Reason.SIM_CHANGED)
    if is_unreturned(subscription):
        refund_period(draft, subscription)


def on_another_sim(draft: Draft, event: MessageReceived, request: Request) -> None:
    """A yes from another SIM than the one that asked starts nothing; whoever wrote is told."""
    again = ask_later(draft, request, event.id, sim=mark_of(draft.subscriber, event))
    service = draft.rules.catalogue.services.get(request.service)
    texts, language = draft.rules.texts, draft.subscriber.language
    if service is None:
        text = texts.plain("not_on_air", language, code=request.service)
        return reply(draft, "not_on_air", text, request.short_code)
    if again is None:
        return reply(draft, "sim_changed", about(draft, "sim_changed", service), request.short_code)
    text = texts.about("asked_later", language, service, by_at=again.due_at)
    return reply(draft, "asked_later", text, request.short_code)


def ask_later(draft: Draft, request: Request, id_: int, *, sim: int = UNKNOWN) -> Request | None:
    """End what the old SIM asked for, and give what takes it up again; None the second time."""
    draft.refuse(Reason.SIM_CHANGED)
    draft.settle(request, RequestState.WITHDRAWN, Reason.SIM_CHANGED)
    service = draft.rules.catalogue.services.get(request.service)
    if service is None or request.succeeds or not id_:
        return None
    again = successor(draft, request, service, id_, sim)
    draft.add_request(again)
    return again


def successor(draft: Draft, request: Request, service: Service, id_: int, sim: int) -> Request:
    """The same wish on the terms of today: with a prompt, a code and a window of its own."""
    policy, now_at = draft.rules.policy, draft.event.at
    again = Request(
        id=id_,
        service=request.service,
        partner=service.partner,
        short_code=service.short_code,
        channel=request.channel,
        language=request.language,
        state=RequestState.CHECKING,
        requested_at=now_at,
        terms=service.terms,
        revision=draft.rules.revision,
        policy=policy.id,
        due_at=now_at + policy.sim_change_delay_ms,
        names_service=request.names_service,
        succeeds=request.id,
        replaces=request.replaces,
        sim=sim,
    )
    return in_its_mode(draft, again, by_code=request.code is not None)
