"""Whom the engine asks about numbers, as the configuration has it."""

from typing import TYPE_CHECKING

from twofold.app.settings import Settings

if TYPE_CHECKING:
    from twofold.deliver.camara import Camara


def asked_over_http(settings: Settings) -> "Camara | None":
    """Make the client of whom the settings name, if they name anybody.

    Its library is loaded then alone: that is three tenths of a start.
    """
    asked = settings.camara
    if not asked.is_asked:
        return None
    from twofold.deliver.camara import Camara, CamaraSettings  # noqa: PLC0415 - see above

    return Camara(
        CamaraSettings(
            asked.number_recycling_url,
            asked.sim_swap_url,
            asked.ownership_url,
            asked.token.reveal(),
            asked.timeout_ms,
        )
    )
