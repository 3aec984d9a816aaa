"""A long text over a link that never takes it whole: part by part, nothing in between."""

from typing import cast

from msgspec import structs

from twofold.deliver.sms import SmsCarrier
from twofold.domain.clock import Clock
from twofold.domain.orders import Delivered, Order, OrderKind, Outcome, RetryAt, Unknown
from twofold.links.sessions import Sessions
from twofold.links.settings import LinkSettings
from twofold.links.smpp import CONNECTION_LOST, SmppLink
from twofold.protocol.smpp.manners import USUAL, Manners
from twofold.protocol.smpp.pdus import SubmitSm, SubmitSmResp

AT = 1_773_453_600_000
LONG = "x" * 300
ORDER = Order(
    1 << 20,
    OrderKind.SEND_NOTICE,
    84_912_345_678,
    0,
    0,
    AT,
    AT + 3_600_000,
    source="9166",
    text=LONG,
)


class Now:
    """A clock that stands."""

    def now(self) -> int:
        return AT


class Link:
    """A link with as much room as it is given."""

    def __init__(self, window: int, tps_max: int = 0) -> None:
        self.settings = LinkSettings(
            "main", "", 1, "", "", window=window, tps_max=tps_max, short_codes=("9166",)
        )
        self.name = "main"
        self.room = window
        self.is_up = True
        self.sent: list[tuple[object, SubmitSm]] = []

    def submit(self, pdu: SubmitSm, context: object) -> bool:
        self.room -= 1
        self.sent.append((context, pdu))
        return True


class Desk:
    """A carrier on one link, and what it reported."""

    def __init__(self, window: int, tps_max: int = 0, manners: Manners = USUAL) -> None:
        self.link = Link(window, tps_max)
        self.smpp = cast("SmppLink", self.link)
        self.reported: list[Outcome] = []
        self.carrier = SmsCarrier(
            [self.smpp],
            cast("Clock", Now()),
            lambda _order, outcome: self.reported.append(outcome),
            {"main": manners},
            Sessions(),
        )

    def answers(self, part: int, message_id: str) -> None:
        answer = SubmitSmResp(message_id=message_id)
        self.carrier.answered(self.link.sent[part][0], answer)

    def has_room(self, room: int) -> None:
        self.link.room = room
        self.carrier.go_on(self.smpp)

    def goes_down(self) -> None:
        self.link.room, self.link.is_up = 0, False
        self.carrier.go_on(self.smpp)


def test_a_link_that_takes_all_parts_at_rest_is_given_all_of_them_at_once() -> None:
    desk = Desk(window=2)
    desk.link.room = 1
    assert not desk.carrier.carry(ORDER)
    desk.link.room = 2
    assert desk.carrier.carry(ORDER)
    assert len(desk.link.sent) == 2


def test_a_link_of_a_small_window_is_given_one_part_after_the_other() -> None:
    desk = Desk(window=1)
    assert desk.carrier.carry(ORDER)
    assert len(desk.link.sent) == 1
    desk.answers(0, "A")
    desk.has_room(1)
    desk.answers(1, "B")
    assert desk.reported == [Delivered("main", ("A", "B"))]
    assert desk.carrier.in_flight == 0


def test_nothing_comes_between_the_parts_of_a_text() -> None:
    desk = Desk(window=5, tps_max=1)
    desk.link.room = 1
    assert desk.carrier.carry(ORDER)
    desk.link.room = 1
    assert not desk.carrier.carry(structs.replace(ORDER, id=2 << 20, text="short"))
    desk.has_room(1)
    desk.link.room = 1
    assert desk.carrier.carry(structs.replace(ORDER, id=2 << 20, text="short"))


def test_what_is_half_out_when_its_link_goes_down_is_unknown() -> None:
    desk = Desk(window=1)
    desk.carrier.carry(ORDER)
    desk.answers(0, "A")
    desk.goes_down()
    (outcome,) = desk.reported
    assert isinstance(outcome, Unknown)
    assert desk.carrier.in_flight == 0


def test_after_a_part_without_an_answer_the_rest_is_not_sent() -> None:
    desk = Desk(window=1)
    desk.carrier.carry(ORDER)
    desk.carrier.lost(desk.link.sent[0][0], CONNECTION_LOST)
    assert desk.reported == [Unknown(CONNECTION_LOST, was_cut=True)]
    desk.has_room(1)
    assert len(desk.link.sent) == 1


def test_after_a_refused_part_the_rest_is_not_sent_and_all_is_tried_again() -> None:
    desk = Desk(window=1)
    desk.carrier.carry(ORDER)
    desk.carrier.answered(desk.link.sent[0][0], SubmitSmResp(command_status=0x58))
    (outcome,) = desk.reported
    assert isinstance(outcome, RetryAt)
    desk.has_room(1)
    assert len(desk.link.sent) == 1
