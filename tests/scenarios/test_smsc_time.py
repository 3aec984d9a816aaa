"""The SMSC's own time of a message, where a bind gives it: when it counts, and when it does not."""

import pytest

from tests.scenarios.story import Play

TIMED = {"TWOFOLD_SMSC__0__MO_TIME_TLV": "0x1402"}
"""The SMSC says when it got each message, in a vendor's TLV."""


@pytest.mark.scenario("S011")
def test_a_yes_that_was_sent_in_time_counts_when_it_comes_within_two_minutes(play: Play) -> None:
    play(
        """
        clock    | happens                   | state   | reason | paid | hears
        00:00:00 | DK THETHAO -> 9166        | pending |        |      | confirm_request
        12:00:00 |                           | expired |        |      |
        12:00:40 | sent 11:59:59: Y -> 9166  | active  |        | 2000 | activated
        12:10:00 |                           |         |        |      |
        """,
        settings=TIMED,
    )


@pytest.mark.scenario("S011")
def test_a_yes_that_comes_five_minutes_after_it_was_sent_is_kept_for_review(play: Play) -> None:
    story = play(
        """
        clock    | happens                   | state   | reason          | paid | hears
        00:00:00 | DK THETHAO -> 9166        | pending |                 |      | confirm_request
        12:00:00 |                           | expired |                 |      |
        12:02:00 |                           |         | NO_CONFIRMATION |      |
        12:05:00 | sent 11:59:59: Y -> 9166  |         | LATE_DELIVERY   |      | late_confirm
        """,
        settings=TIMED,
    )
    (late,) = [entry for entry in story.entries if entry.reason == "LATE_DELIVERY"]
    assert late.at - late.heard.smsc_at > 300_000
    assert late.heard.effective_at == late.at


@pytest.mark.scenario("S009")
def test_a_yes_that_was_sent_too_late_does_not_count_while_others_are_waited_for(
    play: Play,
) -> None:
    play(
        """
        clock    | happens                  | state   | reason          | hears
        00:00:00 | DK THETHAO -> 9166       | pending |                 | confirm_request
        12:00:00 |                          | expired |                 |
        12:00:01 | sent 12:00:00.200: Y -> 9166 |     | WINDOW_PASSED   | late_confirm
        12:02:00 |                          |         | NO_CONFIRMATION |
        """,
        settings=TIMED,
    )


@pytest.mark.scenario("S011")
def test_who_asks_again_after_the_deadline_is_asked_afresh_while_the_old_reply_may_come(
    play: Play,
) -> None:
    """The old reply comes, and counts; what was asked for anew has nothing left to ask."""
    story = play(
        """
        clock    | happens                  | state   | reason         | paid | hears
        00:00:00 | DK THETHAO -> 9166       | pending |                |      | confirm_request
        12:00:00 |                          | expired |                |      |
        12:00:30 | DK THETHAO -> 9166       | pending |                |      | confirm_request
        12:01:00 | sent 11:59:59: Y -> 9166 | active  | ALREADY_ACTIVE | 2000 | activated
        13:00:00 | Y -> 9166                |         | ALREADY_ACTIVE |      | already
        """,
        settings=TIMED,
    )
    assert len(story.requests("THETHAO")) == 2


@pytest.mark.scenario("S011")
def test_who_asks_again_after_the_deadline_confirms_the_fresh_request(play: Play) -> None:
    play(
        """
        clock    | happens            | state   | reason          | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending |                 |      | confirm_request
        12:00:00 |                    | expired |                 |      |
        12:00:30 | DK THETHAO -> 9166 | pending |                 |      | confirm_request
        12:01:00 | Y -> 9166          | active  | NO_CONFIRMATION | 2000 | activated
        12:03:00 |                    |         |                 |      |
        """,
        settings=TIMED,
    )


@pytest.mark.scenario("S012")
def test_an_smsc_whose_clock_is_behind_gives_nobody_more_time(play: Play) -> None:
    story = play(
        """
        clock    | happens                 | state   | reason          | paid | hears
        before   | SMSC clock 600 s behind |         |                 |      |
        00:00:00 | DK THETHAO -> 9166      | pending |                 |      | confirm_request
        12:00:00 |                         | expired |                 |      |
        12:00:10 | Y -> 9166               |         | WINDOW_PASSED   |      | late_confirm
        12:02:00 |                         |         | NO_CONFIRMATION |      |
        """,
        settings=TIMED,
    )
    assert all(entry.heard.effective_at in {0, entry.at} for entry in story.entries)


@pytest.mark.scenario("S012", "S103")
@pytest.mark.parametrize("end", ["restart", "crash"])
def test_a_late_message_is_no_wrong_clock_where_evidence_says_that_the_clock_was_right(
    play: Play, end: str
) -> None:
    """It is the first one that the new engine hears."""
    play(
        f"""
        clock              | happens                  | state   | reason | paid | hears
        00:00:00           | DK THETHAO -> 9166       | pending |        |      | confirm_request
        11:59:00..11:59:30 | {end}                    |         |        |      |
        12:00:00           |                          | expired |        |      |
        12:00:40           | sent 11:59:59: Y -> 9166 | active  |        | 2000 | activated
        """,
        settings=TIMED,
    )


@pytest.mark.scenario("S012")
def test_a_clock_that_was_wrong_before_a_start_gives_nobody_more_time_after_it(play: Play) -> None:
    play(
        """
        clock              | happens                 | state   | reason          | hears
        before             | SMSC clock 60 s behind  |         |                 |
        00:00:00           | DK THETHAO -> 9166      | pending |                 | confirm_request
        11:59:00..11:59:30 | restart                 |         |                 |
        12:00:00           |                         | expired |                 |
        12:00:10           | Y -> 9166               |         | WINDOW_PASSED   | late_confirm
        12:02:00           |                         |         | NO_CONFIRMATION |
        """,
        settings=TIMED,
    )


@pytest.mark.scenario("S012")
def test_an_smsc_whose_clock_is_ahead_takes_nobody_s_time_away(play: Play) -> None:
    play(
        """
        clock    | happens                | state   | reason | paid | hears
        00:00:00 | DK THETHAO -> 9166     | pending |        |      | confirm_request
        11:00:00 | SMSC clock 600 s ahead |         |        |      |
        11:59:50 | Y -> 9166              | active  |        | 2000 | activated
        """,
        settings=TIMED,
    )


OUTAGE = """
    clock    | happens                   | state   | reason | paid | hears
    00:00:00 | DK THETHAO -> 9166        | pending |        |      | confirm_request
    11:50:00 | {down}                    |         |        |      |
"""


@pytest.mark.scenario("S103")
@pytest.mark.parametrize(
    ("down", "up"), [("line down", "line up"), ("crash and stay down", "start")]
)
def test_a_yes_that_waited_for_us_keeps_its_time(play: Play, down: str, up: str) -> None:
    """The SMSC has it in time and cannot bring it for half an hour: that was our fault."""
    play(
        OUTAGE.format(down=down)
        + f"""
    11:59:00               | waits: Y -> 9166 |         |  |      |
    12:00:00               |                  | expired |  |      |
    12:30:00..12:30:30     | {up}             | active  |  | 2000 | activated
    12:50:00               |                  |         |  |      |
    """,
        settings=TIMED,
    )


@pytest.mark.scenario("S103")
def test_replies_that_waited_for_us_are_obeyed_in_their_order(play: Play) -> None:
    """The stop was sent before the yes came to us: what was charged meanwhile goes back."""
    play(
        OUTAGE.format(down="line down")
        + """
    11:58:00           | waits: Y -> 9166           |         |                    |      |
    11:59:00           | waits: HUY THETHAO -> 9166 |         |                    |      |
    12:00:00           |                            | expired |                    |      |
    12:30:00..12:30:30 | line up                    | ended   | SUBSCRIBER_STOPPED | 0    | {both}
    """.replace("{both}", "activated + refund + cancel_ack"),
        settings=TIMED,
    )


@pytest.mark.scenario("S103")
def test_a_yes_that_was_sent_too_late_during_our_outage_does_not_count(play: Play) -> None:
    play(
        OUTAGE.format(down="line down")
        + """
    12:00:00           |                  | expired |                 |      |
    12:00:01           | waits: Y -> 9166 |         |                 |      |
    12:30:00..12:30:30 | line up          |         | WINDOW_PASSED   |      | late_confirm
    12:30:31..12:33:00 |                  |         | NO_CONFIRMATION |      |
    """,
        settings=TIMED,
    )


@pytest.mark.scenario("S103")
def test_after_an_hour_nothing_is_waited_for_any_more(play: Play) -> None:
    play(
        OUTAGE.format(down="line down")
        + """
    11:59:00           | waits: Y -> 9166 |         |                 |      |
    12:00:00           |                  | expired |                 |      |
    13:00:00..13:00:05 |                  |         | NO_CONFIRMATION |      |
    13:30:00..13:30:30 | line up          |         | LATE_DELIVERY   |      | late_confirm
    """,
        settings=TIMED,
    )


@pytest.mark.scenario("S103")
def test_where_the_smsc_says_no_time_an_outage_ends_with_silence(play: Play) -> None:
    play(
        OUTAGE.format(down="line down")
        + """
    11:59:00           | waits: Y -> 9166 |         |                 |      |
    12:00:00           |                  | expired | NO_CONFIRMATION |      |
    12:30:00..12:30:30 | line up          |         | WINDOW_PASSED   |      | late_confirm
    """
    )
