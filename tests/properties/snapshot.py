"""What is true of every number at every moment, whatever came before."""

from tests.unit.decide.example import POLICY
from twofold.domain.states import OPEN_REQUEST, SubscriptionState
from twofold.domain.subscriber import Subscriber


def hold_snapshot(subscriber: Subscriber) -> None:
    """What is true of every number at every moment."""
    services = [held.service for held in subscriber.requests]
    services += [held.service for held in subscriber.subscriptions]
    assert len(services) == len(set(services))
    for request in subscriber.requests:
        assert request.state in OPEN_REQUEST
        assert (request.handed_over_at is None) == (request.copies == 0)
        assert request.copies <= 2
        assert request.code is None or request.code.wrong < POLICY.code_max_wrong
        if request.opened_at is not None and request.printed_until_at is not None:
            assert request.printed_until_at <= request.due_at
    for subscription in subscriber.subscriptions:
        assert subscription.state is not SubscriptionState.ENDED
    memory = subscriber.memory
    assert max(len(memory.settled), len(memory.hints), len(memory.seen)) <= 8
