"""More comes than can leave: junk is put off, and nobody else notices (S102).

Nothing here is timed: whoever is not in the flood is taken at the first try, and served while it
goes on.
"""

import asyncio
from pathlib import Path

import pytest

from tests.faults.phoning import smsc_and_phones
from twofold.app.clock import SystemClock
from twofold.app.health import in_words
from twofold.app.running import running_engine
from twofold.app.settings import load_settings
from twofold.peers.load_journeys import PROMPT, WELCOME
from twofold.peers.phones import Phones
from twofold.protocol.smpp.constants import CommandStatus

JUNK = tuple(str(84_912_500_000 + more) for more in range(1_500))
PEOPLE = tuple(str(84_912_100_000 + more) for more in range(90))
"""6 % of all that comes."""

ROOM = 300
BUSY = CommandStatus.ESME_RMSGQFUL


async def flood(phones: Phones) -> list[int]:
    """Send all the junk at once, over and over where it is put off; its first answers."""
    return await asyncio.gather(*(phones.send(number, "1579", "abc xyz?") for number in JUNK))


@pytest.mark.scenario("S102")
async def test_prompts_yes_and_stop_go_through_a_flood_of_junk(tmp_path: Path) -> None:
    changes = {
        "# tps_max = 500 ": f"tps_max = {ROOM} ",
        '# busy_status = "ESME_RX_T_APPN"': 'busy_status = "ESME_RMSGQFUL"',
    }
    async with smsc_and_phones(tmp_path, changes, window=5_000, retry_after_s=0.1) as rig:
        smsc, phones, installation = rig
        settings = load_settings(installation.config, {})
        async with running_engine(settings, SystemClock()) as (engine, _):
            await smsc.wait_until(lambda: bool(smsc.bound))
            junk = asyncio.create_task(flood(phones))
            await smsc.wait_until(lambda: engine.channels["main"].stats.busy > 2 * len(JUNK))
            asked = [phones.send(number, "9166", "DK THETHAO") for number in PEOPLE]
            assert set(await asyncio.gather(*asked)) == {CommandStatus.ESME_ROK}
            for number in PEOPLE:
                (prompt,) = await phones.wait_for(number, 1, 60)
                assert PROMPT.decode() in prompt["text"]
            assert set(await junk) == {CommandStatus.ESME_ROK, BUSY}
            first, second, *_ = PEOPLE
            assert await phones.send(first, "9166", "Y") == CommandStatus.ESME_ROK
            assert await phones.send(second, "9166", "N") == CommandStatus.ESME_ROK
            _, welcome = await phones.wait_for(first, 2, 60)
            assert WELCOME.decode() in welcome["text"]
            await phones.wait_for(second, 2, 60)
            assert in_words(engine.links[0]) == "up"
            assert engine.committer.faults.parked == 0
            smsc.cut()
