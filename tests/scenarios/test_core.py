"""The heart of it: two yeses start a service, and nothing less does."""

from contextlib import closing
from hashlib import sha256

import pytest

from tests.scenarios.story import Play, Story
from twofold.store.sqlite import open_database


@pytest.mark.scenario("S001")
def test_two_yeses_start_a_service_once(play: Play) -> None:
    """Nothing is provisioned or charged by the first; the second starts, charges and welcomes."""
    story = play("""
        clock    | happens            | state   | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending |      | confirm_request
                 |                    |         |      |     "Tin the thao 24h" "ABC Media"
                 |                    |         |      |     "2.000d/ngay gom VAT" "tu gia han"
                 |                    |         |      |     "soan Y gui 9166" "truoc <12:00:00>"
                 |                    |         |      |     "HUY THETHAO" "18001091"
        00:01:00 | Y -> 9166          | active  | 2000 | activated
                 |                    |         |      |     "Tin the thao 24h"
                 |                    |         |      |     "2.000d/ngay gom VAT"
                 |                    |         |      |     "tu gia han <day 24:01:00>"
                 |                    |         |      |     "HUY THETHAO gui 9166" "18001091"
        02:00:00 |                    |         |      |
    """)
    expect_whole_evidence(story)


def expect_whole_evidence(story: Story) -> None:
    """Request, prompt, receipt, raw reply and decision, each under its hash."""
    joined, accepted, reported, confirmed = story.entries[:4]
    (request,) = story.requests("THETHAO")
    assert {entry.request for entry in story.entries} == {request}
    assert (joined.heard.raw, joined.heard.short_code) == (b"DK THETHAO", "9166")
    assert [sent.text for sent in joined.sent] == [story.messages[0]["text"]]
    assert accepted.heard.message_ids == (story.messages[0]["message_id"],)
    assert (reported.kind, reported.heard.detail) == ("receipt_arrived", "DELIVERED")
    assert (confirmed.heard.raw, confirmed.heard.text) == (b"Y", "Y")
    assert [change.after for change in confirmed.changes] == ["confirmed", "activating", "active"]
    assert [money.amount_minor for money in confirmed.debits] == [2000]
    assert [sent.text for sent in confirmed.sent] == [story.messages[1]["text"]]
    assert confirmed.at <= story.messages[1]["at_ms"] < confirmed.at + 60_000
    kept = kept_entries(story)
    assert len(kept) == len(story.entries)
    assert all(sha256(salt + document).digest() == digest for salt, digest, document in kept)


def kept_entries(story: Story) -> list[tuple[bytes, bytes, bytes]]:
    """Salt, hash and document of every entry in the file."""
    path = story.world.settings.database.path
    with closing(open_database(path, read_only=True)) as connection:
        rows = connection.cursor().execute("SELECT salt, hash, document FROM entries")
        return [(row[0], row[1], row[2]) for row in rows]


@pytest.mark.scenario("S007")
def test_a_cancel_before_the_yes_ends_the_request(play: Play) -> None:
    play("""
        clock    | happens             | state     | reason               | hears
        00:00:00 | DK THETHAO -> 9166  | pending   |                      | confirm_request
        00:01:00 | HUY THETHAO -> 9166 | cancelled | SUBSCRIBER_CANCELLED | cancelled
                 |                     |           |                      |     "Tin the thao 24h"
        00:02:00 | Y -> 9166           |           | NOTHING_PENDING      | nothing_pending
                 |                     |           |                      |     "khong mat phi"
        02:00:00 |                     |           |                      |
    """)


def test_a_no_ends_the_request(play: Play) -> None:
    """The SMS half of S006: cool-downs bind other channels, which are still to come."""
    play("""
        clock    | happens            | state    | reason              | hears
        00:00:00 | DK THETHAO -> 9166 | pending  |                     | confirm_request
        00:01:00 | TC -> 9166         | declined | SUBSCRIBER_DECLINED | declined "khong mat phi"
        00:02:00 | DK THETHAO -> 9166 | pending  |                     | confirm_request
        00:03:00 | N THETHAO -> 9166  | declined | SUBSCRIBER_DECLINED | declined
        00:04:00 | Y -> 9166          |          | NOTHING_PENDING     | nothing_pending
    """)


def test_a_bare_no_on_the_look_up_code_refuses_all_that_is_pending(play: Play) -> None:
    both = "THETHAO declined, GAME declined"
    play(f"""
        clock    | happens            | state           | reason              | hears
        00:00:00 | DK THETHAO -> 9166 | THETHAO pending |                     | confirm_request
        00:00:10 | DK GAME -> 1579    | THETHAO pending, GAME pending |       | confirm_request
        00:01:00 | N -> 123           | {both}          | SUBSCRIBER_DECLINED | declined + declined
    """)


@pytest.mark.scenario("S070")
def test_asking_again_for_what_is_on_changes_nothing(play: Play) -> None:
    play("""
        clock    | happens            | state   | reason         | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending |                |      | confirm_request
        00:01:00 | Y -> 9166          | active  |                | 2000 | activated
        01:00:00 | DK THETHAO -> 9166 |         | ALREADY_ACTIVE |      | already
                 |                    |         |                |      |     "Tin the thao 24h"
                 |                    |         |                |      |     "2.000d/ngay"
                 |                    |         |                |      |     "<day 24:01:00>"
                 |                    |         |                |      |     "Khong dang ky them"
        01:00:20 | Y -> 9166          |         | ALREADY_ACTIVE |      | already
        02:00:00 |                    |         |                |      |
    """)


ONE_OFF = """
[[partner]]
id = "abc"
name = "ABC Media"
hotline = "19001000"

[[certificate]]
partner = "abc"
number = "123/GCN-CVT"
kind = "content-services"
issuer = "Cục Viễn thông"
valid_from = 2026-01-01
valid_until = 2028-12-31

[[service]]
code = "VE"
partner = "abc"
name = "Vé ngày"
short_code = "9166"
price = 3000
period = "P7D"
auto_renew = false
stage = "on"
"""


@pytest.mark.scenario("S070")
def test_asking_again_never_switches_renewal_on(play: Play) -> None:
    story = play(
        """
        clock    | happens       | state   | reason         | paid | hears
        00:00:00 | DK VE -> 9166 | pending |                |      | confirm_request
        00:01:00 | Y -> 9166     | active  |                | 3000 | activated "khong tu gia han"
        01:00:00 | DK VE -> 9166 |         | ALREADY_ACTIVE |      | already "khong tu gia han"
        """,
        catalogue=ONE_OFF,
    )
    assert [held.terms.auto_renew for held in story.subscriptions] == [False]
