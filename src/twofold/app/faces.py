"""Everything that one engine shows over HTTP: health, metrics and the API."""

from starlette.routing import BaseRoute

from twofold.api.application import api_routes
from twofold.api.desk import Desk
from twofold.app.engine import Engine
from twofold.app.health import health_routes
from twofold.store.sqlite import Connection, SqliteCallers, SqliteReader


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
    return [*health_routes(engine, reader), *api_routes(desk, engine.calls)]
