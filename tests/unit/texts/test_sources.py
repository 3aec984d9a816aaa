"""The authored files: complete, with known fields only, and every fault of one told at once."""

import msgspec
import pytest

from tests.unit.texts.examples import OPERATOR, POLICY, SPORT, catalogue_of
from twofold.texts import compile_texts
from twofold.texts.sources import FIELDS, LANGUAGES, load, parse

SOURCE = """
language = "xx"
version = "1"
[words]
currency = "đ"
thousands = "."
decimal = ","
day = "ngày"
days = "{days} ngày"
price_incl_vat = "{price} gồm VAT"
auto_renew = "a"
auto_renew_not = "b"
renews = "c"
renews_not = "d"
reply_syntax = "e"
no_charge = "f"
code_of_prompt = "j"
or = "g"
starting = "h"
waiting = "i"
paused = "n"
replaces = "o"
terms_changed = "q"
age = "p"
deducted = "q"
balance = "r"
stopped = "s"
[words.agree]
keyword = "k"
[texts]
"""
TEXTS = {key: "Gửi {deadline}" if key.startswith("confirm_request") else "Đã rõ" for key in FIELDS}


def file_of(texts: dict[str, str]) -> str:
    """Write a file of texts."""
    return SOURCE + "".join(f'{key} = "{text}"\n' for key, text in texts.items())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_file_is_complete_and_says_its_language_and_version(language: str) -> None:
    source = load(language)
    assert source.language == language
    assert source.version
    assert source.templates.keys() == FIELDS.keys()


def test_vietnamese_is_authored_accented_and_sent_unaccented() -> None:
    source = load("vi")
    assert source.authored["declined"].startswith("QK đã từ chối")
    assert source.templates["declined"][0].startswith("QK da tu choi")
    assert source.words.currency == "d"


def test_a_good_file_is_taken() -> None:
    source = parse(file_of(TEXTS))
    assert source.templates["confirm_request"] == ("Gui ", "deadline", "")


@pytest.mark.parametrize(
    ("key", "text", "fault"),
    [
        (
            "help",
            "Gọi {phone}",
            "help has no field phone; it has hotline, lookup_code, stop, yes, agree",
        ),
        ("help", "Gọi {Phone}", "help has a brace that names no field"),
        ("invite", "Mời bạn", "invite is no text; remove it"),
        ("confirm_request", "Gửi Y", "confirm_request must say deadline exactly once"),
    ],
)
def test_a_fault_of_a_file_is_named(key: str, text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        parse(file_of({**TEXTS, key: text}))


def test_all_faults_of_a_file_are_named_at_once() -> None:
    with pytest.raises(ValueError, match="help is missing; tk_end has no field phone"):
        parse(
            file_of(
                {
                    key: "{phone}" if key == "tk_end" else TEXTS[key]
                    for key in TEXTS
                    if key != "help"
                }
            )
        )


def test_a_word_too_few_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="waiting"):
        parse(file_of(TEXTS).replace('waiting = "i"\n', ""))


def test_a_policy_that_demands_an_unknown_field_is_refused() -> None:
    policy = msgspec.structs.replace(POLICY, prompt_fields=("service_name", "horoscope"))
    with pytest.raises(ValueError, match="horoscope: no such field"):
        compile_texts(OPERATOR, policy, catalogue_of(SPORT))
