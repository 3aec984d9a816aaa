"""The one immutable revision of catalogue, policies and texts that a batch is judged by."""

from collections.abc import Mapping

from msgspec import Struct

from twofold.decide.keywords import Keywords
from twofold.domain.catalogue import Catalogue
from twofold.domain.policy import Operator, Policy
from twofold.texts import Texts


class Rules(Struct, frozen=True):
    """What `decide` may know besides the number and the event."""

    operator: Operator
    catalogue: Catalogue
    policy: Policy
    """The policy version under which new requests begin."""
    policies: Mapping[str, Policy]
    """Every version that an open request may still keep, by id."""
    keywords: Keywords
    texts: Texts
    opening_balance_minor: int
    accounts_inside: bool
    """Whether charges are debits of the embedded accounts, decided in the same transaction."""
    charge_horizon_ms: int | None
    """How long the charging system knows a charge again by its id; None: for ever."""
    short_codes: frozenset[str]
    """Those that some SMSC carries: texts can leave from them, and from nothing else."""
    timed_codes: frozenset[str] = frozenset()
    """Short codes whose bind tells when a message was sent: replies to them may come late."""
    asks_number: bool = False
    """Whether another system is asked about a number before its prompt and after its yes."""

    until_at: int | None = None
    """When other prices, other texts or another policy version begin: these rules end then."""

    @property
    def revision(self) -> int:
        """The catalogue's revision."""
        return self.catalogue.revision
