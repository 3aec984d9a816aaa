"""Reading a reply: consent is narrow, refusal is wide.

In the Vietnamese default the reply names the service where it must: `Y THETHAO` is what `Y 4821` is
in a market that prints codes.
"""

import unicodedata

import pytest

from tests.scenarios.story import Play
from twofold.catalog.example import example

ANSWERED = """
    clock    | happens            | state   | reason   | paid   | hears
    00:00:00 | DK THETHAO -> 9166 | pending |          |        | confirm_request
    00:05:00 | {{said}} -> 9166   | {state} | {reason} | {paid} | {hears}
    00:30:00 |                    |         |          |        |
"""
ACCEPTED = ANSWERED.format(state="active", reason="", paid="2000", hears="activated")
REFUSED = ANSWERED.format(
    state="declined", reason="SUBSCRIBER_DECLINED", paid="", hears='declined "khong mat phi"'
)
CANCELLED = ANSWERED.format(
    state="cancelled", reason="SUBSCRIBER_CANCELLED", paid="", hears="cancelled"
)
HELPED = ANSWERED.format(state="pending", reason="NOT_UNDERSTOOD", paid="", hears="help")


@pytest.mark.scenario("S025")
@pytest.mark.parametrize(
    "said",
    [
        "Y THETHAO",
        "y thethao",
        "YTHETHAO",
        " Y  THETHAO ",
        "Y.THETHAO",
        "Y-THETHAO.",
        "Y THETHAO\r\n",
    ],
    ids=repr,
)
def test_a_yes_counts_in_any_case_spacing_and_edge_punctuation(play_once: Play, said: str) -> None:
    play_once(ACCEPTED, said=said)


@pytest.mark.scenario("S025")
def test_the_code_of_a_service_alone_is_no_yes(play_once: Play) -> None:
    """A code that stands only in the prompt may stand alone; a service's code never is consent."""
    play_once(HELPED, said="THETHAO")


@pytest.mark.scenario("S026")
@pytest.mark.parametrize(
    "said",
    [
        "CO THETHAO",
        "Có THETHAO",
        unicodedata.normalize("NFC", "CÓ THETHAO"),
        unicodedata.normalize("NFD", "CÓ THETHAO"),
        unicodedata.normalize("NFC", "Đồng ý THETHAO"),
        unicodedata.normalize("NFD", "đồng ý THETHAO"),
        "\u00d0ồng ý THETHAO",
        "DONG Y THETHAO",
        "DONGY THETHAO",
        "ok THETHAO",
    ],
    ids=ascii,
)
def test_a_yes_counts_in_every_usual_spelling(play_once: Play, said: str) -> None:
    play_once(ACCEPTED, said=said)


@pytest.mark.scenario("S027")
@pytest.mark.parametrize(
    "said", ["Không đồng ý", "khong dong y THETHAO", "K dong y", "N", "ko"], ids=ascii
)
def test_a_no_that_holds_the_words_of_a_yes_is_a_no(play_once: Play, said: str) -> None:
    play_once(REFUSED, said=said)


@pytest.mark.scenario("S027")
def test_a_cancel_is_no_yes_either(play_once: Play) -> None:
    play_once(CANCELLED, said="Huy")


@pytest.mark.scenario("S028")
@pytest.mark.parametrize(
    "said", ["Y HUY THETHAO", "Y THETHAO N", "Dong y nhung khong gia han"], ids=ascii
)
def test_a_yes_and_no_at_once_is_neither(play_once: Play, said: str) -> None:
    play_once(HELPED, said=said)


@pytest.mark.scenario("S029")
@pytest.mark.parametrize(
    "said", ["Y?", "Y a?", "gia bao nhieu", "", "\U0001f600\U0001f44d"], ids=ascii
)
def test_questions_blanks_and_pictures_are_no_yes(play_once: Play, said: str) -> None:
    play_once(HELPED, said=said)


@pytest.mark.scenario("S029")
def test_a_picture_sent_as_octets_is_no_yes(play_once: Play) -> None:
    table = HELPED.replace("NOT_UNDERSTOOD", "UNDECODABLE")
    play_once(table, said=b"\x89PNG\r\n\x1a\n\xff", data_coding=4)


@pytest.mark.scenario("S029")
def test_help_comes_once_in_ten_minutes_and_three_times_a_day(play: Play) -> None:
    play("""
        clock    | happens               | state   | reason         | hears
        00:00:00 | DK THETHAO -> 9166    | pending |                | confirm_request
        00:01:00 | Y? -> 9166            |         | NOT_UNDERSTOOD | help
        00:02:00 | Y a? -> 9166          |         | NOT_UNDERSTOOD |
        00:10:59 | gia bao nhieu -> 9166 |         | NOT_UNDERSTOOD |
        00:11:01 | sao vay -> 9166       |         | NOT_UNDERSTOOD | help
        00:21:02 | la sao -> 9166        |         | NOT_UNDERSTOOD | help
        00:40:00 | alo -> 9166           |         | NOT_UNDERSTOOD |
        11:00:00 | alo alo -> 9166       |         | NOT_UNDERSTOOD |
    """)


@pytest.mark.scenario("S030")
@pytest.mark.parametrize("said", ["\u0423 THETHAO", "\u03a5", "\u0423"], ids=ascii)
def test_letters_that_look_like_a_yes_are_none_and_are_kept_as_they_came(
    play_once: Play, said: str
) -> None:
    story = play_once(HELPED, said=said)
    (heard,) = [entry.heard for entry in story.entries if entry.reason == "NOT_UNDERSTOOD"]
    assert (heard.raw, heard.data_coding) == (said.encode("utf-16-be"), 8)


SEVERAL = """
    clock    | happens            | state           | reason | paid | hears
    00:00:00 | DK THETHAO -> 9166 | THETHAO pending |        |      | confirm_request
             |                    |                 |        |      |     "soan Y gui 9166"
    00:01:00 | DK NHAC -> 9166    | {both}          |        |      | confirm_request
             |                    |                 |        |      |     "soan Y NHAC gui"
""".replace("{both}", "THETHAO pending, NHAC pending")


@pytest.mark.scenario("S035")
@pytest.mark.parametrize("said", ["Y", "Đồng ý", "co"])
def test_a_bare_yes_while_two_wait_starts_neither_and_lists_both(play: Play, said: str) -> None:
    asked_which = """
    00:02:00 | {said} -> 9166 |  | SEVERAL_PENDING |  | confirm_which
             |                |  |                 |  |     "Y THETHAO" "Y NHAC"
    00:30:00 |                |  |                 |  |
    """
    play(SEVERAL + asked_which, said=said)


@pytest.mark.scenario("S036")
def test_a_yes_that_names_one_of_two_starts_that_one_alone(play: Play) -> None:
    one = "THETHAO pending, NHAC active"
    play(f"""
    {SEVERAL}
    00:02:00 | Y NHAC -> 9166 | {one} |  | 10000 | activated "Nhac"
    00:30:00 |                |       |  |       |
    """)


def test_a_bare_yes_counts_only_for_the_prompt_that_printed_it(play: Play) -> None:
    """The keyword half of S034: beside a fresh request the prompt prints `Y NHAC`."""
    waiting, both = "NHAC pending, THETHAO active", "THETHAO active, NHAC active"
    play(f"""
    clock    | happens            | state           | reason            | paid  | hears
    00:00:00 | DK THETHAO -> 9166 | THETHAO pending |                   |       | confirm_request
    00:01:00 | Y. -> 9166         | THETHAO active  |                   | 2000  | activated
    00:02:00 | DK NHAC -> 9166    | {waiting}       |                   |       | confirm_request
             |                    |                 |                   |       |     "Y NHAC"
    00:04:00 | Y -> 9166          |                 | SERVICE_NOT_NAMED |       | confirm_which
             |                    |                 |                   |       |     "Y NHAC"
    00:06:00 | Y NHAC -> 9166     | {both}          |                   | 12000 | activated
    """)


@pytest.mark.scenario("S038")
@pytest.mark.parametrize("said", ["Y", "Y THETHAO"])
@pytest.mark.parametrize("wrong", ["123", "1579"])
def test_a_yes_to_another_short_code_is_told_the_right_one(
    play_once: Play, said: str, wrong: str
) -> None:
    play_once(
        """
        clock    | happens            | state   | reason           | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending |                  |      | confirm_request
        00:01:00 | {said} -> WRONG    |         | WRONG_SHORT_CODE |      | wrong_short_code "9166"
        00:02:00 | {said} -> 9166     | active  |                  | 2000 | activated
        """.replace("WRONG", wrong, 1),
        said=said,
    )


@pytest.mark.scenario("S038")
@pytest.mark.parametrize("code", ["123", "1579", "9166"])
@pytest.mark.parametrize(
    ("said", "state", "reason", "hears"),
    [
        ("HUY THETHAO", "cancelled", "SUBSCRIBER_CANCELLED", "cancelled"),
        ("N THETHAO", "declined", "SUBSCRIBER_DECLINED", "declined"),
    ],
)
def test_stops_and_refusals_work_on_every_short_code(
    play_once: Play, code: str, said: str, state: str, reason: str, hears: str
) -> None:
    play_once(f"""
        clock    | happens            | state   | reason   | hears
        00:00:00 | DK THETHAO -> 9166 | pending |          | confirm_request
        00:01:00 | {said} -> {code}   | {state} | {reason} | {hears}
    """)


@pytest.mark.scenario("S073")
def test_a_yes_in_the_same_second_as_a_stop_before_it_starts_and_charges_nothing(
    play: Play,
) -> None:
    play(
        """
        clock    | happens                               | state     | reason   | paid | hears
        00:00:00 | DK THETHAO -> 9166                    | pending   |          |      | {asked}
        00:01:00 | HUY THETHAO -> 9166, then Y -> 9166   | cancelled | {reason} |      | {hears}
        00:02:00 |                                       |           |          |      |
        """.replace("{asked}", "confirm_request")
        .replace("{reason}", "NOTHING_PENDING, SUBSCRIBER_CANCELLED")
        .replace("{hears}", "cancelled + nothing_pending")
    )


@pytest.mark.scenario("S093")
@pytest.mark.parametrize(
    "said", ["stop please", "Huy di", "hủy", "HUY THETHOA", "toi muon huy thethao", "HUY 1"]
)
@pytest.mark.parametrize("code", ["9166", "123"])
def test_a_stop_with_words_around_it_or_a_letter_wrong_stops(
    play_once: Play, said: str, code: str
) -> None:
    play_once(f"""
        clock    | happens              | state   | reason             | paid | hears
        00:00:00 | DK THETHAO -> 9166   | pending |                    |      | confirm_request
        00:01:00 | Y -> 9166            | active  |                    | 2000 | activated
        00:02:00 | {said} -> {code}     | ended   | SUBSCRIBER_STOPPED |      | cancel_ack
        """)


@pytest.mark.scenario("S039")
def test_a_yes_word_that_is_an_alias_asks_and_starts_nothing(play: Play) -> None:
    catalogue = example("catalog.toml").replace(
        'code = "NHAC"\n', 'code = "NHAC"\naliases = [{word = "OK", whole = true}]\n'
    )
    waiting = "THETHAO active, NHAC pending"
    play(
        f"""
        clock    | happens            | state                          | paid | hears
        00:00:00 | DK THETHAO -> 9166 | THETHAO pending                |      | confirm_request
        00:01:00 | OK -> 9166         | THETHAO pending, NHAC pending  |      | confirm_request
        00:02:00 | ok thethao -> 9166 | {waiting} | 2000 | activated
        """,
        catalogue=catalogue,
    )


@pytest.mark.scenario("S064")
def test_an_old_yes_sent_again_by_the_network_buys_nothing_a_second_time(play: Play) -> None:
    play("""
        clock    | happens              | state   | reason             | paid | hears
        00:00:00 | DK THETHAO -> 9166   | pending |                    |      | confirm_request
        00:00:01 | Y -> 9166            | active  |                    | 2000 | activated
        00:00:02 | HUY THETHAO -> 9166  | ended   | SUBSCRIBER_STOPPED |      | cancel_ack
        00:00:03 | DK THETHAO -> 9166   | pending |                    |      | confirm_request
        00:00:05 | Y -> 9166            |         | MAYBE_RESENT       |      | confirm_which
        00:00:07 | Y THETHAO -> 9166    | active  |                    | 4000 | activated
        """)
