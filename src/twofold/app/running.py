"""Running an engine and its pages on one loop, from the first lock to the last unbind."""

import asyncio
import os
import random
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.applications import Starlette

from twofold.app.clock import SystemClock
from twofold.app.database import engine_database
from twofold.app.engine import Chance, Engine
from twofold.app.failures import CannotStart
from twofold.app.importing import import_catalogue
from twofold.app.interpreter import settle_interpreter
from twofold.app.patience import PatientProtocol
from twofold.app.rulebook import Rulebook
from twofold.app.settings import Settings
from twofold.store.sqlite import Connection, SqliteStore

SALT_BYTES = 16
SALTS_DRAWN = 256


def machine_chance() -> Chance:
    """Chance from the machine: guessable where it spreads load, not where it hides something."""
    return Chance(jitter=random.random, salt=salts().__next__)


def salts() -> Iterator[bytes]:
    """Salts from the kernel, drawn many at a time: a call for each costs as much as its hash."""
    while True:
        drawn = os.urandom(SALT_BYTES * SALTS_DRAWN)
        for start in range(0, len(drawn), SALT_BYTES):
            yield drawn[start : start + SALT_BYTES]


@asynccontextmanager
async def running_engine(
    settings: Settings, clock: SystemClock
) -> AsyncIterator[tuple[Engine, Connection]]:
    """Open the database, import the catalogue, and run an engine until the block ends.

    An engine that fails ends the block.
    """
    with engine_database(settings.database.path, clock.now()) as connection:
        store = SqliteStore(connection)
        await import_catalogue(settings, store, clock.now)
        engine = Engine(settings, store, clock, Rulebook(settings, clock), machine_chance())
        await engine.open()
        settle_interpreter()
        async with asyncio.TaskGroup() as group:
            group.create_task(engine.run(), name="engine")
            await engine.ready.wait()
            try:
                yield engine, connection
            finally:
                await engine.stop()


def listening_socket(host: str, port: int) -> socket.socket:
    """Take the port before anything else is begun.

    Raises CannotStart when it is in use.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise CannotStart(
            f"{host}:{port} cannot be listened on ({error.strerror}): "
            "stop what uses it, or choose another port"
        ) from error
    listening.listen(128)
    listening.setblocking(False)  # noqa: FBT003 - the standard library's own signature
    return listening


class Pages(uvicorn.Server):
    """uvicorn on our loop; signals are ours.

    Answers that would go on for ever are ended through `endings`, or it would wait for them.
    """

    endings: list[Callable[[], None]]

    @asynccontextmanager
    async def serving(self, listening: socket.socket) -> AsyncIterator[None]:
        """Serve while the block runs."""
        task = asyncio.create_task(self.serve([listening]), name="pages")
        try:
            yield
        finally:
            self.should_exit = True
            for end in self.endings:
                end()
            await task

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone: uvicorn would take ours away, and give them back at a wrong time."""
        yield


def pages(application: Starlette) -> Pages:
    """A quiet server for the pages."""
    server = Pages(
        uvicorn.Config(
            application,
            http=PatientProtocol,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
        )
    )
    server.endings = application.state.endings = []
    return server


def stop_requested() -> asyncio.Event:
    """An event that SIGINT and SIGTERM set; a second one ends the process at once.

    What that loses is what a power cut would: nothing that was acknowledged.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)

    def asked() -> None:
        stop.set()
        for number in signals:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)

    for number in signals:
        loop.add_signal_handler(number, asked)
    return stop
