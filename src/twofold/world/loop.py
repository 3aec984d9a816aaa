"""An asyncio loop on virtual time, on which several programs live and die by the handle.

Rules: time stands still while anything is ready, and then jumps to the next timer. Nothing waits
for the outside: no selector, thread, signal, subprocess or real socket.
Callbacks run in the order in which they were asked for. Tasks that wake side by side go in an order
that chance decides; it starts from the order of their creation, so that a set of tasks, whose order
is an accident of memory, leaves no mark on a run.
Every handle belongs to the process whose context it carries. A dead process is never run again, not
even to finalize: what is left of it is kept until the loop closes, and is then ended in silence.
"""

import asyncio
import heapq
import warnings
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from concurrent.futures import Executor
from contextvars import Context, ContextVar, copy_context
from random import Random
from typing import Any, Final, Never, NoReturn, Protocol, TypeAlias, TypeVar, TypeVarTuple, Unpack
from weakref import WeakKeyDictionary

_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")
_Callback: TypeAlias = Callable[..., object]
_Code: TypeAlias = Generator[Any, None, _T] | Coroutine[Any, Any, _T]

_MOST_STEPS: Final = 5_000_000
_TIMERS_KEPT: Final = 1024
"""Cancelled timers are swept out once there are this many more than after the last sweep."""

_AWAITS_IN_A_CLEAN_UP: Final = 100
_WAITERS_NAMED: Final = 20


class Stuck(RuntimeError):
    """Nothing is ready, nothing is scheduled, and what the loop runs for is not done."""


class TooManySteps(RuntimeError):
    """The loop ran more handles than it may: something spins while time stands still."""


class Crashed(BaseException):
    """Unwinds the step in which a process died; no code of a process may catch it for good."""


class Network(Protocol):
    """What the loop asks for connections."""

    async def connect(
        self, factory: Callable[[], asyncio.BaseProtocol], host: str | None, port: int
    ) -> tuple[asyncio.Transport, asyncio.BaseProtocol]:
        """Open a connection; raises OSError as a socket would."""

    def listen(
        self, factory: Callable[[], asyncio.BaseProtocol], host: str | None, port: int
    ) -> asyncio.AbstractServer:
        """Take connections; raises OSError when the address is taken."""


class Process:
    """One program of the world. What is created while it runs belongs to it, and dies with it."""

    __slots__ = ("_context", "_loop", "alive", "dies_at", "name", "remains", "steps", "tasks")

    def __init__(self, loop: "VirtualLoop", name: str) -> None:
        self.name = name
        self.alive = True
        self.steps = 0
        self.dies_at = 0
        self.tasks: WeakKeyDictionary[_Task[Any], None] = WeakKeyDictionary()
        self.remains: list[object] = []
        """What is kept until the loop closes: to free the dead would run their `finally` blocks."""
        self._loop = loop
        self._context = copy_context()
        self._context.run(_PROCESS.set, self)

    def __repr__(self) -> str:
        return f"<Process {self.name} {'alive' if self.alive else 'dead'} steps={self.steps}>"

    def spawn(self, code: Coroutine[Any, Any, _T], name: str | None = None) -> asyncio.Task[_T]:
        """Start a task in this process; unlike asyncio's, it is not lost when nobody keeps it."""
        assert self.alive, f"{self.name} is dead"
        task = self._loop.create_task(code, name=name, context=self.context())
        self.remains.append(task)
        return task

    def run(self, function: Callable[[Unpack[_Ts]], _T], *args: *_Ts) -> _T:
        """Call a function as this process: what it creates belongs to it."""
        assert self.alive, f"{self.name} is dead"
        return self.context().run(function, *args)

    def context(self) -> Context:
        """Give a context that handles of this process may carry."""
        return self._context.copy()


_PROCESS: Final[ContextVar[Process]] = ContextVar("process")


class _Task(asyncio.Task[_T]):
    """A task that knows when it was created, compared with all others."""

    number: int


_Entry: TypeAlias = tuple[asyncio.Handle, Process, _Task[Any] | None, _Callback]
_Timer: TypeAlias = tuple[float, int, asyncio.TimerHandle, Process, _Callback]


class VirtualLoop(asyncio.BaseEventLoop):
    """The loop of a simulated world; the same chance gives the same run.

    `trace` is given a line for each step, naming virtual time, process and task or callback.
    `on_kill` are called with each process that dies, at the instant of its death.
    `unhandled` gathers what asyncio reports of living processes: exceptions that nobody retrieved.
    """

    _stopping: bool

    def __init__(
        self,
        chance: Random,
        *,
        trace: Callable[[str], None] | None = None,
        max_steps: int = _MOST_STEPS,
    ) -> None:
        super().__init__()
        self.steps = 0
        self.traced = trace is not None
        self.network: Network | None = None
        self.on_kill: list[Callable[[Process], object]] = []
        self.unhandled: list[dict[str, Any]] = []
        self.world = Process(self, "world")
        self._processes = [self.world]
        self._current = self.world
        self._chance = chance
        self._trace = trace
        self._max_steps = max_steps
        self._now = 0.0
        self._queue: deque[_Entry] = deque()
        self._timers: list[_Timer] = []
        self._timers_made = 0
        self._tasks_made = 0
        self._sweep_at = _TIMERS_KEPT

    # -- processes -----------------------------------------------------------------------------

    @property
    def running(self) -> Process:
        """The process whose code is running; `world` outside of all others."""
        return _PROCESS.get(self.world)

    def process(self, name: str) -> Process:
        """Start an empty process; a name may be used again once its last bearer is dead."""
        assert all(known.name != name for known in self._processes if known.alive), name
        self._processes.append(process := Process(self, name))
        return process

    def steps_of(self, process: Process) -> int:
        """Count the handles that were run for a process."""
        return process.steps

    def kill_at(self, process: Process, step: int) -> None:
        """Crash a process in place of its step of this number; its first step is 1."""
        assert step > process.steps, f"{process.name} has done {process.steps} steps"
        process.dies_at = step

    def kill(self, process: Process) -> None:
        """Crash a process: nothing of it runs again, save the rest of a step that calls this."""
        assert process is not self.world, "the world itself does not die"
        if process.alive:
            process.alive = False
            self._bury(process)
            self.note(f"{process.name} died after {process.steps} steps")
            for cut_off in self.on_kill:
                cut_off(process)

    def crash(self) -> NoReturn:
        """Kill the process that is running, and unwind its step by raising `Crashed`."""
        self.kill(self.running)
        raise Crashed

    def note(self, what: str) -> None:
        """Add a line to the trace."""
        if self._trace is not None:
            self._trace(f"{self._now!r} {self.running.name} {what}")

    # -- what asyncio asks of a loop -----------------------------------------------------------

    def time(self) -> float:
        """Give virtual time, seconds since the loop was made."""
        return self._now

    def call_soon(
        self,
        callback: Callable[[Unpack[_Ts]], object],
        *args: *_Ts,
        context: Context | None = None,
    ) -> asyncio.Handle:
        """Run a callback in the next turn, for the process of its context."""
        woken = None
        if context is None:
            context = copy_context()
        else:  # only asyncio's own steps of a task come with both a context and a task
            owner = getattr(callback, "__self__", None)
            woken = owner if isinstance(owner, _Task) else None
        handle = asyncio.Handle(callback, args, self, context)
        process = context.get(_PROCESS, self.world)
        self._queue.append((handle, process, woken, callback))
        return handle

    def call_soon_threadsafe(
        self,
        callback: Callable[[Unpack[_Ts]], object],
        *args: *_Ts,
        context: Context | None = None,
    ) -> asyncio.Handle:
        """Run a callback in the next turn; there is one thread."""
        return self.call_soon(callback, *args, context=context)

    def call_at(
        self,
        when: float,
        callback: Callable[[Unpack[_Ts]], object],
        *args: *_Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Run a callback at a virtual time, for the process of its context."""
        context = context or copy_context()
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        process = context.get(_PROCESS, self.world)
        self._timers_made += 1
        heapq.heappush(self._timers, (when, self._timers_made, timer, process, callback))
        if len(self._timers) > self._sweep_at:
            self._sweep()
        return timer

    def create_task(
        self, coro: _Code[_T], *, name: object = None, context: Context | None = None
    ) -> asyncio.Task[_T]:
        """Start a task, named after its process unless it is given a name."""
        process = (context or copy_context()).get(_PROCESS, self.world)
        self._tasks_made += 1
        named = name or f"{process.name}-{self._tasks_made}"
        task: _Task[_T] = _Task(coro, loop=self, name=str(named), context=context)
        task.number = self._tasks_made
        process.tasks[task] = None
        if not process.alive:
            self._bury(process)
        return task

    async def create_connection(  # type: ignore[override]
        self,
        protocol_factory: Callable[[], asyncio.BaseProtocol],
        host: str | None = None,
        port: int = 0,
        **_ignored: object,
    ) -> tuple[asyncio.Transport, asyncio.BaseProtocol]:
        """Connect over the world's network; raises OSError as a socket would."""
        assert self.network is not None, "this world has no network"
        return await self.network.connect(protocol_factory, host, port)

    async def create_server(  # type: ignore[override]
        self,
        protocol_factory: Callable[[], asyncio.BaseProtocol],
        host: str | None = None,
        port: int = 0,
        **_ignored: object,
    ) -> asyncio.AbstractServer:
        """Listen on the world's network; port 0 takes a free one."""
        assert self.network is not None, "this world has no network"
        return self.network.listen(protocol_factory, host, port)

    async def create_datagram_endpoint(self, *_: object, **__: object) -> Never:
        """Refuse: there are no datagrams here."""
        raise NotImplementedError("the world has no datagrams")

    def run_in_executor(
        self,
        executor: Executor | None,
        func: Callable[[Unpack[_Ts]], _T],
        *args: *_Ts,
    ) -> Never:
        """Refuse: a thread keeps a time of its own."""
        raise RuntimeError(f"the world has no threads for {func!r}{args!r} ({executor!r})")

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Report what went wrong, unless the dead are concerned."""
        if self._current.alive:
            self.unhandled.append(context)
            super().call_exception_handler(context)

    def close(self) -> None:
        """End the world in silence; what failed unnoticed until now is in `unhandled`."""
        assert not self.is_running(), "a running loop cannot close"
        if self.is_closed():
            return
        for process in self._processes:
            if process.alive:
                self.unhandled += [
                    {"message": "Task exception was never retrieved", "task": task}
                    for task in process.tasks
                    if task.done() and task._log_traceback  # noqa: SLF001 - no public name for it
                ]
                process.alive = False
                self._bury(process)
        super().close()
        self._queue.clear()
        self._timers.clear()
        for process in reversed(self._processes):
            _end(process)

    # -- running -------------------------------------------------------------------------------

    def _run_once(self) -> None:
        """Run what is ready now; what that makes ready waits for the next turn."""
        self._move_due(jump=not (self._queue or self._stopping))
        if len(self._queue) > 1:
            self._order_woken()
        queue = self._queue
        for _ in range(len(queue)):
            handle, process, woken, callback = queue.popleft()
            if not process.alive:
                process.remains.append(handle)
            elif not handle.cancelled() and self._may_step(process):
                self._current = process
                if self._trace is not None:
                    self._trace(f"{self._now!r} {process.name} {_label(woken, callback)}")
                handle._run()  # noqa: SLF001 - a loop is what runs handles
        self._current = self.world

    def _move_due(self, *, jump: bool) -> None:
        """Make ready what is due; drop what was cancelled, or is the dead's, off the top.

        With `jump` nothing else is ready: time goes on to the first timer, if none is due.
        """
        timers, queue = self._timers, self._queue
        while timers:
            when, _, timer, process, callback = timers[0]
            if not process.alive:
                process.remains.append(timer)
            elif not timer.cancelled():
                if when > self._now:
                    if not jump or queue:
                        return
                    self._now = when
                queue.append((timer, process, None, callback))
            heapq.heappop(timers)
        if jump and not queue:
            raise Stuck(self._who_waits())

    def _order_woken(self) -> None:
        batch = list(self._queue)
        moved = False
        first = 0
        while first < len(batch):
            end = first
            while end < len(batch) and batch[end][2] is not None:
                end += 1
            if end - first > 1:
                woken = sorted(batch[first:end], key=_number)
                self._chance.shuffle(woken)
                batch[first:end] = woken
                moved = True
            first = end + 1
        if moved:
            self._queue.clear()
            self._queue.extend(batch)

    def _may_step(self, process: Process) -> bool:
        if process.steps + 1 == process.dies_at:
            self.kill(process)
            return False
        process.steps += 1
        self.steps += 1
        if self.steps > self._max_steps:
            raise TooManySteps(f"{self._max_steps} steps by {self._now} s; last: {process!r}")
        return True

    def _sweep(self) -> None:
        self._timers = [one for one in self._timers if one[3].alive and not one[2].cancelled()]
        heapq.heapify(self._timers)
        self._sweep_at = 2 * len(self._timers) + _TIMERS_KEPT

    def _bury(self, process: Process) -> None:
        """Keep the tasks of the dead from being finalized, and from being waited for."""
        for task in process.tasks:
            asyncio._unregister_task(task)  # noqa: SLF001 - documented for makers of tasks
        process.remains += process.tasks
        process.tasks.clear()

    def _who_waits(self) -> str:
        waiters = [
            f"{process.name}: {task.get_name()} in {_place(task.get_coro())}"
            for process in self._processes
            for task in process.tasks
            if not task.done()
        ]
        shown = "; ".join(waiters[:_WAITERS_NAMED])
        return f"at {self._now} s nothing can happen any more; {len(waiters)} wait: {shown}"


def _number(entry: _Entry) -> int:
    task = entry[2]
    return task.number if task is not None else 0


def _label(woken: _Task[Any] | None, callback: _Callback) -> str:
    """Name a step without an address in memory, which differs from run to run."""
    if woken is not None:
        return woken.get_name()
    return str(getattr(callback, "__qualname__", type(callback).__name__))


def _place(code: object) -> str:
    """Name the innermost function that a suspended coroutine waits in."""
    while hasattr(inner := getattr(code, "cr_await", None), "cr_frame"):
        code = inner
    frame = getattr(code, "cr_frame", None)
    line = frame.f_lineno if frame is not None else "?"
    return f"{getattr(code, '__qualname__', code)}:{line}"


def _end(process: Process) -> None:
    """Free what a process left; its `finally` blocks find a closed loop, and are not listened to.

    An await in such a block swallows the exit that it is given, and is given another.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for task in process.remains:
            code = task.get_coro() if isinstance(task, _Task) else None
            for _ in range(_AWAITS_IN_A_CLEAN_UP):
                try:
                    if code is not None:
                        code.close()
                    break
                except BaseException:  # noqa: BLE001, S112 - the dead have nothing more to say
                    continue
        process.remains.clear()
