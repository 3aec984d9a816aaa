"""A stop of a partner with many subscribers: it answers at once, and its sweep outlives kill -9.

Real processes, sockets and files. Nothing is timed: orders and counts are compared.
"""

import signal
from pathlib import Path
from typing import Final

from tests.faults.phoning import milliseconds, smsc_and_phones
from tests.faults.serving import Installation, Serving, serving
from twofold.domain.states import SubscriptionState
from twofold.domain.subscriber import Channel, Subscriber, Subscription
from twofold.domain.terms import DAY_MS, Terms
from twofold.peers.phones import Phones
from twofold.store.port import Writes
from twofold.store.sqlite import SqliteStore, open_database

FIRST: Final = 84_912_100_001
SOMEBODY: Final = "84912000009"
SUBSCRIBERS: Final = 5_000
KILLED_AT: Final = 3
"""The engine dies when it keeps for this time how far it came, some 256 numbers a time."""


async def test_a_stop_of_many_answers_at_once_and_its_sweep_outlives_a_kill(
    tmp_path: Path,
) -> None:
    await stop_many(tmp_path, SUBSCRIBERS)


async def stop_many(folder: Path, subscribers: int) -> None:
    """Stop a partner of so many, kill the engine in the sweep, and serve somebody meanwhile."""
    async with smsc_and_phones(folder, {"# tps_max = 500  ": "tps_max = 50000"}) as (
        _,
        phones,
        made,
    ):
        async with serving(made) as first:
            await first.ready()
            assert await first.stop() == 0
        await subscribed(made, subscribers)
        stopped = made.run("stop", "partner", "abc", "--reason", "complaints", "--by", "an")
        assert f"{subscribers:,} active subscriptions" in stopped.stdout
        assert standing(made) == {"active": subscribers}, "the command itself sweeps nothing"
        async with serving(made, crash_at=f"sweep.stepped:{KILLED_AT}") as doomed:
            assert await doomed.ended() == -signal.SIGKILL
        swept = standing(made)
        assert swept["suspended"] >= 256, "the kill was to come in the middle"
        assert swept["active"] > subscribers // 2, "the kill was to come in the middle"
        async with serving(made) as server:
            await served_meanwhile(server, phones, made)
            await server.until(lambda: bool(server.logged("sweep_done")))
            _, ready = await server.get("/readyz")
            assert ready["sweep"] == ""
            assert await server.stop() == 0
        assert standing(made) == {"suspended": subscribers}
        assert_told_once(phones, subscribers)


async def served_meanwhile(server: Serving, phones: Phones, made: Installation) -> None:
    """Somebody who asks for another partner's service has a prompt before the sweep is through."""
    await server.ready()
    await phones.wait_for(str(FIRST + SUBSCRIBERS // 2), 1, 60)
    await phones.send(SOMEBODY, "1579", "DK GAME")
    await phones.wait_for(SOMEBODY, 1, 60)
    assert "soan Y" in str(phones.received(SOMEBODY)[0]["text"])
    assert standing(made).get("active", 0) > 0, "the sweep was to go on still"


async def subscribed(made: Installation, count: int) -> None:
    """Give so many numbers a service of the partner's, through the store's own writes."""
    connection = open_database(made.database)
    store = SqliteStore(connection)
    now_at = milliseconds()
    for start in range(0, count, 1_000):
        writes = Writes()
        for place in range(start, min(start + 1_000, count)):
            writes.begun.append((Subscriber(FIRST + place), subscription(place + 1, now_at)))
        await store.begin()
        await store.write(writes, 1)
        await store.commit()
    connection.close()


def subscription(id_: int, now_at: int) -> Subscription:
    """One that is on."""
    return Subscription(
        id=id_,
        service="THETHAO",
        partner="abc",
        short_code="9166",
        channel=Channel.SMS,
        language="vi",
        state=SubscriptionState.ACTIVE,
        terms=Terms(2_000, 1, auto_renew=True),
        revision=1,
        policy="vn-2024",
        requested_at=now_at,
        opened_at=now_at,
        confirmed_at=now_at,
        started_at=now_at,
        renews_at=now_at + DAY_MS,
    )


def standing(made: Installation) -> dict[str, int]:
    """How many subscriptions stand how."""
    connection = open_database(made.database, read_only=True)
    sql = "SELECT state, count(*) FROM subscriptions WHERE partner = 'abc' GROUP BY state"
    found = {str(state): int(str(count)) for state, count in connection.execute(sql).fetchall()}
    connection.close()
    return found


def assert_told_once(phones: Phones, count: int) -> None:
    """Every subscriber read it; a text whose answer died with the engine may come once more."""
    copies = [len(phones.received(str(FIRST + place))) for place in range(count)]
    assert min(copies) == 1, f"{copies.count(0)} were never told"
    assert max(copies) <= 2, "a text came more than twice"
    assert copies.count(2) <= 100, "only what was under way at the kill may come twice"
