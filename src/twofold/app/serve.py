"""`twofold serve`: one engine with its pages, until it is told to stop."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from twofold.app.clock import SystemClock
from twofold.app.engine import Engine
from twofold.app.faces import face_routes
from twofold.app.interpreter import settle_interpreter
from twofold.app.logs import open_log
from twofold.app.running import (
    listening_socket,
    pages,
    running_engine,
    stop_requested,
)
from twofold.app.settings import Settings
from twofold.app.standins import standing_in
from twofold.app.watch import Watch
from twofold.domain.crash import arm

CRASH_VARIABLE: Final = "TWOFOLD_CRASH_AT"
"""`commit.written:17` kills the process at the 17th passing of that point, and
`commit.written@deliver.submitted:400` at the first after the 400th of another: for tests alone."""


def run(settings: Settings, roles: tuple[str, ...]) -> None:  # noqa: ARG001 - one process has every role
    """Serve until SIGINT or SIGTERM."""
    arm_crash(os.environ.get(CRASH_VARIABLE, ""))
    asyncio.run(serve(settings))


async def serve(settings: Settings) -> None:
    """Run the engine and its pages; say where they are, then stop in order."""
    listening = listening_socket(settings.http.host, settings.http.port)
    stop = stop_requested()
    host, port = listening.getsockname()[:2]
    where = f"http://{host}:{port}"
    log = open_log(sys.stderr)
    async with serving(settings) as (engine, routes):
        async with pages(Starlette(routes=routes)).serving(listening):
            with Watch(engine, log).watching():
                settle_interpreter()
                revision = engine.committer.rules.revision
                log.info("engine_ready", where=where, process=os.getpid(), revision=revision)
                print(f"twofold serves {settings.operator.name} on {where}", flush=True)
                await stop.wait()
        log.info("engine_stopping")
    log.info("engine_stopped")


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[tuple[Engine, list[BaseRoute]]]:
    """Run the engine, with stand-ins around it where the configuration asks for them."""
    if settings.sim.enabled:
        async with standing_in(settings) as (sim, routes):
            yield sim.engine, routes
    else:
        async with running_engine(settings, SystemClock()) as (engine, connection):
            yield engine, face_routes(engine, connection)


def arm_crash(where: str) -> None:
    """Have the process killed at a named point, as a power cut would."""
    name, _, other = where.partition("@")
    counted, _, passes = (other or name).partition(":")
    fatal = name.partition(":")[0]
    if not fatal:
        return
    left = int(passes or 1)

    def pass_point(point: str) -> None:
        nonlocal left
        left -= point == counted
        if left <= 0 and point == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    arm(pass_point)
