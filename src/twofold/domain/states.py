"""The states of a request and of a subscription, and the only ways from one to another.

`TRANSITIONS` is data: asserted whenever a decision changes a state, walked by the tests and drawn
into the docs.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class RequestState(StrEnum):
    """Where a request (the first yes) stands."""

    CHECKING = "checking"
    REFUSED = "refused"
    WAITING_PROMPT = "waiting_prompt"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    UNDELIVERABLE = "undeliverable"
    WITHDRAWN = "withdrawn"


class SubscriptionState(StrEnum):
    """Where a subscription (a confirmed request) stands."""

    ACTIVATING = "activating"
    ACTIVE = "active"
    GRACE = "grace"
    SUSPENDED = "suspended"
    ENDED = "ended"


R = RequestState
S = SubscriptionState

OPEN_REQUEST: Final = frozenset({R.CHECKING, R.WAITING_PROMPT, R.PENDING})
"""States of a request that is not settled yet."""

LIVE_SUBSCRIPTION: Final = frozenset({S.ACTIVATING, S.ACTIVE, S.GRACE, S.SUSPENDED})
"""States of a subscription that is not over yet."""

TRANSITIONS: Final[
    Mapping[RequestState | SubscriptionState | None, frozenset[RequestState | SubscriptionState]]
] = {
    None: frozenset({R.CHECKING, R.REFUSED, R.WAITING_PROMPT, S.ACTIVATING}),
    R.CHECKING: frozenset({R.REFUSED, R.WAITING_PROMPT, R.DECLINED, R.CANCELLED, R.WITHDRAWN}),
    R.WAITING_PROMPT: frozenset({R.PENDING, R.DECLINED, R.CANCELLED, R.UNDELIVERABLE, R.WITHDRAWN}),
    R.PENDING: frozenset(
        {R.CONFIRMED, R.DECLINED, R.EXPIRED, R.CANCELLED, R.UNDELIVERABLE, R.WITHDRAWN}
    ),
    R.REFUSED: frozenset(),
    R.CONFIRMED: frozenset(),
    R.DECLINED: frozenset(),
    R.EXPIRED: frozenset(),
    R.CANCELLED: frozenset(),
    R.UNDELIVERABLE: frozenset(),
    R.WITHDRAWN: frozenset(),
    S.ACTIVATING: frozenset({S.ACTIVE, S.ENDED}),
    S.ACTIVE: frozenset({S.GRACE, S.SUSPENDED, S.ENDED}),
    S.GRACE: frozenset({S.ACTIVE, S.SUSPENDED, S.ENDED}),
    S.SUSPENDED: frozenset({S.ACTIVE, S.ENDED}),
    S.ENDED: frozenset(),
}
"""From each state (None: not there yet) to the states that may follow it."""


def allowed(
    before: RequestState | SubscriptionState | None, after: RequestState | SubscriptionState
) -> bool:
    """Say whether a decision may lead from `before` to `after`; staying where one is always may."""
    return before == after or after in TRANSITIONS[before]
