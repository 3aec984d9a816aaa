"""The life of a number: who holds it now sees, pays and answers nothing of who held it before."""

import pytest

from tests.scenarios.story import Play, Story

HANDS = ("recycled", "transferred", "ported in")


def tenures(story: Story) -> set[int]:
    """The tenures under which the number's evidence is kept."""
    return {entry.tenure for entry in story.entries}


@pytest.mark.scenario("S046")
@pytest.mark.scenario("S047")
@pytest.mark.scenario("S048")
@pytest.mark.parametrize("comes", HANDS)
def test_nothing_of_a_holder_reaches_the_next(play: Play, comes: str) -> None:
    reason = f"NUMBER_{comes.upper().replace(' ', '_')}"
    story = play(f"""
        clock    | happens           | state | reason | paid | hears
        00:00:00 | DK NHAC -> 9166   | NHAC pending |  |  | confirm_request
        00:00:10 | Y -> 9166         | NHAC active |  | 10000 | activated
        00:01:00 | DK GAME -> 1579   | NHAC active, GAME pending |  |  | confirm_request
        00:02:00 | number is {comes} | NHAC ended, GAME withdrawn | {reason} | 0 |
        00:03:00 | Y -> 1579         |  | NOTHING_PENDING |  | nothing_pending
        00:03:30 | Y GAME -> 1579    |  | NOTHING_PENDING |  |
        00:04:00 | TK -> 123         |  |  |  | tk_empty "30 ngay qua: 0d"
        00:05:00 | HUY -> 9166       |  | NOTHING_TO_STOP |  | nothing_to_stop
        13:00:00 | Y -> 1579         |  | NOTHING_PENDING |  | nothing_pending
        13:01:00 | DK NHAC -> 9166   | NHAC pending, GAME withdrawn |  |  | confirm_request
        13:02:00 | Y -> 9166         | NHAC active, GAME withdrawn |  | 10000 | activated
    """)
    assert tenures(story) == {0, 1}
    changed = next(entry for entry in story.entries if entry.kind == "number_changed")
    assert changed.tenure == 0, "what ended is kept with the former holder's evidence"
    assert story.balances[-1] == 40_000, "the new holder has an account of their own"


@pytest.mark.usefixtures("by_code")
@pytest.mark.scenario("S047")
@pytest.mark.scenario("S048")
@pytest.mark.parametrize("comes", HANDS)
def test_the_code_of_a_former_holders_prompt_does_nothing_for_the_next(
    play_once: Play, comes: str
) -> None:
    reason = f"NUMBER_{comes.upper().replace(' ', '_')}"
    story = play_once(f"""
        clock    | happens            | state     | reason          | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending   |                 |      | confirm_request
        00:01:00 | number is {comes}  | withdrawn | {reason}        |      |
        00:02:00 | Y <code> -> 9166   |           | NOTHING_PENDING | 0    | nothing_pending
        00:03:00 | DK THETHAO -> 9166 | pending   |                 |      | confirm_request
        00:04:00 | Y <code 1> -> 9166 | pending   | WRONG_CODE      | 0    | wrong_code
        00:05:00 | Y <code> -> 9166   | active    |                 | 2000 | activated
    """)
    assert tenures(story) == {0, 1}


@pytest.mark.scenario("S045")
@pytest.mark.parametrize("goes", ["ported out", "terminated"])
def test_a_number_that_leaves_ends_all_it_had_and_starts_nothing(play: Play, goes: str) -> None:
    reason = f"NUMBER_{goes.upper().replace(' ', '_')}"
    play(f"""
        clock    | happens             | state | reason | paid | hears
        00:00:00 | DK NHAC -> 9166     | NHAC pending |  |  | confirm_request
        00:00:10 | Y -> 9166           | NHAC active |  | 10000 | activated
        00:01:00 | DK GAME -> 1579     | NHAC active, GAME pending |  |  | confirm_request
        00:02:00 | number is {goes}    | NHAC ended, GAME withdrawn | {reason} | 0 |
        00:03:00 | Y -> 1579           |  | NOTHING_PENDING |  | nothing_pending
        00:04:00 | DK GAME -> 1579     | NHAC ended, GAME refused | {reason} |  | number_not_served
        00:05:00 | number is ported in |  | NUMBER_PORTED_IN |  |
        00:06:00 | DK GAME -> 1579     | NHAC ended, GAME pending |  |  | confirm_request
    """)


@pytest.mark.scenario("S044")
def test_after_a_change_of_sim_the_request_is_asked_anew_once(play: Play) -> None:
    story = play("""
        clock    | happens                  | state     | reason          | paid | hears
        00:00:00 | DK THETHAO -> 9166       | pending   |                 |  | confirm_request
        00:10:00 | SIM is changed           | checking  | SIM_CHANGED     |  |
        00:10:30 | SIM was changed 30 s ago |           | SETTLED_BEFORE  |  |
        00:11:00 | Y -> 9166                |           | NOTHING_PENDING |  | nothing_pending
        01:10:00 |                          | pending   |                 |  | confirm_request
                 |                          |           |                 |  | "truoc <13:10:00>"
        01:20:00 | SIM is changed           | withdrawn | SIM_CHANGED     |  |
        13:30:00 |                          |           |                 |  |
    """)
    assert len(story.requests("THETHAO")) == 2


@pytest.mark.scenario("S044")
def test_the_new_request_is_confirmed_like_any_other(play: Play) -> None:
    play("""
        clock    | happens            | state    | reason      | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending  |             |      | confirm_request
        00:10:00 | SIM is changed     | checking | SIM_CHANGED |      |
        00:20:00 | TK -> 123          |          |             |      | tk_list "cho xac nhan"
        01:10:00 |                    | pending  |             |      | confirm_request
        01:11:00 | Y -> 9166          | active   |             | 2000 | activated
        02:00:00 | SIM is changed     |          |             |      |
    """)


@pytest.mark.scenario("S044")
@pytest.mark.parametrize(
    ("word", "state", "reason", "hears"),
    [
        ("N -> 9166", "declined", "SUBSCRIBER_DECLINED", "declined"),
        ("HUY THETHAO -> 123", "cancelled", "SUBSCRIBER_CANCELLED", "cancelled"),
    ],
)
def test_who_refuses_while_the_request_waits_is_not_asked_anew(
    play: Play, word: str, state: str, reason: str, hears: str
) -> None:
    play(f"""
        clock    | happens            | state    | reason      | hears
        00:00:00 | DK THETHAO -> 9166 | pending  |             | confirm_request
        00:10:00 | SIM is changed     | checking | SIM_CHANGED |
        00:11:00 | {word}             | {state}  | {reason}    | {hears}
        02:00:00 |                    |          |             |
    """)


@pytest.mark.scenario("S050")
def test_a_barred_number_starts_nothing_and_may_stop_everything(play: Play) -> None:
    play("""
        clock | happens | state | reason | paid | hears
        00:00:00 | DK NHAC -> 9166 | NHAC pending |  |  | confirm_request
        00:00:10 | Y -> 9166 | NHAC active |  | 10000 | activated
        00:01:00 | DK GAME -> 1579 | NHAC active, GAME pending |  |  | confirm_request
        00:02:00 | number is barred |  |  |  |
        00:03:00 | Y -> 1579 | NHAC active, GAME withdrawn | NUMBER_BARRED |  | number_not_served
        00:04:00 | DK GAME -> 1579 | NHAC active, GAME refused | NUMBER_BARRED | | number_not_served
        00:05:00 | HUY -> 123 | NHAC ended, GAME refused | SUBSCRIBER_STOPPED |  | cancel_ack
        00:06:00 | number is in service |  |  |  |
        00:07:00 | DK GAME -> 1579 | NHAC ended, GAME pending |  |  | confirm_request
    """)


@pytest.mark.scenario("S047")
def test_reports_that_come_twice_or_late_have_one_effect(play: Play) -> None:
    story = play("""
        clock    | happens                       | state     | reason          | paid | hears
        00:00:00 | DK THETHAO -> 9166            | pending   |                 |  | confirm_request
        00:01:00 | number is recycled            | withdrawn | NUMBER_RECYCLED |  |
        00:02:00 | DK THETHAO -> 9166            | pending   |                 |  | confirm_request
        00:03:00 | number was recycled 120 s ago |           | SETTLED_BEFORE  |  |
        00:04:00 | number was recycled 600 s ago |           | SETTLED_BEFORE  |  |
        00:05:00 | number was barred 600 s ago   |           | SETTLED_BEFORE  |  |
        00:06:00 | SIM was changed 400 s ago     |           | SETTLED_BEFORE  |  |
        00:07:00 | Y -> 9166                     | active    |                 | 2000 | activated
    """)
    assert tenures(story) == {0, 1}


@pytest.mark.scenario("S047")
def test_a_text_that_waits_for_the_former_holder_never_leaves(play: Play) -> None:
    story = play("""
        clock    | happens            | state   | reason          | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending |                 |      | confirm_request
        00:00:30 | SMSC throttles     |         |                 |      |
        00:01:00 | Y -> 9166          | active  |                 | 2000 |
        00:02:00 | number is recycled | ended   | NUMBER_RECYCLED | 0    |
        00:03:00 | SMSC is well       |         |                 |      |
        00:30:00 |                    |         |                 |      |
    """)
    assert given_back(story) == [-2000], "whoever paid had nothing for it"
    assert story.balances[-1] == 50_000, "and whoever has the number now is given nothing"


def given_back(story: Story) -> list[int]:
    """What was given back, whoever had it."""
    debits = [debit.amount_minor for entry in story.entries for debit in entry.debits]
    return [amount for amount in debits if amount < 0]


@pytest.mark.scenario("S047")
@pytest.mark.scenario("S048")
@pytest.mark.parametrize("comes", ["recycled", "transferred"])
def test_a_late_report_gives_back_what_the_next_holder_has_paid_since(
    play_once: Play, comes: str
) -> None:
    reason = f"NUMBER_{comes.upper()}"
    story = play_once(f"""
        clock    | happens            | state | reason | paid | hears
        00:00:00 | DK NHAC -> 9166    | NHAC pending |  |  | confirm_request
        00:00:10 | Y -> 9166          | NHAC active |  | 10000 | activated
        02:00:00 | DK GAME -> 1579    | NHAC active, GAME pending |  |  | confirm_request
        02:01:00 | Y -> 1579          | NHAC active, GAME active |  | 15000 | activated
        02:02:00 | CHAN -> 123        |  |  |  | blocked_on
        03:00:00 | number was {comes} 7200 s ago | NHAC ended, GAME ended | {reason} | 0 | refund
                 |                    |       |        |      |    "5.000d"
        03:01:00 | DK GAME -> 1579    | NHAC ended, GAME refused | BLOCK_LISTED | | blocked
        03:02:00 | MO -> 123          |  |  |  | blocked_off
        03:03:00 | TK -> 123          |  |  |  | tk_empty "30 ngay qua: 0d"
        03:04:00 | DK GAME -> 1579    | NHAC ended, GAME pending |  |  | confirm_request
    """)
    assert given_back(story) == [-5_000], "what the former holder had and used stays paid"
    assert story.balances[-1] == 50_000


@pytest.mark.scenario("S045")
def test_who_left_and_wrote_on_is_given_nothing_back(play_once: Play) -> None:
    story = play_once("""
        clock    | happens            | state   | reason | paid | hears
        01:00:00 | DK THETHAO -> 9166 | pending |        |      | confirm_request
        01:01:00 | Y -> 9166          | active  |        | 2000 | activated
        02:00:00 | number was ported out 3601 s ago | ended | NUMBER_PORTED_OUT | 0 |
    """)
    assert given_back(story) == []


@pytest.mark.scenario("S024")
@pytest.mark.scenario("S047")
def test_what_was_welcomed_before_the_number_changed_hands_stays_paid(play: Play) -> None:
    story = play("""
        clock    | happens            | state   | reason          | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending |                 |      | confirm_request
        00:01:00 | Y -> 9166          | active  |                 | 2000 | activated
        00:02:00 | number is recycled | ended   | NUMBER_RECYCLED | 0    |
        25:00:00 |                    |         |                 |      |
    """)
    assert given_back(story) == []


@pytest.mark.scenario("S024")
@pytest.mark.scenario("S047")
def test_what_was_given_back_before_the_number_changed_hands_is_not_given_back_again(
    play: Play,
) -> None:
    story = play("""
        clock    | happens               | state     | reason               | paid | hears
        00:00:00 | DK THETHAO -> 9166    | pending   |                      |   | confirm_request
        00:00:30 | SMSC throttles        |           |                      |   |
        00:01:00 | Y -> 9166             | active    |                      | 2000 |
        00:11:00 |                       | suspended | WELCOME_NOT_ACCEPTED | 0 |
        00:12:00 | number is transferred | ended     | NUMBER_TRANSFERRED   |   |
        00:13:00 | number is recycled    |           | NUMBER_RECYCLED      |   |
        00:14:00 | SMSC is well          |           |                      |   |
        00:30:00 |                       |           |                      |   |
    """)
    assert given_back(story) == [-2000]


@pytest.mark.scenario("S024")
@pytest.mark.scenario("S047")
def test_it_is_given_back_though_the_number_changed_hands_once_more(play: Play) -> None:
    story = play("""
        clock    | happens               | state   | reason             | paid | hears
        00:00:00 | DK THETHAO -> 9166    | pending |                    |      | confirm_request
        00:00:30 | SMSC throttles        |         |                    |      |
        00:01:00 | Y -> 9166             | active  |                    | 2000 |
        00:02:00 | number is transferred | ended   | NUMBER_TRANSFERRED | 0    |
        00:02:10 | number is recycled    |         | NUMBER_RECYCLED    |      |
        00:03:00 | crash                 |         |                    |      |
        00:04:00 | SMSC is well          |         |                    |      |
        00:30:00 |                       |         |                    |      |
    """)
    assert given_back(story) == [-2000]


@pytest.mark.scenario("S045")
def test_a_crash_loses_no_report_and_forgets_no_request(play: Play) -> None:
    play("""
        clock    | happens            | state     | reason        | hears
        00:00:00 | DK THETHAO -> 9166 | pending   |               | confirm_request
        00:10:00 | SIM is changed     | checking  | SIM_CHANGED   |
        00:11:00 | crash              |           |               |
        01:10:00 |                    | pending   |               | confirm_request
        01:11:00 | number is barred   |           |               |
        01:12:00 | restart            |           |               |
        01:13:00 | Y -> 9166          | withdrawn | NUMBER_BARRED | number_not_served
    """)
