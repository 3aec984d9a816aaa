"""Every command that a document tells the reader to type is there."""

import re
import subprocess
import sys
from pathlib import Path

from tests.architecture.sources import ROOT
from tests.docs.text import code, documents

TARGETS = frozenset(re.findall(r"(?m)^([a-z][a-z-]*):", (ROOT / "Makefile").read_text()))
FIXED = frozenset({"demo", "test", "check", "soak", "bench", "golden", "lock", "world", "clean"})


def told(program: str) -> set[str]:
    """Give the first words that the documents put after a program's name."""
    spans = (span for path in documents() for span in code(path.read_text()))
    found = (re.match(rf"(?:\S*/)?{program} ([a-z][a-z-]*)", span) for span in spans)
    return {match[1] for match in found if match}


def test_every_make_job_in_a_document_exists() -> None:
    assert {"demo", "test"} <= told("make")
    assert told("make") - TARGETS == set()


def test_the_jobs_relied_on_from_outside_are_there() -> None:
    assert set() == FIXED - TARGETS


def test_make_alone_lists_every_job_with_what_it_does() -> None:
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    listed = re.findall(r"(?m)^  make ([a-z-]+) +\S", done.stdout)
    assert sorted(listed) == sorted(TARGETS)


def test_every_job_is_run_even_if_a_file_has_its_name() -> None:
    phony = re.search(r"(?m)^\.PHONY: (.*)$", (ROOT / "Makefile").read_text())
    assert phony is not None
    assert set(phony[1].split()) == TARGETS


def test_ci_runs_the_command_of_the_readme() -> None:
    assert "make test" in set(code((ROOT / "README.md").read_text()))
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-1] == "exec make test"


def test_every_command_in_a_document_explains_itself() -> None:
    if not (ROOT / "src" / "twofold" / "cli" / "__init__.py").is_file():
        return
    program = Path(sys.executable).with_name("twofold")
    silent = [name for name in sorted(told("twofold") | {"demo"}) if not explains(program, name)]
    assert silent == []


def explains(program: Path, command: str) -> bool:
    """Say whether a command prints its help."""
    done = subprocess.run([program, command, "--help"], capture_output=True, check=False)
    return done.returncode == 0
