"""USSD over SMPP: a deliver_sm with ussd_service_op (SMPP 3.4, 5.3.2.44) asks, and never confirms.

The second yes is an SMS from the SIM: what is typed into a USSD session names a service, as
`DK THETHAO` or `*123*THETHAO#`, or refuses: a stop counts wherever it is said.
"""

import re
from typing import Final

from twofold.decide import Rules
from twofold.decide.keywords import Word
from twofold.protocol.smpp.constants import Tag
from twofold.protocol.smpp.pdus import DeliverSm

REFUSALS: Final = (Word.STOP, Word.STOP_ALL, Word.NO, Word.BLOCK)

_BETWEEN: Final = re.compile(r"[*#\s]+")
_CODE: Final = re.compile(r"[A-Z][A-Z0-9]{0,15}", re.ASCII)


def is_ussd(pdu: DeliverSm) -> bool:
    """Whether it belongs to a USSD session, whatever the session's operation is."""
    return bool(pdu.tlvs) and pdu.tlv(Tag.USSD_SERVICE_OP) is not None


def refuses(text: str | None, rules: Rules) -> bool:
    """Whether a subscriber wants less, not more."""
    return text is not None and rules.keywords.understand(text).word in REFUSALS


def service_asked(text: str | None, rules: Rules) -> str:
    """The code of the service that a subscriber names; empty where none is."""
    if text is None:
        return ""
    wish = rules.keywords.understand(text)
    if wish.word is Word.JOIN:
        return wish.code
    dialled = [part for part in _BETWEEN.split(text.upper()) if part]
    last = dialled[-1] if dialled else ""
    return last if _CODE.fullmatch(last) and rules.catalogue.find(last) is not None else ""
