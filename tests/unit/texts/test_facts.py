"""The same facts in every language: read back from the texts, not from what rendered them."""

import re

import pytest

from tests.unit.texts.examples import every_text, example_texts

TEXTS = example_texts()
VI = dict(every_text(TEXTS, "vi"))
EN = dict(every_text(TEXTS, "en"))


def facts(text: str) -> dict[str, list[str]]:
    """Read what a text states, in a form that no language colors."""
    return {
        "amounts": [re.sub("[.,]", "", amount) for amount in re.findall(r"([\d.,]+)d\b", text)],
        "periods": [count or "1" for count in re.findall(r"d/(?:(\d+) )?(?:ngay|day)", text)],
        "times": re.findall(r"\b\d\d:\d\d \d\d/\d\d\b", text),
        "dates": re.findall(r"\b\d\d/\d\d\b", text),
        "stops": sorted(re.findall(r"\bHUY [A-Z0-9]+", text)),
        "joins": re.findall(r"\bDK [A-Z0-9]{2,}", text),
        "agrees": re.findall(r"\bY(?: [A-Z0-9]{2,})?(?= (?:gui|to|hoac|or) )", text),
        "numbers": sorted(set(re.findall(r"\b(?:gui|to|toi|tin qua|on) (\d+)", text))),
        "hotline": re.findall(r"18001091", text),
        "proofs": re.findall(r"\b[0-9A-Z]{11}\b", text),
        "vat": re.findall("VAT", text),
        "never_renews": ["no"] * len(re.findall("khong tu gia han|does not renew", text)),
        "no_charge": ["no"] if re.search("KHONG mat phi|NO charge", text) else [],
        "names": re.findall("Tin the thao 24h|Nhac cho|Dau truong|ABC Media|Tro choi XYZ", text),
    }


@pytest.mark.scenario("S086")
@pytest.mark.parametrize("key", VI)
def test_both_languages_state_the_same_facts(key: str) -> None:
    vietnamese, english = facts(VI[key]), facts(EN[key])
    vietnamese["names"].sort()
    english["names"].sort()
    assert vietnamese == english


def test_the_facts_of_a_prompt_are_all_read() -> None:
    read = facts(VI["confirm_request"])
    assert {name: values for name, values in read.items() if values} == {
        "amounts": ["2000"],
        "periods": ["1"],
        "times": ["21:05 14/03"],
        "dates": ["14/03"],
        "stops": ["HUY THETHAO"],
        "agrees": ["Y"],
        "numbers": ["9166"],
        "hotline": ["18001091"],
        "vat": ["VAT"],
        "no_charge": ["no"],
        "names": ["Tin the thao 24h", "ABC Media"],
    }


def test_a_renewing_service_says_so_in_both() -> None:
    for key in ("confirm_request", "activated", "already"):
        assert "tu gia han" in VI[key]
        assert "auto-renews" in EN[key]
