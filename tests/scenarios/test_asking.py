"""Guards that ask another system, before the prompt and after the yes; a stop never asks."""

import pytest

from tests.scenarios.story import Play

ASKS = {
    "TWOFOLD_CAMARA__NUMBER_RECYCLING_URL": "http://gateway.example/number-recycling",
    "TWOFOLD_CAMARA__SIM_SWAP_URL": "http://gateway.example/sim-swap",
}


@pytest.mark.scenario("S044")
@pytest.mark.scenario("S047")
def test_a_number_with_nothing_against_it_is_asked_and_served_as_ever(play: Play) -> None:
    story = play(
        """
        clock    | happens            | state   | reason             | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending |                    |      | confirm_request
        00:01:00 | Y -> 9166          | active  |                    | 2000 | activated
        00:02:00 | HUY -> 9166        | ended   | SUBSCRIBER_STOPPED |      | cancel_ack
    """,
        settings=ASKS,
    )
    assert {*story.world.office.asked.values()} == {2}, "before the prompt, and after the yes"


SAYS = [
    ("office says SIM changed", "SIM_CHANGED", "sim_changed"),
    ("office is silent", "CHECK_UNANSWERED", "not_checked"),
    ("office fails", "CHECK_UNANSWERED", "not_checked"),
]


LATE = "CHECK_UNANSWERED, SETTLED_BEFORE"
"""The last answer that is waited for ends after the request."""


@pytest.mark.scenario("S044")
@pytest.mark.parametrize(
    ("office", "reason", "hears"),
    [(said, LATE if "silent" in said else reason, hears) for said, reason, hears in SAYS],
)
def test_without_a_good_answer_no_prompt_leaves(
    play: Play, office: str, reason: str, hears: str
) -> None:
    play(
        f"""
        clock              | happens            | state   | reason   | hears
        00:00:00           | {office}           |         |          |
        00:00:10..00:00:50 | DK THETHAO -> 9166 | refused | {reason} | {hears}
        00:02:00           | office is fine     |         |          |
        00:03:00           | DK THETHAO -> 9166 | pending |          | confirm_request
    """,
        settings=ASKS,
    )


@pytest.mark.scenario("S044")
@pytest.mark.parametrize(("office", "reason", "hears"), SAYS)
def test_without_a_good_answer_a_yes_starts_and_charges_nothing(
    play: Play, office: str, reason: str, hears: str
) -> None:
    play(
        f"""
        clock              | happens            | state   | reason   | paid | hears
        00:00:00           | DK THETHAO -> 9166 | pending |          |      | confirm_request
        00:00:30           | {office}           |         |          |      |
        00:01:00..00:01:40 | Y -> 9166          | ended   | {reason} | 0    | {hears}
        00:20:00           |                    |         |          |      |
    """,
        settings=ASKS,
    )


def test_a_reply_in_time_counts_however_late_the_answer_comes(play: Play) -> None:
    play(
        """
        clock              | happens            | state      | reason | paid | hears
        00:00:00           | DK THETHAO -> 9166 | pending    |        |      | confirm_request
        11:59:00           | office is late     |            |        |      |
        11:59:58           | Y -> 9166          | activating |        |      |
        12:00:00..12:00:06 |                    | active     |        | 2000 | activated
    """,
        settings=ASKS,
    )


@pytest.mark.parametrize("word", ["HUY THETHAO", "HUY ALL"])
def test_a_stop_meanwhile_wins_and_asks_nobody(play: Play, word: str) -> None:
    play(
        f"""
        clock              | happens            | state      | reason | paid | hears
        00:00:00           | DK THETHAO -> 9166 | pending    |  |  | confirm_request
        00:00:30           | office is late     |            |  |  |
        00:01:00           | Y -> 9166          | activating |  |  |
        00:01:01           | {word} -> 123      | ended      | SUBSCRIBER_STOPPED |  | {{stopped}}
        00:01:02..00:02:00 |                    |            | SETTLED_BEFORE |  |
    """.replace("{stopped}", "cancel_ack" if "THETHAO" in word else "cancel_all"),
        settings=ASKS,
    )


@pytest.mark.parametrize(
    ("word", "state", "reason", "hears"),
    [
        ("N -> 9166", "declined", "SUBSCRIBER_DECLINED", "declined"),
        ("HUY -> 9166", "cancelled", "SUBSCRIBER_CANCELLED", "cancelled"),
    ],
)
def test_a_request_that_is_being_checked_can_be_taken_back(
    play: Play, word: str, state: str, reason: str, hears: str
) -> None:
    play(
        f"""
        clock              | happens            | state    | reason         | hears
        00:00:00           | office is late     |          |                |
        00:01:00           | DK THETHAO -> 9166 | checking |                |
        00:01:01           | {word}             | {state}  | {reason}       | {hears}
        00:01:02..00:02:00 |                    |          | SETTLED_BEFORE |
    """,
        settings=ASKS,
    )


@pytest.mark.scenario("S047")
def test_what_is_told_of_a_new_holder_ends_the_old_one_and_lets_the_new_one_ask(play: Play) -> None:
    story = play(
        """
        clock    | happens | state | reason | paid | hears
        00:00:00 | DK NHAC -> 9166 | NHAC pending |  |  | confirm_request
        00:01:00 | Y -> 9166 | NHAC active |  | 10000 | activated
        00:02:00 | office says recycled |  |  |  |
        00:03:00 | DK GAME -> 1579 | NHAC ended, GAME withdrawn | NUMBER_RECYCLED | 0 | not_checked
        00:04:00 | TK -> 123 |  |  |  | tk_empty
        00:05:00 | DK GAME -> 1579 | NHAC ended, GAME pending |  |  | confirm_request
        00:06:00 | Y -> 1579 | NHAC ended, GAME active |  | 5000 | activated
    """,
        settings=ASKS,
    )
    assert {entry.tenure for entry in story.entries} == {0, 1}


def test_a_question_is_asked_again_after_a_crash_and_asked_for_once(play: Play) -> None:
    play(
        """
        clock              | happens            | state      | reason | paid | hears
        00:00:00           | DK THETHAO -> 9166 | pending    |        |      | confirm_request
        00:00:30           | office is late     |            |        |      |
        00:01:00           | Y -> 9166          | activating |        |      |
        00:01:01           | crash              |            |        |      |
        00:01:02..00:01:20 |                    | active     |        | 2000 | activated
    """,
        settings=ASKS,
    )


@pytest.mark.scenario("S044")
def test_after_a_change_of_sim_the_number_is_checked_before_it_is_asked_anew(play: Play) -> None:
    play(
        """
        clock    | happens            | state    | reason      | hears
        00:00:00 | DK THETHAO -> 9166 | pending  |             | confirm_request
        00:10:00 | SIM is changed     | checking | SIM_CHANGED |
        01:10:00 |                    | pending  |             | confirm_request
    """,
        settings=ASKS,
    )
