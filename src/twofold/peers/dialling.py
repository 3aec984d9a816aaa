"""People who dial on the SMSC stand-in: a USSD session opens, shows one screen, and is released.

It behaves as a gateway does that follows SMPP 3.4, 5.3.2.43 and 5.3.2.44: a session is told by
both numbers and by its own, and whatever does not fit an open session is refused.
"""

import asyncio
import re
from collections.abc import Callable
from itertools import count
from typing import Final

from msgspec import Struct

from twofold.peers.deliveries import PUT_OFF
from twofold.peers.smsc import Smsc
from twofold.protocol.gsm import decode_short_message
from twofold.protocol.smpp import pdus as p
from twofold.protocol.smpp.constants import CommandStatus, Npi, Tag, Ton, UssdOperation
from twofold.protocol.smpp.ussd import SCREEN_SEPTETS

SERVICE_TYPE: Final = "USSD"
SESSION_S: Final = 30.0
"""A session that a person opened ends after this, whether anything was shown or not."""

_SESSIONS: Final = 256
_LAST: Final = 1
_RESPONSES: Final = frozenset({UssdOperation.PSSD_RESPONSE, UssdOperation.PSSR_RESPONSE})
_DIALLED: Final = re.compile(r"[*#]{1,3}(\d{1,20})(?:[*#][ -~]*)?#")


class Screen(Struct, frozen=True):
    """What a session showed."""

    text: str | None
    operation: int
    is_last: bool
    """Whether it released the session."""


class Session(Struct, eq=False):
    """What a person dialled, when, and what came of it."""

    dialled: str
    at: int
    """Business time, ms UTC."""
    is_open: bool = True
    screen: Screen | None = None
    """What was shown; None while nothing is, and where the session ended without a screen."""
    status: int | None = None
    """The ESME's latest answer to what was dialled, which may come after the session's end."""


class Dialling:
    """All USSD sessions of one SMSC: a number has one at a time."""

    def __init__(self, smsc: Smsc) -> None:
        self._smsc = smsc
        self._numbers = count()
        self._open: dict[str, tuple[p.DeliverSm, asyncio.Future[Screen | None]]] = {}
        self._sessions: dict[str, list[Session]] = {}
        self._under_way: set[asyncio.Task[None]] = set()
        self.refused = 0
        """Screens that fitted no open session."""
        self.changed: Callable[[], None] = lambda: None
        """Called when a person has dialled, or sees what came of it."""
        smsc.screened = self._screened

    async def ring(self, msisdn: str, dialled: str, *, imsi: str | None = None) -> Session:
        """Dial a string as a person does, and await what comes of it.

        The network finds the ESME by the code that the string begins with. The session goes on
        where nobody awaits it any more. `imsi` is the SIM that is in the phone from then on.
        ValueError: it is no such string, or no SIM. KeyError: no ESME serves that code.
        """
        found = _DIALLED.fullmatch(dialled) if len(dialled) <= SCREEN_SEPTETS else None
        if found is None:
            raise ValueError(f"dial: must be as *9166*THETHAO#, is {dialled[:40]!r}")
        self._smsc.served_by(found[1])
        if imsi is not None:
            self._smsc.sims.put_in(msisdn, imsi)
        session = Session(dialled, self._smsc.now())
        operation = UssdOperation.PSSR_INDICATION
        screen = self._begin(msisdn, found[1], dialled, operation, session=session)
        self._sessions.setdefault(msisdn, []).append(session)
        task = asyncio.create_task(self._live(msisdn, session, screen))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        self.changed()
        await asyncio.shield(task)
        return session

    def sessions(self, msisdn: str) -> list[Session]:
        """Give what this number dialled, oldest first."""
        return self._sessions.get(msisdn, [])

    def forget(self, msisdn: str) -> None:
        """Empty the memory of one phone."""
        self._sessions.pop(msisdn, None)

    async def dial(
        self,
        msisdn: str,
        short_code: str,
        text: str,
        operation: int = UssdOperation.PSSR_INDICATION,
        *,
        has_info: bool = True,
    ) -> Screen:
        """Type something into a new session; give the screen that answers it, however late.

        `has_info` says whether the gateway numbers its sessions. KeyError: no ESME serves that
        short code.
        """
        screen = self._begin(msisdn, short_code, text, operation, has_info=has_info)
        try:
            shown = await screen
        finally:
            self._release(msisdn, screen)
        assert shown is not None, "the ESME refused what was dialled"
        return shown

    async def _live(
        self, msisdn: str, session: Session, screen: "asyncio.Future[Screen | None]"
    ) -> None:
        """Wait for the screen of a session, as long as the network keeps it open."""
        timer = asyncio.get_running_loop().call_later(SESSION_S, self._release, msisdn, screen)
        session.screen = await screen
        timer.cancel()
        session.is_open = False
        self._release(msisdn, screen)
        self.changed()

    def _begin(
        self,
        msisdn: str,
        short_code: str,
        text: str,
        operation: int,
        *,
        has_info: bool = True,
        session: Session | None = None,
    ) -> "asyncio.Future[Screen | None]":
        """Open a session, which ends the one that the number had."""
        screen: asyncio.Future[Screen | None] = asyncio.get_running_loop().create_future()
        pdu = self._pdu(msisdn, short_code, text.encode(), operation, has_info=has_info)

        def answered(status: int) -> None:
            """End what the ESME does not take; what it puts off comes again."""
            if session is not None:
                session.status = status
            if status and status not in PUT_OFF:
                self._release(msisdn, screen)

        self._smsc.originate(pdu, answered)
        _, before = self._open.get(msisdn, (None, None))
        if before is not None:
            self._release(msisdn, before)
        self._open[msisdn] = pdu, screen
        return screen

    def _release(self, msisdn: str, screen: "asyncio.Future[Screen | None]") -> None:
        """End a session; what comes for it later meets none."""
        if not screen.done():
            screen.set_result(None)
        _, held = self._open.get(msisdn, (None, None))
        if held is screen:
            del self._open[msisdn]

    def _pdu(
        self, msisdn: str, short_code: str, octets: bytes, operation: int, *, has_info: bool
    ) -> p.DeliverSm:
        tlvs: p.Tlvs = ((int(Tag.USSD_SERVICE_OP), bytes((operation,))),)
        if has_info:
            info = bytes((next(self._numbers) % _SESSIONS, 0))
            tlvs = (*tlvs, (int(Tag.ITS_SESSION_INFO), info))
        return p.DeliverSm(
            service_type=SERVICE_TYPE,
            source_addr_ton=Ton.INTERNATIONAL,
            source_addr_npi=Npi.ISDN,
            source_addr=msisdn,
            dest_addr_ton=Ton.UNKNOWN,
            dest_addr_npi=Npi.ISDN,
            destination_addr=short_code,
            short_message=octets,
            tlvs=(*tlvs, *self._smsc.sims.tlvs(msisdn)),
        )

    def _screened(self, pdu: p.SubmitSm) -> int:
        """Take a screen into its session; the status of the answer."""
        asked, shown = self._open.get(pdu.destination_addr, (None, None))
        operation = (pdu.tlv(Tag.USSD_SERVICE_OP) or b"\xff")[0]
        if asked is None or shown is None or shown.done() or not _fits(pdu, asked, operation):
            self.refused += 1
            return CommandStatus.ESME_RINVDSTADR
        info = pdu.tlv(Tag.ITS_SESSION_INFO)
        is_last = operation in _RESPONSES and (info is None or bool(info[1] & _LAST))
        shown.set_result(
            Screen(decode_short_message(pdu.payload, pdu.data_coding), operation, is_last)
        )
        return 0


def _fits(pdu: p.SubmitSm, asked: p.DeliverSm, operation: int) -> bool:
    """Say whether a screen belongs to the session that a message opened, and can be shown."""
    info, session = pdu.tlv(Tag.ITS_SESSION_INFO), asked.tlv(Tag.ITS_SESSION_INFO)
    is_of_session = info is session is None or (info and session and info[0] == session[0])
    is_for_it = (pdu.source_addr, pdu.service_type) == (asked.destination_addr, SERVICE_TYPE)
    can_show = len(pdu.payload) <= SCREEN_SEPTETS and operation in _RESPONSES
    return bool(is_of_session) and is_for_it and can_show
