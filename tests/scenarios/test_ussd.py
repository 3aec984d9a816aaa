"""USSD over the SMPP link: it asks, refuses, looks up, is answered on a screen, confirms nothing.

The screen stands behind what is dialled; `hears` is what comes by SMS, as in every story.
"""

import pytest

from tests.scenarios.story import Play, Story
from twofold.evidence.entry import Via
from twofold.protocol.smpp.constants import Tag
from twofold.protocol.smpp.pdus import SubmitSm


def screens(story: Story) -> list[SubmitSm]:
    """The submit_sm that answered sessions."""
    found = [pdu for _, pdu in story.submitted if pdu.tlv(Tag.USSD_SERVICE_OP) is not None]
    assert story.world.dialling.refused == 0, "a screen that fits no session"
    return found


@pytest.mark.scenario("S002")
def test_a_wish_by_ussd_is_asked_about_by_sms_and_a_yes_by_ussd_is_none(play: Play) -> None:
    story = play("""
        clock    | happens                                   | state   | reason    | paid | hears
        00:00:00 | dials *9166*THETHAO# -> 9166: ussd_asked "the thao" "9166" "tra loi SMS do" | pending | | | confirm_request
        00:00:10 | dials Y -> 9166: ussd_sms_alone           |         | SMS_ALONE |      |
        00:00:20 | dials by 18 Y -> 9166: ussd_sms_alone     |         | SMS_ALONE |      |
        00:00:30 | dials *9166*Y*THETHAO# -> 9166: ussd_sms_alone |    | SMS_ALONE |      |
        00:01:00 | Y -> 9166                                 | active  |           | 2000 | activated
    """)  # noqa: E501 - a screen and its words are one cell
    (first, *_) = story.entries
    assert (first.kind, first.heard.via) == ("ussd_received", Via(channel="ussd"))
    assert (first.heard.raw, first.heard.text) == (b"*9166*THETHAO#", "THETHAO")
    (sent,) = [sent for sent in first.sent if sent.kind == "answer_ussd"]
    assert sent.text == screens(story)[0].short_message.decode("ascii")
    assert [held.channel for held in story.subscriptions] == ["ussd"]


@pytest.mark.scenario("S002")
def test_a_session_is_answered_as_the_gateway_knows_it_and_released(play_once: Play) -> None:
    story = play_once("""
        clock    | happens                             | state   | reason       | hears
        00:00:00 | dials *9166*THETHAO# -> 9166: ussd_asked | pending |         | confirm_request
        00:00:10 | dials by 0 DK THETHAO -> 9166: ussd_asked |    | REQUEST_OPEN |
        00:00:20 | dials by 18 THETHAO -> 9166: ussd_asked |      | REQUEST_OPEN |
    """)
    answers = screens(story)
    operations = [pdu.tlv(Tag.USSD_SERVICE_OP) for pdu in answers]
    assert operations == [b"\x11", b"\x10", b"\x11"], "PSSR and PSSD response, both final"
    asked = [pdu.tlv(Tag.ITS_SESSION_INFO) for pdu in story.delivered]
    assert [pdu.tlv(Tag.ITS_SESSION_INFO) for pdu in answers] == [
        bytes((info[0], 1)) for info in asked if info
    ]
    for pdu in answers:
        assert (pdu.service_type, pdu.source_addr) == ("USSD", "9166")
        assert (pdu.dest_addr_ton, pdu.destination_addr) == (1, story.phone)
        assert (pdu.validity_period, pdu.registered_delivery) == ("", 0)


@pytest.mark.scenario("S002")
def test_a_stop_by_ussd_counts_and_is_told_twice(play: Play) -> None:
    story = play("""
        clock    | happens                                    | state   | reason | paid | hears
        00:00:00 | DK THETHAO -> 9166                         | pending |        |      | confirm_request
        00:01:00 | Y -> 9166                                  | active  |        | 2000 | activated
        00:02:00 | dials *123*HUY*THETHAO# -> 123: cancel_ack | ended | SUBSCRIBER_STOPPED | | cancel_ack
        00:03:00 | dials HUY -> 123: nothing_to_stop          |         | NOTHING_TO_STOP | |
    """)  # noqa: E501
    (stop,) = [entry for entry in story.entries if entry.heard.text == "HUY THETHAO"]
    assert (stop.kind, stop.heard.via) == ("ussd_received", Via(channel="ussd"))


@pytest.mark.scenario("S002")
@pytest.mark.parametrize(
    ("typed", "state", "reason", "screen"),
    [
        ("N", "declined", "SUBSCRIBER_DECLINED", "declined"),
        ("HUY", "cancelled", "SUBSCRIBER_CANCELLED", "cancelled"),
        ("*9166*KHONG#", "declined", "SUBSCRIBER_DECLINED", "declined"),
    ],
)
def test_a_no_by_ussd_counts(
    play_once: Play, typed: str, state: str, reason: str, screen: str
) -> None:
    """Its answer is shown, and not sent as well: it is worth little later."""
    play_once(f"""
        clock    | happens                         | state   | reason          | hears
        00:00:00 | dials THETHAO -> 9166: ussd_asked | pending |               | confirm_request
        00:01:00 | dials {typed} -> 9166: {screen} | {state} | {reason}        |
        00:02:00 | Y -> 9166                       |         | NOTHING_PENDING | nothing_pending
    """)


@pytest.mark.scenario("S002")
def test_a_look_up_by_ussd_is_on_the_screen_or_comes_by_sms_where_it_is_long(play: Play) -> None:
    play("""
        clock    | happens                              | state | reason | paid | hears
        00:00:00 | dials TK -> 123: tk_empty            |       |        |      |
        00:01:00 | DK THETHAO -> 9166                   | pending |      |      | confirm_request
        00:02:00 | Y -> 9166                            | active |       | 2000 | activated
        00:03:00 | dials *123*TK# -> 123: ussd_by_sms   |       |        |      | tk_list "THETHAO"
    """)


@pytest.mark.scenario("S002")
@pytest.mark.parametrize(
    ("before", "typed", "state", "reason", "screen"),
    [
        ("CHAN -> 123", "THETHAO", "refused", "BLOCK_LISTED", "blocked"),
        ("CHAN -> 123", "MO", "", "SMS_ALONE", "ussd_sms_alone"),
        ("flag child_line", "THETHAO", "refused", "MINOR_PROTECTED", "minor_protected"),
        ("number is barred", "THETHAO", "refused", "NUMBER_BARRED", "number_not_served"),
        ("flag do_not_call", "TRUYEN", "refused", "NOT_ROLLED_OUT", "not_on_air"),
        ("flag do_not_call", "DK BOITOAN", "refused", "CERTIFICATE_INVALID", "not_on_air"),
        ("flag do_not_call", "DK NOSUCH", "", "UNKNOWN_SERVICE", "not_on_air"),
        ("flag do_not_call", "*9166#", "", "NOT_UNDERSTOOD", "help"),
        ("flag do_not_call", "1", "", "NOT_UNDERSTOOD", "help"),
    ],
)
def test_a_refusal_is_on_the_screen_with_its_reason(
    play_once: Play, before: str, typed: str, state: str, reason: str, screen: str
) -> None:
    told = "blocked_on" if "CHAN" in before else ""
    play_once(f"""
        clock    | happens                         | state   | reason   | hears
        00:00:00 | {before}                        |         |          | {told}
        00:01:00 | dials {typed} -> 9166: {screen} | {state} | {reason} |
    """)


@pytest.mark.scenario("S002")
def test_what_explains_is_said_so_often_and_every_session_has_an_answer(play_once: Play) -> None:
    play_once("""
        clock    | happens                     | reason         | hears
        00:00:00 | dials 1 -> 9166: help       | NOT_UNDERSTOOD |
        00:00:10 | dials 1 -> 9166: ussd_unchanged | NOT_UNDERSTOOD |
    """)


@pytest.mark.scenario("S002")
@pytest.mark.parametrize("end", ["a notification is confirmed", "a session is aborted"])
def test_the_end_of_a_session_is_no_wish(play_once: Play, end: str) -> None:
    story = play_once(f"""
        clock    | happens                   | state   | hears
        00:00:00 | {end}                     |         |
        00:01:00 | dials THETHAO -> 9166: ussd_asked | pending | confirm_request
    """)
    assert [entry.kind for entry in story.entries].count("ussd_received") == 1


@pytest.mark.scenario("S002")
def test_a_session_that_comes_by_data_sm_is_answered_alike(play_once: Play) -> None:
    play_once("""
        clock    | happens                           | state   | hears
        before   | SMSC brings by data_sm            |         |
        00:00:00 | dials THETHAO -> 9166: ussd_asked | pending | confirm_request
    """)
