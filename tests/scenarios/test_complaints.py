"""A complaint by SMS: the charges stop first, and nobody is left without an answer."""

import pytest

from tests.scenarios.story import Play
from twofold.domain.reason import Reason


@pytest.mark.scenario("S095")
def test_a_complaint_stops_the_charges_and_says_by_when_it_is_answered(play: Play) -> None:
    story = play("""
        clock    | happens            | state     | reason              | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending   |                     |      | confirm_request
        00:01:00 | Y -> 9166          | active    |                     | 2000 | activated
        01:00:00 | KN THETHAO -> 123  | suspended | SUBSCRIBER_DISPUTED |      | complaint_open
                 |                    |           |                     |      |     "Tin the thao"
                 |                    |           |                     |      |     "ngung thu phi"
                 |                    |           |                     |      |     "<25:00:00>"
        01:00:30 | crash              |           |                     |      |
        01:01:00 | KN THETHAO -> 1579 |           |                     |      | complaint_status
        01:02:00 | TK -> 123          |           |                     |      | tk_list
                 |                    |           |                     |      |     "khong thu phi"
        01:03:00 | DK THETHAO -> 9166 |           | SUBSCRIBER_DISPUTED |      | disputed
        49:00:00 |                    |           |                     |      |
    """)
    (opened,) = [entry for entry in story.entries if entry.complaint]
    id_, state = opened.complaint.split()
    assert state == "open"
    assert opened.request == story.requests("THETHAO")[0]
    assert f"khieu nai {id_} ve" in story.messages[2]["text"]
    assert [held.reason for held in story.subscriptions] == [Reason.SUBSCRIBER_DISPUTED]


def test_a_service_that_is_over_may_be_complained_about(play_once: Play) -> None:
    play_once("""
        clock    | happens             | state   | reason              | paid | hears
        00:00:00 | DK THETHAO -> 9166  | pending |                     |      | confirm_request
        00:01:00 | Y -> 9166           | active  |                     | 2000 | activated
        00:02:00 | HUY THETHAO -> 123  | ended   | SUBSCRIBER_STOPPED  |      | cancel_ack
        30:00:00 | kn thethao -> 9166  |         | SUBSCRIBER_DISPUTED |      | complaint_open
        30:01:00 | KN THETHAO -> 123   |         |                     |      | complaint_status
    """)


def test_who_complains_of_nothing_is_told_what_could_be_meant(play_once: Play) -> None:
    play_once("""
        clock    | happens            | state   | reason            | paid | hears
        00:00:00 | KN -> 123          |         | COMPLAINT_UNCLEAR |      | nothing_to_complain
        00:01:00 | DK THETHAO -> 9166 | pending |                   |      | confirm_request
        00:02:00 | Y -> 9166          | active  |                   | 2000 | activated
        00:03:00 | KN XOSO -> 123     |         | COMPLAINT_UNCLEAR |      | complain_which
                 |                    |         |                   |      |     "KN THETHAO gui"
    """)


def test_a_complaint_about_a_prompt_refuses_it(play_once: Play) -> None:
    play_once("""
        clock    | happens            | state    | reason              | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending  |                     |      | confirm_request
        00:01:00 | KN THETHAO -> 123  | declined | SUBSCRIBER_DISPUTED |      | complaint_open
                 |                    |          |                     |      |     + declined
        00:02:00 | Y -> 9166          |          | NOTHING_PENDING     |      | nothing_pending
    """)
