"""An SMSC's part of the configuration, as its link takes it; certificates are read here, once."""

import ssl
from collections.abc import Callable
from pathlib import Path

from twofold.app.failures import CannotStart
from twofold.app.settings import Smsc
from twofold.links.settings import LinkSettings


def link_settings(smsc: Smsc) -> LinkSettings:
    """Raises CannotStart when a certificate or key cannot be read."""
    return LinkSettings(
        name=smsc.name,
        host=smsc.host,
        port=smsc.port,
        system_id=smsc.system_id,
        password=smsc.password.reveal(),
        system_type=smsc.system_type,
        bind=smsc.bind.value,
        binds=smsc.binds,
        short_codes=smsc.short_codes,
        window=smsc.window,
        tps_max=smsc.tps_max,
        enquire_after_s=smsc.enquire_link_ms / 1000,
        response_timeout_s=smsc.response_timeout_ms / 1000,
        stall_timeout_s=smsc.stall_timeout_ms / 1000,
        tls=tls_context(smsc),
        tls_name=smsc.tls_name or "",
    )


def tls_context(smsc: Smsc) -> ssl.SSLContext | None:
    """How that SMSC's certificate is checked, host name included, and what ours is; None: no TLS.

    There is no way to leave the check off: who reads or changes this link can say yes for anyone.
    """
    if not smsc.tls:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if smsc.tls_ca is None:
        context.load_default_certs()
    else:
        _read(smsc, "tls_ca", smsc.tls_ca, context.load_verify_locations)
    if smsc.tls_cert is not None:
        key = smsc.tls_key
        _read(smsc, "tls_cert", smsc.tls_cert, lambda path: context.load_cert_chain(path, key))
    return context


def _read(smsc: Smsc, key: str, path: Path, read: Callable[[Path], None]) -> None:
    """Read one file of the configuration, or say which and why not."""
    try:
        read(path)
    except (OSError, ssl.SSLError) as error:
        why = error.strerror if type(error) is not ssl.SSLError else "it is no certificate in PEM"
        raise CannotStart(f"{path}: {why}: correct {key} of [[smsc]] {smsc.name}") from error
