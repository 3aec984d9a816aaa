"""What is kept works on any machine: no address of an index and no path of the one that made it."""

import re

import pytest

from tests.architecture.sources import ROOT, here, text_files

# Written in two pieces each, or this file would be the first to be found.
MACHINE_PATHS = ("/" + "work/", "/" + "root/", "/" + "opt/", "../" + "shared", "file:" + "//")
HOME = re.compile("/" + r"home/\w+|/" + r"Users/\w+")
REGISTRIES = ("pypi." + "org", "files.python" + "hosted", "registry." + "npmjs", "deb." + "debian")
UNREADABLE = frozenset({".pcap", ".png", ".ico", ".woff2"})


def traces(text: str) -> list[int]:
    """Give the lines that name a machine's own path or a registry's host."""
    return [
        number
        for number, line in enumerate(text.splitlines(), 1)
        if any(word in line for word in MACHINE_PATHS + REGISTRIES) or HOME.search(line)
    ]


def test_no_file_names_the_machine_it_was_made_on() -> None:
    files = [path for path in text_files() if path.suffix not in UNREADABLE]
    found = [
        here(path, line) for path in files for line in traces(path.read_text("utf-8", "replace"))
    ]
    assert found == []


@pytest.mark.parametrize("trace", [*MACHINE_PATHS, *REGISTRIES, "/" + "home/someone"])
def test_a_trace_of_a_machine_is_seen(trace: str) -> None:
    assert traces(f"first\nsee {trace}x\n") == [2]


def test_the_lock_names_every_package_by_version_and_hash_alone() -> None:
    pin = r"[a-z0-9][a-z0-9._-]*==[^\s;]+"
    line_of_a_lock = re.compile(rf"{pin}( ; [^:]+?)?(\s+--hash=sha256:[0-9a-f]{{64}})+\s*")
    lines = lock().replace("\\\n", "").splitlines()
    odd = [
        line for line in lines if not line.startswith("#") and not line_of_a_lock.fullmatch(line)
    ]
    assert odd == []


def test_the_lock_has_an_address_nowhere() -> None:
    assert "://" not in lock()


def test_every_dependency_is_in_the_lock() -> None:
    project = (ROOT / "pyproject.toml").read_text()
    wanted = set(re.findall(r'"([a-z][a-z-]+)>=[\d.]+"', project))
    locked = set(re.findall(r"(?m)^([a-z][a-z0-9-]*)==", lock()))
    assert wanted
    assert wanted - locked == set()


def lock() -> str:
    """Read what set-up installs from."""
    return (ROOT / "requirements.lock").read_text()
