"""Where a code confirms: single-use, in the prompt alone, three wrong ones and it is over."""

import pytest

from tests.scenarios.story import Play
from twofold.control import Strays

pytestmark = pytest.mark.usefixtures("by_code")


@pytest.mark.scenario("S025", "S026")
@pytest.mark.parametrize(
    "said", ["Y <code>", "y <code>", "Y<code>", "Y.<code>", "<code>", "ok <code>", "Đồng ý <code>"]
)
def test_the_code_of_the_prompt_confirms(play_once: Play, said: str) -> None:
    play_once(f"""
    clock    | happens            | state   | reason | paid | hears
    00:00:00 | DK THETHAO -> 9166 | pending |        |      | confirm_request "soan Y"
    00:05:00 | {said} -> 9166     | active  |        | 2000 | activated
    """)


@pytest.mark.scenario("S028", "S030")
@pytest.mark.parametrize(
    "said", ["Y HUY <code>", "Y <code> N", "\u0423 <code>", "\u03a5 <code>", "Y <code>?"], ids=ascii
)
def test_a_code_in_anything_but_a_yes_confirms_nothing(play_once: Play, said: str) -> None:
    play_once(f"""
    clock    | happens            | state   | reason         | paid | hears
    00:00:00 | DK THETHAO -> 9166 | pending |                |      | confirm_request
    00:05:00 | {said} -> 9166     |         | NOT_UNDERSTOOD |      | help "Y kem ma"
    """)


@pytest.mark.scenario("S031", "S068")
def test_three_wrong_codes_cancel_and_a_new_request_has_a_new_code(play: Play) -> None:
    play(
        """
    clock    | happens            | state     | reason          | paid | hears
    00:00:00 | DK THETHAO -> 9166 | pending   |                 |      | confirm_request
    00:01:00 | Y <wrong> -> 9166  |           | WRONG_CODE      |      | wrong_code "2 lan"
    00:02:00 | <wrong> -> 9166    |           | WRONG_CODE      |      | wrong_code "1 lan"
    00:03:00 | ok <wrong> -> 9166 | cancelled | {over}          |      | code_used_up
    00:04:00 | Y <code> -> 9166   |           | NOTHING_PENDING |      | nothing_pending
    00:05:00 | DK THETHAO -> 9166 | pending   |                 |      | confirm_request
    00:06:00 | Y <code 1> -> 9166 |           | WRONG_CODE      |      | wrong_code "2 lan"
    00:07:00 | Y <code> -> 9166   | active    |                 | 2000 | activated
    """.replace("{over}", "CODES_USED_UP, WRONG_CODE")
    )


@pytest.mark.scenario("S034")
@pytest.mark.parametrize("said", ["Y", "Y.", "Co", "Đồng ý", "Y THETHAO"])
def test_a_yes_without_the_code_is_asked_for_it(play_once: Play, said: str) -> None:
    play_once(f"""
    clock    | happens            | state   | reason       | paid | hears
    00:00:00 | DK THETHAO -> 9166 | pending |              |      | confirm_request
    00:05:00 | {said} -> 9166     |         | CODE_MISSING |      | confirm_code "toi 9166"
    00:06:00 | Y <code> -> 9166   | active  |              | 2000 | activated
    """)


@pytest.mark.scenario("S040", "S049")
def test_the_right_code_from_another_number_confirms_nothing_and_learns_nothing(
    play_once: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second SIM in the same phone is another number too; both numbers are alarmed."""
    alarms: list[tuple[int, list[int]]] = []

    def alarm(_: Strays, sender: int, asked: list[int]) -> None:
        alarms.append((sender, asked))

    monkeypatch.setattr(Strays, "_alarm", alarm)
    story = play_once("""
    clock    | happens                        | state   | reason | paid | hears
    00:00:00 | DK THETHAO -> 9166             | pending |        |      | confirm_request
    00:05:00 | 0912000111: Y <code> -> 9166   |         |        |      |
    00:06:00 | 0912000111: N <code> -> 9166   |         |        |      |
    00:07:00 | 0912000111: HUY <code> -> 9166 |         |        |      |
    00:08:00 | Y <code> -> 9166               | active  |        | 2000 | activated
    """)
    assert alarms == [(84_912_000_111, [84_912_345_678])], "for the yes; a no does no harm"
    told = " ".join(str(message["text"]) for message in story.world.phones.received("84912000111"))
    assert "Khong co yeu cau nao" in told
    assert "THETHAO" not in told
    assert "Tin the thao" not in told


@pytest.mark.scenario("S065")
def test_the_code_sent_three_times_starts_one_service(play: Play) -> None:
    play("""
    clock    | happens            | state   | reason         | paid | hears
    00:00:00 | DK THETHAO -> 9166 | pending |                |      | confirm_request
    00:01:00 | Y <code> -> 9166   | active  |                | 2000 | activated
    00:02:00 | Y<code> -> 9166    |         | ALREADY_ACTIVE |      | already
    00:03:00 | <code> -> 9166     |         | ALREADY_ACTIVE |      |
    """)


@pytest.mark.scenario("S006", "S007")
@pytest.mark.parametrize(
    ("said", "state", "reason", "hears"),
    [
        ("N <code>", "declined", "SUBSCRIBER_DECLINED", "declined"),
        ("khong dong y <code>", "declined", "SUBSCRIBER_DECLINED", "declined"),
        ("HUY <code>", "cancelled", "SUBSCRIBER_CANCELLED", "cancelled"),
    ],
)
def test_a_no_or_a_stop_with_the_code_ends_it_and_the_code_with_it(
    play_once: Play, said: str, state: str, reason: str, hears: str
) -> None:
    play_once(f"""
    clock    | happens            | state   | reason          | paid | hears
    00:00:00 | DK THETHAO -> 9166 | pending |                 |      | confirm_request
    00:01:00 | {said} -> 9166     | {state} | {reason}        |      | {hears}
    00:02:00 | Y <code> -> 9166   |         | NOTHING_PENDING |      | nothing_pending
    """)


def test_no_code_stands_in_a_log(play_once: Play, capsys: pytest.CaptureFixture[str]) -> None:
    story = play_once("""
    clock    | happens            | state   | reason     | paid | hears
    00:00:00 | DK THETHAO -> 9166 | pending |            |      | confirm_request
    00:01:00 | Y <wrong> -> 9166  |         | WRONG_CODE |      | wrong_code
    00:02:00 | Y <code> -> 9166   | active  |            | 2000 | activated
    """)
    code = str(story.messages[0]["text"]).split("soan Y ")[1][:4]
    written = capsys.readouterr()
    assert code not in written.out + written.err
