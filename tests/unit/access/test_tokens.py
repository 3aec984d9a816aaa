"""Tokens: known by their hash alone, and worth what their role may do."""

from collections.abc import Sequence

import pytest

from twofold.access.tokens import (
    CHANNELS,
    MAX_LENGTH,
    POWERS,
    Caller,
    NoCaller,
    Power,
    Role,
    find_caller,
    token_hash,
    write_token,
)
from twofold.domain.subscriber import Channel
from twofold.store.callers import Reserved, TokenRow

SECRET = bytes(range(32))
NOW_AT = 1_000


class Kept:
    """Tokens in memory."""

    def __init__(self, *rows: TokenRow) -> None:
        self.rows = {row.hash: row for row in rows}
        self.asked = 0

    async def token(self, hash_: bytes) -> TokenRow | None:
        self.asked += 1
        return self.rows.get(hash_)

    async def tokens(self, limit: int) -> Sequence[TokenRow]:
        raise NotImplementedError

    async def add_token(
        self,
        hash_: bytes,
        role: str,
        partner: str,
        label: str,
        now_at: int,
        expires_at: int | None = None,
    ) -> int:
        raise NotImplementedError

    async def revoke_token(self, token_id: int, now_at: int) -> bool:
        raise NotImplementedError

    async def key(self, owner: str, key: str) -> Reserved | None:
        raise NotImplementedError

    async def reserve(
        self, owner: str, key: str, digest: bytes, event_id: int, now_at: int
    ) -> None:
        raise NotImplementedError

    async def answer(self, owner: str, key: str, status: int, answer: bytes) -> None:
        raise NotImplementedError


def row(token: str, revoked_at: int | None = None, expires_at: int | None = None) -> TokenRow:
    """A partner's token as it is kept."""
    return TokenRow(1, token_hash(token), "partner", "abc", "", 0, revoked_at, expires_at)


async def test_a_token_is_known_by_its_hash() -> None:
    token = write_token(SECRET)
    assert await find_caller(Kept(row(token)), token, NOW_AT) == Caller(Role.PARTNER, "abc")
    assert await find_caller(Kept(row(token)), token + "x", NOW_AT) is NoCaller.UNKNOWN
    assert await find_caller(Kept(row(token)), "", NOW_AT) is NoCaller.UNKNOWN


async def test_a_revoked_token_is_none() -> None:
    token = write_token(SECRET)
    kept = Kept(row(token, revoked_at=1, expires_at=2))
    assert await find_caller(kept, token, NOW_AT) is NoCaller.REVOKED


@pytest.mark.parametrize(("later_ms", "is_in"), [(-1, True), (0, False), (1, False)])
async def test_a_token_ends_by_itself_at_its_time(
    later_ms: int,
    is_in: bool,  # noqa: FBT001 - a column
) -> None:
    token = write_token(SECRET)
    found = await find_caller(Kept(row(token, expires_at=NOW_AT)), token, NOW_AT + later_ms)
    assert found == (Caller(Role.PARTNER, "abc") if is_in else NoCaller.EXPIRED)


async def test_a_long_text_is_not_even_hashed() -> None:
    kept = Kept()
    assert await find_caller(kept, "x" * (MAX_LENGTH + 1), NOW_AT) is NoCaller.UNKNOWN
    assert kept.asked == 0


def test_a_token_holds_all_of_its_secret_and_says_what_it_is() -> None:
    token = write_token(SECRET)
    assert token == "twofold_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
    assert token_hash(token) != token_hash(write_token(bytes(32)))


def test_every_role_has_its_powers_and_channels() -> None:
    assert set(POWERS) == set(CHANNELS) == set(Role)


@pytest.mark.scenario("S042")
def test_no_role_speaks_for_a_subscribers_sms() -> None:
    assert all(Channel.SMS not in channels for channels in CHANNELS.values())


def test_only_partners_claim_and_only_the_operator_tells_of_numbers() -> None:
    def having(power: Power) -> list[Role]:
        return [role for role in Role if power in POWERS[role]]

    assert having(Power.CLAIM) == [Role.PARTNER]
    assert having(Power.TELL_OF_NUMBERS) == [Role.OPERATOR]


def test_a_partner_sees_its_own_and_the_operator_sees_all() -> None:
    partner, care = Caller(Role.PARTNER, "abc"), Caller(Role.CARE, "")
    assert [partner.sees("abc"), partner.sees("xyz"), partner.sees("")] == [True, False, False]
    assert [care.sees("abc"), care.sees("xyz")] == [True, True]
    assert partner.owner != Caller(Role.PARTNER, "xyz").owner
