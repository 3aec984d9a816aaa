"""From evidence to stories: each entry is verified, then told to whom it concerns."""

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Final

import msgspec

from twofold.checks.catalogues import Catalogues
from twofold.checks.story import PROMPT, PROMPT_KEY, WELCOME_KEY, Complain, Story
from twofold.checks.violation import Acknowledged, Invariant, Violation
from twofold.decide.numbers import ENDS_TENURE
from twofold.domain.ids import parse_reference, reference
from twofold.domain.states import RequestState, SubscriptionState
from twofold.evidence.entry import Entry, Sent, entry_hash
from twofold.store.port import EntryRow

CHARGE: Final = "charge"
ENDS: Final = frozenset({"number_changed", "outcome_arrived"})
"""Kinds of entries that may end a tenure ..."""

END_REASONS: Final = frozenset(reason.name for reason, _ in ENDS_TENURE.values())
"""... for one of these reasons."""

ACKNOWLEDGED: Final = frozenset({"message_received", "ussd_received"})
"""Kinds of entries of whole messages, which the SMSC was told that they are kept."""

_entry: Final = msgspec.json.Decoder(Entry)


def is_bound(sent: Sent) -> bool:
    """Say whether an order is one that a stop must keep from leaving."""
    return sent.kind == CHARGE or (sent.kind == PROMPT and bool(sent.text))


class Reading:
    """Reads evidence in order and keeps one story a request."""

    def __init__(
        self,
        windows: Mapping[str, int],
        unkept: Counter[Acknowledged],
        catalogues: Catalogues,
    ) -> None:
        """`windows` has the window in ms by policy; `unkept` loses each message that is found."""
        self._catalogues = catalogues
        self.stories: dict[int, Story] = {}
        self.violations: list[Violation] = []
        self._windows = windows
        self._unkept = unkept
        self._over: set[tuple[int, int]] = set()
        """Tenures that ended, by number."""

    def read(self, row: EntryRow) -> None:
        """Read one entry."""
        if row.hash != entry_hash(row.salt, row.document):
            self.complain(row.msisdn, row.id, Invariant.PROOF, "the entry is not what was hashed")
        entry = _entry.decode(row.document)
        about = reference(row.request_id) if row.request_id else ""
        said = (entry.at, entry.msisdn, entry.tenure, entry.kind, entry.request)
        if said != (row.at, row.msisdn, row.tenure, row.kind, about):
            self.complain(row.msisdn, row.id, Invariant.PROOF, "the entry is filed as another")
        self._hear(entry, row.request_id)
        over = {line.request for line in entry.changes if line.after == SubscriptionState.ENDED}
        for change in entry.changes:
            story = self._story(change.request, entry)
            window_ms = self._windows.get(story.policy or entry.policy)
            story.step(change, entry, window_ms, self._of(story))
        for money in entry.debits:
            story = self._story(money.request, entry)
            was_over = story.subscription == SubscriptionState.ENDED and money.request not in over
            story.pay(money, was_over=was_over, complain=self._of(story))
        for sent in entry.sent:
            self._send(sent, entry)
        self._see_tenure(entry)
        self._see_stops(entry, row.id)

    def _see_stops(self, entry: Entry, entry_id: int) -> None:
        """From the commit of a revision on, everything is decided by it, and nothing it stops."""
        if entry.revision < self._catalogues.binding(entry_id):
            what = f"{entry.kind} was decided by a revision that was over"
            self.complain(entry.msisdn, entry_id, Invariant.STOP, what)
        went_on = [
            *(self._story(s.request or entry.request, entry) for s in entry.sent if is_bound(s)),
            *(
                self._story(change.request, entry)
                for change in entry.changes
                if change.after == RequestState.CONFIRMED
            ),
            *(
                self._story(money.request, entry)
                for money in entry.debits
                if money.amount_minor > 0
            ),
        ]
        for story in went_on:
            if self._catalogues.is_off_air(entry.revision, story.service):
                what = f"{story.service} went on after it was stopped, by {entry.kind}"
                self._of(story)(Invariant.STOP, what)

    def _see_tenure(self, entry: Entry) -> None:
        """When a tenure is over, nothing more is taken or said under it; money may go back."""
        tenure = (entry.msisdn, entry.tenure)
        if tenure in self._over:
            taken = any(money.amount_minor > 0 for money in entry.debits)
            said = any(sent.text or sent.kind == CHARGE for sent in entry.sent)
            if taken or said or entry.changes:
                what = f"{entry.kind} acts for a holder who no longer has the number"
                self.complain(entry.msisdn, 0, Invariant.TENURE, what)
        elif entry.kind in ENDS and entry.reason in END_REASONS:
            self._over.add(tenure)

    def complain(self, msisdn: int, about: int, invariant: Invariant, what: str) -> None:
        """Keep a violation."""
        self.violations.append(Violation(invariant, msisdn, about, what))

    def _hear(self, entry: Entry, request_id: int) -> None:
        """What came in may be an MO that was acknowledged, a reply that waits, or an outcome."""
        heard, story = entry.heard, self.stories.get(request_id)
        if entry.kind in ACKNOWLEDGED:
            message = Acknowledged(entry.msisdn, heard.short_code, heard.raw)
            if message in self._unkept:
                self._unkept[message] -= 1
        if entry.kind == "message_received":
            if story is not None:
                story.hold(entry)
        elif entry.kind == "outcome_arrived" and heard.key == PROMPT_KEY and story is not None:
            story.hear_of_prompt(heard.detail)

    def _send(self, sent: Sent, entry: Entry) -> None:
        """A prompt that left, or a welcome."""
        if sent.kind == PROMPT and sent.text:
            story = self._story(sent.request or entry.request, entry)
            story.hand_over(sent, entry.at, self._of(story))
        elif sent.key == WELCOME_KEY:
            story = self._story(sent.request or entry.request, entry)
            story.be_welcomed(sent, self._of(story))

    def _story(self, written: str, entry: Entry) -> Story:
        """The story of a request; one that nobody began yet begins here."""
        request_id = parse_reference(written) or 0
        story = self.stories.get(request_id)
        if story is None:
            story = self.stories[request_id] = Story(request_id, entry.msisdn, entry.tenure)
        if story.msisdn != entry.msisdn:
            self._of(story)(Invariant.CONSENT, "another number decides about it")
        elif story.tenure != entry.tenure:
            self._of(story)(Invariant.TENURE, "another holder of the number decides about it")
        return story

    def _of(self, story: Story) -> Complain:
        return partial(self.complain, story.msisdn, story.id)
