"""Everything that one engine shows over HTTP: health, metrics and the API."""

import time

from starlette.routing import BaseRoute

from twofold.api.application import api_routes
from twofold.api.desk import Desk
from twofold.app.engine import Engine
from twofold.app.health import health_routes
from twofold.store.sqlite import Connection, SqliteCallers, SqliteReader


def machine_now() -> int:
    """The machine's time, ms UTC: a demo whose clock is moved lets no token live longer."""
    return time.time_ns() // 1_000_000


def face_routes(engine: Engine, connection: Connection) -> list[BaseRoute]:
    """The routes of one engine and its database."""
    reader = SqliteReader(connection)
    desk = Desk(
        engine.committer,
        engine.clock,
        engine.ids,
        reader=reader,
        callers=SqliteCallers(connection),
        operator=engine.settings.operator,
        alarm=engine.calls.alarm,
    )
    return [*health_routes(engine, reader), *api_routes(desk, engine.calls, machine_now)]
