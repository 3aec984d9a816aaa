"""What a person should see of a catalogue that has no fault: what it may not mean, what it says."""

from collections.abc import Iterator

from twofold.catalog.faults import Fault
from twofold.catalog.rows import Market
from twofold.domain.catalogue import Catalogue, DatedTemplate, Service
from twofold.protocol.gsm import septets
from twofold.texts import as_sent, compile_texts, cut


def advise(catalogue: Catalogue, now_at: int) -> Iterator[Fault]:
    """Say what a person should know of a catalogue at `now_at` (ms UTC)."""
    for service in catalogue.services.values():
        if not catalogue.is_certified(service.partner, now_at):
            says = f"partner {service.partner} has no certificate in force today; DK is refused"
            yield Fault(f"service {service.code}", says)
        yield from _kept_only(service)
    sellers = {service.partner for service in catalogue.services.values()}
    for partner in catalogue.partners:
        if partner not in sellers:
            yield Fault(f"partner {partner}", "sells nothing")


def _kept_only(service: Service) -> Iterator[Fault]:
    """Say which values of a service this version keeps but does not act on."""
    values = {
        "trial": service.trial_days,
        "whole": any(alias.whole for alias in service.aliases),
        f'stage = "{service.stage.value}"': service.stage.value in {"shadow", "pilot"},
    }
    for key, value in values.items():
        if value:
            yield Fault(f"service {service.code}: {key}", "is kept, but not served by this version")


def shown(catalogue: Catalogue, market: Market) -> Iterator[tuple[DatedTemplate, str]]:
    """Show each template as it is sent from its day on, at its longest, with what it costs."""
    for held in catalogue.templates:
        begun = catalogue.at(held.from_at)
        texts = compile_texts(market.operator, market.policy, begun)
        text, service = as_sent(texts, held.key, held.language)
        parts = len(cut(text).parts)
        what = f"{held.key} ({held.language}), version {held.version}"
        cost = f"{septets(text)} septets, {parts} SMS"
        longest = f" at its longest, of {service}" if service else " at its longest"
        yield held, f"{what}: {cost}{longest}\n  {text}"
