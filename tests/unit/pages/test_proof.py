"""The proof of a request is what its entries say, and each entry is hashed anew."""

import json
import subprocess
from base64 import b64encode
from typing import Any

from msgspec import structs

from twofold.evidence.entry import entry_hash
from twofold.pages.sim.port import EntryLine
from twofold.pages.sim.proof import Proof, proof
from twofold.pages.wording import Words

WORDS = Words("en", "Asia/Ho_Chi_Minh", "VND")
AT = 1_700_000_000_000
RECEIPT = "id:0A stat:DELIVRD"


def line(id_: int, kind: str, **document: Any) -> EntryLine:  # noqa: ANN401 - whatever an entry holds
    raw = json.dumps({"kind": kind, "request": "A1", "policy": "vn", **document}).encode()
    salt = bytes([id_, 0]) * 8
    return EntryLine(id_, AT + id_, 84912345678, kind, salt, entry_hash(salt, raw), raw)


def message(text: str) -> dict[str, object]:
    raw = b64encode(text.encode()).decode()
    return {"text": text, "raw": raw, "short_code": "9166", "smsc": "main", "effective_at": AT}


def change(after: str, before: str = "") -> dict[str, str]:
    came_from = {"before": before} if before else {}
    return {"after": after, "request": "A1", "service": "THETHAO", **came_from}


PROMPT = {"order": "1", "kind": "send_prompt", "key": "confirm_request", "text": "2.000d/ngay?"}
ASKED = line(
    1,
    "message_received",
    heard=message("DK THETHAO"),
    changes=[change("waiting_prompt")],
    sent=[{**PROMPT, "source": "9166"}],
    templates="2026.8",
)
TAKEN = line(
    2, "outcome_arrived", heard={"order": "1", "detail": "delivered", "message_ids": ["0A"]}
)
ARRIVED = line(
    3,
    "receipt_arrived",
    heard={
        "detail": "DELIVERED",
        "message_ids": ["A"],
        "raw": b64encode(RECEIPT.encode()).decode(),
    },
)
CONFIRMED = [change("confirmed", "pending"), change("active", "activating")]
YES = line(
    4,
    "message_received",
    heard=message("Y"),
    changes=CONFIRMED,
    debits=[{"amount_minor": 2000, "request": "A1", "service": "THETHAO"}],
)
OTHER = line(5, "message_received", request="B2", heard=message("TK"))


def proven(*entries: EntryLine) -> Proof:
    found = proof(reversed(entries), "A1", WORDS, "http://127.0.0.1:1")
    assert found is not None
    return found


def facts(found: Proof, part: str) -> dict[str, str]:
    return {fact.label: fact.said for fact in getattr(found, part).facts}


def test_both_acts_stand_as_they_came_with_what_was_asked_between() -> None:
    found = proven(ASKED, TAKEN, ARRIVED, YES, OTHER)
    assert (found.service, found.reference) == ("THETHAO", "A1")
    assert found.first is not None
    assert found.second is not None
    assert found.asked is not None
    quotes = [found.first.quote, found.asked.quote, found.second.quote]
    assert quotes == ["DK THETHAO", "2.000d/ngay?", "Y"]
    assert facts(found, "second")["From"] == "84•••••678"
    assert facts(found, "second")["Octets as they came"] == "59"
    assert facts(found, "second")["Time that counts"] == "2023-11-15 05:13:20.000"
    assert facts(found, "asked")["Wording"] == "confirm_request 2026.8"
    assert facts(found, "asked")["Taken by the SMSC"].endswith("(message_id 0A)")
    assert facts(found, "asked")["Receipt as it came"] == RECEIPT
    assert [money.partition(": ")[2] for money in found.money] == ["2,000đ taken for THETHAO"]
    assert [one.told.id for one in found.entries] == [1, 2, 3, 4]


def test_without_a_second_yes_there_is_none_and_nothing_is_made_up() -> None:
    expired = line(6, "deadline_passed", changes=[change("expired", "pending")])
    found = proven(ASKED, expired)
    assert found.second is None
    assert found.money == ()
    assert found.command.endswith("/sim/entries/6'; } | sha256sum")


def test_a_yes_that_came_before_the_answer_is_the_second_act() -> None:
    early = line(2, "message_received", heard=message("Y"), reason="PROMPT_UNANSWERED")
    answered = line(3, "outcome_arrived", heard={"order": "1"}, changes=CONFIRMED)
    found = proven(ASKED, early, answered)
    assert found.second is not None
    assert (found.second.quote, found.second.entry_id) == ("Y", 2)


def test_a_wish_that_was_taken_up_on_another_sim_card_has_its_own_first_yes() -> None:
    first = line(1, "message_received", request="A0", heard=SIM_1, changes=[of_the_first()])
    ended = {**of_the_first("withdrawn"), "before": "pending"}
    anew = line(
        2,
        "message_received",
        request="A0",
        heard={**message("Y"), "imsi": "452019992345678"},
        changes=[ended, change("checking")],
        reason="SIM_CHANGED",
    )
    asked = line(3, "deadline_passed", changes=[change("waiting_prompt", "checking")])
    found = proven(first, anew, asked, YES)
    assert found.first is not None
    assert (found.first.quote, found.first.entry_id) == ("DK THETHAO", 1)
    told = facts(found, "first")
    assert told["SIM card (IMSI)"] == "45201000••••678"
    assert told["Asked anew"] == "request A0 was answered from another SIM card"
    assert [one.told.id for one in found.entries] == [2, 3, 4]
    assert proven(anew, asked, YES).first is None


def of_the_first(after: str = "waiting_prompt") -> dict[str, str]:
    return {**change(after), "request": "A0"}


SIM_1 = {**message("DK THETHAO"), "imsi": "452010002345678"}


def test_what_was_dialled_stands_as_the_first_yes() -> None:
    heard = {
        **message("THETHAO"),
        "raw": b64encode(b"*9166*THETHAO#").decode(),
        "via": {"channel": "ussd"},
    }
    dialled = line(1, "ussd_received", heard=heard, changes=[change("waiting_prompt")])
    found = proven(dialled, YES)
    assert found.first is not None
    assert found.first.quote == "*9166*THETHAO#"
    assert facts(found, "first")["Channel"] == "USSD"


def test_an_entry_that_was_changed_is_found_out() -> None:
    forged = structs.replace(YES, document=YES.document.replace(b'"Y"', b'"N"'))
    found = proven(ASKED, forged)
    assert found.differing == 1
    assert [one.does_match for one in found.entries] == [True, False]
    assert proven(ASKED, YES).differing == 0


def test_the_command_puts_the_salt_before_the_bytes() -> None:
    found = proven(ASKED, YES)
    printed = found.command[2:].partition(";")[0]
    salt = subprocess.run(["/bin/sh", "-c", printed], capture_output=True, check=True).stdout
    assert salt == YES.salt
    assert found.hash == YES.hash.hex()


def test_a_request_that_no_entry_knows_has_no_proof() -> None:
    assert proof([OTHER], "A1", WORDS, "") is None
