"""A table that is not so must fail: each column is broken once, and so is the wire."""

import pytest

from tests.scenarios.sayings import name_of
from tests.scenarios.story import Play
from tests.scenarios.table import clock_ms, read
from twofold.world.network import Network

TRUE = """
    clock    | happens             | state   | reason             | paid | hears
    00:00:00 | DK THETHAO -> 9166  | pending |                    |      | confirm_request "soan Y"
    00:01:00 | Y -> 9166           | active  |                    | 2000 | activated
    00:02:00 | HUY THETHAO -> 9166 | ended   | SUBSCRIBER_STOPPED |      | cancel_ack
    00:09:00 |                     |         |                    |      |
"""


def test_a_true_story_is_told(play_once: Play) -> None:
    assert len(play_once(TRUE).messages) == 3


@pytest.mark.parametrize(
    ("true", "false", "complaint"),
    [
        ("| active  |", "| pending |", "state: expected .*pending.*, found .*active"),
        ("| ended   |", "| active  |", "state: expected .*active.*, found .*ended"),
        ("| SUBSCRIBER_STOPPED |", "|  |", "reason: expected \\[\\], found"),
        ("| pending |", "|  |", "state: expected {}, found .*pending"),
        ("| 2000 |", "|  |", "paid: expected '0', found '2000'"),
        ("| 2000 |", "| 4000 |", "paid: expected '4000', found '2000'"),
        ("activated", "activated + refund", "hears: expected 'refund', found ''"),
        ("activated", "", "hears: expected '', found 'activated'"),
        ("activated", "already", "hears: expected 'already', found 'activated'"),
        ('"soan Y"', '"soan OK"', "lacks 'soan OK'"),
        ('"soan Y"', '"<12:01:00>"', "lacks '21:01 14/03'"),
    ],
)
def test_a_table_that_is_not_so_fails(
    play_once: Play, true: str, false: str, complaint: str
) -> None:
    assert true in TRUE
    with pytest.raises(AssertionError, match=complaint):
        play_once(TRUE.replace(true, false))


def test_what_happens_between_two_rows_fails(play_once: Play) -> None:
    with pytest.raises(AssertionError, match="a state changed before this row came"):
        play_once("""
        clock    | happens            | state   | reason          | hears
        00:00:00 | DK THETHAO -> 9166 | pending |                 | confirm_request
        12:30:00 |                    | expired | NO_CONFIRMATION |
        """)


def test_a_message_between_two_rows_fails(play_once: Play) -> None:
    with pytest.raises(AssertionError, match="a message that no row expects came"):
        play_once("""
        clock    | happens              | state          | hears
        before   | SMSC loses 1 answers |                |
        before   | no receipts          |                |
        00:00:00 | DK THETHAO -> 9166   | waiting_prompt | confirm_request
        00:05:00 |                      | pending        |
        """)


def test_a_story_without_smpp_fails(play_once: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """As would one whose texts found a short cut into the engine."""
    monkeypatch.setattr(Network, "carried", lambda *_: None)
    with pytest.raises(AssertionError, match="no SMPP crossed the wire"):
        play_once(TRUE)


def test_two_texts_are_never_taken_for_one_another() -> None:
    assert name_of("Tin la").startswith("? ")
    assert name_of(None).startswith("? ")


def test_a_clock_is_read_to_the_millisecond() -> None:
    assert clock_ms("11:59:59.999") == 43_199_999
    assert clock_ms("36:00:00") == 129_600_000


@pytest.mark.parametrize(
    "table",
    [
        "clock | weather\n00:00:00 | fine",
        "clock | happens\n00:00:00 | DK -> 1 | pending",
        "clock | happens\nnoon | DK -> 1",
        "clock | hears\n00:00:00 | Something else",
    ],
)
def test_a_table_that_cannot_be_read_says_so(table: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read(table)
