"""The same message again: from an SMSC that lost our answer, or a subscriber who is not sure."""

import pytest

from tests.scenarios.story import Play, Story

WITH_ID = {"TWOFOLD_SMSC__0__MO_ID_TLV": "0x1401"}
"""The SMSC gives each message an id of its own, in a vendor's TLV."""

VENDORS = pytest.mark.parametrize("settings", [{}, WITH_ID], ids=["without-id", "with-id"])


@pytest.mark.scenario("S064")
@VENDORS
def test_a_message_that_the_smsc_resends_at_once_has_one_effect(
    play: Play, settings: dict[str, str]
) -> None:
    """The answer to a delivery was lost; the second one is acknowledged and that is all."""
    story = play(
        """
        clock    | happens             | state   | reason               | paid | hears
        00:00:00 | DK THETHAO -> 9166  | pending |                      |      | confirm_request
        00:00:01 | resent twice        |         | RESENT               |      |
        00:10:00 | Y -> 9166           | active  |                      | 2000 | activated
        00:10:01 | resent twice        |         | RESENT               |      |
        00:20:00 | HUY THETHAO -> 9166 | ended   | SUBSCRIBER_STOPPED   |      | cancel_ack
        00:20:01 | resent twice        |         | RESENT               |      |
        """,
        settings=settings,
    )
    assert acknowledged(story)


@pytest.mark.scenario("S064")
def test_a_message_with_an_id_that_the_smsc_resends_hours_later_has_one_effect(play: Play) -> None:
    story = play(
        """
        clock    | happens             | state   | reason               | paid | hears
        00:00:00 | DK THETHAO -> 9166  | pending |                      |      | confirm_request
        02:00:00 | resent              |         | RESENT               |      |
        02:10:00 | Y -> 9166           | active  |                      | 2000 | activated
        04:10:00 | resent              |         | RESENT               |      |
        """,
        settings=WITH_ID,
    )
    assert acknowledged(story)


@pytest.mark.scenario("S064")
def test_a_yes_without_an_id_that_comes_again_hours_later_buys_nothing_more(play: Play) -> None:
    """Nobody can tell it from a second yes: the decision itself is idempotent, and says so."""
    story = play("""
        clock    | happens             | state   | reason               | paid | hears
        00:00:00 | DK THETHAO -> 9166  | pending |                      |      | confirm_request
        00:01:00 | Y -> 9166           | active  |                      | 2000 | activated
        02:01:00 | resent              |         | ALREADY_ACTIVE       |      | already
        02:30:00 | DK THETHAO -> 9166  |         | ALREADY_ACTIVE       |      | already
        04:30:00 | resent              |         | ALREADY_ACTIVE       |      | already
    """)
    assert acknowledged(story)


@pytest.mark.scenario("S065")
def test_three_yeses_start_one_service_and_the_later_ones_are_answered_once(play: Play) -> None:
    play("""
        clock    | happens            | state   | reason         | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending |                |      | confirm_request
        00:01:00 | Y -> 9166          | active  |                | 2000 | activated
        00:03:00 | Y -> 9166          |         | ALREADY_ACTIVE |      | already
        00:05:00 | Y -> 9166          |         | ALREADY_ACTIVE |      |
        00:06:00 | Y THETHAO -> 9166  |         | ALREADY_ACTIVE |      |
        01:00:00 |                    |         |                |      |
    """)


def acknowledged(story: Story) -> bool:
    """Say whether the SMSC has nothing left to deliver: each delivery was answered ESME_ROK."""
    return story.world.smsc.deliveries.under_way == 0
