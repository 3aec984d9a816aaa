"""A stop is free, works on every short code, takes effect at once: wide where a yes is narrow."""

from twofold.decide.answers import hint, name_of, notify, plain, proof, reply
from twofold.decide.decision import Draft
from twofold.domain.events import MessageReceived
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState
from twofold.domain.subscriber import Request, Subscriber, Subscription


def on_stop(draft: Draft, event: MessageReceived, code: str) -> None:
    """Stop what is named; bare, what is pending on that short code, else the only service on."""
    if not code:
        return on_bare_stop(draft, event)
    service = draft.rules.catalogue.find(code)
    named = service.code if service else code
    subscriptions = [held for held in draft.subscriber.subscriptions if held.service == named]
    requests = [held for held in draft.subscriber.requests if held.service == named]
    if not subscriptions and not requests:
        return ask_what_to_stop(draft, event)
    for subscription in subscriptions:
        stop(draft, event, subscription)
    for request in requests:
        cancel(draft, event, request)
    return None


def on_bare_stop(draft: Draft, event: MessageReceived) -> None:
    """`HUY` alone."""
    requests = [held for held in draft.subscriber.requests if held.short_code == event.short_code]
    if requests:
        for request in requests:
            cancel(draft, event, request)
        return None
    subscriptions = draft.subscriber.subscriptions
    if len(subscriptions) == 1:
        return stop(draft, event, subscriptions[0])
    return ask_what_to_stop(draft, event)


def everything(subscriber: Subscriber) -> tuple[Subscription | Request, ...]:
    """All that a stop may mean."""
    return (*subscriber.subscriptions, *subscriber.requests)


def ask_what_to_stop(draft: Draft, event: MessageReceived) -> None:
    """Nothing was stopped: say why, and list what could be."""
    if not draft.subscriber.subscriptions and not draft.subscriber.requests:
        draft.refuse(Reason.NOTHING_TO_STOP)
        return hint(draft, "nothing_to_stop", plain(draft, "nothing_to_stop"), event.short_code)
    draft.refuse(Reason.STOP_UNCLEAR)
    codes = tuple(dict.fromkeys(held.service for held in everything(draft.subscriber)))
    text = draft.rules.texts.plain(
        "cancel_which", draft.subscriber.language, codes=codes, short_code=event.short_code
    )
    return reply(draft, "cancel_which", text, event.short_code)


def stop(draft: Draft, event: MessageReceived, subscription: Subscription) -> None:
    """End a subscription and say so; a charge under way is given back when its outcome comes."""
    draft.end(subscription, Reason.SUBSCRIBER_STOPPED)
    service = draft.rules.catalogue.services.get(subscription.service)
    if service is not None:
        text = draft.rules.texts.about(
            "cancel_ack", draft.subscriber.language, service, by_at=event.at, proof=proof(event.id)
        )
        notify(draft, "cancel_ack", text, event.short_code, subscription.id)


def cancel(draft: Draft, event: MessageReceived, request: Request) -> None:
    """End a request that was not confirmed."""
    draft.settle(request, RequestState.CANCELLED, Reason.SUBSCRIBER_CANCELLED)
    service = draft.rules.catalogue.services.get(request.service)
    if service is not None:
        text = draft.rules.texts.about("cancelled", draft.subscriber.language, service)
        reply(draft, "cancelled", text, event.short_code)


def on_stop_all(draft: Draft, event: MessageReceived) -> None:
    """End everything, on any short code, with one text that lists what ended."""
    subscriber = draft.subscriber
    ended = [name_of(draft, held.service) for held in everything(subscriber)]
    if not ended:
        draft.refuse(Reason.NOTHING_TO_STOP)
        return hint(draft, "nothing_to_stop", plain(draft, "nothing_to_stop"), event.short_code)
    for subscription in subscriber.subscriptions:
        draft.end(subscription, Reason.SUBSCRIBER_STOPPED)
    for request in subscriber.requests:
        draft.settle(request, RequestState.CANCELLED, Reason.SUBSCRIBER_CANCELLED)
    text = draft.rules.texts.ended_all(subscriber.language, ended, event.at, proof(event.id))
    return notify(draft, "cancel_all_ack", text, event.short_code, draft.request_id)
