"""An entry of evidence in plain words: what came in, what was decided and why, what was ordered.

Nothing is told that the entry does not say, and a kind, state or reason that nobody has words for
yet is shown by its own name.
"""

from typing import Any, Final

import msgspec
from msgspec import Struct

from twofold.domain.msisdn import mask
from twofold.domain.reason import EXPLANATIONS, Reason
from twofold.domain.states import SubscriptionState
from twofold.pages.sim.port import EntryLine
from twofold.pages.wording import Words

_SUBSCRIPTION: Final = frozenset(state.value for state in SubscriptionState)
_CHARGES: Final = frozenset({"charge", "refund"})


class Line(Struct, frozen=True):
    """One line under an entry's title: `kind` is became, money, complaint, reason or order."""

    kind: str
    text: str
    state: str = ""
    """What the request or subscription became, by its name; `state_said` in words."""
    state_said: str = ""


class Telling(Struct, frozen=True):
    """One entry as the page shows it."""

    id: int
    number: str
    second: str
    iso: str
    kind: str
    title: str
    lines: tuple[Line, ...]
    document: str
    hash: str
    salt: str


def tell(line: EntryLine, words: Words) -> Telling:
    """Tell one entry."""
    entry: dict[str, Any] = msgspec.json.decode(line.document)
    return Telling(
        line.id,
        mask(line.msisdn),
        words.second(line.at),
        words.iso(line.at),
        line.kind,
        title(entry, words),
        tuple(lines(entry, words)),
        msgspec.json.format(line.document, indent=1).decode(),
        line.hash.hex(),
        line.salt.hex(),
    )


def title(entry: dict[str, Any], words: Words) -> str:
    """What came in."""
    kind, heard = entry.get("kind", ""), entry.get("heard", {})
    key, detail = str(heard.get("key", "")), str(heard.get("detail", ""))
    what = called(key, words)
    match kind:
        case "message_received":
            said = {"text": heard.get("text"), "short_code": heard.get("short_code", "?")}
            is_text = heard.get("text") is not None
            return words(f"kind.message_{'received' if is_text else 'unreadable'}", **said)
        case "outcome_arrived":
            outcome, _, why = detail.partition(": ")
            if outcome in {"delivered", "retryat", "rejected", "unknown"}:
                return words(f"kind.{outcome}", what=what, why=why)
        case "requested" | "cancel_requested" | "service_claimed" | "reply_claimed":
            via = heard.get("via", {})
            parts = (via.get(name) for name in ("claim", "service", "target", "reference"))
            asked = " ".join(str(part) for part in parts if part)
            channel = " ".join(filter(None, (via.get("channel"), via.get("partner"))))
            return words(f"kind.{kind}", what=asked, channel=channel)
        case "receipt_arrived":
            return words("kind.receipt_arrived", detail=detail)
        case "order_fell_due" | "order_overdue" | "account_asked":
            return words(f"kind.{kind}", what=what)
        case "part_received" | "ussd_received":
            typed = str(heard.get("text") or "")
            return words(f"kind.{kind}", text=typed, short_code=heard.get("short_code", "?"))
        case "number_flagged" | "number_changed":
            return words(f"kind.{kind}", detail=detail)
        case "account_set" if detail.isdecimal():
            return words("kind.account_set", amount=words.amount(int(detail)))
    rest = [str(heard[name]) for name in ("text", "key", "detail") if heard.get(name)]
    return ": ".join([words.name("kind", kind), *rest])


def lines(entry: dict[str, Any], words: Words) -> list[Line]:
    """What was decided, why, and what is to be done about it."""
    told = [became(change, words) for change in entry.get("changes", ())]
    told += [paid(money, words) for money in entry.get("debits", ())]
    if complaint := entry.get("complaint"):
        told.append(Line("complaint", words("timeline.complaint", said=complaint)))
    if reason := entry.get("reason"):
        told.append(Line("reason", because(reason, words), reason))
    return told + [ordered(order, words) for order in entry.get("sent", ())]


def became(change: dict[str, Any], words: Words) -> Line:
    """What became of a request or subscription."""
    after = str(change.get("after", ""))
    what = f"{change.get('service', '')} {change.get('request', '')}".strip()
    noun = "state.a_subscription" if after in _SUBSCRIPTION else "state.a_request"
    return Line("became", words(noun, what=what), after, words.name("state", after))


def paid(money: dict[str, Any], words: Words) -> Line:
    """What was taken or given back."""
    amount_minor, service = int(money["amount_minor"]), money.get("service", "")
    said = "timeline.debited" if amount_minor > 0 else "timeline.refunded"
    return Line("money", words(said, amount=words.amount(abs(amount_minor)), service=service))


def because(name: str, words: Words) -> str:
    """A reason in words: those for the agent in Vietnamese, those for the developer in English."""
    reason = Reason.__members__.get(name)
    if reason is None:
        return name.replace("_", " ").lower()
    said = EXPLANATIONS[reason]
    return said.agent if words.language == "vi" else said.doc


def ordered(order: dict[str, Any], words: Words) -> Line:
    """What is to be done outside."""
    kind, key = str(order.get("kind", "")), str(order.get("key", ""))
    what = called(key, words, kind)
    if amount_minor := order.get("amount_minor"):
        what = words("timeline.of_amount", what=what, amount=words.amount(int(amount_minor)))
    act = words.name("order", kind)
    said = act.format(what=what) if "{what}" in act else f"{act} {what}".strip()
    return Line("order", words("timeline.ordered", what=said))


def called(key: str, words: Words, kind: str = "charge") -> str:
    """A text by what it is for, a charge or refund by its service: services are in capitals."""
    if key.isupper():
        of = kind if kind in _CHARGES else "charge"
        return words(f"timeline.{of}_of", service=key)
    return words.name("text", key)
