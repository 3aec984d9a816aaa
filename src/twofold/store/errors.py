"""What a store may say instead of doing as it was told, by who must act."""


class StoreError(Exception):
    """Any of them; the message names what was wrong and what to do."""


class Conflict(StoreError):
    """Somebody else changed what was read: decide again."""


class StoreUnavailable(StoreError):
    """The database is away, locked or full: back off, acknowledge nothing, and try again."""


class StoreCorrupt(StoreError):
    """The database is damaged or not ours: stop, and have a person look."""


class SchemaBehind(StoreError):
    """The schema is older than the program: `twofold migrate up`."""
