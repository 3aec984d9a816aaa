"""What a catalogue may hold and yet probably does not mean: said, and never refused."""

from collections.abc import Iterator

from twofold.catalog.faults import Fault
from twofold.domain.catalogue import Catalogue, Service


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
