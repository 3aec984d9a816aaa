"""`twofold serve`: one engine with its pages, until it is told to stop."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from starlette.applications import Starlette
from starlette.routing import Route

from twofold.app.clock import SystemClock
from twofold.app.health import health_routes
from twofold.app.running import (
    listening_socket,
    pages,
    running_engine,
    settle_garbage,
    stop_requested,
)
from twofold.app.settings import Settings
from twofold.app.standins import standing_in
from twofold.domain.crash import arm
from twofold.store.sqlite import SqliteReader

CRASH_VARIABLE: Final = "TWOFOLD_CRASH_AT"
"""`commit.written:17` kills the process at the 17th passing of that point: for tests alone."""


def run(settings: Settings, roles: tuple[str, ...]) -> None:  # noqa: ARG001 - one process has every role
    """Serve until SIGINT or SIGTERM."""
    arm_crash(os.environ.get(CRASH_VARIABLE, ""))
    asyncio.run(serve(settings))


async def serve(settings: Settings) -> None:
    """Run the engine and its pages; say where they are, then stop in order."""
    listening = listening_socket(settings.http.host, settings.http.port)
    stop = stop_requested()
    async with serving(settings) as routes, pages(Starlette(routes=routes)).serving(listening):
        settle_garbage()
        host, port = listening.getsockname()[:2]
        print(f"twofold serves {settings.operator.name} on http://{host}:{port}", flush=True)
        await stop.wait()


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[list[Route]]:
    """Run the engine, with stand-ins around it where the configuration asks for them."""
    if settings.sim.enabled:
        async with standing_in(settings) as (_, routes):
            yield routes
    else:
        async with running_engine(settings, SystemClock()) as (engine, connection):
            yield health_routes(engine, SqliteReader(connection))


def arm_crash(where: str) -> None:
    """Have the process killed at a named point, as a power cut would."""
    name, _, passes = where.partition(":")
    if not name:
        return
    left = int(passes or 1)

    def pass_point(point: str) -> None:
        nonlocal left
        if point == name:
            left -= 1
            if left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    arm(pass_point)
