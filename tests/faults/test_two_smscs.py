"""Two SMSCs: what is for the one that is away waits alone, and what both serve goes on."""

import asyncio
from functools import partial
from pathlib import Path

from tests.faults.phoning import smsc_and_phones
from tests.faults.serving import free_port
from twofold.app.clock import SystemClock
from twofold.app.engine import Engine
from twofold.app.running import running_engine
from twofold.app.settings import load_settings
from twofold.decide import Decision
from twofold.domain.events import Proof, ProofKind, Requested
from twofold.domain.subscriber import Channel
from twofold.peers.load_journeys import PROMPT, WELCOME
from twofold.peers.smsc import Smsc
from twofold.protocol.smpp.constants import CommandStatus

ELSEWHERE = range(84_912_600_000, 84_912_601_000)
"""Who is to be asked from the short code of the SMSC that is away: more than any backlog holds."""

NUMBER = "84912000001"


async def ask_for_game(engine: Engine) -> None:
    """Have a channel ask for a service on that short code, for each of those numbers."""
    now_at = engine.clock.now()
    proof = Proof(ProofKind.SESSION, "s-1")
    answers = []
    for number in ELSEWHERE:
        answer: asyncio.Future[Decision | None] = asyncio.get_running_loop().create_future()
        asked = Requested(
            engine.ids.next(now_at), now_at, number, Channel.WEB, "", "GAME", None, proof
        )
        engine.committer.submit(asked, answer.set_result)
        answers.append(answer)
    await asyncio.gather(*answers)


def second(port: int, short_codes: str) -> dict[str, str]:
    """The changes to an installation that add another SMSC."""
    table = (
        f'[[smsc]]\nname = "far"\nhost = "127.0.0.1"\nport = {port}\nsystem_id = "twofold"\n'
        f'password = "secret"\nshort_codes = {short_codes}\n\n[catalog]'
    )
    return {"[catalog]": table}


def is_bound(smsc: Smsc) -> bool:
    """Whether the engine is bound to it."""
    return bool(smsc.bound)


async def test_an_smsc_that_is_away_holds_up_nothing_of_another(tmp_path: Path) -> None:
    with free_port() as nobody:
        elsewhere = second(nobody.getsockname()[1], '["1579"]')
        changes = {', "9166", "1579"]': ', "9166"]', **elsewhere}
        async with smsc_and_phones(tmp_path, changes) as (smsc, phones, installation):
            settings = load_settings(installation.config, {})
            async with running_engine(settings, SystemClock()) as (engine, connection):
                await smsc.wait_until(lambda: bool(smsc.bound))
                await ask_for_game(engine)
                assert await phones.send(NUMBER, "9166", "DK THETHAO") == CommandStatus.ESME_ROK
                (prompt,) = await phones.wait_for(NUMBER, 1, 30)
                assert PROMPT.decode() in prompt["text"]
                assert await phones.send(NUMBER, "9166", "Y") == CommandStatus.ESME_ROK
                _, welcome = await phones.wait_for(NUMBER, 2, 30)
                assert WELCOME.decode() in welcome["text"]
                await smsc.wait_until(lambda: smsc.under_way == 0)
                waiting = connection.execute(
                    "SELECT state, party, count(*) FROM orders GROUP BY state, party"
                ).fetchall()
                assert waiting == [("waiting", "xyz", len(ELSEWHERE))]


async def test_what_two_smscs_serve_goes_on_over_the_other_when_one_dies(tmp_path: Path) -> None:
    async with (
        smsc_and_phones(tmp_path / "far") as (far, far_phones, _),
        smsc_and_phones(tmp_path, second(far.port, '["9166"]')) as (near, near_phones, here),
    ):
        settings = load_settings(here.config, {})
        async with running_engine(settings, SystemClock()) as (_, connection):
            for smsc in (near, far):
                await smsc.wait_until(partial(is_bound, smsc))
            assert await near_phones.send(NUMBER, "9166", "DK THETHAO") == CommandStatus.ESME_ROK
            asked = {
                asyncio.create_task(phones.wait_for(NUMBER, 1, 30)): (smsc, other)
                for smsc, phones, other in (
                    (near, near_phones, far_phones),
                    (far, far_phones, near_phones),
                )
            }
            (first,), others = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
            dies, lives = asked[first]
            await dies.stop()
            assert await lives.send(NUMBER, "9166", "Y") == CommandStatus.ESME_ROK
            (welcome,) = await others.pop()
            assert WELCOME.decode() in welcome["text"]
            assert await lives.send(NUMBER, "9166", "HUY THETHAO") == CommandStatus.ESME_ROK
            await lives.wait_for(NUMBER, 2, 30)
            paid = connection.execute("SELECT count(*), sum(amount_minor) FROM debits").fetchall()
            assert paid == [(1, 2_000)]
            assert len(await first) == 1, "asked once, by one of them"
