"""What belongs to the link alone: signs of life, nonsense, stalls, and how a session ends."""

import pytest

from tests.unit.protocol.bound import DELIVERY, ME, MESSAGE, esme, sent, smsc
from twofold.protocol.smpp import (
    Role,
    Session,
    State,
    encode,
)
from twofold.protocol.smpp import events as e
from twofold.protocol.smpp import pdus as p
from twofold.protocol.smpp.constants import CommandStatus


@pytest.mark.parametrize("session", [Session(Role.ESME, ME), esme(), smsc(p.BindReceiver(1))])
def test_the_peers_enquire_link_is_answered_in_any_state(session: Session) -> None:
    assert session.receive(encode(p.EnquireLink(77)), 3.0) == [e.EnquireLinkReceived(3.0)]
    assert sent(session) == [p.EnquireLinkResp(77)]


def test_a_silent_peer_is_asked_and_then_given_up() -> None:
    session = esme()
    assert session.next_tick_at(0.0) == 30.0
    assert session.tick(29.9) == []
    assert session.data_to_send() == b""
    assert session.tick(30.0) == []
    assert sent(session) == [p.EnquireLink(2)]
    assert session.next_tick_at(30.0) == 40.0
    assert session.tick(39.9) == []
    assert session.data_to_send() == b""
    assert session.tick(40.0) == [e.Closing("enquire_link was not answered")]


def test_a_peer_that_is_heard_is_not_asked() -> None:
    session = esme()
    session.receive(encode(p.EnquireLink(1)), 25.0)
    session.data_to_send()
    assert session.next_tick_at(25.0) == 55.0
    assert session.tick(54.9) == []
    assert session.data_to_send() == b""


@pytest.mark.parametrize("answer", [p.EnquireLinkResp(2), p.GenericNack(2, 3)])
def test_the_answer_to_our_question_tells_what_had_been_read(answer: p.Pdu) -> None:
    session = esme()
    session.respond(5, 0)
    session.enquire(4.0)
    session.enquire(4.5)
    assert sent(session) == [p.DeliverSmResp(5), p.EnquireLink(2)]
    assert session.receive(encode(answer), 6.0) == [e.EnquireLinkAnswered(4.0)]
    assert session.receive(encode(p.EnquireLinkResp(2)), 6.0) == []
    assert session.next_tick_at(6.0) == 36.0


def test_the_answer_to_another_question_answers_nothing() -> None:
    session = esme()
    session.enquire(4.0)
    assert session.receive(encode(p.EnquireLinkResp(1)), 6.0) == []
    assert session.tick(14.0) == [e.Closing("enquire_link was not answered")]


def test_a_command_that_nobody_speaks_is_nacked_and_the_link_stays() -> None:
    session = esme()
    strange = p.Unknown(12, 0, 0x0BAD, b"what")
    told = session.receive(encode(strange) + encode(DELIVERY), 1.0)
    assert told == [e.CommandDenied(0x0BAD), e.RequestReceived(DELIVERY)]
    assert sent(session) == [p.GenericNack(12, CommandStatus.ESME_RINVCMDID)]
    assert session.state is State.BOUND


@pytest.mark.parametrize("command_id", [0x0102, 0x000B, 0x8000_0003])
def test_a_command_that_asks_no_answer_gets_none(command_id: int) -> None:
    session = esme()
    assert session.receive(encode(p.Unknown(1, 0, command_id)), 1.0) == []
    assert session.data_to_send() == b""


@pytest.mark.parametrize("length", [0, 15, 65_537, 0xFFFF_FFFF])
def test_an_absurd_length_is_nacked_and_ends_the_link(length: int) -> None:
    session = esme()
    session.request(MESSAGE, 1.0, "asked")
    session.data_to_send()
    octets = length.to_bytes(4, "big") + bytes.fromhex("00000005 00000000 00000009")
    events = session.receive(encode(DELIVERY) + octets + encode(DELIVERY), 2.0)
    assert events == [e.RequestReceived(DELIVERY), e.Closing(f"command_length {length}")]
    assert sent(session) == [p.GenericNack(9, CommandStatus.ESME_RINVCMDLEN)]
    assert session.receive(encode(DELIVERY), 3.0) == []
    assert session.lost() == ["asked"]


def test_a_body_past_its_end_is_nacked_and_ends_the_link() -> None:
    session = esme()
    octets = bytes.fromhex("00000014 00000005 00000000 00000009 41414141")
    events = session.receive(octets, 2.0)
    assert [type(event) for event in events] == [e.Closing]
    assert sent(session) == [p.GenericNack(9, CommandStatus.ESME_RINVMSGLEN)]


def test_a_pdu_that_stalls_half_way_ends_the_link_however_slowly_it_drips() -> None:
    session = esme()
    octets = encode(DELIVERY)
    session.receive(octets[:4], 10.0)
    assert session.next_tick_at(10.0) == 40.0
    for second in range(11, 40):
        assert session.receive(octets[second - 7 : second - 6], float(second)) == []
    assert session.tick(39.9) == []
    assert session.tick(40.0) == [e.Closing("a PDU stalled half-way")]


def test_a_pdu_that_comes_whole_in_time_stalls_nothing() -> None:
    session = esme()
    octets = encode(DELIVERY)
    session.receive(octets[:20], 10.0)
    assert session.receive(octets[20:] + octets[:7], 35.0) == [e.RequestReceived(DELIVERY)]
    assert session.tick(40.0) == []
    assert session.next_tick_at(40.0) == 65.0
    assert session.receive(octets[7:], 50.0) == [e.RequestReceived(DELIVERY)]
    assert session.tick(65.0) == []


def test_an_unbind_ends_the_session_with_the_peers_answer() -> None:
    session = esme()
    number = session.request(MESSAGE, 1.0, "asked")
    session.unbind(2.0)
    assert [type(pdu) for pdu in sent(session)] == [p.SubmitSm, p.Unbind]
    assert session.room == 0
    answer = p.SubmitSmResp(number, 0, "42")
    events = session.receive(encode(answer) + encode(p.UnbindResp(number + 1)), 3.0)
    assert events == [e.ResponseReceived("asked", answer), e.Closing("unbound")]
    assert session.state is State.CLOSED


@pytest.mark.parametrize("answer", [p.GenericNack(2, 3), p.UnbindResp(2, 8)])
def test_an_unbind_that_is_refused_ends_the_session_all_the_same(answer: p.Pdu) -> None:
    session = esme()
    session.unbind(2.0)
    assert session.receive(encode(answer), 3.0) == [e.Closing("unbound")]


def test_an_unbind_that_is_not_answered_in_time_ends_the_link() -> None:
    session = esme()
    session.unbind(2.0)
    assert session.next_tick_at(2.0) == 12.0
    assert session.tick(12.0) == [e.Closing("no answer while UNBINDING")]


def test_a_stray_unbind_resp_ends_nothing() -> None:
    session = esme()
    stray = p.UnbindResp(1)
    assert session.receive(encode(stray), 1.0) == [e.LateResponse(stray)]
    assert session.state is State.BOUND


def test_what_is_delivered_while_we_unbind_is_put_off_to_the_next_bind() -> None:
    session = esme()
    session.receive(encode(p.DeliverSm(5)), 1.0)
    session.unbind(2.0)
    session.data_to_send()
    assert session.receive(encode(p.DeliverSm(6)), 3.0) == []
    assert session.respond(5, 0)
    assert sent(session) == [
        p.DeliverSmResp(6, CommandStatus.ESME_RX_T_APPN),
        p.DeliverSmResp(5),
    ]


def test_the_peers_unbind_is_answered_and_ends_the_session() -> None:
    session = esme()
    session.request(MESSAGE, 1.0, "asked")
    session.data_to_send()
    events = session.receive(encode(p.Unbind(50)) + encode(DELIVERY), 2.0)
    assert events == [e.PeerUnbound(), e.Closing("the peer unbound")]
    assert sent(session) == [p.UnbindResp(50)]
    assert session.respond(5, 0) is False
    assert session.lost() == ["asked"]


def test_settings_never_print_the_password() -> None:
    assert "secret" not in repr(ME)
