"""What protects a number from requests: asked before one is opened, and in part again at the yes.

One guard a line, in the order of `Reason`.
The subscriber's own SMS and USSD may start over at once: cool-downs and the cap for each service
bind other channels, and only the cap over all prompts binds everybody.
Whoever asks over another channel hears the reason there; the subscriber hears nothing of it.
"""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from twofold.decide.answers import hint, hinted_since
from twofold.decide.decision import Draft
from twofold.decide.memory import unwanted
from twofold.decide.rules import Rules
from twofold.domain.catalogue import Service
from twofold.domain.reason import Reason
from twofold.domain.subscriber import Channel, Flag, Subscriber
from twofold.domain.terms import DAY_MS, MINUTE_MS

HOUR_MS: Final = 60 * MINUTE_MS

OWN: Final = frozenset({Channel.SMS, Channel.USSD})
"""Channels that only the SIM itself can use."""

OWN_ACT: Final = frozenset({Channel.SMS, Channel.USSD, Channel.APP, Channel.IVR, Channel.CARE})
"""The operator's own channels, on which a request is the subscriber's act by itself."""


class Wish(Struct, frozen=True, gc=False):
    """What a guard may know: who is asked for what, through which channel, when, by which rules."""

    subscriber: Subscriber
    service: Service
    channel: Channel
    is_proved: bool
    """Whether something shows that the subscriber did something to be asked."""
    now_at: int
    rules: Rules

    @property
    def is_invitation(self) -> bool:
        """Whether nothing shows that the subscriber wants it."""
        return not self.is_proved and self.channel not in OWN_ACT


def guard(draft: Draft, service: Service, channel: Channel, *, is_proved: bool) -> Reason | None:
    """Why the number may not be asked about a service now; None when it may."""
    wish = Wish(
        draft.subscriber,
        service,
        channel,
        is_proved=is_proved,
        now_at=draft.event.at,
        rules=draft.rules,
    )
    return (
        block_list(wish)
        or minors(wish)
        or do_not_call(wish)
        or no_sms(wish)
        or quiet_hours(wish)
        or cool_down(wish)
        or service_limit(wish)
        or subscriber_limit(wish)
    )


def guard_again(draft: Draft, service: Service, channel: Channel) -> Reason | None:
    """Why a yes may start nothing: what the policy asks again, since the number may have changed.

    The yes is the subscriber's own act, whoever asked.
    """
    wish = Wish(
        draft.subscriber, service, channel, is_proved=True, now_at=draft.event.at, rules=draft.rules
    )
    names = sorted(draft.rules.policy.checked_again_at_confirm)
    refusals = [refusal for name in names if (refusal := AGAIN[name](wish)) is not None]
    return min(refusals, default=None)


def block_list(wish: Wish) -> Reason | None:
    """The subscriber has shut the number for new services."""
    return Reason.BLOCK_LISTED if wish.subscriber.flags & Flag.BLOCKED else None


def minors(wish: Wish) -> Reason | None:
    """A child's line, or one that a parent has locked, asks for nothing that costs."""
    locked = Flag.CHILD_LINE | Flag.PARENTAL_LOCK
    return Reason.MINOR_PROTECTED if wish.subscriber.flags & locked else None


def do_not_call(wish: Wish) -> Reason | None:
    """A number on the register may ask, and may not be invited."""
    listed = wish.subscriber.flags & Flag.DO_NOT_CALL
    return Reason.DO_NOT_CALL if listed and wish.is_invitation else None


def no_sms(wish: Wish) -> Reason | None:
    """A number that no text reaches cannot be asked, and whoever asks for it is told at once."""
    deaf = wish.subscriber.flags & Flag.NO_SMS
    return Reason.NO_SMS_CAPABILITY if deaf and wish.channel is not Channel.SMS else None


def quiet_hours(wish: Wish) -> Reason | None:
    """Nobody is invited at night."""
    if not wish.is_invitation:
        return None
    policy, times = wish.rules.policy, wish.rules.texts.times
    is_night = times.is_within(wish.now_at, policy.quiet_from_minute, policy.quiet_until_minute)
    return Reason.QUIET_HOURS if is_night else None


def cool_down(wish: Wish) -> Reason | None:
    """A service that was refused, or went unanswered twice, is left alone by other channels."""
    if wish.channel in OWN:
        return None
    line = unwanted(wish.subscriber.memory, wish.service.code)
    return Reason.COOL_DOWN if line is not None and wish.now_at < line.rests_until_at else None


def service_limit(wish: Wish) -> Reason | None:
    """Other channels ask about one service so many times a day."""
    if wish.channel in OWN:
        return None
    since_at = wish.now_at - DAY_MS
    count = sum(
        service == wish.service.code and asked_at > since_at
        for service, asked_at in asked(wish.subscriber, wish.now_at)
    )
    limit = wish.rules.policy.service_prompts_a_day
    return Reason.SERVICE_RATE_LIMIT if count >= limit else None


def subscriber_limit(wish: Wish) -> Reason | None:
    """A number is asked so many times an hour and a day, whoever asks and about what."""
    free_at = free_from(wish.subscriber, wish.rules, wish.now_at)
    return Reason.SUBSCRIBER_RATE_LIMIT if free_at > wish.now_at else None


def free_from(subscriber: Subscriber, rules: Rules, now_at: int) -> int:
    """When the number may be asked again; `now_at` where it may be asked now."""
    policy, times = rules.policy, sorted([at for _, at in asked(subscriber, now_at)])
    caps = ((policy.prompts_an_hour, HOUR_MS), (policy.prompts_a_day, DAY_MS))
    reached = [times[-count] + span_ms for count, span_ms in caps if len(times) >= count]
    return max(reached, default=now_at)


def asked(subscriber: Subscriber, now_at: int) -> Iterator[tuple[str, int]]:
    """Give service and time of every request that was asked about lately, or is about to be.

    A request counts once, however many copies its prompt had.
    """
    for request in subscriber.requests:
        handed_over_at = request.handed_over_at
        yield request.service, now_at if handed_over_at is None else handed_over_at
    for subscription in subscriber.subscriptions:
        yield subscription.service, subscription.opened_at
    for line in subscriber.memory.settled:
        if line.asked_at:
            yield line.service, line.asked_at


AGAIN: Final = {"block_list": block_list, "minors": minors}
"""What a policy may want asked again when the yes comes, by its name there."""


TOLD: Final = {Reason.BLOCK_LISTED: "blocked", Reason.MINOR_PROTECTED: "minor_protected"}
"""What a refusal is told by, where it has a text of its own."""


def tell_guarded(draft: Draft, service: Service, source: str, reason: Reason) -> None:
    """Answer who asked by their own SMS, on `source`: bounded, as everything that only explains.

    Where `source` is empty the channel is told, and the subscriber hears nothing.
    """
    if not source:
        return None
    texts, language = draft.rules.texts, draft.subscriber.language
    if reason is Reason.SUBSCRIBER_RATE_LIMIT:
        return try_later(draft, service, source)
    key = TOLD.get(reason, "number_not_served")
    return hint(draft, key, texts.about(key, language, service), source)


def try_later(draft: Draft, service: Service, source: str) -> None:
    """Say from when on it may be asked again, once: whoever goes on asking hears nothing more."""
    now_at, subscriber = draft.event.at, draft.subscriber
    last_at = max(at for _, at in asked(subscriber, now_at))
    if hinted_since(draft, "try_later", last_at):
        return
    free_at = free_from(subscriber, draft.rules, now_at) + MINUTE_MS - 1
    text = draft.rules.texts.about("try_later", subscriber.language, service, by_at=free_at)
    hint(draft, "try_later", text, source)
