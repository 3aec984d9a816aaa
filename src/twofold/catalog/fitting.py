"""Whether what a catalogue says can be told to subscribers: every text, with its own values."""

from collections.abc import Iterator

from msgspec import structs

from twofold.catalog.rows import Market
from twofold.domain.catalogue import Catalogue
from twofold.texts import lint_texts


def misfits(catalogue: Catalogue, market: Market) -> Iterator[tuple[str, str]]:
    """Say which services do not fit into the texts that the policy demands: code, and what to do.

    One fault in several languages is said once.
    """
    known = {c: s for c, s in catalogue.services.items() if s.partner in catalogue.partners}
    whole = structs.replace(catalogue, services=known)
    languages: dict[tuple[str, str, str, str], list[str]] = {}
    for fault in lint_texts(market.operator, market.policy, whole):
        found = languages.setdefault((fault.service, fault.key, fault.what, fault.fix), [])
        found.append(fault.language)
    for (code, key, what, fix), spoken in languages.items():
        place = f"{key} ({', '.join(spoken)}): " if key else ""
        yield code, f"{place}{what}; {fix}"
