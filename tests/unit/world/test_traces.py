"""One seed gives one trace, in any process."""

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("traced_run.py")


def trace(seed: int, hash_seed: str) -> str:
    """Run the little world in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-W", "error", SCRIPT, str(seed)],
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout


def test_a_trace_is_the_same_under_every_hash_seed() -> None:
    first = trace(7, "1")
    assert first == trace(7, "2")
    assert "server died after 399 steps" in first
    assert "client>server" in first
    assert "3 groups failed" in first


def test_another_seed_gives_another_trace() -> None:
    assert trace(7, "1") != trace(8, "1")
