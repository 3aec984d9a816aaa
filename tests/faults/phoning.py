"""An SMSC stand-in with phones in this process, for an engine in another."""

import ssl
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.faults.serving import Installation
from twofold.peers.phones import Phones
from twofold.peers.smsc import Account, Smsc, SmscSettings


def milliseconds() -> int:
    """The time, as a business clock gives it."""
    return time.time_ns() // 1_000_000


@asynccontextmanager
async def smsc_and_phones(
    folder: Path,
    changes: Mapping[str, str] | None = None,
    tls: ssl.SSLContext | None = None,
    **smsc_settings: Any,  # noqa: ANN401
) -> AsyncIterator[tuple[Smsc, Phones, Installation]]:
    """Run an SMSC stand-in with phones, and write an installation that binds to it."""
    account = Account("twofold", "secret", ("9166", "123", "1579"))
    smsc = Smsc(SmscSettings((account,), **{"retry_after_s": 0.1, **smsc_settings}), milliseconds)
    phones = Phones(smsc, milliseconds)
    await smsc.start(tls=tls)
    installation = Installation(folder, smsc.port, changes)
    try:
        yield smsc, phones, installation
    finally:
        installation.close()
        await smsc.stop()
