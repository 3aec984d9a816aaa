"""TLS over the same connection: who is trusted, who is not, and that nothing else changes."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.unit.links.certificates import Authority, authority
from tests.unit.links.rig import ACCOUNT, NUMBER, Rig, link_settings, running
from twofold.links.smpp import SmppLink
from twofold.peers.smsc import SmscSettings

pytestmark = pytest.mark.needs("openssl")


@pytest.fixture
def trusted(tmp_path: Path) -> Authority:
    return authority(tmp_path)


@asynccontextmanager
async def secured(server: ssl.SSLContext, **settings: object) -> AsyncIterator[Rig]:
    """Run a link to an SMSC that speaks TLS alone."""
    both = Rig(SmscSettings((ACCOUNT,), retry_after_s=0.02))
    await both.smsc.start(tls=server)
    try:
        async with running(both, both.smsc.port, **settings):
            yield both
    finally:
        await both.smsc.stop()


async def refused(server: ssl.SSLContext, **settings: object) -> str:
    """Give why the link does not come up."""
    failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def jitter() -> float:
        if not failed.done():
            failed.set_result(None)
        return 1.0

    both = Rig(SmscSettings((ACCOUNT,)))
    await both.smsc.start(tls=server)
    link = SmppLink(link_settings(both.smsc.port, **settings), both.heard, jitter)
    task = asyncio.create_task(link.run())
    await failed
    assert both.smsc.bound == []
    await link.close(1.0)
    await task
    await both.smsc.stop()
    return link.stats.last_error


async def test_messages_go_both_ways_and_a_broken_line_is_bound_again(trusted: Authority) -> None:
    server = trusted.server("IP:127.0.0.1")
    async with secured(server, tls=trusted.client(), binds=2) as both:
        await both.heard.up()
        assert await both.phones.send(NUMBER, "9166", "DK THETHAO") == 0
        both.submit("a context", short_message=b"x" * 200)
        await both.heard.until(lambda: bool(both.heard.answers) and len(both.heard.messages) == 2)
        both.smsc.cut()
        await both.heard.down()
        await both.heard.up()
        assert await both.phones.send(NUMBER, "9166", "Y") == 0
        both.smsc.faults.delay_ms = 50
        both.submit("the last")
        await both.link.close(5.0)
        assert [context for context, _ in both.heard.answers] == ["a context", "the last"]


async def test_a_certificate_for_another_name_is_refused_unless_that_name_is_expected(
    trusted: Authority,
) -> None:
    server, client = trusted.server("DNS:smsc.example"), trusted.client()
    assert "certificate is not trusted" in await refused(server, tls=client)
    async with secured(server, tls=client, tls_name="smsc.example") as both:
        await both.heard.up()


async def test_a_certificate_of_another_authority_is_refused(
    trusted: Authority, tmp_path: Path
) -> None:
    other = authority(tmp_path, "other")
    why = await refused(other.server("IP:127.0.0.1"), tls=trusted.client())
    assert "certificate is not trusted" in why


async def test_an_smsc_without_tls_is_never_given_the_password(trusted: Authority) -> None:
    both = Rig(SmscSettings((ACCOUNT,)))
    await both.smsc.start()
    settings = {"tls": trusted.client(), "connect_timeout_s": 0.2}
    async with running(both, both.smsc.port, **settings):
        await both.smsc.wait_until(lambda: bool(both.smsc.lines))
        await both.smsc.wait_until(lambda: not both.smsc.lines)
        assert both.smsc.bound == []
        assert not both.link.is_up
    await both.smsc.stop()


async def test_an_smsc_that_wants_our_certificate_gets_it(trusted: Authority) -> None:
    server = trusted.server("IP:127.0.0.1")
    server.verify_mode = ssl.CERT_REQUIRED
    server.load_verify_locations(trusted.certificate)
    known, unknown = trusted.client(), trusted.client()
    known.load_cert_chain(*trusted.sign("twofold", "DNS:twofold.example"))
    async with secured(server, tls=known) as both:
        await both.heard.up()
    assert await refused(server, tls=unknown)
