"""On what a bench ran: figures of two machines are not compared, so each run names its own."""

import os
import platform
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile

from twofold.store.sqlite import open_database

_SYNCS = 40


def machine(folder: Path) -> dict[str, str]:
    """Say what a reader needs to judge the figures; `folder` is where the databases are."""
    connection = open_database(Path(":memory:"))
    ((sqlite,),) = connection.execute("SELECT sqlite_version()").fetchall()
    connection.close()
    return {
        "processor": f"{_processor()}, {len(os.sched_getaffinity(0))} cores to run on",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "file_system": _file_system(folder),
        "sync_ms": f"{_sync_ms(folder):.2f}",
        "python": platform.python_version(),
        "sqlite": f"{sqlite} (apsw {version('apsw')})",
        "load_before": f"{os.getloadavg()[0]:.2f}",
    }


def commit_name() -> str:
    """Name the commit of a checkout, with a plus where it was changed since; else the version."""
    here = Path(__file__).parent
    try:
        head = _git(here, "rev-parse", "--short=10", "HEAD")
        changed = _git(here, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.CalledProcessError):
        return version("twofold")
    return f"{head}+" if changed else head


def _git(folder: Path, *words: str) -> str:
    done = subprocess.run(  # noqa: S603 - git, by name, in our own folder
        ["git", *words],  # noqa: S607
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def _processor() -> str:
    """The processor's own name, where Linux tells it."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _file_system(folder: Path) -> str:
    """The kind of file system that a folder is on: on tmpfs a commit would cost nothing."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return "unknown"
    rows = (line.split()[1:3] for line in mounts.read_text(encoding="utf-8").splitlines())
    inside = [(where, kind) for where, kind in rows if folder.resolve().is_relative_to(where)]
    return max(inside, key=lambda row: len(row[0]))[1]


def _sync_ms(folder: Path) -> float:
    """How long the disk takes to keep 4 kB for good: the median of a few."""
    took: list[float] = []
    with TemporaryFile(dir=folder) as file:
        for _ in range(_SYNCS):
            file.write(bytes(4096))
            file.flush()
            with _timed(took):
                os.fdatasync(file.fileno())
    return 1000 * median(took)


@contextmanager
def _timed(took: list[float]) -> Iterator[None]:
    began = time.perf_counter()
    yield
    took.append(time.perf_counter() - began)
