"""A yes from another SIM than the one that asked, as a bind with the IMSI of each MO shows it."""

import pytest

from tests.scenarios.story import Play

IMSI_TLV = {"TWOFOLD_SMSC__0__MO_IMSI_TLV": "0x1403"}


@pytest.mark.scenario("S044")
def test_a_yes_from_another_sim_starts_nothing_and_is_asked_about_anew_later(play: Play) -> None:
    story = play(
        """
        clock    | happens            | state    | reason          | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending  |                 |      | confirm_request
        00:10:00 | SIM 2 is put in    |          |                 |      |
        00:11:00 | Y -> 9166          | checking | SIM_CHANGED     | 0    | asked_later
                 |                    |          |                 |      |   "Sau <01:11:00>"
                 |                    |          |                 |      |   "khong mat phi"
        00:12:00 | Y -> 9166          |          | NOTHING_PENDING |      | nothing_pending
        01:11:00 |                    | pending  |                 |      | confirm_request
                 |                    |          |                 |      |   "truoc <13:11:00>"
        01:12:00 | Y -> 9166          | active   |                 | 2000 | activated
        """,
        settings=IMSI_TLV,
    )
    first, second = story.requests("THETHAO")
    asked, refused = (
        next(entry for entry in story.entries if entry.reason == reason and entry.heard.imsi)
        for reason in ("", "SIM_CHANGED")
    )
    assert asked.heard.imsi != refused.heard.imsi, "evidence shows both SIMs"
    assert [(change.request, change.after) for change in refused.changes] == [
        (first, "withdrawn"),
        (second, "checking"),
    ]


@pytest.mark.scenario("S044")
def test_the_second_time_another_sim_ends_it_for_good(play: Play) -> None:
    story = play(
        """
        clock    | happens            | state     | reason      | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending   |             |      | confirm_request
        00:10:00 | SIM 2 is put in    |           |             |      |
        00:11:00 | Y -> 9166          | checking  | SIM_CHANGED | 0    | asked_later
        01:11:00 |                    | pending   |             |      | confirm_request
        01:12:00 | SIM 1 is put in    |           |             |      |
        01:13:00 | Y -> 9166          | withdrawn | SIM_CHANGED |      | sim_changed
        14:00:00 |                    |           |             |      |
        """,
        settings=IMSI_TLV,
    )
    assert len(story.requests("THETHAO")) == 2


@pytest.mark.scenario("S044")
@pytest.mark.parametrize(
    ("word", "state", "reason", "hears"),
    [
        ("N -> 9166", "declined", "SUBSCRIBER_DECLINED", "declined"),
        ("HUY -> 123", "cancelled", "SUBSCRIBER_CANCELLED", "cancelled"),
        ("TK -> 123", "pending", "", 'tk_list "THETHAO"'),
    ],
)
def test_refusing_stopping_and_looking_up_work_from_any_sim(
    play_once: Play, word: str, state: str, reason: str, hears: str
) -> None:
    play_once(
        f"""
        clock    | happens            | state   | reason   | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending |          |      | confirm_request
        00:10:00 | SIM 2 is put in    |         |          |      |
        00:11:00 | {word}             | {state} | {reason} |      | {hears}
        """,
        settings=IMSI_TLV,
    )


@pytest.mark.scenario("S044")
def test_what_is_on_is_stopped_from_another_sim(play_once: Play) -> None:
    play_once(
        """
        clock    | happens            | state   | reason             | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending |                    |      | confirm_request
        00:01:00 | Y -> 9166          | active  |                    | 2000 | activated
        00:10:00 | SIM 2 is put in    |         |                    |      |
        00:11:00 | HUY -> 9166        | ended   | SUBSCRIBER_STOPPED |      | cancel_ack
        """,
        settings=IMSI_TLV,
    )


@pytest.mark.scenario("S044")
def test_a_bind_that_tells_no_imsi_notices_nothing(play: Play) -> None:
    play("""
        clock    | happens            | state   | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending |      | confirm_request
        00:10:00 | SIM 2 is put in    |         |      |
        00:11:00 | Y -> 9166          | active  | 2000 | activated
    """)


@pytest.mark.scenario("S044")
def test_a_yes_that_the_smsc_brings_twice_is_told_of_once(play: Play) -> None:
    story = play(
        """
        clock    | happens                     | state    | reason      | paid | hears
        00:00:00 | DK THETHAO -> 9166          | pending  |             |      | confirm_request
        00:10:00 | SIM 2 is put in             |          |             |      |
        00:11:00 | Y -> 9166, then resent      | checking | RESENT, SIM_CHANGED | 0 | asked_later
        """,
        settings=IMSI_TLV,
    )
    assert len(story.requests("THETHAO")) == 2


@pytest.mark.scenario("S044")
def test_a_crash_forgets_no_sim(play: Play) -> None:
    play(
        """
        clock    | happens            | state    | reason      | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending  |             |      | confirm_request
        00:05:00 | crash              |          |             |      |
        00:10:00 | SIM 2 is put in    |          |             |      |
        00:11:00 | Y -> 9166          | checking | SIM_CHANGED | 0    | asked_later
        00:12:00 | crash              |          |             |      |
        01:11:00 |                    | pending  |             |      | confirm_request
        01:12:00 | Y -> 9166          | active   |             | 2000 | activated
        """,
        settings=IMSI_TLV,
    )


@pytest.mark.scenario("S049")
@pytest.mark.scenario("S040")
def test_a_phones_second_sim_has_another_number_and_confirms_nothing(play: Play) -> None:
    play(
        """
        clock    | happens                | state   | paid | hears
        00:00:00 | DK THETHAO -> 9166     | pending |      | confirm_request
        00:01:00 | 84987654321: Y -> 9166 |         | 0    |
        00:02:00 | Y -> 9166              | active  | 2000 | activated
        """,
        settings=IMSI_TLV,
    )
