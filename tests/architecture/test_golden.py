"""A kept file is what the code gives, or the test that names it fails."""

from pathlib import Path

import pytest

from tests.plugins import golden

CODE = "def test_a(golden): golden('a/b.txt', 'new')"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the one kept file of a made-up suite, not written yet."""
    monkeypatch.setattr(golden, "GOLDEN", tmp_path / "golden")
    return tmp_path / "golden" / "a" / "b.txt"


def run(pytester: pytest.Pytester, *options: str) -> pytest.RunResult:
    """Run a test that compares `new` with the kept file."""
    pytester.makepyfile(CODE)
    quick = ("-p", "no:hypothesispytest", "-p", "no:anyio", "-p", "no:cacheprovider")
    return pytester.runpytest_inprocess("-p", "tests.plugins.golden", *quick, *options)


def test_a_file_that_is_not_kept_yet_fails(pytester: pytest.Pytester, kept: Path) -> None:
    run(pytester).assert_outcomes(failed=1)
    assert not kept.exists()


def test_other_content_than_the_kept_one_fails(pytester: pytest.Pytester, kept: Path) -> None:
    kept.parent.mkdir(parents=True)
    kept.write_text("old")
    run(pytester).assert_outcomes(failed=1)
    assert kept.read_text() == "old"


def test_rewriting_keeps_what_the_code_gives(pytester: pytest.Pytester, kept: Path) -> None:
    run(pytester, "--rewrite-golden").assert_outcomes(passed=1)
    assert kept.read_text() == "new"
    run(pytester).assert_outcomes(passed=1)
