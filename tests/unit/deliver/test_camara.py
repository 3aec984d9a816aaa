"""What CAMARA is asked and how its answers are read, over a real socket; all else is no answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta

import pytest

from twofold.deliver.camara import Camara, CamaraSettings
from twofold.deliver.numbers import NoAnswer, Ownership
from twofold.peers.camara import CamaraGateway, Fault

NUMBER = 84_912_345_678
WRITTEN = "+84912345678"
HOUR_MS = 3_600_000
NOW_AT = int(datetime.now(UTC).timestamp() * 1000)


@asynccontextmanager
async def asking(
    token: str = "secret", timeout_ms: int = 5_000
) -> AsyncIterator[tuple[CamaraGateway, Camara]]:
    """A gateway and a client of it."""
    gateway = CamaraGateway("secret")
    await gateway.start()
    url = gateway.url
    camara = Camara(
        CamaraSettings(
            f"{url}/number-recycling", f"{url}/sim-swap", f"{url}/ownership", token, timeout_ms
        )
    )
    try:
        yield gateway, camara
    finally:
        await camara.close()
        await gateway.stop()


@pytest.mark.scenario("S047")
async def test_a_number_is_recycled_if_it_was_given_away_on_the_day_asked_about_or_later() -> None:
    async with asking() as (gateway, camara):
        since_at = int(datetime(2026, 3, 14, 23, 59, tzinfo=UTC).timestamp() * 1000)
        answers = {None: False, date(2026, 3, 13): False, date(2026, 3, 14): True}
        for day, expected in answers.items():
            gateway.recycled = {} if day is None else {WRITTEN: day}
            assert await camara.is_recycled(NUMBER, since_at) is expected
        body = {"phoneNumber": WRITTEN, "specifiedDate": "2026-03-14"}
        assert gateway.asked[0] == ("/number-recycling/check", body)


@pytest.mark.scenario("S044")
@pytest.mark.parametrize(
    ("since_ms", "hours"), [(0, 1), (1, 1), (HOUR_MS, 1), (HOUR_MS + 1, 2), (10**12, 2_400)]
)
async def test_a_sim_is_asked_about_in_whole_hours_rounded_up(since_ms: int, hours: int) -> None:
    async with asking() as (gateway, camara):
        assert not await camara.is_sim_changed(NUMBER, NOW_AT - since_ms, NOW_AT)
        body = {"phoneNumber": WRITTEN, "maxAge": hours}
        assert gateway.asked == [("/sim-swap/check", body)]
        gateway.swapped[WRITTEN] = datetime.now(UTC) - timedelta(minutes=1)
        assert await camara.is_sim_changed(NUMBER, NOW_AT - since_ms, NOW_AT)


async def test_a_prefix_proves_nothing_and_the_operator_is_asked() -> None:
    async with asking() as (gateway, camara):
        assert await camara.ownership(NUMBER) is Ownership.OURS
        gateway.foreign.add(WRITTEN)
        assert await camara.ownership(NUMBER) is Ownership.NOT_OURS


async def test_whoever_has_no_address_is_not_asked() -> None:
    camara = Camara(CamaraSettings(None, None, None, "", 5_000))
    assert not await camara.is_recycled(NUMBER, NOW_AT)
    assert not await camara.is_sim_changed(NUMBER, NOW_AT, NOW_AT)
    assert await camara.ownership(NUMBER) is Ownership.UNKNOWN
    await camara.close()


WHY = {
    Fault.ERROR: "it answered 503",
    Fault.CUT: "it cannot be asked: ServerDisconnectedError",
    Fault.HUGE: "its answer is too long",
    Fault.GARBAGE: "its answer has another shape",
    Fault.REDIRECT: "it answered 307",
}


@pytest.mark.parametrize("fault", WHY)
async def test_all_that_is_not_an_answer_is_none(fault: Fault) -> None:
    async with asking() as (gateway, camara):
        gateway.fault = fault
        with pytest.raises(NoAnswer, match=WHY[fault]) as raised:
            await camara.is_recycled(NUMBER, NOW_AT)
        assert "912345678" not in str(raised.value), "no number in what may be logged"


async def test_silence_is_no_answer_after_the_time_that_is_set() -> None:
    async with asking(timeout_ms=50) as (gateway, camara):
        gateway.fault = Fault.SILENT
        with pytest.raises(NoAnswer, match="cannot be asked"):
            await camara.is_sim_changed(NUMBER, NOW_AT, NOW_AT)


async def test_a_token_that_is_not_known_gets_no_answer() -> None:
    async with asking("another") as (_, camara):
        with pytest.raises(NoAnswer, match="it answered 401"):
            await camara.is_recycled(NUMBER, NOW_AT)


async def test_a_gateway_that_is_away_gives_no_answer() -> None:
    async with asking() as (gateway, camara):
        await gateway.stop()
        with pytest.raises(NoAnswer, match="cannot be asked"):
            await camara.is_recycled(NUMBER, NOW_AT)
