"""Write a catalogue as the file it could have been read from, to be kept and compared."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from twofold.domain.catalogue import (
    Alias,
    Catalogue,
    Certificate,
    DatedPrice,
    DatedTemplate,
    Partner,
    Service,
    Stop,
)
from twofold.domain.terms import Period


def to_toml(catalogue: Catalogue, time_zone: str) -> str:
    """Write a catalogue; its days are those of `time_zone`."""
    tables = [
        "".join(_stop(held, time_zone) for held in catalogue.stops),
        *(_partner(catalogue.partners[name]) for name in sorted(catalogue.partners)),
        *(_certificate(held, time_zone) for held in _certificates(catalogue)),
        *(_service(catalogue.services[code]) for code in sorted(catalogue.services)),
        *(
            _price(held, time_zone)
            for code in sorted(catalogue.prices)
            for held in catalogue.prices[code]
        ),
        *(_template(held, time_zone) for held in catalogue.templates),
    ]
    return "\n".join(tables)


def _stop(held: Stop, time_zone: str) -> str:
    """Say that something is stopped, as a remark: no file makes or lifts a stop."""
    since = datetime.fromtimestamp(held.since_at / 1000, ZoneInfo(time_zone))
    return (
        f"# Stopped: {held.kind} {held.name}, {since:%Y-%m-%d %H:%M:%S}, by {held.by}: {held.why}\n"
    )


def _certificates(catalogue: Catalogue) -> Iterator[Certificate]:
    for partner in sorted(catalogue.certificates):
        yield from sorted(catalogue.certificates[partner], key=lambda held: held.number)


def _partner(partner: Partner) -> str:
    return _table("partner", id=partner.id, name=partner.name, hotline=partner.hotline)


def _certificate(held: Certificate, time_zone: str) -> str:
    return _table(
        "certificate",
        partner=held.partner,
        number=held.number,
        kind=held.kind,
        issuer=held.issuer,
        valid_from=_day(held.valid_from_at, time_zone),
        valid_until=_day(held.valid_until_at, time_zone) - timedelta(days=1),
    )


def _service(service: Service) -> str:
    return _table(
        "service",
        code=service.code,
        partner=service.partner,
        name=service.name,
        short_code=service.short_code,
        price=service.terms.price_minor,
        period=service.terms.period.iso,
        auto_renew=service.terms.auto_renew,
        stage=service.stage.value,
        aliases=list(service.aliases),
        group=service.group,
        trial=Period(service.trial_days).iso if service.trial_days else None,
        age=service.age or None,
    )


def _price(held: DatedPrice, time_zone: str) -> str:
    return _table(
        "price",
        service=held.service,
        price=held.price_minor,
        period=None if held.period_days is None else Period(held.period_days).iso,
        **{"from": _day(held.from_at, time_zone)},
    )


def _template(held: DatedTemplate, time_zone: str) -> str:
    return _table(
        "template",
        key=held.key,
        language=held.language,
        text=held.text,
        valid_from=_day(held.from_at, time_zone),
    )


def _table(heading: str, /, **values: object) -> str:
    """Write one table; a key without a value is left out."""
    given = ((key, value) for key, value in values.items() if value is not None and value != [])
    return "".join([f"[[{heading}]]\n", *(f"{key} = {_value(value)}\n" for key, value in given)])


def _value(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, Alias):
        return (
            f"{{word = {_value(value.word)}, whole = true}}" if value.whole else _value(value.word)
        )
    # A printable text in JSON's quotes is the same text in TOML's.
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def _day(at: int, time_zone: str) -> date:
    return datetime.fromtimestamp(at / 1000, ZoneInfo(time_zone)).date()
