"""What holds of a session whatever comes, in whatever pieces, in whatever order."""

from collections.abc import Callable

import hypothesis.strategies as st
from hypothesis import given, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from twofold.protocol.smpp import LocalProtocolError, Role, Session, SessionSettings, State, encode
from twofold.protocol.smpp import events as e
from twofold.protocol.smpp import pdus as p

SETTINGS = SessionSettings(system_id="twofold", window=4, max_pdu_bytes=300)
MESSAGE = p.SubmitSm(destination_addr="84912345678", short_message=b"hi")
DELIVERY = p.DeliverSm(source_addr="84912345678", short_message=b"Y")


def opened(role: Role) -> Session:
    return Session(role, SETTINGS)


def binding() -> Session:
    session = opened(Role.ESME)
    session.bind(0.0)
    return session


def bound() -> Session:
    session = binding()
    session.receive(encode(p.BindTransceiverResp(1, 0, "smsc")), 0.0)
    session.request(MESSAGE, 0.0, "two")
    session.request(MESSAGE, 0.0, "three")
    session.enquire(0.0)
    return session


def unbinding() -> Session:
    session = bound()
    session.unbind(0.0)
    return session


def serving() -> Session:
    session = opened(Role.SMSC)
    bind = p.BindTransceiver(1)
    session.receive(encode(bind), 0.0)
    session.accept_bind(bind, "smsc")
    session.request(DELIVERY, 0.0, "one")
    return session


sessions = st.sampled_from(
    [lambda: opened(Role.ESME), lambda: opened(Role.SMSC), binding, bound, unbinding, serving]
)

numbers = st.integers(0, 6)
statuses = st.sampled_from([0, 0x58, 0xFFFF_FFFF])
whole = st.one_of(
    st.builds(p.DeliverSm, numbers, short_message=st.binary(max_size=9)),
    st.builds(p.SubmitSm, numbers),
    st.builds(p.DataSm, numbers, short_message=st.binary(max_size=9)),
    st.builds(p.DataSmResp, numbers, statuses),
    st.builds(p.SubmitSmResp, numbers, statuses, st.sampled_from(["", "42"])),
    st.builds(p.DeliverSmResp, numbers, statuses),
    st.builds(p.GenericNack, numbers, statuses),
    st.builds(p.EnquireLink, numbers),
    st.builds(p.EnquireLinkResp, numbers),
    st.builds(p.BindTransceiver, numbers),
    st.builds(p.BindTransceiverResp, numbers, statuses),
    st.builds(p.UnbindResp, numbers),
    st.builds(p.Unknown, numbers, statuses, st.integers(0, 0xFFFF_FFFF), st.binary(max_size=9)),
).map(encode)
nonsense = st.one_of(
    st.binary(max_size=30),
    st.binary(max_size=30).map(lambda body: b"\0\0\0" + bytes((16 + len(body),)) + body),
    st.just(encode(p.Unbind(3))),
)
streams = st.lists(st.one_of(whole, whole, whole, nonsense), max_size=8).map(b"".join)


@given(sessions, streams, st.data())
@settings(max_examples=300)
def test_octets_cut_anywhere_say_the_same_as_in_one_piece(
    make: Callable[[], Session], stream: bytes, data: st.DataObject
) -> None:
    at_once, in_pieces = make(), make()
    expected = at_once.receive(stream, 1.0)
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=10).map(sorted))
    found: list[e.SessionEvent] = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        found += in_pieces.receive(stream[start:end], 1.0)
    assert found == expected
    assert in_pieces.data_to_send() == at_once.data_to_send()
    assert in_pieces.state is at_once.state
    assert in_pieces.next_tick_at(1.0) == at_once.next_tick_at(1.0)
    assert in_pieces.lost() == at_once.lost()


@given(sessions, streams)
def test_octets_one_at_a_time_say_the_same_as_in_one_piece(
    make: Callable[[], Session], stream: bytes
) -> None:
    at_once, in_drops = make(), make()
    expected = at_once.receive(stream, 1.0)
    found = [event for octet in stream for event in in_drops.receive(bytes((octet,)), 1.0)]
    assert found == expected
    assert in_drops.data_to_send() == at_once.data_to_send()


class Conversation(RuleBasedStateMachine):
    """An ESME and an SMSC over a line that delivers in order, in pieces, as slowly as it likes."""

    @initialize()
    def connect(self) -> None:
        self.now = 0.0
        self.sides = (opened(Role.ESME), opened(Role.SMSC))
        self.lines = (bytearray(), bytearray())  # what each side has yet to read
        self.owed: tuple[list[int], list[int]] = ([], [])  # numbers that each side has to answer
        self.open: tuple[set[int], set[int]] = (set(), set())  # contexts that must come back
        self.asked = 0
        self.sides[0].bind(self.now)

    @rule(side=st.integers(0, 1))
    def request(self, side: int) -> None:
        session = self.sides[side]
        room = session.room
        self.asked += 1
        try:
            session.request(MESSAGE if side == 0 else DELIVERY, self.now, self.asked)
        except LocalProtocolError:
            assert room == 0
        else:
            assert room > 0
            self.open[side].add(self.asked)

    @rule(side=st.integers(0, 1), which=st.integers(0, 9))
    def respond(self, side: int, which: int) -> None:
        owed = self.owed[side]
        if owed:
            self.sides[side].respond(owed.pop(which % len(owed)), 0)

    @rule(side=st.integers(0, 1), size=st.integers(1, 400))
    def carry(self, side: int, size: int) -> None:
        other = 1 - side
        self.lines[side].extend(self.sides[other].data_to_send())
        octets = bytes(self.lines[side][:size])
        del self.lines[side][:size]
        self.take(side, self.sides[side].receive(octets, self.now))

    @rule(seconds=st.floats(0.0, 12.0))
    def wait(self, seconds: float) -> None:
        self.now += seconds
        for side, session in enumerate(self.sides):
            self.take(side, session.tick(self.now))
            assert session.next_tick_at(self.now) > self.now

    @precondition(lambda self: self.sides[0].state is State.BOUND)
    @rule()
    def unbind(self) -> None:
        self.sides[0].unbind(self.now)

    @rule()
    def enquire(self) -> None:
        self.sides[0].enquire(self.now)

    def take(self, side: int, events: list[e.SessionEvent]) -> None:
        session = self.sides[side]
        for event in events:
            match event:
                case e.BindRequested(pdu=pdu):
                    session.accept_bind(pdu, "smsc")
                case e.RequestReceived(pdu=message):
                    self.owed[side].append(message.sequence_number)
                case e.ResponseReceived(context=context) | e.RequestTimedOut(context=context):
                    assert isinstance(context, int)
                    self.open[side].remove(context)
                case e.Closing():
                    assert session.state is State.CLOSED
                    self.end(side)
                case _:
                    pass

    def end(self, side: int) -> None:
        contexts = self.sides[side].lost()
        assert set(contexts) == self.open[side]
        assert len(contexts) == len(self.open[side])
        self.open[side].clear()

    @invariant()
    def the_window_holds(self) -> None:
        for session in self.sides:
            assert session.unanswered <= SETTINGS.window
            if session.state is State.BOUND:
                assert session.room + session.unanswered == SETTINGS.window
            else:
                assert session.room == 0

    def teardown(self) -> None:
        for side in (0, 1):
            self.end(side)


TestConversation = Conversation.TestCase
TestConversation.settings = settings(max_examples=60, stateful_step_count=60, deadline=None)
