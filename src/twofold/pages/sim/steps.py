"""The script "try this": what a newcomer plays, as buttons and as the same by curl."""

import json
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from twofold.pages.sim.where import STEPS
from twofold.pages.wording import Words

POOR_MINOR: Final = 1_000
RICH_MINOR: Final = 50_000
WINDOW: Final = "PT12H"


class Act(Struct, frozen=True):
    """One button: what it says, where its form goes, and the field that it sends."""

    label: str
    path: str
    field: str
    value: str
    curl: tuple[str, str, object]
    """The method, path and body of the same for a program."""


class Step(Struct, frozen=True):
    """One thing to try, as the page shows it."""

    name: str
    title: str
    why: str
    look: str
    acts: tuple[Act, ...]
    curl: str


def steps(words: Words, number: str, short_code: str, base_url: str) -> list[Step]:
    """The whole script, for one phone."""
    make = _Acts(words, number, short_code)
    script = {
        "silence": (make.text("DK THETHAO"), make.deadline()),
        "proof": (make.text("DK THETHAO"), make.text("Y"), make.text("HUY THETHAO")),
        "late": (make.text("DK THETHAO"), make.deadline(), make.text("Y")),
        "poor": (
            make.balance("do_poor", POOR_MINOR),
            make.text("DK THETHAO"),
            make.text("Y"),
            make.balance("do_rich", RICH_MINOR),
        ),
        "silent": (make.silent(), make.text("DK THETHAO"), make.hour(), make.well()),
        "complain": (make.text("DK THETHAO"), make.text("Y"), make.text("KN THETHAO")),
    }
    return [
        Step(
            name,
            words(f"try.{name}_title"),
            words(f"try.{name}_why"),
            words(f"try.{name}_look"),
            acts,
            "\n".join(commands(acts, number, base_url)),
        )
        for name, acts in ((name, script[name]) for name in STEPS)
    ]


def commands(acts: tuple[Act, ...], number: str, base_url: str) -> Iterator[str]:
    """The same by curl, and how to see what came of it."""
    for act in acts:
        method, path, body = act.curl
        data = json.dumps(body, ensure_ascii=False)
        yield f"curl -X {method} '{base_url}{path}' -d '{data}'"
    yield f"curl '{base_url}/sim/messages?msisdn={number}'"
    yield f"curl '{base_url}/sim/accounts?msisdn={number}'"


class _Acts:
    """Makes the buttons of one phone."""

    def __init__(self, words: Words, number: str, short_code: str) -> None:
        self._words = words
        self._number = number
        self._short_code = short_code

    def text(self, text: str) -> Act:
        body = {"from": self._number, "to": self._short_code, "text": text}
        return Act(text, "/sim/send", "text", text, ("POST", "/sim/messages", body))

    def deadline(self) -> Act:
        label = self._words("clock.deadline")
        return Act(
            label, "/sim/wait", "by", "deadline", ("POST", "/sim/clock", {"advance": WINDOW})
        )

    def hour(self) -> Act:
        label = self._words("clock.PT1H")
        return Act(label, "/sim/wait", "by", "PT1H", ("POST", "/sim/clock", {"advance": "PT1H"}))

    def balance(self, key: str, balance_minor: int) -> Act:
        label = self._words(f"try.{key}", amount=self._words.amount(balance_minor))
        path = f"/sim/accounts?msisdn={self._number}"
        body = {"balance": balance_minor}
        return Act(label, "/sim/balance", "balance", str(balance_minor), ("PUT", path, body))

    def silent(self) -> Act:
        label, body = self._words("try.do_silent"), {"submit": "silent"}
        return Act(label, "/sim/switch", "submit", "silent", ("PUT", "/sim/faults", body))

    def well(self) -> Act:
        label = self._words("try.do_well")
        return Act(label, "/sim/switch", "all", "ok", ("PUT", "/sim/faults", {}))
