"""Evidence says which order it is that went so: two texts of one kind are never mixed up."""

import pytest

from twofold.commit.recording import heard
from twofold.domain.events import AccountAsked, OrderFellDue, OrderOverdue, OutcomeArrived
from twofold.domain.orders import Delivered, Order, OrderKind, Outcome, Rejected, RetryAt, Unknown

PROMPT = Order(77, OrderKind.SEND_PROMPT, 84912345678, 1, 5, 0, 0, key="confirm_request")


@pytest.mark.parametrize(
    "outcome", [Delivered("main", ("A1",)), RetryAt(9, "busy"), Rejected("no"), Unknown("lost")]
)
def test_how_an_order_went_names_the_order(outcome: Outcome) -> None:
    told = heard(OutcomeArrived(1, 2, 84912345678, PROMPT, outcome))
    assert (told.key, told.order) == ("confirm_request", "77")


@pytest.mark.parametrize("event", [OrderFellDue, OrderOverdue, AccountAsked])
def test_what_falls_due_or_is_asked_names_the_order(
    event: type[OrderFellDue | OrderOverdue | AccountAsked],
) -> None:
    assert heard(event(1, 2, 84912345678, PROMPT)).order == "77"
