"""What a subscriber is asked to agree to: price, period and renewal, in one catalogue revision."""

from typing import Final

from msgspec import Struct

DAY_MS: Final = 86_400_000
MINUTE_MS: Final = 60_000

LATE_MS: Final = 2 * MINUTE_MS
"""How late a message may come that an SMSC says was sent in time."""

SKEW_MS: Final = 5_000
"""What an SMSC's clock and ours may differ by."""


class Period(Struct, frozen=True):
    """A charging period of whole days, written as ISO 8601 (`P1D`, `P7D`, `P30D`)."""

    days: int

    @property
    def iso(self) -> str:
        """The ISO 8601 form."""
        return f"P{self.days}D"

    @property
    def duration_ms(self) -> int:
        """The length in milliseconds."""
        return self.days * DAY_MS


class Terms(Struct, frozen=True):
    """What a period of a service costs (minor units, VAT included), and whether it renews."""

    price_minor: int
    period_days: int
    auto_renew: bool

    @property
    def period(self) -> Period:
        """The charging period."""
        return Period(self.period_days)
