"""One SMSC is away: what is for its short codes waits, and holds up nothing of the others'."""

from pathlib import Path

from tests.faults.phoning import smsc_and_phones
from tests.faults.serving import free_port
from twofold.app.clock import SystemClock
from twofold.app.engine import Engine
from twofold.app.running import running_engine
from twofold.app.settings import load_settings
from twofold.domain.events import Proof, ProofKind, Requested
from twofold.domain.subscriber import Channel
from twofold.peers.load_journeys import PROMPT, WELCOME
from twofold.protocol.smpp.constants import CommandStatus

ELSEWHERE = range(84_912_600_000, 84_912_601_000)
"""Who is to be asked from the short code of the SMSC that is away: more than any backlog holds."""

NUMBER = "84912000001"


def ask_for_game(engine: Engine) -> None:
    """Have a channel ask for a service on that short code, for each of those numbers."""
    now_at = engine.clock.now()
    for number in ELSEWHERE:
        engine.committer.submit(
            Requested(
                engine.ids.next(now_at),
                now_at,
                number,
                Channel.WEB,
                "",
                "GAME",
                None,
                Proof(ProofKind.SESSION, "s-1"),
            )
        )


async def test_an_smsc_that_is_away_holds_up_nothing_of_another(tmp_path: Path) -> None:
    with free_port() as nobody:
        port = nobody.getsockname()[1]
        far = (
            f'[[smsc]]\nname = "far"\nhost = "127.0.0.1"\nport = {port}\nsystem_id = "twofold"\n'
            'password = "secret"\nshort_codes = ["1579"]\n\n[catalog]'
        )
        changes = {', "9166", "1579"]': ', "9166"]', "[catalog]": far}
        async with smsc_and_phones(tmp_path, changes) as (smsc, phones, installation):
            settings = load_settings(installation.config, {})
            async with running_engine(settings, SystemClock()) as (engine, connection):
                await smsc.wait_until(lambda: bool(smsc.bound))
                ask_for_game(engine)
                await smsc.wait_until(lambda: engine.committer.decided >= len(ELSEWHERE))
                assert await phones.send(NUMBER, "9166", "DK THETHAO") == CommandStatus.ESME_ROK
                (prompt,) = await phones.wait_for(NUMBER, 1, 30)
                assert PROMPT.decode() in prompt["text"]
                assert await phones.send(NUMBER, "9166", "Y") == CommandStatus.ESME_ROK
                _, welcome = await phones.wait_for(NUMBER, 2, 30)
                assert WELCOME.decode() in welcome["text"]
                await smsc.wait_until(lambda: engine.outbox.depth == 0)
                waiting = connection.execute(
                    "SELECT state, party, count(*) FROM orders GROUP BY state, party"
                ).fetchall()
                assert waiting == [("waiting", "xyz", len(ELSEWHERE))]
