"""The states and the only ways between them; docs/explanation/states.md draws them from here."""

import pytest

from tests.plugins.golden import Compare
from twofold.domain.states import (
    LIVE_SUBSCRIPTION,
    OPEN_REQUEST,
    TRANSITIONS,
    RequestState,
    SubscriptionState,
    allowed,
)

State = RequestState | SubscriptionState

HEAD = """# States

A request is the first yes; a subscription is what a confirmed request becomes, under the same id.
This page is drawn by `make golden` from `TRANSITIONS` in `src/twofold/domain/states.py`, and a test holds it to that.
Every decision checks each change of state against `TRANSITIONS` before anything is written, and `twofold.checks` checks it again from evidence.

## A request

A request is open while it is `checking`, `waiting_prompt` or `pending`; it ends exactly once, and nothing follows its end.

- `checking` is for guards that must ask another system, and for a request that waits out a change of SIM; others begin as `waiting_prompt`.
- `waiting_prompt` lasts until the SMSC has accepted the prompt, or has lost its answer: then the subscriber may have been asked.
  While the answer to a prompt is out, a yes is kept and decided with that answer.
- `pending` is the confirmation window, half-open: it begins when the SMSC accepted the prompt, or at the hand-over if that answer was lost.
- A request that no prompt could reach ends as `undeliverable`, one whose offer changed as `withdrawn`, and silence ends it as `expired`.

"""  # noqa: E501 - one sentence a line

MIDDLE = """
## A subscription

A subscription is live in every state but `ended`.

- `activating` waits for the charge, and for whatever else must be answered before a start.
- `active` is on, and the welcome tells it; a welcome that is not accepted in time gives the charge back and suspends it.
- `grace` and `suspended` keep it without service; only a stated condition leads back.
- `ended` says why, by one of the [reasons](../reference/reasons.md).

"""  # noqa: E501


def drawn(states: type[RequestState] | type[SubscriptionState], first: list[State]) -> str:
    """Draw the ways between states of one kind, as Mermaid."""
    lines = [f"    [*] --> {state}" for state in first]
    for state in states:
        after = TRANSITIONS[state]
        lines += [f"    {state} --> {to}" for to in states if to in after]
        if not after:
            lines.append(f"    {state} --> [*]")
    body = "\n".join(lines)
    return f"```mermaid\nstateDiagram-v2\n{body}\n```\n"


def page() -> str:
    """Write the page."""
    begun = TRANSITIONS[None]
    requests = drawn(RequestState, [state for state in RequestState if state in begun])
    subscriptions = drawn(
        SubscriptionState, [state for state in SubscriptionState if state in begun]
    )
    return f"{HEAD}{requests}{MIDDLE}{subscriptions}"


def test_the_page_draws_the_states_as_they_are(golden: Compare) -> None:
    golden("../../docs/explanation/states.md", page())


def test_every_state_says_what_may_follow_it() -> None:
    assert {state for state in TRANSITIONS if state is not None} == {
        *RequestState,
        *SubscriptionState,
    }


@pytest.mark.parametrize("kind", [RequestState, SubscriptionState])
def test_every_state_can_be_reached_and_every_one_leads_to_an_end(
    kind: type[RequestState] | type[SubscriptionState],
) -> None:
    reached: set[State] = {state for state in TRANSITIONS[None] if isinstance(state, kind)}
    while more := {to for state in reached for to in TRANSITIONS[state]} - reached:
        reached |= more
    assert reached == set(kind)
    for state in kind:
        ends = {state}
        while more := {to for held in ends for to in TRANSITIONS[held]} - ends:
            ends |= more
        assert any(not TRANSITIONS[end] for end in ends)


def test_a_request_never_becomes_a_subscription_by_itself_nor_back() -> None:
    for state, after in TRANSITIONS.items():
        if state is not None:
            assert {type(to) for to in after} <= {type(state)}


def test_what_is_open_or_live_is_what_something_can_follow() -> None:
    going_on = {state for state in TRANSITIONS if state is not None and TRANSITIONS[state]}
    assert going_on == OPEN_REQUEST | LIVE_SUBSCRIPTION


def test_only_a_pending_request_can_be_confirmed_or_expire() -> None:
    for end in (RequestState.CONFIRMED, RequestState.EXPIRED):
        assert [state for state, after in TRANSITIONS.items() if end in after] == [
            RequestState.PENDING
        ]


def test_staying_is_always_allowed_and_going_only_where_it_says_so() -> None:
    assert allowed(RequestState.PENDING, RequestState.PENDING)
    assert allowed(RequestState.PENDING, RequestState.EXPIRED)
    assert allowed(None, SubscriptionState.ACTIVATING)
    assert not allowed(None, SubscriptionState.ACTIVE)
    assert not allowed(RequestState.EXPIRED, RequestState.PENDING)
    assert not allowed(RequestState.WAITING_PROMPT, RequestState.CONFIRMED)
