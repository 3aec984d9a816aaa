"""What the catalogue said, revision by revision, as far as evidence must agree with it."""

from bisect import bisect_left
from typing import Final

import msgspec
from msgspec import Struct

from twofold.domain.catalogue import Stage, Stop
from twofold.domain.terms import Terms
from twofold.store.records import Records


class Sold(Struct, frozen=True):
    """A service in a catalogue document, as far as it matters here."""

    code: str
    partner: str
    terms: Terms
    stage: Stage


class CatalogueDocument(Struct, frozen=True):
    """A catalogue document, as far as it matters here."""

    services: tuple[Sold, ...]
    stops: tuple[Stop, ...] = ()


_catalogue: Final = msgspec.json.Decoder(CatalogueDocument)
_NOTHING: Final = CatalogueDocument(())


class Catalogues:
    """Reads what was sold in which revision; the one read last is kept."""

    def __init__(self, records: Records) -> None:
        """Read from `records`."""
        self._records = records
        self._revision = 0
        self._sold: dict[str, Sold] = {}
        self._off_air: frozenset[str] = frozenset()
        made = sorted(records.revisions())
        self._after = [after for after, _ in made]
        self._made = [revision for _, revision in made]

    def terms(self, revision: int, service: str) -> Terms | None:
        """The terms of a service in a revision; None where they were never on offer."""
        self._read(revision)
        sold = self._sold.get(service)
        return None if sold is None else sold.terms

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
        self._off_air = frozenset(
            held.code
            for held in kept.services
            if held.stage is not Stage.ON
            or any(stop.hits(held.partner, held.code) for stop in kept.stops)
        )
