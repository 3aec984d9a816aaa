"""What is on, what it costs, and how to stop it: free, on any short code, at once."""

import pytest

from tests.scenarios.story import Play

THREE = """
    clock    | happens            | state           | reason | paid  | hears
    00:00:00 | DK THETHAO -> 9166 | THETHAO pending |        |       | confirm_request
    00:01:00 | Y -> 9166          | THETHAO active  |        | 2000  | activated
    00:02:00 | DK GAME -> 1579    | {asked}         |        |       | confirm_request
    00:03:00 | Y -> 1579          | {two}           |        | 7000  | activated
    00:04:00 | DK NHAC -> 9166    | {waiting}       |        |       | confirm_request
    00:05:00 | Y NHAC -> 9166     | {three}         |        | 17000 | activated
""".format(
    asked="GAME pending, THETHAO active",
    two="THETHAO active, GAME active",
    waiting="NHAC pending, THETHAO active, GAME active",
    three="THETHAO active, GAME active, NHAC active",
)
ALL_ENDED = "THETHAO ended, GAME ended, NHAC ended"


@pytest.mark.scenario("S089")
@pytest.mark.parametrize("said", ["TK", "tk", "TK.", " Tk ", "KT", "list"])
@pytest.mark.parametrize("code", ["123", "9166"])
def test_a_look_up_lists_every_service_in_numbered_lines(
    play_once: Play, said: str, code: str
) -> None:
    """The SMS half; that app and agents are told the same stands in tests/api."""
    story = play_once(
        f"""
        {THREE}
        00:06:00 | {{said}} -> {code} |  |  |  | tk_list "dang dung 3 dich vu" "17.000d"
                 |  |  |  |  |     "1 Tin the thao 24h 2.000d/ngay" "(HUY THETHAO)"
                 |  |  |  |  |     "tu gia han <day 24:00:00>"
                 |  |  |  |  |     "2 Game vui 5.000d/7 ngay" "(HUY GAME)"
                 |  |  |  |  |     "tu gia han <day 168:00:00>"
                 |  |  |  |  |     "3 Nhac cho moi thang 10.000d/30 ngay" "(HUY NHAC)"
                 |  |  |  |  |     "tu gia han <day 720:00:00>"
        """,
        said=said,
    )
    assert story.messages[-1]["segments"] == 3


@pytest.mark.scenario("S089")
def test_a_look_up_with_nothing_on_says_so(play: Play) -> None:
    play("""
        clock    | happens   | state | hears
        00:00:00 | TK -> 123 |       | tk_empty "khong bi thu phi" "Phi 30 ngay qua: 0d"
        00:10:00 | TC -> 123 |       | tk_empty
    """)


@pytest.mark.scenario("S090")
def test_a_look_up_lists_what_waits_and_says_that_it_waits(play: Play) -> None:
    play("""
        clock    | happens            | state                        | paid | hears
        00:00:00 | DK THETHAO -> 9166 | THETHAO pending              |      | confirm_request
        00:01:00 | TK -> 123          |                              |      | tk_list
                 |                    |                              |      |     "cho xac nhan"
                 |                    |                              |      |     "(HUY THETHAO)"
        00:02:00 | Y -> 9166          | THETHAO active               | 2000 | activated
        00:03:00 | DK GAME -> 1579    | GAME pending, THETHAO active |      | confirm_request
        00:04:00 | TK -> 123          |                              |      | tk_list
                 |                    |                              |      |     "dang dung 1"
                 |                    |                              |      |     "1 yeu cau cho"
                 |                    |                              |      |     "cho xac nhan"
    """)


@pytest.mark.scenario("S092")
def test_a_stop_takes_effect_at_once_and_costs_nothing(play: Play) -> None:
    story = play("""
        clock    | happens             | state   | reason             | paid | hears
        00:00:00 | DK THETHAO -> 9166  | pending |                    |      | confirm_request
        00:01:00 | Y -> 9166           | active  |                    | 2000 | activated
        02:00:00 | HUY THETHAO -> 9166 | ended   | SUBSCRIBER_STOPPED |      | cancel_ack
                 |                     |         |                    |      |     "<02:00:00>"
        02:30:00 | TK -> 123           |         |                    |      | tk_empty
    """)
    ended = story.entries[-2]
    assert story.messages[2]["at_ms"] - ended.at < 60_000


@pytest.mark.scenario("S092")
def test_a_bare_stop_ends_the_only_service(play: Play) -> None:
    play("""
        clock    | happens            | state   | reason             | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending |                    |      | confirm_request
        00:01:00 | Y -> 9166          | active  |                    | 2000 | activated
        00:02:00 | HUY -> 123         | ended   | SUBSCRIBER_STOPPED |      | cancel_ack
        00:04:00 | HUY -> 123         |         | NOTHING_TO_STOP    |      | nothing_to_stop
    """)


@pytest.mark.scenario("S092")
@pytest.mark.parametrize("code", ["123", "9166", "1579"])
def test_a_bare_stop_with_several_services_lists_them(play_once: Play, code: str) -> None:
    play_once(f"""
        {THREE}
        00:06:00 | HUY -> {code} |  | STOP_UNCLEAR |  | cancel_which
                 |               |  |              |  |     "HUY THETHAO" "HUY GAME" "HUY NHAC"
    """)


@pytest.mark.scenario("S092")
@pytest.mark.parametrize("said", ["HUY ALL", "HUY TATCA", "TC TATCA", "STOP ALL", "Hủy tất cả"])
@pytest.mark.parametrize("code", ["123", "9166", "1579"])
def test_one_stop_ends_everything_from_any_short_code(
    play_once: Play, said: str, code: str
) -> None:
    play_once(
        f"""
        {THREE}
        00:06:00 | {{said}} -> {code} | {ALL_ENDED} | SUBSCRIBER_STOPPED |  | cancel_all
                 |                    |  |  |  |     "Tin the thao 24h" "Game vui" "Nhac cho"
        00:08:00 | TK -> 123          |  |  |  | tk_empty
        """,
        said=said,
    )


@pytest.mark.scenario("S093")
@pytest.mark.parametrize("said", ["stop please", "Huy di", "hủy", "HUY TINTHETHAO"])
def test_a_stop_with_other_words_is_a_stop_that_asks_which(play_once: Play, said: str) -> None:
    play_once(
        f"""
        {THREE}
        00:06:00 | {{said}} -> 9166 |  | STOP_UNCLEAR |  | cancel_which
        """,
        said=said,
    )


@pytest.mark.scenario("S093")
@pytest.mark.parametrize("said", ["stop", "hủy", "HUỶ", "Tat.", "huy dk", "HUY THETHAO di"])
def test_a_stop_that_is_clear_stops(play_once: Play, said: str) -> None:
    play_once(
        """
        clock    | happens            | state   | reason             | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending |                    |      | confirm_request
        00:01:00 | Y -> 9166          | active  |                    | 2000 | activated
        00:02:00 | {said} -> 9166     | ended   | SUBSCRIBER_STOPPED |      | cancel_ack
        """,
        said=said,
    )
