"""A no ends what is pending: the request it names, else all on that short code.

On the look-up code a bare no ends all there is.
"""

from twofold.decide.answers import on_list, reply
from twofold.decide.confirming import nothing_pending
from twofold.decide.decision import Draft
from twofold.decide.keywords import Wish
from twofold.domain.events import MessageReceived
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState


def on_no(draft: Draft, event: MessageReceived, wish: Wish) -> None:
    """The subscriber refuses."""
    service = draft.rules.catalogue.find(wish.code) if wish.code else None
    everywhere = event.short_code == draft.rules.operator.lookup_code
    meant = [
        held
        for held in draft.subscriber.requests
        if (
            held.service == service.code
            if service
            else everywhere or held.short_code == event.short_code
        )
    ]
    if not meant or (wish.code and service is None):
        return (
            on_list(draft, event)
            if wish.refusal_or_list
            else nothing_pending(draft, event.short_code, service.code if service else wish.code)
        )
    for request in meant:
        draft.settle(request, RequestState.DECLINED, Reason.SUBSCRIBER_DECLINED)
        offered = draft.rules.catalogue.services.get(request.service)
        if offered is not None:
            text = draft.rules.texts.about("declined", draft.subscriber.language, offered)
            reply(draft, "declined", text, event.short_code)
    return None
