"""Whom the engine asks about numbers, and what it does not load where that is nobody."""

import subprocess
import sys
from pathlib import Path

from twofold.app.asking import asked_over_http
from twofold.app.settings import load_settings
from twofold.catalog.example import example
from twofold.deliver.camara import Camara
from twofold.deliver.numbers import Nobody, Ownership

ASKS = "import sys, twofold.app.serve; print('aiohttp' in sys.modules)"
ASKED = {"TWOFOLD_CAMARA__SIM_SWAP_URL": "https://gateway.example/sim-swap"}


def test_whom_the_configuration_names_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "twofold.toml"
    file.write_text(example("twofold.toml"), encoding="utf-8")
    assert asked_over_http(load_settings(file, {})) is None
    assert isinstance(asked_over_http(load_settings(file, ASKED)), Camara)


async def test_nobody_knows_nothing() -> None:
    nobody = Nobody()
    assert await nobody.ownership(84_912_345_678) is Ownership.UNKNOWN
    assert not await nobody.is_recycled(84_912_345_678, 1)
    assert not await nobody.is_sim_changed(84_912_345_678, 1, 2)


def test_a_client_that_nobody_needs_is_not_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", ASKS], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
