"""What one entry says to whoever tries Twofold out: what came in, was decided, and was ordered.

Everything comes from the entry itself; there is no second record of what happened.
A name that nobody has words for is shown as it is.
"""

from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec
from msgspec import Struct

from twofold.domain.msisdn import mask
from twofold.domain.reason import EXPLANATIONS, Reason
from twofold.domain.states import RequestState, SubscriptionState
from twofold.pages.sim.port import EntryLine
from twofold.pages.wording import Words
from twofold.protocol.gsm import decode_short_message

Document = Mapping[str, Any]
"""An entry's JSON, or a part of it."""

NONE: Final[Document] = MappingProxyType({})

IGNORED: Final = frozenset(
    reason.name for reason in (Reason.RESENT, Reason.SETTLED_BEFORE, Reason.UNKNOWN_RECEIPT)
)
"""Why something that came has no effect any more: it is kept, and shown as ignored."""

SHOWN_LAST: Final = 7
"""Of an IMSI all but these last digits are shown: country, network and the kind of card."""

ASKED_NOW: Final = RequestState.CHECKING.value, RequestState.WAITING_PROMPT.value
_SUBSCRIPTION: Final = frozenset(state.value for state in SubscriptionState)
_MONEY: Final = frozenset({"charge", "refund"})
_OUTCOMES: Final = frozenset({"delivered", "retryat", "rejected", "unknown"})
_CHANNELS: Final = {
    "message_received": "sms",
    "part_received": "sms",
    "ussd_received": "ussd",
    "parts_abandoned": "sms",
    "receipt_arrived": "smsc",
    "deadline_passed": "clock",
    "order_fell_due": "clock",
    "order_overdue": "clock",
    "account_asked": "account",
    "account_set": "account",
    "catalogue_swept": "operator",
    "number_changed": "operator",
    "number_flagged": "operator",
}


class Line(Struct, frozen=True):
    """One line under an entry's title: `kind` is became, money, complaint, reason or order."""

    kind: str
    text: str
    name: str = ""
    """The name by which code and log know it: of a reason, or of a state."""
    said: str = ""
    """The state in words; empty where the line names none."""


class Telling(Struct, frozen=True):
    """One entry as the page shows it."""

    id: int
    phone: str
    """Whose it is, for addresses; `number` is for reading, and masked."""
    number: str
    second: str
    day: str
    iso: str
    kind: str
    channel: str
    """Through what it came in, in words."""
    title: str
    quote: str
    """What the phone wrote."""
    code: str
    """What the other side called it."""
    reference: str
    """The request or subscription that it is about."""
    is_ignored: bool
    lines: tuple[Line, ...]
    document: str
    hash: str
    salt: str


def tell(line: EntryLine, words: Words, order: Document = NONE) -> Telling:
    """Tell one entry; `order` is what it is about, as it was given, where that is known."""
    entry: Document = msgspec.json.decode(line.document)
    return Telling(
        line.id,
        str(line.msisdn),
        mask(line.msisdn),
        words.second(line.at),
        words.day(line.at),
        words.iso(line.at),
        line.kind,
        channel(entry, words),
        title(entry, words, order),
        wrote(entry),
        code(entry),
        str(entry.get("request", "")),
        entry.get("reason") in IGNORED,
        tuple(lines(entry, words)),
        shown(entry),
        line.hash.hex(),
        line.salt.hex(),
    )


def shown(entry: Document) -> str:
    """The entry for reading: laid out, and number and SIM card masked."""
    number, heard = entry.get("msisdn"), entry.get("heard", {})
    seen = {**entry, "msisdn": mask(number)} if isinstance(number, int) else entry
    if imsi := heard.get("imsi"):
        seen = {**seen, "heard": {**heard, "imsi": mask_card(imsi)}}
    return msgspec.json.format(msgspec.json.encode(seen), indent=1).decode()


def mask_card(imsi: str) -> str:
    """An IMSI for reading: two cards of one number can be told apart, and nobody is named."""
    return f"{imsi[:-SHOWN_LAST]}••••{imsi[-3:]}"


def wrote(entry: Document) -> str:
    """What the phone wrote, or dialled: the engine keeps the words of that, and its octets."""
    heard = entry.get("heard", {})
    if entry.get("kind") != "ussd_received":
        return str(heard.get("text") or "")
    octets = b64decode(heard.get("raw", ""))
    return decode_short_message(octets, heard.get("data_coding", 0)) or ""


def channel(entry: Document, words: Words) -> str:
    """Through what it came in."""
    kind, heard = str(entry.get("kind", "")), entry.get("heard", {})
    if via := heard.get("via"):
        name = words.name("channel", str(via.get("channel", "")))
        return " ".join(filter(None, (name, via.get("partner"))))
    if kind == "outcome_arrived":
        return words("channel.account" if str(heard.get("key", "")).isupper() else "channel.smsc")
    known = _CHANNELS.get(kind)
    return words(f"channel.{known}") if known else ""


def code(entry: Document) -> str:
    """What the other side called it: the SMSC's error, or the state in its receipt."""
    detail = str(entry.get("heard", {}).get("detail", ""))
    match entry.get("kind"):
        case "outcome_arrived":
            return detail.partition(": ")[2]
        case "receipt_arrived":
            return detail
        case _:
            return ""


def title(entry: Document, words: Words, order: Document = NONE) -> str:
    """What came in; `order` is what it is about."""
    kind, heard = known_as(entry), entry.get("heard", {})
    key, detail = str(heard.get("key") or order.get("key", "")), str(heard.get("detail", ""))
    what = called(key, words, str(order.get("kind", ""))) if key else words("timeline.a_text")
    match kind:
        case "message_received":
            return message(entry, words)
        case "outcome_arrived" if detail.partition(": ")[0] in _OUTCOMES:
            return outcome(detail.partition(": ")[0], key, what, words, order)
        case "requested" | "cancel_requested" | "service_claimed" | "reply_claimed":
            via = heard.get("via", {})
            parts = (via.get(name) for name in ("claim", "service", "target", "reference"))
            return words(f"kind.{kind}", what=" ".join(str(part) for part in parts if part))
        case "receipt_arrived" if entry.get("reason") == Reason.UNKNOWN_RECEIPT.name:
            return words("kind.receipt_ignored" if key else "kind.receipt_unmatched", what=what)
        case "receipt_arrived":
            known = f"receipt.{detail.lower()}"
            return words(known if known in words else "receipt.other", what=what)
        case "order_fell_due" | "order_overdue" | "account_asked":
            return words(f"kind.{kind}", what=what)
        case "part_received" | "ussd_received":
            return words(f"kind.{kind}", short_code=heard.get("short_code", "?"))
        case "number_flagged" | "number_changed":
            return words(f"kind.{kind}", detail=detail.replace("_", " "))
        case "account_set" if detail.isdecimal():
            return words("kind.account_set", amount=words.amount(int(detail)))
    rest = [str(heard[name]) for name in ("text", "key", "detail") if heard.get(name)]
    return ": ".join([words.name("kind", kind), *rest])


def known_as(entry: Document) -> str:
    """An entry's kind; where a request that had to wait is asked about, nobody missed one."""
    kind = str(entry.get("kind", ""))
    ways = ((one.get("before"), one.get("after")) for one in entry.get("changes", ()))
    return "time_to_ask" if kind == "deadline_passed" and ASKED_NOW in ways else kind


def message(entry: Document, words: Words) -> str:
    """A message of the phone: whether it is new, and whether it is text."""
    heard = entry.get("heard", {})
    known = "received" if heard.get("text") is not None else "unreadable"
    if entry.get("reason") == Reason.RESENT.name:
        known = "resent"
    return words(f"kind.message_{known}", short_code=heard.get("short_code", "?"))


def outcome(how: str, key: str, what: str, words: Words, order: Document) -> str:
    """How an order went, by whoever was to carry it."""
    if order.get("kind") == "answer_ussd" and f"kind.{how}_screen" in words:
        return words(f"kind.{how}_screen", what=what)
    return words(f"kind.{how}_{'charge' if key.isupper() else 'text'}", what=what)


def lines(entry: Document, words: Words) -> Iterator[Line]:
    """What was decided, why, and what is to be done about it."""
    for change in last_of_each(entry.get("changes", ())):
        yield became(change, words)
    for money in entry.get("debits", ()):
        yield paid(money, words)
    if complaint := entry.get("complaint"):
        reference, _, state = complaint.partition(" ")
        text = words("timeline.complaint", reference=reference)
        yield Line("complaint", text, state, words.name("complaint", state))
    if reason := entry.get("reason"):
        yield Line("reason", because(reason, words), reason)
    for order in entry.get("sent", ()):
        yield ordered(order, words)


def last_of_each(changes: Iterable[Document]) -> Iterator[Document]:
    """Where each request and subscription ended up: one entry may take it several steps."""
    last = {(noun(one), one.get("service"), one.get("request")): one for one in changes}
    yield from last.values()


def noun(change: Document) -> str:
    """Whether a request or a subscription changed."""
    return "a_subscription" if change.get("after") in _SUBSCRIPTION else "a_request"


def became(change: Document, words: Words) -> Line:
    """What became of a request or subscription."""
    after = str(change.get("after", ""))
    text = words(f"state.{noun(change)}", service=change.get("service", ""))
    return Line("became", text, after, words.name("state", after))


def paid(money: Document, words: Words) -> Line:
    """What was taken or given back."""
    amount_minor, service = int(money["amount_minor"]), money.get("service", "")
    said = "timeline.debited" if amount_minor > 0 else "timeline.refunded"
    return Line("money", words(said, amount=words.amount(abs(amount_minor)), service=service))


def because(name: str, words: Words) -> str:
    """A reason in words: those for the agent in Vietnamese, the plain ones in English."""
    reason = Reason.__members__.get(name)
    if reason is None:
        return name.replace("_", " ").lower()
    said = EXPLANATIONS[reason]
    return said.agent if words.language == "vi" else said.doc


def ordered(order: Document, words: Words) -> Line:
    """What is to be done outside."""
    kind, key = str(order.get("kind", "")), str(order.get("key", ""))
    what = called(key, words, kind)
    if amount_minor := order.get("amount_minor"):
        what = words("timeline.of_amount", what=what, amount=words.amount(int(amount_minor)))
    act = words.name("order", kind)
    return Line("order", act.format(what=what) if "{what}" in act else f"{act} {what}".strip())


def called(key: str, words: Words, kind: str = "") -> str:
    """A text by what it is for, a charge or refund by its service: services are in capitals."""
    if key.isupper():
        of = kind if kind in _MONEY else "charge"
        return words(f"timeline.{of}_of", service=key)
    return words.name("text", key)
