"""`twofold …` as a process of its own, forked from one that has imported the program already.

To import it is nine tenths of a start, and the tests start hundreds. The process is a real one:
it has its own descriptors, signals and locks, and dies by itself. What a start by the name of the
program does besides is tried by `test_start.py` and by whoever runs `Installation.run`.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Final

_CONTEXT: Final = get_context("forkserver")
_CONTEXT.set_forkserver_preload(["twofold.cli", "twofold.app.serve", "twofold.cli.files"])


class Forked:
    """One such process, with what of `asyncio.subprocess.Process` the tests use."""

    def __init__(self, arguments: Sequence[str], environ: Mapping[str, str]) -> None:
        """Start it; both streams must be read from then on."""
        said, say = _CONTEXT.Pipe(duplex=False)
        complained, complain = _CONTEXT.Pipe(duplex=False)
        self.returncode: int | None = None
        """How it ended; a negative number is the signal that killed it."""
        self._process = _CONTEXT.Process(
            target=_become, args=(list(arguments), dict(environ), say, complain), daemon=True
        )
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid
        say.close()
        complain.close()
        self._pipes = said, complained
        self.stdout, self.stderr = asyncio.StreamReader(), asyncio.StreamReader()
        self._loop = asyncio.get_running_loop()
        self._ended = self._loop.create_future()
        self._loop.add_reader(self._process.sentinel, self._has_ended)

    async def read(self) -> None:
        """Connect both streams."""
        for pipe, stream in zip(self._pipes, (self.stdout, self.stderr), strict=True):
            reading = partial(asyncio.StreamReaderProtocol, stream)
            await self._loop.connect_read_pipe(reading, pipe)

    async def wait(self) -> int:
        """Wait for its end."""
        await asyncio.shield(self._ended)
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def _has_ended(self) -> None:
        self._loop.remove_reader(self._process.sentinel)
        self._process.join()
        self.returncode = self._process.exitcode
        self._process.close()
        self._ended.set_result(None)


async def fork(arguments: Sequence[str], environ: Mapping[str, str]) -> Forked:
    """Start `twofold` with arguments, and with nothing else in its environment."""
    made = Forked(arguments, environ)
    await made.read()
    return made


def _become(
    arguments: list[str], environ: dict[str, str], say: Connection, complain: Connection
) -> None:
    """Be the program: its streams, its arguments, its environment, its exit code."""
    from twofold.cli import main  # noqa: PLC0415 - the process that forks has it already

    os.environ.clear()
    os.environ.update(environ)
    for pipe, number in ((say, 1), (complain, 2)):
        os.dup2(pipe.fileno(), number)
        pipe.close()
    sys.argv = ["twofold", *arguments]
    main()
