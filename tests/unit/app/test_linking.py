"""An [[smsc]] as its link takes it: what cannot be read is named before anything starts."""

import ssl
from pathlib import Path

import pytest
from msgspec import structs

from tests.unit.app.test_settings import WHOLE, load
from tests.unit.links.certificates import authority
from tests.unit.links.rig import rig
from twofold.app.failures import CannotStart
from twofold.app.health import in_words
from twofold.app.linking import link_settings, tls_context
from twofold.app.settings import Smsc
from twofold.protocol.smpp.constants import CommandStatus


def smsc(tmp_path: Path, **changes: object) -> Smsc:
    return structs.replace(load(tmp_path, WHOLE).smsc[0], **changes)


def test_every_setting_reaches_the_link(tmp_path: Path) -> None:
    text = WHOLE.replace(
        'short_codes = ["123", "9166"]',
        'short_codes = ["123", "9166"]\nbinds = 3\nwindow = 7\ntps_max = 11\nstall_timeout="PT3S"',
    )
    wanted = link_settings(load(tmp_path, text).smsc[0])
    assert (wanted.binds, wanted.window, wanted.tps_max) == (3, 7, 11)
    assert (wanted.stall_timeout_s, wanted.response_timeout_s, wanted.tls) == (3.0, 10.0, None)


def test_without_tls_no_certificate_is_read(tmp_path: Path) -> None:
    assert tls_context(smsc(tmp_path, tls_ca=tmp_path / "none.pem")) is None


def test_with_tls_certificate_and_name_are_always_checked(tmp_path: Path) -> None:
    context = tls_context(smsc(tmp_path, tls=True))
    assert context is not None
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize("key", ["tls_ca", "tls_cert"])
def test_a_certificate_that_cannot_be_read_is_named(tmp_path: Path, key: str) -> None:
    missing, wrong = tmp_path / "none.pem", tmp_path / "wrong.pem"
    wrong.write_text("no certificate")
    for path, why in ((missing, "No such file"), (wrong, "")):
        with pytest.raises(CannotStart) as caught:
            tls_context(smsc(tmp_path, tls=True, **{key: path}))
        (line,) = caught.value.lines
        assert str(path) in line
        assert why in line
        assert line.endswith(f"correct {key} of [[smsc]] main")


@pytest.mark.needs("openssl")
def test_our_own_certificate_is_taken_with_its_key(tmp_path: Path) -> None:
    certificate, key = authority(tmp_path).sign("twofold", "DNS:twofold.example")
    assert tls_context(smsc(tmp_path, tls=True, tls_cert=certificate, tls_key=key)) is not None


async def test_a_link_that_is_half_up_says_so() -> None:
    async with rig(binds=2) as both:
        await both.smsc.wait_until(lambda: len(both.smsc.bound) == 2)
        await both.phones.send("84912000009", "9166", "TK")
        assert in_words(both.link) == "up"
        both.smsc.faults.refuse_binds = CommandStatus.ESME_RALYBND
        both.smsc.bound[0].cut()
        await both.smsc.wait_until(lambda: both.link.stats.refused_binds == 2)
        assert in_words(both.link) == "up on 1 of 2 binds: bind refused: ESME_RALYBND"
        both.smsc.bound[0].cut()
        await both.heard.down()
        assert in_words(both.link).startswith("down: ")
