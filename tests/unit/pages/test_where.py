"""The page's address says all, and what it says badly is as on the first visit."""

from twofold.pages.sim.where import Where, where

FIRST = Where("vi", "84912000001", "9166")


def read(**query: str) -> Where:
    return where(query, "vi", "84", ("9166", "123"))


def test_an_address_without_a_word_is_that_of_the_first_visit() -> None:
    assert read() == FIRST


def test_nonsense_is_as_if_it_were_not_there() -> None:
    nonsense = {"phone": "<b>", "to": "777", "show": "x", "notice": "x", "status": "-", "step": "x"}
    assert read(**nonsense) == FIRST
    assert read(done="1").done == ""
    assert read(step="late", done="99").done == ""


def test_an_address_leads_back_to_itself() -> None:
    there = FIRST.with_(number="84912345678", to="123", show="all", step="late", done="2")
    query = dict(part.split("=") for part in there.query.split("&"))
    assert read(**query) == there


def test_a_notice_is_for_one_visit() -> None:
    there = FIRST.with_(notice="put_off", status="88")
    assert there.url("#phone") == (
        "/sim?lang=vi&phone=84912000001&to=9166&notice=put_off&status=88#phone"
    )
    assert "notice" not in there.with_().url()
