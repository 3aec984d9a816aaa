"""The SIM cards in the phones of the SMSC stand-in, by the vendor's TLV that tells their IMSI.

Each number has a card of its own from the start; another one may be put in, as after a loss, or by
a thief: the number stays, and the IMSI is another.
"""

from typing import Final

from twofold.protocol.smpp import pdus as p
from twofold.protocol.smpp.stamps import is_imsi

SUBSCRIBER_DIGITS: Final = 7
"""The end of a number that is the same however it is written, prefixes of before 2018 included."""

FIRST: Final = "45201000"
ANOTHER: Final = "45201999"
"""Country, network and the first digits of the cards; the end of the number follows."""


class Sims:
    """Which card is in which phone; `tag` is the TLV that tells it, 0 where none does."""

    def __init__(self, tag: int) -> None:
        self._tag = tag
        self._put_in: dict[str, str] = {}

    @property
    def are_told(self) -> bool:
        """Whether ESMEs are told the IMSI of what comes from a phone."""
        return self._tag > 0

    def put_in(self, msisdn: str, imsi: str) -> None:
        """Put a card into a phone; ValueError where it is none, or nobody would see it."""
        if not self._tag:
            raise ValueError("this SMSC tells no IMSI: set mo_imsi_tlv")
        if not is_imsi(imsi):
            raise ValueError(f"imsi: must have 6 to 15 digits, is {imsi[:20]!r}")
        self._put_in[_end(msisdn)] = imsi

    def imsi(self, msisdn: str) -> str:
        """The card that is in a phone now; empty where nobody is told."""
        own = first_card(msisdn) if self._tag else ""
        return self._put_in.get(_end(msisdn), own)

    def tlvs(self, msisdn: str) -> p.Tlvs:
        """What an ESME is told of the card, with whatever comes from the phone."""
        return ((self._tag, self.imsi(msisdn).encode()),) if self._tag else ()


def first_card(msisdn: str) -> str:
    """The IMSI of the card that a number has from the start."""
    return FIRST + _end(msisdn)


def another_card(msisdn: str) -> str:
    """The IMSI of another card of the same number."""
    return ANOTHER + _end(msisdn)


def _end(msisdn: str) -> str:
    return msisdn[-SUBSCRIBER_DIGITS:]
