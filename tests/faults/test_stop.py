"""SIGTERM: links unbind, what is under way is decided, and nothing is sent or asked twice."""

import signal
from pathlib import Path

import pytest

from tests.faults.killing import loaded
from tests.faults.ledger import assert_acknowledged_is_kept, assert_whole, copy_of
from tests.faults.phoning import smsc_and_phones
from tests.faults.serving import Installation, serving
from tests.unit.links.certificates import authority
from twofold.peers.load_journeys import PROMPT, WELCOME
from twofold.peers.phones import Phones
from twofold.peers.smsc import Smsc
from twofold.protocol.smpp.constants import CommandStatus

NUMBER = "84912345678"
NUMBERS = tuple(str(84_912_000_001 + more) for more in range(4))
JOURNEYS = 900
RATE = 500.0
ROOMY = {"# tps_max = 500 ": "tps_max = 5000 "}
"""Two texts a journey: the usual rate would be an overload."""


def orders(installation: Installation) -> list[str]:
    """The states of the orders that are left."""
    with copy_of(installation.database) as connection:
        return [row[0] for row in connection.execute("SELECT state FROM orders")]


TWO_OF_EACH = {
    '# bind = "transceiver" ': 'bind = "transmitter_receiver" ',
    "# binds = 1 ": "binds = 2 ",
}


@pytest.mark.parametrize("binds", [1, 4])
async def test_a_prompt_whose_answer_is_out_is_waited_for(tmp_path: Path, binds: int) -> None:
    changes = TWO_OF_EACH if binds > 1 else {}
    async with smsc_and_phones(tmp_path, changes) as (smsc, phones, installation):
        await waited_for(smsc, phones, installation, binds)


@pytest.mark.needs("openssl")
async def test_over_tls_a_prompt_whose_answer_is_out_is_waited_for(tmp_path: Path) -> None:
    trusted = authority(tmp_path)
    changes = {
        "# tls = false ": "tls = true ",
        '# tls_ca = "smsc-ca.pem" ': f'tls_ca = "{trusted.certificate}" ',
        "# binds = 1 ": "binds = 2 ",
    }
    server = trusted.server("IP:127.0.0.1")
    async with smsc_and_phones(tmp_path / "twofold", changes, server) as rig:
        await waited_for(*rig, binds=2)


async def waited_for(smsc: Smsc, phones: Phones, installation: Installation, binds: int) -> None:
    """Stop with a prompt unanswered: it is answered first, every bind is unbound, then all is over.

    The next start takes the yes.
    """
    smsc.faults.delay_ms = 300
    async with serving(installation) as server:
        await smsc.wait_until(lambda: len(smsc.bound) == binds)
        lines = smsc.bound
        await phones.send(NUMBER, "9166", "DK THETHAO")
        await smsc.wait_until(lambda: smsc.submitted_count == 1)
        assert await server.stop() == 0
        said = [line["event"] for line in server.log()]
        assert said[-2:] == ["engine_stopping", "engine_stopped"]
        await smsc.wait_until(lambda: not smsc.lines)
        assert [line.was_unbound for line in lines] == [True] * binds
    assert orders(installation) == []
    with copy_of(installation.database) as connection:
        requests = connection.execute("SELECT state, copies FROM requests").fetchall()
        assert requests == [("pending", 1)]
    smsc.faults.delay_ms = 0
    async with serving(installation):
        await smsc.wait_until(lambda: bool(smsc.bound))
        assert await phones.send(NUMBER, "9166", "Y") == CommandStatus.ESME_ROK
        prompt, welcome = await phones.wait_for(NUMBER, 2, 60)
    assert PROMPT.decode() in prompt["text"]
    assert WELCOME.decode() in welcome["text"]


async def test_a_second_signal_ends_it_at_once_and_loses_nothing(tmp_path: Path) -> None:
    async with smsc_and_phones(tmp_path) as (smsc, phones, installation):
        smsc.faults.texts_to_drop = 1
        async with serving(installation) as server:
            await smsc.wait_until(lambda: bool(smsc.bound))
            assert await phones.send(NUMBER, "9166", "DK THETHAO") == CommandStatus.ESME_ROK
            await smsc.wait_until(lambda: smsc.submitted_count == 1)
            server.process.terminate()
            await server.until(lambda: bool(server.logged("engine_stopping")))
            assert await server.stop() == -signal.SIGTERM
        async with serving(installation):
            (prompt,) = await phones.wait_for(NUMBER, 1, 60)
            assert PROMPT.decode() in prompt["text"]


async def test_what_waits_for_room_or_comes_during_the_stop_is_sent_by_the_next_start(
    tmp_path: Path,
) -> None:
    async with smsc_and_phones(tmp_path, {"# window = 50 ": "window = 1 "}) as rig:
        smsc, phones, installation = rig
        smsc.faults.delay_ms = 1_000
        async with serving(installation) as server:
            await smsc.wait_until(lambda: bool(smsc.bound))
            for number in NUMBERS[:3]:
                await phones.send(number, "9166", "DK THETHAO")
            await smsc.wait_until(lambda: smsc.submitted_count == 1)
            server.process.terminate()
            await server.until(lambda: bool(server.logged("engine_stopping")))
            assert await phones.send(NUMBERS[3], "9166", "DK THETHAO") == CommandStatus.ESME_ROK
            assert await server.ended() == 0
        assert orders(installation) == ["waiting"] * 3
        smsc.faults.delay_ms = 0
        async with serving(installation):
            for number in NUMBERS:
                (prompt,) = await phones.wait_for(number, 1, 60)
                assert PROMPT.decode() in prompt["text"]
        assert smsc.submitted_count == len(NUMBERS)


async def test_an_engine_stopped_politely_under_load_sends_nothing_twice(tmp_path: Path) -> None:
    async with loaded(tmp_path, JOURNEYS, RATE, ROOMY) as (load, installation):
        for _ in range(2):
            async with serving(installation) as server:
                load.gone.clear()
                await load.hears(JOURNEYS // 3)
                assert await server.stop() == 0
                assert server.troubles() == []
            await load.gone.wait()
            assert_acknowledged_is_kept(installation.database, load.record)
        assert 0 < load.report.journeys < JOURNEYS, "the stops were to come in the middle"
        with copy_of(installation.database) as connection:
            claimed = "SELECT count(*) FROM orders WHERE state = 'claimed'"
            assert connection.execute(claimed).fetchall() == [(0,)]
        async with serving(installation) as server:
            report = await load.finished()
            assert await server.stop() == 0
        assert (report.journeys, report.left, report.again) == (JOURNEYS, 0, 0)
        assert_whole(installation.database, JOURNEYS, load.record)
        with copy_of(installation.database) as connection:
            unknown = "SELECT count(*) FROM entries WHERE document LIKE '%unknown:%'"
            assert connection.execute(unknown).fetchall() == [(0,)]
