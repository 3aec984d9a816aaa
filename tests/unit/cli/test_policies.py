"""`twofold policy`: the rules of each market, as a compliance officer reads them."""

from pathlib import Path

import pytest

from tests.unit.cli.test_commands import run
from twofold.catalog.example import example
from twofold.catalog.packs import load_policy, pack_names


def test_the_list_names_every_version_and_how_much_of_it_is_not_met(tmp_path: Path) -> None:
    code, printed, complained = run("policy", "list", cwd=tmp_path)
    assert (code, complained) == (0, [])
    for name in pack_names():
        for version in load_policy(name).versions:
            assert f"\n{version} " in f"\n{printed}"
            assert f"twofold policy show {version} names them" in printed
    assert "in force here" not in printed, "there is no configuration"


def test_the_list_says_which_version_is_in_force_here(tmp_path: Path) -> None:
    (tmp_path / "twofold.toml").write_text(example("twofold.toml"), encoding="utf-8")
    code, printed, _ = run("policy", "list", cwd=tmp_path)
    assert code == 0
    assert printed.splitlines()[-1] == "in force here: vn-2024"


@pytest.mark.parametrize("name", ["in", "in-trai-2013"])
def test_a_version_is_shown_with_units_and_sources_and_with_what_is_not_met(
    name: str, tmp_path: Path
) -> None:
    code, printed, complained = run("policy", "show", name, cwd=tmp_path)
    assert (code, complained) == (0, [])
    lines = printed.splitlines()
    assert lines[0].startswith("in-trai-2013: India")
    assert lines[1] == "for requests from 2013-07-10 on; prices in INR unless configured"
    at = lines.index("window = 1 hour (PT60M)")
    assert lines[at + 1].startswith("      TRAI 2013: 60 minutes by SMS")
    assert any(line.startswith("- a third-party gateway") for line in lines)
    assert max(map(len, lines)) <= 100


def test_an_unknown_version_is_told_which_there_are(tmp_path: Path) -> None:
    code, _, complained = run("policy", "show", "fr", cwd=tmp_path)
    assert code == 1
    assert complained[0].startswith("twofold: no rule pack or version fr; there are: id-permen")


def test_a_configuration_that_is_named_must_be_there(tmp_path: Path) -> None:
    code, _, complained = run("policy", "list", "--config", "other.toml", cwd=tmp_path)
    assert code == 1
    assert complained[0].startswith("twofold: other.toml: no such file")
