"""Packages of a group, an age, and prompts that are not fit to be sent."""

import pytest

from tests.scenarios.conftest import differ
from tests.scenarios.story import Play
from twofold.catalog import file as catalog_file
from twofold.catalog.example import example


def packages() -> str:
    """The example's catalogue, with THETHAO and NHAC as packages of one group."""
    parts = example("catalog.toml").split("[[service]]")
    grouped = [
        f'{part.rstrip()}\ngroup = "goi"\n\n' if '"THETHAO"' in part or '"NHAC"' in part else part
        for part in parts
    ]
    return "[[service]]".join(grouped)


@pytest.mark.scenario("S071")
def test_a_change_of_package_is_confirmed_anew_and_ends_the_old_one(play: Play) -> None:
    both, done = "THETHAO active, NHAC pending", "THETHAO ended, NHAC active"
    story = play(
        f"""
        clock    | happens            | state   | reason          | paid  | hears
        00:00:00 | DK THETHAO -> 9166 | pending |                 |       | confirm_request
        00:01:00 | Y -> 9166          | active  |                 | 2000  | activated
        01:00:00 | DK NHAC -> 9166    | {both}  |                 |       | confirm_request
                 |                    |         |                 |       |     "thay cho Tin the"
                 |                    |         |                 |       |     "10.000d/30"
        01:01:00 | Y NHAC -> 9166     | {done}  | PACKAGE_CHANGED | 12000 | activated + replaced
                 |                    |         |                 |       |     "Tin the thao"
        02:00:00 | TK -> 123          |         |                 |       | tk_list
                 |                    |         |                 |       |     "dung 1 dich vu"
        49:00:00 |                    |         |                 |       |
        """,
        catalogue=packages(),
    )
    assert [held.service for held in story.subscriptions] == ["NHAC"]


@pytest.mark.scenario("S071")
def test_a_change_that_is_not_confirmed_changes_nothing(play_once: Play) -> None:
    play_once(
        """
        clock    | happens            | state   | reason          | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending |                 |      | confirm_request
        00:01:00 | Y -> 9166          | active  |                 | 2000 | activated
        01:00:00 | DK NHAC -> 9166    | THETHAO active, NHAC pending | | | confirm_request
        13:00:00..13:00:02 |          | THETHAO active, NHAC expired | NO_CONFIRMATION | |
        """,
        catalogue=packages(),
    )


@pytest.mark.scenario("S076")
def test_a_service_with_an_age_is_joined_by_declaring_it(play_once: Play) -> None:
    catalogue = example("catalog.toml").replace('code = "GAME"', 'code = "GAME"\nage = 18')
    play_once(
        """
        clock    | happens         | state   | reason | paid | hears
        00:00:00 | DK GAME -> 1579 | pending |        |      | confirm_request "QK du 18 tuoi"
        00:01:00 | Y -> 1579       | active  |        | 5000 | activated
        """,
        catalogue=catalogue,
    )


@pytest.mark.scenario("S082")
def test_a_service_whose_prompt_lacks_what_the_policy_demands_is_not_sold(
    play_once: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It passed when it was imported; the policy has become stricter since."""
    differ(monkeypatch, prompt_fields=("service_name", "age_statement"))
    monkeypatch.setattr(catalog_file, "misfits", lambda *_: ())
    play_once("""
        clock    | happens            | state   | reason          | paid | hears
        00:00:00 | DK THETHAO -> 9166 | refused | PROMPT_UNFIT    |      | not_on_air
        00:01:00 | Y -> 9166          |         | NOTHING_PENDING |      | nothing_pending
    """)
