"""The stop switch: one person stops a partner or a service at once, two let it go on.

A stop is one catalogue commit and a sweep: the commit binds, the sweep tidies up and tells.
"""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Final

from msgspec import Struct, structs

from twofold.catalog.revising import revising
from twofold.domain.catalogue import Act, Catalogue, Note, Stop, StopKind
from twofold.store.ledger import Ledger, Proposal, Sweep

MAX_WHY: Final = 500
MAX_BY: Final = 100
ACCOUNT: Final = " (account "
"""Between the name that somebody gave and the account of the machine that they used."""


class CannotStop(Exception):
    """What was asked for cannot be done; the message says why, and what to do."""


class Stopped(Struct, frozen=True):
    """What became of a stop: the revision in force, the stop, and whether it is a new one."""

    revision: int
    stop: Stop
    services: int
    is_new: bool


async def stop(
    ledger: Ledger, kind: StopKind, name: str, now: Callable[[], int], *, by: str, why: str
) -> Stopped:
    """Stop a partner or a service, binding from the commit; raises CannotStop."""
    said(by, why)
    async with revising(ledger, now) as draft:
        newest = known(draft.newest, kind, name)
        services = services_of(newest, kind, name)
        if held := stop_on(newest, kind, name):
            return Stopped(newest.revision, held, services, is_new=False)
        made = Stop(kind, name, draft.at, by, why)
        note = Note(Act.STOP, f"{kind} {name}", by, why)
        revision = await draft.add(structs.replace(newest, stops=(*newest.stops, made)), note)
        await ledger.add_sweep(Sweep(revision, kind, name, draft.at, 0))
        return Stopped(revision, made, services, is_new=True)


async def propose_resume(
    ledger: Ledger, kind: StopKind, name: str, now: Callable[[], int], *, by: str, why: str
) -> int:
    """Propose that a stop should end; the proposal's number. Raises CannotStop."""
    said(by, why)
    async with revising(ledger, now) as draft:
        if draft.newest is None or stop_on(draft.newest, kind, name) is None:
            raise CannotStop(f"{kind} {name} is not stopped; twofold catalog export shows what is")
        return await ledger.add_proposal(kind, name, draft.at, by, why)


async def approve_resume(
    ledger: Ledger, number: int, now: Callable[[], int], *, by: str
) -> tuple[int, Proposal]:
    """End a stop as somebody else proposed; the revision and the proposal. Raises CannotStop."""
    said(by, "approved")
    async with revising(ledger, now) as draft:
        proposal = next((held for held in await ledger.proposals() if held.id == number), None)
        if proposal is None:
            raise CannotStop(f"no proposal {number} waits; twofold resume list shows those that do")
        if is_same_person(by, proposal.by):
            raise CannotStop(f"{proposal.by} proposed it: somebody else must approve it")
        kind, name = StopKind(proposal.kind), proposal.name
        newest = known(draft.newest, kind, name)
        held = stop_on(newest, kind, name)
        if held is None:
            raise CannotStop(f"{kind} {name} is not stopped any more")
        left = tuple(one for one in newest.stops if one is not held)
        why = f"{proposal.why} (proposed by {proposal.by})"
        note = Note(Act.RESUME, f"{kind} {name}", by, why)
        revision = await draft.add(structs.replace(newest, stops=left), note)
        paused_ms = max(draft.at - held.since_at, 1)
        await ledger.add_sweep(Sweep(revision, kind, name, draft.at, paused_ms))
        await ledger.approve_proposal(number, draft.at, by, revision)
        return revision, proposal


def said(by: str, why: str) -> None:
    """Refuse what says nobody or nothing, or cannot stand on one line of the ledger."""
    for what, text, most in (("--by", by, MAX_BY), ("--reason", why, MAX_WHY)):
        if not text.strip() or len(text) > most or not text.isprintable():
            raise CannotStop(f"{what} must be one line of 1 to {most} characters")


def is_same_person(one: str, other: str) -> bool:
    """Say whether two names are one person's, however they are typed and from which account."""
    names = [" ".join(text.partition(ACCOUNT)[0].split()).casefold() for text in (one, other)]
    return names[0] == names[1]


def signed(by: str, account: str) -> str:
    """Whom the ledger names: who they said they are, and the account where that says another."""
    return by if is_same_person(by, account) else f"{by}{ACCOUNT}{account})"


def account_of(signature: str) -> str:
    """The account of the machine behind a signature; a name alone is the account's own."""
    name, _, account = signature.partition(ACCOUNT)
    return account.removesuffix(")") or name


def known(catalogue: Catalogue | None, kind: StopKind, name: str) -> Catalogue:
    """Give the catalogue, if it knows what is to be stopped."""
    if catalogue is None:
        raise CannotStop("nothing is sold yet, so that there is nothing to stop")
    names: Iterable[str] = catalogue.partners
    if kind is StopKind.SERVICE:
        names = catalogue.services
    if name in names or stop_on(catalogue, kind, name):
        return catalogue
    near = get_close_matches(name, sorted(names), n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise CannotStop(f"no {kind} is called {name}{hint}")


def stop_on(catalogue: Catalogue, kind: StopKind, name: str) -> Stop | None:
    """The stop on exactly that."""
    found = (held for held in catalogue.stops if (held.kind, held.name) == (kind, name))
    return next(found, None)


def services_of(catalogue: Catalogue, kind: StopKind, name: str) -> int:
    """How many services it stops."""
    if kind is StopKind.SERVICE:
        return 1
    return sum(held.partner == name for held in catalogue.services.values())
