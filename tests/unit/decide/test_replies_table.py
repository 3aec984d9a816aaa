"""Every row of `replies_table.md`, through the real decoding and the real decision."""

import re
from hashlib import blake2b
from pathlib import Path
from typing import Final

import pytest
from msgspec import Struct, structs

from tests.unit.decide.example import NUMBER, POLICY, Number, orders_of, rules_of
from tests.unit.decide.example import RULES as BY_KEYWORD
from twofold.decide import Decision, Rules
from twofold.domain.events import MessageReceived
from twofold.domain.ids import IdSource
from twofold.domain.policy import ReplyMode
from twofold.domain.reason import Reason
from twofold.protocol.gsm import decode_short_message, encode

TABLE: Final = Path(__file__).with_name("replies_table.md").read_text("utf-8")
RULES: Final[dict[str, Rules]] = {
    "keyword": BY_KEYWORD,
    "package": rules_of(policy=structs.replace(POLICY, reply_mode=ReplyMode.PACKAGE)),
    "code": rules_of(policy=structs.replace(POLICY, reply_mode=ReplyMode.CODE)),
}
CODINGS: Final = {"GSM-7": 0, "ASCII": 1, "8 ASCII": 1, "Latin-1": 3, "8-bit": 4, "UCS-2": 8}
FULL_WIDTH: Final = 0xFEE0
"""From a digit to the one that is as wide as a Chinese character."""

EITHER: Final = {"cancelled or cancel_all_ack": {"cancelled", "cancel_all_ack"}}
ROW: Final = re.compile(r"\| `(.*)` \| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|")


class Row(Struct, frozen=True):
    """One row, and the standing of its section."""

    standing: str
    sent: str
    to: str
    coding: str
    service: str
    answer: str


def rows() -> list[Row]:
    """Read the table."""
    found, standing = [], ""
    for line in TABLE.splitlines():
        if line.startswith("Standing: "):
            standing = line.removeprefix("Standing: ")
        elif match := ROW.fullmatch(line):
            sent = re.sub(
                r"\\(?:x(..)|u(....)|U(.{8}))",
                lambda code: chr(int(code[1] or code[2] or code[3], 16)),
                match[1],
            )
            found.append(Row(standing, sent, *(part.strip() for part in match.groups()[1:])))
    return found


ROWS: Final = rows()


def standing_of(row: Row) -> tuple[Number, str]:
    """A number that stands as the row says, and the code that its prompt printed."""
    mode, _, what = row.standing.partition(", ")
    number, code = Number(RULES[mode]), ""
    if what.startswith("THETHAO"):
        held = number.is_asked().code
        code = "" if held is None else held.digits
    if "NHAC" in what:
        number.is_asked("NHAC")
    if what.endswith("is on"):
        number.says("Y")
    number.passes(60_000)
    return number, code


def octets(row: Row, said: str) -> tuple[bytes, int]:
    """Code a text as the row says."""
    if row.coding == "UCS-2 cut in half":
        return said.encode("utf-16-be")[:1], 8
    if row.coding == "GSM-7":
        return encode(said), 0
    if row.coding == "UCS-2":
        return said.encode("utf-16-be"), 8
    return said.encode("latin-1"), CODINGS[row.coding]


def send(number: Number, row: Row, code: str) -> Decision:
    """Have the row's message decoded and decided."""
    wrong = str((int(code or 1_000) - 999) % 9_000 + 1_000)
    said = row.sent
    wide = "".join(chr(ord(digit) + FULL_WIDTH) for digit in code)
    for written, real in (("4821", code), ("４８２１", wide), ("4812", wrong)):
        said = said.replace(written, real) if code else said
    raw, data_coding = octets(row, said)
    key = blake2b(raw, digest_size=8).digest()
    return number.meets(
        MessageReceived(
            *(IdSource().next(number.now_at), number.now_at, NUMBER, row.to, "main", data_coding),
            *(raw, decode_short_message(raw, data_coding), key, False, number.now_at),
        )
    )


def become(number: Number, decision: Decision) -> str:
    """What became of the services, as the table says it."""
    states = {over.request.service: str(over.request.state) for over in decision.settled}
    states |= {over.subscription.service: "ended" for over in decision.ended}
    states |= {held.service: str(held.state) for held in number.subscriber.requests}
    states |= {held.service: str(held.state) for held in number.subscriber.subscriptions}
    if len(states) < 2:
        return next(iter(states.values()), "none")
    if len({*states.values()}) == 1:
        return f"both {states['NHAC']}"
    ((service, state),) = [item for item in states.items() if item[1] != "pending"]
    return f"{service} {state}"


@pytest.mark.scenario(
    "S025", "S026", "S027", "S028", "S029", "S030", "S033", "S034", "S035", "S093"
)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.standing}: {row.sent[:40]!a}")
def test_a_reply_comes_to_what_the_table_says(row: Row) -> None:
    number, code = standing_of(row)
    decision = send(number, row, code)
    answers = {*orders_of(decision)} or {"nothing"}
    assert (become(number, decision), answers) == (
        row.service,
        answers & (EITHER.get(row.answer) or {row.answer}) or {row.answer},
    )


def test_the_table_has_enough_rows_and_no_row_twice() -> None:
    assert len(ROWS) >= 300
    assert len({*map(structs.astuple, ROWS)}) == len(ROWS)


def test_what_is_not_understood_leaves_its_reason() -> None:
    for row in ROWS:
        if row.answer == "help" and row.sent not in {"HD", "help", "TG", "?"}:
            number, code = standing_of(row)
            reason = send(number, row, code).reason
            assert reason in {Reason.NOT_UNDERSTOOD, Reason.UNDECODABLE}, row
