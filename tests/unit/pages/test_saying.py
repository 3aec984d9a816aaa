"""An entry is told in words, and one that nobody has words for yet is told all the same."""

import json
from base64 import b64encode

import pytest

from twofold.commit.recording import KINDS
from twofold.domain.reason import Reason
from twofold.domain.subscriber import ComplaintState
from twofold.pages.sim.port import EntryLine
from twofold.pages.sim.saying import NONE, Document, Telling, tell
from twofold.pages.wording import LANGUAGES, Words

VI, EN = (Words(language, "Asia/Ho_Chi_Minh", "VND") for language in LANGUAGES)


def told(document: Document, words: Words = EN, order: Document = NONE) -> Telling:
    kind = str(document.get("kind", ""))
    raw = json.dumps(document).encode()
    line = EntryLine(64, 1_700_000_000_000, 84912345678, kind, b"s" * 16, b"h" * 32, raw)
    return tell(line, words, order)


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
    assert (entry.title, entry.quote, entry.channel) == ("The phone texts 9166", "Y", "SMS")
    assert [(line.kind, line.text, line.name, line.said) for line in entry.lines] == [
        ("became", "Request for THETHAO", "confirmed", "confirmed"),
        ("became", "Service THETHAO", "active", "on"),
        ("money", "2,000đ taken for THETHAO", "", ""),
        ("order", "send the welcome", "", ""),
    ]
    assert json.loads(entry.document)["heard"]["text"] == "Y"


def test_a_number_is_masked_wherever_an_entry_is_read() -> None:
    entry = told({"kind": "message_received", "msisdn": 84912345678})
    assert entry.number == "84•••••678"
    assert json.loads(entry.document)["msisdn"] == "84•••••678"
    assert "84912345678" not in entry.document
    heard = {"text": "Y", "imsi": "452010002345678"}
    entry = told({"kind": "message_received", "heard": heard})
    assert json.loads(entry.document)["heard"] == {"text": "Y", "imsi": "45201000••••678"}


def test_steps_that_one_entry_takes_together_are_told_by_where_they_end() -> None:
    steps = [
        {"after": "activating", "service": "GAME", "request": "A1"},
        {"before": "activating", "after": "active", "service": "GAME", "request": "A1"},
    ]
    lines = told({"kind": "message_received", "changes": steps}).lines
    assert [line.name for line in lines] == ["active"]


@pytest.mark.parametrize("name", ["RESENT", "SETTLED_BEFORE", "UNKNOWN_RECEIPT"])
def test_what_has_no_effect_any_more_is_marked_as_ignored(name: str) -> None:
    entry = told({"kind": "receipt_arrived", "reason": name})
    assert entry.is_ignored
    assert entry.lines[0].name == name
    assert not told({"kind": "receipt_arrived"}).is_ignored


@pytest.mark.parametrize(
    ("detail", "title"),
    [
        ("delivered", "The SMSC took the prompt"),
        ("unknown: no answer", "No answer for the prompt: it may have arrived"),
        ("retryat: throttled", "The SMSC put off the prompt; it is tried again"),
        ("rejected: bad address", "The SMSC refused the prompt"),
    ],
)
def test_an_outcome_is_told_by_how_it_went(detail: str, title: str) -> None:
    heard = {"key": "confirm_request", "detail": detail}
    entry = told({"kind": "outcome_arrived", "heard": heard})
    assert (entry.title, entry.channel) == (title, "SMSC")
    assert entry.code == detail.partition(": ")[2]


def test_what_was_dialled_is_told_as_it_was_and_its_screen_as_one() -> None:
    heard = {
        "text": "THETHAO",
        "raw": b64encode(b"*9166*THETHAO#").decode(),
        "short_code": "9166",
        "via": {"channel": "ussd"},
    }
    dialled = told({"kind": "ussd_received", "heard": heard})
    assert (dialled.title, dialled.quote) == ("The phone dials 9166 (USSD)", "*9166*THETHAO#")
    assert dialled.channel == "USSD"
    order = {"kind": "answer_ussd", "key": "help"}
    for detail, title in (
        ("delivered", "The phone showed the help text"),
        ("rejected: the USSD session is over", "The session was over: nobody saw the help text"),
        ("unknown: no answer", "No answer for the help text: it may have arrived"),
    ):
        heard = {"key": "help", "detail": detail}
        assert told({"kind": "outcome_arrived", "heard": heard}, order=order).title == title


def test_who_is_asked_when_a_wait_is_over_missed_no_deadline() -> None:
    change = {"before": "checking", "after": "waiting_prompt", "service": "GAME", "request": "A1"}
    entry: Document = {"kind": "deadline_passed", "changes": [change]}
    assert told(entry).title == "The time to ask has come"
    over = {**change, "before": "pending", "after": "expired"}
    title = "The deadline passed without an answer"
    assert told({**entry, "changes": [over]}).title == title


def test_a_charge_of_unknown_outcome_is_never_told_as_failed() -> None:
    heard = {"key": "GAME", "detail": "unknown: no answer"}
    entry = told({"kind": "outcome_arrived", "heard": heard})
    assert entry.title == "No answer for the charge for GAME: nobody knows whether money was taken"
    assert entry.channel == "Charging"


@pytest.mark.parametrize(
    ("state", "title"),
    [
        ("DELIVERED", "It reached the phone: the welcome"),
        ("UNDELIVERABLE", "It did not reach the phone: the welcome"),
        ("ENROUTE", "The SMSC reports on the welcome"),
    ],
)
def test_a_receipt_is_told_by_what_became_of_which_text(state: str, title: str) -> None:
    order = {"key": "activated", "kind": "send_notice"}
    entry = told({"kind": "receipt_arrived", "heard": {"detail": state}}, order=order)
    assert (entry.title, entry.code) == (title, state)


@pytest.mark.parametrize(
    ("kind", "via", "title"),
    [
        ("requested", {"channel": "app", "service": "GAME"}, "Asked for: GAME"),
        ("cancel_requested", {"channel": "care", "target": "A1"}, "To be ended: A1"),
        (
            "service_claimed",
            {"channel": "partner", "claim": "charge", "partner": "abc", "service": "GAME"},
            "The partner claims: charge GAME",
        ),
        (
            "reply_claimed",
            {"channel": "partner", "partner": "abc"},
            "A call claims to be the subscriber's reply",
        ),
    ],
)
def test_a_call_is_told_by_who_asked_for_what(kind: str, via: dict[str, str], title: str) -> None:
    entry = told({"kind": kind, "heard": {"via": via}})
    assert entry.title == title
    assert entry.channel == " ".join(filter(None, (via["channel"], via.get("partner"))))


@pytest.mark.parametrize("state", ComplaintState)
def test_a_complaint_is_told_by_where_it_stands(state: ComplaintState) -> None:
    document = {"kind": "message_received", "complaint": f"0DCA5 {state}"}
    vi, en = (told(document, words).lines[0] for words in (VI, EN))
    assert (en.text, en.name, en.said) == ("Complaint 0DCA5", state, state)
    assert vi.said not in {"", state}


def test_a_charge_is_told_by_its_service_and_amount() -> None:
    entry = told(
        {"kind": "x", "sent": [{"kind": "refund", "key": "GAME", "amount_minor": 5000}]}, VI
    )
    assert entry.lines[0].text == "trả lại tiền hoàn GAME, 5.000đ"


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
        "Request for ",
        "star fell",
        "wave hands very wild",
        "",
    ]


@pytest.mark.parametrize("kind", sorted(KINDS.values()))
@pytest.mark.parametrize("words", [VI, EN], ids=LANGUAGES)
def test_an_entry_that_says_little_is_told_too(kind: str, words: Words) -> None:
    assert told({"kind": kind}, words).title
