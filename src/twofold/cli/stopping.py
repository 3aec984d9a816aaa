"""The stop switch by hand, and the ledger of who changed what is sold."""

import asyncio
import os
import pwd
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from twofold.app.settings import Settings
from twofold.catalog.stopping import (
    CannotStop,
    Stopped,
    account_of,
    approve_resume,
    propose_resume,
    signed,
    stop,
)
from twofold.cli.database import now_ms, opened_store
from twofold.cli.failures import Failure
from twofold.cli.files import load_config
from twofold.domain.catalogue import StopKind
from twofold.store.ledger import Hit, Proposal, Revision, Sweep
from twofold.store.sqlite import SqliteReader, open_database

LINES: Final = 1_000
"""How many revisions are shown at most."""


def switch_off(kind: StopKind, name: str, why: str, by: str | None, config: Path) -> None:
    """Stop a partner or service, and print what that hit."""
    who = signed(by or account(), account())
    stopped, hit = asyncio.run(_stopped(load_config(config), kind, name, who, why))
    if not stopped.is_new:
        print(f"{kind} {name} is stopped already, by {stopped.stop.by}: {stopped.stop.why}")
        return
    print(
        f"{kind} {name} is stopped by revision {stopped.revision}: nothing of it is asked, "
        "confirmed or charged any more"
    )
    print(
        f"it hit {counted(hit.services, 'service')}, {counted(hit.requests, 'open request')} "
        f"and {counted(hit.subscriptions, 'active subscription')}"
    )
    print("a running engine tells each subscriber; twofold catalog log shows how far it is")


def propose(kind: StopKind, name: str, why: str, by: str, config: Path) -> None:
    """Propose the end of a stop, and print how it is approved."""
    who = signed(by, account())
    number = asyncio.run(_proposed(load_config(config), kind, name, who, why))
    print(f"proposal {number}: {kind} {name} is to go on; it is stopped until that is approved")
    print(f"somebody else approves it: twofold resume approve {number} --by NAME")


def approve(number: int, by: str, config: Path) -> None:
    """Approve the end of a stop."""
    revision, proposal = asyncio.run(_approved(load_config(config), number, by))
    print(f"{proposal.kind} {proposal.name} goes on by revision {revision}")
    if account_of(proposal.by) == account():
        print(
            f"both ran it as {account()}: that they are two people is what they said, "
            "and the ledger says so"
        )


def list_proposals(config: Path) -> None:
    """Print what waits for approval."""
    settings = load_config(config)
    waiting = asyncio.run(_waiting(settings))
    for held in waiting:
        when = local(held.at, settings)
        print(f"{held.id}: {held.kind} {held.name}, proposed {when} by {held.by}: {held.why}")
    if not waiting:
        print("nothing waits for approval")


def log(config: Path) -> None:
    """Print the revisions, the oldest first, and how far sweeps are."""
    settings = load_config(config)
    revisions, sweep = asyncio.run(_history(settings))
    for line in revisions:
        who = f" by {line.by}" if line.by else ""
        why = f": {line.why}" if line.why else ""
        what = f"{line.act} {line.about}".strip()
        print(f"{line.revision}: {local(line.at, settings)} {what}{who}{why}")
    if sweep is not None:
        print(f"sweep of revision {sweep.revision}: {counted(sweep.swept, 'number')} swept so far")


def account() -> str:
    """Name the account of this machine that runs the command, as the kernel knows it."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"


def counted(count: int, what: str) -> str:
    """Write a count with its noun."""
    return f"{count:,} {what}{'s' * (count != 1)}"


def local(at: int, settings: Settings) -> str:
    """Write a time as the operator's clocks show it."""
    zone = ZoneInfo(settings.operator.time_zone)
    return f"{datetime.fromtimestamp(at / 1000, zone):%Y-%m-%d %H:%M:%S}"


async def _stopped(
    settings: Settings, kind: StopKind, name: str, by: str, why: str
) -> tuple[Stopped, Hit]:
    """Stop first, then count what stood a moment before: counting may take a while."""
    path = settings.database.path
    with (
        opened_store(settings, make=False) as store,
        closing(open_database(path, read_only=True)) as reading,
    ):
        reader = SqliteReader(reading)
        with reader.snapshot():
            try:
                stopped = await stop(store, kind, name, now_ms, by=by, why=why)
            except CannotStop as error:
                raise Failure(str(error)) from error
            return stopped, reader.hit(kind, name, stopped.services)


async def _proposed(settings: Settings, kind: StopKind, name: str, by: str, why: str) -> int:
    with opened_store(settings, make=False) as store:
        try:
            return await propose_resume(store, kind, name, now_ms, by=by, why=why)
        except CannotStop as error:
            raise Failure(str(error)) from error


async def _approved(settings: Settings, number: int, by: str) -> tuple[int, Proposal]:
    with opened_store(settings, make=False) as store:
        try:
            return await approve_resume(store, number, now_ms, by=signed(by, account()))
        except CannotStop as error:
            raise Failure(str(error)) from error


async def _waiting(settings: Settings) -> Sequence[Proposal]:
    with opened_store(settings, make=False) as store:
        return await store.proposals()


async def _history(settings: Settings) -> tuple[Sequence[Revision], Sweep | None]:
    with opened_store(settings, make=False) as store:
        return await store.revisions(LINES), await store.next_sweep()
