"""Entries become stories: what came in, and below it what followed, whatever came in between."""

import json
from itertools import count
from typing import Any

from twofold.pages.sim.port import EntryLine
from twofold.pages.sim.story import Story, stories
from twofold.pages.wording import Words

WORDS = Words("en", "Asia/Ho_Chi_Minh", "VND")


class Ledger:
    """Entries as they are written, one after another."""

    def __init__(self) -> None:
        self.lines: list[EntryLine] = []
        self._ids = count(64, 64)

    def add(self, kind: str, **document: Any) -> int:  # noqa: ANN401 - whatever an entry holds
        id_ = next(self._ids)
        raw = json.dumps({"kind": kind, **document}).encode()
        line = EntryLine(id_, 1_700_000_000_000 + id_, 84912345678, kind, b"", b"", raw)
        self.lines.append(line)
        return id_

    def says(self, text: str, order: str, reason: str = "") -> int:
        heard = {"text": text, "raw": text, "short_code": "9166"}
        sent = [{"order": order, "key": "confirm_request", "kind": "send_prompt"}] if order else []
        return self.add("message_received", heard=heard, sent=sent, reason=reason)

    def outcome(self, order: str, detail: str = "delivered", *ids: str) -> int:
        heard = {"order": order, "key": "confirm_request", "detail": detail, "message_ids": ids}
        return self.add("outcome_arrived", heard=heard)

    def receipt(self, message_id: str, reason: str = "") -> int:
        heard = {"detail": "DELIVERED", "message_ids": [message_id]}
        return self.add("receipt_arrived", heard=heard, reason=reason)

    def told(self) -> list[Story]:
        return stories(reversed(self.lines), WORDS)

    def grouped(self) -> list[list[int]]:
        return [[telling.id for telling in story.all] for story in self.told()]


def test_what_followed_stands_below_what_it_followed_from() -> None:
    ledger = Ledger()
    asked = ledger.says("DK THETHAO", "1")
    other = ledger.says("TK", "2")
    took, took_other = ledger.outcome("1", "delivered", "0000000A"), ledger.outcome("2")
    arrived = ledger.receipt("A")
    assert ledger.grouped() == [[asked, took, arrived], [other, took_other]]


def test_a_receipt_that_came_before_the_answer_is_known_by_the_answer() -> None:
    ledger = Ledger()
    asked, arrived = ledger.says("DK THETHAO", "1"), ledger.receipt("b")
    took = ledger.outcome("1", "delivered", "0B")
    assert ledger.grouped() == [[asked, arrived, took]]
    assert ledger.told()[0].effects[0].title == "It reached the phone: the prompt"


def test_a_second_receipt_and_a_message_that_came_again_stand_as_ignored() -> None:
    ledger = Ledger()
    asked = ledger.says("DK THETHAO", "1")
    again = ledger.says("DK THETHAO", "", "RESENT")
    took, arrived = ledger.outcome("1", "delivered", "7"), ledger.receipt("7")
    second = ledger.receipt("7", "UNKNOWN_RECEIPT")
    assert ledger.grouped() == [[asked, again, took, arrived, second]]
    effects = ledger.told()[0].effects
    assert [told.is_ignored for told in effects] == [True, False, False, True]
    assert effects[0].title == "The same message to 9166 came again"
    assert effects[3].title == "One more receipt for the prompt"
    assert effects[3].lines[0].name == "UNKNOWN_RECEIPT"


def test_the_same_words_meant_twice_are_two_stories() -> None:
    ledger = Ledger()
    first, second = ledger.says("TK", "1"), ledger.says("TK", "2")
    took_second, took_first = ledger.outcome("2"), ledger.outcome("1")
    assert ledger.grouped() == [[first, took_first], [second, took_second]]


def test_an_order_born_of_an_effect_belongs_to_the_same_story() -> None:
    ledger = Ledger()
    asked = ledger.says("Y", "1")
    heard = {"order": "1", "key": "GAME", "detail": "rejected: refused"}
    sent = [{"order": "2", "key": "charge_failed", "kind": "send_notice"}]
    refused = ledger.add("outcome_arrived", heard=heard, sent=sent)
    took = ledger.outcome("2")
    assert ledger.grouped() == [[asked, refused, took]]


def test_what_belongs_to_nothing_that_is_shown_stands_by_itself() -> None:
    ledger = Ledger()
    alone = [ledger.outcome("9"), ledger.receipt("F"), ledger.says("Y", "", "RESENT")]
    assert ledger.grouped() == [[id_] for id_ in reversed(alone)]
    assert ledger.told()[1].cause.title == "It reached the phone: a text"


def test_a_receipt_whose_text_was_never_answered_for_is_no_second_one() -> None:
    ledger = Ledger()
    ledger.says("DK THETHAO", "1")
    ledger.outcome("1", "unknown: no answer in time")
    lost = ledger.receipt("13", "UNKNOWN_RECEIPT")
    (story,) = (story for story in ledger.told() if story.cause.id == lost)
    assert story.cause.title == "A receipt that belongs to no text we await"
    assert story.cause.is_ignored
