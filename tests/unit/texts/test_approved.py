"""Approved wordings: they state what the program's own do, and what cannot be said is not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from tests.unit.texts.examples import (
    GAME,
    MUSIC,
    OPERATOR,
    POLICY,
    SPORT,
    catalogue_of,
    every_text,
    prompt_of,
)
from twofold.domain.catalogue import DatedTemplate
from twofold.texts import compile_texts, review_wording
from twofold.texts.approval import LISTED
from twofold.texts.sources import (
    ABOUT,
    FIELDS,
    KEYS,
    LONG_PROMPT,
    SHORT_PROMPT,
    cut_at_fields,
    load,
    varying,
)
from twofold.texts.texts import Texts
from twofold.texts.wording import differing, unusable

LANGUAGES = ("vi", "en")
EXAMPLE = catalogue_of(SPORT, MUSIC, GAME)


def worded(*said: tuple[str, str]) -> Texts:
    """The texts of the example, with other words in Vietnamese, whether they may be said or not."""
    wording = tuple(DatedTemplate(key, "vi", 0, text) for key, text in said)
    return compile_texts(OPERATOR, POLICY, structs.replace(EXAMPLE, wording=wording))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", KEYS)
def test_every_text_of_the_program_could_be_approved(language: str, key: str) -> None:
    own = load(language).authored[key]
    assert [*review_wording(language, key, own)] == []


@pytest.mark.parametrize("key", FIELDS)
def test_the_program_states_the_same_fields_in_every_language(key: str) -> None:
    sources = {
        language: structs.replace(load(language), approved={key: "1"}) for language in LANGUAGES
    }
    assert [*differing(sources, key)] == []


@pytest.mark.parametrize("key", ABOUT)
def test_what_varies_in_a_text_on_a_service_has_one_place_in_it(key: str) -> None:
    once = [*varying(key)]
    for language in LANGUAGES:
        used = [*cut_at_fields(load(language).authored[key])[1::2]]
        assert [used.count(field) for field in once] == [1] * len(once)


def test_the_texts_that_are_not_measured_are_parts_of_lists() -> None:
    assert [key for key in FIELDS if key.startswith(LISTED)] == [
        *("cancel_all", "cancel_all_line", "cancel_all_end"),
        *("tk_empty", "tk_list", "tk_list_waiting", "tk_list_waiting_only", "tk_line", "tk_end"),
    ]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("declined", "QK đã từ chối {nothing}"),
        ("declined", "QK đã từ chối {service_name"),
        ("activated", "ĐK thành công {service_name}, {renewal}"),
        ("activated", "ĐK thành công {service_name}, {renewal}, {proof}, {proof}"),
        ("confirm_request", "ĐK {service_name}: {reply_syntax}"),
        ("no_such_text", "{service_name}"),
    ],
)
def test_a_wording_that_cannot_be_filled_in_is_left_out_and_the_programs_own_is_said(
    key: str, text: str
) -> None:
    """It was approved by an earlier version of the program, or nobody approved it."""
    texts = worded((key, text))
    assert {(fault.language, fault.key) for fault in texts.left_out} == {("vi", key)}
    own = compile_texts(OPERATOR, POLICY, EXAMPLE)
    assert texts.version == own.version
    assert prompt_of(texts, SPORT) == prompt_of(own, SPORT)
    assert texts.welcome(SPORT, "vi", 0, "X") == own.welcome(SPORT, "vi", 0, "X")


@pytest.mark.scenario("S055")
def test_a_version_names_one_wording_and_the_whole_language_changes_with_it() -> None:
    one = worded(("declined", "QK đã từ chối {service_name}."))
    same = worded(("declined", "QK đã từ chối {service_name}."))
    other = worded(("declined", "QK đã từ chối {service_name}!"))
    own = f"vi {load('vi').version}"
    assert one.template_version("declined", "vi") == same.template_version("declined", "vi")
    assert one.template_version("declined", "vi") != other.template_version("declined", "vi")
    assert one.template_version("expired", "vi") == f"expired {own}"
    assert one.version == same.version != other.version
    assert one.version.startswith(f"{own}+")


def test_every_prompt_names_the_template_that_it_was_made_from() -> None:
    texts = worded()
    long_name = structs.replace(SPORT, name="Tin thể thao trong nước và quốc tế 24h")
    asked = [(service, "vi", False) for service in (SPORT, long_name)]
    assert [texts.prompt_template(*one) for one in asked] == [SHORT_PROMPT, LONG_PROMPT]


PIECES = st.sampled_from(
    [
        *(f"{{{field}}}" for field in {name: 0 for fields in FIELDS.values() for name in fields}),
        *(" ", "đã hủy", "{", "}", "{}", "{{hotline}}", "☎", "HUY", "thành công"),
    ]
)


@given(key=st.sampled_from(KEYS), pieces=st.lists(PIECES, max_size=8), data=st.data())
@settings(max_examples=300, deadline=None)
def test_whatever_is_approved_every_text_can_be_said(
    key: str, pieces: list[str], data: st.DataObject
) -> None:
    """What varies stands in it more often than not, so that many of them can be filled in."""
    more = [f"{{{field}}}" for field in varying(key) if data.draw(st.integers(0, 9))]
    text = "".join(data.draw(st.permutations([*pieces, *more])))
    texts = worded((key, text))
    said = dict(every_text(texts, "vi"))
    assert said.keys() == dict(every_text(worded(), "vi")).keys()
    left_out = {fault.key for fault in texts.left_out}
    assert left_out == ({key} if [*unusable(key, text)] else set())
