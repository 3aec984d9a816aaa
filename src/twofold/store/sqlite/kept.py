"""Snapshots of the numbers that were decided last: a number's next event comes soon, as a rule.

They hold while this connection alone has written since, which `PRAGMA data_version` tells inside
the batch's own transaction, and while no batch has failed.
Most events then find their number without a query.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import structs

from twofold.domain.subscriber import Subscriber

KEPT_MAX: Final = 8_192
"""Numbers at most: some 10 MB, whatever the file holds."""


class Kept:
    """The latest snapshots, the oldest forgotten first."""

    __slots__ = ("_held", "_staged", "_version")

    def __init__(self) -> None:
        """Begin with none."""
        self._held: dict[int, Subscriber] = {}
        self._staged: Iterable[Subscriber] = ()
        self._version: int | None = None

    def begin(self, version: int) -> None:
        """Begin a batch on a file of this `data_version`: another one has another writer's rows."""
        if version != self._version:
            self._held.clear()
            self._version = version

    def among(self, numbers: Iterable[int]) -> dict[int, Subscriber]:
        """Those of the numbers whose snapshots are held."""
        held = self._held
        return {number: held[number] for number in numbers if number in held}

    def stage(self, snapshots: Mapping[int, Subscriber]) -> None:
        """Take what a batch leaves; it counts once that is durable."""
        self._staged = snapshots.values()

    def commit(self) -> None:
        """What was staged is what the file says."""
        held = self._held
        for subscriber in self._staged:
            held.pop(subscriber.msisdn, None)
            held[subscriber.msisdn] = plain(subscriber)
        self._staged = ()
        while len(held) > KEPT_MAX:
            del held[next(iter(held))]

    def forget(self) -> None:
        """A batch failed: believe the file alone."""
        self._held.clear()
        self._staged = ()


def plain(subscriber: Subscriber) -> Subscriber:
    """A snapshot without what was loaded for the events of one batch only."""
    if subscriber.awaited or subscriber.seen or subscriber.unsettled or subscriber.fragments:
        return structs.replace(
            subscriber,
            awaited=(),
            seen=(),
            unsettled=(),
            fragments=(),
            spent_minor=None,
            grievances=None,
        )
    if subscriber.spent_minor is not None or subscriber.grievances is not None:
        return structs.replace(subscriber, spent_minor=None, grievances=None)
    return subscriber
