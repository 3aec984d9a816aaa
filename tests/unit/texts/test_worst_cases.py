"""Whatever the names, prices and codes: no field is dropped, and silence is free."""

import string

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from tests.unit.texts.examples import (
    ABC,
    OPERATOR,
    POLICY,
    PROOF,
    RENEWS_AT,
    SPORT,
    UNTIL_AT,
    catalogue_of,
    line_of,
    prompt_of,
)
from twofold.domain.catalogue import Partner, Service
from twofold.domain.terms import Terms
from twofold.protocol.gsm import decode, is_gsm, segment
from twofold.texts import Texts, compile_texts, lint_texts
from twofold.texts.fields import missing, service_values
from twofold.texts.review import first_segment
from twofold.texts.unaccented import sendable

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạắằẩẫậéẻẽẹếềễệíìỉĩịóỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
LETTERS += LETTERS.upper() + string.digits


def names(longest: int) -> st.SearchStrategy[str]:
    """Give names of one to so many Vietnamese letters and blanks."""
    written = st.text(LETTERS + "   ", min_size=1, max_size=longest)
    return written.map(lambda name: " ".join(name.split())).filter(bool)


CODES = st.from_regex(r"[A-Z][A-Z0-9]{0,9}", fullmatch=True)
TERMS = st.builds(
    Terms,
    st.integers(0, 999_999),
    st.sampled_from((1, 2, 7, 30, 90)),
    auto_renew=st.booleans(),
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Texts, Service]:
    """Give a service with names as long as operators admit, and the texts of its catalogue."""
    service = structs.replace(
        SPORT,
        code=draw(CODES),
        name=draw(names(20)),
        short_code=draw(st.from_regex("[1-9][0-9]{3,4}", fullmatch=True)),
        terms=draw(TERMS),
    )
    catalogue = catalogue_of(service, partners=(Partner("abc", draw(names(14)), ABC.hotline),))
    return compile_texts(OPERATOR, POLICY, catalogue), service


@given(cases(), st.sampled_from(("vi", "en")), st.booleans())
def test_a_prompt_never_drops_a_field(
    case: tuple[Texts, Service],
    language: str,
    names_service: bool,  # noqa: FBT001
) -> None:
    texts, service = case
    prompt = prompt_of(texts, service, language, names_service=names_service)
    assert texts.validate_prompt(prompt, service, language, names_service, UNTIL_AT) == ()
    assert len(segment(prompt).parts) <= 2
    words = texts.sources[language].words
    assert words.no_charge in first_segment(prompt)


@given(cases(), st.sampled_from(("vi", "en")))
def test_a_welcome_never_drops_a_field(case: tuple[Texts, Service], language: str) -> None:
    texts, service = case
    welcome = texts.welcome(service, language, RENEWS_AT, PROOF)
    provider = texts.catalogue.partners["abc"].name
    words = texts.sources[language].words
    values = service_values(service, provider, OPERATOR, POLICY, words)
    assert missing(welcome, POLICY.welcome_fields, values, words) == ()
    assert PROOF in welcome
    assert len(segment(welcome).parts) <= 2


@given(st.lists(names(20), min_size=1, max_size=12))
def test_a_list_keeps_every_line_and_its_tail(said: list[str]) -> None:
    lines = [line_of(structs.replace(SPORT, name=name), RENEWS_AT) for name in said]
    texts = compile_texts(OPERATOR, POLICY, catalogue_of(SPORT))
    received = decode(b"".join(segment(texts.listing("vi", lines, 0)).parts)).split("\n")
    assert len(received) == len(said) + 2
    for number, (line, name) in enumerate(zip(received[1:-1], said, strict=True), 1):
        assert line.startswith(f"{number} {sendable(name)} 2.000d/ngay")
        assert line.endswith("(HUY THETHAO)")
    assert received[-1].endswith("goi 18001091")


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_name_can_break_a_text(name: str) -> None:
    service = structs.replace(SPORT, name=name)
    catalogue = catalogue_of(service)
    texts = compile_texts(OPERATOR, POLICY, catalogue)
    prompt = prompt_of(texts, service)
    assert is_gsm(prompt)
    assert "\n" not in prompt
    assert "21:05 14/03" in prompt
    clean = not lint_texts(OPERATOR, POLICY, catalogue)
    assert not clean or sendable(name) in prompt


@given(st.text())
def test_a_code_from_outside_never_makes_a_text_long_or_unsendable(code: str) -> None:
    texts = compile_texts(OPERATOR, POLICY, catalogue_of(SPORT))
    said = texts.plain("not_on_air", "vi", code=code)
    assert is_gsm(said)
    assert len(segment(said).parts) == 1
