"""A CAMARA gateway on a real socket: Number Recycling and SIM Swap, with the faults of a gateway.

It speaks what the published APIs do: `POST /check` with a bearer token, JSON both ways, and an
error body for what it cannot take.
"""

import asyncio
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final

from aiohttp import web

HOUR_S: Final = 3_600
SIM_HOURS_MAX: Final = 2_400


class Fault(StrEnum):
    """What the gateway does instead of answering."""

    NONE = "none"
    ERROR = "error"
    SILENT = "silent"
    CUT = "cut"
    HUGE = "huge"
    GARBAGE = "garbage"
    REDIRECT = "redirect"


class CamaraGateway:
    """Knows when numbers were recycled and SIMs swapped; `fault` makes it misbehave."""

    def __init__(self, token: str) -> None:
        """Take this bearer token and no other."""
        self.fault = Fault.NONE
        self.recycled: dict[str, date] = {}
        """On which day each number was given to somebody else."""
        self.swapped: dict[str, datetime] = {}
        """When each number's SIM was swapped."""
        self.foreign: set[str] = set()
        """Numbers of other networks, for the operator's own question."""
        self.asked: list[tuple[str, dict[str, Any]]] = []
        """Every question: its path and its body."""
        self.url = ""
        self._token = token
        self._runner: web.AppRunner | None = None
        self._gone = asyncio.Event()

    async def start(self) -> None:
        """Listen on a free port."""
        application = web.Application()
        application.router.add_post("/number-recycling/check", self._recycling)
        application.router.add_post("/sim-swap/check", self._sim_swap)
        application.router.add_post("/ownership", self._ownership)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"

    async def stop(self) -> None:
        """Stop listening, and leave whoever is kept waiting."""
        self._gone.set()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _recycling(self, request: web.Request) -> web.StreamResponse:
        body, refusal = await self._heard(request, "specifiedDate", str)
        if refusal is not None:
            return refusal
        given = self.recycled.get(body["phoneNumber"])
        since = date.fromisoformat(body["specifiedDate"])
        answer = {"phoneNumberRecycled": given is not None and given >= since}
        return web.json_response(answer)

    async def _sim_swap(self, request: web.Request) -> web.StreamResponse:
        body, refusal = await self._heard(request, "maxAge", int)
        if refusal is not None:
            return refusal
        if not 1 <= body["maxAge"] <= SIM_HOURS_MAX:
            return error(400, "OUT_OF_RANGE")
        swapped = self.swapped.get(body["phoneNumber"])
        age_s = None if swapped is None else (datetime.now(UTC) - swapped).total_seconds()
        return web.json_response({"swapped": age_s is not None and age_s < body["maxAge"] * HOUR_S})

    async def _ownership(self, request: web.Request) -> web.StreamResponse:
        body, refusal = await self._heard(request, "phoneNumber", str)
        if refusal is not None:
            return refusal
        return web.json_response({"ours": body["phoneNumber"] not in self.foreign})

    async def _heard(
        self, request: web.Request, key: str, kind: type
    ) -> tuple[dict[str, Any], web.StreamResponse | None]:
        """The body of a question that may be answered; else how it is refused."""
        body = await request.json()
        self.asked.append((request.path, body))
        if request.headers.get("Authorization") != f"Bearer {self._token}":
            return body, error(401, "UNAUTHENTICATED")
        written = str(body.get("phoneNumber", ""))
        if not written.startswith("+") or not isinstance(body.get(key), kind):
            return body, error(400, "INVALID_ARGUMENT")
        return body, await self._faulty(request)

    async def _faulty(self, request: web.Request) -> web.StreamResponse | None:
        """Do what the fault says; None: answer."""
        match self.fault:
            case Fault.NONE:
                return None
            case Fault.ERROR:
                return error(503, "UNAVAILABLE")
            case Fault.SILENT:
                await self._gone.wait()
                return error(503, "UNAVAILABLE")
            case Fault.CUT:
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            case Fault.HUGE:
                return web.Response(body=b" " * 1_000_000, content_type="application/json")
            case Fault.GARBAGE:
                return web.Response(text="<html>", content_type="application/json")
            case Fault.REDIRECT:
                return web.Response(status=307, headers={"Location": "http://127.0.0.1:9/"})


def error(status: int, code: str) -> web.Response:
    """An error as CAMARA writes it."""
    body = {"status": status, "code": code, "message": code.replace("_", " ").capitalize()}
    return web.json_response(body, status=status)
