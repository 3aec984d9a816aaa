"""`twofold serve` as a process of its own, on an installation in a folder of the test.

Nothing here waits by the clock: a test waits until the process says a line, ends, or answers.
"""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from tests.faults.forking import Forked, fork
from twofold.app.serve import CRASH_VARIABLE
from twofold.catalog.example import example

PROGRAM: Final = Path(sys.executable).with_name("twofold")
WITHOUT_PRIVILEGE: Final = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")
SAYS_READY: Final = "twofold serves "


def free_port() -> socket.socket:
    """Hold a port that nobody else is given; a server may still listen on it."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    return held


class Installation:
    """A folder with a configuration, a catalogue and, later, a database."""

    def __init__(
        self, folder: Path, smsc_port: int, changes: Mapping[str, str] | None = None
    ) -> None:
        """Write the examples with ports of their own; `changes` replaces other lines."""
        self.folder = folder
        self._held = free_port()
        self.http_port = int(self._held.getsockname()[1])
        self.config = folder / "twofold.toml"
        self.catalogue = folder / "catalog.toml"
        self.database = folder / "var" / "twofold.db"
        folder.mkdir(parents=True, exist_ok=True)
        text = example("twofold.toml")
        wanted = {
            "port = 8080": f"port = {self.http_port}",
            "port = 2775": f"port = {smsc_port}",
            **(changes or {}),
        }
        for before, after in wanted.items():
            assert before in text, before
            text = text.replace(before, after)
        self.config.write_text(text, encoding="utf-8")
        self.catalogue.write_text(example("catalog.toml"), encoding="utf-8")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run another command on it."""
        command: tuple[str | Path, ...] = (PROGRAM, *arguments, "--config", self.config)
        return subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=120, env=environment({})
        )

    def occupy_port(self) -> None:
        """Have something else listen where the pages would."""
        self._held.listen()

    def close(self) -> None:
        """Give the port back."""
        self._held.close()


class Serving:
    """One running `twofold serve`: what it said so far, and how it ends."""

    def __init__(self, process: Forked | asyncio.subprocess.Process, http_port: int) -> None:
        self.process = process
        self.said: list[str] = []
        """Lines of standard output."""
        self.complained: list[str] = []
        """Lines of standard error."""
        self._http_port = http_port
        self._watchers: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []
        assert process.stdout is not None
        assert process.stderr is not None
        self._readers = [
            asyncio.create_task(self._read(process.stdout, self.said)),
            asyncio.create_task(self._read(process.stderr, self.complained)),
        ]

    async def ready(self) -> None:
        """Wait until it says where it serves; a process that ends before fails the test."""
        await self.until(lambda: any(line.startswith(SAYS_READY) for line in self.said))

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds; it is looked at after each line that the process says."""
        if not holds():
            happened = asyncio.get_running_loop().create_future()
            self._watchers.append((holds, happened))
            await happened

    async def ended(self) -> int:
        """Wait for its end; negative is the signal that killed it."""
        code = await self.process.wait()
        await asyncio.gather(*self._readers)
        return code

    async def stop(self) -> int:
        """Ask it to end, politely; give its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return await self.ended()

    def log(self) -> list[dict[str, Any]]:
        """The lines of its log."""
        return [json.loads(line) for line in self.complained if line.startswith("{")]

    def logged(self, event: str) -> list[dict[str, Any]]:
        """The lines of its log with that event."""
        return [line for line in self.log() if line["event"] == event]

    def troubles(self) -> list[str]:
        """What it says on standard error that is neither its log nor expected after a kill.

        Whether a load is more than the machine decides is the machine's affair.
        """
        links = {"link_up", "link_down"}
        quiet = {"engine_ready", "engine_stopping", "engine_stopped", "overloaded", *links}
        return [
            line
            for line in self.complained
            if not line.startswith("{") or json.loads(line)["event"] not in quiet
        ]

    async def get(self, path: str) -> tuple[int, Any]:
        """Ask its pages: the status, and the JSON where it is some."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._http_port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n".encode())
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        await writer.wait_closed()
        return int(head.split()[1]), json.loads(body) if b"json" in head else None

    async def _read(self, stream: asyncio.StreamReader, into: list[str]) -> None:
        while line := await stream.readline():
            into.append(line.decode().rstrip("\n"))
            for watcher in list(self._watchers):
                holds, happened = watcher
                if holds():
                    self._watchers.remove(watcher)
                    happened.set_result(None)
        await self.process.wait()
        for holds, happened in self._watchers:
            if not happened.done() and holds():
                happened.set_result(None)
            elif not happened.done():
                said = "\n".join([*self.said, *self.complained])
                happened.set_exception(AssertionError(f"it ended first:\n{said}"))
        self._watchers.clear()


async def start(
    installation: Installation,
    *,
    crash_at: str = "",
    arguments: str = "",
    by_name: bool = False,
    as_anyone: bool = False,
) -> Serving:
    """Start `twofold serve`, to be killed at a point (`commit.written:17`) if one is named.

    `by_name`: by the name of the program, as a person does.
    `as_anyone`: so, and modes of files bind it even where the tests are run by root.
    """
    words = ("serve", "--config", str(installation.config), *arguments.split())
    environ = environment({CRASH_VARIABLE: crash_at})
    process: Forked | asyncio.subprocess.Process
    if by_name or as_anyone:
        process = await asyncio.create_subprocess_exec(
            *(WITHOUT_PRIVILEGE if as_anyone and os.geteuid() == 0 else ()),
            PROGRAM,
            *words,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environ,
        )
    else:
        process = await fork(words, environ)
    return Serving(process, installation.http_port)


@asynccontextmanager
async def serving(installation: Installation, **how: Any) -> AsyncIterator[Serving]:  # noqa: ANN401
    """Run it while the block lasts; a process that is left over is killed."""
    server = await start(installation, **how)
    try:
        yield server
    finally:
        if server.process.returncode is None:
            server.process.kill()
        await server.ended()


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """The environment, without settings that would change the child's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TWOFOLD_")}
    return {**kept, **more}
