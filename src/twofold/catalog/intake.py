"""Take a checked catalogue into the store, as the next revision if it says anything new.

A revision binds from its commit on: every later batch is decided by it.
"""

from msgspec import Struct

from twofold.catalog.canonical import digest, to_json
from twofold.domain.catalogue import Catalogue
from twofold.store.port import Store


class Taken(Struct, frozen=True):
    """What became of an import: the revision in force, and whether it is a new one."""

    revision: int
    is_new: bool


async def take_catalogue(store: Store, catalogue: Catalogue, now_at: int) -> Taken:
    """Make `catalogue` the newest revision at `now_at` (ms UTC), unless the newest says the same.

    Its own revision number plays no part: the store gives the next one.
    """
    document = to_json(catalogue)
    own = digest(document)
    newest = await store.newest_catalogue()
    if newest is not None and newest[1] == own:
        return Taken(newest[0], is_new=False)
    return Taken(await store.add_catalogue(now_at, own, document), is_new=True)
