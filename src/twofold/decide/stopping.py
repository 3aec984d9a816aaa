"""A stop is free, works on every short code, takes effect at once: wide where a yes is narrow."""

from collections.abc import Sequence
from typing import Final

from twofold.decide.answers import about, as_sold, hint, name_of, notify, plain, proof, reply
from twofold.decide.charging import refund_period
from twofold.decide.decision import Draft
from twofold.decide.naming import services_named
from twofold.decide.owing import is_unreturned, remember_owed
from twofold.domain.events import CancelRequested, Event, MessageReceived
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState
from twofold.domain.subscriber import Channel, Request, Subscriber, Subscription

STOPPED_BY: Final = {Channel.CARE: Reason.AGENT_STOPPED, Channel.PARTNER: Reason.PARTNER_STOPPED}
"""Who ended it, where it was not the subscriber through a channel of their own."""


def on_stop(draft: Draft, event: MessageReceived, words: Sequence[str]) -> None:
    """Stop what is named; bare, what is pending on that short code, else the only service on."""
    if not words:
        return on_bare_stop(draft, event)
    named = services_named(draft, words, everything(draft.subscriber))
    if not named:
        return ask_what_to_stop(draft, event, everything(draft.subscriber))
    for subscription in draft.subscriber.subscriptions:
        if subscription.service in named:
            stop(draft, subscription, Reason.SUBSCRIBER_STOPPED, event.short_code)
    for request in draft.subscriber.requests:
        if request.service in named:
            cancel(draft, request, Reason.SUBSCRIBER_CANCELLED, event.short_code)
    return None


def on_cancel_requested(draft: Draft, event: CancelRequested) -> None:
    """Another channel ends what it names; the subscriber is told as after a stop of their own."""
    subscriber, id_ = draft.subscriber, event.target_id
    subscription, request = subscriber.subscription(id_), subscriber.request(id_)
    held = subscription or request
    if held is None:
        draft.request_id = id_
        return draft.refuse(Reason.SETTLED_BEFORE)
    if event.partner not in {"", held.partner}:
        return draft.refuse(Reason.NOT_OWN_SERVICE)
    if subscription is not None:
        reason = STOPPED_BY.get(event.channel, Reason.SUBSCRIBER_STOPPED)
        return stop(draft, subscription, reason, held.short_code)
    assert request is not None
    reason = STOPPED_BY.get(event.channel, Reason.SUBSCRIBER_CANCELLED)
    return cancel(draft, request, reason, held.short_code)


def on_bare_stop(draft: Draft, event: MessageReceived) -> None:
    """`HUY` alone: where nothing is on, all that waits, wherever it does."""
    subscriptions, requests = draft.subscriber.subscriptions, draft.subscriber.requests
    here = [held for held in requests if held.short_code == event.short_code]
    if here or not subscriptions:
        for request in here or requests:
            cancel(draft, request, Reason.SUBSCRIBER_CANCELLED, event.short_code)
        return None if requests else ask_what_to_stop(draft, event, ())
    if len(subscriptions) == 1:
        return stop(draft, subscriptions[0], Reason.SUBSCRIBER_STOPPED, event.short_code)
    return ask_what_to_stop(draft, event, everything(draft.subscriber))


def everything(subscriber: Subscriber) -> tuple[Subscription | Request, ...]:
    """All that a stop may mean."""
    return (*subscriber.subscriptions, *subscriber.requests)


def ask_what_to_stop(
    draft: Draft, event: MessageReceived, among: Sequence[Subscription | Request]
) -> None:
    """Nothing was stopped: say why, and list what could be."""
    if not among:
        draft.refuse(Reason.NOTHING_TO_STOP)
        return hint(draft, "nothing_to_stop", plain(draft, "nothing_to_stop"), event.short_code)
    draft.refuse(Reason.STOP_UNCLEAR)
    codes = tuple(dict.fromkeys(held.service for held in among))
    text = draft.rules.texts.plain(
        "cancel_which", draft.subscriber.language, codes=codes, short_code=event.short_code
    )
    return reply(draft, "cancel_which", text, event.short_code)


def stop(draft: Draft, subscription: Subscription, reason: Reason, source: str) -> None:
    """End a subscription and say so; a charge under way is given back when its outcome comes."""
    event, texts, language = draft.event, draft.rules.texts, draft.subscriber.language
    end(draft, subscription, reason)
    service = as_sold(draft, subscription)
    text = texts.about("cancel_ack", language, service, by_at=event.at, proof=proof(event.id))
    notify(draft, "cancel_ack", text, source, subscription.id)


def end(draft: Draft, subscription: Subscription, reason: Reason) -> None:
    """End a subscription; what a yes took that did not come before the stop goes back."""
    if is_first(draft.event, subscription):
        draft.end(subscription, reason)
        return refund_period(draft, subscription)
    remember_owed(draft, [subscription])
    return draft.end(subscription, reason)


def is_first(event: Event, subscription: Subscription) -> bool:
    """Say whether the stop was sent no later than the yes came: a tie is the stop's.

    The charge was taken in good faith and goes back.
    """
    if not isinstance(event, MessageReceived) or not is_unreturned(subscription):
        return False
    return event.effective_at <= subscription.confirmed_at


def cancel(draft: Draft, request: Request, reason: Reason, source: str) -> None:
    """End a request that was not confirmed."""
    draft.settle(request, RequestState.CANCELLED, reason)
    reply(draft, "cancelled", about(draft, "cancelled", as_sold(draft, request)), source)


def on_stop_all(draft: Draft, event: MessageReceived) -> None:
    """End everything, on any short code, with one text that lists what ended."""
    subscriber = draft.subscriber
    ended = [name_of(draft, held.service) for held in everything(subscriber)]
    if not ended:
        draft.refuse(Reason.NOTHING_TO_STOP)
        return hint(draft, "nothing_to_stop", plain(draft, "nothing_to_stop"), event.short_code)
    for subscription in subscriber.subscriptions:
        end(draft, subscription, Reason.SUBSCRIBER_STOPPED)
    for request in subscriber.requests:
        draft.settle(request, RequestState.CANCELLED, Reason.SUBSCRIBER_CANCELLED)
    text = draft.rules.texts.ended_all(subscriber.language, ended, event.at, proof(event.id))
    return notify(draft, "cancel_all_ack", text, event.short_code, draft.request_id)
