"""The authored texts: package data in TOML, one file a language, derived to what is sent.

A template is kept as `(literal, field, literal, ..., literal)`, so that rendering is joining.
Which fields a text may use is data here (`FIELDS`).
A file that uses another one, or lacks a text, is refused.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Final

import msgspec

from twofold.texts.unaccented import unaccented

LANGUAGES: Final = ("vi", "en")
"""The first one serves whoever asks for a language that is not here."""

Template = tuple[str, ...]
"""Literals at even places, names of fields at odd ones; both ends are literals."""

_SERVICE: Final = (
    "auto_renew",
    "cancel_syntax",
    "code",
    "hotline",
    "lookup_code",
    "no_charge",
    "price",
    "price_incl_vat",
    "provider_name",
    "service_name",
    "short_code",
    "stop",
    "yes",
)
"""What every text on one service may say."""

_OPERATOR: Final = ("hotline", "lookup_code", "stop", "yes")

_COMPLAINT: Final = (*_OPERATOR, "service_name", "complaint")

_PROMPT: Final = (*_SERVICE, "conditions", "reply_syntax", "deadline")

ABOUT: Final[Mapping[str, tuple[str, ...]]] = {
    "activated": (*_SERVICE, "renewal", "charged", "proof"),
    "declined": _SERVICE,
    "expired": _SERVICE,
    "late_confirm": (*_SERVICE, "by"),
    "already": (*_SERVICE, "renewal"),
    "wrong_short_code": _SERVICE,
    "confirm_code": (*_SERVICE, "digits"),
    "code_used_up": _SERVICE,
    "withdrawn": _SERVICE,
    "number_not_served": _SERVICE,
    "sim_changed": _SERVICE,
    "asked_later": (*_SERVICE, "by"),
    "not_checked": _SERVICE,
    "low_balance": _SERVICE,
    "charge_failed": _SERVICE,
    "refund": (*_SERVICE, "amount"),
    "cancelled": _SERVICE,
    "cancel_ack": (*_SERVICE, "by", "proof"),
    "try_later": (*_SERVICE, "by"),
    "blocked": _SERVICE,
    "minor_protected": _SERVICE,
    "disputed": _SERVICE,
    "stopped_by_operator": (*_SERVICE, "by"),
    "resumed_by_operator": (*_SERVICE, "renewal"),
    "replaced": (*_SERVICE, "by", "proof"),
    "other_package": _SERVICE,
    "ussd_asked": _SERVICE,
    "renew_notice": (*_SERVICE, "renewal"),
    "feedback": _SERVICE,
}
"""The texts on one service besides the prompt, with the fields that each may use."""

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "confirm_request": _PROMPT,
    "confirm_request_long": _PROMPT,
    "confirm_request_link": (*_PROMPT, "link"),
    **ABOUT,
    "nothing_pending": _OPERATOR,
    "confirm_which": (*_OPERATOR, "count", "replies", "short_code"),
    "cancel_which": (*_OPERATOR, "stops", "short_code"),
    "nothing_to_stop": _OPERATOR,
    "complaint_open": (*_COMPLAINT, "by"),
    "complaint_status": (*_COMPLAINT, "by"),
    "complaint_upheld": (*_COMPLAINT, "amount"),
    "complaint_rejected": (*_COMPLAINT, "by"),
    "complain_which": (*_OPERATOR, "complaints"),
    "nothing_to_complain": _OPERATOR,
    "wrong_code": (*_OPERATOR, "tries", "digits", "short_code"),
    "not_on_air": (*_OPERATOR, "code"),
    "not_on_air_unnamed": _OPERATOR,
    "help": (*_OPERATOR, "agree"),
    "blocked_on": _OPERATOR,
    "blocked_off": _OPERATOR,
    "language_set": _OPERATOR,
    "ussd_by_sms": _OPERATOR,
    "ussd_sms_alone": _OPERATOR,
    "ussd_unchanged": _OPERATOR,
    "otp": (*_OPERATOR, "otp", "minutes"),
    "cancel_all": (*_OPERATOR, "by"),
    "cancel_all_line": ("number", "service_name"),
    "cancel_all_end": (*_OPERATOR, "proof"),
    "tk_empty": (*_OPERATOR, "spent"),
    "tk_list": (*_OPERATOR, "count", "spent"),
    "tk_list_waiting": (*_OPERATOR, "count", "waiting_count", "spent"),
    "tk_list_waiting_only": (*_OPERATOR, "waiting_count", "spent"),
    "tk_line": ("number", "service_name", "price", "standing", "code", "stop"),
    "tk_end": _OPERATOR,
}
"""Every text, with the fields that it may use."""

SHORT_PROMPT: Final = "confirm_request"
LONG_PROMPT: Final = "confirm_request_long"
LINK_PROMPT: Final = "confirm_request_link"
ONCE: Final = (SHORT_PROMPT, LONG_PROMPT, LINK_PROMPT)
"""Texts that must use `deadline` exactly once: it is all that varies in them."""

KEYS: Final = tuple(key for key in FIELDS if key != LINK_PROMPT)
"""What the texts that are sent are known by, in files, orders and evidence."""

_FIELD: Final = re.compile(r"\{([a-z_]+)\}")


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"or_": "or"}):
    """How one language writes amounts, periods, renewal and the other parts that texts share."""

    currency: str
    thousands: str
    decimal: str
    day: str
    days: str
    price_incl_vat: str
    auto_renew: str
    auto_renew_not: str
    renews: str
    renews_not: str
    reply_syntax: str
    code_of_prompt: str
    agree: Mapping[str, str]
    """How to agree, as the help says it, by reply mode."""
    no_charge: str
    or_: str
    starting: str
    waiting: str
    paused: str
    replaces: str
    terms_changed: str
    age: str
    deducted: str
    balance: str
    stopped: str
    """What the answer to a stop says of the service, whatever else is said."""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file as it is authored."""

    language: str
    version: str
    words: Words
    texts: Mapping[str, str]


class Source(msgspec.Struct, frozen=True):
    """One language: words and templates as they are sent, and the texts as they were authored."""

    language: str
    version: str
    words: Words
    templates: Mapping[str, Template]
    authored: Mapping[str, str]
    approved: Mapping[str, str] = {}
    """The versions of those texts that a catalogue's wording stands in for."""
    approval: str = ""
    """Names all of them together."""

    def whole_version(self) -> str:
        """Name the wording of the whole language, for evidence."""
        return f"{self.language} {self.version}{self.approval}"

    def template_version(self, key: str) -> str:
        """Name one template and the version of its wording, for evidence."""
        return f"{key} {self.language} {self.approved.get(key, self.version)}"


@cache
def load(language: str) -> Source:
    """Read the package's own file of a language."""
    path = resources.files("twofold.texts") / "templates" / f"{language}.toml"
    return parse(path.read_text("utf-8"))


def parse(text: str) -> Source:
    """Read a file of texts; a ValueError lists everything that is wrong with it."""
    file = msgspec.convert(tomllib.loads(text), _File)
    templates = {key: cut_at_fields(said) for key, said in file.texts.items()}
    if faults := [*_faults(templates)]:
        raise ValueError(f"texts in {file.language}: {'; '.join(faults)}")
    plain = {key: _plain(word) for key, word in msgspec.to_builtins(file.words).items()}
    return Source(file.language, file.version, msgspec.convert(plain, Words), templates, file.texts)


def varying(key: str) -> tuple[str, ...]:
    """The fields by which a text on a service differs from one subscriber to the next."""
    if key in ONCE:
        return ("deadline",)
    return tuple(field for field in ABOUT.get(key, ()) if field not in _SERVICE)


def fill(template: Template, values: Mapping[str, str]) -> Template:
    """Put in the values that are known; fields without one stay open."""
    pieces = [template[0]]
    for field, literal in zip(template[1::2], template[2::2], strict=True):
        if field in values:
            pieces[-1] += values[field] + literal
        else:
            pieces += (field, literal)
    return tuple(pieces)


def complete(template: Template, values: Mapping[str, str]) -> str:
    """Put in every value that is still open; a KeyError names one that is not given."""
    pieces = [*template]
    for index in range(1, len(pieces), 2):
        pieces[index] = values[pieces[index]]
    return "".join(pieces)


def _plain(word: str | dict[str, str]) -> str | dict[str, str]:
    """Derive a word, or each of a table of words, as it is sent."""
    if isinstance(word, str):
        return unaccented(word)
    return {key: unaccented(value) for key, value in word.items()}


def cut_at_fields(text: str) -> Template:
    """Make a template of an authored text."""
    return tuple(_FIELD.split(unaccented(text)))


def fields_of(template: Template) -> tuple[str, ...]:
    """Give the fields of a template, in their order, each as often as it stands there."""
    return template[1::2]


def _faults(templates: Mapping[str, Template]) -> Iterator[str]:
    """Say what is wrong with the templates of a file."""
    for key in FIELDS:
        if key not in templates:
            yield f"{key} is missing"
    for key, template in templates.items():
        if key not in FIELDS:
            yield f"{key} is no text; remove it"
            continue
        for field in template[1::2]:
            if field not in FIELDS[key]:
                yield f"{key} has no field {field}; it has {', '.join(FIELDS[key])}"
        if key in ONCE and template[1::2].count("deadline") != 1:
            yield f"{key} must say deadline exactly once"
        if any(bracket in literal for literal in template[::2] for bracket in "{}"):
            yield f"{key} has a brace that names no field"
