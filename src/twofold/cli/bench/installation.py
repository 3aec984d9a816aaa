"""An installation to measure: the example files, with a window and a rate that do not bind."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from twofold.app.settings import Settings, load_settings
from twofold.catalog.example import EXAMPLES, example
from twofold.catalog.file import read_catalogue
from twofold.catalog.packs import load_policy
from twofold.catalog.rows import Market
from twofold.domain.catalogue import Catalogue

CONFIG: Final = "twofold.toml"
DATABASE: Final = "bench.db"

_UNBOUND: Final[Mapping[str, str]] = {
    "TWOFOLD_DATABASE__URL": f"sqlite:///{DATABASE}",
    "TWOFOLD_SMSC__0__WINDOW": "1000",
    "TWOFOLD_SMSC__0__TPS_MAX": "100000",
    "TWOFOLD_SMSC__0__RESPONSE_TIMEOUT": "PT1M",
}
"""What the example leaves to each SMSC's contract, and what a bench must not run into."""


def write_installation(folder: Path) -> None:
    """Write the example files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in EXAMPLES:
        (folder / name).write_text(example(name), encoding="utf-8")


def settings_of(folder: Path, port: int, busy_status: str = "ESME_RX_T_APPN") -> Settings:
    """Read them, with the SMSC at `port` of this machine, and how it is told to wait."""
    at = {"TWOFOLD_SMSC__0__PORT": str(port), "TWOFOLD_SMSC__0__BUSY_STATUS": busy_status}
    return load_settings(folder / CONFIG, {**_UNBOUND, **at})


def catalogue_of(settings: Settings, now_at: int) -> Catalogue:
    """The catalogue of the installation, as no revision at all."""
    path = settings.catalog.path
    assert path is not None
    policy = load_policy(settings.policy).at(now_at)
    read = read_catalogue(path, 0, Market(settings.operator, policy, settings.short_codes))
    assert isinstance(read, Catalogue), read
    return read
