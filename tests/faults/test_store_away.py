"""The disk is full, or fails: nothing is acknowledged, and it recovers by itself."""

import asyncio
import resource
from pathlib import Path

from tests.faults.phoning import smsc_and_phones
from tests.faults.serving import Serving, serving
from twofold.app.clock import SystemClock
from twofold.app.health import readiness
from twofold.app.running import running_engine
from twofold.app.settings import load_settings
from twofold.peers.load_journeys import PROMPT, WELCOME
from twofold.protocol.smpp.constants import CommandStatus

NUMBER = "84912345678"
NUMBERS = tuple(str(84_912_000_000 + more) for more in range(100))
PUT_OFF = CommandStatus.ESME_RX_T_APPN
NO_LIMIT = resource.RLIM_INFINITY


async def test_a_full_disk_puts_messages_off_until_there_is_room(tmp_path: Path) -> None:
    async with smsc_and_phones(tmp_path) as (smsc, phones, installation):
        settings = load_settings(installation.config, {})
        async with running_engine(settings, SystemClock()) as (engine, connection):
            await smsc.wait_until(lambda: bool(smsc.bound))
            room = connection.pragma("max_page_count")
            connection.pragma("max_page_count", connection.pragma("page_count"))
            asking = [phones.send(number, "9166", "DK THETHAO") for number in NUMBERS]
            answers = dict(zip(NUMBERS, await asyncio.gather(*asking), strict=True))
            assert PUT_OFF in answers.values()
            answer = readiness(engine)
            assert answer["ready"] is False
            assert "the disk is full" in str(answer["reasons"])
            assert str(installation.database) in str(answer["reasons"])
            taken = [number for number, status in answers.items() if status == 0]
            asked = "SELECT count(*) FROM requests"
            assert connection.execute(asked).fetchall() == [(len(taken),)]
            connection.pragma("max_page_count", room)
            for number in NUMBERS:
                (prompt,) = await phones.wait_for(number, 1, 60)
                assert PROMPT.decode() in prompt["text"]
            assert readiness(engine)["ready"] is True
            assert connection.execute(asked).fetchall() == [(len(NUMBERS),)]


async def test_a_disk_that_fails_is_named_everywhere_and_outlived(tmp_path: Path) -> None:
    async with (
        smsc_and_phones(tmp_path) as (smsc, phones, installation),
        serving(installation) as server,
    ):
        await server.ready()
        await smsc.wait_until(lambda: bool(smsc.bound))
        await phones.send(NUMBER, "9166", "DK THETHAO")
        await phones.wait_for(NUMBER, 1, 60)
        await smsc.wait_until(lambda: smsc.under_way == 0)
        limit_files(server, 0)
        assert await phones.send(NUMBER, "9166", "Y") == PUT_OFF
        await server.until(lambda: bool(server.logged("store_away")))
        status, answer = await server.get("/readyz")
        assert (status, answer["ready"]) == (503, False)
        (reason,) = answer["reasons"]
        assert "the disk failed" in reason
        assert server.logged("store_away")[0]["reason"] in reason
        limit_files(server, NO_LIMIT)
        _, welcome = await phones.wait_for(NUMBER, 2, 60)
        assert WELCOME.decode() in welcome["text"]
        await server.until(lambda: bool(server.logged("store_back")))
        assert (await server.get("/readyz"))[0] == 200
        assert await server.stop() == 0


def limit_files(server: Serving, size: int) -> None:
    """Have every write to a file beyond `size` fail, in that process alone."""
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, NO_LIMIT))
