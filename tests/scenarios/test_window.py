"""Time: the twelve hours between being asked and having to have answered.

The window opens when the SMSC accepts the prompt and is half-open: its last instant counts, its end
does not.
"""

import re

import pytest

from tests.scenarios.story import BEGINS_AT, Play, Story
from tests.scenarios.table import clock_ms
from twofold.protocol.smpp.times import parse_relative

EXPIRED_ONCE = """
    clock    | happens            | state   | reason          | hears
    00:00:00 | DK THETHAO -> 9166 | pending |                 | confirm_request
    11:59:00 | {how}              |         |                 |
    12:00:00 |                    | expired | NO_CONFIRMATION | {told}
    12:01:00 | {how}              |         |                 |
    12:30:00 |                    |         |                 |
"""


@pytest.mark.scenario("S008")
def test_a_yes_one_second_before_the_end_of_the_window_counts(play: Play) -> None:
    play("""
        clock    | happens            | state   | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending |      | confirm_request "truoc <12:00:00>"
        11:59:59 | Y -> 9166          | active  | 2000 | activated
        12:00:01 |                    |         |      |
    """)


@pytest.mark.scenario("S009")
def test_a_yes_at_the_very_end_of_the_window_does_not_count(play: Play) -> None:
    """The network takes no time here, so that the yes arrives in the very millisecond."""
    story = """
        clock    | happens            | state   | reason                         | hears
        00:00:00 | DK THETHAO -> 9166 | pending |                                | confirm_request
        12:00:00 | Y -> 9166          | expired | NO_CONFIRMATION, WINDOW_PASSED | late_confirm
    """
    played = play(story, delay_ms=(0, 0))
    assert window(played) == (0, clock_ms("12:00:00"))


@pytest.mark.scenario("S009")
def test_a_yes_in_the_last_millisecond_of_the_window_counts(play: Play) -> None:
    story = """
        clock        | happens            | state   | paid | hears
        00:00:00     | DK THETHAO -> 9166 | pending |      | confirm_request
        11:59:59.999 | Y -> 9166          | active  | 2000 | activated
    """
    play(story, delay_ms=(0, 0))


@pytest.mark.scenario("S010")
def test_a_yes_one_second_after_the_window_is_told_to_start_again(play: Play) -> None:
    play("""
        clock    | happens            | state   | reason          | hears
        00:00:00 | DK THETHAO -> 9166 | pending |                 | confirm_request
        12:00:00 |                    | expired | NO_CONFIRMATION |
        12:00:01 | Y -> 9166          |         | WINDOW_PASSED   | late_confirm
                 |                    |         |                 |     "het han luc <12:00:00>"
                 |                    |         |                 |     "chua dang ky"
                 |                    |         |                 |     "khong mat phi"
                 |                    |         |                 |     "DK THETHAO gui 9166"
    """)


@pytest.mark.scenario("S004")
def test_silence_ends_the_request_and_a_later_one_starts_afresh(play: Play) -> None:
    story = play("""
        clock    | happens            | state   | reason          | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending |                 |      | confirm_request
                 |                    |         |                 |      |     "truoc <12:00:00>"
        12:00:00 |                    | expired | NO_CONFIRMATION |      |
        13:00:00 | DK THETHAO -> 9166 | pending |                 |      | confirm_request
                 |                    |         |                 |      |     "truoc <25:00:00>"
        24:59:59 | Y -> 9166          | active  |                 | 2000 | activated
    """)
    first, second = story.requests("THETHAO")
    assert first != second


@pytest.mark.scenario("S014")
@pytest.mark.parametrize("how", ["restart", "crash"])
def test_a_new_start_just_before_the_deadline_leaves_one_expiry(play_once: Play, how: str) -> None:
    story = play_once(EXPIRED_ONCE.format(how=how, told=""))
    assert expiries(story) == 1


@pytest.mark.scenario("S014")
@pytest.mark.parametrize("how", ["restart", "crash"])
@pytest.mark.usefixtures("expiry_notice")
def test_a_new_start_just_before_the_deadline_leaves_one_notice_of_it(play: Play, how: str) -> None:
    story = play(EXPIRED_ONCE.format(how=how, told='expired "chua dang ky, khong mat phi"'))
    assert expiries(story) == 1


@pytest.mark.scenario("S014")
@pytest.mark.usefixtures("expiry_notice")
def test_an_engine_that_was_down_at_the_deadline_expires_once_when_it_is_back(play: Play) -> None:
    story = play("""
        clock    | happens             | state   | reason          | hears
        00:00:00 | DK THETHAO -> 9166  | pending |                 | confirm_request
        11:59:00 | crash and stay down |         |                 |
        12:05:00 | start               | expired | NO_CONFIRMATION | expired
        12:06:00 | crash               |         |                 |
        12:30:00 |                     |         |                 |
    """)
    assert expiries(story) == 1


@pytest.mark.scenario("S013")
@pytest.mark.parametrize("step", ["clock 3600 s back", "clock 3600 s ahead"])
def test_a_clock_that_jumps_expires_nothing_early(play_once: Play, step: str) -> None:
    """Nothing is decided by a clock that is not believed; once it is right again, all goes on."""
    play_once(f"""
        clock    | happens            | state   | reason          | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending |                 |      | confirm_request
        11:20:00 | {step}             |         |                 |      |
        11:40:00 | clock is right     |         |                 |      |
        11:59:50 | Y -> 9166          | active  |                 | 2000 | activated
        12:30:00 |                    |         |                 |      |
    """)


@pytest.mark.scenario("S013")
def test_a_clock_that_is_back_at_the_deadline_lets_it_pass_when_it_is_right(
    play_once: Play,
) -> None:
    story = play_once("""
        clock              | happens            | state   | reason          | hears
        00:00:00           | DK THETHAO -> 9166 | pending |                 | confirm_request
        11:50:00           | clock 3600 s back  |         |                 |
        12:20:00           | clock is right     |         |                 |
        12:20:01..12:22:30 |                    | expired | NO_CONFIRMATION |
        12:30:00           | Y -> 9166          |         | WINDOW_PASSED   | late_confirm
    """)
    assert expiries(story) == 1


@pytest.mark.scenario("S013")
def test_a_clock_that_goes_back_after_the_deadline_revives_nothing(play_once: Play) -> None:
    """The yes comes while the clock says that the window is open, and is decided afterwards."""
    story = play_once("""
        clock              | happens            | state   | reason          | hears
        00:00:00           | DK THETHAO -> 9166 | pending |                 | confirm_request
        12:00:00           |                    | expired | NO_CONFIRMATION |
        12:10:00           | clock 3600 s back  |         |                 |
        12:15:00           | put off: Y -> 9166 |         |                 |
        12:20:00           | clock is right     |         |                 |
        12:20:01..12:22:30 |                    |         | WINDOW_PASSED   | late_confirm
    """)
    assert expiries(story) == 1


ACCEPTED_LATE = """
clock              | happens            | state          | reason          | paid | hears
before             | SMSC throttles     |                |                 |      |
00:00:00           | DK THETHAO -> 9166 | waiting_prompt |                 |      |
00:40:00           | SMSC is well       |                |                 |      |
00:40:01..00:41:00 |                    | pending        |                 |      | confirm_request
"""
"""Throttled for 40 minutes; by then the engine tries once a minute."""


@pytest.mark.scenario("S015")
def test_a_prompt_that_the_smsc_accepts_late_opens_the_window_late(play: Play) -> None:
    ends = "12:40:00..12:41:00 |  | expired | NO_CONFIRMATION |  |"
    story = play(ACCEPTED_LATE + ends)
    opened_at, ends_at = window(story)
    assert clock_ms("00:40:01") <= opened_at <= clock_ms("00:41:00")
    assert ends_at - opened_at == clock_ms("12:00:00")
    assert ends_at - clock_ms("00:01:00") < printed_deadline(story) <= ends_at


@pytest.mark.scenario("S015")
def test_a_yes_counts_until_the_end_of_a_window_that_opened_late(play: Play) -> None:
    yes = "12:40:00 | Y -> 9166 | active |  | 2000 | activated"
    play(ACCEPTED_LATE + yes)


@pytest.mark.scenario("S016")
def test_no_prompt_is_valid_for_longer_than_what_is_left_of_its_window(play: Play) -> None:
    """Each copy's validity is reckoned at its own hand-over, on the wire."""
    story = play("""
        clock    | happens              | state          | reason          | hears
        before   | SMSC loses 1 answers |                |                 |
        before   | no receipts          |                |                 |
        00:00:00 | DK THETHAO -> 9166   | waiting_prompt |                 | confirm_request
        00:00:10 |                      | pending        |                 | confirm_request
        12:00:00 |                      | expired        | NO_CONFIRMATION |
    """)
    _, ends_at = window(story)
    first, second = story.submitted
    for submitted_at, pdu in (first, second):
        valid_ms = parse_relative(pdu.validity_period)
        assert valid_ms is not None
        assert ends_at - clock_ms("00:01:00") < submitted_at + valid_ms <= ends_at
    assert first[1].validity_period > second[1].validity_period


@pytest.mark.scenario("S016")
def test_a_handset_that_comes_back_after_the_deadline_gets_no_prompt(play: Play) -> None:
    play("""
        clock    | happens            | state   | reason          | hears
        before   | handset off        |         |                 |
        00:00:00 | DK THETHAO -> 9166 | pending |                 |
        12:00:00 |                    | expired | NO_CONFIRMATION |
        12:00:01 | handset on         |         |                 |
    """)


def expiries(story: Story) -> int:
    """How often a request expired, by the evidence."""
    changes = [change for entry in story.entries for change in entry.changes]
    return sum(change.after == "expired" for change in changes)


def window(story: Story) -> tuple[int, int]:
    """When the only request's window opened and ended."""
    (only,) = story.windows.values()
    return only


def printed_deadline(story: Story) -> int:
    """The deadline that the prompt prints, as a time of the story."""
    match = re.search(r"truoc (\d+):(\d+) 14/03", story.messages[0]["text"])
    assert match is not None
    return clock_ms(f"{int(match[1]) - 9}:{match[2]}:00") - BEGINS_AT % clock_ms("00:01:00")
