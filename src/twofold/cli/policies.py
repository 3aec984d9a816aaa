"""The rule packs for people: which there are, and what one of them says, value by value."""

import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from twofold.app.settings import Settings
from twofold.catalog.durations import write_duration
from twofold.catalog.packs import load_policy, pack_names
from twofold.catalog.packs.explain import Value, find_version, values_of
from twofold.cli.database import now_ms
from twofold.cli.failures import Failure
from twofold.cli.files import load_config
from twofold.domain.policy import Policy

WIDTH: Final = 100


def list_all(config: Path, *, default: Path) -> None:
    """Print one line a version, and which one is in force where there is a configuration."""
    settings = None if config == default and not config.exists() else load_config(config)
    now_at = now_ms()
    for name in pack_names():
        pack = load_policy(name)
        for policy in pack.versions.values():
            print(f"{policy.id:<18}{begins(policy)}  {words(policy)}")
            print(f"    {pack.market}")
            print(f"    {unmet_count(name, policy.id)}")
    if settings is not None:
        print(f"in force here: {in_force(settings, now_at)}")


def show(name: str) -> None:
    """Print every value of a version with its unit and its source, and what is not met."""
    found = find_version(name, now_ms())
    if found is None:
        known = (version for pack in pack_names() for version in load_policy(pack).versions)
        raise Failure(f"no rule pack or version {name}; there are: {', '.join(known)}")
    print("\n".join(lines_of(*found)))


def lines_of(name: str, version: str) -> Iterator[str]:
    """Write a version line by line."""
    pack = load_policy(name)
    policy = pack.versions[version]
    yield f"{version}: {pack.market}"
    yield f"for requests from {begins(policy)} on; prices in {pack.currency} unless configured"
    yield ""
    for value in values_of(name, version):
        yield from _value(value)
    yield ""
    yield "Demanded, and not met by this version of the program:"
    for unmet in pack.unmet[version]:
        yield from textwrap.wrap(
            f"{unmet.demand} ({unmet.rule})", WIDTH, initial_indent="- ", subsequent_indent="  "
        )


def in_force(settings: Settings, now_at: int) -> str:
    """Name the version that new requests begin under."""
    return load_policy(settings.policy).at(now_at).id


def unmet_here(settings: Settings, now_at: int) -> str:
    """Say in a line how much of the policy in force the program does not meet."""
    version = in_force(settings, now_at)
    return f"policy {version}: {unmet_count(settings.policy, version)}"


def unmet_count(name: str, version: str) -> str:
    """Say how much of what a version demands is not met."""
    count = len(load_policy(name).unmet[version])
    return f"demands that are not met: {count}; twofold policy show {version} names them"


def begins(policy: Policy) -> str:
    """Write the first day of a version; its midnight is a local one, hence the half day."""
    half_day_s = 43_200
    at = policy.effective_from_at // 1000 + half_day_s
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"


def words(policy: Policy) -> str:
    """Say in a line how it confirms."""
    window = write_duration(policy.window_ms)
    return f"{policy.reply_mode}, {policy.reply_word}, window {window}, {policy.stop_word} stops"


def _value(value: Value) -> Iterator[str]:
    """Write one value: what it is, and under it where it comes from."""
    yield from textwrap.wrap(
        f"{value.field} = {value.is_}", WIDTH, subsequent_indent=" " * 4, break_long_words=False
    )
    source = f"as in {value.taken_over}: {value.source}" if value.taken_over else value.source
    indent = " " * 6
    yield from textwrap.wrap(source, WIDTH, initial_indent=indent, subsequent_indent=indent)
