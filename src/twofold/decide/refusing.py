"""A no ends what is pending: the request it names, else all on that short code.

Where none waits on that short code it ends all there is, as on the look-up code.
A no is wide: words that name nothing do not save the only request that waits.
Who writes that they never joined, while nothing waits and something is on, is told how to complain.
"""

from collections.abc import Sequence

from twofold.decide.answers import about, as_sold, hint, on_list, plain, reply
from twofold.decide.complaining import ask_what_is_wrong
from twofold.decide.confirming import tell_what_became
from twofold.decide.decision import Draft
from twofold.decide.keywords import Wish
from twofold.decide.naming import is_sold, services_named
from twofold.decide.stopping import ask_what_to_stop
from twofold.domain.events import MessageReceived
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState
from twofold.domain.subscriber import Request


def on_no(draft: Draft, event: MessageReceived, wish: Wish) -> None:
    """The subscriber refuses."""
    requests = draft.subscriber.requests
    named = services_named(draft, wish.words, requests)
    if named:
        return decline(draft, event, [held for held in requests if held.service in named])
    if is_sold(draft, wish.words) or not requests:
        return on_nothing_to_refuse(draft, event, wish)
    here = waiting_here(draft, event)
    if len(wish.words) == 1 and len(here) > 1:
        return ask_what_to_stop(draft, event, here)
    return decline(draft, event, here)


def waiting_here(draft: Draft, event: MessageReceived) -> Sequence[Request]:
    """What a bare no ends."""
    requests = draft.subscriber.requests
    here = [held for held in requests if held.short_code == event.short_code]
    is_look_up = event.short_code == draft.rules.operator.lookup_code
    return here if here and not is_look_up else requests


def on_nothing_to_refuse(draft: Draft, event: MessageReceived, wish: Wish) -> None:
    """Nothing waits that it may mean: say what is on, what became of it, or how to complain."""
    if wish.refusal_or_list:
        return on_list(draft, event)
    if wish.denies_joining and draft.subscriber.subscriptions:
        return ask_what_is_wrong(draft, event)
    sold = [service for word in wish.words if (service := draft.rules.catalogue.find(word))]
    if tell_what_became(draft, event.short_code, sold[0].code if sold else ""):
        return None
    if draft.subscriber.requests:
        return ask_what_to_stop(draft, event, draft.subscriber.requests)
    draft.refuse(Reason.NOTHING_PENDING)
    return hint(draft, "nothing_pending", plain(draft, "nothing_pending"), event.short_code)


def decline(draft: Draft, event: MessageReceived, requests: Sequence[Request]) -> None:
    """End these requests, and say so."""
    for request in requests:
        draft.settle(request, RequestState.DECLINED, Reason.SUBSCRIBER_DECLINED)
        text = about(draft, "declined", as_sold(draft, request))
        reply(draft, "declined", text, event.short_code)
