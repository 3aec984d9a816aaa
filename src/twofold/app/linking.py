"""An SMSC's part of the configuration, as its link takes it; certificates are read here, once."""

import ssl
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from twofold.app.failures import CannotStart
from twofold.app.settings import Smsc
from twofold.links.settings import LinkSettings
from twofold.links.smpp import SmppLink
from twofold.outbox import Route, Routes


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


def routes_over(links: Sequence[SmppLink]) -> Routes:
    """One route for the short codes that the same links serve."""
    serving: dict[str, list[SmppLink]] = {}
    for link in links:
        for short_code in link.settings.short_codes:
            serving.setdefault(short_code, []).append(link)
    alike: dict[tuple[str, ...], list[str]] = {}
    for short_code, over in serving.items():
        alike.setdefault(tuple(link.name for link in over), []).append(short_code)
    return Routes([(codes, _route(serving[codes[0]])) for codes in alike.values()])


def _route(links: Sequence[SmppLink]) -> Route:
    """The way out over some links."""
    return Route(partial(_capacity, links), sum(link.settings.tps_max for link in links))


def _capacity(links: Sequence[SmppLink]) -> int:
    """How many texts some links could take, were they empty."""
    return sum(link.capacity for link in links)


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
