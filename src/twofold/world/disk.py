"""The disk of a simulated world, which may be full."""

from collections.abc import Callable

from twofold.store.errors import StoreUnavailable
from twofold.store.sqlite import Connection, SqliteStore


class FillingStore(SqliteStore):
    """The engine's store, on a disk that may be full: then nothing becomes durable."""

    def __init__(self, connection: Connection, is_full: Callable[[], bool]) -> None:
        """Ask `is_full` at each commit."""
        super().__init__(connection)
        self._is_full = is_full

    async def commit(self) -> None:
        """Make the batch durable, if there is room."""
        if self._is_full():
            raise StoreUnavailable("the disk is full")
        await super().commit()
