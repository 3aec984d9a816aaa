"""Take a checked catalogue into the store, as the next revision if it says anything new.

A revision binds from its commit on: every later batch is decided by it.
A file never lifts a stop, and never undoes in silence what was changed without it.
"""

from collections.abc import Callable

from msgspec import Struct, structs

from twofold.catalog.canonical import digest, from_json, to_json
from twofold.catalog.revising import revising
from twofold.domain.catalogue import Catalogue, DatedTemplate, Note
from twofold.store.ledger import Ledger


class Overwrites(Exception):
    """The file would undo what was changed by hand since the last import."""


class Taken(Struct, frozen=True):
    """What became of an import: the revision in force, and whether it is a new one."""

    revision: int
    is_new: bool


async def take_catalogue(
    ledger: Ledger, catalogue: Catalogue, now: Callable[[], int], note: Note, *, force: bool = False
) -> Taken:
    """Make `catalogue` the newest revision, unless the newest says the same; stops stay.

    Its own revision number plays no part: the store gives the next one.
    Raises Overwrites, unless `force`, where rows of the newest revision came from no file.
    """
    async with revising(ledger, now) as draft:
        newest = draft.newest
        if newest is not None and _rows(newest) == _rows(catalogue):
            return Taken(newest.revision, is_new=False)
        imported = await ledger.imported_catalogue()
        if newest is not None and imported is not None and not force:
            kept = from_json(imported, 0)
            if _rows(newest) != _rows(kept):
                if _rows(kept) == _rows(catalogue):
                    # The file says nothing that it had not said before the rows were changed.
                    return Taken(newest.revision, is_new=False)
                raise Overwrites("\n".join(_changed(kept, newest)))
        stops = () if newest is None else newest.stops
        return Taken(await draft.add(structs.replace(catalogue, stops=stops), note), is_new=True)


def _rows(catalogue: Catalogue) -> bytes:
    """What a file can say of a catalogue: everything but its stops."""
    return digest(to_json(structs.replace(catalogue, stops=())))


def _changed(before: Catalogue, after: Catalogue) -> list[str]:
    """Name what differs between two catalogues, row by row."""
    kinds = (
        ("partner", before.partners, after.partners),
        ("certificates of", before.certificates, after.certificates),
        ("service", before.services, after.services),
        ("prices of", before.prices, after.prices),
        ("template", _templates(before), _templates(after)),
    )
    return [
        f"{kind} {name}"
        for kind, old, new in kinds
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]


def _templates(catalogue: Catalogue) -> dict[str, list[DatedTemplate]]:
    """Group the templates by the text that they are of."""
    held: dict[str, list[DatedTemplate]] = {}
    for template in catalogue.templates:
        held.setdefault(f"{template.key} in {template.language}", []).append(template)
    return held
