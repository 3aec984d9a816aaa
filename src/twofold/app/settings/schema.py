"""Every key of the configuration: its kind, its default, an example and what it is for.

docs/reference/configuration.md is checked against this.
"""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from twofold.app.settings import fields as kind
from twofold.app.settings.tree import Bind, BusyStatus
from twofold.protocol.smpp.manners import DefaultCoding, LongMessages, ReceiptId, Validity

SECRET: Final = {"secret": True}
VENDOR_TLV: Final = kind.whole(0x1400, 0x3FFF, tells="a vendor's TLV, 0x1400..0x3FFF")
"""Tags that SMPP 3.4, section 5.3.2, leaves to vendors."""

Text = Annotated[str, kind.text(60)]
Zone = Annotated[str, kind.ZONE]
Switch = Annotated[bool, kind.SWITCH]
Port = Annotated[int, kind.whole(1, 65_535)]
Host = Annotated[str, kind.HOST]
Duration = Annotated[int, kind.DURATION]
Path = Annotated[str | None, kind.PATH]
VendorTlv = Annotated[int | None, VENDOR_TLV]


class ChargingDriver(StrEnum):
    """Who keeps the money."""

    PREPAID = "prepaid"


class Section(BaseModel):
    """A section knows its keys and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OperatorSection(Section):
    """The mobile operator in whose name everything is sent."""

    name: Text = Field(examples=["VinaPhone"], description="Its name, as subscribers know it")
    hotline: Annotated[str, kind.HOTLINE] = Field(
        examples=["18001091"], description="The number to call, told in every text that needs one"
    )
    time_zone: Zone = Field(
        examples=["Asia/Ho_Chi_Minh"], description="In which deadlines are printed and days begin"
    )
    country_code: Annotated[str, kind.COUNTRY_CODE] = Field(
        examples=["84"], description="Completes numbers written nationally"
    )
    lookup_code: Annotated[str, kind.SHORT_CODE_TEXT] = Field(
        examples=["123"], description="The free short code of TK; one of some SMSC's short codes"
    )
    policy: Annotated[str, kind.PACK] = Field(default="vn", description="The rule pack")
    currency: Annotated[str | None, kind.CURRENCY] = Field(
        default=None, description="Of all prices, in its minor units; absent: the rule pack's"
    )


class DatabaseSection(Section):
    """Where the store is."""

    url: Annotated[str, kind.DATABASE] = Field(
        default="sqlite:///var/twofold.db",
        description="A SQLite file; with four slashes an absolute path",
    )


class HttpSection(Section):
    """Where the web listens."""

    host: Host = Field(default="127.0.0.1", description="The address to listen on")
    port: Port = Field(default=8080, description="The port to listen on")
    public_url: Annotated[str | None, kind.URL] = Field(
        default=None, description="The address that people use; absent: http://host:port"
    )


class SmscSection(Section):
    """One SMSC to bind to."""

    name: Annotated[str, kind.NAME] = Field(
        examples=["main"], description="What logs and screens call it; each name once"
    )
    host: Host = Field(examples=["127.0.0.1"], description="Where it listens")
    port: Port = Field(examples=[2775], description="Where it listens")
    system_id: Annotated[str, kind.ascii_text(15)] = Field(
        examples=["twofold"], description="Who we are to it"
    )
    password: Annotated[str, kind.ascii_text(8)] = Field(
        examples=["secret"],
        description="At most 8 characters (SMPP 3.4, section 5.2.2)",
        json_schema_extra=dict(SECRET),
    )
    short_codes: Annotated[tuple[str, ...], kind.SHORT_CODES] = Field(
        examples=[["123", "9166"]], description="What it carries for us, look-up code included"
    )
    window: Annotated[int, kind.whole(1, 1000)] = Field(
        default=50, description="Our requests that may wait for an answer at once, on each bind"
    )
    tps_max: Annotated[int, kind.whole(1, 100_000)] = Field(
        default=500, description="Texts handed over a second, at most, over all binds"
    )
    bind: Annotated[Bind, kind.choice(Bind)] = Field(
        default=Bind.TRANSCEIVER, description="One bind for both ways, or one each"
    )
    binds: Annotated[int, kind.whole(1, 64)] = Field(
        default=1, description="How many binds, or of each of the two; texts go over what is up"
    )
    system_type: Annotated[str, kind.ascii_text(12, least=0)] = Field(
        default="", description="What some SMSCs want in the bind"
    )
    enquire_link: Duration = Field(
        default=30_000, description="How long a quiet link is left unasked"
    )
    response_timeout: Duration = Field(
        default=10_000, description="How long an answer is waited for"
    )
    stall_timeout: Duration = Field(
        default=20_000, description="How long one PDU may take from its first octet to its last"
    )
    busy_status: Annotated[BusyStatus, kind.choice(BusyStatus)] = Field(
        default=BusyStatus.RX_T_APPN,
        description="What asks it to bring a request again later, when there are too many",
    )
    time_zone: Annotated[str | None, kind.ZONE] = Field(
        default=None,
        description="In which it writes times that name no zone; absent: the operator's",
    )
    receipt_id: Annotated[ReceiptId, kind.choice(ReceiptId)] = Field(
        default=ReceiptId.AS_IS,
        description="How its receipts write message ids: as its answers do, or hexadecimal where "
        "those are decimal (hex), or the other way round (dec)",
    )
    long_messages: Annotated[LongMessages, kind.choice(LongMessages)] = Field(
        default=LongMessages.UDH,
        description="How texts of several parts go out: a header in each part, SAR TLVs beside "
        "each part, or whole in message_payload",
    )
    validity: Annotated[Validity, kind.choice(Validity)] = Field(
        default=Validity.RELATIVE,
        description="How the end of a text's validity is written: as a length, or as a time (UTC)",
    )
    default_coding: Annotated[DefaultCoding, kind.choice(DefaultCoding)] = Field(
        default=DefaultCoding.GSM, description="The alphabet that it means by data_coding 0"
    )
    mo_id_tlv: VendorTlv = Field(default=None, description="The vendor's TLV that tells an MO's id")
    mo_time_tlv: VendorTlv = Field(
        default=None, description="The vendor's TLV that tells when the SMSC got an MO"
    )
    mo_imsi_tlv: VendorTlv = Field(
        default=None, description="The vendor's TLV that tells the IMSI of an MO's SIM"
    )
    tls: Switch = Field(
        default=False, description="Whether the link is encrypted, and its certificate checked"
    )
    tls_ca: Path = Field(
        default=None, description="Whose certificates are trusted (PEM); absent: the machine's"
    )
    tls_cert: Path = Field(
        default=None, description="Our certificate (PEM), if it wants to know us by one"
    )
    tls_key: Path = Field(
        default=None, description="Its key, if not in the same file; readable by us alone"
    )
    tls_name: Annotated[str | None, kind.HOST] = Field(
        default=None, description="The name in its certificate, if that is not the host's"
    )


class CatalogSection(Section):
    """The catalogue's file."""

    path: Path = Field(
        default=None, description="Imported at the start when it changed; absent: import by command"
    )


class ChargingSection(Section):
    """Who keeps the money."""

    driver: Annotated[
        ChargingDriver, kind.choice(ChargingDriver, later=frozenset({"diameter"}))
    ] = Field(default=ChargingDriver.PREPAID, description="Embedded accounts")
    opening_balance: Annotated[int, kind.whole(0, 1_000_000_000)] = Field(
        default=50_000, description="What a new embedded account holds, in minor units"
    )


class CamaraSection(Section):
    """Whom to ask whether a number or its SIM changed, by CAMARA; nobody where no URL is given."""

    number_recycling_url: Annotated[str | None, kind.URL] = Field(
        default=None, description="The root of CAMARA Number Recycling, to which /check is added"
    )
    sim_swap_url: Annotated[str | None, kind.URL] = Field(
        default=None, description="The root of CAMARA SIM Swap, to which /check is added"
    )
    ownership_url: Annotated[str | None, kind.URL] = Field(
        default=None,
        description="Whom to ask whether a number that another channel brings is in our network",
    )
    token: Annotated[str, kind.ascii_text(4_096, least=0)] = Field(
        default="",
        description="The OAuth bearer token for these",
        json_schema_extra=dict(SECRET),
    )
    timeout: Duration = Field(default=5_000, description="How long one answer is waited for")


class EvidenceSection(Section):
    """The log that proves what happened."""

    origin: Annotated[str, kind.ORIGIN] = Field(
        default="twofold.example/vas", description="The log's name, in every checkpoint"
    )
    key: Annotated[str, kind.PATH] = Field(
        default="evidence.key",
        description="Its signing key; made when missing, readable by us alone",
    )


class SimSection(Section):
    """The stand-ins, for trying out."""

    enabled: Switch = Field(default=False, description="Whether /sim is there")


class Configuration(Section):
    """The whole file."""

    operator: OperatorSection
    database: DatabaseSection = DatabaseSection()
    http: HttpSection = HttpSection()
    smsc: list[SmscSection] = Field(min_length=1, max_length=64)
    catalog: CatalogSection = CatalogSection()
    charging: ChargingSection = ChargingSection()
    camara: CamaraSection = CamaraSection()
    evidence: EvidenceSection = EvidenceSection()
    sim: SimSection = SimSection()


LISTS: Final = frozenset({"smsc"})
"""Sections that may stand several times."""


def sections() -> dict[str, type[Section]]:
    """Give the sections by name, in the order of the file."""
    found: dict[str, type[Section]] = {}
    for name, field in Configuration.model_fields.items():
        annotation = SmscSection if name in LISTS else field.annotation
        assert isinstance(annotation, type)
        assert issubclass(annotation, Section)
        found[name] = annotation
    return found
