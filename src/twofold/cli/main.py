"""The commands and their options; each imports its parts when called, so that help is quick."""

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from twofold.access.tokens import Role
from twofold.cli.failures import Failure, guarded

Config = Annotated[
    Path,
    typer.Option(
        "--config", "-c", metavar="FILE", help="The configuration; its paths are relative to it."
    ),
]
By = Annotated[
    str | None, typer.Option(metavar="NAME", help="Who does it; whoever is logged in, if absent.")
]
Approver = Annotated[str, typer.Option(metavar="NAME", help="Who does it.")]
Why = Annotated[str, typer.Option(metavar="TEXT", help="Why, for the ledger.")]
PartnerId = Annotated[str, typer.Argument(metavar="ID", help="The partner's id.")]
ServiceCode = Annotated[str, typer.Argument(metavar="CODE", help="The service's code.")]
DEFAULT_CONFIG: Final = Path("twofold.toml")
MEASURED: Final = ("journeys", "overload", "all")
ROLES: Final = ("gateway", "deliver", "timers", "sequencer", "web")

app = typer.Typer(
    name="twofold",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
migrations = typer.Typer(
    help="Bring the database's schema up to the program's.", no_args_is_help=True
)
configuration = typer.Typer(help="Look at the configuration.", no_args_is_help=True)
catalogues = typer.Typer(help="Check, import and export what is sold.", no_args_is_help=True)
app.add_typer(migrations, name="migrate")
app.add_typer(configuration, name="config")
app.add_typer(catalogues, name="catalog")
policies = typer.Typer(help="Look at the rules of each market.", no_args_is_help=True)
app.add_typer(policies, name="policy")
tokens = typer.Typer(help="Let programs call the API, and let them no more.", no_args_is_help=True)
app.add_typer(tokens, name="token")
worlds = typer.Typer(help="Play whole simulated worlds, with every fault.", no_args_is_help=True)
app.add_typer(worlds, name="world")
stops = typer.Typer(
    help="Stop a partner or a service at once, binding from this moment.", no_args_is_help=True
)
app.add_typer(stops, name="stop")
resumes = typer.Typer(
    help="Let go on what was stopped: one proposes, another approves.", no_args_is_help=True
)
app.add_typer(resumes, name="resume")


def print_version(asked: bool) -> None:  # noqa: FBT001 - typer's way to call it
    """Print which one this is, and end."""
    if asked:
        from importlib.metadata import version

        print(f"twofold {version('twofold')}")
        raise typer.Exit


@app.callback()
def program(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=print_version, help="Print which one this is."
        ),
    ] = False,
) -> None:
    """Double confirmation of value-added services over SMS."""


def main() -> None:
    """Run the command line and exit: 0 done, 1 it failed, 2 wrong use."""
    sys.exit(guarded(lambda: app(prog_name="twofold", standalone_mode=False)))


@app.command()
def demo(
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Where the pages listen.")] = 8080,
    *,
    once: Annotated[
        bool, typer.Option("--once", help="Play one conversation, print it and end.")
    ] = False,
) -> None:
    """Try everything on this machine: an SMSC, a phone to play with, a clock that can be moved."""
    from twofold.app import demo as play

    play.run(port=port, once=once)


@app.command()
def init(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="Where to write; made if missing.")
    ] = Path(),
) -> None:
    """Write a commented twofold.toml and an example catalog.toml; never overwrite one."""
    from twofold.cli.files import write_examples

    write_examples(folder)


@app.command()
def serve(
    config: Config = DEFAULT_CONFIG,
    roles: Annotated[
        str | None,
        typer.Option(metavar="ROLE,...", help=f"Of {', '.join(ROLES)}; all if absent."),
    ] = None,
) -> None:
    """Run until stopped."""
    chosen = roles_of(roles)
    from twofold.app import serve as server
    from twofold.cli.files import load_config

    server.run(load_config(config), chosen)


def roles_of(given: str | None) -> tuple[str, ...]:
    """Read a list of roles; to leave some out is for a later version."""
    roles = ROLES if given is None else tuple(role.strip() for role in given.split(","))
    for role in roles:
        if role not in ROLES:
            raise typer.BadParameter(f"no role is called '{role}'", param_hint="--roles")
    if missing := [role for role in ROLES if role not in roles]:
        raise Failure(
            f"--roles leaves out {', '.join(missing)}: this version runs every role in one "
            "process; leave --roles out"
        )
    return roles


@app.command()
def bench(  # noqa: PLR0913 - each option is one of the measurement
    what: Annotated[
        str, typer.Argument(metavar="WHAT", help="journeys, overload, or all.")
    ] = "all",
    *,
    journeys: Annotated[int, typer.Option(min=100, help="Journeys a round.")] = 20_000,
    open_at_once: Annotated[int, typer.Option("--open", min=1, help="Open at once.")] = 200,
    rate: Annotated[float, typer.Option(min=0, help="Begun a second at a steady rate.")] = 500.0,
    prefill: Annotated[int, typer.Option(min=0, help="In the file before, once more.")] = 0,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds; medians count.")] = 3,
    database: Annotated[str | None, typer.Option(metavar="URL", help="Not yet.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    config: Config = DEFAULT_CONFIG,  # noqa: ARG001 - taken as everywhere, and not needed yet
) -> None:
    """Measure the product against its bare parts in the same run, on an installation of its own."""
    if what not in MEASURED:
        raise Failure(f"{what} is not measured by this version, which knows {', '.join(MEASURED)}")
    if database is not None:
        raise Failure("this version measures a SQLite file of its own; leave --database out")
    from twofold.cli.bench import journeys as whole
    from twofold.cli.bench import overload

    if what != "overload":
        asked = whole.Options(
            journeys=journeys,
            open_at_once=open_at_once,
            rate=rate,
            prefill=prefill,
            rounds=rounds,
        )
        whole.run(asked, as_json=as_json)
    if what != "journeys":
        too_much = overload.Options(journeys=journeys, open_at_once=open_at_once, rounds=rounds)
        overload.run(too_much, as_json=as_json)


@app.command()
def doctor(
    *,
    deep: Annotated[
        bool, typer.Option("--deep", help="Hold every row against the evidence, which takes long.")
    ] = False,
    config: Config = DEFAULT_CONFIG,
) -> int:
    """Say what is wrong and what to do; change nothing, and exit 1 on a finding."""
    from twofold.cli.doctor import examine

    return examine(config, deep=deep)


@migrations.command("plan")
def migrate_plan(config: Config = DEFAULT_CONFIG) -> None:
    """Say which migrations are pending; change nothing."""
    from twofold.cli.database import plan

    plan(config)


@migrations.command("up")
def migrate_up(config: Config = DEFAULT_CONFIG) -> None:
    """Apply what is pending; make the database if it is not there."""
    from twofold.cli.database import up

    up(config)


@configuration.command("show")
def config_show(config: Config = DEFAULT_CONFIG) -> None:
    """Print every value in force and where it came from, secrets hidden."""
    from twofold.app.settings import show
    from twofold.cli.files import load_config

    print(show(load_config(config)))


@catalogues.command("check")
def catalog_check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A catalog.toml.")],
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Say everything that is wrong with a catalogue, or show its texts as sent; change nothing."""
    from twofold.cli.catalogue import check

    check(file, config)


@catalogues.command("import")
def catalog_import(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A catalog.toml.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why, for the ledger.")] = "",
    by: By = None,
    *,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Undo what was changed since the last import.")
    ] = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Check a catalogue and make it what is sold, from this moment on; stops stay."""
    from twofold.cli.catalogue import take

    take(file, reason, by, config, overwrite=overwrite)


@catalogues.command("export")
def catalog_export(config: Config = DEFAULT_CONFIG) -> None:
    """Print what is sold, as a catalog.toml."""
    from twofold.cli.catalogue import export

    export(config)


@policies.command("list")
def policy_list(config: Config = DEFAULT_CONFIG) -> None:
    """Print every version of every rule pack, and which one is in force here."""
    from twofold.cli.policies import list_all

    list_all(config, default=DEFAULT_CONFIG)


@policies.command("show")
def policy_show(
    version: Annotated[str, typer.Argument(metavar="ID", help="A version, or a pack.")],
    config: Config = DEFAULT_CONFIG,  # noqa: ARG001 - taken as everywhere: packs are the program's
) -> None:
    """Print every value of a version with its unit and its source, and what is not met yet."""
    from twofold.cli.policies import show

    show(version)


@tokens.command("create")
def token_create(
    role: Annotated[Role, typer.Option(help="What it may do, and over which channel.")],
    partner: Annotated[str, typer.Option(metavar="ID", help="Whose, for the role partner.")] = "",
    label: Annotated[str, typer.Option(help="A note for the list.")] = "",
    expires: Annotated[
        str, typer.Option(metavar="P90D", help="For how long; until it is revoked, if absent.")
    ] = "",
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Make a token and print it last; only its hash is kept."""
    from twofold.cli.tokens import create

    create(config, role, partner, label, expires)


@tokens.command("list")
def token_list(config: Config = DEFAULT_CONFIG) -> None:
    """Print every token but its secret."""
    from twofold.cli.tokens import list_all

    list_all(config)


@tokens.command("revoke")
def token_revoke(
    token_id: Annotated[int, typer.Argument(metavar="ID", help="As the list names it.")],
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Let a token in no more, from the next call on."""
    from twofold.cli.tokens import revoke

    revoke(config, token_id)


@catalogues.command("log")
def catalog_log(config: Config = DEFAULT_CONFIG) -> None:
    """Print every revision with who made it, when and why, and how far sweeps are."""
    from twofold.cli.stopping import log

    log(config)


@stops.command("partner")
def stop_partner(
    partner: PartnerId,
    reason: Why,
    by: By = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Stop all services of a partner at once."""
    from twofold.cli.stopping import switch_off
    from twofold.domain.catalogue import StopKind

    switch_off(StopKind.PARTNER, partner, reason, by, config)


@stops.command("service")
def stop_service(
    service: ServiceCode,
    reason: Why,
    by: By = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Stop one service at once."""
    from twofold.cli.stopping import switch_off
    from twofold.domain.catalogue import StopKind

    switch_off(StopKind.SERVICE, service.upper(), reason, by, config)


@resumes.command("partner")
def resume_partner(
    partner: PartnerId,
    reason: Why,
    by: Approver,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Propose that a partner should go on; somebody else must approve it."""
    from twofold.cli.stopping import propose
    from twofold.domain.catalogue import StopKind

    propose(StopKind.PARTNER, partner, reason, by, config)


@resumes.command("service")
def resume_service(
    service: ServiceCode,
    reason: Why,
    by: Approver,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Propose that a service should go on; somebody else must approve it."""
    from twofold.cli.stopping import propose
    from twofold.domain.catalogue import StopKind

    propose(StopKind.SERVICE, service.upper(), reason, by, config)


@resumes.command("approve")
def resume_approve(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The proposal.")],
    by: Approver,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Let go on what somebody else proposed."""
    from twofold.cli.stopping import approve

    approve(number, by, config)


@resumes.command("list")
def resume_list(config: Config = DEFAULT_CONFIG) -> None:
    """Print the proposals that nobody has approved yet."""
    from twofold.cli.stopping import list_proposals

    list_proposals(config)


@worlds.command("run")
def world_run(
    seed: Annotated[int, typer.Option(min=0, help="What everything in it follows from.")] = 1,
    hours: Annotated[float, typer.Option(min=0.1, help="Virtual hours.")] = 24.0,
    people: Annotated[int, typer.Option(min=1, max=500, help="Subscribers.")] = 8,
    config: Config = DEFAULT_CONFIG,  # noqa: ARG001 - taken as everywhere, and not needed yet
) -> None:
    """Let people, faults and crashes loose on the engine, and check every invariant each hour."""
    from twofold.cli.world import play

    play(seed, hours, people)
