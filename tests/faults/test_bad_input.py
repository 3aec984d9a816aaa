"""Whatever stands in a file that a person wrote, the answer is plain lines, never a traceback."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.catalog.market import MARKET, SMALL
from twofold.app.settings import InvalidSettings, Settings, load_settings
from twofold.catalog.example import EXAMPLES, example
from twofold.catalog.faults import Fault
from twofold.catalog.file import parse_catalogue
from twofold.catalog.rows import KEYS
from twofold.domain.catalogue import Catalogue

SECRET = "hunter2"
CONFIG = example("twofold.toml").replace('"secret"', f'"{SECRET}"')
CATALOGUE = SMALL + 'aliases = ["CHOI"]\ngroup = "fun"\ntrial = "P7D"\nage = 18\n'
WORST = [
    *(
        "true",
        "-1",
        "0",
        "99999999999999999999",
        "1e400",
        "nan",
        "1979-05-27T07:32:00Z",
        "07:32:00",
    ),
    *(
        '""',
        '" "',
        '"\\u0000"',
        '"\\u001b[2J"',
        '"\\n"',
        '"😀"',
        '"đ"',
        '"{name}"',
        '"%s"',
        "'a\"b'",
    ),
    *("[]", "[[]]", "{}", "[{}]", '["a", 1]', '{a = {b = "c"}}', '"' + "x" * 5_000 + '"'),
    *(
        "9" * 5_000,
        "0x" + "f" * 40,
        '"../../etc/passwd"',
        '"sqlite:///"',
        '"http://["',
        '"P9999999D"',
    ),
]
"""Values that some key somewhere does not expect."""

values = st.one_of(
    st.sampled_from(WORST),
    st.text(st.characters(codec="utf-8", exclude_characters="'\n\r"), max_size=60).map(
        lambda text: f"'{text}'"
    ),
    st.integers().map(str),
    st.dates().map(str),
)


def assignments(text: str) -> list[re.Match[str]]:
    """Find the places of a file where a value stands."""
    return list(re.finditer(r"(?m)^(?:# )?(\w+) = ([^#\n]*)", text))


def with_value(text: str, place: int, value: str) -> str:
    """Give a file with one of its values replaced."""
    found = assignments(text)
    chosen = found[place % len(found)]
    begins = text[: chosen.start()] + f"{chosen[1]} = {value}\n"
    return begins + text[chosen.end() :]


def read_config(folder: Path, content: bytes) -> Settings | tuple[Fault, ...]:
    """Read a configuration; any other end than these two fails the test."""
    file = folder / "twofold.toml"
    file.write_bytes(content)
    try:
        return load_settings(file, {})
    except InvalidSettings as invalid:
        return invalid.faults


def assert_plain(faults: tuple[Fault, ...]) -> None:
    """Check that every fault is one short printable line that says where and what."""
    assert faults
    for fault in faults:
        line = str(fault)
        assert line.isprintable(), line
        assert len(line) < 600, line
        assert fault.where
        assert fault.says
        assert SECRET not in line


@pytest.mark.parametrize("value", WORST)
def test_the_worst_values_of_every_key_of_the_configuration_are_taken_or_named(
    value: str, tmp_path: Path
) -> None:
    for place in range(len(assignments(CONFIG))):
        read = read_config(tmp_path, with_value(CONFIG, place, value).encode())
        if not isinstance(read, Settings):
            assert_plain(read)


@pytest.mark.parametrize("value", WORST)
def test_the_worst_values_of_every_key_of_the_catalogue_are_taken_or_named(value: str) -> None:
    for place in range(len(assignments(CATALOGUE))):
        read = parse_catalogue(with_value(CATALOGUE, place, value).encode(), 1, MARKET)
        if not isinstance(read, Catalogue):
            assert_plain(read)


@given(place=st.integers(0, 200), value=values)
@settings(max_examples=150, deadline=None)
def test_any_value_in_a_catalogue_is_taken_or_named(place: int, value: str) -> None:
    read = parse_catalogue(with_value(CATALOGUE, place, value).encode(), 1, MARKET)
    if not isinstance(read, Catalogue):
        assert_plain(read)


@given(at=st.integers(0, len(CATALOGUE.encode())), junk=st.binary(min_size=1, max_size=8))
@settings(max_examples=150, deadline=None)
def test_any_bytes_in_a_catalogue_are_taken_or_named(at: int, junk: bytes) -> None:
    content = CATALOGUE.encode()
    read = parse_catalogue(content[:at] + junk + content[at:], 1, MARKET)
    if not isinstance(read, Catalogue):
        assert_plain(read)


def test_a_configuration_cut_short_anywhere_is_taken_or_named(tmp_path: Path) -> None:
    content = CONFIG.encode()
    for end in range(0, len(content), 37):
        read = read_config(tmp_path, content[:end])
        if not isinstance(read, Settings):
            assert_plain(read)


@pytest.mark.parametrize("kind", KEYS)
def test_every_key_of_a_row_is_missed_or_may_be_left_out(kind: str) -> None:
    optional = {"aliases", "group", "trial", "age"} if kind == "service" else {"period"}
    found = parse_catalogue(f"[[{kind}]]".encode(), 1, MARKET)
    assert isinstance(found, tuple)
    missed = {fault.where.rpartition(": ")[2] for fault in found}
    assert missed == set(KEYS[kind]) - optional


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_files_that_are_broken_here_are_good_as_they_come(name: str, tmp_path: Path) -> None:
    if name == "twofold.toml":
        assert isinstance(read_config(tmp_path, CONFIG.encode()), Settings)
    else:
        assert isinstance(parse_catalogue(example(name).encode(), 1, MARKET), Catalogue)


def test_a_file_too_large_for_a_configuration_is_not_read_whole(tmp_path: Path) -> None:
    read = read_config(tmp_path, b"#" * (4 << 20))
    assert isinstance(read, tuple)
    assert read[0].says == "is larger than 1048576 bytes, which no configuration is"
