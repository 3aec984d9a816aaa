"""Playing one part: its process, the load's process, and what both say when it is over."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from msgspec import Struct, structs

from twofold.cli.bench.figures import Figures, PartDone, PartSpec
from twofold.cli.bench.installation import DATABASE, write_installation
from twofold.cli.bench.subscribers import Draw
from twofold.cli.failures import Failure
from twofold.peers.load_journeys import Report

_LOOK_S: Final = 0.1
T = TypeVar("T")


class Load(Struct, frozen=True):
    """What a part is offered: so many journeys open at once, or begun a second."""

    draw: Draw
    open_at_once: int
    rate: float = 0.0
    window: int = 0
    """What the SMSC leaves unanswered before it offers more; 0: it goes on regardless."""
    give_up_s: float = 30.0
    """How long a load may stand still."""


def fresh(folder: Path) -> Path:
    """Give an empty folder with an installation in it."""
    shutil.rmtree(folder, ignore_errors=True)
    write_installation(folder)
    return folder


def alone(spec: PartSpec) -> Figures:
    """Run a part that needs no load."""
    with _process("twofold.cli.bench.part", _written(spec)) as process:
        done = _said(process, PartDone)
    return _figures(spec, spec.journeys, spec.journeys / done.seconds, done, before=0)


def played(spec: PartSpec, load: Load) -> Figures:
    """Run a part and play a load to it."""
    before = _size(spec)
    report, done = _together(spec, load)
    _must_be_whole(spec, load, report)
    return _measured(spec, report, done, before=before)


def overwhelmed(spec: PartSpec, load: Load) -> Figures:
    """Run a part and offer it more than it takes: each journey ends well, or is refused at once."""
    report, done = _together(spec, load)
    wrong = (report.left, report.again, report.unexpected, report.resent, report.put_off)
    if report.journeys + report.refused != load.draw.journeys or any(wrong) or not report.journeys:
        raise Failure(f"the journeys of {spec.part} did not end as they should: {report}")
    figures = _measured(spec, report, done, before=0)
    return structs.replace(figures, refused=float(report.refused))


def _together(spec: PartSpec, load: Load) -> tuple[Report, PartDone]:
    """Run a part and its load, and give what both say."""
    with _process("twofold.peers.load", *_options(load)) as generator:
        assert generator.stderr is not None
        port = int(generator.stderr.readline().rpartition(":")[2])
        spec = structs.replace(spec, port=port, journeys=load.draw.journeys)
        with _process("twofold.cli.bench.part", _written(spec)) as part:
            _await(generator, part)
            report = _said(generator, Report)
            done = _said(part, PartDone)
    return report, done


def _measured(spec: PartSpec, report: Report, done: PartDone, *, before: int) -> Figures:
    """What a part did, as both sides saw it."""
    figures = _figures(spec, report.journeys, report.journeys_per_s, done, before=before)
    return structs.replace(
        figures,
        generator_cpu_us=1e6 * report.generator_cpu_s / report.journeys,
        prompt_p50_ms=report.prompt_p50_ms,
        prompt_p99_ms=report.prompt_p99_ms,
    )


def _process(module: str, *words: str) -> "subprocess.Popen[str]":
    """Start one of our own modules."""
    return subprocess.Popen(  # noqa: S603 - this interpreter and our own module
        [sys.executable, "-m", module, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _written(spec: PartSpec) -> str:
    return msgspec.json.encode(spec).decode()


def _options(load: Load) -> tuple[str, ...]:
    return (
        *("--journeys", str(load.draw.journeys), "--seed", str(load.draw.seed)),
        *("--open", str(load.open_at_once), "--rate", str(load.rate)),
        *("--window", str(load.window)),
        *("--give-up", str(load.give_up_s)),
        *("--numbers", f"{load.draw.first}:{load.draw.last}"),
    )


def _await(generator: "subprocess.Popen[str]", part: "subprocess.Popen[str]") -> None:
    """Wait for the end of the load; a part that ends before it has failed."""
    while generator.poll() is None:
        try:
            generator.wait(_LOOK_S)
        except subprocess.TimeoutExpired:
            if part.poll() is not None:
                generator.kill()
                complained = part.stderr.read() if part.stderr else ""
                raise Failure(f"a part of the bench failed: {_last_line(complained)}") from None


def _said(process: "subprocess.Popen[str]", kind: type[T]) -> T:
    """Close a process's input, wait for its end and read what it printed."""
    printed, complained = process.communicate()
    if process.returncode:
        raise Failure(f"a part of the bench failed: {_last_line(complained)}")
    return msgspec.json.decode(printed, type=kind)


def _last_line(text: str) -> str:
    """What a process complained of: the last line that does not only draw a frame."""
    lines = [line for line in text.splitlines() if any(map(str.isalpha, line))]
    return lines[-1].strip(" |") if lines else "it said nothing"


def _must_be_whole(spec: PartSpec, load: Load, report: Report) -> None:
    """A journey that was lost, or a text too many, makes every figure worthless."""
    wrong = (report.left, report.refused, report.again, report.unexpected, report.resent)
    if report.journeys != load.draw.journeys or any(wrong):
        raise Failure(f"the journeys of {spec.part} did not end as they should: {report}")


def _size(spec: PartSpec) -> int:
    """How large a part's file is, 0 where there is none."""
    file = Path(spec.folder) / DATABASE
    return file.stat().st_size if file.exists() else 0


def _figures(spec: PartSpec, journeys: int, rate: float, done: PartDone, *, before: int) -> Figures:
    """What a part did, for each journey; `before` is how large its file was."""
    return Figures(
        journeys=journeys,
        journeys_per_s=rate,
        cpu_us=1e6 * done.cpu_s / journeys,
        events_a_commit=done.events / done.batches if done.batches else 0.0,
        written_kb=done.written_bytes / journeys / 1000,
        file_kb=(_size(spec) - before) / journeys / 1000,
    )
