"""The rows of one journey, recorded from the product, so that the bare parts write exactly those.

One number plays its six events through the real channel, committer and store, in the three batches
in which a fast SMSC brings them.
What each batch writes is taken down and compiled into functions that write it for any other number.
A change of the schema or of a decision therefore reaches the bare parts by itself.
"""

import asyncio
from collections.abc import Callable
from enum import IntEnum
from hashlib import sha256
from math import inf
from os import urandom
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from twofold.app.rulebook import Rulebook
from twofold.app.settings import Settings
from twofold.channels.smpp import KEY_BYTES, SmppChannel
from twofold.cli.bench.installation import catalogue_of
from twofold.commit import Committer
from twofold.commit.room import Seats
from twofold.decide import Decision, Rules
from twofold.domain.clock import Clock
from twofold.domain.events import OutcomeArrived
from twofold.domain.ids import IdSource
from twofold.domain.orders import Delivered, Order
from twofold.links.listener import Ticket
from twofold.links.sessions import Sessions
from twofold.peers.load_wire import MobileOriginated, Receipts, deliver
from twofold.protocol.smpp.codec import decode
from twofold.protocol.smpp.pdus import DeliverSm
from twofold.store.queries import read_queries
from twofold.store.sqlite import SqliteStore, migrate, open_database

HOUR_MS: Final = 3_600_000
NUMBER: Final = 84_912_345_678
SALT: Final = b"the salt of all."
MESSAGE_IDS: Final = ("A0000001", "A0000002")
SMSC: Final = "main"
_LAST_DIGITS: Final = 100_000_000
_ID_LEAST: Final = 1 << 52
_TIME_LEAST: Final = 1 << 40
_PARTS: Final = 64


class Happened(IntEnum):
    """The events of a journey, in their order."""

    ASKED = 0
    PROMPT_ACCEPTED = 1
    CONFIRMED = 2
    PROMPT_DELIVERED = 3
    WELCOME_ACCEPTED = 4
    WELCOME_DELIVERED = 5


BATCHES: Final = (
    (Happened.ASKED,),
    (Happened.PROMPT_ACCEPTED, Happened.CONFIRMED, Happened.PROMPT_DELIVERED),
    (Happened.WELCOME_ACCEPTED, Happened.WELCOME_DELIVERED),
)
"""An SMSC that answers at once brings its answer, the reply and the receipt in one reading."""

_WRITES_AT: Final = (Happened.ASKED, Happened.CONFIRMED, Happened.WELCOME_ACCEPTED)
"""The event of each batch that has its rows; all have their own entry."""


class Journey:
    """One number's way in a bare part: all that its rows need."""

    __slots__ = ("ids", "key", "message_ids", "number")

    def __init__(self, number: int) -> None:
        self.number = number
        self.ids = [0] * len(Happened)
        self.key = b""
        self.message_ids = ["", ""]

    @classmethod
    def invented(cls, number: int) -> "Journey":
        """A journey that no SMSC plays: its key and its message ids are no other's."""
        journey = cls(number)
        journey.key = urandom(KEY_BYTES)
        last = number % _LAST_DIGITS
        journey.message_ids = [f"0{last:07x}", f"1{last:07x}"]
        return journey


Row = tuple[Any, ...]
Maker = Callable[[Journey, int, bytes, bytes, bytes], Row]
"""Journey, time (ms UTC), salt, hash and document to the row of one statement."""


class Sample(Struct, frozen=True):
    """What the product writes for one journey."""

    statements: tuple[str, ...]
    """The statements by name, in the order in which a batch runs them."""
    sql: tuple[str, ...]
    makers: tuple[tuple[tuple[int, Maker], ...], ...]
    """By event: the place of each statement that it runs, and what makes its row."""
    documents: tuple[tuple[bytes, bytes], ...]
    """By event: its entry's document before and after the number."""
    prompt: bytes
    welcome: bytes

    @property
    def row_writes(self) -> int:
        """Rows written, changed and deleted in a journey."""
        return sum(map(len, self.makers))

    def names(self, event: Happened) -> list[str]:
        """The statements that an event runs."""
        return [self.statements[place] for place, _ in self.makers[event]]


def record_sample(settings: Settings, clock: Clock) -> Sample:
    """Play one journey through the product and compile what it writes."""
    return asyncio.run(_recorded(settings, clock))


async def replay(settings: Settings, clock: Clock, store: SqliteStore) -> None:
    """Play one journey through the product into a store."""
    player = _Player(settings, clock, store)
    for play in (player.ask, player.confirm, player.end):
        play()
        await player.committer.work()


async def _recorded(settings: Settings, clock: Clock) -> Sample:
    connection = open_database(Path(":memory:"))
    migrate(connection, clock.now())
    player = _Player(settings, clock, SqliteStore(connection))
    executed: list[tuple[str, Row]] = []

    def note(_cursor: object, sql: str, values: Any) -> bool:  # noqa: ANN401 - apsw's own bindings
        executed.append((sql, tuple(values or ())))
        return True

    batches = []
    for play in (player.ask, player.confirm, player.end):
        play()
        connection.exec_trace = note
        await player.committer.work()
        connection.exec_trace = None
        batches.append(executed[:])
        executed.clear()
    connection.close()
    return _compiled(player, batches)


class _Player:
    """Plays the six events of one number."""

    def __init__(self, settings: Settings, clock: Clock, store: SqliteStore) -> None:
        self.at = clock.now() // HOUR_MS * HOUR_MS + 1
        """One moment for all events: times in rows are told by their distance from it."""
        self.ids: list[int] = []
        self.orders: list[Order] = []
        self.committer = Committer(
            store,
            _rules(settings, clock),
            reload=_never,
            salt=lambda: SALT,
            room=lambda: Seats(_PARTS),
            may_commit=lambda: True,
            epoch=1,
        )
        assert self.committer.rules.revision == 0, "what an empty store binds by"
        self.committer.on_committed.append(self._on_committed)
        self._source = IdSource()
        self._channel = SmppChannel(
            SMSC,
            _Nobody(),
            self.committer,
            _Stopped(self.at),
            self._source,
            country_code=settings.operator.country_code,
            hold=lambda _number, _go_on: False,
            sessions=Sessions(),
        )

    def ask(self) -> None:
        """DK."""
        self._hear(MobileOriginated("9166", "DK THETHAO").body(b"%d" % NUMBER))

    def confirm(self) -> None:
        """The SMSC's answer to the prompt, the reply and the receipt, as they come together."""
        self._accept(0)
        self._hear(MobileOriginated("9166", "Y").body(b"%d" % NUMBER))
        self._receipt(0)

    def end(self) -> None:
        """The SMSC's answer to the welcome, and its receipt."""
        self._accept(1)
        self._receipt(1)

    def _hear(self, body: bytes) -> None:
        pdu = decode(deliver(body, 1))
        assert isinstance(pdu, DeliverSm)
        self._channel.hear(Ticket(SMSC, 1, 1), pdu)

    def _receipt(self, which: int) -> None:
        message_id = MESSAGE_IDS[which].encode()
        self._hear(Receipts("9166").body(b"%d" % NUMBER, message_id, b"2611240000"))

    def _accept(self, which: int) -> None:
        outcome = Delivered(SMSC, (MESSAGE_IDS[which],))
        event_id = self._source.next(self.at)
        order = self.orders[which]
        self.committer.submit(OutcomeArrived(event_id, self.at, NUMBER, order, outcome))

    def _on_committed(self, decisions: list[Decision]) -> None:
        for decision in decisions:
            self.ids.append(decision.event.id)
            self.orders += decision.orders


class _Nobody:
    """Takes answers to MOs."""

    answers_arrived_before = -inf

    def respond(self, ticket: Ticket, status: int) -> None:
        """Nobody waits for it."""


class _Stopped:
    """A clock that stands."""

    def __init__(self, at: int) -> None:
        self._at = at

    def now(self) -> int:
        """The one moment."""
        return self._at

    def is_sound(self) -> bool:
        """It is."""
        return True

    async def wait(self, until_at: int | None, wake: object) -> None:
        """Nothing here waits."""


def _rules(settings: Settings, clock: Clock) -> Rules:
    return Rulebook(settings, clock).of(catalogue_of(settings, clock.now()))


async def _never(_store: object) -> Rules:
    raise AssertionError("the catalogue of a sample never changes")


# --- from what was executed to functions ----------------------------------------------------------


def _compiled(player: _Player, batches: list[list[tuple[str, Row]]]) -> Sample:
    assert len(player.ids) == len(Happened), player.ids
    queries = read_queries("twofold.store.sqlite")
    names = {sql: name for name, sql in queries.items()}
    used = {names[sql] for batch in batches for sql, _ in batch if _writes(sql)}
    statements = tuple(name for name in queries if name in used)
    makers: list[list[tuple[int, Maker]]] = [[] for _ in Happened]
    documents = [(b"", b"")] * len(Happened)
    for events, at_event, batch in zip(BATCHES, _WRITES_AT, batches, strict=True):
        own = iter(events)
        for sql, row in batch:
            if not _writes(sql):
                continue
            event = at_event
            if (document := _document(row)) is not None:
                event = next(own)
                before, _, after = document.partition(b"%d" % NUMBER)
                documents[event] = (before, after)
            maker = _maker(row, player)
            makers[event].append((statements.index(names[sql]), maker))
    prompt, welcome = (order.text.encode() for order in player.orders)
    sql_of = tuple(queries[name] for name in statements)
    return Sample(statements, sql_of, tuple(map(tuple, makers)), tuple(documents), prompt, welcome)


def _writes(sql: str) -> bool:
    return sql.startswith(("INSERT", "UPDATE", "DELETE"))


def _document(row: Row) -> bytes | None:
    """The document of a row that is an entry."""
    for value in row:
        if isinstance(value, bytes) and value.startswith(b'{"at":'):
            return value
    return None


def _maker(row: Row, player: _Player) -> Maker:
    """Write a function that makes this row for another journey: as fast as one written by hand."""
    cells = ", ".join(_cell(value, player) for value in row)
    maker: Maker = eval(f"lambda j, at, salt, digest, document: ({cells},)")  # noqa: S307 - of our own rows
    return maker


def _cell(value: object, player: _Player) -> str:
    """Say how one value of a row follows from journey, time and entry."""
    match value:
        case int() if value == NUMBER:
            return "j.number"
        case int() if value >= _ID_LEAST:
            return _id_cell(value, player)
        case int() if value >= _TIME_LEAST:
            return f"at + {value - player.at}"
        case int() if value == player.at // HOUR_MS:
            return f"at // {HOUR_MS}"
        case str() if value in MESSAGE_IDS:
            return f"j.message_ids[{MESSAGE_IDS.index(value)}]"
        case bytes():
            return _bytes_cell(value)
        case _:
            return repr(_plain(value))


def _id_cell(value: int, player: _Player) -> str:
    """An id belongs to one of the journey's events, and is the event's or a part of it."""
    for place, event_id in enumerate(player.ids):
        if 0 <= value - event_id < _PARTS:
            return f"j.ids[{place}] + {value - event_id}"
    # The digest of a number is made of ids and belongs to none: any other will do.
    return f"j.ids[0] ^ {value & 0xFFFF}"


def _bytes_cell(value: bytes) -> str:
    if value == SALT:
        return "salt"
    if value.startswith(b"{"):
        return "document"
    if len(value) == sha256().digest_size:
        return "digest"
    return f"j.key + {value[KEY_BYTES:]!r}"


def _plain(value: object) -> object:
    """Enums are stored as what they are made of."""
    if isinstance(value, str):
        return str.__str__(value)
    return int(value) if isinstance(value, int) else value
