"""The stand-ins' faces over HTTP: phones, clock, accounts and faults, for the demo and for tests.

They are absent unless the demo runs or `[sim] enabled = true`: numbers stand in these URLs as
nowhere else.
Bad input is a problem (RFC 9457) that names what was wrong.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from json import JSONDecodeError
from typing import Any, Final

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from twofold.domain.msisdn import Msisdn, parse_msisdn
from twofold.pages.answering import is_foreign
from twofold.pages.sim.port import Sim
from twofold.peers.dialling import Session
from twofold.peers.faults import MoFault, ReceiptFault, SubmitFault

MAX_BODY_BYTES: Final = 16_384
MAX_ADVANCE_MS: Final = 400 * 86_400_000
"""The clock moves by 400 days at most at once."""

MAX_TIMES: Final = 10
MAX_DELAY_MS: Final = 600_000


class BadInput(Exception):
    """What was wrong with a request, and what to do."""


class Sending(Struct, forbid_unknown_fields=True):
    """A message to send: `text`, or `hex` octets."""

    sender: str = msgspec.field(name="from")
    to: str
    text: str | None = None
    hex: str | None = None
    data_coding: int | None = None
    smsc_time: str | None = None
    imsi: str | None = None
    """The SIM that is in the phone from now on."""
    times: int = 1


class Ringing(Struct, forbid_unknown_fields=True):
    """A USSD string to dial."""

    sender: str = msgspec.field(name="from")
    dial: str
    """As it is typed into a phone; it begins with the code that it is for."""
    imsi: str | None = None
    """The SIM that is in the phone from now on."""


class Advance(Struct, forbid_unknown_fields=True):
    """How far to move the clock, ISO 8601."""

    advance: str


class Balance(Struct, forbid_unknown_fields=True):
    """A balance to set, minor units."""

    balance: int


class Switches(Struct, forbid_unknown_fields=True):
    """Faults to switch; what is not named goes back to its rest."""

    submit: SubmitFault = "ok"
    receipt: ReceiptFault = "ok"
    mo: MoFault = "once"
    charging: str = "ok"
    delay: str | int | float = 0
    """An ISO 8601 duration, or seconds."""


CHARGING_MODES: Final = ("ok", "refuse", "silent", "late", "twice")


def faces_routes(faces: "Faces") -> list[Route]:
    """The faces' paths."""
    return [
        Route("/sim/messages", answering(faces.messages), methods=["GET", "POST", "DELETE"]),
        Route("/sim/ussd", answering(faces.ussd), methods=["GET", "POST", "DELETE"]),
        Route("/sim/clock", answering(faces.clock), methods=["GET", "POST"]),
        Route("/sim/settle", answering(faces.settle), methods=["POST"]),
        Route("/sim/accounts", answering(faces.accounts), methods=["GET", "PUT"]),
        Route("/sim/faults", answering(faces.fault_switches), methods=["GET", "PUT"]),
    ]


def answering(
    face: Callable[[Request], Awaitable[Any]],
) -> Callable[[Request], Awaitable[Response]]:
    """Answer with a face's JSON, or with the problem that it found."""

    async def answer(request: Request) -> Response:
        try:
            refuse_foreign(request)
            return JSONResponse(await face(request))
        except BadInput as bad:
            problem = {
                "type": "about:blank",
                "title": "Bad Request",
                "status": 400,
                "detail": str(bad),
            }
            return JSONResponse(problem, 400, media_type="application/problem+json")

    return answer


def refuse_foreign(request: Request) -> None:
    """Let no other site's page change anything through somebody's browser."""
    if request.method != "GET" and is_foreign(request):
        raise BadInput("another site sent this; only programs and our own pages may")


class Faces:
    """What each path does; the page does it through the same."""

    def __init__(self, sim: Sim, duration_ms: Callable[[str], int | None]) -> None:
        """Stand for `sim`; `duration_ms` reads an ISO 8601 duration."""
        self._sim = sim
        self._duration_ms = duration_ms
        self._written_as: dict[int, set[str]] = {}

    async def messages(self, request: Request) -> dict[str, Any]:
        """Send a message, or show or forget a number's."""
        if request.method == "POST":
            return await self.send(await body_of(request, Sending))
        msisdn = self._msisdn(request)
        if request.method == "DELETE":
            self.forget(msisdn)
        return {"messages": self.thread(msisdn)}

    async def ussd(self, request: Request) -> dict[str, Any]:
        """Dial, or show or forget what a number dialled."""
        if request.method == "POST":
            return await self.ring(await body_of(request, Ringing))
        msisdn = self._msisdn(request)
        if request.method == "DELETE":
            self._sim.dialling.forget(msisdn.digits)
        return {"sessions": self.sessions(msisdn)}

    def sessions(self, msisdn: Msisdn) -> list[dict[str, Any]]:
        """All that a number dialled, and what was shown, oldest first."""
        return [dialled(one) for one in self._sim.dialling.sessions(msisdn.digits)]

    async def ring(self, wish: Ringing) -> dict[str, Any]:
        """Dial from a phone and wait until the session is over."""
        msisdn = self._sender(wish.sender)
        ring = self._sim.dialling.ring
        try:
            return dialled(await ring(msisdn.digits, wish.dial, imsi=wish.imsi))
        except KeyError as error:
            raise BadInput(f"dial: no ESME serves the code {error}") from error
        except ValueError as error:
            raise BadInput(str(error)) from error

    def thread(self, msisdn: Msisdn) -> list[dict[str, Any]]:
        """All that a number wrote and received, however it was written, oldest first."""
        shown = [one for form in self._forms(msisdn) for one in self._sim.phones.messages(form)]
        return sorted(shown, key=lambda one: str(one["at"]))

    def forget(self, msisdn: Msisdn) -> None:
        """Empty a phone's memory of messages."""
        for form in self._forms(msisdn):
            self._sim.phones.forget(form)

    async def clock(self, request: Request) -> dict[str, Any]:
        """Show the business time, or move it."""
        if request.method == "POST":
            wish = await body_of(request, Advance)
            by_ms = self._duration_ms(wish.advance)
            if by_ms is None or by_ms > MAX_ADVANCE_MS:
                raise BadInput(
                    "advance: must be an ISO 8601 duration of 400 days at most, "
                    f"is {wish.advance[:40]!r}"
                )
            await self._sim.advance(by_ms)
        return {"now": rfc3339(self._sim.now())}

    async def settle(self, request: Request) -> dict[str, Any]:  # noqa: ARG002 - a face takes its request
        """Wait until nothing is under way."""
        await self._sim.settle()
        return {"now": rfc3339(self._sim.now())}

    async def accounts(self, request: Request) -> dict[str, Any]:
        """Show an account, or set its balance."""
        msisdn = self._msisdn(request)
        if request.method == "PUT":
            wish = await body_of(request, Balance)
            if not 0 <= wish.balance <= 10**12:
                raise BadInput(f"balance: must be 0 to 10^12 minor units, is {wish.balance}")
            await self._sim.set_balance(int(msisdn), wish.balance)
        return self._sim.account(int(msisdn))

    async def fault_switches(self, request: Request) -> dict[str, Any]:
        """Show the faults, or switch them."""
        faults, charging = self._sim.faults, self._sim.charging
        if request.method == "PUT":
            wish = await body_of(request, Switches)
            delay_ms = self._delay_ms(wish.delay)
            if wish.charging not in CHARGING_MODES:
                raise BadInput(f"charging: must be one of {', '.join(CHARGING_MODES)}")
            faults.submit, faults.receipt, faults.mo = wish.submit, wish.receipt, wish.mo
            faults.delay_ms = delay_ms
            charging.switch(wish.charging)
        return {
            "submit": faults.submit,
            "receipt": faults.receipt,
            "mo": faults.mo,
            "charging": charging.mode,
            "delay": f"PT{faults.delay_ms / 1000:g}S",
        }

    def _delay_ms(self, delay: str | float) -> int:
        """How long the SMSC takes before it looks at a text."""
        if delay == "PT0S":
            return 0
        ms = self._duration_ms(delay) if isinstance(delay, str) else round(delay * 1000)
        if ms is None or not 0 <= ms <= MAX_DELAY_MS:
            raise BadInput(
                f"delay: must be an ISO 8601 duration of PT10M at most, is {str(delay)[:40]!r}"
            )
        return ms

    async def send(self, wish: Sending) -> dict[str, Any]:
        """Send from a phone and wait for the engine's answer."""
        msisdn = self._sender(wish.sender)
        if (wish.text is None) == (wish.hex is None):
            raise BadInput("text or hex: give one of them")
        if not 1 <= wish.times <= MAX_TIMES:
            raise BadInput(f"times: must be 1 to {MAX_TIMES}, is {wish.times}")
        self._written_as.setdefault(msisdn, set()).add(wish.sender)
        try:
            content = wish.text if wish.text is not None else bytes.fromhex(wish.hex or "")
            status = await self._sim.phones.send(
                wish.sender,
                wish.to,
                content,
                data_coding=wish.data_coding,
                smsc_time=time_of(wish.smsc_time),
                imsi=wish.imsi,
                times=max(wish.times, 2 if self._sim.faults.mo == "twice" else 1),
            )
        except KeyError as error:
            raise BadInput(
                f"to: no short code {wish.to[:20]!r} is bound, or no such coding"
            ) from error
        except ValueError as error:
            raise BadInput(str(error)) from error
        return {"command_status": status}

    def _sender(self, written: str) -> Msisdn:
        """Whose phone it is."""
        msisdn = parse_msisdn(written, self._sim.country_code)
        if msisdn is None:
            raise BadInput(f"from: must be a phone number, is {written[:20]!r}")
        return msisdn

    def _forms(self, msisdn: Msisdn) -> list[str]:
        """How this number has been written."""
        return sorted({msisdn.digits, *self._written_as.get(msisdn, ())})

    def _msisdn(self, request: Request) -> Msisdn:
        """The number that the query names."""
        written = request.query_params.get("msisdn", "")
        msisdn = parse_msisdn(
            written.replace(" ", "+") if written.startswith(" ") else written,
            self._sim.country_code,
        )
        if msisdn is None:
            raise BadInput(f"msisdn: must be a phone number, is {written[:20]!r}")
        return msisdn


def dialled(session: Session) -> dict[str, Any]:
    """One USSD session, as the phone had it."""
    screen = session.screen
    return {
        "dialled": session.dialled,
        "at": rfc3339(session.at),
        "screen": screen.text if screen else None,
        "is_open": session.is_open,
    }


async def body_of(request: Request, kind: type[Any]) -> Any:  # noqa: ANN401 - an instance of `kind`
    """Read a bounded JSON body; what does not fit is named by its path."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise BadInput(f"the body is longer than {MAX_BODY_BYTES} octets")
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, JSONDecodeError, UnicodeDecodeError) as error:
        raise BadInput(str(error)) from error


def time_of(text: str | None) -> int | None:
    """Read an RFC 3339 time as ms UTC."""
    if text is None:
        return None
    try:
        return int(datetime.fromisoformat(text).timestamp() * 1000)
    except ValueError as error:
        raise BadInput(f"smsc_time: must be RFC 3339 with an offset, is {text[:40]!r}") from error


def rfc3339(at: int) -> str:
    """Write a time."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds")
