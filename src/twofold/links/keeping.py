"""One bind of a link, kept up: connected, bound, and bound again whenever it breaks.

Times are the loop's; what goes wrong is said in words, for the log and for `/readyz`.
"""

import asyncio
import os
import ssl
from collections.abc import Callable
from typing import Any, Final, Protocol

from twofold.links.connection import Connection, Owner
from twofold.links.pace import Backoff
from twofold.links.settings import LinkSettings
from twofold.protocol.smpp.session import BindMode, Role, Session, SessionSettings

DOUBT_S: Final = 60.0
"""A line broke with answers under way; an SMSC that lost them asks again within this."""


class Link(Owner, Protocol):
    """The link, as each of its binds sees it."""

    def next_connection(self) -> int:
        """Give the number of a connection that is about to be opened."""

    def connection_opened(self, connection: Connection) -> None:
        """Know a connection from its first octet on."""

    def bind_failed(self, why: str) -> None:
        """Hear why a connection ended, or could not be made."""


class KeptBind:
    """One of the binds that a link is to have; `await keep(...)` holds it up."""

    def __init__(
        self,
        link: Link,
        settings: LinkSettings,
        number: int,
        mode: BindMode,
        jitter: Callable[[], float],
    ) -> None:
        """Be the bind with that number, from 1 on, among those of `link`."""
        self.number = number
        self.mode = mode
        self.bound: Connection | None = None
        self.times_bound = 0
        self.why = ""
        """Why it last ended or failed, in words; empty while it never did."""
        self.doubted_until = 0.0
        """Until then answers of ours may have been lost with its last connection."""
        self._link = link
        self._settings = settings
        self._jitter = jitter

    @property
    def is_up(self) -> bool:
        """Whether it is bound now."""
        return self.bound is not None

    async def keep(self, closing: "asyncio.Future[None]") -> None:
        """Connect, bind, work; and again, until the link is closed."""
        backoff = Backoff(self._jitter)
        while not closing.done():
            why, was_bound = await self._live(closing)
            if not closing.done():
                self.why = why
                self._link.bind_failed(why)
            if was_bound:
                backoff.succeeded()
            await asyncio.wait([closing], timeout=backoff.next_s())

    async def _live(self, closing: "asyncio.Future[None]") -> tuple[str, bool]:
        """See one connection from beginning to end: why it ended, and whether it was ever bound."""
        session = Session(Role.ESME, session_settings(self._settings, self.mode))
        number = self._link.next_connection()
        connection = Connection(self._link, self._settings.name, number, session, self.number)
        try:
            await self._open(connection)
        except (OSError, TimeoutError) as error:
            return f"cannot connect: {_in_words(error)}", False
        try:
            if not closing.done():
                self._link.connection_opened(connection)
                await asyncio.shield(connection.ended)
        finally:
            connection.abort()
        return await connection.ended, connection.was_bound

    async def _open(self, connection: Connection) -> None:
        wanted, loop = self._settings, asyncio.get_running_loop()
        secured: dict[str, Any] = {}
        if wanted.tls is not None:
            secured = {"ssl": wanted.tls, "server_hostname": wanted.tls_name or wanted.host}
        async with asyncio.timeout(wanted.connect_timeout_s):
            await loop.create_connection(lambda: connection, wanted.host, wanted.port, **secured)


def session_settings(wanted: LinkSettings, mode: BindMode) -> SessionSettings:
    """What a link's settings mean for the session of one bind."""
    return SessionSettings(
        system_id=wanted.system_id,
        password=wanted.password,
        system_type=wanted.system_type,
        bind=mode,
        window=wanted.window,
        enquire_after=wanted.enquire_after_s,
        response_timeout=wanted.response_timeout_s,
        stall_timeout=wanted.stall_timeout_s,
    )


def _in_words(error: OSError) -> str:
    """What a failed connection says, without the addresses that asyncio adds."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"TLS: {(error.reason or 'failed').lower().replace('_', ' ')}"
    if error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)
    return str(error) or "no answer"
