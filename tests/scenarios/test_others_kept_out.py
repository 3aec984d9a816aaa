"""What protects a number from whoever asks over HTTP: who is refused, and who hears of it."""

import pytest

from tests.scenarios.story import Play

CANCEL = "SUBSCRIBER_CANCELLED"
DAY_LIMIT, LIMIT = "SERVICE_RATE_LIMIT", "SUBSCRIBER_RATE_LIMIT"
TAKEN, PROMPT = "201 waiting_prompt", "confirm_request"


@pytest.mark.scenario("S072")
def test_a_third_prompt_about_one_service_in_a_day_is_refused_and_only_who_asks_hears_of_it(
    play_once: Play,
) -> None:
    refused = f"{DAY_LIMIT} | 409 {DAY_LIMIT}"
    play_once(f"""
        clock    | happens            | state     | reason   | answers | hears
        00:00:00 | xyz asks for GAME  | pending   |          | {TAKEN} | {PROMPT}
        00:01:00 | HUY GAME -> 1579   | cancelled | {CANCEL} |         | cancelled
        00:30:00 | app asks for GAME  | pending   |          | {TAKEN} | {PROMPT}
        00:31:00 | HUY GAME -> 1579   | cancelled | {CANCEL} |         | cancelled
        02:00:00 | xyz asks for GAME  | refused   | {refused} |
        02:01:00 | care asks for GAME |           | {refused} |
        02:02:00 | DK GAME -> 1579    | pending   |          |         | {PROMPT}
    """)


@pytest.mark.scenario("S077")
def test_the_fourth_prompt_in_an_hour_over_all_partners_is_refused_and_alarmed(play: Play) -> None:
    both, refused = "THETHAO pending, GAME pending", f"{LIMIT} | 409 {LIMIT}"
    ended = "THETHAO pending, GAME cancelled"
    story = play(f"""
        clock    | happens              | state                | reason   | answers | hears
        00:00:00 | abc asks for THETHAO | THETHAO pending      |          | {TAKEN} | {PROMPT}
        00:01:00 | xyz asks for GAME    | {both}               |          | {TAKEN} | {PROMPT}
        00:02:00 | HUY GAME -> 1579     | {ended}              | {CANCEL} |         | cancelled
        00:03:00 | xyz asks for GAME    | {both}               |          | {TAKEN} | {PROMPT}
        00:04:00 | abc asks for NHAC    | {both}, NHAC refused | {refused} |
        00:05:00 | app asks for NHAC    |                      | {refused} |
        00:06:00 | DK NHAC -> 9166      |                      | {LIMIT}  |         | try_later
        00:07:00 | DK NHAC -> 9166      |                      | {LIMIT}  |         |
        00:59:59 | abc asks for NHAC    |                      | {refused} |
        01:00:01 | abc asks for NHAC    | {both}, NHAC pending |          | {TAKEN} | {PROMPT}
    """)
    assert story.alarms == {("partner:abc", LIMIT): 2, ("app:", LIMIT): 1}


@pytest.mark.scenario("S002")
def test_from_ten_at_night_to_seven_in_the_morning_only_the_subscribers_own_act_brings_a_prompt(
    play_once: Play,
) -> None:
    """The story begins at 09:00:34.567 where the operator is."""
    night, over = "QUIET_HOURS | 409 QUIET_HOURS", f"cancelled | {CANCEL}"
    ended = "THETHAO cancelled"
    play_once(f"""
        clock    | happens             | state   | reason | answers | hears
        12:00:00 | abc asks for THETHAO unproved | pending |        | {TAKEN} | {PROMPT}
        12:01:00 | HUY THETHAO -> 9166 | {over}  |  | cancelled
        12:59:24 | web asks for THETHAO unproved | pending |        | {TAKEN} | {PROMPT}
        12:59:25 | HUY THETHAO -> 9166 | {over}  |  | cancelled
        12:59:26 | web asks for NHAC unproved | {ended}, NHAC refused | {night} |
        12:59:27 | abc asks for NHAC unproved |         | {night} |
        21:59:24 | abc asks for NHAC unproved |         | {night} |
        21:59:26 | abc asks for NHAC unproved | {ended}, NHAC pending |        | {TAKEN} | {PROMPT}
    """)


ASKED_AT_NIGHT = [
    ("abc asks for THETHAO", "xyz asks for GAME", "web asks for NHAC"),
    ("app asks for THETHAO unproved", "ivr asks for GAME unproved", "care asks for NHAC unproved"),
    ("ussd asks for THETHAO unproved", "DK GAME -> 1579", "app asks for NHAC"),
]


@pytest.mark.parametrize(("first", "second", "third"), ASKED_AT_NIGHT)
def test_a_proof_or_the_operators_own_channel_brings_one_at_night(
    play_once: Play, first: str, second: str, third: str
) -> None:
    told = "" if "DK" in second else TAKEN
    play_once(f"""
        clock    | happens  | state                                       | answers | hears
        14:00:00 | {first}  | THETHAO pending                             | {TAKEN} | {PROMPT}
        14:01:00 | {second} | THETHAO pending, GAME pending               | {told}  | {PROMPT}
        14:02:00 | {third}  | THETHAO pending, GAME pending, NHAC pending | {TAKEN} | {PROMPT}
    """)


@pytest.mark.scenario("S075")
@pytest.mark.parametrize("who", ["abc", "web"])
def test_a_number_on_the_do_not_call_register_is_not_invited_by_day_either(
    play_once: Play, who: str
) -> None:
    play_once(f"""
        clock    | happens                | state   | reason      | answers         | hears
        before   | flag do_not_call       |         |             |                 |
        00:00:00 | {who} asks for THETHAO unproved | refused | DO_NOT_CALL | 409 DO_NOT_CALL |
        00:01:00 | {who} asks for THETHAO | pending |             | {TAKEN}         | {PROMPT}
    """)


@pytest.mark.scenario("S074")
def test_a_number_that_is_shut_is_asked_through_no_channel(play_once: Play) -> None:
    shut = "BLOCK_LISTED | 409 BLOCK_LISTED"
    play_once(f"""
        clock    | happens               | state   | reason | answers | hears
        00:00:00 | CHAN -> 123           |         |        |         | blocked_on
        00:01:00 | abc asks for THETHAO  | refused | {shut} |
        00:02:00 | care asks for THETHAO |         | {shut} |
        00:03:00 | ussd asks for THETHAO |         | {shut} |
        00:04:00 | MO -> 123             |         |        |         | blocked_off
        00:05:00 | abc asks for THETHAO  | pending |        | {TAKEN} | {PROMPT}
    """)


@pytest.mark.scenario("S076")
@pytest.mark.parametrize("flag", ["child_line", "parental_lock"])
def test_a_childs_line_is_asked_through_no_channel(play_once: Play, flag: str) -> None:
    minor = "MINOR_PROTECTED | 409 MINOR_PROTECTED"
    play_once(f"""
        clock    | happens               | state   | reason | answers | hears
        before   | flag {flag}           |         |        |         |
        00:00:00 | TK -> 123             |         |        |         | tk_empty
        00:01:00 | abc asks for THETHAO  | refused | {minor} |
        00:02:00 | care asks for THETHAO |         | {minor} |
        00:03:00 | ussd asks for THETHAO |         | {minor} |
    """)


@pytest.mark.scenario("S023")
def test_a_number_that_no_text_reached_twice_is_asked_by_nobody_until_it_writes(
    play_once: Play,
) -> None:
    """Each prompt is tried twice, and neither copy reaches the handset."""
    deaf_to = "THETHAO undeliverable"
    deaf = "NO_SMS_CAPABILITY | 409 NO_SMS_CAPABILITY"
    play_once(f"""
        clock    | happens      | state         | reason | answers | hears
        before   | texts fail   |               |        |         |
        00:00:00 | abc asks for THETHAO | undeliverable | PROMPT_NOT_DELIVERED | {TAKEN} |
        00:20:00 | web asks for THETHAO |               | NO_SMS_CAPABILITY | {TAKEN} |
        01:30:00 | abc asks for NHAC | {deaf_to}, NHAC refused | {deaf} |
        01:31:00 | SMSC is well |               |        |         |
        01:32:00 | ussd asks for NHAC |               | {deaf} |
        01:33:00 | TK -> 123    |               |        |         | tk_empty
        01:34:00 | abc asks for NHAC | {deaf_to}, NHAC pending |        | {TAKEN} | {PROMPT}
    """)
