"""What the faces and the page stand for, and look at."""

from typing import Any, Protocol

from msgspec import Struct

from twofold.domain.catalogue import Catalogue
from twofold.domain.policy import Operator
from twofold.domain.subscriber import Request, Subscription
from twofold.pages.sim.changes import Changes
from twofold.peers.dialling import Dialling
from twofold.peers.faults import Faults
from twofold.peers.phones import Phones
from twofold.peers.sims import Sims


class Charging(Protocol):
    """The charging system's switch."""

    mode: str

    def switch(self, mode: str) -> None:
        """Have it answer so from now on."""


class Sim(Protocol):
    """What the faces stand for."""

    @property
    def phones(self) -> Phones:
        """The phones of the stand-in's SMSC."""

    @property
    def dialling(self) -> Dialling:
        """The same phones' USSD sessions."""

    @property
    def sims(self) -> Sims:
        """The SIM cards in them."""

    @property
    def faults(self) -> Faults:
        """The SMSC's switches."""

    @property
    def charging(self) -> Charging:
        """The charging system's switch."""

    @property
    def country_code(self) -> str:
        """What completes a national number."""

    def now(self) -> int:
        """Business time, ms UTC."""

    async def advance(self, by_ms: int) -> None:
        """Move the clock; return when all that fell due is done."""

    async def settle(self) -> None:
        """Wait until nothing is under way."""

    def account(self, msisdn: int) -> dict[str, Any]:
        """Balance and debits of a number."""

    async def set_balance(self, msisdn: int, balance_minor: int) -> None:
        """Set a number's balance."""


class EntryLine(Struct, frozen=True):
    """One entry of evidence, as it stands in the store."""

    id: int
    at: int
    msisdn: int
    kind: str
    salt: bytes
    hash: bytes
    document: bytes


class Playground(Sim, Protocol):
    """What the page looks at besides."""

    @property
    def operator(self) -> Operator:
        """In whose name everything is sent."""

    @property
    def short_codes(self) -> tuple[str, ...]:
        """What a phone can write to."""

    @property
    def catalogue(self) -> Catalogue:
        """What is sold, by whom, and what of it is stopped."""

    async def stop_partner(self, partner: str) -> None:
        """Stop a partner, as an operator does."""

    async def resume_partner(self, partner: str) -> None:
        """Let a partner go on, as two people of the operator do."""

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is under way."""

    @property
    def changes(self) -> Changes:
        """Tells when to look again."""

    def entries(self, msisdn: int | None, limit: int) -> list[EntryLine]:
        """The newest entries of a number, or of all, newest first."""

    def document(self, entry_id: int) -> bytes | None:
        """The bytes of one entry, as they were hashed."""

    def requests(self, msisdn: int) -> list[Request]:
        """Open requests of a number."""

    def subscriptions(self, msisdn: int) -> list[Subscription]:
        """Live subscriptions of a number."""

    def nonce(self) -> bytes:
        """Octets that nobody can guess."""
