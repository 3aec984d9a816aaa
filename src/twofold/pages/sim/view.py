"""What the page shows of one phone: its thread, where it stands, and what the engine did."""

from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from twofold.domain.catalogue import Partner
from twofold.domain.msisdn import Msisdn
from twofold.domain.states import RequestState
from twofold.pages.sim.port import Playground
from twofold.pages.sim.story import Telling, tell
from twofold.pages.wording import Words
from twofold.protocol.gsm import GSM_DATA_CODING, UCS2_DATA_CODING, septets

SERVICE: Final = "THETHAO"
"""The service of the script."""

MAX_MESSAGES: Final = 100
MAX_ENTRIES: Final = 60
MOVES: Final = ("PT5M", "PT1H", "deadline", "P1D")
KEYS: Final = ("DK THETHAO", "Y", "N", "TK", "HUY", "HD", "HUY ALL", "KN THETHAO", "CHAN", "MO")
FAULTS: Final = {
    "submit": ("ok", "reject", "throttle", "silent"),
    "receipt": ("ok", "none", "twice", "first", "fail"),
    "delay": ("0", "20"),
    "charging": ("ok", "refuse", "silent", "late", "twice"),
}
"""The switches of the page, the first of each at rest."""

REST: Final = {switch: values[0] for switch, values in FAULTS.items()}


class Bubble(Struct, frozen=True):
    """One message on the phone."""

    key: str
    direction: str
    peer: str
    text: str
    second: str
    iso: str
    size: str
    receipt: str


class Standing(Struct, frozen=True):
    """One service that is asked for or on."""

    state: str
    said: str
    rest: str


class Sim(Struct, frozen=True):
    """A SIM card to choose."""

    name: str
    number: str
    is_chosen: bool


class Phone(Struct, frozen=True):
    """One phone as it is now."""

    number: str
    bubbles: list[Bubble]
    balance: str
    charged: str
    standing: list[Standing]
    has_deadline: bool


def phone(
    playground: Playground, msisdn: Msisdn, thread: list[dict[str, Any]], words: Words
) -> Phone:
    """Look at one phone."""
    account = playground.account(msisdn)
    return Phone(
        msisdn.digits,
        [bubble(number, one, words) for number, one in enumerate(thread)][-MAX_MESSAGES:],
        words.amount(account["balance"]),
        words.amount(sum(debit["amount"] for debit in account["debits"])),
        standing(playground, msisdn, words),
        deadline(playground, msisdn) is not None,
    )


def bubble(number: int, message: dict[str, Any], words: Words) -> Bubble:
    """One message: who, when, what, and how big it was on the wire."""
    is_mt = message["direction"] == "mt"
    at = round(datetime.fromisoformat(message["at"]).timestamp() * 1000)
    peer = message["from"] if is_mt else message["to"]
    state = message["receipt"]
    said = words("phone.receipt", state=state) if state else words("phone.no_receipt")
    return Bubble(
        f"{number}-{at}",
        message["direction"],
        words("phone.received_from" if is_mt else "phone.sent_to", peer=peer),
        words("phone.unreadable") if message["text"] is None else message["text"],
        words.second(at),
        words.iso(at),
        size(message, words),
        said if is_mt else "",
    )


def size(message: dict[str, Any], words: Words) -> str:
    """How many SMS it takes, and how full they are."""
    text, coding, segments = message["text"], message["data_coding"], message["segments"]
    if text is not None and coding == GSM_DATA_CODING:
        return words("phone.gsm", segments=segments, count=septets(text))
    if text is not None and coding == UCS2_DATA_CODING:
        units = len(text.encode("utf-16-be")) // 2
        return words("phone.ucs2", segments=segments, count=units)
    return words("phone.octets", segments=segments, coding=coding)


def standing(playground: Playground, msisdn: Msisdn, words: Words) -> list[Standing]:
    """What is asked for and what is on."""
    now_at = playground.now()
    shown = []
    for request in playground.requests(msisdn):
        state = "expired" if request.is_over(now_at) else request.state.value
        said = words(
            "now.request",
            service=request.service,
            state=words.name("state", state),
            until=words.minute(request.deadline_at),
        )
        left = words("now.left", left=words.left(request.deadline_at - now_at))
        shown.append(Standing(state, said, left))
    for held in playground.subscriptions(msisdn):
        state = held.state.value
        said = words("now.subscription", service=held.service, state=words.name("state", state))
        price, days = words.amount(held.terms.price_minor), held.terms.period_days
        rest = words("now.price_day" if days == 1 else "now.price_days", amount=price, days=days)
        if held.renews_at is not None:
            rest += ", " + words("now.renews", at=words.minute(held.renews_at))
        shown.append(Standing(state, said, rest))
    return shown


def deadline(playground: Playground, msisdn: Msisdn) -> int | None:
    """When the first open request of a number falls due."""
    pending = [
        request.deadline_at
        for request in playground.requests(msisdn)
        if request.state is RequestState.PENDING
    ]
    return min(pending, default=None)


def partner(playground: Playground) -> Partner | None:
    """Who provides the service that the script plays with."""
    service = playground.catalogue.services.get(SERVICE)
    return None if service is None else playground.catalogue.partners.get(service.partner)


def stopped(playground: Playground) -> str:
    """The name of that partner while it is stopped, else nothing."""
    found = partner(playground)
    stops = playground.catalogue.stops
    return found.name if found and any(stop.hits(found.id, SERVICE) for stop in stops) else ""


def timeline(playground: Playground, msisdn: Msisdn | None, words: Words) -> list[Telling]:
    """What the engine did, newest first."""
    return [tell(line, words) for line in playground.entries(msisdn, MAX_ENTRIES)]


def switched(playground: Playground) -> dict[str, str]:
    """How each switch stands."""
    faults = playground.faults
    return {
        "submit": faults.submit,
        "receipt": faults.receipt,
        "delay": f"{faults.delay_ms / 1000:g}",
        "charging": playground.charging.mode,
    }
