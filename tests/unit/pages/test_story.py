"""An entry is told in words, and one that nobody has words for yet is told all the same."""

import json
from typing import Any

import pytest

from twofold.commit.recording import KINDS
from twofold.domain.reason import Reason
from twofold.pages.sim.port import EntryLine
from twofold.pages.sim.story import Telling, tell
from twofold.pages.wording import LANGUAGES, Words

VI, EN = (Words(language, "Asia/Ho_Chi_Minh", "VND") for language in LANGUAGES)


def told(document: dict[str, Any], words: Words = EN) -> Telling:
    kind = str(document.get("kind", ""))
    raw = json.dumps(document).encode()
    return tell(
        EntryLine(64, 1_700_000_000_000, 84912345678, kind, b"s" * 16, b"h" * 32, raw), words
    )


def test_a_confirmation_tells_what_came_what_became_and_what_it_cost() -> None:
    entry = told(
        {
            "kind": "message_received",
            "heard": {"text": "Y", "short_code": "9166"},
            "changes": [
                {"before": "pending", "after": "confirmed", "service": "THETHAO", "request": "A1"},
                {"after": "active", "service": "THETHAO", "request": "A1"},
            ],
            "debits": [{"amount_minor": 2000, "service": "THETHAO"}],
            "sent": [{"kind": "send_notice", "key": "activated"}],
        }
    )
    assert entry.title == "The phone: “Y” to 9166"
    assert [(line.kind, line.text, line.state) for line in entry.lines] == [
        ("became", "request THETHAO A1", "confirmed"),
        ("became", "subscription THETHAO A1", "active"),
        ("money", "2,000đ debited for THETHAO", ""),
        ("order", "Ordered: send the welcome", ""),
    ]
    assert entry.number == "84•••••678"
    assert json.loads(entry.document)["heard"]["text"] == "Y"


@pytest.mark.parametrize(
    ("detail", "title"),
    [
        ("delivered", "Accepted: the prompt"),
        ("unknown: no answer", "No certain answer: the prompt (no answer)"),
        ("retryat: throttled", "Not taken yet: the prompt (throttled)"),
        ("rejected: bad address", "Refused: the prompt (bad address)"),
    ],
)
def test_an_outcome_is_told_by_how_it_went(detail: str, title: str) -> None:
    heard = {"key": "confirm_request", "detail": detail}
    assert told({"kind": "outcome_arrived", "heard": heard}).title == title


@pytest.mark.parametrize(
    ("kind", "via", "title"),
    [
        ("requested", {"channel": "app", "service": "GAME"}, "Asked for over app: GAME"),
        ("cancel_requested", {"channel": "care", "target": "A1"}, "To be ended, over care: A1"),
        (
            "service_claimed",
            {"channel": "partner", "claim": "charge", "partner": "abc", "service": "GAME"},
            "The partner claims: charge GAME",
        ),
        (
            "reply_claimed",
            {"channel": "partner", "partner": "abc"},
            "Claimed to be the reply, over partner abc",
        ),
    ],
)
def test_a_call_is_told_by_who_asked_for_what(kind: str, via: dict[str, str], title: str) -> None:
    assert told({"kind": kind, "heard": {"via": via}}).title == title


def test_a_charge_is_told_by_its_service_and_amount() -> None:
    entry = told(
        {"kind": "x", "sent": [{"kind": "refund", "key": "GAME", "amount_minor": 5000}]}, VI
    )
    assert entry.lines[0].text == "Lệnh: trả lại tiền hoàn GAME, 5.000đ"


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_told_in_both_languages(reason: Reason) -> None:
    vi, en = (told({"kind": "x", "reason": reason.name}, words).lines[0] for words in (VI, EN))
    assert vi.text
    assert en.text
    assert vi.text != en.text


def test_what_nobody_has_words_for_is_told_by_its_own_name() -> None:
    entry = told(
        {
            "kind": "comet_seen",
            "heard": {"detail": "bright"},
            "changes": [{"after": "dazzled"}],
            "reason": "STAR_FELL",
            "sent": [{"kind": "wave_hands", "key": "very_wild"}, {}],
        }
    )
    assert entry.title == "comet seen: bright"
    assert [line.text for line in entry.lines] == [
        "request ",
        "star fell",
        "Ordered: wave hands very wild",
        "Ordered: ",
    ]


@pytest.mark.parametrize("kind", sorted(KINDS.values()))
@pytest.mark.parametrize("words", [VI, EN], ids=LANGUAGES)
def test_an_entry_that_says_little_is_told_too(kind: str, words: Words) -> None:
    assert told({"kind": kind}, words).title
