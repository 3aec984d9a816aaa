"""A link's life, step by step: each state, who may send what in it, and what each clock ends."""

from math import inf

import pytest

from tests.unit.protocol.bound import DELIVERY, ME, MESSAGE, esme, sent, smsc
from twofold.protocol.smpp import (
    BindMode,
    LocalProtocolError,
    Role,
    Session,
    SessionSettings,
    State,
    encode,
)
from twofold.protocol.smpp import events as e
from twofold.protocol.smpp import pdus as p
from twofold.protocol.smpp.constants import SEQUENCE_NUMBER_MAX, CommandStatus, Tag

# --- binding --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        (BindMode.TRANSCEIVER, p.BindTransceiver),
        (BindMode.TRANSMITTER, p.BindTransmitter),
        (BindMode.RECEIVER, p.BindReceiver),
    ],
)
def test_a_bind_is_of_the_kind_that_was_configured(mode: BindMode, kind: type[p.Bind]) -> None:
    session = Session(
        Role.ESME,
        SessionSettings(system_id="me", password="pw", system_type="VAS", bind=mode),
    )
    session.bind(0.0)
    assert sent(session) == [kind(1, "me", "pw", "VAS", 0x34)]
    assert session.state is State.BINDING


def test_nothing_is_submitted_before_the_bind_is_taken() -> None:
    session = Session(Role.ESME, ME)
    for _ in range(2):
        assert session.room == 0
        with pytest.raises(LocalProtocolError):
            session.request(MESSAGE, 0.0, "early")
        if session.state is State.OPEN:
            session.bind(0.0)
    assert [type(pdu) for pdu in sent(session)] == [p.BindTransceiver]


def test_a_refused_bind_leaves_the_session_open_to_another() -> None:
    session = Session(Role.ESME, ME)
    session.bind(0.0)
    refusal = encode(p.BindTransceiverResp(1, CommandStatus.ESME_RINVPASWD))
    assert session.receive(refusal, 1.0) == [e.BindRefused(CommandStatus.ESME_RINVPASWD)]
    assert session.room == 0
    session.bind(2.0)
    assert session.receive(encode(p.BindTransceiverResp(2, 0, "smsc")), 2.0) == [e.Bound("smsc")]
    assert session.room == 3


@pytest.mark.parametrize("status", [0, CommandStatus.ESME_RINVCMDID])
def test_a_bind_that_is_nacked_is_refused_whatever_the_nack_says(status: int) -> None:
    session = Session(Role.ESME, ME)
    session.bind(0.0)
    events = session.receive(encode(p.GenericNack(1, status)), 1.0)
    assert [type(event) for event in events] == [e.BindRefused]
    assert session.state is State.OPEN


@pytest.mark.parametrize(
    "answer", [p.BindTransceiverResp(2, 0, "smsc"), p.BindReceiverResp(1, 0, "smsc")]
)
def test_the_answer_to_another_bind_does_not_bind(answer: p.BindResp) -> None:
    session = Session(Role.ESME, ME)
    session.bind(0.0)
    assert session.receive(encode(answer), 1.0) == [e.LateResponse(answer)]
    assert session.state is State.BINDING


def test_a_bind_that_is_not_answered_in_time_ends_the_link() -> None:
    session = Session(Role.ESME, ME)
    session.bind(5.0)
    assert session.next_tick_at(5.0) == 15.0
    assert session.tick(14.9) == []
    assert session.tick(15.0) == [e.Closing("no answer while BINDING")]
    assert session.state is State.CLOSED


def test_an_smsc_says_which_version_it_speaks() -> None:
    bind = p.BindTransceiver(7, "twofold", "secret", interface_version=0x50)
    session = Session(Role.SMSC, ME)
    session.receive(encode(bind), 0.0)
    session.accept_bind(bind, "smsc")
    assert sent(session) == [
        p.BindTransceiverResp(7, 0, "smsc", ((Tag.SC_INTERFACE_VERSION, b"\x34"),))
    ]


def test_an_smsc_may_refuse_a_bind_and_then_take_another() -> None:
    bind = p.BindReceiver(7, "twofold", "wrong")
    session = Session(Role.SMSC, ME)
    session.receive(encode(bind), 0.0)
    session.refuse_bind(bind, CommandStatus.ESME_RINVPASWD)
    assert sent(session) == [p.BindReceiverResp(7, CommandStatus.ESME_RINVPASWD)]
    assert session.receive(encode(bind), 1.0) == [e.BindRequested(bind)]


def test_a_second_bind_is_refused_by_the_smsc_and_any_bind_by_an_esme() -> None:
    server = smsc(p.BindTransceiver(1, "twofold"))
    assert server.receive(encode(p.BindReceiver(2)), 0.0) == []
    assert sent(server) == [p.BindReceiverResp(2, CommandStatus.ESME_RALYBND)]
    client = esme()
    assert client.receive(encode(p.BindReceiver(2)), 0.0) == []
    assert sent(client) == [p.BindReceiverResp(2, CommandStatus.ESME_RINVBNDSTS)]


def test_an_smsc_gives_up_a_link_on_which_no_bind_comes() -> None:
    session = Session(Role.SMSC, ME)
    assert session.tick(3.0) == []
    assert session.next_tick_at(4.0) == 13.0
    assert session.tick(13.0) == [e.Closing("no bind came")]


def test_out_of_turn_calls_are_refused_and_send_nothing() -> None:
    client = Session(Role.ESME, ME)
    server = Session(Role.SMSC, ME)
    bind = p.BindTransceiver(1)
    with pytest.raises(LocalProtocolError):
        client.unbind(0.0)
    with pytest.raises(LocalProtocolError):
        server.bind(0.0)
    with pytest.raises(LocalProtocolError):
        server.accept_bind(bind, "smsc")
    client.bind(0.0)
    client.data_to_send()
    with pytest.raises(LocalProtocolError):
        client.bind(0.0)
    with pytest.raises(LocalProtocolError):
        client.refuse_bind(bind, 1)
    assert client.data_to_send() == server.data_to_send() == b""


# --- requests and their answers -------------------------------------------------------------------


def test_a_request_comes_back_with_its_context_once() -> None:
    session = esme()
    context = object()
    number = session.request(MESSAGE, 1.0, context)
    assert sent(session) == [
        p.SubmitSm(number, source_addr="9166", destination_addr="84912345678", short_message=b"hi")
    ]
    answer = p.SubmitSmResp(number, 0, "42")
    assert session.receive(encode(answer), 2.0) == [e.ResponseReceived(context, answer)]
    assert session.receive(encode(answer), 2.0) == [e.LateResponse(answer)]
    assert session.lost() == []


def test_answers_may_come_in_any_order() -> None:
    session = esme()
    numbers = [session.request(MESSAGE, 1.0, name) for name in "abc"]
    answers = [p.SubmitSmResp(number, 0, "x") for number in reversed(numbers)]
    events = session.receive(b"".join(map(encode, answers)), 2.0)
    assert events == [
        e.ResponseReceived(name, answer) for name, answer in zip("cba", answers, strict=True)
    ]


def test_a_full_window_takes_no_more_until_one_is_answered() -> None:
    session = esme()
    numbers = [session.request(MESSAGE, 1.0, n) for n in range(3)]
    assert session.room == 0
    assert session.unanswered == 3
    session.data_to_send()
    with pytest.raises(LocalProtocolError):
        session.request(MESSAGE, 1.0, "one too many")
    assert session.data_to_send() == b""
    session.receive(encode(p.SubmitSmResp(numbers[1])), 1.0)
    assert session.room == 1
    session.request(MESSAGE, 1.0, "fits")


def test_a_message_that_cannot_be_encoded_takes_no_number_and_no_room() -> None:
    session = esme()
    with pytest.raises(LocalProtocolError):
        session.request(p.SubmitSm(source_addr="9" * 21), 1.0, "bad")
    assert session.room == 3
    assert session.request(MESSAGE, 1.0, "good") == 2
    assert session.lost() == ["good"]


def test_a_nack_of_a_request_is_its_answer() -> None:
    session = esme()
    number = session.request(MESSAGE, 1.0, "asked")
    nack = p.GenericNack(number, CommandStatus.ESME_RINVCMDLEN)
    assert session.receive(encode(nack), 2.0) == [e.ResponseReceived("asked", nack)]
    assert session.receive(encode(nack), 2.0) == [e.LateResponse(nack)]


def test_the_answer_to_the_other_kind_of_request_answers_nothing() -> None:
    session = esme()
    number = session.request(MESSAGE, 1.0, "asked")
    stray = p.DeliverSmResp(number)
    assert session.receive(encode(stray), 1.0) == [e.LateResponse(stray)]
    assert session.lost() == ["asked"]


def test_requests_time_out_in_their_order_and_are_late_ever_after() -> None:
    session = esme()
    first = session.request(MESSAGE, 1.0, "first")
    session.request(MESSAGE, 4.0, "second")
    assert session.next_tick_at(5.0) == 11.0
    assert session.tick(10.9) == []
    assert session.tick(11.0) == [e.RequestTimedOut("first")]
    assert session.next_tick_at(11.0) == 14.0
    assert session.room == 2
    late = p.SubmitSmResp(first, 0, "42")
    assert session.receive(encode(late), 12.0) == [e.LateResponse(late)]
    assert session.tick(14.0) == [e.RequestTimedOut("second")]
    assert session.state is State.BOUND


def test_sequence_numbers_wrap_to_one() -> None:
    session = esme()
    session._number = SEQUENCE_NUMBER_MAX - 1  # noqa: SLF001 - two thousand million requests later
    assert session.request(MESSAGE, 1.0, "last") == SEQUENCE_NUMBER_MAX
    assert session.request(MESSAGE, 1.0, "first again") == 1


def test_a_lost_link_gives_back_all_that_was_unanswered() -> None:
    session = esme()
    for name in "abc":
        session.request(MESSAGE, 1.0, name)
    assert session.lost() == ["a", "b", "c"]
    assert session.lost() == []
    assert session.data_to_send() == b""
    assert session.receive(encode(p.SubmitSmResp(2)), 2.0) == []
    assert session.next_tick_at(2.0) == inf
    assert session.tick(1e9) == []


# --- messages from the peer -----------------------------------------------------------------------


def test_hundreds_of_messages_may_be_answered_later_and_in_any_order() -> None:
    session = esme()
    messages = [p.DeliverSm(number, short_message=b"Y") for number in range(100, 400)]
    events = session.receive(b"".join(map(encode, messages)), 1.0)
    assert events == [e.RequestReceived(message) for message in messages]
    assert session.data_to_send() == b""
    for message in reversed(messages):
        assert session.respond(message.sequence_number, CommandStatus.ESME_ROK)
    assert sent(session) == [p.DeliverSmResp(message.sequence_number) for message in messages[::-1]]


def test_each_message_is_answered_by_its_own_kind_of_response() -> None:
    session = esme()
    came = [p.DataSm(5), p.DeliverSm(6), p.DataSm(7)]
    assert session.receive(b"".join(map(encode, came)), 1.0) == [
        e.RequestReceived(message) for message in came
    ]
    for number in (7, 6, 5, 5):
        assert session.respond(number, CommandStatus.ESME_RX_T_APPN)
    status = CommandStatus.ESME_RX_T_APPN
    assert sent(session) == [
        p.DataSmResp(7, status),
        p.DeliverSmResp(6, status),
        p.DataSmResp(5, status),
        p.DeliverSmResp(5, status),
    ]


def test_an_smsc_may_bring_a_message_by_data_sm_and_reads_the_answer() -> None:
    session = smsc(p.BindTransceiver(1, "twofold"))
    number = session.request(p.DataSm(short_message=b"Y"), 1.0, "asked")
    answer = p.DataSmResp(number)
    assert session.receive(encode(answer), 2.0) == [e.ResponseReceived("asked", answer)]
    assert session.receive(encode(answer), 2.0) == [e.LateResponse(answer)]


def test_nobody_submits_by_data_sm() -> None:
    session = smsc(p.BindTransceiver(1, "twofold"))
    assert session.receive(encode(p.DataSm(8)), 1.0) == [e.CommandDenied(0x103)]
    assert sent(session) == [p.GenericNack(8, CommandStatus.ESME_RINVCMDID)]
    stray = p.DataSmResp(1)
    assert esme().receive(encode(stray), 1.0) == [e.LateResponse(stray)]
    with pytest.raises(LocalProtocolError):
        esme().request(p.DataSm(), 1.0, "asked")


def test_an_answer_after_the_link_is_gone_is_dropped_and_says_so() -> None:
    session = esme()
    session.receive(encode(p.DeliverSm(5)), 1.0)
    session.lost()
    assert session.respond(5, 0) is False
    assert session.data_to_send() == b""


def test_an_smsc_answers_a_submit_with_its_id() -> None:
    session = smsc(p.BindTransceiver(1, "twofold"))
    message = p.SubmitSm(8, short_message=b"hi")
    assert session.receive(encode(message), 1.0) == [e.RequestReceived(message)]
    session.respond(8, 0, "00000042")
    session.respond(9, CommandStatus.ESME_RTHROTTLED)
    assert sent(session) == [
        p.SubmitSmResp(8, 0, "00000042"),
        p.SubmitSmResp(9, CommandStatus.ESME_RTHROTTLED),
    ]


REFUSED = CommandStatus.ESME_RINVBNDSTS


@pytest.mark.parametrize(
    ("session", "message", "answer"),
    [
        pytest.param(
            Session(Role.ESME, ME), DELIVERY, p.DeliverSmResp(0, REFUSED), id="before a bind"
        ),
        pytest.param(
            esme(BindMode.TRANSMITTER), DELIVERY, p.DeliverSmResp(0, REFUSED), id="transmitter"
        ),
        pytest.param(
            esme(BindMode.TRANSMITTER), p.DataSm(), p.DataSmResp(0, REFUSED), id="data_sm"
        ),
        pytest.param(esme(), MESSAGE, p.SubmitSmResp(0, REFUSED), id="a submit to an ESME"),
        pytest.param(
            smsc(p.BindReceiver(1)), MESSAGE, p.SubmitSmResp(0, REFUSED), id="from a receiver"
        ),
        pytest.param(
            smsc(p.BindTransceiver(1)),
            DELIVERY,
            p.DeliverSmResp(0, REFUSED),
            id="a delivery to an SMSC",
        ),
    ],
)
def test_a_message_that_the_bind_does_not_carry_is_refused(
    session: Session, message: p.Pdu, answer: p.Pdu
) -> None:
    assert session.receive(encode(message), 1.0) == []
    assert sent(session) == [answer]


@pytest.mark.parametrize(
    ("session", "message"),
    [
        pytest.param(esme(BindMode.RECEIVER), MESSAGE, id="a receiver submits"),
        pytest.param(esme(), DELIVERY, id="an ESME delivers"),
        pytest.param(smsc(p.BindTransmitter(1)), DELIVERY, id="to a transmitter"),
        pytest.param(smsc(p.BindTransceiver(1)), MESSAGE, id="an SMSC submits"),
    ],
)
def test_a_message_that_the_bind_does_not_carry_is_not_sent(
    session: Session, message: p.SubmitSm | p.DeliverSm
) -> None:
    with pytest.raises(LocalProtocolError):
        session.request(message, 1.0, None)
    assert session.data_to_send() == b""


def test_each_bind_carries_what_it_is_for() -> None:
    assert esme(BindMode.TRANSMITTER).room == 3
    assert esme(BindMode.RECEIVER).room == 0
    assert smsc(p.BindTransmitter(1)).room == 0
    assert smsc(p.BindReceiver(1)).room == 3
    delivered = esme(BindMode.RECEIVER).receive(encode(DELIVERY), 1.0)
    assert delivered == [e.RequestReceived(DELIVERY)]
    submitted = smsc(p.BindTransmitter(1)).receive(encode(MESSAGE), 1.0)
    assert submitted == [e.RequestReceived(MESSAGE)]
