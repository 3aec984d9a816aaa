"""Charges and refunds that reach the embedded accounts as orders: a decision answers them."""

from collections.abc import Callable

from twofold.commit import Committer
from twofold.domain.clock import Clock
from twofold.domain.events import AccountAsked
from twofold.domain.ids import IdSource
from twofold.domain.orders import Order


class AccountsCarrier:
    """Asks the embedded accounts."""

    def __init__(
        self, committer: Committer, clock: Clock, ids: IdSource, settled: Callable[[Order], None]
    ) -> None:
        """Call `settled` when an order was carried out."""
        self._committer = committer
        self._clock = clock
        self._ids = ids
        self._settled = settled

    def carry(self, order: Order) -> bool:
        """Ask once; the answer is the decision itself."""
        self.ask(order)
        return True

    def ask(self, order: Order, *, again: bool = False) -> None:
        """Submit the question; a repeated one finds the order settled and changes nothing."""
        now_at = self._clock.now()
        event = AccountAsked(self._ids.next(now_at), now_at, order.msisdn, order)
        self._committer.submit(event, None if again else lambda _decision: self._settled(order))
