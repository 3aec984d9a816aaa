"""The settings as the program uses them: frozen and plain, paths absolute, durations in ms."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import final

from msgspec import Struct

from twofold.domain.policy import Operator
from twofold.protocol.smpp.manners import Manners


@final
class Secret:
    """A value that prints as dots; `reveal()` is called where it goes on the wire, nowhere else."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Give the value itself."""
        return self._value

    def __eq__(self, other: object) -> bool:
        """Compare what is hidden, so that two trees of settings can be compared."""
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        """Hide it."""
        return "••••••"


class Bind(StrEnum):
    """How we bind to an SMSC (SMPP 3.4, section 2.2)."""

    TRANSCEIVER = "transceiver"
    TRANSMITTER_RECEIVER = "transmitter_receiver"


class BusyStatus(StrEnum):
    """What an MO is answered with when there is more than can be decided."""

    RX_T_APPN = "ESME_RX_T_APPN"
    RMSGQFUL = "ESME_RMSGQFUL"
    RTHROTTLED = "ESME_RTHROTTLED"


class Database(Struct, frozen=True):
    """Where the store is: `url` as configured, `path` the SQLite file it names."""

    url: str
    path: Path


class Http(Struct, frozen=True):
    """Where the web listens, and under which address people reach it."""

    host: str
    port: int
    public_url: str


class Smsc(Struct, frozen=True):
    """One SMSC that we bind to as an ESME."""

    name: str
    host: str
    port: int
    system_id: str
    password: Secret
    short_codes: tuple[str, ...]
    window: int
    """Requests of ours that may wait for an answer at once, on each bind."""
    tps_max: int
    """Texts that we hand over a second, at most, over all binds."""
    bind: Bind
    binds: int
    """How many of them, or of each."""
    system_type: str
    enquire_link_ms: int
    response_timeout_ms: int
    stall_timeout_ms: int
    busy_status: BusyStatus
    time_zone: str
    """In which its receipts write their times."""
    manners: Manners
    """Where the standard leaves it a choice."""
    mo_id_tlv: int | None
    mo_time_tlv: int | None
    mo_imsi_tlv: int | None
    tls: bool
    tls_ca: Path | None
    """Whose certificates are trusted; None: those of the machine."""
    tls_cert: Path | None
    tls_key: Path | None
    """Our own, where the SMSC wants to know us by it; the key may stand in the same file."""
    tls_name: str | None
    """The name in its certificate, where that is not the host's."""


class CatalogFile(Struct, frozen=True):
    """The catalogue's file, imported at the start when it changed; None: the store's counts."""

    path: Path | None


class Charging(Struct, frozen=True):
    """Who keeps the money: `prepaid` is the embedded accounts."""

    driver: str
    opening_balance_minor: int


class Camara(Struct, frozen=True):
    """Whom to ask about numbers; a URL that is None is not asked."""

    number_recycling_url: str | None
    sim_swap_url: str | None
    ownership_url: str | None
    token: Secret
    timeout_ms: int

    @property
    def is_asked(self) -> bool:
        """Whether anybody is."""
        return any((self.number_recycling_url, self.sim_swap_url, self.ownership_url))


class Evidence(Struct, frozen=True):
    """Whose log it is, and the file of its signing key."""

    origin: str
    key: Path


class Sim(Struct, frozen=True):
    """Whether the stand-ins and their faces under `/sim` are there."""

    enabled: bool


class Shown(Struct, frozen=True):
    """One key for `config show`: its path, its value as TOML, and where that came from.

    A secret's value is dots.
    """

    key: str
    value: str
    origin: str


class Settings(Struct, frozen=True):
    """Everything that is configured, checked."""

    file: Path
    operator: Operator
    policy: str
    """The name of the rule pack."""
    database: Database
    http: Http
    smsc: tuple[Smsc, ...]
    catalog: CatalogFile
    charging: Charging
    camara: Camara
    evidence: Evidence
    sim: Sim
    shown: tuple[Shown, ...] = ()

    @property
    def short_codes(self) -> frozenset[str]:
        """Every short code that some SMSC carries for us."""
        return frozenset(code for smsc in self.smsc for code in smsc.short_codes)

    @property
    def timed_codes(self) -> frozenset[str]:
        """Every short code that an SMSC carries which tells when it got a message."""
        timed = [smsc for smsc in self.smsc if smsc.mo_time_tlv is not None]
        return frozenset(code for smsc in timed for code in smsc.short_codes)

    @property
    def carriers(self) -> Mapping[str, str]:
        """For each short code the name of the first SMSC that carries it."""
        found: dict[str, str] = {}
        for smsc in self.smsc:
            for code in smsc.short_codes:
                found.setdefault(code, smsc.name)
        return found
