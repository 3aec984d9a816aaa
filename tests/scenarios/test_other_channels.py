"""No channel skips the SMS: what others ask for over HTTP, and what the subscriber says to it."""

import pytest

from tests.scenarios.calling import DOORS
from tests.scenarios.conftest import differ
from tests.scenarios.story import Play

NO, NONE = "SUBSCRIBER_DECLINED", "NO_CONFIRMATION"
TAKEN, PROMPT = "201 waiting_prompt", "confirm_request"


@pytest.mark.scenario("S002")
@pytest.mark.parametrize("who", ["ussd", "web", "app", "ivr", "care", "abc"])
def test_every_channel_brings_the_prompt_that_an_sms_brings_and_needs_the_same_reply(
    play_once: Play, who: str
) -> None:
    by_sms = play_once("""
        clock    | happens            | state   | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending |      | confirm_request
        00:01:00 | Y -> 9166          | active  | 2000 | activated
    """)
    story = play_once(f"""
        clock    | happens                | state   | paid | answers | hears
        00:00:00 | {who} asks for THETHAO | pending |      | {TAKEN} | {PROMPT}
        00:01:00 | Y -> 9166              | active  | 2000 |         | activated
    """)
    assert story.messages[0]["text"] == by_sms.messages[0]["text"]


@pytest.mark.scenario("S002", "S004")
@pytest.mark.parametrize(("first", "second"), [("abc", "app"), ("web", "care"), ("ussd", "ivr")])
def test_through_no_channel_silence_is_a_yes(play_once: Play, first: str, second: str) -> None:
    waiting = "THETHAO pending"
    play_once(f"""
        clock | happens | state | reason | paid | answers | hears
        00:00:00 | {first} asks for THETHAO | {waiting} |  |      | {TAKEN} | {PROMPT}
        00:10:00 | {second} asks for NHAC | {waiting}, NHAC pending |  |      | {TAKEN} | {PROMPT}
        12:00:00 |  | THETHAO expired, NHAC pending | {NONE} | 0    |  |
        12:10:00 |  | THETHAO expired, NHAC expired | {NONE} | 0    |  |
    """)


@pytest.mark.scenario("S003")
def test_a_partner_provides_and_charges_nothing_before_the_yes_and_nothing_after_the_stop(
    play: Play,
) -> None:
    refused = "409 CONSENT_REQUIRED"
    story = play(f"""
        clock | happens | state | reason | paid | answers | hears
        00:00:00 | DK GAME -> 1579 | pending |  |      |  | {PROMPT}
        00:01:00 | xyz delivers GAME |  | CONSENT_REQUIRED |      | {refused} |
        00:02:00 | xyz charges GAME |  | CONSENT_REQUIRED |      | {refused} |
        00:03:00 | Y -> 1579 | active |  | 5000 |  | activated
        00:04:00 | xyz delivers GAME |  |  |      | 201 noted |
        00:05:00 | xyz charges GAME |  | PERIODS_CHARGED_HERE |      | 409 PERIODS_CHARGED_HERE |
        00:06:00 | abc delivers GAME |  | CONSENT_REQUIRED |      | {refused} |
        00:07:00 | HUY GAME -> 1579 | ended | SUBSCRIBER_STOPPED |      |  | cancel_ack
        00:08:00 | xyz delivers GAME |  | CONSENT_REQUIRED |      | {refused} |
    """)
    assert story.alarms == {
        ("partner:xyz", "CONSENT_REQUIRED"): 3,
        ("partner:abc", "CONSENT_REQUIRED"): 1,
    }


@pytest.mark.scenario("S006")
def test_what_the_subscriber_refused_no_channel_asks_about_for_a_day(play_once: Play) -> None:
    rests = "COOL_DOWN | 409 COOL_DOWN"
    play_once(f"""
        clock    | happens               | state    | reason | answers | hears
        00:00:00 | abc asks for THETHAO  | pending  |        | {TAKEN} | {PROMPT}
        00:01:00 | N -> 9166             | declined | {NO}   |         | declined
        00:02:00 | abc asks for THETHAO  | refused  | {rests} |
        00:03:00 | web asks for THETHAO  |          | {rests} |
        00:04:00 | app asks for THETHAO  |          | {rests} |
        00:05:00 | ivr asks for THETHAO  |          | {rests} |
        00:06:00 | care asks for THETHAO |          | {rests} |
        24:00:59 | abc asks for THETHAO  |          | {rests} |
        24:01:01 | abc asks for THETHAO  | pending  |        | {TAKEN} | {PROMPT}
    """)


@pytest.mark.scenario("S006")
@pytest.mark.parametrize("again", ["DK THETHAO -> 9166", "ussd asks for THETHAO"])
def test_who_refused_may_start_over_at_once_from_their_own_sim(play_once: Play, again: str) -> None:
    told = "201 waiting_prompt" if "ussd" in again else ""
    play_once(f"""
        clock    | happens              | state    | reason    | paid | answers       | hears
        00:00:00 | abc asks for THETHAO | pending  |           |      | {TAKEN}       | {PROMPT}
        00:01:00 | N -> 9166            | declined | {NO}      |      |               | declined
        00:02:00 | abc asks for THETHAO | refused  | COOL_DOWN |      | 409 COOL_DOWN |
        00:03:00 | {again}              | pending  |           |      | {told}        | {PROMPT}
        00:04:00 | Y -> 9166            | active   |           | 2000 |               | activated
    """)


@pytest.mark.scenario("S006")
def test_two_prompts_without_an_answer_keep_others_away_for_as_long_as_the_policy_says(
    play_once: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Vietnamese pack says a window of twelve hours, and a week."""
    differ(monkeypatch, window_ms=3_600_000, rest_after_silence_ms=7 * 3_600_000)
    play_once(f"""
        clock    | happens               | state   | reason    | answers       | hears
        00:00:00 | abc asks for THETHAO  | pending |           | {TAKEN}       | {PROMPT}
        01:00:00 |                       | expired | {NONE}    |               |
        02:00:00 | web asks for THETHAO  | pending |           | {TAKEN}       | {PROMPT}
        03:00:00 |                       | expired | {NONE}    |               |
        03:00:10 | abc asks for THETHAO  | refused | COOL_DOWN | 409 COOL_DOWN |
        09:59:59 | care asks for THETHAO |         | COOL_DOWN | 409 COOL_DOWN |
        10:00:10 | DK THETHAO -> 9166    | pending |           |               | {PROMPT}
    """)


@pytest.mark.scenario("S042", "S101")
def test_whatever_door_a_partner_tries_it_never_answers_for_the_subscriber(play: Play) -> None:
    refused = " + ".join(["403 UNTRUSTED_SOURCE"] * len(DOORS))
    story = play(f"""
        clock    | happens                | state    | reason           | answers   | hears
        00:00:00 | abc asks for THETHAO   | pending  |                  | {TAKEN}   | {PROMPT}
        00:01:00 | abc replies to THETHAO |          | UNTRUSTED_SOURCE | {refused} |
        00:02:00 | xyz replies to THETHAO |          | UNTRUSTED_SOURCE | {refused} |
        00:03:00 | N -> 9166              | declined | {NO}             |           | declined
    """)
    claimed = [entry for entry in story.entries if entry.kind == "reply_claimed"]
    assert len(claimed) == 2 * len(DOORS)
    assert {entry.reason for entry in claimed} == {"UNTRUSTED_SOURCE"}
    assert story.alarms["partner:abc", "UNTRUSTED_SOURCE"] == len(DOORS)


@pytest.mark.scenario("S037", "S043")
def test_two_channels_at_once_make_one_request_and_one_prompt(play: Play) -> None:
    both = "app asks for THETHAO, and at once abc asks for THETHAO"
    told = "200 waiting_prompt + 201 waiting_prompt"
    story = play(f"""
        clock    | happens               | state   | reason       | paid | answers     | hears
        00:00:00 | {both}                | pending | REQUEST_OPEN |      | {told}      | {PROMPT}
        00:01:00 | care asks for THETHAO |         | REQUEST_OPEN |      | 200 pending |
        00:02:00 | Y -> 9166             | active  |              | 2000 |             | activated
    """)
    assert len(story.requests("THETHAO")) == 1


@pytest.mark.scenario("S067")
def test_a_call_posted_again_has_its_answer_and_no_second_effect_over_a_crash_too(
    play: Play,
) -> None:
    asks = "abc asks for THETHAO as k-1"
    both = "THETHAO pending, NHAC pending"
    story = play(f"""
        clock    | happens                  | state           | answers        | hears
        00:00:00 | {asks}                   | THETHAO pending | {TAKEN}        | {PROMPT}
        00:01:00 | {asks}                   |                 | {TAKEN}        |
        00:02:00 | crash                    |                 |                |
        00:03:00 | {asks}                   |                 | {TAKEN}        |
        00:04:00 | abc asks for NHAC as k-1 |                 | 422 KEY_REUSED |
        00:05:00 | web asks for NHAC as k-1 | {both}          | {TAKEN}        | {PROMPT}
    """)
    assert len(story.requests("THETHAO")) == 1
