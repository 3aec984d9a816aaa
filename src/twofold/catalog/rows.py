"""The rows of a catalogue file: what each kind must say, from partners to templates.

Prices are in the currency's minor units, VAT included; days are the operator's, from local midnight
to local midnight.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from twofold.catalog.durations import parse_days
from twofold.catalog.faults import quoted, unknown_key
from twofold.catalog.row import Row
from twofold.catalog.words import CODE, CODE_MUST, TakenWords
from twofold.domain.catalogue import (
    Alias,
    Certificate,
    DatedPrice,
    DatedTemplate,
    Partner,
    Service,
    Stage,
)
from twofold.domain.policy import Operator, Policy
from twofold.domain.terms import Terms
from twofold.texts import KEYS as TEXT_KEYS
from twofold.texts import review_wording

MAX_NAME: Final = 40
MAX_PRICE: Final = 1_000_000_000
MAX_ALIASES: Final = 16
MAX_AGE: Final = 99
MAX_PRICES: Final = 24
"""Dated prices of one service."""
MAX_TEXT: Final = 640
MAX_TEXT_DAYS: Final = 24
"""Days on which texts change: all of them are rendered for each."""

KEYS: Final = {
    "partner": ("id", "name", "hotline"),
    "certificate": ("partner", "number", "kind", "issuer", "valid_from", "valid_until"),
    "service": (
        *("code", "partner", "name", "short_code", "price", "period", "auto_renew", "stage"),
        *("aliases", "group", "trial", "age"),
    ),
    "price": ("service", "price", "period", "from"),
    "template": ("key", "language", "text", "valid_from"),
}
"""The tables of the file and their keys; docs/reference/catalogue.md is checked against this."""

NAMED_BY: Final = {
    "partner": "id",
    "certificate": "number",
    "service": "code",
    "price": "service",
    "template": "key",
}
"""The key that names a row of each kind."""

_ID: Final = re.compile(r"[a-z][a-z0-9-]{1,31}", re.ASCII)
_ID_MUST: Final = "must be 2 to 32 small letters, digits and dashes, a letter first"
_HOTLINE: Final = re.compile(r"\+?[0-9]{3,15}", re.ASCII)
_KEY: Final = re.compile(r"[a-z_]{1,40}", re.ASCII)
_SHORT_CODE: Final = re.compile(r"[0-9]{3,8}", re.ASCII)


class Market(Struct, frozen=True):
    """What a catalogue must fit: the operator, its rules, and the short codes some SMSC carries."""

    operator: Operator
    policy: Policy
    short_codes: frozenset[str]


def partner(row: Row) -> Partner | None:
    """Read one `[[partner]]`."""
    own = row.matching("id", _ID, _ID_MUST)
    name = row.line("name", MAX_NAME)
    hotline = row.matching("hotline", _HOTLINE, 'must be a number to call, such as "19001000"')
    return Partner(own, name, hotline) if own and name and hotline else None


def certificate(row: Row, partners: frozenset[str], time_zone: str) -> Certificate | None:
    """Read one `[[certificate]]`; its last day is a whole one."""
    holder = _holder(row, partners)
    number, kind = row.line("number", MAX_NAME), row.matching("kind", _ID, _ID_MUST)
    issuer = row.line("issuer", MAX_NAME * 2)
    begins, ends = row.day("valid_from"), row.day("valid_until")
    if begins and ends and ends < begins:
        row.wrong("valid_until", f"must not be before valid_from, {begins}, is {ends}")
    if not (holder and number and kind and issuer and begins and ends):
        return None
    until = midnight(ends + timedelta(days=1), time_zone)
    return Certificate(holder, number, kind, issuer, midnight(begins, time_zone), until)


def service(
    row: Row, partners: frozenset[str], market: Market, taken: TakenWords
) -> Service | None:
    """Read one `[[service]]`."""
    code = row.matching("code", CODE, CODE_MUST)
    if code and (says := taken.collision(code)):
        row.wrong("code", f"{says}; choose another")
    holder, name = _holder(row, partners), row.line("name", MAX_NAME)
    short_code, terms = _short_code(row, market), _terms(row)
    stage = row.choice("stage", tuple(stage.value for stage in Stage))
    aliases, group = _aliases(row, taken), _group(row)
    trial_days, age = _trial(row), _age(row)
    if not (code and holder and name and short_code and terms and stage):
        return None
    return Service(
        code=code,
        partner=holder,
        name=name,
        short_code=short_code,
        terms=terms,
        stage=Stage(stage),
        aliases=aliases,
        group=group,
        trial_days=trial_days,
        age=age,
    )


def dated_price(row: Row, codes: frozenset[str], time_zone: str) -> DatedPrice | None:
    """Read one `[[price]]`."""
    code = row.matching("service", CODE, CODE_MUST)
    if code and code not in codes:
        says = f"no service has the code {quoted(code)}; add a [[service]] or correct it"
        row.wrong("service", says)
    price = _price(row)
    days = _days(row, "period") if row.has("period") else None
    begins = row.day("from")
    if not (code and price and begins) or (row.has("period") and days is None):
        return None
    return DatedPrice(code, midnight(begins, time_zone), price, days)


def dated_template(row: Row, market: Market) -> DatedTemplate | None:
    """Read one `[[template]]`, and all that is wrong with its text whatever service it is on."""
    key = _text_key(row)
    language = row.choice("language", market.policy.languages)
    text, begins = row.line("text", MAX_TEXT), row.day("valid_from")
    if not (key and language and text):
        return None
    found = [*review_wording(language, key, text)]
    for what, fix in found:
        row.wrong("text", f"{what}; {fix}")
    if found or begins is None:
        return None
    return DatedTemplate(key, language, midnight(begins, market.operator.time_zone), text)


def midnight(day: date, time_zone: str) -> int:
    """Give the moment (ms UTC) at which a day begins in a time zone."""
    begins = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(time_zone))
    return int(begins.timestamp()) * 1000


def aliases_of(row: Row) -> Iterator[tuple[str, object]]:
    """Give the words of a row's aliases, however they are written, each with its key."""
    aliases = row.get("aliases")
    for index, alias in enumerate(aliases if isinstance(aliases, list) else ()):
        yield f"aliases[{index}]", alias.get("word") if isinstance(alias, dict) else alias


def _holder(row: Row, partners: frozenset[str]) -> str | None:
    """Read the partner that a row belongs to."""
    holder = row.matching("partner", _ID, _ID_MUST)
    if holder is None or holder in partners:
        return holder
    row.wrong("partner", f"no partner has the id {quoted(holder)}; add a [[partner]] or correct it")
    return None


def _short_code(row: Row, market: Market) -> str | None:
    short_code = row.matching("short_code", _SHORT_CODE, 'must be 3 to 8 digits, such as "9166"')
    if short_code is None:
        return None
    if short_code == market.operator.lookup_code:
        row.wrong("short_code", f"{quoted(short_code)} is for looking up, and takes no DK and no Y")
    elif short_code not in market.short_codes:
        says = f"{quoted(short_code)} is carried by no SMSC; correct it, or add it to short_codes"
        row.wrong("short_code", f"{says} in the configuration")
    return short_code


def _text_key(row: Row) -> str | None:
    key = row.matching("key", _KEY, 'must be the key of a text, such as "confirm_request"')
    if key is None or key in TEXT_KEYS:
        return key
    near = get_close_matches(key, TEXT_KEYS, n=1, cutoff=0.5)
    hint = f'did you mean "{near[0]}"?' if near else f"there are {', '.join(TEXT_KEYS)}"
    row.wrong("key", f"no text has the key {quoted(key)}; {hint}")
    return None


def _terms(row: Row) -> Terms | None:
    price = _price(row)
    days = _days(row, "period")
    auto_renew = row.switch("auto_renew", "must be true or false")
    if price is None or days is None or auto_renew is None:
        return None
    return Terms(price, days, auto_renew)


def _price(row: Row) -> int | None:
    return row.whole("price", 1, MAX_PRICE, "must be a whole number above 0, VAT included")


def _days(row: Row, key: str) -> int | None:
    """Read a duration of whole days."""
    must = 'must be whole days, such as "P1D" or "P30D"'
    text = row.matching(key, re.compile(r".*", re.DOTALL), must)
    days = parse_days(text) if text is not None else None
    if text is not None and days is None:
        row.wrong(key, f"{must}, is {quoted(text)}")
    return days


def _aliases(row: Row, taken: TakenWords) -> tuple[Alias, ...]:
    """Read the other words for a service: texts, or tables with `word` and `whole`."""
    written = row.get("aliases")
    if not row.has("aliases"):
        return ()
    if not isinstance(written, list) or len(written) > MAX_ALIASES:
        row.wrong("aliases", f"must be a list of {MAX_ALIASES} words at most")
        return ()
    read = (
        _alias(row, key, alias, taken)
        for (key, _), alias in zip(aliases_of(row), written, strict=True)
    )
    return tuple(alias for alias in read if alias)


def _alias(row: Row, key: str, written: object, taken: TakenWords) -> Alias | None:
    table = written if isinstance(written, dict) else {"word": written}
    word, whole = table.get("word"), table.get("whole", False)
    for unknown in (name for name in table if name not in {"word", "whole"}):
        row.wrong(f"{key}.{unknown}", unknown_key(unknown, ("word", "whole")))
    if not isinstance(whole, bool):
        row.wrong(f"{key}.whole", f"must be true or false, is {quoted(whole)}")
        return None
    if not isinstance(word, str) or not CODE.fullmatch(word):
        row.wrong(key, f"{CODE_MUST}, is {quoted(word)}")
        return None
    if says := taken.collision(word):
        row.wrong(key, f"{says}; choose another")
        return None
    return Alias(word, whole)


def _group(row: Row) -> str | None:
    return row.matching("group", _ID, _ID_MUST) if row.has("group") else None


def _trial(row: Row) -> int:
    return (_days(row, "trial") or 0) if row.has("trial") else 0


def _age(row: Row) -> int:
    must = f"must be years from 1 to {MAX_AGE}"
    return (row.whole("age", 1, MAX_AGE, must) or 0) if row.has("age") else 0
