"""The script "try this": what it has where the SMSC tells less."""

from types import SimpleNamespace
from typing import cast

import pytest

from twofold.domain.catalogue import Catalogue
from twofold.pages.sim.port import Playground
from twofold.pages.sim.steps import steps
from twofold.pages.sim.where import STEPS
from twofold.pages.wording import Words
from twofold.peers.sims import Sims

WORDS = Words("en", "Asia/Ho_Chi_Minh", "VND")
NUMBER = "84912345678"


def playground(tag: int) -> Playground:
    catalogue = Catalogue(1, {}, {}, {}, {})
    return cast(
        "Playground",
        SimpleNamespace(short_codes=("9166", "123"), catalogue=catalogue, sims=Sims(tag)),
    )


@pytest.mark.parametrize(("tag", "missing"), [(0x1403, set[str]()), (0, {"card"})])
def test_a_step_that_needs_the_imsi_is_there_where_it_is_told(tag: int, missing: set[str]) -> None:
    made = steps(WORDS, NUMBER, playground(tag), "http://127.0.0.1:1")
    assert [step.name for step in made] == [name for name in STEPS if name not in missing]


def test_the_command_sends_the_second_yes_from_the_card_that_the_page_puts_in() -> None:
    (step,) = (one for one in steps(WORDS, NUMBER, playground(0x1403), "") if one.name == "card")
    first, *later = (line for line in step.curl.splitlines() if "/sim/messages' -d" in line)
    assert "imsi" not in first
    assert ['"imsi": "452019992345678"' in line for line in later] == [True, True]
    assert [act.path for act in step.acts].count("/sim/card") == 1
