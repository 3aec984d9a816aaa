"""One seed gives one trace of the whole engine: octets, steps and evidence, in any process."""

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("traced_conversation.py")


def trace(seed: int, hash_seed: str, folder: Path) -> str:
    """Play it in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-W", "error", SCRIPT, str(seed), str(folder)],
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_a_trace_is_the_same_under_every_hash_seed(tmp_path: Path) -> None:
    first = trace(7, "1", tmp_path / "a")
    assert first == trace(7, "2", tmp_path / "b")
    assert "engine died after" in first
    assert "1 screen, " in first


def test_another_seed_gives_another_trace(tmp_path: Path) -> None:
    assert trace(7, "1", tmp_path / "a") != trace(8, "1", tmp_path / "b")
