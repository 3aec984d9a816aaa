"""What the page's address says: language, phone, short code, and whose entries are shown."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from msgspec import Struct, structs

from twofold.domain.msisdn import Msisdn, parse_msisdn

FIRST_SIM: Final = "912000001"
"""A phone that has said nothing yet."""

PLAYED_SIM: Final = "912345678"
"""The phone of the conversation that the demo plays at its start."""

NEW_SIMS: Final = 912_700_001
"""The first of the numbers that "take a new SIM" gives, without the country code."""

TYPED_SIMS: Final = 912_800_001
"""The first of the numbers in the commands beside each step, where the phone's own is not new."""

STEPS: Final = (
    "silence",
    "proof",
    "late",
    "card",
    "dial",
    "poor",
    "silent",
    "stopped",
    "complain",
)
"""The script "try this", in its order."""

NOTICES: Final = ("no_deadline", "put_off", "unanswered", "slow")
_STATUS: Final = re.compile(r"\d{1,10}")
_DONE: Final = re.compile(r"[1-9]")


class Where(Struct, frozen=True):
    """One address of the page."""

    lang: str
    number: str
    to: str
    show: str = "mine"
    notice: str = ""
    status: str = ""
    step: str = ""
    """The step of the script that is being played."""
    done: str = ""
    """The last of its buttons that was pressed, counted from 1."""

    @property
    def msisdn(self) -> Msisdn:
        """The phone's number."""
        return Msisdn(int(self.number))

    @property
    def query(self) -> str:
        """The address's query, without the notice."""
        said = {"lang": self.lang, "phone": self.number, "to": self.to}
        said |= {"step": self.step, "done": self.done}
        said["show"] = "" if self.show == "mine" else self.show
        return urlencode({name: value for name, value in said.items() if value})

    def url(self, place: str = "") -> str:
        """The whole address, notice included, at one place of the page."""
        notice = {"notice": self.notice, "status": self.status}
        kept = urlencode({name: said for name, said in notice.items() if said})
        return f"/sim?{self.query}{'&' if kept else ''}{kept}{place}"

    def with_(self, **changes: str) -> "Where":
        """The same with something else; a notice is for one visit."""
        return structs.replace(self, **{"notice": "", "status": "", **changes})


def where(
    query: Mapping[str, str], lang: str, country_code: str, short_codes: tuple[str, ...]
) -> Where:
    """Read an address; what it does not say, or says badly, is as on the first visit."""
    first = country_code + FIRST_SIM
    written = parse_msisdn(query.get("phone", "")[:20], country_code)
    done = query.get("done", "")
    to, notice, status = query.get("to", ""), query.get("notice", ""), query.get("status", "")
    return Where(
        lang,
        first if written is None else written.digits,
        to if to in short_codes else short_codes[0],
        "all" if query.get("show") == "all" else "mine",
        notice if notice in NOTICES else "",
        status if _STATUS.fullmatch(status) else "",
        query["step"] if query.get("step") in STEPS else "",
        done if query.get("step") in STEPS and _DONE.fullmatch(done) else "",
    )
