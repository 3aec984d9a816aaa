"""What the catalogue said, revision by revision, as far as evidence must agree with it."""

from bisect import bisect_left
from typing import Final

import msgspec
from msgspec import Struct

from twofold.domain.catalogue import DatedPrice, Service, Stage, Stop
from twofold.domain.terms import Terms
from twofold.store.records import Records


class CatalogueDocument(Struct, frozen=True):
    """A catalogue document, as far as it matters here."""

    services: tuple[Service, ...]
    stops: tuple[Stop, ...] = ()
    prices: tuple[DatedPrice, ...] = ()


_catalogue: Final = msgspec.json.Decoder(CatalogueDocument)
_NOTHING: Final = CatalogueDocument(())


class Catalogues:
    """Reads what was sold in which revision; the one read last is kept."""

    def __init__(self, records: Records) -> None:
        """Read from `records`."""
        self._records = records
        self._revision = 0
        self._sold: dict[str, Service] = {}
        self._off_air: frozenset[str] = frozenset()
        self._prices: dict[str, list[DatedPrice]] = {}
        made = sorted(records.revisions())
        self._after = [after for after, _ in made]
        self._made = [revision for _, revision in made]

    def terms(self, revision: int, service: str, from_at: int, until_at: int) -> list[Terms]:
        """The terms of a service in a revision between two moments; mostly it is one."""
        self._read(revision)
        sold = self._sold.get(service)
        if sold is None:
            return []
        dated = self._prices.get(service, [])
        begun = [sold.terms, *(row.terms(sold) for row in dated if row.from_at <= from_at)]
        later = [row.terms(sold) for row in dated if from_at < row.from_at <= until_at]
        return [begun[-1], *later]

    def is_off_air(self, revision: int, service: str) -> bool:
        """Whether a revision stops a service, takes it off the air, or does not know it."""
        self._read(revision)
        return service not in self._sold or service in self._off_air

    def binding(self, entry_id: int) -> int:
        """The oldest revision by which an entry may have been decided."""
        newer = bisect_left(self._after, entry_id)
        return self._made[newer - 1] if newer else 0

    def _read(self, revision: int) -> None:
        """Read a revision, unless it is the one that was read last."""
        if revision == self._revision:
            return
        document = self._records.catalogue(revision)
        kept = _NOTHING if document is None else _catalogue.decode(document)
        self._revision = revision
        self._sold = {held.code: held for held in kept.services}
        self._prices = {}
        for row in kept.prices:
            self._prices.setdefault(row.service, []).append(row)
        self._off_air = frozenset(
            held.code
            for held in kept.services
            if held.stage is not Stage.ON
            or any(stop.hits(held.partner, held.code) for stop in kept.stops)
        )
