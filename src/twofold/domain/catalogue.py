"""What may be sold, by whom and on which terms, as one immutable revision."""

from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256
from typing import Final

from msgspec import Struct, structs

from twofold.domain.terms import Terms

VERSION_DIGITS: Final = 12


class Stage(StrEnum):
    """A service's place in the rollout of double confirmation."""

    OFF = "off"
    SHADOW = "shadow"
    PILOT = "pilot"
    ON = "on"


class Partner(Struct, frozen=True):
    """Who provides services: `id` in keys and tokens, `name` in every prompt."""

    id: str
    name: str
    hotline: str


class Certificate(Struct, frozen=True):
    """A partner's certificate of registration.

    `valid_from_at` and `valid_until_at` are ms UTC, half-open: from the first local midnight of
    validity to the one after the last valid day.
    """

    partner: str
    number: str
    kind: str
    issuer: str
    valid_from_at: int
    valid_until_at: int

    def is_valid(self, now_at: int) -> bool:
        """Say whether it is in force at `now_at`."""
        return self.valid_from_at <= now_at < self.valid_until_at


class Alias(Struct, frozen=True):
    """Another word for a service's code; `whole` ones may also be sent without `DK`."""

    word: str
    whole: bool = False


class Service(Struct, frozen=True):
    """One thing to subscribe to: its code, its short code, its partner and its terms."""

    code: str
    partner: str
    name: str
    short_code: str
    terms: Terms
    stage: Stage
    aliases: tuple[Alias, ...] = ()
    group: str | None = None
    trial_days: int = 0
    age: int = 0

    def on(self, terms: Terms) -> "Service":
        """The same service on the terms that somebody has agreed to, for what is told of it."""
        return self if terms == self.terms else structs.replace(self, terms=terms)


class DatedPrice(Struct, frozen=True):
    """What a service costs from a local midnight on, until the next of its dated prices."""

    service: str
    from_at: int
    price_minor: int
    period_days: int | None = None
    """None: the service's own."""

    def terms(self, service: Service) -> Terms:
        """The service's terms at this price."""
        days = self.period_days or service.terms.period_days
        return structs.replace(service.terms, price_minor=self.price_minor, period_days=days)


class DatedTemplate(Struct, frozen=True):
    """What a text says in a language from a local midnight on, until the next of its templates."""

    key: str
    language: str
    from_at: int
    text: str
    """As it was approved, with its accents."""

    @property
    def version(self) -> str:
        """Names exactly this wording: the start of its hash."""
        return sha256(self.text.encode()).hexdigest()[:VERSION_DIGITS]


class StopKind(StrEnum):
    """What an operator may stop."""

    PARTNER = "partner"
    SERVICE = "service"


class Stop(Struct, frozen=True):
    """An operator's stop: from its commit on nothing is asked, confirmed or charged for it."""

    kind: StopKind
    name: str
    """The partner's id, or the service's code."""
    since_at: int
    by: str
    why: str

    def hits(self, partner: str, service: str) -> bool:
        """Say whether it stops this service of this partner."""
        return self.name == (partner if self.kind is StopKind.PARTNER else service)


class Act(StrEnum):
    """What made a revision of the catalogue."""

    IMPORT = "import"
    STOP = "stop"
    RESUME = "resume"


class Note(Struct, frozen=True):
    """Who made a revision, how, and why: the ledger's line beside the document."""

    act: Act
    about: str
    """The file that was imported, or what was stopped or resumed: `partner abc`."""
    by: str
    why: str


class Catalogue(Struct, frozen=True):
    """One revision: `services` by code; `words` maps each code and alias, upper-case, to a code."""

    revision: int
    partners: Mapping[str, Partner]
    certificates: Mapping[str, tuple[Certificate, ...]]
    services: Mapping[str, Service]
    words: Mapping[str, str]
    stops: tuple[Stop, ...] = ()
    prices: Mapping[str, tuple[DatedPrice, ...]] = {}
    """By service, the earliest first."""

    templates: tuple[DatedTemplate, ...] = ()
    """By key, language and date; the program has texts of its own for what none of them says."""
    wording: tuple[DatedTemplate, ...] = ()
    """The templates in force, one at most for a text in a language: of a moment, as the terms."""

    def at(self, now_at: int) -> "Catalogue":
        """The same revision, each service on its terms of a moment and each text as worded then."""
        if not (self.prices or self.templates):
            return self
        services = {**self.services}
        for code, dated in self.prices.items():
            begun = [price for price in dated if price.from_at <= now_at]
            if begun and code in services:
                services[code] = services[code].on(begun[-1].terms(services[code]))
        said = {
            (held.key, held.language): held for held in self.templates if held.from_at <= now_at
        }
        return structs.replace(self, services=services, wording=tuple(said.values()))

    def next_at(self, now_at: int) -> int | None:
        """When the next dated price or template begins after a moment."""
        prices = (price.from_at for dated in self.prices.values() for price in dated)
        begins = (*prices, *(held.from_at for held in self.templates))
        return min((at for at in begins if at > now_at), default=None)

    def find(self, word: str) -> Service | None:
        """The service that a code or alias names."""
        code = self.words.get(word)
        return None if code is None else self.services[code]

    def stop_of(self, partner: str, service: str) -> Stop | None:
        """The stop that hits a service of a partner; a partner's comes first."""
        for stop in self.stops:
            if stop.hits(partner, service):
                return stop
        return None

    def is_certified(self, partner: str, now_at: int) -> bool:
        """Say whether a partner has a certificate in force at `now_at`."""
        return any(held.is_valid(now_at) for held in self.certificates.get(partner, ()))
