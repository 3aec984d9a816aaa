"""What protects a number: its own lock, what the operator says of it, and caps on prompts."""

import pytest

from tests.scenarios.story import Play


@pytest.mark.scenario("S074")
def test_a_number_that_is_shut_joins_nothing_until_its_owner_opens_it(play: Play) -> None:
    play("""
        clock    | happens            | state           | reason       | paid | hears
        00:00:00 | DK GAME -> 1579    | GAME pending    |              |      | confirm_request
        00:01:00 | Y -> 1579          | GAME active     |              | 5000 | activated
        00:02:00 | chặn -> 123        |                 |              |      | blocked_on
                 |                    |                 |              |      |     "MO gui 123"
        00:03:00 | DK THETHAO -> 9166 | GAME active, THETHAO refused | BLOCK_LISTED | | blocked
                 |                    |                 |              |      |     "MO gui 123"
                 |                    |                 |              |      |     "khong mat phi"
        00:04:00 | crash              |                 |              |      |
        00:14:00 | DK THETHAO -> 9166 |                 | BLOCK_LISTED |      | blocked
        00:15:00 | MO -> 9166         |                 |              |      | blocked_off
                 |                    |                 |              |      |     "CHAN gui 123"
        00:16:00 | DK THETHAO -> 9166 | GAME active, THETHAO pending | |      | confirm_request
        00:17:00 | Y -> 9166          | GAME active, THETHAO active  | | 7000 | activated
    """)


@pytest.mark.scenario("S074")
def test_a_yes_after_the_number_was_shut_starts_nothing(play: Play) -> None:
    play("""
        clock    | happens            | state     | reason          | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending   |                 |      | confirm_request
        00:01:00 | CHAN -> 123        |           |                 |      | blocked_on
        00:02:00 | Y -> 9166          | withdrawn | BLOCK_LISTED    |      | blocked
        00:03:00 | Y -> 9166          |           | NOTHING_PENDING |      | nothing_pending
    """)


@pytest.mark.scenario("S075")
def test_a_number_on_the_do_not_call_register_may_ask_for_itself(play: Play) -> None:
    story = play("""
        clock    | happens            | state   | reason | paid | hears
        before   | flag do_not_call   |         |        |      |
        00:00:00 | DK THETHAO -> 9166 | pending |        |      | confirm_request
        00:01:00 | Y -> 9166          | active  |        | 2000 | activated
    """)
    (flagged,) = [entry for entry in story.entries if entry.kind == "number_flagged"]
    assert flagged.heard.detail == "do_not_call on"


@pytest.mark.scenario("S076")
@pytest.mark.parametrize("flag", ["child_line", "parental_lock"])
def test_a_childs_line_joins_nothing(play_once: Play, flag: str) -> None:
    play_once(f"""
        clock    | happens            | state   | reason          | hears
        before   | flag {flag}        |         |                 |
        00:00:00 | DK THETHAO -> 9166 | refused | MINOR_PROTECTED | minor_protected
                 |                    |         |                 |     "khong mat phi" "18001091"
        00:01:00 | Y -> 9166          |         | NOTHING_PENDING | nothing_pending
        00:02:00 | MO -> 123          |         |                 | blocked_off
        00:12:00 | DK THETHAO -> 9166 |         | MINOR_PROTECTED | minor_protected
    """)


@pytest.mark.scenario("S076")
def test_a_lock_that_comes_between_prompt_and_yes_is_heeded(play_once: Play) -> None:
    play_once("""
        clock    | happens            | state     | reason          | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending   |                 |      | confirm_request
        00:01:00 | flag parental_lock |           |                 |      |
        00:02:00 | Y -> 9166          | withdrawn | MINOR_PROTECTED |      | minor_protected
        00:03:00 | lift parental_lock |           |                 |      |
        00:04:00 | DK THETHAO -> 9166 | pending   |                 |      | confirm_request
    """)


LIMIT, NO = "SUBSCRIBER_RATE_LIMIT", "SUBSCRIBER_DECLINED"
ALL_THREE = "THETHAO declined, GAME refused, NHAC refused"
GAME_ASKED = "THETHAO declined, NHAC refused, GAME pending"


@pytest.mark.scenario("S077", "S072")
def test_the_fourth_prompt_in_an_hour_is_not_sent_and_that_is_said_once(play: Play) -> None:
    play(f"""
        clock    | happens            | state        | reason                | hears
        00:00:00 | DK THETHAO -> 9166 | pending      |                       | confirm_request
        00:01:00 | N -> 9166          | declined     | {NO}   | declined
        00:02:00 | DK THETHAO -> 9166 | pending      |                       | confirm_request
        00:03:00 | N -> 9166          | declined     | {NO}   | declined
        00:04:00 | DK THETHAO -> 9166 | pending      |                       | confirm_request
        00:05:00 | N -> 9166          | declined     | {NO}   | declined
        00:06:00 | DK GAME -> 1579    | THETHAO declined, GAME refused | {LIMIT} | try_later
                 |                    |              |                       |     "sau <01:01:00>"
                 |                    |              |                       |     "khong mat phi"
        00:30:00 | DK GAME -> 1579    |              | {LIMIT} |
        00:59:59 | DK NHAC -> 9166    | {ALL_THREE} | {LIMIT} |
        01:00:01 | DK GAME -> 1579    | {GAME_ASKED} | | confirm_request
    """)


@pytest.mark.scenario("S077")
def test_the_sixth_prompt_in_a_day_is_not_sent(play_once: Play) -> None:
    play_once(f"""
        clock    | happens            | state    | reason                | hears
        00:00:00 | DK THETHAO -> 9166 | pending  |                       | confirm_request
        00:01:00 | N -> 9166          | declined | {NO}   | declined
        01:00:00 | DK THETHAO -> 9166 | pending  |                       | confirm_request
        01:01:00 | N -> 9166          | declined | {NO}   | declined
        02:00:00 | DK THETHAO -> 9166 | pending  |                       | confirm_request
        02:01:00 | N -> 9166          | declined | {NO}   | declined
        03:00:00 | DK THETHAO -> 9166 | pending  |                       | confirm_request
        03:01:00 | N -> 9166          | declined | {NO}   | declined
        04:00:00 | DK THETHAO -> 9166 | pending  |                       | confirm_request
        04:01:00 | N -> 9166          | declined | {NO}   | declined
        05:00:00 | DK THETHAO -> 9166 | refused  | {LIMIT} | try_later "sau <24:01:00>"
        12:00:00 | DK THETHAO -> 9166 |          | {LIMIT} |
        24:00:01 | DK THETHAO -> 9166 | pending  |                       | confirm_request
    """)
