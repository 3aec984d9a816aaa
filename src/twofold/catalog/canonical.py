"""A catalogue as one JSON document: how a revision is kept, and how two are found to be the same.

The revision is not part of it: the store numbers a document when it takes it.
Rows are sorted, so that the same catalogue always gives the same bytes, and the same digest.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final

import msgspec
from msgspec import Struct

from twofold.domain.catalogue import (
    Catalogue,
    Certificate,
    DatedPrice,
    DatedTemplate,
    Partner,
    Service,
    Stop,
)


class _Document(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is kept; everything else of a catalogue follows from it.

    What was added later is left out where it is empty, so that older digests stand.
    """

    partners: tuple[Partner, ...]
    certificates: tuple[Certificate, ...]
    services: tuple[Service, ...]
    stops: tuple[Stop, ...] = ()
    prices: tuple[DatedPrice, ...] = ()
    templates: tuple[DatedTemplate, ...] = ()


_ENCODER: Final = msgspec.json.Encoder(order="deterministic")
_DECODER: Final = msgspec.json.Decoder(_Document)


def assemble(
    revision: int,
    partners: Iterable[Partner],
    certificates: Iterable[Certificate],
    services: Iterable[Service],
    stops: Iterable[Stop] = (),
    prices: Iterable[DatedPrice] = (),
    templates: Iterable[DatedTemplate] = (),
) -> Catalogue:
    """Join checked rows into a catalogue, with the words that name each service."""
    held: dict[str, list[Certificate]] = {}
    for certificate in certificates:
        held.setdefault(certificate.partner, []).append(certificate)
    dated: dict[str, list[DatedPrice]] = {}
    for price in sorted(prices, key=_order):
        dated.setdefault(price.service, []).append(price)
    by_code = {service.code: service for service in services}
    words = {word: code for code, service in by_code.items() for word in words_of(service)}
    return Catalogue(
        revision=revision,
        partners={partner.id: partner for partner in partners},
        certificates={partner: tuple(rows) for partner, rows in held.items()},
        services=by_code,
        words=words,
        stops=tuple(stops),
        prices={code: tuple(rows) for code, rows in dated.items()},
        templates=tuple(sorted(templates, key=_place)),
    )


def _order(price: DatedPrice) -> tuple[str, int]:
    return price.service, price.from_at


def _place(template: DatedTemplate) -> tuple[str, str, int]:
    return template.key, template.language, template.from_at


def words_of(service: Service) -> tuple[str, ...]:
    """Give the words that name a service: its code, then its aliases."""
    return (service.code, *(alias.word for alias in service.aliases))


def to_json(catalogue: Catalogue) -> bytes:
    """Write a catalogue, without its revision, as its canonical document."""
    held = (row for rows in catalogue.certificates.values() for row in rows)
    dated = (row for rows in catalogue.prices.values() for row in rows)
    return _ENCODER.encode(
        _Document(
            partners=tuple(sorted(catalogue.partners.values(), key=lambda row: row.id)),
            certificates=tuple(sorted(held, key=lambda row: (row.partner, row.number, row.kind))),
            services=tuple(sorted(catalogue.services.values(), key=lambda row: row.code)),
            stops=tuple(sorted(catalogue.stops, key=lambda stop: (stop.kind, stop.name))),
            prices=tuple(sorted(dated, key=_order)),
            templates=tuple(sorted(catalogue.templates, key=_place)),
        )
    )


def from_json(document: bytes, revision: int) -> Catalogue:
    """Read what `to_json` wrote; raises `msgspec.ValidationError` for anything else."""
    kept = _DECODER.decode(document)
    return assemble(
        revision,
        kept.partners,
        kept.certificates,
        kept.services,
        kept.stops,
        kept.prices,
        kept.templates,
    )


def digest(document: bytes) -> bytes:
    """Give the 32 bytes by which equal documents are known."""
    return sha256(document).digest()
