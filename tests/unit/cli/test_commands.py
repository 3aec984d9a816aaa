"""The command line: what each command does, what it says when it cannot, and its exit code."""

import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner

from twofold.catalog.example import EXAMPLES, example
from twofold.cli.main import app
from twofold.cli.stopping import account

PROGRAM = Path(sys.executable).with_name("twofold")
HERE = f" (account {account()})"
"""What stands behind a name that is not the account's own."""

BOTH = (
    f"both ran it as {account()}: that they are two people is what they said, "
    "and the ledger says so"
)

COMMANDS = [
    [],
    ["demo"],
    ["init"],
    ["serve"],
    ["bench"],
    ["doctor"],
    ["migrate"],
    ["migrate", "plan"],
    ["migrate", "up"],
    ["config", "show"],
    ["catalog"],
    ["catalog", "check"],
    ["catalog", "import"],
    ["catalog", "export"],
    ["catalog", "log"],
    ["policy"],
    ["policy", "list"],
    ["policy", "show"],
    ["stop", "partner"],
    ["stop", "service"],
    ["resume", "partner"],
    ["resume", "service"],
    ["resume", "approve"],
    ["resume", "list"],
    ["token"],
    ["token", "create"],
    ["token", "list"],
    ["token", "revoke"],
    ["world", "run"],
]


def run(*words: str | Path, cwd: Path | None = None, **environ: str) -> tuple[int, str, list[str]]:
    """Run the program as a person does: exit code, what it prints, what it complains of."""
    done = subprocess.run(
        [PROGRAM, *words],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr.splitlines()


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """Give a folder with the example files in it."""
    for name in EXAMPLES:
        (tmp_path / name).write_text(example(name), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_explains_itself(words: list[str]) -> None:
    done = CliRunner().invoke(app, [*words, "--help"])
    assert done.exit_code == 0
    assert done.stdout.startswith("Usage: ")


def test_the_program_says_which_version_it_is() -> None:
    assert run("--version") == (0, f"twofold {version('twofold')}\n", [])


@pytest.mark.parametrize("folder", ["/proc/x", "/proc", "a-file"])
def test_a_folder_that_takes_no_files_is_named_with_what_to_do(tmp_path: Path, folder: str) -> None:
    (tmp_path / "a-file").touch()
    code, printed, complained = run("init", folder, cwd=tmp_path)
    assert (code, printed) == (1, "")
    (line,) = complained
    assert line.startswith(f"twofold: {folder}: nothing can be written there (")
    assert line.endswith("name a folder of your own: twofold init DIR")


def test_no_command_prints_the_help_and_is_wrong_use() -> None:
    code, printed, complained = run()
    assert (code, printed) == (2, "")
    assert complained[0] == "Usage: twofold [OPTIONS] COMMAND [ARGS]..."


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["serv"], "twofold: No such command 'serv'"),
        (["config", "show", "--confg", "x"], "twofold: No such option: --confg"),
        (["catalog", "check"], "twofold: Missing argument 'FILE'"),
        (["serve", "--roles", "web,foo"], "twofold: Invalid value for --roles: no role is called"),
        (["demo", "--port", "99999"], "twofold: Invalid value for '--port': "),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(words: list[str], line: str) -> None:
    code, printed, complained = run(*words)
    assert (code, printed, len(complained)) == (2, "", 1)
    assert complained[0].startswith(line)
    assert complained[0].endswith("--help")


def test_init_writes_an_installation_that_passes_its_own_checks(tmp_path: Path) -> None:
    code, printed, complained = run("init", "shop", cwd=tmp_path)
    assert (code, complained) == (0, [])
    assert "twofold serve --config shop/twofold.toml" in printed
    config = ("--config", "shop/twofold.toml")
    assert run("config", "show", *config, cwd=tmp_path)[0] == 0
    code, printed, complained = run("catalog", "check", "shop/catalog.toml", *config, cwd=tmp_path)
    assert (code, complained) == (0, [])
    assert printed.splitlines() == [
        "shop/catalog.toml: 3 partners, 3 certificates, 5 services: good",
        "note: service BOITOAN: partner sao has no certificate in force today; DK is refused",
        (
            "note: policy vn-2024: demands that are not met: 3; "
            "twofold policy show vn-2024 names them"
        ),
    ]


def test_check_shows_each_text_as_it_will_be_sent_and_what_it_costs(tmp_path: Path) -> None:
    """The templates that the example has as remarks."""
    run("init", "shop", cwd=tmp_path)
    file = tmp_path / "shop" / "catalog.toml"
    dated = file.read_text().split("# --- what begins by its date")[1].splitlines()[1:]
    rows = "\n".join(line.removeprefix("# ") for line in dated)
    file.write_text(f"{file.read_text()}\n{rows}\n")
    config = ("--config", "shop/twofold.toml")
    code, printed, complained = run("catalog", "check", "shop/catalog.toml", *config, cwd=tmp_path)
    assert (code, complained) == (0, [])
    lines = printed.splitlines()
    assert lines[0].endswith("5 services, 1 dated price, 1 template: good")
    assert re.fullmatch(
        r"from 2027-01-01: declined \(vi\), version [0-9a-f]{12}: "
        r"123 septets, 1 SMS at its longest, of NHAC",
        lines[-2],
    )
    assert lines[-1] == (
        "  QK da tu choi Nhac cho moi thang: chua dang ky, khong mat phi. Chan dich vu moi: "
        "CHAN gui 123. Ho tro: 18001091 (mien phi)."
    )
    code, printed, complained = run("catalog", "import", "shop/catalog.toml", *config, cwd=tmp_path)
    assert (code, complained) == (0, [])
    code, printed, complained = run("catalog", "export", *config, cwd=tmp_path)
    assert "[[template]]\nkey = " in printed
    assert "Chặn dịch vụ mới: CHAN gửi {lookup_code}" in printed


def test_init_never_overwrites(installed: Path) -> None:
    (installed / "twofold.toml").unlink()
    (installed / "catalog.toml").write_text("mine")
    code, _, complained = run("init", cwd=installed)
    line = "twofold: catalog.toml: is there already and stays as it is; name another folder"
    assert (code, complained) == (1, [line])
    assert (installed / "catalog.toml").read_text() == "mine"
    assert not (installed / "twofold.toml").exists()


def test_a_command_says_where_it_looked_for_the_configuration(tmp_path: Path) -> None:
    code, _, complained = run("config", "show", cwd=tmp_path)
    line = (
        "twofold: twofold.toml: no such file; name yours with --config, or make one: twofold init"
    )
    assert (code, complained) == (1, [line])


def test_every_fault_of_the_configuration_is_one_line(installed: Path) -> None:
    code, printed, complained = run(
        *("config", "show"),
        cwd=installed,
        TWOFOLD_HTTP__PORT="0",
        TWOFOLD_SMSC__0__PASSWORD="hunter2-hunter2",
    )
    assert (code, printed) == (1, "")
    assert complained == [
        'twofold: twofold.toml: http.port (TWOFOLD_HTTP__PORT): must be 1..65535, is "0"',
        (
            "twofold: twofold.toml: smsc[0].password (TWOFOLD_SMSC__0__PASSWORD): "
            "must be text of 1 to 8 ASCII characters"
        ),
    ]


def test_config_show_prints_each_key_with_its_source_and_no_secret(installed: Path) -> None:
    code, printed, _ = run("config", "show", cwd=installed, TWOFOLD_SMSC__0__PASSWORD="hunter2")
    rows = {line.split()[0]: line.split()[-1] for line in printed.splitlines()}
    assert code == 0
    assert rows["smsc[0].password"] == "TWOFOLD_SMSC__0__PASSWORD"
    assert rows["operator.name"] == "file"
    assert "hunter2" not in printed


def test_every_fault_of_a_catalogue_is_one_line_with_its_row(installed: Path) -> None:
    file = installed / "catalog.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("price = 5000", "price = 0").replace('"P30D"', '"P1M"'))
    code, printed, complained = run("catalog", "check", "catalog.toml", cwd=installed)
    assert (code, printed) == (1, "")
    assert complained == [
        (
            "twofold: catalog.toml: service[1] NHAC (line 57): period: must be whole days, "
            'such as "P1D" or "P30D", is "P1M"'
        ),
        (
            "twofold: catalog.toml: service[2] GAME (line 67): price: must be a whole number "
            "above 0, VAT included, is 0"
        ),
    ]


def test_migrate_plans_makes_and_then_has_nothing_to_do(installed: Path) -> None:
    code, planned, _ = run("migrate", "plan", cwd=installed)
    assert (code, "is not there yet" in planned) == (0, True)
    assert not (installed / "var").exists()
    code, done, _ = run("migrate", "up", cwd=installed)
    assert (code, done.splitlines()[0]) == (0, "applied 0001 start")
    assert run("migrate", "plan", cwd=installed)[:2] == (0, "nothing to apply\n")
    code, done, _ = run("migrate", "up", cwd=installed)
    assert (code, "applied" in done) == (0, False)


def test_what_is_imported_is_exported(installed: Path) -> None:
    imported = run("catalog", "import", "catalog.toml", cwd=installed)
    line = "catalog.toml: 3 partners, 3 certificates, 5 services: revision 1 is in force\n"
    assert imported == (0, line, [])
    again = run("catalog", "import", "catalog.toml", cwd=installed)
    assert again[1].endswith("revision 1 was in force already: nothing changed\n")
    code, exported, _ = run("catalog", "export", cwd=installed)
    assert (code, exported.splitlines()[0]) == (0, "# Revision 1.")
    (installed / "out.toml").write_text(exported, encoding="utf-8")
    unchanged = run("catalog", "import", "out.toml", cwd=installed)
    assert unchanged[1].endswith("revision 1 was in force already: nothing changed\n")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (None, "is not there yet; make it with twofold migrate up"),
        (b"no database" * 500, "is damaged or is no Twofold database"),
        (b"", "is behind this program; run twofold migrate up"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_line(
    installed: Path, content: bytes | None, line: str
) -> None:
    (installed / "var").mkdir()
    if content is not None:
        (installed / "var" / "twofold.db").write_bytes(content)
    code, printed, complained = run("catalog", "export", cwd=installed)
    assert (code, printed, len(complained)) == (1, "", 1)
    assert line in complained[0]


def test_an_empty_store_sells_nothing_to_export(installed: Path) -> None:
    assert run("migrate", "up", cwd=installed)[0] == 0
    code, _, complained = run("catalog", "export", cwd=installed)
    line = "twofold: nothing is sold yet; twofold catalog import FILE changes that"
    assert (code, complained) == (1, [line])


def test_leaving_roles_out_is_not_for_this_version(installed: Path) -> None:
    code, _, complained = run("serve", "--roles", "gateway,deliver", cwd=installed)
    line = (
        "twofold: --roles leaves out timers, sequencer, web: this version runs every role in one "
        "process; leave --roles out"
    )
    assert (code, complained) == (1, [line])


def test_serve_says_everything_that_is_wrong_with_its_catalogue(installed: Path) -> None:
    (installed / "catalog.toml").write_text("[[service]]\n[[partner]]\n")
    code, printed, complained = run("serve", cwd=installed, TWOFOLD_HTTP__PORT="18493")
    assert (code, printed) == (1, "")
    assert len(complained) == 11
    assert all("catalog.toml: service[0] (line 1): " in line for line in complained[3:])


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            ["bench", "renewals"],
            (
                "twofold: renewals is not measured by this version, "
                "which knows journeys, overload, all"
            ),
        ),
        (
            ["bench", "--database", "postgresql:///x"],
            "twofold: this version measures a SQLite file of its own; leave --database out",
        ),
    ],
)
def test_what_is_not_measured_yet_is_one_line(words: list[str], line: str) -> None:
    assert run(*words) == (1, "", [line])


def test_a_partner_is_stopped_by_one_and_let_go_on_by_two(installed: Path) -> None:
    run("catalog", "import", "catalog.toml", cwd=installed)
    code, printed, complained = run(
        *("stop", "partner", "abc", "--reason", "93% complaints", "--by", "an"), cwd=installed
    )
    assert (code, complained) == (0, [])
    assert printed.splitlines()[:2] == [
        (
            "partner abc is stopped by revision 2: nothing of it is asked, confirmed or charged "
            "any more"
        ),
        "it hit 3 services, 0 open requests and 0 active subscriptions",
    ]
    assert "# Stopped: partner abc, " in run("catalog", "export", cwd=installed)[1]
    again = run("stop", "partner", "abc", "--reason", "again", cwd=installed)
    assert again[:2] == (0, f"partner abc is stopped already, by an{HERE}: 93% complaints\n")
    resume = ("resume", "partner", "abc", "--reason", "mended", "--by", "an")
    assert run(*resume, cwd=installed)[1].startswith("proposal 1: partner abc is to go on")
    assert run("resume", "list", cwd=installed)[1].endswith(f"by an{HERE}: mended\n")
    code, _, complained = run("resume", "approve", "1", "--by", "AN", cwd=installed)
    assert (code, complained) == (
        1,
        [f"twofold: an{HERE} proposed it: somebody else must approve it"],
    )
    code, printed, _ = run("resume", "approve", "1", "--by", "binh", cwd=installed)
    assert (code, printed.splitlines()) == (
        0,
        [
            "partner abc goes on by revision 3",
            BOTH,
        ],
    )
    told = run("catalog", "log", cwd=installed)[1].splitlines()
    assert [line.split(" ", 3)[3] for line in told[1:3]] == [
        f"stop partner abc by an{HERE}: 93% complaints",
        f"resume partner abc by binh{HERE}: mended (proposed by an{HERE})",
    ]


def test_an_import_whose_reason_is_no_line_changes_nothing(installed: Path) -> None:
    code, _, complained = run(
        "catalog", "import", "catalog.toml", "--reason", "a\nb", cwd=installed
    )
    line = "twofold: --by and --reason must be one line, of 500 characters at most"
    assert (code, complained) == (1, [line])
    assert run("catalog", "log", cwd=installed)[0] == 1
