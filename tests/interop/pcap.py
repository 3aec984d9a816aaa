"""Write what was sent over one TCP connection as a capture file, so that Wireshark can read it.

The classic pcap format with raw IPv4 packets (LINKTYPE_RAW); checksums are left out, as network
cards that compute them themselves leave them out.
"""

from collections.abc import Iterable
from struct import Struct
from typing import Final

SMPP_PORT: Final = 2775
_ESME_PORT: Final = 40_000
_LINKTYPE_RAW: Final = 101
_LONGEST: Final = 60_000
_FILE: Final = Struct("<IHHiIII")
_PACKET: Final = Struct("<IIII")
_IPV4: Final = Struct(">BBHHHBBH4s4s")
_TCP: Final = Struct(">HHIIBBHHH")
_ESME: Final = bytes((10, 0, 0, 1))
_SMSC: Final = bytes((10, 0, 0, 2))


def capture(chunks: Iterable[tuple[bool, bytes]]) -> bytes:
    """Give the file for chunks in the order in which they were sent: (by the ESME?, octets)."""
    packets = [_FILE.pack(0xA1B2C3D4, 2, 4, 0, 0, 65_535, _LINKTYPE_RAW)]
    sent = {True: 1, False: 1}
    for by_esme, octets in chunks:
        for at in range(0, len(octets), _LONGEST):
            piece = octets[at : at + _LONGEST]
            packet = _packet(by_esme, sent[by_esme], sent[not by_esme], piece)
            packets.append(_PACKET.pack(len(packets), 0, len(packet), len(packet)) + packet)
            sent[by_esme] += len(piece)
    return b"".join(packets)


def _packet(by_esme: bool, sequence: int, acknowledged: int, octets: bytes) -> bytes:  # noqa: FBT001
    ports = (_ESME_PORT, SMPP_PORT) if by_esme else (SMPP_PORT, _ESME_PORT)
    hosts = (_ESME, _SMSC) if by_esme else (_SMSC, _ESME)
    tcp = _TCP.pack(*ports, sequence, acknowledged, 0x50, 0x18, 65_535, 0, 0)
    length = _IPV4.size + len(tcp) + len(octets)
    return _IPV4.pack(0x45, 0, length, 0, 0x4000, 64, 6, 0, *hosts) + tcp + octets
