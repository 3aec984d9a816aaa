"""Texts of several lines: what is on (`TK`), and what `HUY ALL` ended.

One line a service, none left out and the tail never cut: a long list goes on in further segments.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from twofold.domain.terms import Terms
from twofold.texts.localtime import LocalTimes
from twofold.texts.money import amount, price
from twofold.texts.sources import Source, complete
from twofold.texts.unaccented import sendable


class ListLine(Struct, frozen=True):
    """One service in a list.

    `renews_at` (ms UTC) is None for a pending request and while a subscription is being started.
    """

    name: str
    code: str
    short_code: str
    terms: Terms
    renews_at: int | None
    pending: bool = False
    """Whether it waits for the subscriber's yes, and is not a subscription."""
    paused: bool = False
    """Whether it is held without service or charge."""


class Letterhead(Struct, frozen=True):
    """What every list is written with: the language, the operator's values, currency and clock."""

    source: Source
    operator_values: Mapping[str, str]
    currency: str
    times: LocalTimes

    def write(self, key: str, **values: str) -> str:
        """Render one part of a list."""
        return complete(self.source.templates[key], {**self.operator_values, **values})


def write_listing(head: Letterhead, lines: Sequence[ListLine], spent_minor: int) -> str:
    """List subscriptions and pending requests with price, renewal and the words that stop them."""
    numbered = (
        head.write(
            "tk_line",
            number=str(number),
            service_name=sendable(line.name),
            price=price(line.terms, head.currency, head.source.words),
            standing=_standing(head, line),
            code=line.code,
        )
        for number, line in enumerate(lines, 1)
    )
    return "\n".join((_heading(head, lines, spent_minor), *numbered, head.write("tk_end")))


def write_empty_listing(head: Letterhead, spent_minor: int) -> str:
    """Say that nothing is on."""
    return head.write("tk_empty", spent=amount(spent_minor, head.currency, head.source.words))


def write_ended_all(head: Letterhead, names: Sequence[str], by_at: int, proof: str) -> str:
    """List everything that one stop ended."""
    numbered = (
        head.write("cancel_all_line", number=str(number), service_name=sendable(name))
        for number, name in enumerate(names, 1)
    )
    heading = head.write("cancel_all", by=head.times.minute(by_at))
    return "\n".join((heading, *numbered, head.write("cancel_all_end", proof=proof)))


def _heading(head: Letterhead, lines: Sequence[ListLine], spent_minor: int) -> str:
    """Count what is on and what waits apart: a request that waits is not a service that is on."""
    spent = amount(spent_minor, head.currency, head.source.words)
    waiting = sum(line.pending for line in lines)
    count = len(lines) - waiting
    if not waiting:
        return head.write("tk_list", count=str(count), spent=spent)
    if not count:
        return head.write("tk_list_waiting_only", waiting_count=str(waiting), spent=spent)
    return head.write("tk_list_waiting", count=str(count), waiting_count=str(waiting), spent=spent)


def _standing(head: Letterhead, line: ListLine) -> str:
    """Say what a line is waiting for: the subscriber's yes, its start, or its next renewal."""
    words = head.source.words
    if line.pending:
        return words.waiting
    if line.paused:
        return words.paused
    if line.renews_at is None:
        return words.starting
    phrase = words.renews if line.terms.auto_renew else words.renews_not
    return phrase.replace("{date}", head.times.day(line.renews_at))
