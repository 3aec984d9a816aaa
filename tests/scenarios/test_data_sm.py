"""An SMSC that brings messages and receipts by data_sm: the same road, and the same rules."""

import pytest

from tests.scenarios.story import Play
from twofold.protocol.smpp.pdus import DataSm


@pytest.mark.scenario("S001")
def test_a_journey_by_data_sm_is_like_any_other(play: Play) -> None:
    story = play("""
        clock    | happens                | state   | reason | paid | hears
        before   | SMSC brings by data_sm |         |        |      |
        00:00:00 | DK THETHAO -> 9166     | pending |        |      | confirm_request
        00:01:00 | Y -> 9166              | active  |        | 2000 | activated
        00:02:00 | TK -> 123              |         |        |      | tk_list
        00:03:00 | HUY THETHAO -> 9166    | ended   | SUBSCRIBER_STOPPED | | cancel_ack
    """)
    kinds = [entry.kind for entry in story.entries]
    assert kinds.count("receipt_arrived") == 3, "receipts are matched as well"
    assert "UNKNOWN_RECEIPT" not in [entry.reason for entry in story.entries]
    (asked, *_) = [entry.heard for entry in story.entries if entry.heard.text]
    assert (asked.raw, asked.text) == (b"DK THETHAO", "DK THETHAO")


@pytest.mark.scenario("S032")
@pytest.mark.parametrize("manner", ["header", "TLV, backwards", "payload"])
def test_long_messages_are_joined_by_data_sm_too(play_once: Play, manner: str) -> None:
    play_once(
        f"""
        clock    | happens                   | state   | reason | paid | hears
        before   | SMSC brings by data_sm    |         |        |      |
        before   | long messages by {manner} |         |        |      |
        00:00:00 | {{said}} -> 9166          | pending |        |      | confirm_request
        """,
        said="DK" + " " * 158 + "THETHAO",
    )


@pytest.mark.scenario("S064")
def test_a_message_that_comes_again_in_the_other_command_is_a_resend(play: Play) -> None:
    story = play("""
        clock    | happens                   | state   | reason | paid | hears
        00:00:00 | DK THETHAO -> 9166        | pending |        |      | confirm_request
        00:00:01 | SMSC brings by data_sm    |         |        |      |
        00:00:02 | resent                    |         | RESENT |      |
        00:01:00 | Y -> 9166                 | active  |        | 2000 | activated
        00:01:01 | SMSC brings by deliver_sm |         |        |      |
        00:01:02 | resent                    |         | RESENT |      |
    """)
    assert not any(isinstance(pdu, DataSm) for pdu in story.delivered), "by the same message"


@pytest.mark.scenario("S032")
@pytest.mark.parametrize("lack", ["without a text", "with an empty text", "about no message"])
def test_a_data_sm_that_says_nothing_confirms_nothing(play_once: Play, lack: str) -> None:
    play_once(f"""
        clock    | happens            | state   | reason         | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending |                |      | confirm_request
        00:00:10 | data_sm {lack}     |         | NOT_UNDERSTOOD |      | help
        00:01:00 | Y -> 9166          | active  |                | 2000 | activated
    """)
