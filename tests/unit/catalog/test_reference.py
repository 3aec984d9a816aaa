"""docs/reference/catalogue.md names every key of a catalogue file, and its examples are real."""

import re

import pytest

from tests.architecture.sources import ROOT
from tests.unit.catalog.market import EXAMPLE, SMALL, changed, faults, read
from twofold.catalog.advice import advise
from twofold.catalog.file import MAX_BYTES, MAX_ROWS
from twofold.catalog.rows import KEYS, MAX_ALIASES, MAX_NAME, MAX_TEXT, MAX_TEXT_DAYS

PAGE = (ROOT / "docs" / "reference" / "catalogue.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", KEYS)
def test_the_page_names_every_key_in_order(kind: str) -> None:
    part = PAGE.split(f"## [[{kind}]]\n")[1].split("\n## ")[0]
    assert re.findall(r"(?m)^\| `(\w+)` \|", part) == list(KEYS[kind])


@pytest.mark.parametrize("kind", KEYS)
def test_the_examples_of_the_page_make_a_catalogue(kind: str) -> None:
    part = PAGE.split(f"## [[{kind}]]\n")[1].split("\n## ")[0]
    rows = re.findall(r"(?m)^\| `(\w+)` \|.*\| `(.+)` \|$", part)
    table = "".join(f"{key} = {value}\n" for key, value in rows)
    others = {
        "partner": SMALL[SMALL.index("[[certificate]]") :],
        "certificate": SMALL,
        "service": SMALL,
        "price": EXAMPLE,
        "template": EXAMPLE,
    }
    catalogue = read(f"{others[kind]}\n[[{kind}]]\n{table}")
    assert catalogue.is_certified("abc", catalogue.certificates["abc"][0].valid_from_at)


def test_the_fault_that_the_page_shows_is_what_the_program_says() -> None:
    broken = EXAMPLE.replace("price = 5000", "price = 0")
    assert faults(broken)[0] in PAGE


def test_the_page_tells_the_limits_of_the_code() -> None:
    assert f"{MAX_BYTES >> 20} MiB and {MAX_ROWS:,} rows" in PAGE
    assert f"up to {MAX_ALIASES} other words" in PAGE
    assert f"on {MAX_TEXT_DAYS} days at most" in PAGE
    assert f"up to {MAX_TEXT} characters" in PAGE
    assert PAGE.count(f"{MAX_NAME} characters at most") == 2


@pytest.mark.parametrize("key", ["trial", "whole"])
def test_what_the_page_calls_kept_is_advised_of(key: str) -> None:
    more = 'group = "fun"\ntrial = "P7D"\nage = 18\naliases = [{word = "CHOI", whole = true}]\n'
    catalogue = read(changed() + more)
    told = [str(advice) for advice in advise(catalogue, 1_780_000_000_000)]
    assert f"service GAME: {key}: is kept, but not served by this version" in told
    assert f"`{key}`" in PAGE.split("are kept but not acted on")[0].splitlines()[-1]
