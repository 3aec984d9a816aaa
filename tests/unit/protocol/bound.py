"""Sessions that are bound already, and a look at what they want written."""

from twofold.protocol.smpp import BindMode, Role, Session, SessionSettings, decode, encode
from twofold.protocol.smpp import events as e
from twofold.protocol.smpp import pdus as p

ME = SessionSettings(system_id="twofold", password="secret", window=3)
MESSAGE = p.SubmitSm(source_addr="9166", destination_addr="84912345678", short_message=b"hi")
DELIVERY = p.DeliverSm(source_addr="84912345678", destination_addr="9166", short_message=b"Y")


def sent(session: Session) -> list[p.Pdu]:
    """Take what waits to be written, as PDUs."""
    octets = session.data_to_send()
    pdus = []
    while octets:
        length = int.from_bytes(octets[:4], "big")
        pdus.append(decode(octets[:length]))
        octets = octets[length:]
    return pdus


def esme(mode: BindMode = BindMode.TRANSCEIVER) -> Session:
    """Make an ESME that the SMSC has bound at time 0 under its number 1."""
    session = Session(
        Role.ESME, SessionSettings(system_id="twofold", password="secret", window=3, bind=mode)
    )
    session.bind(0.0)
    kinds: dict[BindMode, type[p.BindResp]] = {
        BindMode.TRANSCEIVER: p.BindTransceiverResp,
        BindMode.TRANSMITTER: p.BindTransmitterResp,
        BindMode.RECEIVER: p.BindReceiverResp,
    }
    assert session.receive(encode(kinds[mode](1, 0, "smsc")), 0.0) == [e.Bound("smsc")]
    session.data_to_send()
    return session


def smsc(bind: p.Bind) -> Session:
    """Make an SMSC that has taken this bind at time 0."""
    session = Session(Role.SMSC, ME)
    assert session.receive(encode(bind), 0.0) == [e.BindRequested(bind)]
    session.accept_bind(bind, "smsc")
    session.data_to_send()
    return session
