"""Importing the configured catalogue file at the start, when it says something new."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from twofold.app.failures import CannotStart
from twofold.app.settings import Settings
from twofold.catalog.faults import Fault
from twofold.catalog.file import read_catalogue
from twofold.catalog.intake import Overwrites, take_catalogue
from twofold.catalog.packs import load_policy
from twofold.catalog.rows import Market
from twofold.domain.catalogue import Act, Catalogue, Note
from twofold.store.port import Store

Read: TypeAlias = Callable[[Path, int, Market], Catalogue | tuple[Fault, ...]]


async def import_catalogue(
    settings: Settings, store: Store, now: Callable[[], int], read_file: Read = read_catalogue
) -> int | None:
    """Commit the file as a new revision if it differs from the newest; return that revision.

    Raises CannotStart with every fault of the file; then nothing was imported.
    """
    path = settings.catalog.path
    if path is None:
        return None
    if not path.is_file():
        raise CannotStart(f"{path}: no such catalogue; correct [catalog] path, or run twofold init")
    policy = load_policy(settings.policy).at(now())
    market = Market(settings.operator, policy, settings.short_codes)
    read = read_file(path, 0, market)
    if isinstance(read, tuple):
        raise CannotStart(*(fault.in_file(path) for fault in read))
    note = Note(Act.IMPORT, path.name, "twofold", "the configured file")
    try:
        taken = await take_catalogue(store, read, now, note)
    except Overwrites as error:
        raise CannotStart(
            f"{path} would undo what was changed since it was imported: "
            f"{', '.join(str(error).splitlines())}; "
            "bring the file up to date, or import it with twofold catalog import --overwrite"
        ) from error
    return taken.revision if taken.is_new else None
