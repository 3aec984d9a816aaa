"""Lists: one line a service, what waits marked, nothing left out and the tail whole."""

import pytest

from tests.unit.texts.examples import (
    GAME,
    LINES,
    MUSIC,
    PROOF,
    RENEWS_AT,
    SPORT,
    UNTIL_AT,
    example_texts,
    line_of,
)
from twofold.protocol.gsm import decode, segment

TEXTS = example_texts()
TAIL = "Huy: soan nhu trong ngoac gui 123. Khong phai QK DK? KN ma hoac goi 18001091"


def test_each_line_has_number_name_price_renewal_and_how_to_stop() -> None:
    said = TEXTS.listing("vi", [line_of(SPORT, RENEWS_AT), line_of(GAME, RENEWS_AT)], 62_000)
    assert said.split("\n") == [
        "QK dang dung 2 dich vu, phi 30 ngay qua la 62.000d:",
        "1 Tin the thao 24h 2.000d/ngay, tu gia han 15/03 (HUY THETHAO)",
        "2 Dau truong 5.000d/7 ngay, khong tu gia han, ket thuc 15/03 (HUY GAME)",
        TAIL,
    ]


def test_a_request_that_waits_is_marked_and_not_counted_as_a_service() -> None:
    said = TEXTS.listing("vi", LINES, 0).split("\n")
    assert said[0].startswith("QK dang dung 3 dich vu, 1 yeu cau cho xac nhan")
    assert said[4] == "4 Nhac cho 10.000d/30 ngay, cho xac nhan (HUY NHAC7)"
    assert [line for line in said[1:4] if "cho xac nhan" in line] == []


def test_a_service_that_is_being_started_says_so() -> None:
    assert "dang kich hoat (HUY NHAC)" in TEXTS.listing("vi", [line_of(MUSIC, None)], 0)


def test_nothing_but_a_request_is_no_service() -> None:
    said = TEXTS.listing("vi", [line_of(SPORT, None, pending=True)], 0)
    assert said.startswith("QK khong dung dich vu nao, 1 yeu cau cho xac nhan")
    assert "(HUY THETHAO)" in said


@pytest.mark.parametrize("count", [1, 2, 3, 7, 40])
def test_a_long_list_goes_on_and_is_never_cut(count: int) -> None:
    lines = [line_of(SPORT, RENEWS_AT)] * count
    parts = segment(TEXTS.listing("vi", lines, 99_999_999)).parts
    received = b"".join(parts)
    assert decode(received).split("\n")[-1] == TAIL
    assert decode(received).count("(HUY THETHAO)") == count


def test_nothing_on_says_what_was_spent() -> None:
    assert "Phi 30 ngay qua: 62.000d." in TEXTS.empty_listing("vi", 62_000)


def test_everything_that_one_stop_ended_has_a_line() -> None:
    said = TEXTS.ended_all("vi", ["Tin thể thao 24h", "Nhạc chờ"], UNTIL_AT, PROOF)
    assert said.split("\n") == [
        "QK da huy tat ca luc 21:05 14/03, tu nay khong thu phi:",
        "1 Tin the thao 24h",
        "2 Nhac cho",
        "Ma huy 1B7QK0FZ3M8. Neu van bi tru tien, goi 18001091 (mien phi).",
    ]
