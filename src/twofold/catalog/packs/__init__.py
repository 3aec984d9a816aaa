"""Rule packs: what each market demands of a double confirmation, as dated data beside this file.

A pack is a TOML file with one table a version; the sources of its values stand in its comments.
One that is `based_on` another states what differs from the latest version of that one.
A version names what its market demands and this program does not do yet (`unmet`).
Packs ship with the program, so that a fault in one is a programmer's: reading it raises at once.
"""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta, Struct

from twofold.catalog.durations import parse_duration
from twofold.decide.memory import MAX_MEMORY
from twofold.domain.policy import LowerPrice, Policy, PriceChange, ReplyMode
from twofold.domain.subscriber import Channel

SUFFIX: Final = ".toml"

CheckedAgain = Literal["block_list", "minors"]
"""The guards of a number that may be asked again when the yes comes."""


Language = Literal["vi", "en"]

Remembered = Annotated[int, Meta(ge=1, le=MAX_MEMORY)]
"""A cap on what a number remembers so many of: a higher one would never be reached."""


class Unmet(Struct, frozen=True, forbid_unknown_fields=True):
    """A demand of the market that the program does not meet, and the rule that makes it."""

    demand: str
    rule: str


class PolicyPack(Struct, frozen=True):
    """All versions of one market's rules, by id, the oldest first."""

    name: str
    market: str
    """What the pack is an example of: `India: ...`."""
    currency: str
    """ISO 4217; an operator's own setting comes before it."""
    versions: Mapping[str, Policy]
    unmet: Mapping[str, tuple[Unmet, ...]]
    """By version."""

    def at(self, now_at: int) -> Policy:
        """Find the version under which a request made at `now_at` (ms UTC) begins.

        Before the first one begins, the first.
        """
        begun = [held for held in self.versions.values() if held.effective_from_at <= now_at]
        return begun[-1] if begun else next(iter(self.versions.values()))

    def next_at(self, now_at: int) -> int | None:
        """When the next version begins after a moment."""
        begins = (held.effective_from_at for held in self.versions.values())
        return min((at for at in begins if at > now_at), default=None)


class _Version(Struct, frozen=True, forbid_unknown_fields=True):
    """One table of the file, as it is written there."""

    id: str
    effective_from: date
    reply_mode: ReplyMode
    window: str
    accept_words: frozenset[str]
    accept_words_with_code: frozenset[str]
    refuse_words: frozenset[str]
    bare_yes_memory: str
    prompt_max_wait: str
    prompt_max_copies: int
    resend_min_gap: str
    code_digits: Annotated[int, Meta(ge=4, le=8)]
    code_max_wrong: Annotated[int, Meta(ge=1, le=9)]
    code_alone_ok: bool
    code_channels: frozenset[Channel]
    price_change_between: PriceChange
    max_segments: int
    expiry_notice: bool
    expiry_notice_urgent: bool
    check_max_wait: str
    sim_change_delay: str
    prompt_fields: tuple[str, ...]
    welcome_by: str
    welcome_until: str
    welcome_fields: tuple[str, ...]
    renewal_fields: tuple[str, ...]
    cancel_fields: tuple[str, ...]
    hint_gap: str
    hints_a_day: Remembered
    prompts_an_hour: Remembered
    prompts_a_day: Remembered
    service_prompts_a_day: Remembered
    rest_after_no: str
    rest_after_silence: str
    quiet_from: time
    quiet_until: time
    complaint_answer: str
    checked_again_at_confirm: frozenset[CheckedAgain]
    languages: Annotated[tuple[Language, ...], Meta(min_length=1)]
    reply_word: str
    stop_word: str
    tax: str
    adult_age: Annotated[int, Meta(ge=0, le=99)]
    unmet: tuple[Unmet, ...]
    lower_price: LowerPrice = LowerPrice.ASK_AGAIN
    code_from_price: Annotated[int, Meta(ge=1)] | None = None


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    market: str
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    time_zone: str
    version: list[_Version]
    based_on: str | None = None


@cache
def pack_names() -> tuple[str, ...]:
    """Name the packs that ship with the program."""
    names = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX)))


@cache
def load_policy(name: str) -> PolicyPack:
    """Read the pack of that name, one of `pack_names()`.

    Raises `LookupError` for another name and `ValueError` for a pack that is not well formed.
    """
    if name not in pack_names():
        raise LookupError(f"no rule pack {name}; there are: {', '.join(pack_names())}")
    return parse_pack(name, text_of(name))


@cache
def all_versions() -> Mapping[str, Policy]:
    """Every version of every pack, by id: what is open keeps its own under whatever pack follows.

    Raises `ValueError` where two packs have a version of the same id.
    """
    found: dict[str, Policy] = {}
    for name in pack_names():
        versions = load_policy(name).versions
        if twice := found.keys() & versions.keys():
            raise ValueError(f"{name}: {', '.join(sorted(twice))} is the id of another pack's")
        found.update(versions)
    return found


def parse_pack(name: str, text: str) -> PolicyPack:
    """Read a pack's text; raises `ValueError` that names the field which is wrong."""
    file = msgspec.convert(_completed(tomllib.loads(text)), _File)
    policies = [_policy(version, ZoneInfo(file.time_zone)) for version in file.version]
    versions = {policy.id: policy for policy in policies}
    begins = [policy.effective_from_at for policy in policies]
    if len(versions) < len(policies) or begins != sorted(set(begins)) or not policies:
        raise ValueError(
            f"{name}: versions must have ids of their own and stand in the order of their dates"
        )
    for policy in policies:
        if policy.reply_word not in policy.accept_words:
            raise ValueError(f"{policy.id}: reply_word must be one of accept_words")
    unmet = {version.id: version.unmet for version in file.version}
    return PolicyPack(name, file.market, file.currency, versions, unmet)


def _completed(written: dict[str, Any]) -> dict[str, Any]:
    """Put in what a pack takes over from the one that it is based on."""
    base = written.get("based_on")
    if not isinstance(base, str) or base not in pack_names():
        return written
    taken_over = tomllib.loads(text_of(base))["version"][-1]
    return {**written, "version": [{**taken_over, **given} for given in written["version"]]}


def text_of(name: str) -> str:
    """Read a pack's file as it is written, comments and all."""
    return files(__name__).joinpath(name + SUFFIX).read_text("utf-8")


def _policy(version: _Version, zone: ZoneInfo) -> Policy:
    begins = version.effective_from
    return Policy(
        id=version.id,
        effective_from_at=int(
            datetime(begins.year, begins.month, begins.day, tzinfo=zone).timestamp()
        )
        * 1000,
        reply_mode=version.reply_mode,
        window_ms=_duration_ms(version, "window"),
        prompt_max_wait_ms=_duration_ms(version, "prompt_max_wait"),
        prompt_max_copies=version.prompt_max_copies,
        resend_min_gap_ms=_duration_ms(version, "resend_min_gap"),
        bare_yes_memory_ms=_duration_ms(version, "bare_yes_memory"),
        accept_words=version.accept_words,
        accept_words_with_code=version.accept_words_with_code,
        refuse_words=version.refuse_words,
        code_digits=version.code_digits,
        code_max_wrong=version.code_max_wrong,
        code_alone_ok=version.code_alone_ok,
        code_channels=version.code_channels,
        code_from_minor=version.code_from_price,
        languages=version.languages,
        price_change_between=version.price_change_between,
        max_segments=version.max_segments,
        expiry_notice=version.expiry_notice,
        expiry_notice_urgent=version.expiry_notice_urgent,
        check_max_wait_ms=_duration_ms(version, "check_max_wait"),
        sim_change_delay_ms=_duration_ms(version, "sim_change_delay"),
        welcome_by_ms=_duration_ms(version, "welcome_by"),
        welcome_until_ms=_duration_ms(version, "welcome_until"),
        hint_gap_ms=_duration_ms(version, "hint_gap"),
        hints_a_day=version.hints_a_day,
        prompts_an_hour=version.prompts_an_hour,
        prompts_a_day=version.prompts_a_day,
        service_prompts_a_day=version.service_prompts_a_day,
        rest_after_no_ms=_duration_ms(version, "rest_after_no"),
        rest_after_silence_ms=_duration_ms(version, "rest_after_silence"),
        quiet_from_minute=_minute_of_day(version.quiet_from),
        quiet_until_minute=_minute_of_day(version.quiet_until),
        complaint_answer_ms=_duration_ms(version, "complaint_answer"),
        checked_again_at_confirm=frozenset(version.checked_again_at_confirm),
        prompt_fields=version.prompt_fields,
        welcome_fields=version.welcome_fields,
        renewal_fields=version.renewal_fields,
        cancel_fields=version.cancel_fields,
        lower_price=version.lower_price,
        reply_word=version.reply_word,
        stop_word=version.stop_word,
        tax=version.tax,
        adult_age=version.adult_age,
    )


def _duration_ms(version: _Version, field: str) -> int:
    written = getattr(version, field)
    duration_ms = parse_duration(written)
    if duration_ms is None:
        raise ValueError(
            f"{version.id}: {field} must be an ISO 8601 duration such as PT12H, is {written}"
        )
    return duration_ms


def _minute_of_day(local: time) -> int:
    return local.hour * 60 + local.minute
