"""Each value of each pack has its unit and its source, and docs/reference/policies.md has them."""

import tomllib

import pytest

from tests.plugins.golden import Compare
from twofold.catalog.packs import load_policy, pack_names, text_of
from twofold.catalog.packs.explain import (
    NOT_VALUES,
    Value,
    find_version,
    sources_of,
    values_of,
    write_value,
)

HEAD = """# Policies

The rules of each market: the packs that ship, each value with its unit and its source.
This page is written by `make golden` from the packs, and a test holds it to them.

`[operator] policy` names the pack in force; `twofold policy list` and `twofold policy show` print what is here.
A version is never edited in place, and each request keeps the version that it was made under.
The sources were read in public copies and in press reports: nothing here is legal advice, and a proposal is ours, not the law's.
What a market demands and this version does not do stands at the end of each.

What may be demanded of a text is explained with the [texts](texts.md).
"""  # noqa: E501 - one sentence a line


def every_version() -> list[tuple[str, str]]:
    """Name every version with its pack."""
    return [(name, version) for name in pack_names() for version in load_policy(name).versions]


def row(value: Value) -> str:
    """Write a value as a row."""
    source = f"as in `{value.taken_over}`: {value.source}" if value.taken_over else value.source
    return f"| `{value.field}` | {value.is_} | {source} |".replace("\n", " ")


def section(name: str, version: str) -> str:
    """Write a version."""
    pack = load_policy(name)
    rows = "\n".join(row(value) for value in values_of(name, version))
    unmet = "\n".join(f"- {unmet.demand} ({unmet.rule})" for unmet in pack.unmet[version])
    return (
        f"\n## {name}: {version}\n\n{pack.market}.\nPrices are in {pack.currency}.\n\n"
        f"| value | is | source |\n|---|---|---|\n{rows}\n\nNot met:\n\n{unmet}\n"
    )


def test_the_page_shows_every_value_of_every_pack(golden: Compare) -> None:
    page = HEAD + "".join(section(*named) for named in every_version())
    golden("../../docs/reference/policies.md", page)


@pytest.mark.parametrize(("name", "version"), every_version())
def test_every_value_of_a_pack_has_its_source_beside_it(name: str, version: str) -> None:
    values = list(values_of(name, version))
    assert [value.field for value in values if not value.source] == []
    fields = [value.field for value in values]
    assert len(fields) == len(set(fields))
    assert set(fields) >= tomllib.loads(text_of("vn"))["version"][-1].keys() - NOT_VALUES


@pytest.mark.parametrize(("name", "version"), every_version())
def test_every_number_has_its_unit(name: str, version: str) -> None:
    bare = [value.field for value in values_of(name, version) if value.is_.isdecimal()]
    assert bare == []


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("window", "PT60M", "1 hour (PT60M)"),
        ("window", "PT30M", "30 minutes (PT30M)"),
        ("rest_after_silence", "P7D", "7 days (P7D)"),
        ("prompts_an_hour", 3, "3 prompts an hour"),
        ("expiry_notice", False, "no"),
        ("accept_words", ["Y", "YES"], "Y, YES"),
        ("code_channels", [], "none"),
        ("reply_word", "AGREE", "AGREE"),
    ],
)
def test_a_value_is_written_for_people(field: str, value: object, said: str) -> None:
    assert write_value(field, value) == said


def test_the_comment_of_a_single_item_is_told_with_the_list() -> None:
    (of_ireland,) = sources_of("ie")
    assert of_ireland["prompt_fields"].startswith("ComReg's fixed wording")
    assert "; deadline: proposal" in of_ireland["prompt_fields"]
    (of_vietnam,) = sources_of("vn")
    assert '"take" starts at it' in of_vietnam["lower_price"]


def test_a_pack_or_a_version_is_found_by_its_name() -> None:
    assert find_version("in", 2**50) == ("in", "in-trai-2013")
    assert find_version("in-trai-2013", 0) == ("in", "in-trai-2013")
    assert find_version("xx", 0) is None
