"""What the page shows of one phone: its thread, where it stands, and what the engine did."""

from datetime import datetime
from operator import attrgetter
from typing import Any, Final

from msgspec import Struct

from twofold.domain.catalogue import Partner
from twofold.domain.ids import reference
from twofold.domain.msisdn import Msisdn
from twofold.domain.states import RequestState
from twofold.domain.subscriber import Request, Subscription
from twofold.pages.sim.port import Playground
from twofold.pages.sim.story import Story, stories
from twofold.pages.wording import Words
from twofold.peers.sims import another_card, first_card
from twofold.protocol.gsm import (
    GSM_DATA_CODING,
    SEPTETS_ALONE,
    SEPTETS_IN_PART,
    UCS2_DATA_CODING,
    UNITS_ALONE,
    UNITS_IN_PART,
    septets,
)
from twofold.protocol.smpp.ussd import SCREEN_SEPTETS

SERVICE: Final = "THETHAO"
"""The service of the script."""

ROOM: Final = {
    GSM_DATA_CODING: (SEPTETS_ALONE, SEPTETS_IN_PART),
    UCS2_DATA_CODING: (UNITS_ALONE, UNITS_IN_PART),
}
"""What fits into one SMS, and into each part of a longer message."""

MAX_MESSAGES: Final = 100
MAX_ENTRIES: Final = 60
MOVES: Final = ("PT5M", "PT1H", "deadline", "P1D")
KEYS: Final = ("DK THETHAO", "Y", "N", "TK", "HUY", "HD")
MORE_KEYS: Final = ("HUY ALL", "KN THETHAO", "CHAN", "MO")
CARDS: Final = {"first": first_card, "another": another_card}
"""The SIM cards that can be in a phone, each by the IMSI that it has for a number."""

FAULTS: Final = {
    "submit": ("ok", "reject", "throttle", "silent"),
    "receipt": ("ok", "none", "twice", "first", "fail"),
    "mo": ("once", "twice"),
    "delay": ("0", "20"),
    "charging": ("ok", "refuse", "silent", "late", "twice"),
}
"""The switches of the page, the first of each at rest."""

REST: Final = {switch: values[0] for switch, values in FAULTS.items()}


class Bubble(Struct, frozen=True):
    """One message on the phone, or one USSD session: then `peer` is what was dialled."""

    key: str
    direction: str
    peer: str
    text: str
    second: str
    iso: str
    size: str
    receipt: str
    note: str = ""
    """What is unusual about it."""


class Standing(Struct, frozen=True):
    """One service that is asked for or on."""

    what: str
    state: str
    said: str
    rest: str
    reference: str
    left: int | None = None
    """How much of the window is left, percent."""


class Sim(Struct, frozen=True):
    """A SIM card to choose."""

    name: str
    number: str
    is_chosen: bool


class Phone(Struct, frozen=True):
    """One phone as it is now."""

    number: str
    bubbles: list[Bubble]
    screen: Bubble | None
    """The USSD session that it shows: the last one, until something is written."""
    balance: str
    charged: str
    standing: list[Standing]
    has_deadline: bool
    card: str
    """Which SIM card of the number is in it; empty where nobody is told."""

    @property
    def newest(self) -> Bubble | None:
        """The message that came last."""
        return next((one for one in reversed(self.bubbles) if one.direction == "mt"), None)


def phone(
    playground: Playground,
    msisdn: Msisdn,
    thread: list[dict[str, Any]],
    sessions: list[dict[str, Any]],
    words: Words,
) -> Phone:
    """Look at one phone."""
    account = playground.account(msisdn)
    bubbles = [bubble(number, one, words) for number, one in enumerate(thread)]
    bubbles += [session(number, one, words) for number, one in enumerate(sessions)]
    bubbles.sort(key=attrgetter("iso"))
    done = [one for one in bubbles if one.direction != "mt"]
    screen = done[-1] if done and done[-1].direction == "ussd" else None
    return Phone(
        msisdn.digits,
        [one for one in bubbles if one is not screen][-MAX_MESSAGES:],
        screen,
        words.amount(account["balance"]),
        words.amount(sum(debit["amount"] for debit in account["debits"])),
        standing(playground, msisdn, words),
        deadline(playground, msisdn) is not None,
        card(playground, msisdn),
    )


def card(playground: Playground, msisdn: Msisdn) -> str:
    """Which SIM card is in a phone; empty where the SMSC does not tell."""
    imsi = playground.sims.imsi(msisdn.digits)
    if not imsi:
        return ""
    return "first" if imsi == first_card(msisdn.digits) else "another"


def bubble(number: int, message: dict[str, Any], words: Words) -> Bubble:
    """One message: who, when, what, and how big it was on the wire."""
    is_mt = message["direction"] == "mt"
    at, imsi = milliseconds(message["at"]), message["imsi"]
    is_first_card = imsi in {None, first_card(message["from"])}
    peer = message["from"] if is_mt else message["to"]
    return Bubble(
        f"{number}-{at}",
        message["direction"],
        words("phone.received_from" if is_mt else "phone.sent_to", peer=peer),
        words("phone.unreadable") if message["text"] is None else message["text"],
        words.second(at),
        words.iso(at),
        size(message, words),
        reported(message["receipt"], words) if is_mt else "",
        "" if is_first_card else words("phone.from_another"),
    )


def session(number: int, dialled: dict[str, Any], words: Words) -> Bubble:
    """One USSD session: what was dialled, and the screen that answered it."""
    at, screen = milliseconds(dialled["at"]), dialled["screen"]
    missing = words("phone.dialling" if dialled["is_open"] else "phone.no_screen")
    return Bubble(
        f"ussd-{number}-{at}",
        "ussd",
        dialled["dialled"],
        missing if screen is None else screen,
        words.second(at),
        words.iso(at),
        "" if screen is None else words("phone.screen", count=septets(screen), room=SCREEN_SEPTETS),
        "",
        "" if dialled["is_open"] else words("phone.session_over"),
    )


def milliseconds(written: str) -> int:
    """Read a time as the faces write it."""
    return round(datetime.fromisoformat(written).timestamp() * 1000)


def reported(state: str | None, words: Words) -> str:
    """What the last receipt of a text said."""
    if state is None:
        return words("phone.no_receipt")
    known = f"receipt.short_{state.lower()}"
    return words(known) if known in words else state


def size(message: dict[str, Any], words: Words) -> str:
    """How many SMS it takes, and how full they are."""
    text, coding, segments = message["text"], message["data_coding"], message["segments"]
    if text is not None and coding in ROOM:
        single, part = ROOM[coding]
        gsm = coding == GSM_DATA_CODING
        count = septets(text) if gsm else len(text.encode("utf-16-be")) // 2
        room = single if segments == 1 else part * segments
        key = "phone.gsm" if gsm else "phone.ucs2"
        return words(key, segments=segments, count=count, room=room)
    return words("phone.octets", segments=segments, coding=coding)


def standing(playground: Playground, msisdn: Msisdn, words: Words) -> list[Standing]:
    """What is asked for and what is on."""
    now_at = playground.now()
    shown = [asked(request, now_at, words) for request in playground.requests(msisdn)]
    return shown + [held(one, words) for one in playground.subscriptions(msisdn)]


def asked(request: Request, now_at: int, words: Words) -> Standing:
    """A request: where it stands, and how long its window is open yet."""
    is_over, opened_at = request.is_over(now_at), request.opened_at
    state = "expired" if is_over else request.state.value
    return Standing(
        words("state.a_request", service=request.service),
        state,
        words.name("state", state),
        until(request, now_at, words),
        reference(request.id),
        None
        if opened_at is None or is_over
        else 100 * left_ms(request, now_at) // (request.deadline_at - opened_at),
    )


def until(request: Request, now_at: int, words: Words) -> str:
    """What a request waits for, and how long yet."""
    if request.is_over(now_at):
        return words("now.over")
    at = words.minute(request.deadline_at)
    if request.succeeds and request.state is RequestState.CHECKING:
        return words("now.asks", at=at)
    return words("now.left", left=words.left(left_ms(request, now_at)), until=at)


def left_ms(request: Request, now_at: int) -> int:
    """How long it is until something happens to a request."""
    return max(request.deadline_at - now_at, 0)


def held(subscription: Subscription, words: Words) -> Standing:
    """A subscription: where it stands, what it costs, and how far it is paid."""
    state = subscription.state.value
    price, days = words.amount(subscription.terms.price_minor), subscription.terms.period_days
    rest = words("now.price_day" if days == 1 else "now.price_days", amount=price, days=days)
    if subscription.renews_at is not None:
        rest += ", " + words("now.renews", at=words.minute(subscription.renews_at))
    what = words("state.a_subscription", service=subscription.service)
    return Standing(what, state, words.name("state", state), rest, reference(subscription.id))


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


def timeline(playground: Playground, msisdn: Msisdn | None, words: Words) -> list[Story]:
    """What the engine did, newest first."""
    return stories(playground.entries(msisdn, MAX_ENTRIES), words)


def dial_keys(playground: Playground) -> tuple[str, ...]:
    """What is dialled with one button: the script's service, and the list of what is on."""
    joins, looks_up = playground.short_codes[0], playground.operator.lookup_code
    return f"*{joins}*{SERVICE}#", f"*{looks_up}*TK#"


def switched(playground: Playground) -> dict[str, str]:
    """How each switch stands."""
    faults = playground.faults
    return {
        "submit": faults.submit,
        "receipt": faults.receipt,
        "mo": faults.mo,
        "delay": f"{faults.delay_ms / 1000:g}",
        "charging": playground.charging.mode,
    }
