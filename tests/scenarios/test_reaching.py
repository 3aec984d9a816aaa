"""What reaches a subscriber: not at night, in their language, and only what texts can reach."""

import pytest

from tests.scenarios.conftest import differ
from tests.scenarios.story import Play


@pytest.mark.scenario("S005")
@pytest.mark.usefixtures("expiry_notice")
def test_a_notice_of_expiry_by_day_is_sent_at_once(play: Play) -> None:
    """The story begins at nine in the morning, and a window of twelve hours ends by day."""
    play("""
        clock    | happens            | state   | reason          | hears
        00:00:00 | DK THETHAO -> 9166 | pending |                 | confirm_request
        12:00:00..12:00:02 |          | expired | NO_CONFIRMATION | expired "DK THETHAO gui 9166"
        12:59:00 | DK THETHAO -> 9166 | pending |                 | confirm_request
        13:30:00 | DK GAME -> 1579    | THETHAO pending, GAME pending | | confirm_request
        24:59:00..24:59:02 |          | THETHAO expired, GAME pending | NO_CONFIRMATION | expired
        25:30:00..25:30:02 |          | THETHAO expired, GAME expired | NO_CONFIRMATION | expired
    """)


@pytest.mark.scenario("S005")
def test_a_window_that_ends_at_night_is_told_of_at_seven(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A window of fourteen hours that begins at nine ends at eleven in the evening."""
    differ(monkeypatch, expiry_notice=True, window_ms=14 * 3_600_000)
    play("""
        clock    | happens            | state   | reason          | hears
        00:00:00 | DK THETHAO -> 9166 | pending |                 | confirm_request
        14:00:00..14:00:02 |          | expired | NO_CONFIRMATION |
        21:59:20 |                    |         |                 |
        21:59:25..21:59:27 |          |         |                 | expired
    """)


@pytest.mark.scenario("S005")
def test_an_urgent_notice_is_sent_at_night(
    play_once: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    differ(monkeypatch, expiry_notice=True, expiry_notice_urgent=True, window_ms=14 * 3_600_000)
    play_once("""
        clock    | happens            | state   | reason          | hears
        00:00:00 | DK THETHAO -> 9166 | pending |                 | confirm_request
        14:00:00..14:00:02 |          | expired | NO_CONFIRMATION | expired
    """)


@pytest.mark.scenario("S086")
def test_who_asks_for_english_is_served_in_english_until_they_ask_otherwise(play: Play) -> None:
    story = play("""
        clock    | happens            | state   | reason | paid | hears
        00:00:00 | en -> 9166         |         |        |      | language_set "VI gui 123"
        00:01:00 | crash              |         |        |      |
        00:02:00 | tiếng việt -> 123  |         |        |      | language_set "EN to 123"
        00:03:00 | DK THETHAO -> 9166 | pending |        |      | confirm_request "tu gia han"
    """)
    assert [message["text"][:20] for message in story.messages[:2]] == [
        "You will get our tex",
        "Tu nay nha mang gui ",
    ]


@pytest.mark.scenario("S023")
def test_a_number_that_no_text_reaches_is_flagged_and_joins_nothing(play: Play) -> None:
    story = play("""
        clock    | happens            | state         | reason               | hears
        before   | texts fail         |               |                      |
        00:00:00 | DK THETHAO -> 9166 | undeliverable | PROMPT_NOT_DELIVERED |
        00:20:00 | DK THETHAO -> 9166 |               | NO_SMS_CAPABILITY |
        05:00:00 |                    |               |                      |
    """)
    assert story.subscriptions == []
