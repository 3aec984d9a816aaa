"""Tokens and idempotency keys, alike in every store."""

import pytest

from tests.contract.engines import NOW_AT, Engine
from twofold.store.callers import Reserved, TokenRow

HASH = bytes(31) + b"\1"
DAY_MS = 86_400_000


async def test_a_token_is_found_by_its_hash_until_and_after_it_is_revoked(engine: Engine) -> None:
    async with engine.opened() as store:
        callers = engine.callers(store)
        token_id = await callers.add_token(HASH, "partner", "abc", "for news", NOW_AT)
        assert await callers.token(bytes(32)) is None
        row = TokenRow(token_id, HASH, "partner", "abc", "for news", NOW_AT, None)
        assert await callers.token(HASH) == row
        assert await callers.revoke_token(token_id, NOW_AT + 1)
        assert not await callers.revoke_token(token_id, NOW_AT + 2)
        found = await callers.token(HASH)
        assert found is not None
        assert found.revoked_at == NOW_AT + 1
        assert [one.id for one in await callers.tokens(10)] == [token_id]
        assert await callers.tokens(0) == []


async def test_a_token_may_have_an_end_and_never_one_before_its_beginning(engine: Engine) -> None:
    async with engine.opened() as store:
        callers = engine.callers(store)
        await callers.add_token(HASH, "care", "", "", NOW_AT, expires_at=NOW_AT + 1)
        found = await callers.token(HASH)
        assert found is not None
        assert found.expires_at == NOW_AT + 1
        with pytest.raises(engine.breach):
            await callers.add_token(bytes(32), "care", "", "", NOW_AT, expires_at=NOW_AT)


@pytest.mark.parametrize(
    ("hash_", "role", "partner"),
    [(b"short", "care", ""), (HASH, "king", ""), (HASH, "partner", ""), (HASH, "care", "abc")],
)
async def test_a_token_that_makes_no_sense_is_not_kept(
    engine: Engine, hash_: bytes, role: str, partner: str
) -> None:
    async with engine.opened() as store:
        with pytest.raises(engine.breach):
            await engine.callers(store).add_token(hash_, role, partner, "", NOW_AT)


async def test_a_reservation_that_led_to_nothing_is_taken_again(engine: Engine) -> None:
    async with engine.opened() as store:
        callers = engine.callers(store)
        assert await callers.key("app:", "k") is None
        await callers.reserve("app:", "k", HASH, 64, NOW_AT)
        assert await callers.key("app:", "k") == Reserved(HASH, 64, None, None)
        await callers.reserve("app:", "k", HASH, 128, NOW_AT)
        assert await callers.key("app:", "k") == Reserved(HASH, 128, None, None)
        assert await callers.key("ussd:", "k") is None


async def test_an_answer_stays_as_it_was_given(engine: Engine) -> None:
    async with engine.opened() as store:
        callers = engine.callers(store)
        await callers.reserve("app:", "k", HASH, 64, NOW_AT)
        await callers.answer("app:", "k", 201, b"{}")
        await callers.reserve("app:", "k", HASH, 128, NOW_AT)
    async with engine.opened() as store:
        assert await engine.callers(store).key("app:", "k") == Reserved(HASH, 64, 201, b"{}")


async def test_keys_are_forgotten_after_a_day(engine: Engine) -> None:
    async with engine.opened() as store:
        callers = engine.callers(store)
        await callers.reserve("app:", "old", HASH, 64, NOW_AT)
        await callers.reserve("app:", "new", HASH, 128, NOW_AT + 1)
        await store.prune(NOW_AT + DAY_MS)
        assert await callers.key("app:", "old") is not None
        await store.prune(NOW_AT + DAY_MS + 1)
        assert await callers.key("app:", "old") is None
        assert await callers.key("app:", "new") is not None
