"""The second yes: only the subscriber's own reply to that prompt, in time, starts anything."""

from typing import Final

from msgspec import structs

from twofold.decide.answers import about, hint, on_not_understood, plain, reply
from twofold.decide.charging import charge_first_period
from twofold.decide.checking import check_subscription
from twofold.decide.codes import ask_for_code, count_wrong
from twofold.decide.decision import Draft
from twofold.decide.guards import guard_again, tell_guarded
from twofold.decide.packages import withdraw_others
from twofold.decide.replays import may_be_resent
from twofold.decide.sims import is_from_another_sim, on_another_sim
from twofold.decide.validity import REFUSED_STANDING, STOPS, refusal_now, refused_standing
from twofold.domain.catalogue import Service
from twofold.domain.events import MessageReceived
from twofold.domain.policy import LowerPrice, PriceChange, ReplyMode
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState, SubscriptionState
from twofold.domain.subscriber import HeldReply, Request, Settled, Subscription
from twofold.domain.terms import DAY_MS, SKEW_MS

OTHER_OFFER: Final = frozenset({Reason.PRICE_CHANGED, Reason.PARTNER_CHANGED})
"""The service is on offer still, and not as it was asked about."""

NOT_SERVED: Final = frozenset(REFUSED_STANDING.values())


def on_yes(draft: Draft, event: MessageReceived, code: str) -> None:
    """A yes confirms the one request that it can only mean; otherwise nothing."""
    if code.isdecimal():
        return on_code(draft, event, code)
    service = draft.rules.catalogue.find(code) if code else None
    if code and service is None:
        draft.refuse(Reason.NOT_UNDERSTOOD)
        return hint(draft, "help", plain(draft, "help"), event.short_code)
    if service is not None and service.short_code != event.short_code:
        return wrong_short_code(draft, event, service)
    asked = [held for held in draft.subscriber.requests if is_asked(held)]
    here = [held for held in asked if held.short_code == event.short_code]
    named = [
        held for held in oldest_of_each(here) if service is None or held.service == service.code
    ]
    if not named:
        meant = draft.rules.catalogue.services.get(asked[0].service) if asked and not here else None
        if service is None and meant is not None:
            return wrong_short_code(draft, event, meant)
        return nothing_pending(draft, event.short_code, service.code if service else "")
    if len(named) > 1:
        return ask_which(draft, named, Reason.SEVERAL_PENDING)
    if named[0].code is not None:
        return ask_for_code(draft, named[0])
    if service is None and named[0].names_service:
        return ask_which(draft, named, Reason.SERVICE_NOT_NAMED)
    if may_be_resent(draft.subscriber, event):
        return ask_which(draft, named, Reason.MAYBE_RESENT, otherwise=service is not None)
    return on_meant(draft, event, named[0])


def on_code(draft: Draft, event: MessageReceived, digits: str) -> None:
    """A code confirms the request whose prompt printed it; else it counts as a wrong attempt.

    Of what is not to be asked yet nobody can know a code, nor spend the tries.
    """
    coded = [
        held
        for held in draft.subscriber.requests
        if held.code is not None and held.state is not RequestState.CHECKING
    ]
    here = [held for held in coded if held.short_code == event.short_code]
    for held in coded:
        if held.code is not None and held.code.digits == digits and was_asked(held, event):
            if held in here:
                return on_meant(draft, event, held)
            return on_code_elsewhere(draft, event, held)
    used = [line.service for line in draft.subscriber.memory.codes if line.digits == digits]
    if here and not is_on(draft, used):
        return count_wrong(draft, here)
    if used:
        return nothing_pending(draft, event.short_code, used[-1])
    if coded and is_asked(coded[0]):
        return on_code_elsewhere(draft, event, coded[0])
    if draft.rules.policy.reply_mode is ReplyMode.CODE:
        return nothing_pending(draft, event.short_code, "")
    return on_not_understood(draft, event, Reason.NOT_UNDERSTOOD)


def on_code_elsewhere(draft: Draft, event: MessageReceived, request: Request) -> None:
    """A code to another short code than the prompt's: say which, if the service is still sold."""
    service = draft.rules.catalogue.services.get(request.service)
    if service is None:
        return nothing_pending(draft, event.short_code, request.service)
    return wrong_short_code(draft, event, service)


def was_asked(request: Request, event: MessageReceived) -> bool:
    """Say whether the reply was sent after the prompt was handed over: before, it is a guess."""
    return (
        request.handed_over_at is not None
        and event.effective_at >= request.handed_over_at - SKEW_MS
    )


def is_on(draft: Draft, services: list[str]) -> bool:
    """Say whether a code that comes again has started what is on: doubled, and not wrong."""
    return any(held.service in services for held in draft.subscriber.subscriptions)


def wrong_short_code(draft: Draft, event: MessageReceived, service: Service) -> None:
    """A yes counts on the service's own short code only: say which, unless the service is on."""
    for held in draft.subscriber.subscriptions:
        if held.service == service.code and held.renews_at is not None:
            return tell_already(draft, service, held, event.short_code)
    draft.refuse(Reason.WRONG_SHORT_CODE)
    text = about(draft, "wrong_short_code", service)
    return hint(draft, "wrong_short_code", text, event.short_code)


def tell_already(draft: Draft, service: Service, held: Subscription, source: str) -> None:
    """Say that the service is on, and that nothing was added."""
    draft.refuse(Reason.ALREADY_ACTIVE)
    text = draft.rules.texts.about(
        "already",
        draft.subscriber.language,
        service.on(held.terms),
        when_at=held.renews_at or draft.event.at,
    )
    hint(draft, "already", text, source)


def oldest_of_each(requests: list[Request]) -> list[Request]:
    """One request of each service: a reply that was in time for the old one means that."""
    oldest: dict[str, Request] = {}
    for request in requests:
        oldest.setdefault(request.service, request)
    return list(oldest.values())


def is_asked(request: Request) -> bool:
    """Say whether the subscriber may have been asked already: the prompt was handed over."""
    return request.handed_over_at is not None


def on_meant(draft: Draft, event: MessageReceived, request: Request) -> None:
    """A yes to this very request; while the SMSC's answer to the prompt is out, it is kept."""
    if is_from_another_sim(draft, event, request):
        return on_another_sim(draft, event, request)
    if request.state is RequestState.PENDING:
        return confirm(draft, request, event.effective_at)
    draft.refuse(Reason.PROMPT_UNANSWERED)
    draft.request_id = request.id
    held = request.held or HeldReply(event.id, event.effective_at)
    return draft.put_request(structs.replace(request, held=held))


def confirm(draft: Draft, request: Request, effective_at: int) -> None:
    """Judge a yes to a pending request by its effective time and the rules of this moment."""
    assert request.handed_over_at is not None
    if effective_at >= request.deadline_at:
        draft.settle(request, RequestState.EXPIRED, Reason.NO_CONFIRMATION)
        return nothing_pending(draft, request.short_code, request.service)
    if effective_at < request.handed_over_at - SKEW_MS:
        return nothing_pending(draft, request.short_code, request.service)
    if refusal := refused_standing(draft.subscriber):
        return withdraw(draft, request, refusal)
    refusal = refusal_now(request, draft.rules, draft.event.at)
    if refusal and not takes_lower(draft, request, refusal):
        return refuse_offer(draft, request, refusal)
    service = draft.rules.catalogue.services[request.service]
    if refusal := guard_again(draft, service, request.channel):
        draft.refuse(refusal)
        draft.settle(request, RequestState.WITHDRAWN, refusal)
        return tell_guarded(draft, service, request.short_code, refusal)
    return begin(draft, request, service)


def takes_lower(draft: Draft, request: Request, reason: Reason) -> bool:
    """Say whether the yes stands: nothing but the price is another, it is lower, and that may be.

    Whoever agreed to more has agreed to less; to another period, renewal or partner nobody has.
    """
    if reason is not Reason.PRICE_CHANGED:
        return False
    service = draft.rules.catalogue.services[request.service]
    as_asked = structs.replace(service.terms, price_minor=request.terms.price_minor)
    return (
        draft.rules.policies[request.policy].lower_price is LowerPrice.TAKE
        and service.terms.price_minor < request.terms.price_minor
        and (as_asked, service.partner) == (request.terms, request.partner)
    )


def begin(draft: Draft, request: Request, service: Service) -> None:
    """The request is confirmed: its subscription begins, and its first period is charged.

    The terms of this moment are those that were asked about, or cheaper.
    """
    event = draft.event
    draft.settle(request, RequestState.CONFIRMED, None)
    for other in draft.subscriber.requests:
        if other.service == request.service:
            is_over = other.is_over(event.at)
            state = RequestState.EXPIRED if is_over else RequestState.WITHDRAWN
            draft.settle(other, state, Reason.NO_CONFIRMATION if is_over else Reason.ALREADY_ACTIVE)
    subscription = Subscription(
        id=request.id,
        service=request.service,
        partner=request.partner,
        short_code=request.short_code,
        channel=request.channel,
        language=request.language,
        state=SubscriptionState.ACTIVATING,
        terms=service.terms,
        revision=request.revision,
        policy=request.policy,
        requested_at=request.requested_at,
        opened_at=request.opened_at or event.at,
        confirmed_at=event.at,
    )
    draft.add_subscription(subscription)
    withdraw_others(draft, service)
    if draft.rules.asks_number:
        return check_subscription(draft, subscription)
    return charge_first_period(draft, subscription, service)


def refuse_offer(draft: Draft, request: Request, reason: Reason) -> None:
    """The offer is not what the yes was said to: ask about today's, where the policy wants it.

    Once a day: a price that changes again and again asks no further.
    """
    policy = draft.rules.policies[request.policy]
    is_asked_anew = (
        reason in OTHER_OFFER
        and policy.price_change_between is PriceChange.VOID_AND_REPROMPT
        and not any(
            line.service == request.service
            and line.state is RequestState.WITHDRAWN
            and draft.event.at - line.at < DAY_MS
            for line in draft.subscriber.memory.settled
        )
    )
    if not is_asked_anew:
        return withdraw(draft, request, reason)
    draft.refuse(reason)
    draft.settle(request, RequestState.WITHDRAWN, reason)
    draft.asked_anew = request
    return None


def withdraw(draft: Draft, request: Request, reason: Reason) -> None:
    """What was asked about is no longer on offer: the old terms start nothing."""
    draft.refuse(reason)
    draft.settle(request, RequestState.WITHDRAWN, reason)
    service = draft.rules.catalogue.services.get(request.service)
    if service is None or reason in STOPS.values():
        text = draft.rules.texts.plain(
            "not_on_air", draft.subscriber.language, code=request.service
        )
        return reply(draft, "not_on_air", text, request.short_code)
    key = "number_not_served" if reason in NOT_SERVED else "withdrawn"
    return reply(draft, key, about(draft, key, service), request.short_code)


def ask_which(
    draft: Draft, requests: list[Request], reason: Reason, *, otherwise: bool = False
) -> None:
    """Nothing is confirmed; the answer lists what waits and how to say which.

    `otherwise`: in other words than those that were sent, which could not be told apart.
    """
    draft.refuse(reason)
    codes = tuple(held.service for held in requests)
    by_code = frozenset(held.service for held in requests if held.code is not None)
    text = draft.rules.texts.which(
        draft.subscriber.language,
        codes,
        requests[0].short_code,
        by_code=by_code,
        otherwise=otherwise,
    )
    reply(draft, "confirm_which", text, requests[0].short_code)


def nothing_pending(draft: Draft, short_code: str, code: str) -> None:
    """A yes that meets nothing: say what became of what it may have meant, or what waits."""
    if tell_what_became(draft, short_code, code):
        return None
    waiting = [held for held in draft.subscriber.requests if is_asked(held)]
    if waiting:
        return ask_which(draft, waiting, Reason.NOTHING_PENDING)
    draft.refuse(Reason.NOTHING_PENDING)
    return hint(draft, "nothing_pending", plain(draft, "nothing_pending"), short_code)


def tell_what_became(draft: Draft, short_code: str, code: str) -> bool:
    """Say that it came too late, or that the service is on; False where neither is so."""
    now_at, services = draft.event.at, draft.rules.catalogue.services
    aside = [
        Settled(held.service, held.short_code, RequestState.EXPIRED, now_at, held.deadline_at)
        for held in draft.aside
    ]
    expired = [
        line
        for line in (*draft.subscriber.memory.settled, *aside)
        if line.short_code == short_code
        and line.state is RequestState.EXPIRED
        and now_at - line.at < DAY_MS
        and code in {"", line.service}
        and not any(held.service == line.service for held in draft.subscriber.subscriptions)
    ]
    joined = [
        held
        for held in draft.subscriber.subscriptions
        if held.short_code == short_code
        and held.state is not SubscriptionState.SUSPENDED
        and now_at - held.confirmed_at < DAY_MS
        and code in {"", held.service}
    ]
    language, texts = draft.subscriber.language, draft.rules.texts
    if expired and expired[-1].service in services:
        was_sent_in_time = sent_at(draft) < expired[-1].deadline_at
        draft.refuse(Reason.LATE_DELIVERY if was_sent_in_time else Reason.WINDOW_PASSED)
        service = services[expired[-1].service]
        text = texts.about("late_confirm", language, service, by_at=expired[-1].deadline_at)
        hint(draft, "late_confirm", text, short_code)
        return True
    if joined and joined[-1].service in services:
        tell_already(draft, services[joined[-1].service], joined[-1], short_code)
        return True
    return False


def sent_at(draft: Draft) -> int:
    """When the SMSC says that it got the message: later than that, where it says nothing."""
    event = draft.event
    told_at = event.smsc_at if isinstance(event, MessageReceived) else None
    return event.at if told_at is None else told_at
