"""Whose number it is: one subscriber, however their number is written."""

import pytest

from tests.scenarios.story import Play


@pytest.mark.scenario("S041")
@pytest.mark.parametrize("asks", ["0912345678", "84912345678", "+84912345678", "0084912345678"])
@pytest.mark.parametrize("agrees", ["0912345678", "+84912345678"])
def test_every_way_to_write_a_number_is_the_same_subscriber(
    play_once: Play, asks: str, agrees: str
) -> None:
    play_once(f"""
        clock    | happens                      | state   | paid | hears
        00:00:00 | {asks}: DK THETHAO -> 9166   | pending |      | confirm_request
        00:01:00 | {agrees}: Y -> 9166          | active  | 2000 | activated
        00:02:00 | 84912345678: TK -> 123       |         |      | tk_list "THETHAO"
    """)


@pytest.mark.scenario("S041")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("01201234567", "84701234567"),
        ("841281234567", "84781234567"),
        ("+841691234567", "84391234567"),
        ("01868123456", "84568123456"),
        ("01996123456", "84596123456"),
    ],
)
def test_a_number_from_before_the_renumbering_is_the_same_subscriber(
    play: Play, old: str, new: str
) -> None:
    """Viet Nam moved its 11-digit mobile numbers to 10 digits in 2018."""
    play(
        f"""
        clock    | happens                    | state   | reason         | paid | hears
        00:00:00 | {old}: DK THETHAO -> 9166  | pending |                |      | confirm_request
        00:01:00 | {new}: Y -> 9166           | active  |                | 2000 | activated
        00:02:00 | {old}: DK THETHAO -> 9166  |         | ALREADY_ACTIVE |      | already
        """,
        phone=new,
    )
