"""Reads a story: a table with a clock, one row an instant, as a product manager writes it.

    clock    | happens            | state   | reason          | paid | hears
    00:00:00 | DK THETHAO -> 9166 | pending |                 |      | confirm_request "soan Y gui"
             |                    |         |                 |      |     "truoc <12:00:00>"
    12:00:00 |                    | expired | NO_CONFIRMATION |      |

`clock` is the time since the story began, hours may exceed 24; `before` sets the stage;
`00:40:00..00:41:00` is some time between these two; empty: the row above goes on in `hears`.
`happens` is what somebody does (`events.py`); empty: time passes, and what is due comes by itself.
`state` names each service with what became of it (`THETHAO active, NHAC pending`), or the state
alone where the story has one service; empty: as before.
`reason` is every reason that the row left in evidence; empty: none.
`paid` is what the number has been charged in all, refunds taken off; empty: as before, at first 0.
`hears` is every message that reaches the phone, in order, joined by ` + `; empty: none. A message
is named as in `sayings.py`, then come words that it must hold, in quotes; in them `<12:00:00>`
stands for that time of the story as a text prints it, `<day 12:00:00>` for its date.
`answers` is what each call over HTTP was answered (`calling.py`), joined by ` + `; empty: there
was none. Where the column stands, the engine serves its API.
A column that a story does not need is left out.
"""

import re
from collections.abc import Callable
from typing import Final

from msgspec import Struct

COLUMNS: Final = ("clock", "happens", "state", "reason", "paid", "answers", "hears")
BEFORE: Final = "before"

_CLOCK: Final = re.compile(r"(\d+):([0-5]\d):([0-5]\d)(?:\.(\d{3}))?")
_HEARD: Final = re.compile(r'([a-z_0-9]+)((?:\s+"[^"]*")*)')


class Told(Struct, frozen=True):
    """A message that is expected: its name, and words that it must hold."""

    name: str
    words: tuple[str, ...]


class Row(Struct, frozen=True):
    """One line of a story.

    `at_ms` is None where it sets the stage, `until_at_ms` where all of it happens at once.
    """

    written: str
    at_ms: int | None
    until_at_ms: int | None
    happens: str
    state: str
    reasons: tuple[str, ...]
    paid: str
    answers: tuple[str, ...]
    hears: tuple[Told, ...]


def read(table: str) -> list[Row]:
    """Read a story. ValueError names the line that cannot be read."""
    lines = [line.strip() for line in table.strip().splitlines()]
    header, *rest = [line for line in lines if line and not line.startswith("#")]
    columns = _cells(header)
    if unknown := set(columns) - set(COLUMNS):
        raise ValueError(f"no such column: {sorted(unknown)}")
    rows: list[dict[str, str]] = []
    for line in rest:
        cells = _cells(line)
        if len(cells) != len(columns):
            raise ValueError(f"{len(cells)} cells under {len(columns)} columns: {line}")
        named = dict.fromkeys(COLUMNS, "") | dict(zip(columns, cells, strict=True))
        if named["clock"]:
            rows.append(named)
        else:
            rows[-1]["hears"] += f" {named['hears']}"
    return [_row(named) for named in rows]


def clock_ms(written: str) -> int:
    """Read a time of the story."""
    match = _CLOCK.fullmatch(written)
    if match is None:
        raise ValueError(f"not a time of the story: {written!r}")
    hours, minutes, seconds, thousandths = (int(part or 0) for part in match.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths


def fill(words: str, time_text: Callable[[str], str]) -> str:
    """Put times of the story into words, written by `time_text`; a date is its last part."""
    words = re.sub(r"<day ([\d:]+)>", lambda match: time_text(match[1]).split()[1], words)
    return re.sub(r"<([\d:]+)>", lambda match: time_text(match[1]), words)


def _row(named: dict[str, str]) -> Row:
    begins, _, ends = named["clock"].partition("..")
    hears = named["hears"]
    return Row(
        f"{named['clock']} {named['happens']}",
        None if begins == BEFORE else clock_ms(begins),
        clock_ms(ends) if ends else None,
        named["happens"],
        named["state"],
        tuple(named["reason"].split(", ")) if named["reason"] else (),
        named["paid"],
        tuple(named["answers"].split(" + ")) if named["answers"] else (),
        tuple(_told(part) for part in hears.split(" + ")) if hears else (),
    )


def _told(written: str) -> Told:
    match = _HEARD.fullmatch(written.strip())
    if match is None:
        raise ValueError(f"not a message: {written!r}")
    return Told(match[1], tuple(re.findall(r'"([^"]*)"', match[2])))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]
