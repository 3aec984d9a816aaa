"""What stands around every call: an id, a bound on the body, headers, and an answer to any fault.

A body is read whole before anything looks at it, so that no half of one is ever acted on.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Protocol

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from twofold.api.problems import Fault, Problem

MAX_BODY_BYTES: Final = 16_384
BODY_WITHIN_S: Final = 10.0
"""Who takes longer than this to send a body is given up."""

HEADERS: Final = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)

MINUTE_S: Final = 60.0
BAD_TOKENS_A_MINUTE: Final = 30
ADDRESSES_MAX: Final = 1_024


class Counts(Protocol):
    """Is told how calls went."""

    def fail(self, request_id: str, error: Exception) -> None:
        """A call failed by a fault of ours, or because the store is away."""

    def answered(self, status: int) -> None:
        """A call was answered."""


class Gone(Exception):
    """The caller went away before its body was whole: nothing of it is acted on."""


class BadTokens:
    """Counts calls without a valid token by address; who has one is never slowed down by that."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        """Begin with nobody."""
        self.total = 0
        self._now_s = now_s
        self._seen: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def note(self, address: str) -> None:
        """Count one; raises the problem of too many from one address in a minute."""
        self.total += 1
        now_s = self._now_s()
        since_s, count = self._seen.pop(address, (now_s, 0))
        if now_s - since_s >= MINUTE_S:
            since_s, count = now_s, 0
        self._seen[address] = (since_s, count + 1)
        if len(self._seen) > ADDRESSES_MAX:
            self._seen.popitem(last=False)
        if count >= BAD_TOKENS_A_MINUTE:
            raise Problem(Fault.TOO_MANY_BAD_TOKENS)


class Guard:
    """Wraps the application."""

    def __init__(self, app: ASGIApp, next_id: Callable[[], str], counts: Counts) -> None:
        """Guard `app`; `next_id` names each call."""
        self._app = app
        self._next_id = next_id
        self._counts = counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        if scope["type"] != "http":
            return
        request_id = self._next_id()
        scope["state"] = {"request_id": request_id}
        sent = Sent(send, request_id, self._counts)
        try:
            await self._app(scope, Replay(await read_body(receive), receive), sent)
        except Gone:
            return
        except Problem as problem:
            await problem.answer(request_id)(scope, receive, sent)
        except Exception as error:  # noqa: BLE001 - whatever happens, the caller gets one shape
            # The application has answered already; what it raised is for the log.
            self._counts.fail(request_id, error)


class Sent:
    """Passes a response on with the headers of all of them."""

    def __init__(self, send: Send, request_id: str, counts: Counts) -> None:
        self._counts = counts
        self._send = send
        self._request_id = request_id.encode()

    async def __call__(self, message: Message) -> None:
        """Pass one message on."""
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", ()), *HEADERS, (b"x-request-id", self._request_id)]
            message = {**message, "headers": headers}
            self._counts.answered(message["status"])
        await self._send(message)


class Replay:
    """Gives a body that was read already, then whatever else comes."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        """Give the next message."""
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


async def read_body(receive: Receive) -> bytes:
    """Read a body whole; raises the problem of one that is too long, or comes too slowly."""
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            return await read_parts(receive)
    except TimeoutError:
        detail = f"A body must be here {BODY_WITHIN_S:.0f} s after its head."
        raise Problem(Fault.BODY_TOO_SLOW, detail) from None


async def read_parts(receive: Receive) -> bytes:
    """Read all that comes, up to the bound."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        body += bytes(message.get("body", b""))
        if len(body) > MAX_BODY_BYTES:
            raise Problem(Fault.BODY_TOO_LARGE, f"It may have {MAX_BODY_BYTES} bytes.")
        if not message.get("more_body", False):
            return body
