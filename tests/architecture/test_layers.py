"""A package imports strictly lower ones, drivers stay in store, and what judges does no IO."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.sources import ROOT

CONTRACTS = ("layers", "drivers", "pure", "speaking", "ports", "peers")


def test_every_contract_of_the_layers_is_kept() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_contract_was_taken_away_and_no_package_escapes() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    kept = {contract["id"]: contract for contract in settings["contracts"]}
    assert tuple(kept) == CONTRACTS
    assert kept["layers"]["exhaustive"] is True
    assert not any("ignore_imports" in kept[name] for name in ("layers", "pure", "peers"))
