"""Whether what a catalogue says can be told to subscribers: every text, with its own values."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Final

from msgspec import structs

from twofold.catalog.rows import Market
from twofold.domain.catalogue import Catalogue, DatedPrice, DatedTemplate
from twofold.texts import lint_texts, lint_wording

FOREVER: Final = 1 << 62
NAMED: Final = 3
"""Services that are named in one fault; the others are counted."""


def _later(
    catalogue: Catalogue, begun: Catalogue, prices: Mapping[str, Sequence[DatedPrice]]
) -> Iterator[tuple[Catalogue, Collection[str] | None]]:
    """Give a catalogue with each service at its first dated price, then at its second, and so on.

    `begun` is `catalogue` as it is before them, and comes first; with each of the others come the
    services whose price it is, since nothing else is new in it.
    A text on a service says no other one's price, so that dates need not be put together.
    """
    yield begun, None
    for place in range(max(map(len, prices.values()), default=0)):
        later = {
            code: held.on(dated[place].terms(held))
            for code, dated in prices.items()
            if len(dated) > place and (held := catalogue.services.get(code))
        }
        yield structs.replace(begun, services={**begun.services, **later}), later


def _told(catalogue: Catalogue) -> Catalogue:
    """Leave out the services that nothing can be said of, for want of a partner."""
    known = {c: s for c, s in catalogue.services.items() if s.partner in catalogue.partners}
    return structs.replace(catalogue, services=known)


def misfits(catalogue: Catalogue, market: Market) -> Iterator[tuple[str, str]]:
    """Say which services do not fit into the texts that the policy demands: code, and what to do.

    The texts are the program's own; one fault in several languages is said once.
    """
    whole = _told(catalogue)
    languages: dict[tuple[str, str, str, str], list[str]] = {}
    for priced, codes in _later(whole, whole, whole.prices):
        for fault in lint_texts(market.operator, market.policy, priced, codes):
            found = languages.setdefault((fault.service, fault.key, fault.what, fault.fix), [])
            if fault.language not in found:
                found.append(fault.language)
    for (code, key, what, fix), spoken in languages.items():
        place = f"{key} ({', '.join(spoken)}): " if key else ""
        yield code, f"{place}{what}; {fix}"


def miswordings(
    catalogue: Catalogue, market: Market, unsound: Collection[str]
) -> Iterator[tuple[DatedTemplate, str]]:
    """Say which templates do not fit the services, on any day from theirs on, and what to do.

    `unsound` are those that do not fit the program's own texts either: they are the fault.
    """
    whole = _told(catalogue)
    sound = {code: held for code, held in whole.services.items() if code not in unsound}
    whole = structs.replace(whole, services=sound)
    found: dict[tuple[DatedTemplate, str], list[str]] = {}
    for moment in _worded(whole):
        said = {(held.key, held.language): held for held in moment.wording}
        for fault in lint_wording(market.operator, market.policy, moment):
            place = said[fault.key, fault.language], f"{fault.what}; {fault.fix}"
            services = found.setdefault(place, [])
            if fault.service and fault.service not in services:
                services.append(fault.service)
    for (held, says), services in found.items():
        yield held, f"{_named(services)}{says}"


def _worded(catalogue: Catalogue) -> Iterator[Catalogue]:
    """Give the catalogue as it is from each day on which a text changes until the next one."""
    days = sorted({held.from_at for held in catalogue.templates})
    for day, until_at in zip_longest(days, days[1:]):
        begun = catalogue.at(day)
        prices = {
            code: [
                price for price in dated if day < price.from_at < (until_at or price.from_at + 1)
            ]
            for code, dated in catalogue.prices.items()
        }
        yield from (priced for priced, _ in _later(catalogue, begun, prices))


def _named(services: Sequence[str]) -> str:
    """Name the services that a fault concerns."""
    if not services:
        return ""
    more = len(services) - NAMED
    rest = f" and {more} more" if more > 0 else ""
    return f"of {', '.join(services[:NAMED])}{rest}: "
