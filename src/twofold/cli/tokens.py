"""Tokens for the API: made, listed and taken back; a token is shown once and never kept."""

import asyncio
import secrets
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from twofold.access.tokens import SECRET_BYTES, Role, token_hash, write_token
from twofold.app.settings import Settings
from twofold.catalog.canonical import from_json
from twofold.catalog.durations import parse_duration
from twofold.cli.database import migrated_database, now_ms
from twofold.cli.failures import Failure
from twofold.cli.files import load_config
from twofold.store.callers import TokenRow
from twofold.store.sqlite import SqliteCallers, SqliteStore

LISTED_MAX: Final = 1_000
LABEL_MAX: Final = 80


def create(config: Path, role: Role, partner: str, label: str, expires: str) -> None:
    """Make a token and print it last."""
    lasts_ms = parse_duration(expires) if expires else None
    if expires and lasts_ms is None:
        raise Failure(f"--expires {expires}: write a duration of 366 days at most, such as P90D")
    if (role is Role.PARTNER) != bool(partner):
        raise Failure("--partner goes with --role partner, and with no other")
    settings = load_config(config)
    token = write_token(secrets.token_bytes(SECRET_BYTES))
    token_id = asyncio.run(_create(settings, role, partner, label[:LABEL_MAX], token, lasts_ms))
    whose = f"{role} {partner}".strip()
    until = f", in force for {expires}" if expires else ", in force until it is revoked"
    print(f"token {token_id} for {whose}{until}")
    print("give it to whoever calls, as `Authorization: Bearer TOKEN`; only its hash is kept here,")
    print("so that it cannot be shown again:")
    print(token)


def list_all(config: Path) -> None:
    """Print every token but its secret."""
    settings = load_config(config)
    with closing(migrated_database(settings)) as connection:
        rows = asyncio.run(SqliteCallers(connection).tokens(LISTED_MAX))
    for row in rows:
        whose = f"{row.role} {row.partner}".strip()
        made = f"made {_day(row.created_at)}"
        print(f"{row.id}  {whose}  {made}  {_standing(row, now_ms())}  {row.label}".rstrip())
    print(f"{len(rows)} in all")


def revoke(config: Path, token_id: int) -> None:
    """Let a token in no more, from the next call on."""
    settings = load_config(config)
    with closing(migrated_database(settings)) as connection:
        if not asyncio.run(SqliteCallers(connection).revoke_token(token_id, now_ms())):
            raise Failure(f"no token {token_id} is in force; twofold token list shows them")
    print(f"token {token_id} is revoked")


async def _create(
    settings: Settings, role: Role, partner: str, label: str, token: str, lasts_ms: int | None
) -> int:
    with closing(migrated_database(settings)) as connection:
        if partner:
            newest = await SqliteStore(connection).newest_catalogue()
            known = {} if newest is None else from_json(newest[2], newest[0]).partners
            if partner not in known:
                raise Failure(f"no partner '{partner}' is in the catalogue: {', '.join(known)}")
        callers = SqliteCallers(connection)
        now_at = now_ms()
        expires_at = None if lasts_ms is None else now_at + lasts_ms
        return await callers.add_token(
            token_hash(token), role, partner, label, now_at, expires_at=expires_at
        )


def _standing(row: TokenRow, now_at: int) -> str:
    """Whether a token is in force, and until when."""
    if row.revoked_at is not None:
        return f"revoked {_day(row.revoked_at)}"
    if row.expires_at is None:
        return "in force"
    day = _day(row.expires_at)
    return f"in force until {day}" if now_at < row.expires_at else f"expired {day}"


def _day(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).date().isoformat()
