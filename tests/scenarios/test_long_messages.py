"""Long messages and odd alphabets: put together first, judged as a whole, never a yes by a part."""

import pytest

from tests.scenarios.story import Play

LONG = "Toi " + "rat " * 40 + "Y THETHAO " + "nhe " * 10
"""Two segments, and a yes in their midst."""

MANNERS = [
    "long messages by header",
    "long messages by header, backwards",
    "long messages by wide header",
    "long messages by TLV",
    "long messages by TLV, backwards",
    "long messages by payload",
]


@pytest.mark.scenario("S032")
@pytest.mark.parametrize("manner", MANNERS)
def test_a_long_reply_with_a_yes_in_it_is_no_yes(play_once: Play, manner: str) -> None:
    story = play_once(
        f"""
        clock    | happens            | state   | reason         | paid | hears
        before   | {manner}           |         |                |      |
        00:00:00 | DK THETHAO -> 9166 | pending |                |      | confirm_request
        00:01:00 | {{said}} -> 9166   |         | NOT_UNDERSTOOD |      | help
        00:30:00 | Y -> 9166          | active  |                | 2000 | activated
        """,
        said=LONG,
    )
    (whole,) = [entry for entry in story.entries if entry.reason == "NOT_UNDERSTOOD"]
    assert whole.heard.text == LONG
    assert whole.kind == "message_received"


@pytest.mark.scenario("S032")
@pytest.mark.parametrize("manner", MANNERS)
def test_a_long_message_is_what_it_says_as_a_whole(play_once: Play, manner: str) -> None:
    """Blanks around a keyword are nothing, wherever the message was cut."""
    play_once(
        f"""
        clock    | happens            | state   | reason | paid | hears
        before   | {manner}           |         |        |      |
        00:00:00 | {{said}} -> 9166   | pending |        |      | confirm_request
        """,
        said="DK" + " " * 158 + "THETHAO",
    )


@pytest.mark.scenario("S032")
def test_parts_that_come_again_change_nothing(play: Play) -> None:
    play(
        """
        clock    | happens            | state   | reason         | hears
        00:00:00 | DK THETHAO -> 9166 | pending |                | confirm_request
        00:01:00 | {said} -> 9166     |         | NOT_UNDERSTOOD | help
        00:01:05 | both parts again   |         | RESENT         |
        00:05:00 | both parts again   |         | RESENT         |
        00:30:00 |                    |         |                |
        """,
        said=LONG,
    )


@pytest.mark.scenario("S032")
def test_a_part_that_stays_alone_is_never_a_yes(play: Play) -> None:
    """It is kept over a crash, and given up after ten minutes."""
    story = play("""
        clock              | happens            | state   | reason     | hears
        00:00:00           | DK THETHAO -> 9166 | pending |            | confirm_request
        00:01:00           | a first part alone |         |            |
        00:02:00           | crash              |         |            |
        00:10:30..00:12:00 |                    |         | INCOMPLETE | help
        00:30:00           |                    |         |            |
    """)
    story.world.look_back()
    assert story.world.reading.execute("SELECT count(*) FROM fragments").fetchall() == [(0,)]
    (part,) = [entry for entry in story.entries if entry.kind == "part_received"]
    assert part.heard.raw.endswith(b"Y")


@pytest.mark.scenario("S033")
@pytest.mark.parametrize("said", ["Y in Turkish", "Y in Hindi", "Y in Urdu"])
def test_a_text_in_a_national_alphabet_is_read_by_its_table(play: Play, said: str) -> None:
    play(f"""
        clock    | happens            | state   | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending |      | confirm_request
        00:01:00 | {said}             | active  | 2000 | activated
    """)


@pytest.mark.scenario("S033")
@pytest.mark.parametrize("said", ["Y in an unknown alphabet", "Y as data"])
def test_what_cannot_be_read_is_no_yes_and_is_kept(play: Play, said: str) -> None:
    story = play(f"""
        clock    | happens            | state   | reason      | hears
        00:00:00 | DK THETHAO -> 9166 | pending |             | confirm_request
        00:01:00 | {said}             |         | UNDECODABLE | help
    """)
    (kept,) = [entry for entry in story.entries if entry.reason == "UNDECODABLE"]
    assert kept.heard.raw.endswith(b"Y")
    assert story.world.smsc.deliveries.under_way == 0
