"""What is sold, by hand: check a file, make it the next revision, write the newest one out."""

import asyncio
from pathlib import Path

from twofold.app.settings import Settings
from twofold.catalog.advice import advise, shown
from twofold.catalog.canonical import from_json
from twofold.catalog.export import to_toml
from twofold.catalog.file import read_catalogue
from twofold.catalog.intake import Overwrites, Taken, take_catalogue
from twofold.catalog.packs import load_policy
from twofold.catalog.rows import Market
from twofold.catalog.stopping import MAX_WHY, signed
from twofold.cli.database import now_ms, opened_store
from twofold.cli.failures import Failure
from twofold.cli.files import load_config
from twofold.cli.policies import unmet_here
from twofold.cli.stopping import account, local
from twofold.domain.catalogue import Act, Catalogue, Note


def check(file: Path, config: Path) -> None:
    """Print a summary, what a person should know and each text as sent; fail with every fault."""
    settings = load_config(config)
    catalogue = _read(file, settings)
    print(f"{file}: {_summary(catalogue)}: good")
    for advice in advise(catalogue, now_ms()):
        print(f"note: {advice}")
    print(f"note: {unmet_here(settings, now_ms())}")
    for held, says in shown(catalogue, market_of(settings)):
        since = local(held.from_at, settings).removesuffix(" 00:00:00")
        print(f"from {since}: {says}")


def take(file: Path, why: str, by: str | None, config: Path, *, overwrite: bool) -> None:
    """Make a file's catalogue what is sold."""
    settings = load_config(config)
    catalogue = _read(file, settings)
    note = Note(Act.IMPORT, file.name, signed(by or account(), account()), why)
    if not (note.by.isprintable() and why.isprintable() and len(why) <= MAX_WHY):
        raise Failure(f"--by and --reason must be one line, of {MAX_WHY} characters at most")
    taken = asyncio.run(_take(catalogue, settings, note, overwrite=overwrite))
    state = "is in force" if taken.is_new else "was in force already: nothing changed"
    print(f"{file}: {_summary(catalogue)}: revision {taken.revision} {state}")


def export(config: Path) -> None:
    """Print the newest catalogue as a file."""
    settings = load_config(config)
    print(asyncio.run(_export(settings)), end="")


def market_of(settings: Settings) -> Market:
    """Give what a catalogue must fit in an installation today."""
    policy = load_policy(settings.policy).at(now_ms())
    return Market(settings.operator, policy, settings.short_codes)


async def _take(catalogue: Catalogue, settings: Settings, note: Note, *, overwrite: bool) -> Taken:
    with opened_store(settings, make=True) as store:
        try:
            return await take_catalogue(store, catalogue, now_ms, note, force=overwrite)
        except Overwrites as error:
            raise Failure(
                f"{note.about} would undo what was changed since the last import; "
                "twofold catalog export shows what is in force; --overwrite undoes it",
                *(f"changed: {row}" for row in str(error).splitlines()),
            ) from error


async def _export(settings: Settings) -> str:
    with opened_store(settings, make=False) as store:
        newest = await store.newest_catalogue()
    if newest is None:
        raise Failure("nothing is sold yet; twofold catalog import FILE changes that")
    revision, _digest, document = newest
    zone = settings.operator.time_zone
    return f"# Revision {revision}.\n{to_toml(from_json(document, revision), zone)}"


def _read(file: Path, settings: Settings) -> Catalogue:
    """Read a catalogue file; every fault becomes a line of the failure."""
    read = read_catalogue(file, 0, market_of(settings))
    if isinstance(read, Catalogue):
        return read
    raise Failure(*(fault.in_file(file) for fault in read))


def _summary(catalogue: Catalogue) -> str:
    counts = {
        "partner": len(catalogue.partners),
        "certificate": sum(map(len, catalogue.certificates.values())),
        "service": len(catalogue.services),
        "dated price": sum(map(len, catalogue.prices.values())),
        "template": len(catalogue.templates),
    }
    named = ("partner", "certificate", "service")
    return ", ".join(
        f"{count} {kind}{'s' * (count != 1)}"
        for kind, count in counts.items()
        if count or kind in named
    )
