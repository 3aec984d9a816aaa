"""The configuration: one TOML file, the environment over it, checked as a whole, then plain values.

Only this package knows pydantic.
"""

from twofold.app.settings.load import InvalidSettings, load_settings
from twofold.app.settings.show import show
from twofold.app.settings.tree import (
    Bind,
    BusyStatus,
    CatalogFile,
    Charging,
    Database,
    Evidence,
    Http,
    Secret,
    Settings,
    Shown,
    Sim,
    Smsc,
)

__all__ = [
    "Bind",
    "BusyStatus",
    "CatalogFile",
    "Charging",
    "Database",
    "Evidence",
    "Http",
    "InvalidSettings",
    "Secret",
    "Settings",
    "Shown",
    "Sim",
    "Smsc",
    "load_settings",
    "show",
]
