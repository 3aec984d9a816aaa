"""The script "try this": what a newcomer plays, as buttons and as the same by curl."""

import json
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from twofold.domain.catalogue import Partner
from twofold.pages.sim.port import Playground
from twofold.pages.sim.view import SERVICE, partner
from twofold.pages.sim.where import STEPS
from twofold.pages.wording import Words
from twofold.peers.sims import another_card

POOR_MINOR: Final = 1_000
RICH_MINOR: Final = 50_000
WINDOW: Final = "PT12H"
CONFIG: Final = "--config var/demo/twofold.toml"
PROPOSAL: Final = "sed -n 's/^proposal \\([0-9]*\\):.*/\\1/p'"
"""Takes the number out of what `twofold resume` prints."""

STOPPING: Final = {
    "stop": f".venv/bin/twofold stop partner {{partner}} --reason trying {CONFIG}",
    "go_on": (
        f"proposal=$(.venv/bin/twofold resume partner {{partner}} --reason trying --by hoa {CONFIG}"
        f" | {PROPOSAL})\n"
        f'.venv/bin/twofold resume approve "$proposal" --by minh {CONFIG}'
    ),
}
"""No program stops a partner over HTTP: it is typed by people of the operator."""


class Act(Struct, frozen=True):
    """One button: what it says, where its form goes, and the field that it sends."""

    label: str
    path: str
    field: str
    value: str
    command: str
    """The same for a program: how it is typed."""


class Step(Struct, frozen=True):
    """One thing to try, as the page shows it."""

    name: str
    title: str
    why: str
    look: str
    acts: tuple[Act, ...]
    curl: str


def steps(words: Words, number: str, playground: Playground, base_url: str) -> list[Step]:
    """The whole script; `number` is the phone of the commands, to which nothing happened yet."""
    make = _Acts(words, number, playground.short_codes[0], base_url)
    provider = partner(playground)
    script = {
        "silence": (make.text("DK THETHAO"), make.deadline()),
        "proof": (make.text("DK THETHAO"), make.text("Y"), make.text("HUY THETHAO")),
        "late": (make.text("DK THETHAO"), make.deadline(), make.text("Y")),
        "card": (
            make.text("DK THETHAO"),
            make.another_card(),
            make.text("Y", imsi=another_card(number)),
            make.hour(),
            make.text("Y", imsi=another_card(number)),
        ),
        "dial": (
            make.dial(f"*{make.short_code}*{SERVICE}#"),
            make.dial(f"*{make.short_code}*Y#"),
            make.text("Y"),
        ),
        "poor": (
            make.balance("do_poor", POOR_MINOR),
            make.text("DK THETHAO"),
            make.text("Y"),
            make.balance("do_rich", RICH_MINOR),
        ),
        "silent": (make.silent(), make.text("DK THETHAO"), make.hour(), make.well()),
        "stopped": (
            make.partner(provider, "stop"),
            make.text("DK THETHAO"),
            make.partner(provider, "go_on"),
        ),
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
        for name, acts in ((name, (make.new_sim(), *script[name])) for name in STEPS)
        if name != "card" or playground.sims.are_told
    ]


def commands(acts: tuple[Act, ...], number: str, base_url: str) -> Iterator[str]:
    """The same by curl, and how to see what came of it."""
    for act in acts:
        yield act.command
    yield f"curl '{base_url}/sim/messages?msisdn={number}'"
    yield f"curl '{base_url}/sim/accounts?msisdn={number}'"


class _Acts:
    """Makes the buttons of one phone."""

    def __init__(self, words: Words, number: str, short_code: str, base_url: str) -> None:
        self._words = words
        self._number = number
        self.short_code = short_code
        self._base_url = base_url

    def new_sim(self) -> Act:
        look = f"{self._base_url}/sim?phone={self._number}"
        said = self._words("try.curl_sim", number=self._number, look=look)
        return Act(self._words("try.new_sim"), "/sim/new", "sim", "new", f"# {said}")

    def text(self, text: str, *, imsi: str = "") -> Act:
        """`imsi` is for the command alone: the page knows which card it has put in."""
        body = {"from": self._number, "to": self.short_code, "text": text}
        body |= {"imsi": imsi} if imsi else {}
        return Act(text, "/sim/send", "text", text, self._curl("POST", "/sim/messages", body))

    def another_card(self) -> Act:
        said = self._words("try.curl_card")
        return Act(self._words("phone.card_another"), "/sim/card", "card", "another", f"# {said}")

    def dial(self, dialled: str) -> Act:
        body = {"from": self._number, "dial": dialled}
        return Act(dialled, "/sim/dial", "dial", dialled, self._curl("POST", "/sim/ussd", body))

    def deadline(self) -> Act:
        return self._wait("deadline", WINDOW)

    def hour(self) -> Act:
        return self._wait("PT1H", "PT1H")

    def balance(self, key: str, balance_minor: int) -> Act:
        label = self._words(f"try.{key}", amount=self._words.amount(balance_minor))
        path = f"/sim/accounts?msisdn={self._number}"
        command = self._curl("PUT", path, {"balance": balance_minor})
        return Act(label, "/sim/balance", "balance", str(balance_minor), command)

    def silent(self) -> Act:
        label, command = self._words("try.do_silent"), {"submit": "silent"}
        curl = self._curl("PUT", "/sim/faults", command)
        return Act(label, "/sim/switch", "submit", "silent", curl)

    def well(self) -> Act:
        curl = self._curl("PUT", "/sim/faults", {})
        return Act(self._words("try.do_well"), "/sim/switch", "all", "ok", curl)

    def partner(self, partner: Partner | None, wish: str) -> Act:
        id_, name = (partner.id, partner.name) if partner else ("abc", "abc")
        label = self._words(f"try.do_{wish}", partner=name)
        return Act(label, "/sim/partner", "partner", wish, STOPPING[wish].format(partner=id_))

    def _wait(self, by: str, duration: str) -> Act:
        curl = self._curl("POST", "/sim/clock", {"advance": duration})
        return Act(self._words(f"clock.{by}"), "/sim/wait", "by", by, curl)

    def _curl(self, method: str, path: str, body: object) -> str:
        data = json.dumps(body, ensure_ascii=False)
        return f"curl -X {method} '{self._base_url}{path}' -d '{data}'"
