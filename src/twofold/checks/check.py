"""The invariants over a store: evidence is read in order, and what it tells must be what is there.

It needs no rules: evidence names the revision and the policy that each request was judged by.
Memory is bounded, whatever the size of the store: numbers are read in parts.
Each part is read as it is at one moment, so that a live store keeps no longer what it wrote since.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

import msgspec

from twofold.checks.catalogues import Catalogues
from twofold.checks.reading import Reading
from twofold.checks.story import Story
from twofold.checks.violation import Acknowledged, Invariant, Violation
from twofold.domain.events import MessageReceived
from twofold.domain.ids import born_at
from twofold.domain.states import RequestState, SubscriptionState
from twofold.domain.terms import SKEW_MS
from twofold.store.records import DebitRow, Part, Records, RequestRow, SubscriptionRow

STORIES_MAX: Final = 50_000
"""Requests that are held at once; about a kilobyte each."""

GRACE_MS: Final = 60_000
"""How late a timer may be while the engine is busy."""

PRUNED_MS: Final = 26 * 3_600_000
"""What is older than this was to be pruned: it is kept for a day, and pruned every hour."""

VIOLATIONS_MAX: Final = 1_000
"""A store that is broken altogether need not be told of in full."""


_message: Final = msgspec.json.Decoder(MessageReceived)


def check(
    records: Records,
    windows: Mapping[str, int],
    *,
    now_at: int | None = None,
    grace_ms: int = GRACE_MS,
    acknowledged: Sequence[Acknowledged] = (),
    on_part: Callable[[int, int], None] = lambda _done, _parts: None,
) -> list[Violation]:
    """Give what is not as it must always be, at most `VIOLATIONS_MAX` of it.

    `windows` has the confirmation window in ms of every policy by its id.
    With `now_at` (ms UTC), nothing may be past due by more than `grace_ms`, nor kept for longer
    than it is pruned after.
    Every message of `acknowledged` must have its entry, as often as it stands there.
    `on_part` is told how many parts are read, of how many.
    Raises the errors of `store.errors`.
    """
    found: list[Violation] = []
    due_by = None if now_at is None else now_at - grace_ms
    parts = records.size() // STORIES_MAX + 1
    for number in range(parts):
        part = Part(parts, number)
        told = [held for held in acknowledged if held.msisdn % parts == number]
        with records.snapshot():
            catalogues = Catalogues(records)
            found += Parted(records, part, windows, told, catalogues).violations(due_by)
        on_part(number + 1, parts)
        if len(found) >= VIOLATIONS_MAX:
            break
    if now_at is not None:
        found += left_over(records, now_at)
    return found[:VIOLATIONS_MAX]


def left_over(records: Records, now_at: int) -> Iterator[Violation]:
    """What grows without end unless somebody prunes it."""
    for table, rows in records.left_over(now_at - PRUNED_MS):
        if rows:
            what = f"{rows} rows of {table} are left over from more than a day ago"
            yield Violation(Invariant.HOT, 0, 0, what)


class Parted:
    """The check of one part."""

    def __init__(
        self,
        records: Records,
        part: Part,
        windows: Mapping[str, int],
        acknowledged: Sequence[Acknowledged],
        catalogues: Catalogues,
    ) -> None:
        """Read the evidence of one part."""
        self._records = records
        self._part = part
        self._windows = windows
        self._unkept = Counter(acknowledged)
        self._catalogues = catalogues
        self._reading = Reading(windows, self._unkept, catalogues)
        for entry in records.entries(part):
            self._reading.read(entry)
        self._stories = self._reading.stories
        self._there: set[int] = set()
        self._open: dict[tuple[int, str], int] = {}
        self._live: dict[int, int] = {}
        """The oldest tenure of which something is live, by number."""

    def violations(self, due_by: int | None) -> list[Violation]:
        """Compare what evidence tells with what is there."""
        for request in self._records.requests(self._part):
            self._check_open(request, due_by)
        for request in self._records.settled(self._part):
            self._check_settled(request)
        for subscription in self._records.subscriptions(self._part):
            self._check_alone(subscription)
            self._check_subscription(subscription)
        for subscription in self._records.ended(self._part):
            self._check_subscription(subscription)
        self._check_money()
        for msisdn, tenure in self._records.tenures(self._part):
            if self._live.get(msisdn, tenure) < tenure:
                what = f"something of an older tenure than {tenure} is live"
                self._reading.complain(msisdn, 0, Invariant.TENURE, what)
        for story in self._stories.values():
            if story.id not in self._there:
                standing = story.subscription or story.state
                self._complain(story, Invariant.ENDING, f"it was {standing} and is gone")
        self._check_kept()
        return self._reading.violations

    # -- requests ----------------------------------------------------------------------------------

    def _check_open(self, row: RequestRow, due_by: int | None) -> None:
        story = self._told(row)
        self._check_alone(row)
        if story.opened_at != row.opened_at:
            self._complain(row, Invariant.CONSENT, "its window opened at another time")
        if due_by is not None and row.due_at < due_by:
            self._complain(row, Invariant.ENDING, "it is past due and was not decided")

    def _check_settled(self, row: RequestRow) -> None:
        if self._told(row).subscription:
            self._complain(row, Invariant.ENDING, "it ended unconfirmed and was started")

    def _told(self, row: RequestRow) -> Story:
        """The story of a request, which must say what the row says."""
        story = self._meet(row)
        if (story.msisdn, story.service, story.state) != (row.msisdn, row.service, row.state):
            told = f"{story.service} {story.state}".strip() or "nothing"
            said = f"it is {row.service} {row.state}, and evidence tells of {told}"
            self._complain(row, Invariant.ENDING, said)
        return story

    def _meet(self, row: RequestRow | SubscriptionRow) -> Story:
        """The story of a row; none may stand twice."""
        if row.id in self._there:
            self._complain(row, Invariant.ENDING, "it is there twice")
        self._there.add(row.id)
        story = self._stories.get(row.id) or Story(row.id, row.msisdn, row.tenure)
        if story.tenure != row.tenure:
            self._complain(row, Invariant.TENURE, "it is kept under another tenure")
        return story

    def _check_alone(self, row: RequestRow | SubscriptionRow) -> None:
        """A number has a service, or asks for it, once at a time.

        A request that was over when the next one began waits for nothing but replies in time.
        """
        place = (row.msisdn, row.service)
        self._live[row.msisdn] = min(row.tenure, self._live.get(row.msisdn, row.tenure))
        earlier = self._open.get(place)
        if earlier is not None and not self._was_over(earlier, born_at(row.id)):
            self._complain(row, Invariant.ONCE, f"{row.service} is open twice")
        self._open[place] = row.id

    def _was_over(self, request_id: int, at: int) -> bool:
        """Say whether a request's window had ended then."""
        story = self._stories.get(request_id)
        window_ms = self._windows.get(story.policy) if story else None
        if story is None or story.opened_at is None or window_ms is None:
            return False
        return at + SKEW_MS >= story.opened_at + window_ms

    # -- subscriptions -----------------------------------------------------------------------------

    def _check_subscription(self, row: SubscriptionRow) -> None:
        complain = partial(self._complain, row)
        story = self._meet(row)
        if story.state != RequestState.CONFIRMED:
            complain(Invariant.CONSENT, "no confirmation is in evidence")
            return
        if (story.msisdn, story.service) != (row.msisdn, row.service):
            complain(Invariant.CONSENT, f"what was confirmed is {story.service}")
        if story.subscription != row.state:
            complain(Invariant.ENDING, f"it is {row.state}, evidence tells {story.subscription}")
        if (story.revision, story.opened_at) != (row.revision, row.opened_at):
            complain(Invariant.CONSENT, "it was asked about on other terms, or at another time")
        if story.replied_to != row.short_code:
            complain(Invariant.CONSENT, "it was confirmed on another short code")
        asked_at = min(born_at(row.id), row.opened_at)
        asked = self._catalogues.terms(row.revision, row.service, asked_at, row.opened_at)
        if not asked:
            complain(Invariant.CONSENT, f"revision {row.revision} did not offer {row.service}")
        elif all(
            terms.price_minor < row.price_minor or terms.period_days != row.period_days
            for terms in asked
        ):
            complain(Invariant.CONSENT, "its price or period is not what was asked about")
        if any(amount > row.price_minor for amount in story.taken.values()):
            complain(Invariant.MONEY, "more was charged than was asked for")

    # -- money and messages ------------------------------------------------------------------------

    def _check_money(self) -> None:
        """Each debit is in evidence, and the other way round."""
        for row in self._records.debits(self._part):
            story = self._stories.get(row.subscription_id) or Story(row.subscription_id, row.msisdn)
            if story.tenure != row.tenure:
                self._complain(row, Invariant.TENURE, f"a {row.kind} is kept under another tenure")
            told = story.taken if row.kind == "charge" else story.returned
            if told.pop(row.period_at, None) != abs(row.amount_minor):
                self._complain(row, Invariant.MONEY, f"a {row.kind} is not in evidence")
        for story in self._stories.values():
            if story.taken or story.returned:
                self._complain(story, Invariant.MONEY, "money in evidence has no debit")
            if story.subscription == SubscriptionState.ACTIVE and not story.welcome:
                self._complain(story, Invariant.ONCE, "it was started without a welcome")

    def _check_kept(self) -> None:
        """What was acknowledged has an entry, or was parked with its bytes."""
        for message in self._parked_messages():
            if message in self._unkept:
                self._unkept[message] -= 1
        for message, missing in self._unkept.items():
            if missing > 0:
                what = f"{missing} of its acknowledged messages to {message.short_code} are lost"
                self._reading.complain(message.msisdn, 0, Invariant.KEPT, what)

    def _parked_messages(self) -> Iterator[Acknowledged]:
        for document in self._records.parked(self._part):
            try:
                event = _message.decode(document)
            except msgspec.ValidationError:
                continue
            yield Acknowledged(event.msisdn, event.short_code, event.raw)

    def _complain(
        self,
        about: RequestRow | SubscriptionRow | DebitRow | Story,
        invariant: Invariant,
        what: str,
    ) -> None:
        number = about.subscription_id if isinstance(about, DebitRow) else about.id
        self._reading.complain(about.msisdn, number, invariant, what)
