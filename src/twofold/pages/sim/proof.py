"""The proof of one request, as the store has it: the two acts, what was asked, and every entry.

Nothing here is remembered apart: it is read from the entries, whose hashes are recomputed.
"""

from base64 import b64decode
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct, structs

from twofold.domain.msisdn import mask
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState
from twofold.evidence.entry import entry_hash
from twofold.pages.sim.port import EntryLine
from twofold.pages.sim.saying import Document, Telling, mask_card, tell, wrote
from twofold.pages.sim.story import Links, Read, read_entries
from twofold.pages.wording import Words

MAX_ENTRIES: Final = 500


class Fact(Struct, frozen=True):
    """One thing about an act."""

    label: str
    said: str
    is_code: bool = False


class Part(Struct, frozen=True):
    """One act, or the prompt: what it says, and what is known of it; `entry_id` has it all."""

    quote: str
    facts: tuple[Fact, ...]
    entry_id: int
    hash: str


class Checked(Struct, frozen=True):
    """One entry, and whether its hash was found to be that of its bytes and salt."""

    told: Telling
    does_match: bool


class Proof(Struct, frozen=True):
    """All that can be shown of one request."""

    reference: str
    service: str
    first: Part | None
    asked: Part | None
    second: Part | None
    money: tuple[str, ...]
    entries: tuple[Checked, ...]
    command: str
    hash: str
    """What the command prints."""

    @property
    def differing(self) -> int:
        """How many entries are not what was hashed."""
        return sum(not one.does_match for one in self.entries)


def proof(
    entries: Iterable[EntryLine], reference: str, words: Words, base_url: str
) -> Proof | None:
    """Gather the proof of a request; None where no entry knows it."""
    read = read_entries(entries)
    links = Links(document for _, document in read)
    known = list(about(reference, read))
    if not known:
        return None
    second = second_act(reference, known, words)
    checked = [
        Checked(
            tell(line, words, links.order_of(document)),
            entry_hash(line.salt, line.document) == line.hash,
        )
        for line, document in known
    ]
    named = (change["service"] for _, document in known for change in of(document, reference))
    shown_id = second.entry_id if second else known[-1][0].id
    line = next(line for line, _ in known if line.id == shown_id)
    return Proof(
        reference,
        next(named, ""),
        first_act(reference, read, words),
        prompt(known, words),
        second,
        tuple(money(reference, known, words)),
        tuple(checked),
        by_hand(line, base_url),
        line.hash.hex(),
    )


def about(reference: str, read: Iterable[Read]) -> Iterator[Read]:
    """The entries of one request: those that name it, and those of what they ordered."""
    orders: set[str] = set()
    for line, document in read:
        names = {document.get("request"), *(one.get("request") for one in parts(document))}
        if reference in names or document.get("heard", {}).get("order") in orders:
            orders.update(sent["order"] for sent in document.get("sent", ()))
            yield line, document


def parts(document: Document) -> Iterator[Document]:
    """What an entry says of requests one by one."""
    for name in ("changes", "debits", "sent"):
        yield from document.get(name, ())


def of(document: Document, reference: str) -> Iterator[Document]:
    """The changes of one request."""
    return (one for one in document.get("changes", ()) if one.get("request") == reference)


def first_act(reference: str, read: list[Read], words: Words) -> Part | None:
    """The entry in which the request begins, or the one that it takes up again."""
    for line, document in read:
        if any("before" not in change for change in of(document, reference)):
            earlier = taken_up(document, reference)
            if not earlier:
                return act(line, document, words)
            first = first_act(earlier, read, words)
            again = Fact(words("proof.again"), words("proof.again_why", reference=earlier))
            return first and structs.replace(first, facts=(*first.facts, again))
    return None


def taken_up(document: Document, reference: str) -> str:
    """The request that another SIM card ended, where this entry begins the same wish anew."""
    if document.get("reason") != Reason.SIM_CHANGED.name:
        return ""
    services = {change["service"] for change in of(document, reference)}
    ended = (
        change["request"]
        for change in document.get("changes", ())
        if change["service"] in services and change["after"] == RequestState.WITHDRAWN.value
    )
    return next(ended, "")


def second_act(reference: str, known: list[Read], words: Words) -> Part | None:
    """The message that confirmed it; one that came before the SMSC's answer was kept till then."""
    kept = None
    for line, document in known:
        if document.get("reason") == Reason.PROMPT_UNANSWERED.name:
            kept = line, document
        states = {change["after"] for change in of(document, reference)}
        if RequestState.CONFIRMED.value in states:
            is_message = document.get("kind") == "message_received"
            return act(*((line, document) if is_message or kept is None else kept), words)
    return None


def act(line: EntryLine, document: Document, words: Words) -> Part:
    """What somebody did, as it came in."""
    heard = document.get("heard", {})
    via = heard.get("via", {})
    told = [Fact(words("proof.from"), mask(line.msisdn))]
    if "short_code" in heard:
        told.append(Fact(words("proof.to"), heard["short_code"]))
    if "smsc" in heard:
        told.append(Fact(words("proof.over"), f"SMPP, {heard['smsc']}"))
    if channel := via.get("channel"):
        told.append(Fact(words("proof.channel"), words.name("channel", channel)))
    if imsi := heard.get("imsi"):
        told.append(Fact(words("proof.card"), mask_card(imsi)))
    told.append(Fact(words("proof.at"), words.exact(heard.get("effective_at", line.at))))
    if "smsc_at" in heard:
        told.append(Fact(words("proof.smsc_at"), words.exact(heard["smsc_at"])))
    if raw := heard.get("raw"):
        told.append(Fact(words("proof.octets"), b64decode(raw).hex(" "), is_code=True))
    told.append(Fact(words("proof.policy"), document.get("policy", "")))
    quote = wrote(document) or via.get("service", "")
    return Part(quote, tuple(told), line.id, line.hash.hex())


def prompt(known: list[Read], words: Words) -> Part | None:
    """The first prompt that was ordered, and how it went."""
    for line, document in known:
        for sent in document.get("sent", ()):
            if sent.get("kind") == "send_prompt":
                told = (
                    Fact(words("proof.from"), sent.get("source", "")),
                    Fact(words("proof.template"), f"{sent['key']} {document.get('templates', '')}"),
                    *carried(sent["order"], known, words),
                )
                return Part(sent.get("text", ""), told, line.id, line.hash.hex())
    return None


def carried(order: str, known: list[Read], words: Words) -> Iterator[Fact]:
    """When the SMSC took a text, and what its receipt said, octet by octet."""
    links = Links(document for _, document in known)
    for line, document in known:
        if links.order_of(document).get("order") != order:
            continue
        heard = document.get("heard", {})
        at = words.exact(line.at)
        if document.get("kind") == "outcome_arrived" and heard.get("detail") == "delivered":
            ids = ", ".join(heard.get("message_ids", ()))
            yield Fact(words("proof.taken"), f"{at} (message_id {ids})")
        elif document.get("kind") == "receipt_arrived" and "reason" not in document:
            if heard.get("detail") == "DELIVERED":
                yield Fact(words("proof.arrived"), at)
            raw = b64decode(heard.get("raw", "")).decode("ascii", "backslashreplace")
            yield Fact(words("proof.receipt"), raw, is_code=True)


def money(reference: str, known: list[Read], words: Words) -> Iterator[str]:
    """What was taken and given back."""
    for line, document in known:
        for debit in document.get("debits", ()):
            if debit.get("request") == reference:
                amount_minor: int = debit["amount_minor"]
                key = "timeline.debited" if amount_minor > 0 else "timeline.refunded"
                said = words(key, amount=words.amount(abs(amount_minor)), service=debit["service"])
                yield f"{words.exact(line.at)}: {said}"


def by_hand(line: EntryLine, base_url: str) -> str:
    """How the hash of one entry is recomputed in any shell: octal is what every printf knows."""
    salt = "".join(f"\\{octet:03o}" for octet in line.salt)
    return f"{{ printf '{salt}'; curl -s '{base_url}/sim/entries/{line.id}'; }} | sha256sum"
