"""What calls over HTTP tell the log and the metrics: faults of ours, and partners that overstep."""

from collections import Counter
from collections.abc import Callable

from twofold.domain.reason import Reason


class Calls:
    """Counts, and tells whoever listens."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.failed = 0
        self.answers: Counter[int] = Counter()
        """By status."""
        self.alarms: Counter[tuple[str, str]] = Counter()
        """By whose token it was and the reason."""
        self.on_failed: list[Callable[[str, Exception], None]] = []
        self.on_alarm: list[Callable[[str, Reason, int], None]] = []
        """Told whose token it was, the reason, and the number; 0 where none was named."""

    def fail(self, request_id: str, error: Exception) -> None:
        """A call failed by a fault of ours, or because the store is away."""
        self.failed += 1
        for listener in self.on_failed:
            listener(request_id, error)

    def answered(self, status: int) -> None:
        """A call was answered."""
        self.answers[status] += 1

    def alarm(self, owner: str, reason: Reason, msisdn: int) -> None:
        """A call asked for what no partner may have."""
        self.alarms[owner, reason.name] += 1
        for listener in self.on_alarm:
            listener(owner, reason, msisdn)
