"""Whether what a catalogue says can be told to subscribers: every text, with its own values."""

from collections.abc import Iterator

from msgspec import structs

from twofold.catalog.rows import Market
from twofold.domain.catalogue import Catalogue
from twofold.texts import lint_texts


def _later(catalogue: Catalogue) -> Iterator[Catalogue]:
    """Give the catalogue with each service at its first dated price, then at its second, and so on.

    A text on a service says no other one's price, so that dates need not be put together.
    """
    most = max(map(len, catalogue.prices.values()), default=0)
    for place in range(most):
        later = {
            code: held.on(dated[place].terms(held))
            for code, dated in catalogue.prices.items()
            if len(dated) > place and (held := catalogue.services.get(code))
        }
        yield structs.replace(catalogue, services={**catalogue.services, **later})


def misfits(catalogue: Catalogue, market: Market) -> Iterator[tuple[str, str]]:
    """Say which services do not fit into the texts that the policy demands: code, and what to do.

    One fault in several languages is said once.
    """
    known = {c: s for c, s in catalogue.services.items() if s.partner in catalogue.partners}
    whole = structs.replace(catalogue, services=known)
    languages: dict[tuple[str, str, str, str], list[str]] = {}
    for priced in (whole, *_later(whole)):
        for fault in lint_texts(market.operator, market.policy, priced):
            found = languages.setdefault((fault.service, fault.key, fault.what, fault.fix), [])
            if fault.language not in found:
                found.append(fault.language)
    for (code, key, what, fix), spoken in languages.items():
        place = f"{key} ({', '.join(spoken)}): " if key else ""
        yield code, f"{place}{what}; {fix}"
