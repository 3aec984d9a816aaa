"""What happened, as cause and effect: what came in, and below it all that followed from it.

An outcome belongs to what ordered it, a receipt to the text that it reports, and a message that
came again to its first coming; whatever belongs to nothing that is shown stands by itself.
"""

from collections.abc import Iterable
from operator import attrgetter

import msgspec
from msgspec import Struct

from twofold.domain.reason import Reason
from twofold.pages.sim.port import EntryLine
from twofold.pages.sim.saying import NONE, Document, Telling, tell
from twofold.pages.wording import Words

Read = tuple[EntryLine, Document]


class Story(Struct, frozen=True):
    """One cause, and what followed from it, oldest first."""

    cause: Telling
    effects: tuple[Telling, ...]

    @property
    def all(self) -> tuple[Telling, ...]:
        """Cause and effects."""
        return (self.cause, *self.effects)

    @property
    def reference(self) -> str:
        """The request or subscription that it is about; empty where it is about none."""
        return next((told.reference for told in self.all if told.reference), "")


def stories(entries: Iterable[EntryLine], words: Words) -> list[Story]:
    """Tell entries as stories: first that in which something came last."""
    read = read_entries(entries)
    links = Links(document for _, document in read)
    told: dict[int, list[Telling]] = {}
    for line, document in read:
        cause_id = links.follow(line.id, document)
        told.setdefault(cause_id, []).append(tell(line, words, links.order_of(document)))
    made = [Story(first, tuple(rest)) for first, *rest in told.values()]
    return sorted(made, key=lambda story: story.all[-1].id, reverse=True)


def read_entries(entries: Iterable[EntryLine]) -> list[Read]:
    """Entries with what they say, oldest first."""
    oldest_first = sorted(entries, key=attrgetter("id"))
    return [(line, msgspec.json.decode(line.document)) for line in oldest_first]


class Links:
    """Which entry follows from which, as far as the entries themselves say it."""

    def __init__(self, documents: Iterable[Document]) -> None:
        """Know every order and the ids of its texts before the first entry is placed.

        A receipt may come before the answer that names its text.
        """
        self._orders: dict[str, Document] = {}
        self._texts: dict[str, str] = {}
        self._causes: dict[str, int] = {}
        self._messages: dict[tuple[str, str], int] = {}
        for document in documents:
            self._orders.update((sent["order"], sent) for sent in sent_of(document))
            heard = document.get("heard", {})
            if order := heard.get("order"):
                self._texts.update((written(id_), order) for id_ in heard.get("message_ids", ()))

    def order_of(self, document: Document) -> Document:
        """The order that an entry is about, as it was given; empty where none is known."""
        return self._orders.get(self._order_id(document), NONE)

    def follow(self, id_: int, document: Document) -> int:
        """Place one entry after those before it: the id of its cause, its own where it is one."""
        heard = document.get("heard", {})
        message = (heard.get("raw", ""), heard.get("short_code", ""))
        if document.get("reason") == Reason.RESENT.name:
            cause_id = self._messages.get(message, id_)
        else:
            cause_id = self._causes.get(self._order_id(document), id_)
        if document.get("kind") == "message_received":
            self._messages[message] = cause_id
        self._causes.update((sent["order"], cause_id) for sent in sent_of(document))
        return cause_id

    def _order_id(self, document: Document) -> str:
        heard = document.get("heard", {})
        ids = heard.get("message_ids", ())
        return heard.get("order") or next((self._texts.get(written(one), "") for one in ids), "")


def sent_of(document: Document) -> list[Document]:
    """What an entry ordered, where it names the order."""
    return [sent for sent in document.get("sent", ()) if sent.get("order")]


def written(message_id: str) -> str:
    """An SMSC's id as both its answer and its receipt may write it."""
    return message_id.lstrip("0").upper()
