"""The story of one request as evidence tells it, entry by entry, and what in it may not be."""

from collections.abc import Callable
from typing import Final

from msgspec import Struct, field

from twofold.checks.violation import Invariant
from twofold.domain.reason import Reason
from twofold.domain.states import OPEN_REQUEST, RequestState, SubscriptionState, allowed
from twofold.domain.terms import SKEW_MS
from twofold.evidence.entry import Change, Entry, Money, Sent

PROMPT: Final = "send_prompt"
PROMPT_KEY: Final = "confirm_request"
WELCOME_KEY: Final = "activated"
COPIES_MAX: Final = 2
"""How many prompts of one request may ever reach the handset."""

_REQUEST_STATES: Final = frozenset(state.value for state in RequestState)

Complain = Callable[[Invariant, str], None]


class Story(Struct):
    """What evidence says of one request, and of the subscription that it became."""

    id: int
    msisdn: int
    tenure: int = 0
    service: str = ""
    revision: int = 0
    policy: str = ""
    state: str = ""
    """The request's."""
    subscription: str = ""
    """The subscription's state."""
    out: int = 0
    """Prompts that may have reached the handset."""
    under_way: int = 0
    """Of those, the ones whose outcome is not known yet."""
    handed_over_at: int | None = None
    printed_until_at: int | None = None
    opened_at: int | None = None
    held_at: int | None = None
    """The effective time of a yes that waited for the SMSC's answer."""
    replied_to: str = ""
    """The short code that the confirming MO, or the one that was held, was sent to."""
    welcome: str = ""
    """The welcome's order."""
    taken: dict[int, int] = field(default_factory=dict)
    """What was charged, by period."""
    returned: dict[int, int] = field(default_factory=dict)
    """What was given back, by period."""

    @property
    def is_open(self) -> bool:
        """Whether the request waits for something."""
        return self.state in OPEN_REQUEST

    # -- the prompt --------------------------------------------------------------------------------

    def hand_over(self, sent: Sent, at: int, complain: Complain) -> None:
        """A prompt left, or may have."""
        self.out += 1
        self.under_way += 1
        if self.out > COPIES_MAX:
            complain(Invariant.ONCE, f"{self.out} prompts may have reached the handset")
        if not self.is_open:
            complain(Invariant.ENDING, f"a prompt was sent while it was {self.state}")
        if self.handed_over_at is None:
            self.handed_over_at, self.printed_until_at = at, sent.until_at
        elif sent.until_at != self.printed_until_at:
            complain(Invariant.ONCE, "two prompts print different deadlines")

    def hear_of_prompt(self, detail: str) -> None:
        """The SMSC accepted it, its answer was lost, or it certainly did not leave."""
        if not self.under_way:
            return
        self.under_way -= 1
        if detail == "delivered" or detail.startswith("unknown"):
            return
        self.out -= 1
        self.held_at = None
        if not self.out:
            self.handed_over_at = self.printed_until_at = None

    # -- the steps ---------------------------------------------------------------------------------

    def step(self, change: Change, entry: Entry, window_ms: int | None, complain: Complain) -> None:
        """Go from one state to the next."""
        if change.service != self.service and self.service:
            complain(Invariant.CONSENT, f"it was {self.service} and became {change.service}")
        if change.after in _REQUEST_STATES:
            self._step_request(change, entry, window_ms, complain)
        else:
            self._step_subscription(change, complain)

    def _step_request(
        self, change: Change, entry: Entry, window_ms: int | None, complain: Complain
    ) -> None:
        before = RequestState(self.state) if self.state else None
        if change.before != self.state or not allowed(before, RequestState(change.after)):
            said = f"{change.before or 'nothing'} to {change.after}"
            complain(Invariant.ENDING, f"went from {said} while it was {self.state or 'nothing'}")
        self.state = change.after
        if not change.before:
            self.service, self.revision = change.service, entry.revision
            self.policy = entry.policy
        elif change.after == RequestState.PENDING:
            self._open(entry)
        elif change.after == RequestState.CONFIRMED:
            self._confirm(entry, window_ms, complain)

    def _open(self, entry: Entry) -> None:
        """The window opens with the SMSC's acceptance, or at the hand-over if that was lost."""
        accepted = entry.heard.key == PROMPT_KEY and entry.heard.detail == "delivered"
        self.opened_at = entry.at if accepted else self.handed_over_at

    def _confirm(self, entry: Entry, window_ms: int | None, complain: Complain) -> None:
        """A yes counts if the subscriber was asked, and said it from then on and in time."""
        said_at = self.held_at
        if entry.kind == "message_received":
            said_at, self.replied_to = entry.heard.effective_at, entry.heard.short_code
        if said_at is None:
            complain(Invariant.CONSENT, "it was confirmed without a message of the subscriber")
        elif self.handed_over_at is None or self.opened_at is None or not self.out:
            complain(Invariant.CONSENT, "it was confirmed though no prompt was out")
        elif window_ms is None:
            complain(Invariant.CONSENT, f"its policy {self.policy} is not known here")
        elif not self.handed_over_at - SKEW_MS <= said_at < self.opened_at + window_ms:
            complain(Invariant.CONSENT, "it was confirmed outside its window")

    def _step_subscription(self, change: Change, complain: Complain) -> None:
        before = SubscriptionState(self.subscription) if self.subscription else None
        if change.before != self.subscription or not allowed(
            before, SubscriptionState(change.after)
        ):
            said = f"{change.before or 'nothing'} to {change.after}"
            standing = self.subscription or "nothing"
            complain(Invariant.ENDING, f"went from {said} while it was {standing}")
        if self.state != RequestState.CONFIRMED:
            complain(Invariant.CONSENT, f"it became {change.after} without a confirmation")
        self.subscription = change.after

    # -- replies, texts and money ------------------------------------------------------------------

    def hold(self, entry: Entry) -> None:
        """A yes came before the SMSC answered for the prompt; the first one counts."""
        if entry.reason == Reason.PROMPT_UNANSWERED.name and self.held_at is None:
            self.held_at, self.replied_to = entry.heard.effective_at, entry.heard.short_code

    def be_welcomed(self, sent: Sent, complain: Complain) -> None:
        """One welcome a start, however often it is tried."""
        if self.welcome not in {"", sent.order}:
            complain(Invariant.ONCE, "it was welcomed twice")
        self.welcome = sent.order

    def pay(self, money: Money, *, was_over: bool, complain: Complain) -> None:
        """Money was taken, or given back."""
        period_at, amount_minor = money.period_at, money.amount_minor
        if amount_minor < 0:
            if self.taken.get(period_at) != -amount_minor:
                complain(Invariant.MONEY, "what was given back is not what was taken")
            if period_at in self.returned:
                complain(Invariant.MONEY, "a charge was given back twice")
            self.returned[period_at] = -amount_minor
            return
        if self.state != RequestState.CONFIRMED:
            complain(Invariant.MONEY, "it was charged without a confirmation")
        if self.subscription == SubscriptionState.SUSPENDED:
            complain(Invariant.MONEY, "it was charged while it was held")
        if was_over:
            complain(Invariant.MONEY, "it was charged after its end")
        if period_at in self.taken:
            complain(Invariant.MONEY, "a period was charged twice")
        self.taken[period_at] = amount_minor
