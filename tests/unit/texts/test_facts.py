"""The same facts in every language: read back from the texts, not from what rendered them."""

import pytest

from tests.unit.texts.examples import every_text, example_texts
from tests.unit.texts.facts import facts

TEXTS = example_texts()
VI = dict(every_text(TEXTS, "vi"))
EN = dict(every_text(TEXTS, "en"))


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
